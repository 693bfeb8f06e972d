//! Who is above whom: the closure of the unit tree, kept for each line apart.

use kernel::UnitId;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use crate::UnitKind;

/// The two lines on which units hang, and the assignments beside them. Every scope names its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 管理线: bureau -> central school -> schools and teaching points.
    Management,
    /// 属地线: county -> township -> every institution in it.
    Territory,
    /// 对口联系: a police station or an inspector and the schools assigned to it.
    Assignment,
}

impl Line {
    /// All lines.
    pub const ALL: [Self; 3] = [Self::Management, Self::Territory, Self::Assignment];
    /// The lines on which a unit has one place at a time.
    pub const PLACED: [Self; 2] = [Self::Management, Self::Territory];

    /// The name stored in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Territory => "territory",
            Self::Assignment => "assignment",
        }
    }

    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.name() == name)
    }
}

/// A unit above another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// The unit above.
    pub id: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Steps up; 0 is the unit itself.
    pub depth: i64,
}

/// The unit itself and everything above it on a line, nearest first.
///
/// # Errors
/// Whatever the database answers.
pub fn ancestors(tx: &mut Tx, unit: UnitId, line: Line) -> Result<Vec<Ancestor>, StorageError> {
    tx.query(
        "SELECT s.ancestor_id, u.kind, u.name, s.depth FROM unit_scope s JOIN unit u ON u.id = s.ancestor_id
         WHERE s.unit_id = ?1 AND s.line = ?2 ORDER BY s.depth",
        params![unit, line.name()],
        |row| {
            let kind = row.text(1)?;
            Ok(Ancestor {
                id: row.id(0)?,
                kind: UnitKind::named(&kind)
                    .ok_or_else(|| StorageError::Other(format!("unit kind {kind} is unknown")))?,
                name: row.text(2)?,
                depth: row.int(3)?,
            })
        },
    )
}

/// True when `ancestor` is `unit` or above it on the line.
///
/// # Errors
/// Whatever the database answers.
pub fn covers(tx: &mut Tx, ancestor: UnitId, line: Line, unit: UnitId) -> Result<bool, StorageError> {
    Ok(tx
        .first(
            "SELECT 1 FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2 AND unit_id = ?3",
            params![ancestor, line.name(), unit],
            |row| row.int(0),
        )?
        .is_some())
}

/// The unit and everything below it on a line, up to `limit`.
///
/// # Errors
/// Whatever the database answers.
pub fn units_below(tx: &mut Tx, unit: UnitId, line: Line, limit: usize) -> Result<Vec<UnitId>, StorageError> {
    tx.query(
        "SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2 ORDER BY unit_id LIMIT ?3",
        params![unit, line.name(), limit],
        |row| row.id(0),
    )
}

/// How many units a scope holds, the unit itself included.
///
/// # Errors
/// Whatever the database answers.
pub fn scope_size(tx: &mut Tx, unit: UnitId, line: Line) -> Result<i64, StorageError> {
    tx.count(
        "SELECT count(*) FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2",
        params![unit, line.name()],
    )
}

/// Enters a new unit: it covers itself on every line.
pub(crate) fn enter(tx: &mut Tx, unit: UnitId) -> Result<(), StorageError> {
    for line in Line::ALL {
        tx.write(
            "INSERT INTO unit_scope (ancestor_id, line, unit_id, depth) VALUES (?1, ?2, ?1, 0)",
            params![unit, line.name()],
        )?;
    }
    Ok(())
}

/// Hangs a unit, with everything below it, under another parent on a line where it has one at a time.
pub(crate) fn hang(tx: &mut Tx, unit: UnitId, line: Line, parent: UnitId) -> Result<(), StorageError> {
    tx.write(
        "DELETE FROM unit_scope WHERE line = ?2
           AND unit_id IN (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2)
           AND ancestor_id NOT IN (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2)",
        params![unit, line.name()],
    )?;
    tx.write(
        "INSERT INTO unit_scope (ancestor_id, line, unit_id, depth)
         SELECT up.ancestor_id, ?2, down.unit_id, up.depth + down.depth + 1
         FROM unit_scope up, unit_scope down
         WHERE up.unit_id = ?3 AND up.line = ?2 AND down.ancestor_id = ?1 AND down.line = ?2",
        params![unit, line.name(), parent],
    )
}

/// Makes the pairs of a unit and of everything below it on the line of assignments again, where several units may be
/// right above one: `above` are those of the unit, and a pair at depth 1 says the same of the others.
pub(crate) fn assign(tx: &mut Tx, unit: UnitId, above: &[UnitId]) -> Result<(), StorageError> {
    let line = Line::Assignment.name();
    let below = tx.query(
        "SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line = ?2 ORDER BY unit_id",
        params![unit, line],
        |row| row.id::<UnitId>(0),
    )?;
    for each in below.iter().copied() {
        let kept = i32::from(each != unit);
        tx.write(
            "DELETE FROM unit_scope WHERE unit_id = ?1 AND line = ?2 AND depth > ?3",
            params![each, line, kept],
        )?;
    }
    for parent in above.iter().copied() {
        tx.write(
            "INSERT INTO unit_scope (ancestor_id, line, unit_id, depth) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT (ancestor_id, line, unit_id) DO NOTHING",
            params![parent, line, unit],
        )?;
    }
    // One step further each time, so that of several ways the shortest is kept; pairs are finite, so it ends.
    for depth in 1_i64.. {
        let mut found = 0;
        for each in below.iter().copied() {
            found += tx.execute(
                "INSERT INTO unit_scope (ancestor_id, line, unit_id, depth)
                 SELECT up.ancestor_id, ?2, down.unit_id, ?3 + 1
                 FROM unit_scope down JOIN unit_scope up ON up.unit_id = down.ancestor_id
                 WHERE down.unit_id = ?1 AND down.line = ?2 AND down.depth = 1 AND up.line = ?2 AND up.depth = ?3
                 ON CONFLICT (ancestor_id, line, unit_id) DO NOTHING",
                params![each, line, depth],
            )?;
        }
        if found == 0 {
            break;
        }
    }
    Ok(())
}
