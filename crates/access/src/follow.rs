//! An account follows its person to another unit: what the old unit could act by ends in the same unit of work.

use journal::UnitOfWork;
use kernel::{ActorId, PersonId, Timestamp, UnitId};
use storage::{StorageError, Tx, params};

use crate::{Account, AccountCommand, device, secret, session};

/// Has the account of somebody who moves follow him to `home`, in the unit of work that moves him: the roles held at
/// the old unit are withdrawn; sign-ins, bound phones and links for them end; a first-password slip that was not used
/// lapses. A work that has housekeeping of its own loses it. Then call [`crate::SessionCache::bump`].
#[must_use]
pub fn account_follows(
    work: UnitOfWork,
    account: Option<ActorId>,
    (person, home): (PersonId, UnitId),
    now: Timestamp,
) -> UnitOfWork {
    let work = match account {
        Some(account) => work.ask::<Account>(account, AccountCommand::Rehome { home }),
        None => work,
    };
    work.housekeeping(move |tx| {
        nobody_stays(tx, person, home)?;
        account.map_or(Ok(()), |account| end_what_was_open(tx, account, now))
    })
}

/// An account that was opened after the page looked must not stay behind: better nobody moves, and somebody asks again.
fn nobody_stays(tx: &mut Tx, person: PersonId, home: UnitId) -> Result<(), StorageError> {
    let sql = "SELECT count(*) FROM account WHERE person_id = ?1 AND home_id <> ?2";
    if tx.count(sql, params![person, home])? == 0 {
        return Ok(());
    }
    Err(StorageError::Other(format!("person {person}: an account was opened while he moved; ask again")))
}

fn end_what_was_open(tx: &mut Tx, account: ActorId, now: Timestamp) -> Result<(), StorageError> {
    session::revoke_sessions(tx, account, None, now)?;
    device::forget_links(tx, account)?;
    secret::forget_printed_code(tx, account)
}
