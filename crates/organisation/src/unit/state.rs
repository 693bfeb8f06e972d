//! A unit's state and its rows.

use std::sync::Arc;

use journal::{Context, Need, Saving, Stamp, Subject};
use kernel::{Date, Refusal, StreamId, UnitId};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params, search};

use super::{
    Attributes, Remains, UnitCommand, UnitEvent, UnitFacts, UnitKind,
    decide::{self},
    event::Placement,
};
use crate::{Line, scope};

/// The kind of stream.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    remains: Vec<Arc<dyn Remains>>,
}

impl Unit {
    /// Closing a unit asks each of these what it would leave behind.
    pub fn asking(remains: Vec<Arc<dyn Remains>>) -> Self {
        Self { remains }
    }
}

/// A unit as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitState {
    /// Its stream.
    pub id: UnitId,
    /// Its code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// See [`Attributes`].
    pub attributes: Attributes,
    /// Every place it ever had, oldest first.
    pub placements: Vec<Placement>,
    /// Why a code that fails its check was taken all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_exception: Option<String>,
    /// The last day, once it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl UnitState {
    /// Where it hangs now on a line.
    pub fn parent(&self, line: Line) -> Option<UnitId> {
        self.placements.iter().rfind(|p| p.line == line).map(|p| p.parent)
    }
}

impl Subject for Unit {
    const KIND: &'static str = "unit";
    const TABLE: &'static str = "unit";
    const SHAPE: i64 = 1;
    type State = UnitState;
    type Event = UnitEvent;
    type Command = UnitCommand;
    type Facts = UnitFacts;

    fn need(&self, _: Option<&UnitState>, command: &UnitCommand) -> Need {
        decide::need(command)
    }

    fn unit(&self, state: Option<&UnitState>, command: &UnitCommand) -> UnitId {
        state.map_or_else(|| decide::parent_of_new(command), |s| s.id)
    }

    fn also_at(&self, command: &UnitCommand) -> Vec<UnitId> {
        decide::parents(command)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&UnitState>,
        command: &UnitCommand,
        context: &Context<'_>,
    ) -> Result<UnitFacts, StorageError> {
        decide::facts(tx, state, command, context, &self.remains)
    }

    fn decide(
        &self,
        state: Option<&UnitState>,
        command: &UnitCommand,
        facts: &UnitFacts,
        context: &Context<'_>,
    ) -> Result<Vec<UnitEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn evolve(state: Option<UnitState>, event: &UnitEvent, stamp: &Stamp) -> Option<UnitState> {
        match (state, event) {
            (None, UnitEvent::Created(parts)) => {
                let created = parts.core.clone();
                Some(UnitState {
                    id: stamp.stream.into(),
                    code: created.code,
                    name: created.name,
                    kind: created.kind,
                    attributes: created.attributes,
                    placements: created.placements,
                    code_exception: created.code_exception,
                    closed: None,
                })
            }
            (None, _) => None,
            (Some(state), event) => Some(changed(state, event)),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save_row(tx, saving)?;
        save_placements(tx, saving)?;
        let new = saving.new;
        let searchable = format!("{} {}", new.name, new.code);
        let number = unit_number(tx, saving.id)?;
        search::put(tx, "unit_search", number, &searchable, saving.old.is_none())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        for table in ["unit", "unit_scope", "unit_placement", "unit_search"] {
            tx.write(&format!("DELETE FROM {table}"), params![])?;
        }
        Ok(())
    }

    fn unit_of(state: &UnitState) -> UnitId {
        state.id
    }
}

fn changed(mut state: UnitState, event: &UnitEvent) -> UnitState {
    match event {
        UnitEvent::Created(_) => {}
        UnitEvent::Renamed(parts) => state.name.clone_from(&parts.core.name),
        UnitEvent::Recoded(parts) => {
            state.code.clone_from(&parts.core.code);
            state.code_exception.clone_from(&parts.core.code_exception);
        }
        UnitEvent::Described(parts) => state.attributes = parts.core.attributes.clone(),
        UnitEvent::Placed(parts) => state.placements.push(parts.core.placement.clone()),
        UnitEvent::Closed(parts) => state.closed = Some(parts.core.on),
    }
    state
}

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

fn save_row(tx: &mut Tx, saving: &Saving<'_, Unit>) -> Result<(), StorageError> {
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

fn save_placements(tx: &mut Tx, saving: &Saving<'_, Unit>) -> Result<(), StorageError> {
    let unit = saving.new.id;
    let known = saving.old.map_or(0, |old| old.placements.len());
    if saving.old.is_none() {
        scope::enter(tx, unit)?;
    }
    for placement in saving.new.placements.iter().skip(known) {
        let day = placement.from.to_string();
        tx.write(
            "UPDATE unit_placement SET to_day = ?3 WHERE unit_id = ?1 AND line = ?2 AND to_day IS NULL",
            params![unit, placement.line.name(), &day],
        )?;
        tx.write(
            "INSERT INTO unit_placement (unit_id, line, from_day, to_day, parent_id) VALUES (?1, ?2, ?3, NULL, ?4)
             ON CONFLICT (unit_id, line, from_day) DO UPDATE SET to_day = NULL, parent_id = excluded.parent_id",
            params![unit, placement.line.name(), &day, placement.parent],
        )?;
        scope::hang(tx, unit, placement.line, placement.parent)?;
    }
    if saving.old.is_some_and(|old| old.placements.len() < saving.new.placements.len()) {
        repath(tx, unit)?;
    }
    Ok(())
}

fn unit_number(tx: &mut Tx, id: StreamId) -> Result<i64, StorageError> {
    tx.count("SELECT number FROM unit WHERE id = ?1", params![id])
}
