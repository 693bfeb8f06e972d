//! What pages read of reports.

mod list;

use access::Viewer;
use hazard::query::{OpenSpans, open_spans};
use journal::{Recorded, events_of_stream};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use storage::{Param, Row, StorageError, Tx, params};

use crate::{clocks, state::PublicReportState};

pub(crate) use list::choices;
pub use list::{ReportFilter, ReportRow, Which, counted, of_hazard, rows};

/// A report with its history.
#[derive(Clone, Debug)]
pub struct PublicReportRecord {
    /// The report.
    pub id: StreamId,
    /// As it stands.
    pub state: PublicReportState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first.
    pub events: Vec<Recorded>,
    /// What the viewer may do there.
    pub may: access::PermissionSet,
}

/// A report as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn state(tx: &mut Tx, id: StreamId) -> Result<Option<(PublicReportState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM public_report WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("report {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// Times to answer that run, as [`hazard::query::running`] has the deadlines of hazards.
///
/// # Errors
/// Whatever the database answers.
pub fn running(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(tx, ("public_report", "turn_act IS NOT NULL"), after, most, |state: &PublicReportState| {
        let span = clocks::answering(state).map(|span| (span.started, span.due.clone()));
        (state.unit, state.number.to_string(), span.into_iter().collect())
    })
}

/// A report with its history, if the viewer may see it; what he may not see is not there.
///
/// # Errors
/// [`Problem::NotFound`], or whatever the database answers.
pub fn visible(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<PublicReportRecord, Problem> {
    let (state, version) = state(tx, id)?.ok_or(Problem::NotFound)?;
    let may = viewer.permissions_over(tx, state.unit)?;
    if !may.has(access::names::REPORT_VIEW) {
        return Err(Problem::NotFound);
    }
    let events = events_of_stream(tx, id, None)?;
    Ok(PublicReportRecord { id, state, version, events, may })
}

/// A photo belongs to the report.
///
/// # Errors
/// Whatever the database answers.
pub fn has_photo(tx: &mut Tx, id: StreamId, hash: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM public_report_photo WHERE report_id = ?1 AND hash = ?2";
    Ok(tx.count(sql, params![id, hash])? > 0)
}

/// Something that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The report.
    pub id: StreamId,
    /// The school.
    pub unit_name: String,
    /// The place.
    pub place: String,
    /// What was reported.
    pub title: String,
    /// From when the time to answer is counted.
    pub since: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// The viewer himself answers; otherwise he sees to it that somebody does.
    pub own: bool,
}

fn due_row(row: &Row<'_>, own: bool) -> Result<DueRow, StorageError> {
    Ok(DueRow {
        id: row.id(0)?,
        unit_name: row.text(1)?,
        place: row.text(2)?,
        title: row.text(3)?,
        since: row.time(4)?,
        due_at: row.time(5)?,
        own,
    })
}

const DUE: &str =
    "SELECT r.id, r.unit_name, r.place_name, r.title, r.turn_since, r.turn_due FROM public_report r
    WHERE r.turn_act = 'answer'";

/// What waits for the viewer's answer: at the units he works for, and at those that have nobody and are run from there.
/// After its time it stands with whoever is above too: the central school and the county.
///
/// # Errors
/// Whatever the database answers.
pub fn due_for(tx: &mut Tx, viewer: &Viewer, now: Timestamp) -> Result<Vec<DueRow>, StorageError> {
    let mut found: Vec<DueRow> = Vec::new();
    for unit in answered_by(tx, viewer)? {
        let sql = format!("{DUE} AND r.unit_id = ?1 ORDER BY r.turn_due, r.id LIMIT ?2");
        found.extend(tx.query(&sql, params![unit, limits::REPORTS], |row| due_row(row, true))?);
    }
    let (above, mut params) = overdue_scope(viewer);
    params.push(Param::from(now));
    params.push(Param::from(limits::REPORTS));
    let (now, most) = (params.len() - 1, params.len());
    let sql = format!("{DUE} AND {above} AND r.turn_due < ?{now} ORDER BY r.turn_due, r.id LIMIT ?{most}");
    found.extend(tx.query(&sql, &params, |row| due_row(row, false))?);
    found.sort_by_key(|row| (row.due_at, row.id, !row.own));
    found.dedup_by_key(|row| row.id);
    found.truncate(limits::REPORTS);
    Ok(found)
}

/// The units at which the viewer's own role answers, and those below them where nobody could.
fn answered_by(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<UnitId>, StorageError> {
    let answers = access::names::REPORT_ANSWER;
    let giving = viewer.grants.iter().filter(|grant| grant.held.role.permissions().has(answers));
    let mut units: Vec<UnitId> = giving.map(|grant| grant.held.unit).collect();
    units.sort_unstable();
    units.dedup();
    let mut all = units.clone();
    for unit in units {
        for left in access::units_without(tx, unit, answers)? {
            if viewer.may_over(tx, answers, left)? {
                all.push(left);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Where the viewer sees to it that an answer comes.
fn overdue_scope(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    let (answers, mut params) = viewer.scope(access::names::REPORT_ANSWER).condition("r.unit_id", 1);
    let (oversees, more) =
        viewer.scope(access::names::REPORT_OVERSEE).condition("r.unit_id", params.len() + 1);
    params.extend(more);
    (format!("({answers} OR {oversees})"), params)
}
