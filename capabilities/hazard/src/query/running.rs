//! Deadlines that run now, across all records of a kind: what a change of the rules is tried on.

use kernel::{StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::de::DeserializeOwned;
use storage::{StorageError, Tx, params};

use crate::{clocks, state::HazardState};

/// The deadlines of an open record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSpans {
    /// The record.
    pub id: StreamId,
    /// The unit it is about.
    pub unit: UnitId,
    /// Its number.
    pub label: String,
    /// From when, up to when.
    pub spans: Vec<(Timestamp, DueBy)>,
}

/// What a state says of itself: its unit, its number, its deadlines.
pub type Said = (UnitId, String, Vec<(Timestamp, DueBy)>);

/// At most `most` records of a table behind `after`, in the order of their ids, of those that `open` holds, a condition of
/// the program's own; and the id to go on from, none when these were the last.
///
/// # Errors
/// Whatever the database answers.
pub fn open_spans<S: DeserializeOwned>(
    tx: &mut Tx,
    (table, open): (&str, &str),
    after: StreamId,
    most: usize,
    look: impl Fn(&S) -> Said,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    let sql = format!("SELECT id, state FROM {table} WHERE id > ?1 AND {open} ORDER BY id LIMIT ?2");
    let rows = tx.query(&sql, params![after, most], |row| Ok((row.id::<StreamId>(0)?, row.text(1)?)))?;
    let next = rows.last().map(|(id, _)| *id).filter(|_| rows.len() == most);
    let mut found = Vec::with_capacity(rows.len());
    for (id, json) in rows {
        let state: S =
            serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("{table} {id}: {e}")))?;
        let (unit, label, spans) = look(&state);
        found.push(OpenSpans { id, unit, label, spans });
    }
    Ok((found, next))
}

/// Deadlines of open hazards.
///
/// # Errors
/// Whatever the database answers.
pub fn running(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(tx, ("hazard", "phase = 'open'"), after, most, |state: &HazardState| {
        let span = clocks::running(state).zip(state.due());
        let spans = span.map(|((_, started), due)| (started, due.clone())).into_iter().collect();
        (state.unit, state.number.to_string(), spans)
    })
}
