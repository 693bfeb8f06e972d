//! Lists of accounts, in the order of their logins.

use kernel::{Timestamp, UnitId};
use storage::{Param, StorageError, Tx};

use super::{AccountBrief, AccountState, HeldRole};
use crate::{roles::Role, secret::CodeKind};

/// What a list of accounts is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Only accounts that belong to this unit.
    pub unit: Option<UnitId>,
    /// Only accounts that hold this role somewhere.
    pub role: Option<Role>,
    /// Suspended ones, or those that work.
    pub suspended: Option<bool>,
    /// Part of the login.
    pub query: String,
    /// Logins after this one.
    pub after: String,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Which account.
    pub brief: AccountBrief,
    /// The unit it belongs to.
    pub home_name: String,
    /// What was given to it.
    pub grants: Vec<HeldRole>,
    /// Until when a printed slip is good that was not used yet.
    pub slip_until: Option<Timestamp>,
    /// The last request of any of its sessions that are still known.
    pub last_seen: Option<Timestamp>,
}

/// `scope` is a condition on `a.home_id` whose parameters are numbered from 1.
fn conditions<'p>(
    scope: &'p (String, Vec<Param<'static>>),
    filter: &'p AccountFilter,
    part: &'p mut String,
) -> (String, Vec<Param<'p>>) {
    let mut params: Vec<Param<'p>> = scope.1.clone();
    let mut parts = vec![scope.0.clone()];
    if let Some(unit) = filter.unit {
        params.push(Param::from(unit));
        parts.push(format!("a.home_id = ?{}", params.len()));
    }
    if let Some(role) = filter.role {
        params.push(Param::from(role.name()));
        parts.push(format!("a.id IN (SELECT account_id FROM account_grant WHERE role = ?{})", params.len()));
    }
    if let Some(suspended) = filter.suspended {
        params.push(Param::from(suspended));
        parts.push(format!("a.suspended = ?{}", params.len()));
    }
    // Letters, digits and the signs of a login; `_` stands for any one character, which finds it too.
    let typed = filter.query.trim().to_ascii_lowercase();
    let known: String = typed.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    if !typed.is_empty() {
        *part = if known.is_empty() { "\u{1}".to_owned() } else { format!("%{known}%") };
        params.push(Param::Text(part));
        parts.push(format!("a.login LIKE ?{}", params.len()));
    }
    (parts.join(" AND "), params)
}

/// Up to `limit` accounts, by login, after the filter's cursor. `scope` is a condition on `a.home_id` with its
/// parameters numbered from 1.
///
/// # Errors
/// Whatever the database answers.
pub fn accounts_listed(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &AccountFilter,
    limit: usize,
) -> Result<Vec<AccountRow>, StorageError> {
    let mut part = String::new();
    let (mut text, mut params) = conditions(scope, filter, &mut part);
    if !filter.after.is_empty() {
        params.push(Param::Text(&filter.after));
        text.push_str(&format!(" AND a.login > ?{}", params.len()));
    }
    params.push(Param::from(limit));
    let sql = format!(
        "SELECT a.id, a.login, a.person_id, a.home_id, a.suspended, a.state, u.name,
            (SELECT max(s.last_seen_at) FROM session s WHERE s.account_id = a.id),
            (SELECT k.hash FROM account_secret k WHERE k.account_id = a.id),
            (SELECT max(c.expires_at) FROM account_code c WHERE c.account_id = a.id AND c.kind = '{printed}')
         FROM account a LEFT JOIN unit u ON u.id = a.home_id
         WHERE {text} ORDER BY a.login LIMIT ?{}",
        params.len(),
        printed = CodeKind::Printed.name()
    );
    tx.query(&sql, &params, |row| {
        let state: AccountState = serde_json::from_str(&row.text(5)?)
            .map_err(|e| StorageError::Other(format!("an account's state: {e}")))?;
        Ok(AccountRow {
            brief: AccountBrief {
                id: row.id(0)?,
                login: row.text(1)?,
                person: row.id(2)?,
                home: row.id(3)?,
                suspended: row.bool(4)?,
                has_password: row.opt_text(8)?.is_some(),
            },
            home_name: row.opt_text(6)?.unwrap_or_default(),
            grants: state.grants.into_iter().collect(),
            slip_until: row.opt_time(9)?,
            last_seen: row.opt_time(7)?,
        })
    })
}

/// How many there are in all, whatever the cursor.
///
/// # Errors
/// Whatever the database answers.
pub fn accounts_counted(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &AccountFilter,
) -> Result<i64, StorageError> {
    let mut part = String::new();
    let (text, params) = conditions(scope, filter, &mut part);
    tx.count(&format!("SELECT count(*) FROM account a WHERE {text}"), &params)
}
