//! Who may be let go by whom: letting somebody leave stops his account, so ranks hold here as for passwords.

use journal::Standing;
use kernel::{PersonId, Refusal};
use organisation::{Going, Keeper};
use storage::{StorageError, Tx, params};

use crate::{permission::names, roles::Role};

/// Nobody lets himself go, nor anybody of his own rank or a higher one, nor the last working administrator of a kind.
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
        for role in ADMINISTRATORS.into_iter().filter(|role| going == Going::Leave && held.contains(role)) {
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

/// Accounts of other people that hold the role and work: not suspended, and their person is still here.
pub(crate) fn other_holders(tx: &mut Tx, role: Role, person: PersonId) -> Result<i64, StorageError> {
    tx.count(
        "SELECT count(*) FROM account a JOIN account_grant g ON g.account_id = a.id
         JOIN person p ON p.id = a.person_id
         WHERE g.role = ?1 AND a.suspended = FALSE AND p.active = TRUE AND a.person_id <> ?2",
        params![role.name(), person],
    )
}
