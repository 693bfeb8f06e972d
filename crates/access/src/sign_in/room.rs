//! Room for rows about failed tries: whoever guesses must not fill the disk. What finds none is counted, and the next
//! row tells how many there were.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, Ordering},
};

use kernel::{ActorId, Timestamp};
use storage::{StorageError, Tx};

use crate::{
    guessing::Origin,
    limits,
    sign_in_log::{self, SignInResult},
    throttle::Throttle,
};

/// Whether a login exists makes no difference here, so a full log tells nobody either.
pub(super) struct TryRoom {
    by_network: Throttle,
    overall: Throttle,
    passed_over: AtomicI64,
}

impl TryRoom {
    pub(super) fn new() -> Self {
        Self {
            by_network: Throttle::new(limits::TRIES_WRITTEN_AT_ONCE, limits::TRY_WRITTEN_EVERY_MS),
            overall: Throttle::new(limits::ALL_TRIES_WRITTEN_AT_ONCE, limits::ANY_TRY_WRITTEN_EVERY_MS),
            passed_over: AtomicI64::new(0),
        }
    }

    /// A try that leaves no row.
    pub(super) fn pass_over(&self) {
        self.passed_over.fetch_add(1, Ordering::Relaxed);
    }

    /// Room for one row: how many before it found none.
    fn take(&self, network: &str, now: Timestamp) -> Option<i64> {
        if self.by_network.allow(network, now) && self.overall.allow("", now) {
            return Some(self.passed_over.swap(0, Ordering::Relaxed));
        }
        self.pass_over();
        None
    }
}

/// One try, which takes room once however often its work runs.
pub(super) struct Try {
    room: Arc<TryRoom>,
    from: Origin,
    taken: OnceLock<Option<i64>>,
}

impl Try {
    pub(super) fn new(room: &Arc<TryRoom>, from: &Origin) -> Self {
        Self { room: Arc::clone(room), from: from.clone(), taken: OnceLock::new() }
    }

    pub(super) fn address(&self) -> &str {
        &self.from.address
    }

    /// It failed.
    pub(super) fn failed(
        &self,
        tx: &mut Tx,
        account: Option<ActorId>,
        result: SignInResult,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        match self.taken.get_or_init(|| self.room.take(&self.from.network(), now)) {
            None => Ok(()),
            Some(passed_over) => sign_in_log::write(tx, now, result, (account, self.address()), *passed_over),
        }
    }

    /// It went well, or half of it did.
    pub(super) fn went(
        &self,
        tx: &mut Tx,
        account: ActorId,
        result: SignInResult,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        sign_in_log::write(tx, now, result, (Some(account), self.address()), 0)
    }
}
