//! The roster of guards.

use access::Scope;
use kernel::{PersonId, UnitId};
use storage::{StorageError, Tx, params};

use super::places::{GUARD, guard};
use crate::counting::Guard;

/// A guard with his school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardRow {
    /// The guard.
    pub guard: Guard,
    /// The school.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
}

/// Every guard in a scope, by the code of the school.
///
/// # Errors
/// Whatever the database answers.
pub fn roster(tx: &mut Tx, scope: &Scope) -> Result<Vec<GuardRow>, StorageError> {
    let (condition, params) = scope.condition("g.unit_id", 1);
    let sql = format!(
        "SELECT {GUARD}, u.name FROM guard g JOIN unit u ON u.id = g.unit_id WHERE {condition}
         ORDER BY u.code, g.person_id"
    );
    tx.query(&sql, &params, |row| {
        let (unit, guard) = guard(row)?;
        Ok(GuardRow { guard, unit, unit_name: row.text(15)? })
    })
}

/// One guard; none for somebody who is none.
///
/// # Errors
/// Whatever the database answers.
pub fn guard_of(tx: &mut Tx, person: PersonId) -> Result<Option<GuardRow>, StorageError> {
    let sql =
        format!("SELECT {GUARD}, u.name FROM guard g JOIN unit u ON u.id = g.unit_id WHERE g.person_id = ?1");
    tx.first(&sql, params![person], |row| {
        let (unit, guard) = guard(row)?;
        Ok(GuardRow { guard, unit, unit_name: row.text(15)? })
    })
}
