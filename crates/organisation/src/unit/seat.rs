//! Where a unit stands in the tree, for whoever writes down whose business something was.

use kernel::UnitId;
use storage::{Question, StorageError, Tx, params};
use uuid::Uuid;

use super::UnitKind;
use crate::{Ancestor, Line, ancestors};

/// A unit as it stands in the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// Children are there.
    pub institution: bool,
    /// It is closed.
    pub closed: bool,
    /// The township it lies in.
    pub township: Option<UnitId>,
    /// The central school that runs it.
    pub central: Option<UnitId>,
    /// The county.
    pub county: Option<UnitId>,
}

/// Where a unit stands; nothing when there is no such unit.
///
/// # Errors
/// Whatever the database answers.
pub fn seat(tx: &mut Tx, unit: UnitId) -> Result<Option<Seat>, StorageError> {
    let question = Question {
        name: "seat of unit",
        of: [unit.0, Uuid::nil(), Uuid::nil()],
        tables: &["unit", "unit_scope"],
    };
    Ok(*tx.remembered(&question, |tx| read(tx, unit))?)
}

fn read(tx: &mut Tx, unit: UnitId) -> Result<Option<Seat>, StorageError> {
    let found = tx.first("SELECT kind, closed_on FROM unit WHERE id = ?1", params![unit], |row| {
        Ok((row.text(0)?, row.opt_text(1)?))
    })?;
    let Some((kind, closed)) = found else { return Ok(None) };
    let management = ancestors(tx, unit, Line::Management)?;
    let territory = ancestors(tx, unit, Line::Territory)?;
    let nearest = |above: &[Ancestor], kind: UnitKind| {
        above.iter().find(|a| a.kind == kind && a.id != unit).map(|a| a.id)
    };
    Ok(Some(Seat {
        institution: UnitKind::named(&kind).is_some_and(UnitKind::is_institution),
        closed: closed.is_some(),
        township: nearest(&territory, UnitKind::Township),
        central: nearest(&management, UnitKind::CentralSchool),
        county: nearest(&management, UnitKind::County).or_else(|| nearest(&territory, UnitKind::County)),
    }))
}
