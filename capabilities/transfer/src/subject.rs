//! The letter as a kind of stream.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{ClockSpec, Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx};

use crate::{
    clocks,
    command::TransferCommand,
    decide,
    event::{TransferEvent, Way},
    evolve, facts,
    facts::TransferFacts,
    save,
    state::TransferState,
};

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Transfer {
    rules: Arc<RwLock<RuleBook>>,
}

impl Transfer {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl Subject for Transfer {
    const KIND: &'static str = "transfer";
    const TABLE: &'static str = "transfer";
    const SHAPE: i64 = 1;
    type State = TransferState;
    type Event = TransferEvent;
    type Command = TransferCommand;
    type Facts = TransferFacts;

    fn need(&self, _: Option<&TransferState>, command: &TransferCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&TransferState>, command: &TransferCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, TransferCommand::Draft(draft)) => draft.unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&TransferState>,
        command: &TransferCommand,
        context: &Context<'_>,
    ) -> Result<TransferFacts, StorageError> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        facts::facts(tx, rules, state, command, context)
    }

    fn decide(
        &self,
        state: Option<&TransferState>,
        command: &TransferCommand,
        facts: &TransferFacts,
        context: &Context<'_>,
    ) -> Result<Vec<TransferEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn rules(&self, facts: &TransferFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<TransferState>, event: &TransferEvent, stamp: &Stamp) -> Option<TransferState> {
        evolve::evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save::save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        save::clear(tx)
    }

    fn clocks(state: &TransferState) -> Vec<ClockSpec> {
        clocks::clocks(state)
    }

    fn unit_of(state: &TransferState) -> UnitId {
        state.unit
    }

    fn evidence(event: &TransferEvent, _: &TransferState) -> Vec<Evidence> {
        // M17: each department's duty performed; its transfers and how they were answered.
        let one = |kind: &'static str| vec![Evidence { kind, measure: "M17", amount: 1 }];
        match event {
            TransferEvent::Sent(_) => one("transfer.sent"),
            TransferEvent::Replied(_) => one("transfer.replied"),
            TransferEvent::Drafted(_)
            | TransferEvent::Submitted(_)
            | TransferEvent::SentBack(_)
            | TransferEvent::Signed(_)
            | TransferEvent::LinkMade(_)
            | TransferEvent::LinkRevoked(_)
            | TransferEvent::Opened(_)
            | TransferEvent::Received(_)
            | TransferEvent::AskedAgain(_)
            | TransferEvent::Withdrawn(_)
            | TransferEvent::Urged(_)
            | TransferEvent::DeadlineWarned(_) => Vec::new(),
        }
    }
}

/// What a command needs before anybody looks at its content.
pub(crate) fn need(command: &TransferCommand) -> Need {
    use TransferCommand as C;
    let came_by = |way: Way| match way {
        // What comes by the link comes from nobody with an account: the platform brings it.
        Way::Link => Need::System,
        Way::Paper | Way::Telephone | Way::Meeting => Need::Permission(access::names::TRANSFER_DRAFT),
    };
    match command {
        C::Receive(draft) => came_by(draft.way),
        C::Reply(draft) => came_by(draft.way),
        C::Opened { .. } | C::Tick { .. } => Need::System,
        C::Sign { .. } => Need::Permission(access::names::TRANSFER_SIGN),
        C::Draft(_)
        | C::Submit
        | C::Send { .. }
        | C::MakeLink
        | C::RevokeLink
        | C::AskAgain { .. }
        | C::Withdraw(_)
        | C::Urge { .. } => Need::Permission(access::names::TRANSFER_DRAFT),
    }
}
