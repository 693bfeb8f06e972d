//! The rows of a unit, and its places by date.

use journal::{Saving, Subject};
use kernel::{Date, StreamId, UnitId};
use storage::{StorageError, Tx, params};

use super::{Unit, UnitEvent, UnitState, event::Placement};
use crate::{Line, scope};

/// The path of names down to the unit on the management line, as it is written into envelopes.
fn path_under(tx: &mut Tx, parent: Option<UnitId>, name: &str) -> Result<String, StorageError> {
    let above = match parent {
        Some(parent) => tx
            .first("SELECT path FROM unit WHERE id = ?1", params![parent], |row| row.text(0))?
            .unwrap_or_default(),
        None => String::new(),
    };
    Ok(if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") })
}

pub(super) fn save_row(tx: &mut Tx, saving: &Saving<'_, Unit>) -> Result<(), StorageError> {
    let new = saving.new;
    let path = path_under(tx, path_parent(new), &new.name)?;
    let a = &new.attributes;
    let closed = new.closed.map(|d| d.to_string());
    tx.write(
        "INSERT INTO unit (id, version, shape, state, number, code, name, kind, path, pupils, boarders, staff,
            latitude, longitude, closed_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            code = excluded.code, name = excluded.name, kind = excluded.kind, path = excluded.path,
            pupils = excluded.pupils, boarders = excluded.boarders, staff = excluded.staff,
            latitude = excluded.latitude, longitude = excluded.longitude, closed_on = excluded.closed_on",
        params![
            saving.id,
            saving.version,
            Unit::SHAPE,
            saving.state,
            saving.position,
            &new.code,
            &new.name,
            new.kind.name(),
            &path,
            a.pupils,
            a.boarders,
            a.staff,
            a.latitude,
            a.longitude,
            closed.as_ref()
        ],
    )?;
    let moved = saving.old.is_some_and(|old| old.name != new.name || old.placements != new.placements);
    if moved { repath(tx, new.id) } else { Ok(()) }
}

/// Writes the paths of everything whose path leads through a unit that was renamed or moved, from the top down. A path
/// follows the management line, and the territory where there is none: a township hangs under the county by territory.
fn repath(tx: &mut Tx, unit: UnitId) -> Result<(), StorageError> {
    let mut above = vec![unit];
    while let Some(parent) = above.pop() {
        let below = tx.query(
            "SELECT u.id, u.state FROM unit u WHERE u.id IN (
                SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line <> 'assignment' AND depth = 1)
             ORDER BY u.id",
            params![parent],
            |row| Ok((row.id::<UnitId>(0)?, row.text(1)?)),
        )?;
        for (id, json) in below {
            let state: UnitState =
                serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("unit {id}: {e}")))?;
            if path_parent(&state) == Some(parent) {
                let path = path_under(tx, Some(parent), &state.name)?;
                tx.write("UPDATE unit SET path = ?2 WHERE id = ?1", params![id, &path])?;
                above.push(id);
            }
        }
    }
    Ok(())
}

fn path_parent(state: &UnitState) -> Option<UnitId> {
    state.parent(Line::Management).or_else(|| state.parent(Line::Territory))
}

/// A place ends where the next one begins. One that begins on the day the next one does never took effect and leaves no
/// row; the journal still has it.
fn save_placement(tx: &mut Tx, unit: UnitId, placement: &Placement) -> Result<(), StorageError> {
    let (line, day) = (placement.line.name(), placement.from.to_string());
    tx.write(
        "DELETE FROM unit_placement WHERE unit_id = ?1 AND line = ?2 AND to_day IS NULL AND from_day = ?3",
        params![unit, line, &day],
    )?;
    tx.write(
        "UPDATE unit_placement SET to_day = ?3 WHERE unit_id = ?1 AND line = ?2 AND to_day IS NULL",
        params![unit, line, &day],
    )?;
    begin(tx, unit, placement.line, placement.parent, &day)?;
    scope::hang(tx, unit, placement.line, placement.parent)
}

fn begin(tx: &mut Tx, unit: UnitId, line: Line, parent: UnitId, day: &str) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO unit_placement (unit_id, line, from_day, to_day, parent_id) VALUES (?1, ?2, ?3, NULL, ?4)",
        params![unit, line.name(), day, parent],
    )
}

fn end_assignment(tx: &mut Tx, unit: UnitId, to: UnitId, day: Date) -> Result<(), StorageError> {
    let (line, day) = (Line::Assignment.name(), day.to_string());
    // Ended on the day it began, it never took effect.
    tx.write(
        "DELETE FROM unit_placement WHERE unit_id = ?1 AND line = ?2 AND parent_id = ?3 AND to_day IS NULL
           AND from_day = ?4",
        params![unit, line, to, &day],
    )?;
    tx.write(
        "UPDATE unit_placement SET to_day = ?4 WHERE unit_id = ?1 AND line = ?2 AND parent_id = ?3 AND to_day IS NULL",
        params![unit, line, to, &day],
    )
}

/// Where it hangs by date, and the scopes that follow.
pub(super) fn save_places(tx: &mut Tx, saving: &Saving<'_, Unit>) -> Result<(), StorageError> {
    let unit = saving.new.id;
    for (_, event) in saving.events {
        match event {
            UnitEvent::Created(parts) => {
                scope::enter(tx, unit)?;
                for placement in &parts.core.placements {
                    save_placement(tx, unit, placement)?;
                }
            }
            UnitEvent::Placed(parts) => {
                save_placement(tx, unit, &parts.core.placement)?;
                repath(tx, unit)?;
            }
            UnitEvent::Assigned(parts) => {
                begin(tx, unit, Line::Assignment, parts.core.to, &parts.core.from.to_string())?;
                reassign(tx, saving.new)?;
            }
            UnitEvent::Unassigned(parts) => {
                end_assignment(tx, unit, parts.core.to, parts.core.on)?;
                reassign(tx, saving.new)?;
            }
            UnitEvent::Renamed(_)
            | UnitEvent::Recoded(_)
            | UnitEvent::Rekinded(_)
            | UnitEvent::Described(_)
            | UnitEvent::CampusesDescribed(_)
            | UnitEvent::Closed(_)
            | UnitEvent::Reopened(_) => {}
        }
    }
    Ok(())
}

fn reassign(tx: &mut Tx, unit: &UnitState) -> Result<(), StorageError> {
    let above: Vec<UnitId> = unit.assigned().map(|held| held.to).collect();
    scope::assign(tx, unit.id, &above)
}

pub(super) fn unit_number(tx: &mut Tx, id: StreamId) -> Result<i64, StorageError> {
    tx.count("SELECT number FROM unit WHERE id = ?1", params![id])
}
