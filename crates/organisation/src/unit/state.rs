//! A unit's state and its rows.

use std::sync::Arc;

use journal::{Context, Need, Saving, Stamp, Subject};
use kernel::{Date, Refusal, UnitId};
use rules::RuleBook;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params, search};

use super::{
    Assignment, Attributes, Campus, Remains, UnitCommand, UnitEvent, UnitFacts, UnitKind, campus, command,
    decide,
    event::{Placement, Unassigned},
    facts, rows,
};
use crate::{CodeClasses, Line};

/// The kind of stream.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    remains: Vec<Arc<dyn Remains>>,
    classes: CodeClasses,
    rules: Option<RuleBook>,
}

impl Unit {
    /// Closing a unit or correcting its kind asks each of these what could not stay there.
    pub fn asking(remains: Vec<Arc<dyn Remains>>) -> Self {
        Self { remains, ..Self::default() }
    }

    /// A school code of another kind needs a reason, and a reason must say something.
    #[must_use]
    pub fn ruled(self, rules: RuleBook) -> Self {
        Self { classes: CodeClasses::of(&rules), rules: Some(rules), ..self }
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
    /// Every place it ever had on the lines where it has one at a time, oldest first.
    pub placements: Vec<Placement>,
    /// Every assignment it ever had, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<Assignment>,
    /// Why a code that fails its check was taken all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_exception: Option<String>,
    /// Its campuses, when it has several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campuses: Vec<Campus>,
    /// The highest number a campus was given.
    #[serde(default, skip_serializing_if = "is_none_given")]
    pub campuses_given: u16,
    /// The last day, once it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_none_given(number: &u16) -> bool {
    *number == 0
}

impl UnitState {
    /// The place it has now on a line where it has one at a time.
    pub fn placed(&self, line: Line) -> Option<&Placement> {
        self.placements.iter().rfind(|p| p.line == line)
    }

    /// The unit right above it on such a line.
    pub fn parent(&self, line: Line) -> Option<UnitId> {
        self.placed(line).map(|p| p.parent)
    }

    /// The assignments it has now.
    pub fn assigned(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(|held| held.until.is_none())
    }

    /// The day on which the newest of its present places and assignments began.
    pub(super) fn begun(&self) -> Option<Date> {
        let placed =
            Line::PLACED.iter().filter_map(|line| self.placed(*line)).map(|placement| placement.from);
        placed.chain(self.assigned().map(|held| held.from)).max()
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
        command::need(command)
    }

    fn unit(&self, state: Option<&UnitState>, command: &UnitCommand) -> UnitId {
        state.map_or_else(|| command::parent_of_new(command), |s| s.id)
    }

    fn also_at(&self, command: &UnitCommand) -> Vec<UnitId> {
        command::parents(command)
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&UnitState>,
        command: &UnitCommand,
        context: &Context<'_>,
    ) -> Result<UnitFacts, StorageError> {
        let facts = facts::facts(tx, state, command, context, &self.remains)?;
        Ok(UnitFacts { classes: self.classes.clone(), rules: self.rules.clone(), ..facts })
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
                    assignments: Vec::new(),
                    code_exception: parts.text.as_ref().map(|text| text.code_exception.clone()),
                    campuses: Vec::new(),
                    campuses_given: 0,
                    closed: None,
                })
            }
            (None, _) => None,
            (Some(state), event) => Some(changed(state, event)),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        rows::save_row(tx, saving)?;
        rows::save_places(tx, saving)?;
        campus::save(tx, saving)?;
        let new = saving.new;
        let searchable = format!("{} {}", new.name, new.code);
        let number = rows::unit_number(tx, saving.id)?;
        search::put(tx, "unit_search", number, &searchable, saving.old.is_none())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        for table in ["unit", "unit_scope", "unit_placement", "unit_search", "unit_campus"] {
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
            state.code_exception = parts.text.as_ref().and_then(|text| text.code_exception.clone());
        }
        UnitEvent::Rekinded(parts) => {
            state.kind = parts.core.kind;
            if parts.core.code_fits {
                state.code_exception = None;
            }
            if let Some(excused) = parts.text.as_ref().and_then(|text| text.code_exception.clone()) {
                state.code_exception = Some(excused);
            }
        }
        UnitEvent::Described(parts) => state.attributes = parts.core.attributes.clone(),
        UnitEvent::CampusesDescribed(parts) => {
            state.campuses.clone_from(&parts.core.campuses);
            let highest = parts.core.campuses.iter().map(|campus| campus.number).max();
            state.campuses_given = state.campuses_given.max(highest.unwrap_or(0));
        }
        UnitEvent::Placed(parts) => state.placements.push(parts.core.placement.clone()),
        UnitEvent::Assigned(parts) => state.assignments.push(parts.core.clone().into()),
        UnitEvent::Unassigned(parts) => {
            let Unassigned { to, on } = parts.core;
            for held in state.assignments.iter_mut().filter(|held| held.to == to && held.until.is_none()) {
                held.until = Some(on);
            }
        }
        UnitEvent::Closed(parts) => state.closed = Some(parts.core.on),
        UnitEvent::Reopened(_) => state.closed = None,
    }
    state
}
