//! The case as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use access::names;
use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use super::{
    clocks, command::CaseCommand, decide, event::CaseEvent, evolve, facts, facts::CaseFacts, save,
    state::CaseState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Case {
    rules: Arc<RwLock<RuleBook>>,
}

impl Case {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for Case {
    const KIND: &'static str = "accountability";
    const TABLE: &'static str = "accountability";
    const SHAPE: i64 = 1;
    type State = CaseState;
    type Event = CaseEvent;
    type Command = CaseCommand;
    type Facts = CaseFacts;

    fn need(&self, _: Option<&CaseState>, command: &CaseCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&CaseState>, command: &CaseCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, CaseCommand::Open(draft)) => draft.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&CaseState>,
        command: &CaseCommand,
        context: &Context<'_>,
    ) -> Result<CaseFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, state, command, context)
    }

    fn decide(
        &self,
        state: Option<&CaseState>,
        command: &CaseCommand,
        facts: &CaseFacts,
        context: &Context<'_>,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &CaseFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<CaseState>, event: &CaseEvent, stamp: &Stamp) -> Option<CaseState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &CaseState) -> Vec<ClockSpec> {
        clocks::clocks(state)
    }

    fn unit_of(state: &CaseState) -> UnitId {
        state.unit
    }

    fn evidence(event: &CaseEvent, state: &CaseState) -> Vec<Evidence> {
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M22", amount: 1 }];
        match event {
            CaseEvent::Opened(_) => one("accountability.opened"),
            CaseEvent::Concluded(_) => {
                let at = state.conclusion.as_ref().map_or(state.opened_at, |conclusion| conclusion.at);
                let in_time = at <= state.investigation.at;
                one(if in_time {
                    "accountability.concluded_on_time"
                } else {
                    "accountability.concluded_late"
                })
            }
            CaseEvent::MeasuresChecked(parts) if parts.core.passed => one("accountability.measures_done"),
            CaseEvent::Closed(_) => one("accountability.closed"),
            CaseEvent::Stated(_)
            | CaseEvent::SilenceRecorded(_)
            | CaseEvent::Found(_)
            | CaseEvent::Submitted(_)
            | CaseEvent::Reviewed(_)
            | CaseEvent::SentBack(_)
            | CaseEvent::Handled(_)
            | CaseEvent::MeasuresReported(_)
            | CaseEvent::MeasuresChecked(_)
            | CaseEvent::Extended(_)
            | CaseEvent::CalledOff(_)
            | CaseEvent::DeadlineWarned(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &CaseCommand) -> Need {
    match command {
        CaseCommand::Open(_) | CaseCommand::Extend(_) | CaseCommand::CallOff(_) => {
            Need::Permission(names::ACCOUNTABILITY_OPEN)
        }
        // A side may be a unit that no longer has a say over the school: the decision asks whether somebody of that
        // very unit writes for it.
        CaseCommand::State { .. } | CaseCommand::ReportMeasures { .. } => Need::Oneself,
        CaseCommand::Find(_) | CaseCommand::Submit | CaseCommand::Handle { .. } => {
            Need::Permission(names::ACCOUNTABILITY_FIND)
        }
        CaseCommand::Review { .. } => Need::Permission(names::ACCOUNTABILITY_REVIEW),
        CaseCommand::Conclude { .. } => Need::Permission(names::ACCOUNTABILITY_SIGN),
        CaseCommand::CheckMeasures { .. } => Need::Permission(names::ACCOUNTABILITY_CHECK),
        CaseCommand::Tick { .. } => Need::System,
    }
}
