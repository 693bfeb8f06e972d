//! The place as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{
    command::PlaceCommand, decide, event::PlaceEvent, evolve, facts, facts::PlaceFacts, state::PlaceState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Place {
    rules: Arc<RwLock<RuleBook>>,
}

impl Place {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for Place {
    const KIND: &'static str = "place";
    const TABLE: &'static str = "place";
    const SHAPE: i64 = 1;
    type State = PlaceState;
    type Event = PlaceEvent;
    type Command = PlaceCommand;
    type Facts = PlaceFacts;

    fn need(&self, _: Option<&PlaceState>, command: &PlaceCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&PlaceState>, command: &PlaceCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, PlaceCommand::Add { unit, .. }) => *unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&PlaceState>,
        command: &PlaceCommand,
        context: &Context<'_>,
    ) -> Result<PlaceFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, (state, context.stream), command)
    }

    fn decide(
        &self,
        state: Option<&PlaceState>,
        command: &PlaceCommand,
        facts: &PlaceFacts,
        context: &Context<'_>,
    ) -> Result<Vec<PlaceEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn evolve(state: Option<PlaceState>, event: &PlaceEvent, stamp: &Stamp) -> Option<PlaceState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        tx.write(
            "INSERT INTO place (id, version, shape, state, unit_id, kind, name, spot, outside, code, closed, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, kind = excluded.kind, name = excluded.name, spot = excluded.spot,
                outside = excluded.outside, code = excluded.code, closed = excluded.closed",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                new.unit,
                new.kind.as_str(),
                new.name(),
                new.spot(),
                new.outside,
                new.code.as_str(),
                new.closed_at.is_some(),
                new.added_at,
            ],
        )?;
        let former = new.former.iter().map(|former| (former.code.as_str(), former.stopped_at.is_some()));
        for (code, stopped) in former.chain([(new.code.as_str(), false)]) {
            tx.write(
                "INSERT INTO place_code (code, place_id, stopped) VALUES (?1, ?2, ?3)
                 ON CONFLICT (code) DO UPDATE SET stopped = excluded.stopped",
                params![code, saving.id, stopped],
            )?;
        }
        Ok(())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM place", params![])?;
        tx.write("DELETE FROM place_code", params![])
    }

    fn unit_of(state: &PlaceState) -> UnitId {
        state.unit
    }

    fn evidence(_: &PlaceEvent, _: &PlaceState) -> Vec<Evidence> {
        Vec::new()
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &PlaceCommand) -> Need {
    match command {
        PlaceCommand::Add { .. }
        | PlaceCommand::Change(_)
        | PlaceCommand::Close(_)
        | PlaceCommand::Reopen(_)
        | PlaceCommand::ReplaceCode { .. } => Need::Permission(access::names::PLACE_MANAGE),
        PlaceCommand::StopCode { .. } => Need::Permission(access::names::PLACE_COUNTY),
    }
}
