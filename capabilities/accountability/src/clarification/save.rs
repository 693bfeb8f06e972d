//! The rows of a clarification.

use journal::{Saving, Subject};
use storage::{StorageError, Tx, params};

use super::{state::ClarificationState, subject::Clarification};
use crate::case::save_due;

pub(super) fn save(tx: &mut Tx, saving: &Saving<'_, Clarification>) -> Result<(), StorageError> {
    let new = saving.new;
    let number = new.signature().map(|signature| signature.number);
    let turn = new.turn();
    tx.write(
        "INSERT INTO clarification (id, version, shape, state, hazard_id, unit_id, county_id, case_id, stage, year,
            serial, begun_at, ended_at, next_due, words)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            stage = excluded.stage, year = excluded.year, serial = excluded.serial, ended_at = excluded.ended_at,
            next_due = excluded.next_due, words = excluded.words",
        params![
            saving.id,
            saving.version,
            Clarification::SHAPE,
            saving.state,
            new.hazard,
            new.unit,
            new.office(),
            new.case.map(|(case, _)| case),
            new.code().name(),
            number.map(|number| number.year),
            number.map(|number| number.serial),
            new.begun_at,
            new.ended(),
            turn.as_ref().and_then(|turn| turn.due),
            &words(new),
        ],
    )?;
    if saving.old.map(ClarificationState::turn) != Some(new.turn()) {
        save_due(tx, saving.id, turn.as_slice())?;
    }
    Ok(())
}

/// What a search looks through.
fn words(state: &ClarificationState) -> String {
    let number = state.signature().map(|signature| signature.number.to_string()).unwrap_or_default();
    let statement = state.statement.as_deref().unwrap_or_default();
    let said = [number.as_str(), &state.name, &state.recipient, &state.claim, statement];
    format!("{} {}", said.join(" "), state.hazard_number)
}

pub(super) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    tx.write("DELETE FROM accountability_due WHERE stream_id IN (SELECT id FROM clarification)", params![])?;
    tx.write("DELETE FROM clarification", params![])
}
