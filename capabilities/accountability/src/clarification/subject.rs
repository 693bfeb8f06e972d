//! The clarification as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use access::names;
use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use super::{
    command::ClarificationCommand, decide, event::ClarificationEvent, evolve, facts,
    facts::ClarificationFacts, save, state::ClarificationState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Clarification {
    rules: Arc<RwLock<RuleBook>>,
}

impl Clarification {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for Clarification {
    const KIND: &'static str = "clarification";
    const TABLE: &'static str = "clarification";
    const SHAPE: i64 = 1;
    type State = ClarificationState;
    type Event = ClarificationEvent;
    type Command = ClarificationCommand;
    type Facts = ClarificationFacts;

    fn need(&self, _: Option<&ClarificationState>, command: &ClarificationCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&ClarificationState>, command: &ClarificationCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, ClarificationCommand::Ask(draft)) => draft.unit,
            (None, ClarificationCommand::Issue(issue)) => issue.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&ClarificationState>,
        command: &ClarificationCommand,
        context: &Context<'_>,
    ) -> Result<ClarificationFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, state, command, context)
    }

    fn decide(
        &self,
        state: Option<&ClarificationState>,
        command: &ClarificationCommand,
        facts: &ClarificationFacts,
        context: &Context<'_>,
    ) -> Result<Vec<ClarificationEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &ClarificationFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(
        state: Option<ClarificationState>,
        event: &ClarificationEvent,
        stamp: &Stamp,
    ) -> Option<ClarificationState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &ClarificationState) -> Vec<ClockSpec> {
        let running = state.answer.as_ref().filter(|_| state.code().is_running());
        let of = |due: &rules::DueBy| {
            let reached = state.marks.get("answer").copied().unwrap_or(0);
            let (started, next) = (state.begun_at, due.next_mark(state.begun_at, reached));
            ClockSpec { name: "answer", started, due: due.at, next }
        };
        running.map(of).into_iter().collect()
    }

    fn unit_of(state: &ClarificationState) -> UnitId {
        state.unit
    }

    fn evidence(event: &ClarificationEvent, state: &ClarificationState) -> Vec<Evidence> {
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M22", amount: 1 }];
        match event {
            ClarificationEvent::Signed(_) => {
                let in_time = state.answer.as_ref().zip(state.ended());
                let in_time = in_time.is_some_and(|(due, at)| at <= due.at);
                one(if in_time { "clarification.signed_on_time" } else { "clarification.signed_late" })
            }
            ClarificationEvent::Issued(_) => one("clarification.issued"),
            ClarificationEvent::Asked(_)
            | ClarificationEvent::Drafted(_)
            | ClarificationEvent::SentBack(_)
            | ClarificationEvent::Refused(_)
            | ClarificationEvent::DeadlineWarned(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &ClarificationCommand) -> Need {
    match command {
        ClarificationCommand::Ask(_) => Need::Permission(names::CLARIFICATION_ASK),
        ClarificationCommand::Draft { .. } => Need::Permission(names::CLARIFICATION_DRAFT),
        ClarificationCommand::Answer { .. } => Need::Permission(names::ACCOUNTABILITY_SIGN),
        ClarificationCommand::Issue(_) | ClarificationCommand::Tick { .. } => Need::System,
    }
}
