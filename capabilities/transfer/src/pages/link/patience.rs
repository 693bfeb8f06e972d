//! How often whoever has no account may ask, in memory: a load that one source makes falls on that source alone.

use access::Throttle;
use kernel::{Problem, Timestamp, hex};

/// Buckets for addresses, for addresses that open nothing, and for the forms of each link.
#[derive(Debug)]
pub struct Patience {
    by_address: Throttle,
    in_vain: Throttle,
    sending: Throttle,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // A page with its photos is a dozen requests, and an office sits behind one address.
            by_address: Throttle::new(240, Timestamp::SECOND_MS / 4),
            in_vain: Throttle::new(30, 10 * Timestamp::SECOND_MS),
            // A receipt, an answer, and the forms that were refused between them.
            sending: Throttle::new(12, 10 * Timestamp::SECOND_MS),
        }
    }
}

const fn allowed(yes: bool) -> Result<(), Problem> {
    if yes { Ok(()) } else { Err(Problem::Limit("POSTS_PER_MINUTE")) }
}

impl Patience {
    /// Any request.
    pub(super) fn asks(&self, address: &str, now: Timestamp) -> Result<(), Problem> {
        allowed(self.by_address.allow(address, now))
    }

    /// A ticket that opens nothing.
    pub(super) fn tries(&self, address: &str, now: Timestamp) -> Result<(), Problem> {
        allowed(self.in_vain.allow(address, now))
    }

    /// A form by one link, from wherever.
    pub(super) fn sends(&self, digest: &[u8; 32], now: Timestamp) -> Result<(), Problem> {
        allowed(self.sending.allow(&hex::write(digest), now))
    }
}
