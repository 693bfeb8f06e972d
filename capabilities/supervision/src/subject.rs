//! The listing as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use crate::{
    clocks, command::SupervisionCommand, decide, event::SupervisionEvent, evolve, facts,
    facts::SupervisionFacts, save, state::SupervisionState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Supervision {
    rules: Arc<RwLock<RuleBook>>,
}

impl Supervision {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for Supervision {
    const KIND: &'static str = "supervision";
    const TABLE: &'static str = "supervision";
    const SHAPE: i64 = 1;
    type State = SupervisionState;
    type Event = SupervisionEvent;
    type Command = SupervisionCommand;
    type Facts = SupervisionFacts;

    fn need(&self, _: Option<&SupervisionState>, command: &SupervisionCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&SupervisionState>, command: &SupervisionCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, SupervisionCommand::Open(opening)) => opening.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&SupervisionState>,
        command: &SupervisionCommand,
        context: &Context<'_>,
    ) -> Result<SupervisionFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, state, command, context)
    }

    fn decide(
        &self,
        state: Option<&SupervisionState>,
        command: &SupervisionCommand,
        facts: &SupervisionFacts,
        context: &Context<'_>,
    ) -> Result<Vec<SupervisionEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &SupervisionFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(
        state: Option<SupervisionState>,
        event: &SupervisionEvent,
        stamp: &Stamp,
    ) -> Option<SupervisionState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &SupervisionState) -> Vec<ClockSpec> {
        clocks::clocks(state)
    }

    fn unit_of(state: &SupervisionState) -> UnitId {
        state.unit
    }

    fn evidence(event: &SupervisionEvent, _: &SupervisionState) -> Vec<Evidence> {
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M09", amount: 1 }];
        match event {
            SupervisionEvent::Signed(_) => one("supervision.signed"),
            SupervisionEvent::Delisted(_) => one("supervision.delisted"),
            SupervisionEvent::Opened(_)
            | SupervisionEvent::Controlled(_)
            | SupervisionEvent::Drafted(_)
            | SupervisionEvent::Submitted(_)
            | SupervisionEvent::Reviewed(_)
            | SupervisionEvent::SentBack(_)
            | SupervisionEvent::Waived(_)
            | SupervisionEvent::Received(_)
            | SupervisionEvent::Progressed(_)
            | SupervisionEvent::Rectified(_)
            | SupervisionEvent::Returned(_)
            | SupervisionEvent::DelistingAsked(_)
            | SupervisionEvent::Checked(_)
            | SupervisionEvent::CheckSigned(_)
            | SupervisionEvent::DelistingRefused(_)
            | SupervisionEvent::Ended(_)
            | SupervisionEvent::DeadlineWarned(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &SupervisionCommand) -> Need {
    match command {
        SupervisionCommand::Control { .. }
        | SupervisionCommand::Receive(_)
        | SupervisionCommand::AskDelisting(_) => Need::Permission(access::names::SUPERVISION_ANSWER),
        SupervisionCommand::Draft(_) | SupervisionCommand::Submit => {
            Need::Permission(access::names::SUPERVISION_DRAFT)
        }
        SupervisionCommand::Review { .. } => Need::Permission(access::names::SUPERVISION_REVIEW),
        SupervisionCommand::Sign { .. }
        | SupervisionCommand::Waive(_)
        | SupervisionCommand::Delist { .. } => Need::Permission(access::names::SUPERVISION_SIGN),
        SupervisionCommand::Check(_) | SupervisionCommand::SignCheck => {
            Need::Permission(access::names::SUPERVISION_CHECK)
        }
        SupervisionCommand::Open(_) | SupervisionCommand::Hear(_) | SupervisionCommand::Tick { .. } => {
            Need::System
        }
    }
}
