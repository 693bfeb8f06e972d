//! Saved views: filters of the list under names, each account its own.

use kernel::{ActorId, Timestamp, limits};
use storage::{StorageError, Tx, params};

use crate::pages::filter::ListQuery;

/// A filter under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedView {
    pub name: String,
    pub query: ListQuery,
}

/// What came of saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saved {
    /// It is there.
    Done,
    /// There is another of this name, and nobody said that it may go.
    Exists(Box<SavedView>),
    /// The account has as many as it may.
    TooMany,
}

/// The views of an account, by name.
pub(crate) fn all(tx: &mut Tx, account: ActorId) -> Result<Vec<SavedView>, StorageError> {
    tx.query(
        "SELECT name, filter FROM hazard_view WHERE account_id = ?1 ORDER BY name LIMIT ?2",
        params![account, limits::SAVED_VIEWS],
        |row| Ok(SavedView { name: row.text(0)?, query: ListQuery::read(&row.text(1)?) }),
    )
}

/// Saves a view, in a transaction of the writer.
pub(crate) fn save(
    tx: &mut Tx,
    account: ActorId,
    view: &SavedView,
    replace: bool,
    now: Timestamp,
) -> Result<Saved, StorageError> {
    let all = all(tx, account)?;
    match all.iter().find(|known| known.name == view.name) {
        Some(same) if same.query == view.query => return Ok(Saved::Done),
        Some(other) if !replace => return Ok(Saved::Exists(Box::new(other.clone()))),
        None if all.len() >= limits::SAVED_VIEWS => return Ok(Saved::TooMany),
        Some(_) | None => {}
    }
    tx.write(
        "INSERT INTO hazard_view (account_id, name, filter, saved_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account_id, name) DO UPDATE SET filter = excluded.filter, saved_at = excluded.saved_at",
        params![account, &view.name, &view.query.kept(), now],
    )?;
    Ok(Saved::Done)
}

/// Forgets a view.
pub(crate) fn delete(tx: &mut Tx, account: ActorId, name: &str) -> Result<(), StorageError> {
    tx.write("DELETE FROM hazard_view WHERE account_id = ?1 AND name = ?2", params![account, name])
}
