//! The hazard as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, StreamId, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use crate::{
    clocks, command::HazardCommand, decide, event::HazardEvent, evolve, facts, facts::HazardFacts,
    hindrance::Hindrance, save, state::HazardState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Hazard {
    rules: Arc<RwLock<RuleBook>>,
    asked: Vec<Arc<dyn Hindrance>>,
}

impl Hazard {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules, asked: Vec::new() }
    }

    /// Asks `others` before a major hazard is accepted or closed, and before any is withdrawn.
    #[must_use]
    pub fn asking(mut self, others: Vec<Arc<dyn Hindrance>>) -> Self {
        self.asked.extend(others);
        self
    }

    fn hindrance(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError> {
        for other in &self.asked {
            if let Some(refusal) = other.against(tx, hazard)? {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }

    fn kept(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError> {
        for other in &self.asked {
            if let Some(refusal) = other.against_withdrawal(tx, hazard)? {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }

    fn current_rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Subject for Hazard {
    const KIND: &'static str = "hazard";
    const TABLE: &'static str = "hazard";
    const SHAPE: i64 = 13;
    type State = HazardState;
    type Event = HazardEvent;
    type Command = HazardCommand;
    type Facts = HazardFacts;

    fn need(&self, _: Option<&HazardState>, command: &HazardCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&HazardState>, command: &HazardCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, HazardCommand::Register(registration)) => registration.unit,
            (None, HazardCommand::CarryOver(asked)) => asked.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&HazardState>,
        command: &HazardCommand,
        context: &Context<'_>,
    ) -> Result<HazardFacts, StorageError> {
        let mut facts = facts::facts(tx, self.current_rules(), state, command, context)?;
        let proves = matches!(command, HazardCommand::Accept { .. } | HazardCommand::Close(_));
        if proves && state.is_some_and(HazardState::is_major) {
            facts.hindrance = self.hindrance(tx, context.stream)?;
        }
        if matches!(command, HazardCommand::Withdraw { .. }) {
            facts.kept = self.kept(tx, context.stream)?;
        }
        Ok(facts)
    }

    fn decide(
        &self,
        state: Option<&HazardState>,
        command: &HazardCommand,
        facts: &HazardFacts,
        context: &Context<'_>,
    ) -> Result<Vec<HazardEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &HazardFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<HazardState>, event: &HazardEvent, stamp: &Stamp) -> Option<HazardState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &HazardState) -> Vec<ClockSpec> {
        clocks::clocks(state)
    }

    fn unit_of(state: &HazardState) -> UnitId {
        state.unit
    }

    fn evidence(event: &HazardEvent, _: &HazardState) -> Vec<Evidence> {
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M09", amount: 1 }];
        match event {
            HazardEvent::Registered(_) => one("hazard.registered"),
            // A ledger's word: neither registered here nor closed on time here.
            HazardEvent::CarriedOver(_) => one("hazard.carried_over"),
            HazardEvent::Closed(parts) if parts.core.on_time => one("hazard.closed_on_time"),
            HazardEvent::Closed(_) => one("hazard.closed_late"),
            HazardEvent::FixedOnSpot(_)
            | HazardEvent::Graded(_)
            | HazardEvent::Assigned(_)
            | HazardEvent::TakenOn(_)
            | HazardEvent::ResponsibleChanged(_)
            | HazardEvent::Progressed(_)
            | HazardEvent::Rectified(_)
            | HazardEvent::ExtensionAsked(_)
            | HazardEvent::ExtensionGranted(_)
            | HazardEvent::ExtensionRefused(_)
            | HazardEvent::Accepted(_)
            | HazardEvent::Returned(_)
            | HazardEvent::Revisited(_)
            | HazardEvent::Withdrawn(_)
            | HazardEvent::HelpAsked(_)
            | HazardEvent::HelpAnswered(_)
            | HazardEvent::HelpDelivered(_)
            | HazardEvent::Urged(_)
            | HazardEvent::DeadlineWarned(_)
            | HazardEvent::Escalated(_)
            | HazardEvent::ClimbAnswered(_)
            | HazardEvent::Readdressed(_)
            | HazardEvent::Corrected(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &HazardCommand) -> Need {
    match command {
        HazardCommand::Register(_) => Need::Permission("hazard.register"),
        HazardCommand::Grade(_) => Need::AnyOf(&["hazard.grade", "hazard.county"]),
        HazardCommand::Assign { .. } | HazardCommand::ChangeResponsible { .. } => {
            Need::AnyOf(&["hazard.assign", "hazard.county"])
        }
        HazardCommand::TakeOn(_) => Need::Permission("hazard.take_on"),
        HazardCommand::Progress(_) | HazardCommand::Rectify { .. } => Need::Permission("hazard.rectify"),
        HazardCommand::AskExtension { .. } => Need::Permission("hazard.ask_extension"),
        HazardCommand::AnswerExtension { .. } => Need::AnyOf(&["hazard.decide_extension", "hazard.county"]),
        HazardCommand::Accept { .. } | HazardCommand::Return { .. } => {
            Need::AnyOf(&["hazard.accept", "hazard.central", "hazard.county"])
        }
        HazardCommand::Close(_) => Need::AnyOf(&["hazard.close", "hazard.central", "hazard.county"]),
        HazardCommand::Revisit { .. } => Need::AnyOf(&["hazard.revisit", "hazard.central", "hazard.county"]),
        HazardCommand::Withdraw { .. } => Need::AnyOf(&["hazard.withdraw", "hazard.county"]),
        HazardCommand::AskHelp(_) => Need::Permission("hazard.ask_help"),
        HazardCommand::AnswerHelp { .. } | HazardCommand::DeliverHelp(_) => {
            Need::Permission("hazard.answer_help")
        }
        HazardCommand::Urge(_) => Need::AnyOf(&["hazard.assign", "hazard.central", "hazard.county"]),
        HazardCommand::AnswerClimb(_) => Need::AnyOf(&["hazard.central", "hazard.county"]),
        HazardCommand::Correct { .. } => Need::AnyOf(&["hazard.grade", "hazard.county"]),
        HazardCommand::CarryOver(_) => Need::Permission("hazard.carry_over"),
        HazardCommand::Readdress | HazardCommand::Tick { .. } => Need::System,
    }
}
