//! The report as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use crate::{
    clocks, command::PublicReportCommand, decide, event::PublicReportEvent, evolve, facts,
    facts::PublicReportFacts, save, state::PublicReportState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct PublicReport {
    rules: Arc<RwLock<RuleBook>>,
}

impl PublicReport {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for PublicReport {
    const KIND: &'static str = "public_report";
    const TABLE: &'static str = "public_report";
    const SHAPE: i64 = 1;
    type State = PublicReportState;
    type Event = PublicReportEvent;
    type Command = PublicReportCommand;
    type Facts = PublicReportFacts;

    fn need(&self, _: Option<&PublicReportState>, command: &PublicReportCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&PublicReportState>, command: &PublicReportCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, PublicReportCommand::Receive(asked)) => asked.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&PublicReportState>,
        command: &PublicReportCommand,
        context: &Context<'_>,
    ) -> Result<PublicReportFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, state, command, context)
    }

    fn decide(
        &self,
        state: Option<&PublicReportState>,
        command: &PublicReportCommand,
        facts: &PublicReportFacts,
        context: &Context<'_>,
    ) -> Result<Vec<PublicReportEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &PublicReportFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(
        state: Option<PublicReportState>,
        event: &PublicReportEvent,
        stamp: &Stamp,
    ) -> Option<PublicReportState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &PublicReportState) -> Vec<ClockSpec> {
        clocks::clocks(state)
    }

    fn unit_of(state: &PublicReportState) -> UnitId {
        state.unit
    }

    fn evidence(event: &PublicReportEvent, _: &PublicReportState) -> Vec<Evidence> {
        // M09: hazards are looked for by everybody, and what is told is answered.
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M09", amount: 1 }];
        match event {
            PublicReportEvent::Received(_) => one("public_report.received"),
            PublicReportEvent::TakenUp(_) => one("public_report.taken_up"),
            PublicReportEvent::Answered(_) => one("public_report.answered"),
            PublicReportEvent::SentBack(_)
            | PublicReportEvent::Warned(_)
            | PublicReportEvent::TelephoneErased(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &PublicReportCommand) -> Need {
    match command {
        // What the public sends comes from nobody with an account: the platform brings it.
        PublicReportCommand::Receive(_) | PublicReportCommand::Tick { .. } => Need::System,
        PublicReportCommand::TakeUp { .. } | PublicReportCommand::Answer { .. } => {
            Need::Permission(access::names::REPORT_ANSWER)
        }
        PublicReportCommand::SendBack(_) => Need::Permission(access::names::REPORT_OVERSEE),
    }
}
