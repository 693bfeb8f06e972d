//! What pages read of cases and clarifications.

mod due;
mod filter;
mod list;

use access::{Scope, Viewer};
use hazard::query::{OpenSpans, open_spans};
use journal::{Recorded, events_of_stream};
use kernel::{Problem, StreamId, UnitId};
use serde::de::DeserializeOwned;
use storage::{Param, Row, StorageError, Tx, params};
use supervision::Number;

use crate::{
    case::{CaseState, spans},
    clarification::ClarificationState,
};

pub use due::{DueRow, due_for};
pub use filter::{Filter, Which, WhichClarifications};
pub use list::{
    CaseCounts, CaseRow, ClarificationRow, case_counts, cases, cases_of_hazard, clarification_stages,
    clarifications, clarifications_of_hazard, units, years,
};

/// A number from two columns beside each other.
pub(crate) fn number(row: &Row<'_>, first: usize) -> Result<Number, StorageError> {
    Ok(Number {
        year: i16::try_from(row.int(first)?).unwrap_or(0),
        serial: u32::try_from(row.int(first + 1)?).unwrap_or(0),
    })
}

/// The same where it may not be given yet.
fn opt_number(row: &Row<'_>, first: usize) -> Result<Option<Number>, StorageError> {
    if row.opt_int(first)?.is_none() { Ok(None) } else { number(row, first).map(Some) }
}

/// A record as it stands, with its version and its history.
#[derive(Clone, Debug)]
pub struct Record<S> {
    /// The stream.
    pub id: StreamId,
    /// As it stands.
    pub state: S,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first, without personal parts.
    pub events: Vec<Recorded>,
}

fn state<S: DeserializeOwned>(
    tx: &mut Tx,
    table: &'static str,
    id: StreamId,
) -> Result<Option<(S, u64)>, StorageError> {
    let found =
        tx.first(&format!("SELECT state, version FROM {table} WHERE id = ?1"), params![id], |row| {
            Ok((row.text(0)?, row.int(1)?))
        })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("{table} {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// A case as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn case_state(tx: &mut Tx, id: StreamId) -> Result<Option<(CaseState, u64)>, StorageError> {
    state(tx, "accountability", id)
}

/// A clarification as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn clarification_state(
    tx: &mut Tx,
    id: StreamId,
) -> Result<Option<(ClarificationState, u64)>, StorageError> {
    state(tx, "clarification", id)
}

/// A case with its history, if the viewer may see it; what he may not see is not there.
///
/// # Errors
/// [`Problem::NotFound`]; whatever the database answers.
pub fn visible_case(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<Record<CaseState>, Problem> {
    let (state, version) = case_state(tx, id)?.ok_or(Problem::NotFound)?;
    if !sees_case(tx, viewer, &state)? {
        return Err(Problem::NotFound);
    }
    Ok(Record { id, state, version, events: events_of_stream(tx, id, None)? })
}

/// A clarification with its history, if the viewer may see it.
///
/// # Errors
/// [`Problem::NotFound`]; whatever the database answers.
pub fn visible_clarification(
    tx: &mut Tx,
    viewer: &Viewer,
    id: StreamId,
) -> Result<Record<ClarificationState>, Problem> {
    let (state, version) = clarification_state(tx, id)?.ok_or(Problem::NotFound)?;
    if !sees_clarification(tx, viewer, &state)? {
        return Err(Problem::NotFound);
    }
    Ok(Record { id, state, version, events: events_of_stream(tx, id, None)? })
}

/// Units whose side the viewer is: those at which he himself holds a role that sees cases. Whoever is above a unit is
/// not that unit.
pub(crate) fn own_units(viewer: &Viewer) -> Vec<UnitId> {
    let sees = viewer.grants.iter().filter(|grant| grant.held.role.permissions().has("accountability.view"));
    let mut units: Vec<UnitId> = sees.map(|grant| grant.held.unit).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// The county's office and leaders see all of the county's; each side sees its own.
pub(crate) fn sees_case(tx: &mut Tx, viewer: &Viewer, state: &CaseState) -> Result<bool, StorageError> {
    let own = own_units(viewer);
    let is_side = state.sides.iter().any(|one| own.contains(&one.side.unit));
    Ok(is_side || viewer.may_over(tx, "accountability.county", state.unit)?)
}

pub(crate) fn sees_clarification(
    tx: &mut Tx,
    viewer: &Viewer,
    state: &ClarificationState,
) -> Result<bool, StorageError> {
    let own = own_units(viewer).contains(&state.unit);
    let over = viewer.permissions_over(tx, state.unit)?;
    // Who may ask for a school also reads what was answered.
    Ok(own || over.has("accountability.county") || over.has("clarification.ask"))
}

/// The same as a condition on the rows, with its parameters numbered from `first`.
fn seen_by(viewer: &Viewer, of: Kind, first: usize) -> (String, Vec<Param<'static>>) {
    let scope: Scope = viewer.scope("accountability.county");
    let (county, mut params) = scope.condition("r.unit_id", first);
    let mut any = vec![county];
    let own: Vec<String> = own_units(viewer)
        .into_iter()
        .map(|unit| {
            params.push(Param::from(unit));
            format!("?{}", first + params.len() - 1)
        })
        .collect();
    if !own.is_empty() {
        any.push(match of {
            Kind::Case => format!(
                "r.id IN (SELECT s.case_id FROM accountability_side s WHERE s.unit_id IN ({}))",
                own.join(", ")
            ),
            Kind::Clarification => format!("r.unit_id IN ({})", own.join(", ")),
        });
    }
    if of == Kind::Clarification {
        let asking = viewer.scope("clarification.ask");
        let (asking, more) = asking.condition("r.unit_id", first + params.len());
        any.push(asking);
        params.extend(more);
    }
    (format!("({})", any.join(" OR ")), params)
}

/// Which of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 责任追究
    Case,
    /// 情况澄清
    Clarification,
}

impl Kind {
    const fn table(self) -> &'static str {
        match self {
            Self::Case => "accountability",
            Self::Clarification => "clarification",
        }
    }

    const fn begun(self) -> &'static str {
        match self {
            Self::Case => "opened_at",
            Self::Clarification => "begun_at",
        }
    }
}

/// A photo belongs to the case.
pub(crate) fn has_photo(tx: &mut Tx, id: StreamId, hash: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM accountability_photo WHERE case_id = ?1 AND hash = ?2";
    Ok(tx.count(sql, params![id, hash])? > 0)
}

/// Deadlines of cases, as [`hazard::query::running`] has those of hazards.
///
/// # Errors
/// Whatever the database answers.
pub fn running(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(tx, ("accountability", "TRUE"), after, most, |state: &CaseState| {
        let spans = spans(state).into_iter().map(|span| (span.started, span.due.clone())).collect();
        (state.unit, state.number.to_string(), spans)
    })
}

/// Deadlines of clarifications that are asked for.
///
/// # Errors
/// Whatever the database answers.
pub fn running_clarifications(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(tx, ("clarification", "TRUE"), after, most, |state: &ClarificationState| {
        let due = state.answer.as_ref().filter(|_| state.code().is_running());
        let spans = due.map(|due| (state.begun_at, due.clone())).into_iter().collect();
        (state.unit, state.hazard_number.to_string(), spans)
    })
}
