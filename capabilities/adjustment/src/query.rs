//! What the pages ask.

use journal::{Recorded, events_of_stream};
use kernel::{Date, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx, params};

use crate::{
    event::Number,
    state::{AdjustmentState, StageCode},
};

/// Adjustments that a list shows.
pub const LISTED: usize = 200;

/// An adjustment in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjustmentRow {
    /// The adjustment.
    pub id: StreamId,
    /// As it stands.
    pub state: AdjustmentState,
}

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdjustmentFilter {
    /// Of this stage.
    pub stage: Option<StageCode>,
    /// Drafted in this year.
    pub year: Option<i16>,
}

/// An adjustment with its history.
#[derive(Clone, Debug)]
pub struct AdjustmentRecord {
    /// The adjustment.
    pub id: StreamId,
    /// As it stands.
    pub state: AdjustmentState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first.
    pub events: Vec<Recorded>,
}

fn read(json: &str) -> Result<AdjustmentState, StorageError> {
    serde_json::from_str(json).map_err(|e| StorageError::Other(format!("adjustment: {e}")))
}

fn row(row: &Row<'_>) -> Result<AdjustmentRow, StorageError> {
    Ok(AdjustmentRow { id: row.id(0)?, state: read(&row.text(1)?)? })
}

/// Adjustments, the newest first; drafts only for those who work on them.
///
/// # Errors
/// Whatever the database answers.
pub fn adjustments(
    tx: &mut Tx,
    works: bool,
    filter: AdjustmentFilter,
    most: usize,
) -> Result<Vec<AdjustmentRow>, StorageError> {
    let mut condition = if works { "TRUE" } else { "activated_at IS NOT NULL" }.to_owned();
    let mut params: Vec<Param<'static>> = Vec::new();
    let mut and = |text: &str, value: Param<'static>| {
        params.push(value);
        condition.push_str(&format!(" AND {text} ?{}", params.len()));
    };
    if let Some(stage) = filter.stage {
        and("stage =", Param::from(stage.name()));
    }
    if let Some(year) = filter.year {
        and("year =", Param::from(year));
    }
    params.push(Param::from(most));
    let sql = format!(
        "SELECT id, state FROM adjustment WHERE {condition} ORDER BY drafted_at DESC, id DESC LIMIT ?{}",
        params.len()
    );
    tx.query(&sql, &params, row)
}

/// Adjustments that are or were in force, in the order of activation.
///
/// # Errors
/// Whatever the database answers.
pub fn activated(tx: &mut Tx) -> Result<Vec<AdjustmentRow>, StorageError> {
    let sql = "SELECT id, state FROM adjustment WHERE activated_at IS NOT NULL ORDER BY activated_at, id";
    tx.query(sql, params![], row)
}

/// An adjustment with its history, if there is one.
///
/// # Errors
/// Whatever the database answers.
pub fn record(tx: &mut Tx, id: StreamId) -> Result<Option<AdjustmentRecord>, StorageError> {
    let found = tx.first("SELECT state, version FROM adjustment WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let events = events_of_stream(tx, id, None)?;
    let version = u64::try_from(version).unwrap_or(0);
    Ok(Some(AdjustmentRecord { id, state: read(&json)?, version, events }))
}

/// What waits for somebody who signs at a county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// The adjustment.
    pub id: StreamId,
    /// Its number.
    pub number: Number,
    /// The first day on which it would hold: it has to be signed before.
    pub from: Date,
    /// When it was drafted.
    pub drafted_at: Timestamp,
}

/// Drafts of a county that wait, without those of one's own.
///
/// # Errors
/// Whatever the database answers.
pub fn waiting(tx: &mut Tx, county: UnitId, me: kernel::PersonId) -> Result<Vec<WaitingRow>, StorageError> {
    let sql = "SELECT id, state FROM adjustment WHERE county_id = ?1 AND stage = ?2 ORDER BY drafted_at, id LIMIT ?3";
    let rows = tx.query(sql, params![county, StageCode::Waiting.name(), LISTED], row)?;
    let others = rows.into_iter().filter(|row| !row.state.drafters.contains(&me));
    Ok(others
        .map(|row| WaitingRow {
            id: row.id,
            number: row.state.number,
            from: row.state.from,
            drafted_at: row.state.drafted_at,
        })
        .collect())
}
