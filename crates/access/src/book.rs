//! The book of roles, as the writer asks it: who is the actor towards this unit?

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use journal::{Authority, Grant, Permission, Standing};
use kernel::{Actor, PersonId, UnitId};
use organisation::Line;
use storage::{Question, StorageError, Tx, params};
use uuid::Uuid;

use crate::{
    permission::{PermissionSet, names},
    roles::Role,
};

/// Combinations of permissions kept as slices; there are about as many as combinations of roles.
const INTERNED: usize = 512;

/// Answers the writer from the tables of accounts, grants and units: one query, remembered until one of them changes.
#[derive(Debug, Default)]
pub struct RoleBook {
    slices: Mutex<HashMap<PermissionSet, Arc<[Permission]>>>,
}

/// One row: the account, a grant, and one line on which the grant's unit lies above the unit in question.
struct Found {
    active: bool,
    person: PersonId,
    home: UnitId,
    path: Option<String>,
    grant: Option<(String, UnitId)>,
    line: Option<String>,
    depth: i64,
}

impl Found {
    /// The role, when its grant reaches the unit on a line of its own.
    fn reaching(&self) -> Option<(Role, UnitId)> {
        let (name, unit) = self.grant.as_ref()?;
        let role = Role::named(name)?;
        let line = Line::named(self.line.as_deref()?)?;
        let reaches = role.entry()?.extents.iter().any(|extent| extent.reaches(line, self.depth));
        reaches.then_some((role, *unit))
    }
}

// Somebody who left the service has no rights from that moment, whether or not his account was suspended.
const STANDING: &str = "
SELECT CASE WHEN a.suspended = FALSE AND p.active = TRUE THEN TRUE ELSE FALSE END,
       a.person_id, a.home_id, (SELECT u.path FROM unit u WHERE u.id = ?2), g.role, g.unit_id, s.line, s.depth
FROM account a
LEFT JOIN person p ON p.id = a.person_id
LEFT JOIN account_grant g ON g.account_id = a.id
LEFT JOIN unit_scope s ON s.ancestor_id = g.unit_id AND s.unit_id = ?2
WHERE a.id = ?1";

/// Every table of [`STANDING`].
const STANDING_TABLES: [&str; 5] = ["account", "person", "account_grant", "unit_scope", "unit"];

impl RoleBook {
    /// Nothing interned yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn slice(&self, set: PermissionSet) -> Arc<[Permission]> {
        let mut slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        if slices.len() > INTERNED {
            slices.clear();
        }
        Arc::clone(slices.entry(set).or_insert_with(|| set.iter().collect()))
    }

    fn nobody(&self, tx: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        let question =
            Question { name: "unit path", of: [unit.0, Uuid::nil(), Uuid::nil()], tables: &["unit"] };
        let path = tx.remembered(&question, |tx| {
            tx.first("SELECT path FROM unit WHERE id = ?1", params![unit], |row| row.text(0))
        })?;
        let permissions =
            if actor == Actor::SYSTEM { Arc::from(names::ALL) } else { self.slice(PermissionSet::EMPTY) };
        Ok(Standing {
            actor,
            person: None,
            home: None,
            grants: Vec::new(),
            permissions,
            unit_path: path.as_deref().unwrap_or_default().to_owned(),
        })
    }

    fn read(&self, tx: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        let rows = tx.query(STANDING, params![actor.id, unit], |row| {
            let grant = row.opt_text(4)?;
            Ok(Found {
                active: row.bool(0)?,
                person: row.id(1)?,
                home: row.id(2)?,
                path: row.opt_text(3)?,
                grant: grant.zip(row.opt_id(5)?),
                line: row.opt_text(6)?,
                depth: row.opt_int(7)?.unwrap_or(i64::MAX),
            })
        })?;
        let Some(first) = rows.first() else { return self.nobody(tx, actor, unit) };
        let mut grants: Vec<Grant> = Vec::new();
        let mut set = PermissionSet::EMPTY;
        for (role, at) in rows.iter().filter(|row| row.active).filter_map(Found::reaching) {
            let grant = Grant { role: role.name().to_owned(), unit: at };
            // The same grant shows once for every line it reaches on.
            if !grants.contains(&grant) {
                set = set.union(role.permissions());
                grants.push(grant);
            }
        }
        Ok(Standing {
            actor,
            person: first.active.then_some(first.person),
            home: first.active.then_some(first.home),
            grants,
            permissions: self.slice(set),
            unit_path: first.path.clone().unwrap_or_default(),
        })
    }
}

impl Authority for RoleBook {
    fn standing(&self, tx: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        if actor.id.is_nil() {
            return self.nobody(tx, actor, unit);
        }
        let question =
            Question { name: "standing", of: [actor.id.0, unit.0, Uuid::nil()], tables: &STANDING_TABLES };
        // A person, a device of his and his import are one account: what is remembered does not tell them apart.
        let account = Actor::person(actor.id);
        let known = tx.remembered(&question, |tx| self.read(tx, account, unit))?;
        Ok(Standing { actor, ..Standing::clone(&known) })
    }
}
