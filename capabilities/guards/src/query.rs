//! What pages and decisions read of campuses, guards, kit and reports.

mod kit;
mod places;
mod reports;
mod roster;

use kernel::{Date, UnitId};
use rules::RuleBook;
use storage::{Row, StorageError, Tx, params};

pub(crate) use self::reports::next_number;
pub use self::{
    kit::{KitRow, kits},
    places::{campuses, places},
    reports::{ReportFilter, ReportLine, ReportRow, ReportSeen, lines, report, reports, years},
    roster::{GuardRow, guard_of, roster},
};
use crate::{
    choice::{ChoiceState, choice_of, usual},
    gate::{GateState, gate_of},
    staffing::{Place, Variant},
};

/// A day as tables keep it.
fn day(row: &Row<'_>, column: usize) -> Result<Option<Date>, StorageError> {
    Ok(row.opt_text(column)?.and_then(|text| text.parse().ok()))
}

fn state<S: serde::de::DeserializeOwned>(
    tx: &mut Tx,
    table: &'static str,
    id: kernel::StreamId,
) -> Result<Option<(S, u64)>, StorageError> {
    let sql = format!("SELECT state, version FROM {table} WHERE id = ?1");
    let found = tx.first(&sql, params![id], |row| Ok((row.text(0)?, row.int(1)?)))?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("{table} {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// The gate of a school as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn gate(tx: &mut Tx, unit: UnitId) -> Result<Option<(GateState, u64)>, StorageError> {
    state(tx, "gate", gate_of(unit))
}

/// What a county chose, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn choice(tx: &mut Tx, county: UnitId) -> Result<Option<(ChoiceState, u64)>, StorageError> {
    state(tx, "guard_standard", choice_of(county))
}

/// What is in force in a county on a day; by the rules where nobody chose.
///
/// # Errors
/// Whatever the database answers.
pub fn chosen(
    tx: &mut Tx,
    rules: &RuleBook,
    county: Option<UnitId>,
    on: Date,
) -> Result<Option<Variant>, StorageError> {
    let choice = match county {
        Some(county) => choice(tx, county)?,
        None => None,
    };
    let own = choice.as_ref().and_then(|(state, _)| state.on(on)).map(|choice| choice.variant.clone());
    Ok(own.or_else(|| usual(rules, on)))
}

/// Every campus of a county.
///
/// # Errors
/// Whatever the database answers.
pub(crate) fn places_of_county(tx: &mut Tx, county: UnitId) -> Result<Vec<Place>, StorageError> {
    let root = |line| access::Root { unit: county, line: Some(line) };
    let lines = [organisation::Line::Management, organisation::Line::Territory];
    places(tx, &access::Scope::Units(lines.map(root).to_vec()))
}
