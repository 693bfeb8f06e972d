//! Looking units up.

use std::collections::HashMap;

use kernel::UnitId;
use storage::{Row, StorageError, Tx, in_lists, params, search};

use super::{UnitKind, UnitState};

/// The first serial of local codes that is free in a county, given by the six digits of its code.
///
/// # Errors
/// Whatever the database answers.
pub fn free_local_serial(tx: &mut Tx, county: &str) -> Result<u32, StorageError> {
    let (from, to) = (format!("L{county}"), format!("L{county}~"));
    let last = tx.first(
        "SELECT code FROM unit WHERE code > ?1 AND code < ?2 ORDER BY code DESC LIMIT 1",
        params![&from, &to],
        |row| row.text(0),
    )?;
    let serial =
        last.as_deref().and_then(|code| code.get(7..12)).and_then(|serial| serial.parse::<u32>().ok());
    Ok(serial.map_or(1, |serial| serial.saturating_add(1)))
}

/// What a list or a heading needs of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitBrief {
    /// The unit.
    pub id: UnitId,
    /// Its code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Names from the top down to it.
    pub path: String,
}

const BRIEF: &str = "id, code, name, kind, path";

fn brief(row: &Row<'_>) -> Result<UnitBrief, StorageError> {
    let kind = row.text(3)?;
    Ok(UnitBrief {
        id: row.id(0)?,
        code: row.text(1)?,
        name: row.text(2)?,
        kind: UnitKind::named(&kind)
            .ok_or_else(|| StorageError::Other(format!("unit kind {kind} is unknown")))?,
        path: row.text(4)?,
    })
}

/// One unit.
///
/// # Errors
/// Whatever the database answers.
pub fn unit_brief(tx: &mut Tx, id: UnitId) -> Result<Option<UnitBrief>, StorageError> {
    tx.first(&format!("SELECT {BRIEF} FROM unit WHERE id = ?1"), params![id], brief)
}

/// The names of units as they are now; one that is not known is missing.
///
/// # Errors
/// Whatever the database answers.
pub fn unit_names(tx: &mut Tx, units: &[UnitId]) -> Result<HashMap<UnitId, String>, StorageError> {
    let mut wanted = units.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut names = HashMap::with_capacity(wanted.len());
    for (marks, values) in in_lists(&wanted) {
        let sql = format!("SELECT id, name FROM unit WHERE id IN ({marks})");
        names.extend(tx.query(&sql, &values, |row| Ok((row.id::<UnitId>(0)?, row.text(1)?)))?);
    }
    Ok(names)
}

/// The unit with a code.
///
/// # Errors
/// Whatever the database answers.
pub fn unit_by_code(tx: &mut Tx, code: &str) -> Result<Option<UnitBrief>, StorageError> {
    tx.first(&format!("SELECT {BRIEF} FROM unit WHERE code = ?1"), params![code], brief)
}

/// All of a unit.
///
/// # Errors
/// Whatever the database answers.
pub fn unit_state(tx: &mut Tx, id: UnitId) -> Result<Option<(UnitState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM unit WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("unit {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// Units below `scope` on a line whose name or code matches, institutions first by code.
///
/// # Errors
/// Whatever the database answers.
pub fn units_named(
    tx: &mut Tx,
    scope: UnitId,
    line: crate::Line,
    query: &str,
    limit: usize,
) -> Result<Vec<UnitBrief>, StorageError> {
    let condition = search::condition(tx.dialect(), "unit_search", "u.number", 4, query);
    let (matching, words) = condition.unwrap_or_else(|| ("?4 = ''".to_owned(), String::new()));
    let sql = format!(
        "SELECT u.id, u.code, u.name, u.kind, u.path FROM unit u
         JOIN unit_scope s ON s.unit_id = u.id AND s.ancestor_id = ?1 AND s.line = ?2
         WHERE {matching} AND u.closed_on IS NULL ORDER BY u.code LIMIT ?3"
    );
    tx.query(&sql, params![scope, line.name(), limit, &words], brief)
}
