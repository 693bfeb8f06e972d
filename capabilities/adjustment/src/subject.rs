//! The adjustment as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{
    command::AdjustmentCommand,
    decide,
    event::AdjustmentEvent,
    facts::{self, AdjustmentFacts},
    state::{self, AdjustmentState},
};

/// The kind of stream. It knows the rules of the program, and shares those in force.
#[derive(Clone)]
pub struct Adjustment {
    base: RuleBook,
    rules: Arc<RwLock<RuleBook>>,
}

impl Adjustment {
    /// With the rules of the program, and those in force.
    pub const fn new(base: RuleBook, rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { base, rules }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &AdjustmentCommand) -> Need {
    match command {
        AdjustmentCommand::Draft(_) | AdjustmentCommand::Drop(_) => {
            Need::Permission(access::names::RULES_MANAGE)
        }
        AdjustmentCommand::SendBack(_)
        | AdjustmentCommand::Activate { .. }
        | AdjustmentCommand::End { .. } => Need::Permission(access::names::RULES_ACTIVATE),
    }
}

impl Subject for Adjustment {
    const KIND: &'static str = "adjustment";
    const TABLE: &'static str = "adjustment";
    const SHAPE: i64 = 1;
    type State = AdjustmentState;
    type Event = AdjustmentEvent;
    type Command = AdjustmentCommand;
    type Facts = AdjustmentFacts;

    fn need(&self, _: Option<&AdjustmentState>, command: &AdjustmentCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&AdjustmentState>, command: &AdjustmentCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.county,
            (None, AdjustmentCommand::Draft(draft)) => draft.county,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&AdjustmentState>,
        command: &AdjustmentCommand,
        context: &Context<'_>,
    ) -> Result<AdjustmentFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, (self.base.clone(), rules), state, command, context)
    }

    fn decide(
        &self,
        state: Option<&AdjustmentState>,
        command: &AdjustmentCommand,
        facts: &AdjustmentFacts,
        context: &Context<'_>,
    ) -> Result<Vec<AdjustmentEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &AdjustmentFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(
        state: Option<AdjustmentState>,
        event: &AdjustmentEvent,
        stamp: &Stamp,
    ) -> Option<AdjustmentState> {
        state::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        tx.write(
            "INSERT INTO adjustment (id, version, shape, state, county_id, year, serial, stage, from_day, drafted_at,
                activated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, stage = excluded.stage, from_day = excluded.from_day,
                drafted_at = excluded.drafted_at, activated_at = excluded.activated_at",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                new.county,
                new.number.year,
                new.number.serial,
                new.stage.code().name(),
                &new.from.to_string(),
                new.drafted_at,
                new.activated().map(|(at, _)| at),
            ],
        )
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM adjustment", params![])
    }

    fn unit_of(state: &AdjustmentState) -> UnitId {
        state.county
    }

    fn evidence(_: &AdjustmentEvent, _: &AdjustmentState) -> Vec<Evidence> {
        Vec::new()
    }
}
