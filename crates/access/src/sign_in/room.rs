//! Room for rows about failed tries: whoever guesses must not fill the disk. Tries of made-up names and those of accounts
//! that exist have room of their own, so that the former hide none of the latter. What finds none is counted, and told by
//! the next row, at the latest within a minute.

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

pub(super) struct TryRoom {
    /// Of made-up names, and of all of them.
    by_network: Throttle,
    strangers: Throttle,
    /// Of accounts, and of all of them.
    by_account: Throttle,
    accounts: Throttle,
    passed_over: AtomicI64,
}

impl TryRoom {
    pub(super) fn new() -> Self {
        Self {
            by_network: Throttle::new(limits::TRIES_WRITTEN_AT_ONCE, limits::TRY_WRITTEN_EVERY_MS),
            strangers: Throttle::new(limits::ALL_TRIES_WRITTEN_AT_ONCE, limits::ANY_TRY_WRITTEN_EVERY_MS),
            by_account: Throttle::new(
                limits::ACCOUNT_TRIES_WRITTEN_AT_ONCE,
                limits::ACCOUNT_TRY_WRITTEN_EVERY_MS,
            ),
            accounts: Throttle::new(
                limits::ALL_ACCOUNT_TRIES_WRITTEN_AT_ONCE,
                limits::ANY_ACCOUNT_TRY_WRITTEN_EVERY_MS,
            ),
            passed_over: AtomicI64::new(0),
        }
    }

    /// Tries that leave no row.
    pub(super) fn pass_over(&self, tries: i64) {
        self.passed_over.fetch_add(tries, Ordering::Relaxed);
    }

    /// How many left none since this was asked last.
    pub(super) fn take_passed_over(&self) -> i64 {
        self.passed_over.swap(0, Ordering::Relaxed)
    }

    /// Room for one row: how many before it found none.
    fn take(&self, account: Option<ActorId>, network: &str, now: Timestamp) -> Option<i64> {
        let room = match account {
            Some(account) => self.by_account.allow(&account.to_string(), now) && self.accounts.allow("", now),
            None => self.by_network.allow(network, now) && self.strangers.allow("", now),
        };
        if room {
            return Some(self.take_passed_over());
        }
        self.pass_over(1);
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
        match self.taken.get_or_init(|| self.room.take(account, &self.from.network(), now)) {
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
