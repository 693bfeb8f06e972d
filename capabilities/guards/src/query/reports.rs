//! Reports and their lines.

use access::Viewer;
use journal::{Recorded, events_of_stream};
use kernel::{Problem, StreamId, Timestamp, UnitId};
use storage::{Param, StorageError, Tx, params};

use super::state;
use crate::report::{Line, Names, Number, ReportState, StageCode};

/// Who works on reports; everybody else who may see them sees those that were signed.
const WORKS: [&str; 2] = ["guards.draft", "guards.sign"];

/// A report with its history.
#[derive(Clone, Debug)]
pub struct ReportSeen {
    /// The report.
    pub id: StreamId,
    /// As it stands.
    pub state: ReportState,
    /// Its version.
    pub version: u64,
    /// What happened, oldest first.
    pub events: Vec<Recorded>,
    /// What the viewer may do over the county.
    pub may: access::PermissionSet,
}

/// A line of a report with its names.
pub type ReportLine = (Line, Names);

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// The report.
    pub id: StreamId,
    /// Where it stands.
    pub stage: StageCode,
    /// Whom it is addressed to.
    pub addressee: String,
    /// Its number; none before it was signed.
    pub number: Option<Number>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// Guards asked for, there, and lacking.
    pub sums: Option<(u32, u32, u32)>,
    /// Campuses where some are lacking.
    pub short: Option<u32>,
}

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// At this stage.
    pub stage: Option<StageCode>,
    /// Begun in this year.
    pub year: Option<i16>,
}

fn seen_by(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    let (mut any, mut params) = (Vec::new(), Vec::new());
    for permission in WORKS {
        let (condition, more) = viewer.scope(permission).condition("r.county_id", params.len() + 1);
        any.push(condition);
        params.extend(more);
    }
    let (condition, more) = viewer.scope("guards.view").condition("r.county_id", params.len() + 1);
    any.push(format!("(r.stage = 'signed' AND {condition})"));
    params.extend(more);
    (format!("({})", any.join(" OR ")), params)
}

/// What the viewer may see of the reports, newest first.
///
/// # Errors
/// Whatever the database answers.
pub fn reports(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: ReportFilter,
    most: usize,
) -> Result<Vec<ReportRow>, StorageError> {
    let (mut condition, mut params) = seen_by(viewer);
    if let Some(stage) = filter.stage {
        condition.push_str(&format!(" AND r.stage = '{}'", stage.name()));
    }
    if let Some(year) = filter.year {
        params.push(Param::from(i64::from(year)));
        condition.push_str(&format!(" AND r.begun_year = ?{}", params.len()));
    }
    let sql = format!(
        "SELECT r.id, r.stage, r.addressee, r.year, r.serial, r.begun_at, r.signed_at, r.required, r.evidenced,
            r.lacking, r.schools
         FROM guard_report r WHERE {condition} ORDER BY r.begun_at DESC, r.id LIMIT {most}"
    );
    let found = tx.query(&sql, &params, |row| {
        let Some(stage) = StageCode::named(&row.text(1)?) else { return Ok(None) };
        let amount = |column| {
            Ok::<_, StorageError>(row.opt_int(column)?.and_then(|amount| u32::try_from(amount).ok()))
        };
        let number = row.opt_int(3)?.zip(row.opt_int(4)?).map(|(year, serial)| Number {
            year: i16::try_from(year).unwrap_or(0),
            serial: u32::try_from(serial).unwrap_or(0),
        });
        let sums = match (amount(7)?, amount(8)?, amount(9)?) {
            (Some(required), Some(evidenced), Some(lacking)) => Some((required, evidenced, lacking)),
            _ => None,
        };
        Ok(Some(ReportRow {
            id: row.id(0)?,
            stage,
            addressee: row.text(2)?,
            number,
            begun_at: row.time(5)?,
            signed_at: row.opt_time(6)?,
            sums,
            short: amount(10)?,
        }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// Years in which reports were begun that the viewer may see, newest first.
///
/// # Errors
/// Whatever the database answers.
pub fn years(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<i16>, StorageError> {
    let (condition, params) = seen_by(viewer);
    let sql = format!(
        "SELECT DISTINCT r.begun_year FROM guard_report r WHERE {condition} ORDER BY r.begun_year DESC"
    );
    let found = tx.query(&sql, &params, |row| row.int(0))?;
    Ok(found.into_iter().filter_map(|year| i16::try_from(year).ok()).collect())
}

/// A report with its history, if the viewer may see it; what he may not see is not there.
///
/// # Errors
/// Whatever the database answers.
pub fn report(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<ReportSeen, Problem> {
    let (state, version): (ReportState, u64) = state(tx, "guard_report", id)?.ok_or(Problem::NotFound)?;
    let may = viewer.permissions_over(tx, state.county)?;
    let works = WORKS.iter().any(|permission| may.has(permission));
    let signed = state.stage.signature().is_some();
    let sees = works || (signed && may.has("guards.view"));
    if !sees {
        return Err(Problem::NotFound);
    }
    let events = events_of_stream(tx, id, None)?;
    Ok(ReportSeen { id, state, version, events, may })
}

/// The lines of a signed report, in their order.
///
/// # Errors
/// Whatever the database answers.
pub fn lines(tx: &mut Tx, id: StreamId) -> Result<Vec<ReportLine>, StorageError> {
    let sql = "SELECT line, names FROM guard_report_line WHERE report_id = ?1 ORDER BY nth";
    let rows = tx.query(sql, params![id], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let fault = |e: serde_json::Error| StorageError::Other(format!("report {id}: {e}"));
    rows.into_iter()
        .map(|(line, names)| {
            Ok((serde_json::from_str(&line).map_err(fault)?, serde_json::from_str(&names).map_err(fault)?))
        })
        .collect()
}

pub(crate) fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM guard_report WHERE county_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}
