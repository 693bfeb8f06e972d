//! What pages read of letters and departments.

mod departments;
mod due;
mod list;

use access::Viewer;
use hazard::query::{OpenSpans, open_spans};
use journal::{Recorded, Vault, events_of_stream};
use kernel::{Problem, StreamId};
use storage::{StorageError, Tx, params};

use crate::{clocks::spans, state::TransferState};

pub(crate) use departments::department_named;
pub use departments::{DepartmentFilter, DepartmentRow, department, departments, open_departments};
pub use due::{DueRow, due_for};
pub(crate) use list::choices;
pub use list::{LetterFilter, LetterRow, Which, of_hazard, rows, stages};

/// Who works on letters: he sees them from the first word on. Everybody else sees what was sent.
const WORKS: [&str; 2] = ["transfer.draft", "transfer.sign"];

/// A letter with its history.
#[derive(Clone, Debug)]
pub struct TransferRecord {
    /// The letter.
    pub id: StreamId,
    /// As it stands.
    pub state: TransferState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first; with who it was of a department only for whoever works on letters.
    pub events: Vec<Recorded>,
}

/// A letter as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn state(tx: &mut Tx, id: StreamId) -> Result<Option<(TransferState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM transfer WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("letter {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// Deadlines of letters that wait for something, as [`hazard::query::running`] has those of hazards.
///
/// # Errors
/// Whatever the database answers.
pub fn running(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(tx, ("transfer", "ended_at IS NULL"), after, most, |state: &TransferState| {
        let spans = spans(state).into_iter().map(|span| (span.started, span.due.clone())).collect();
        (state.unit, state.hazard_number.to_string(), spans)
    })
}

/// A letter with its history, if the viewer may see it; what he may not see is not there.
pub(crate) fn visible_record(
    tx: &mut Tx,
    (viewer, vault): (&Viewer, &Vault),
    id: StreamId,
) -> Result<TransferRecord, Problem> {
    let (state, version) = visible_state(tx, viewer, id)?;
    let works = works_on(tx, viewer, &state)?;
    let events = events_of_stream(tx, id, works.then_some(vault))?;
    Ok(TransferRecord { id, state, version, events })
}

/// A letter as it stands, for whoever may see it.
pub(crate) fn visible_state(
    tx: &mut Tx,
    viewer: &Viewer,
    id: StreamId,
) -> Result<(TransferState, u64), Problem> {
    let found = state(tx, id)?.ok_or(Problem::NotFound)?;
    if sees(tx, viewer, &found.0)? { Ok(found) } else { Err(Problem::NotFound) }
}

/// The viewer writes or signs letters about this school.
pub(crate) fn works_on(tx: &mut Tx, viewer: &Viewer, letter: &TransferState) -> Result<bool, Problem> {
    let may = viewer.permissions_over(tx, letter.unit)?;
    Ok(WORKS.iter().any(|permission| may.has(permission)))
}

/// Who sees the unit's letters now, or saw them when this one was begun.
pub(crate) fn sees(tx: &mut Tx, viewer: &Viewer, letter: &TransferState) -> Result<bool, Problem> {
    if works_on(tx, viewer, letter)? {
        return Ok(true);
    }
    if letter.stage.dispatch().is_none() {
        return Ok(false);
    }
    Ok(viewer.may_over(tx, "transfer.view", letter.unit)?
        || viewer.scope("transfer.view").reached_then(letter.central, letter.township))
}

/// A photo belongs to the letter.
pub(crate) fn has_photo(tx: &mut Tx, id: StreamId, hash: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM transfer_photo WHERE transfer_id = ?1 AND hash = ?2";
    Ok(tx.count(sql, params![id, hash])? > 0)
}
