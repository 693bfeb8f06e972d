//! What waits to be opened for many at once: people with a post and no account, and accounts without any role.

use kernel::{ActorId, PersonId, UnitId};
use organisation::{Post, UnitKind};
use storage::{Param, StorageError, Tx};

use crate::roles::{Role, table};

/// Rows looked at; a person is as many as they have posts.
const ROWS: usize = 20_000;

/// What a list of those who wait is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingFilter {
    /// This unit and whatever lies below it, on any line.
    pub below: Option<UnitId>,
    /// Only those who are proposed this role.
    pub role: Option<Role>,
}

/// Somebody who waits for an account or, with one, for roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The account, where there is one.
    pub account: Option<(ActorId, String)>,
    /// Who it is.
    pub person: PersonId,
    /// Where they belong.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// What their posts propose; never empty.
    pub roles: Vec<Role>,
}

/// People at open units who hold a post that a role is proposed for, and have no account; by code of the unit.
/// `scope` is a condition on `p.unit_id` with its parameters numbered from 1.
///
/// # Errors
/// Whatever the database answers.
pub fn people_without_account(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: WaitingFilter,
    limit: usize,
) -> Result<Vec<Waiting>, StorageError> {
    let none = "LEFT JOIN account a ON a.person_id = p.id";
    waiting(tx, scope, filter, limit, none, "a.id IS NULL")
}

/// Accounts that hold no role and never had a password of their own, whose people hold a post that a role is proposed
/// for; by code of the unit. `scope` as for [`people_without_account`].
///
/// # Errors
/// Whatever the database answers.
pub fn accounts_without_role(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: WaitingFilter,
    limit: usize,
) -> Result<Vec<Waiting>, StorageError> {
    let own = "JOIN account a ON a.person_id = p.id AND a.home_id = p.unit_id AND a.suspended = FALSE";
    let unused = "NOT EXISTS (SELECT 1 FROM account_grant g WHERE g.account_id = a.id)
         AND NOT EXISTS (SELECT 1 FROM account_secret k WHERE k.account_id = a.id AND k.hash IS NOT NULL)";
    waiting(tx, scope, filter, limit, own, unused)
}

fn waiting(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: WaitingFilter,
    limit: usize,
    accounts: &str,
    which: &str,
) -> Result<Vec<Waiting>, StorageError> {
    let mut params = scope.1.clone();
    let mut below = "TRUE".to_owned();
    if let Some(unit) = filter.below {
        params.push(Param::from(unit));
        below =
            format!("p.unit_id IN (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?{})", params.len());
    }
    params.push(Param::from(ROWS));
    let sql = format!(
        "SELECT p.id, p.unit_id, u.name, u.kind, t.post, a.id, a.login
         FROM person p JOIN unit u ON u.id = p.unit_id
            JOIN person_post t ON t.person_id = p.id AND t.unit_id = p.unit_id {accounts}
         WHERE {} AND {below} AND p.active = TRUE AND u.closed_on IS NULL AND {which}
         ORDER BY u.code, p.id, t.post LIMIT ?{}",
        scope.0,
        params.len()
    );
    let rows = tx.query(&sql, &params, |row| {
        let account = row.opt_text(6)?.map(|login| Ok::<_, StorageError>((row.id(5)?, login))).transpose()?;
        let (person, unit, unit_name) = (row.id(0)?, row.id(1)?, row.text(2)?);
        let found = Waiting { account, person, unit, unit_name, roles: Vec::new() };
        Ok((found, UnitKind::named(&row.text(3)?), Post::named(&row.text(4)?)))
    })?;
    let mut found: Vec<(Waiting, Option<UnitKind>, Vec<Post>)> = Vec::new();
    for (waiting, kind, post) in rows {
        match found.last_mut().filter(|(last, _, _)| last.person == waiting.person) {
            Some((_, _, posts)) => posts.extend(post),
            None => found.push((waiting, kind, post.into_iter().collect())),
        }
    }
    let proposed = found.into_iter().filter_map(|(waiting, kind, posts)| {
        let roles = table().proposed(&posts, kind?);
        let wanted = filter.role.map_or(!roles.is_empty(), |role| roles.contains(&role));
        wanted.then_some(Waiting { roles, ..waiting })
    });
    Ok(proposed.take(limit).collect())
}
