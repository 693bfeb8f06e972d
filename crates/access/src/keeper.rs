//! Who may be let go by whom: letting somebody leave stops his account, moving him takes the roles of the unit he
//! leaves, so ranks hold here as for passwords.

use journal::Standing;
use kernel::{PersonId, Refusal, UnitId};
use organisation::{Ending, Going, Keeper, Line, Remains};
use storage::{Param, Question, StorageError, Tx, params};

use crate::{permission::names, roles::Role};

/// Nobody lets himself go or moves himself, nor anybody of his own rank or a higher one, nor the last working
/// administrator of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct RankKeeper;

const ADMINISTRATORS: [Role; 3] =
    [Role::SecurityAdministrator, Role::AuditAdministrator, Role::SystemAdministrator];

impl Keeper for RankKeeper {
    fn refusal(
        &self,
        tx: &mut Tx,
        person: PersonId,
        going: Going,
        standing: &Standing,
    ) -> Result<Option<Refusal>, StorageError> {
        if standing.is_system() {
            return Ok(None);
        }
        if standing.person == Some(person) {
            return Ok(Some(Refusal::new("person-leave-self")));
        }
        let held = tx.query(
            "SELECT DISTINCT g.role FROM account a JOIN account_grant g ON g.account_id = a.id
             WHERE a.person_id = ?1",
            params![person],
            |row| row.text(0),
        )?;
        let held: Vec<Role> = held.iter().filter_map(|name| Role::named(name)).collect();
        for role in ADMINISTRATORS.into_iter().filter(|role| going != Going::Return && held.contains(role)) {
            if other_holders(tx, role, person)? == 0 {
                return Ok(Some(Refusal::new("person-leave-last").with("role", role.name())));
            }
        }
        let managing = standing.grants.iter().filter_map(|grant| Role::named(&grant.role));
        let own = managing.filter(|role| role.permissions().has(names::PERSON_MANAGE)).map(Role::rank).max();
        let theirs = held.into_iter().map(Role::rank).max();
        // Without a role there is nothing to outrank.
        let below = theirs.is_none() || theirs < own;
        Ok((!below).then(|| Refusal::new("person-leave-rank")))
    }
}

/// Nobody keeps a role at a unit whose right kind cannot give it: what is granted there is withdrawn first. Closing a
/// unit takes no role away, for its past stays readable.
#[derive(Clone, Copy, Debug, Default)]
pub struct GrantedRoles;

/// Accounts that a refusal names.
const NAMED: usize = 5;

impl Remains for GrantedRoles {
    fn at(&self, tx: &mut Tx, unit: UnitId, ending: Ending) -> Result<Option<Refusal>, StorageError> {
        let Ending::Kind(kind) = ending else { return Ok(None) };
        let granted = tx.query(
            "SELECT g.role, a.login FROM account_grant g JOIN account a ON a.id = g.account_id
             WHERE g.unit_id = ?1 ORDER BY g.role, a.login",
            params![unit],
            |row| Ok((row.text(0)?, row.text(1)?)),
        )?;
        let kept = |role: &str| {
            Role::named(role).and_then(Role::entry).is_some_and(|entry| entry.kinds.contains(&kind))
        };
        let Some(role) = granted.iter().map(|(role, _)| role).find(|role| !kept(role)) else {
            return Ok(None);
        };
        let held = granted.iter().filter(|(name, _)| name == role).map(|(_, login)| login.as_str());
        let refusal = Refusal::new("unit-rekind-role")
            .with("accounts", held.take(NAMED).collect::<Vec<_>>().join(" / "))
            .with("role", role.clone())
            .with("kind", kind.name())
            .on("kind");
        Ok(Some(refusal))
    }
}

/// Somebody besides `not` works at this very unit, with an account that is open and may do this there. A post alone
/// is not enough: whoever has it must be able to sign in.
///
/// # Errors
/// Whatever the database answers.
pub fn another_may(
    tx: &mut Tx,
    unit: UnitId,
    permission: &'static str,
    not: &[PersonId],
) -> Result<bool, StorageError> {
    let [one, two] = [0, 1].map(|at| not.get(at).copied().unwrap_or(PersonId::NIL));
    // Seldom are there more than two, and then the answer is not worth remembering.
    if not.len() > 2 {
        return works_there(tx, unit, permission, not);
    }
    let question = Question {
        // No other question is called as a permission is.
        name: permission,
        of: [unit.0, one.0, two.0],
        tables: &["account", "account_grant", "person"],
    };
    Ok(*tx.remembered(&question, |tx| works_there(tx, unit, permission, not))?)
}

/// Open institutions below a unit, in management, where nobody who works there has an open account that may do this:
/// whoever runs them does it.
///
/// # Errors
/// Whatever the database answers.
pub fn units_without(
    tx: &mut Tx,
    above: UnitId,
    permission: &'static str,
) -> Result<Vec<UnitId>, StorageError> {
    let sql = format!(
        "SELECT u.id FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.line = ?2 AND u.id <> ?1 AND u.closed_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM account_grant g JOIN account a ON a.id = g.account_id JOIN person p ON p.id = a.person_id
            WHERE g.unit_id = u.id AND g.role IN ({}) AND a.suspended = FALSE AND p.active = TRUE
            AND p.unit_id = u.id)
         ORDER BY u.id",
        roles_that(permission)
    );
    tx.query(&sql, params![above, Line::Management.name()], |row| row.id(0))
}

/// The roles that may do this, as a list of a query.
fn roles_that(permission: &'static str) -> String {
    let roles = Role::ALL.iter().filter(|role| role.permissions().has(permission));
    roles.map(|role| format!("'{}'", role.name())).collect::<Vec<_>>().join(", ")
}

fn works_there(
    tx: &mut Tx,
    unit: UnitId,
    permission: &'static str,
    not: &[PersonId],
) -> Result<bool, StorageError> {
    let but: String = (0..not.len()).map(|at| format!(" AND p.id <> ?{}", at + 2)).collect();
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM account_grant g
         JOIN account a ON a.id = g.account_id JOIN person p ON p.id = a.person_id
         WHERE g.unit_id = ?1 AND g.role IN ({}) AND a.suspended = FALSE AND p.active = TRUE
         AND p.unit_id = ?1{but} LIMIT 1) AS others",
        roles_that(permission)
    );
    let params: Vec<Param<'_>> =
        std::iter::once(Param::from(unit)).chain(not.iter().map(|person| Param::from(*person))).collect();
    Ok(tx.count(&sql, &params)? > 0)
}

/// Accounts of other people that hold the role and work: not suspended, and their person is still here.
pub(crate) fn other_holders(tx: &mut Tx, role: Role, person: PersonId) -> Result<i64, StorageError> {
    tx.count(
        "SELECT count(*) FROM account a JOIN account_grant g ON g.account_id = a.id
         JOIN person p ON p.id = a.person_id
         WHERE g.role = ?1 AND a.suspended = FALSE AND p.active = TRUE AND a.person_id <> ?2",
        params![role.name(), person],
    )
}
