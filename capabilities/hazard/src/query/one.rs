//! One hazard.

use journal::{Recorded, events_of_stream};
use kernel::{StreamId, UnitId};
use storage::{StorageError, Tx, params};

use super::list::HazardRow;
use crate::{event::NamedHazard, level::Number, save::TITLE_CHARS, state::HazardState};

/// Other hazards that a record names, of a kind.
const REPEATED_SHOWN: usize = 5;

/// A hazard with its history.
#[derive(Clone, Debug)]
pub struct HazardRecord {
    /// The hazard.
    pub id: StreamId,
    /// As it stands.
    pub state: HazardState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first, without personal parts.
    pub events: Vec<Recorded>,
}

/// A hazard with its history, if there is one.
///
/// # Errors
/// Whatever the database answers.
pub fn record(tx: &mut Tx, id: StreamId) -> Result<Option<HazardRecord>, StorageError> {
    let found = tx.first("SELECT state, version FROM hazard WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("hazard {id}: {e}")))?;
    let events = events_of_stream(tx, id, None)?;
    Ok(Some(HazardRecord { id, state, version: u64::try_from(version).unwrap_or(0), events }))
}

/// A hazard as it stands, without its history.
///
/// # Errors
/// Whatever the database answers.
pub fn state(tx: &mut Tx, id: StreamId) -> Result<Option<HazardState>, StorageError> {
    let json = tx.first("SELECT state FROM hazard WHERE id = ?1", params![id], |found| found.text(0))?;
    let state = json.map(|json| serde_json::from_str::<HazardState>(&json)).transpose();
    state.map_err(|e| StorageError::Other(format!("hazard {id}: {e}")))
}

/// The newest hazards that repeat one.
///
/// # Errors
/// Whatever the database answers.
pub fn repeated_by(tx: &mut Tx, id: StreamId) -> Result<Vec<NamedHazard>, StorageError> {
    let sql = "SELECT h.id, h.year, h.serial FROM hazard h
         WHERE h.repeats_of = ?1 AND h.repeats_of IS NOT NULL
         ORDER BY h.registered_at DESC, h.id DESC LIMIT ?2";
    tx.query(sql, params![id, REPEATED_SHOWN], NamedHazard::read)
}

/// The earlier hazard that one repeats, as both stand by now.
///
/// # Errors
/// Whatever the database answers.
pub fn repeats(tx: &mut Tx, id: StreamId) -> Result<Option<NamedHazard>, StorageError> {
    let sql = "SELECT e.id, e.year, e.serial FROM hazard h JOIN hazard e ON e.id = h.repeats_of
         WHERE h.id = ?1";
    tx.first(sql, params![id], NamedHazard::read)
}

/// The newest registrations that were withdrawn because this one goes on.
///
/// # Errors
/// Whatever the database answers.
pub fn merged_into(tx: &mut Tx, id: StreamId) -> Result<Vec<NamedHazard>, StorageError> {
    let sql = "SELECT id, year, serial FROM hazard WHERE same_as = ?1 AND same_as IS NOT NULL AND stage = 'withdrawn'
         ORDER BY registered_at DESC, id DESC LIMIT ?2";
    tx.query(sql, params![id, REPEATED_SHOWN], NamedHazard::read)
}

/// Open hazards of a unit, newest first, each with its number and title: for whoever says that something is known.
///
/// # Errors
/// Whatever the database answers.
pub fn open_of_unit(
    tx: &mut Tx,
    unit: UnitId,
    most: usize,
) -> Result<Vec<(StreamId, Number, String)>, StorageError> {
    let sql = "SELECT id, year, serial, title FROM hazard WHERE unit_id = ?1 AND phase = 'open'
         ORDER BY registered_at DESC, id DESC LIMIT ?2";
    tx.query(sql, params![unit, most], |row| {
        let year = i16::try_from(row.int(1)?).unwrap_or(0);
        let number = Number { year, serial: u32::try_from(row.int(2)?).unwrap_or(0) };
        Ok((row.id(0)?, number, row.text(3)?))
    })
}

/// True when an event of the hazard brought the photo.
///
/// # Errors
/// Whatever the database answers.
pub fn has_photo(tx: &mut Tx, id: StreamId, hash: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM hazard_photo WHERE hazard_id = ?1 AND hash = ?2";
    Ok(tx.count(sql, params![id, hash])? > 0)
}

/// Puts the whole description where a list has room for its beginning only.
///
/// # Errors
/// Whatever the database answers.
pub fn written_out(tx: &mut Tx, rows: &mut [HazardRow]) -> Result<(), StorageError> {
    for row in rows.iter_mut().filter(|row| row.title.chars().count() >= TITLE_CHARS) {
        if let Some(description) = state(tx, row.id)?.and_then(|state| state.description) {
            row.title = description;
        }
    }
    Ok(())
}

/// How many hazards of a unit stand at each stage.
///
/// # Errors
/// Whatever the database answers.
pub fn unit_tallies(tx: &mut Tx, unit: UnitId) -> Result<Vec<(String, i64)>, StorageError> {
    tx.query(
        "SELECT stage, CAST(sum(amount) AS BIGINT) FROM hazard_now WHERE unit_id = ?1 GROUP BY stage ORDER BY stage",
        params![unit],
        |row| Ok((row.text(0)?, row.int(1)?)),
    )
}
