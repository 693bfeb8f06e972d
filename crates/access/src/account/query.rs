//! Looking accounts up.

use std::collections::{HashMap, HashSet};

use journal::Vault;
use kernel::{ActorId, PersonId, UnitId};
use organisation::person_names;
use storage::{Row, StorageError, Tx, in_lists, params};

use super::{AccountState, state::ERASED};
use crate::{Role, SessionKind};

/// What a list of accounts needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBrief {
    /// The account.
    pub id: ActorId,
    /// The name to sign in with.
    pub login: String,
    /// Whose it is.
    pub person: PersonId,
    /// The unit it belongs to.
    pub home: UnitId,
    /// It may do nothing.
    pub suspended: bool,
    /// Somebody has signed in with it, and has a password of his own.
    pub has_password: bool,
}

const BRIEF: &str = "SELECT id, login, person_id, home_id, suspended,
    EXISTS (SELECT 1 FROM account_secret s WHERE s.account_id = account.id AND s.hash IS NOT NULL) FROM account";

fn brief(row: &Row<'_>) -> Result<AccountBrief, StorageError> {
    Ok(AccountBrief {
        id: row.id(0)?,
        login: row.text(1)?,
        person: row.id(2)?,
        home: row.id(3)?,
        suspended: row.bool(4)?,
        has_password: row.bool(5)?,
    })
}

/// The account with a login, in whatever case it was typed; nobody signs in with one that was erased.
///
/// # Errors
/// Whatever the database answers.
pub fn account_by_login(tx: &mut Tx, login: &str) -> Result<Option<AccountBrief>, StorageError> {
    let login = login.trim().to_ascii_lowercase();
    if login.starts_with(ERASED) {
        return Ok(None);
    }
    tx.first(&format!("{BRIEF} WHERE login = ?1"), params![&login], brief)
}

/// The account of a person.
///
/// # Errors
/// Whatever the database answers.
pub fn account_of_person(tx: &mut Tx, person: PersonId) -> Result<Option<AccountBrief>, StorageError> {
    tx.first(&format!("{BRIEF} WHERE person_id = ?1"), params![person], brief)
}

/// Those of these people who have an account that is not suspended.
///
/// # Errors
/// Whatever the database answers.
pub fn people_with_account(tx: &mut Tx, people: &[PersonId]) -> Result<HashSet<PersonId>, StorageError> {
    let mut with = HashSet::new();
    for (marks, values) in in_lists(people) {
        let sql = format!("SELECT person_id FROM account WHERE suspended = FALSE AND person_id IN ({marks})");
        with.extend(tx.query(&sql, &values, |row| row.id::<PersonId>(0))?);
    }
    Ok(with)
}

/// Accounts that belong to a unit, by login.
///
/// # Errors
/// Whatever the database answers.
pub fn accounts_of_unit(tx: &mut Tx, unit: UnitId, limit: usize) -> Result<Vec<AccountBrief>, StorageError> {
    tx.query(&format!("{BRIEF} WHERE home_id = ?1 ORDER BY login LIMIT ?2"), params![unit, limit], brief)
}

/// Accounts of a unit whose telephones may be bound or are bound: those that hold the guard's role, and whoever is
/// signed in on a bound device. By login, all of them: they are few, wherever they stand among the others.
///
/// # Errors
/// Whatever the database answers.
pub fn device_holders(tx: &mut Tx, unit: UnitId) -> Result<Vec<AccountBrief>, StorageError> {
    let sql = format!(
        "{BRIEF} WHERE home_id = ?1
            AND (EXISTS (SELECT 1 FROM account_grant g WHERE g.account_id = account.id AND g.role = ?2)
            OR EXISTS (SELECT 1 FROM session s WHERE s.account_id = account.id AND s.kind = ?3
                AND s.revoked_at IS NULL))
         ORDER BY login"
    );
    tx.query(&sql, params![unit, Role::Guard.name(), SessionKind::Device.name()], brief)
}

/// All of an account with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn account_state(tx: &mut Tx, id: ActorId) -> Result<Option<(AccountState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM account WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("account {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// The names of the people behind accounts, for sentences; those who were erased are missing.
///
/// # Errors
/// Whatever the database answers.
pub fn actor_names(
    tx: &mut Tx,
    vault: &Vault,
    actors: &[ActorId],
) -> Result<HashMap<ActorId, String>, StorageError> {
    let wanted = each_once(actors);
    let mut people: Vec<(ActorId, PersonId)> = Vec::with_capacity(wanted.len());
    for (marks, values) in in_lists(&wanted) {
        let sql = format!("SELECT id, person_id FROM account WHERE id IN ({marks})");
        people.extend(tx.query(&sql, &values, |row| Ok((row.id(0)?, row.id(1)?)))?);
    }
    let ids: Vec<PersonId> = people.iter().map(|(_, person)| *person).collect();
    let names = person_names(tx, vault, &ids)?;
    Ok(people.into_iter().filter_map(|(actor, person)| Some((actor, names.get(&person)?.clone()))).collect())
}

/// The logins of accounts; empty for one that was erased, missing for one that is not known.
///
/// # Errors
/// Whatever the database answers.
pub fn actor_logins(tx: &mut Tx, actors: &[ActorId]) -> Result<HashMap<ActorId, String>, StorageError> {
    let mut logins = HashMap::new();
    for (marks, values) in in_lists(&each_once(actors)) {
        let sql = format!("SELECT id, login FROM account WHERE id IN ({marks})");
        let rows = tx.query(&sql, &values, |row| Ok((row.id::<ActorId>(0)?, row.text(1)?)))?;
        let erased = |login: String| if login.starts_with(ERASED) { String::new() } else { login };
        logins.extend(rows.into_iter().map(|(actor, login)| (actor, erased(login))));
    }
    Ok(logins)
}

/// Everybody but the platform.
fn each_once(actors: &[ActorId]) -> Vec<ActorId> {
    let mut wanted: Vec<ActorId> = actors.iter().copied().filter(|actor| !actor.is_nil()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}
