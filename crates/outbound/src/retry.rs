//! When something is tried again.

use kernel::limits::OUTBOUND_RETRY_MS;

/// How long to wait after so many tries in vain; `None` when it is time to give up.
pub fn retry_after(tries: u32) -> Option<i64> {
    let done = usize::try_from(tries.checked_sub(1)?).ok()?;
    OUTBOUND_RETRY_MS.get(done).copied()
}
