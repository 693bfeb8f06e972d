//! Whose turn it is: computed from the state alone, so that every list says the same.

use kernel::{Coded, PersonId, Timestamp, UnitId};

use crate::{
    level::{Acceptor, Escalation, Level},
    state::{HazardState, Help, Stage},
};

/// What has to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// 定级
    Grade,
    /// 交办
    Assign,
    /// 签收
    TakeOn,
    /// 整改
    Rectify,
    /// 延期审批
    AnswerExtension,
    /// 复查验收
    Accept,
    /// 销号
    Close,
    /// 回头看
    Revisit,
    /// 提请答复
    AnswerHelp,
    /// 协助落实
    DeliverHelp,
    /// 约谈
    Talk,
    /// 提级督办
    Raise,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 12] = [
        Self::Grade,
        Self::Assign,
        Self::TakeOn,
        Self::Rectify,
        Self::AnswerExtension,
        Self::Accept,
        Self::Close,
        Self::Revisit,
        Self::AnswerHelp,
        Self::DeliverHelp,
        Self::Talk,
        Self::Raise,
    ];

    /// The name stored in tables and used in addresses; its text is the message `hazard-act-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grade => "grade",
            Self::Assign => "assign",
            Self::TakeOn => "take-on",
            Self::Rectify => "rectify",
            Self::AnswerExtension => "answer-extension",
            Self::Accept => "accept",
            Self::Close => "close",
            Self::Revisit => "revisit",
            Self::AnswerHelp => "answer-help",
            Self::DeliverHelp => "deliver-help",
            Self::Talk => "talk",
            Self::Raise => "raise",
        }
    }

    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// The permission that does it, over the unit whose turn it is.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Grade => "hazard.grade",
            Self::Assign => "hazard.assign",
            Self::TakeOn => "hazard.take_on",
            Self::Rectify => "hazard.rectify",
            Self::AnswerExtension => "hazard.decide_extension",
            Self::Accept => "hazard.accept",
            Self::Close => "hazard.close",
            Self::Revisit => "hazard.revisit",
            Self::AnswerHelp | Self::DeliverHelp => "hazard.answer_help",
            Self::Talk => "hazard.central",
            Self::Raise => "hazard.county",
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What has to be done.
    pub act: Act,
    /// By which unit's people.
    pub unit: UnitId,
    /// By whom, when somebody was named.
    pub person: Option<PersonId>,
}

/// What a central school does for a school that has nobody who could: where nobody there may do the first, all of
/// these are its work.
pub const LEFT_TO_CENTRAL: [(Act, [Act; 2]); 2] =
    [(Act::Assign, [Act::Grade, Act::Assign]), (Act::TakeOn, [Act::TakeOn, Act::Rectify])];

/// Whose turn it is; `None` when nobody has anything to do, or a newer program named whom this one does not know.
pub fn turn(state: &HazardState) -> Option<Turn> {
    let at = |act: Act, unit: UnitId| Some(Turn { act, unit, person: None });
    let superior = state.county.unwrap_or(state.unit);
    // What the school itself does about a general hazard, the county does about a major one.
    let judge = match state.level {
        Some(Level::Major) => superior,
        Some(Level::General | Level::Larger) | None => state.unit,
    };
    match &state.stage {
        Stage::Registered { .. } => at(Act::Grade, state.unit),
        Stage::Graded { .. } => at(Act::Assign, judge),
        Stage::Assigned { responsible, .. } => {
            Some(Turn { act: Act::TakeOn, unit: state.unit, person: *responsible })
        }
        Stage::Rectifying { plan } => {
            Some(Turn { act: Act::Rectify, unit: state.unit, person: plan.responsible })
        }
        Stage::ExtensionAsked { answerer, .. } => {
            at(Act::AnswerExtension, acceptor_unit(state, answerer.known()?))
        }
        Stage::AwaitingAcceptance { acceptor, .. } => {
            at(Act::Accept, acceptor_unit(state, acceptor.known()?))
        }
        Stage::Accepted { acceptor, .. } => at(Act::Close, acceptor_unit(state, acceptor.known()?)),
        // Where nobody else at the school could accept, nobody else there can look back either.
        Stage::Closed {
            acceptor: Some(Coded::Known(acceptor @ (Acceptor::Central | Acceptor::County))),
            ..
        } => at(Act::Revisit, acceptor_unit(state, *acceptor)),
        Stage::Closed { .. } if state.unit_closed() && !state.is_major() => {
            at(Act::Revisit, acceptor_unit(state, Acceptor::Central))
        }
        Stage::Closed { .. } => at(Act::Revisit, judge),
        Stage::Done { .. } | Stage::Withdrawn { .. } | Stage::CarriedOver { .. } => None,
    }
}

/// Who may not do what the turn asks, whatever he may do otherwise: nobody judges his own work or answers his own
/// request. It waits for the others at that unit.
pub fn barred(state: &HazardState) -> Vec<PersonId> {
    match &state.stage {
        Stage::AwaitingAcceptance { fixer, plan, .. } => {
            let named = fixer.person.into_iter().chain(plan.responsible);
            named.chain(plan.earlier.iter().copied()).collect()
        }
        Stage::Closed { fixer, .. } => fixer.as_ref().and_then(|fixer| fixer.person).into_iter().collect(),
        Stage::ExtensionAsked { asker_person, .. } => asker_person.iter().copied().collect(),
        Stage::Registered { .. }
        | Stage::Graded { .. }
        | Stage::Assigned { .. }
        | Stage::Rectifying { .. }
        | Stage::Accepted { .. }
        | Stage::Done { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => Vec::new(),
    }
}

/// A step of the climb that waits for a superior, beside the turn of whoever is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// [`Act::Talk`] or [`Act::Raise`].
    pub act: Act,
    /// The step.
    pub step: Escalation,
    /// By which unit's people.
    pub unit: UnitId,
}

/// What a superior has to do about lateness: 约谈 the central school, 提级督办 the county; where there is no central
/// school, both are the county's. `None` when it was done or nothing is that late.
pub fn watch(state: &HazardState) -> Option<Watch> {
    let step = state.escalation.filter(|step| state.answered.is_none_or(|done| done < *step))?;
    if !state.stage.code().is_open() {
        return None;
    }
    let county = state.county.unwrap_or(state.unit);
    match step {
        Escalation::Remind => None,
        Escalation::Talk => Some(Watch { act: Act::Talk, step, unit: state.central_now().unwrap_or(county) }),
        Escalation::Raise => Some(Watch { act: Act::Raise, step, unit: county }),
    }
}

/// What the county owes of a request for help, beside the turn of whoever fixes it: the work goes on meanwhile, and its
/// clock with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// [`Act::AnswerHelp`] or [`Act::DeliverHelp`].
    pub act: Act,
    /// The county.
    pub unit: UnitId,
    /// By when; requests from before that had a deadline have none.
    pub due: Option<Timestamp>,
}

/// What the county owes of a request for help: nothing while what was fixed waits to be proved.
pub fn owed(state: &HazardState) -> Option<Owed> {
    let clock = state.help_clock.as_ref();
    let act = match state.help.filter(|_| state.stage.code().before_proof())? {
        Help::Asked => Act::AnswerHelp,
        Help::Supported => clock.map(|_| Act::DeliverHelp)?,
        Help::Delivered => return None,
    };
    Some(Owed { act, unit: state.county.unwrap_or(state.unit), due: clock.map(|clock| clock.due.at) })
}

/// The unit whose people accept.
pub fn acceptor_unit(state: &HazardState, acceptor: Acceptor) -> UnitId {
    let superior = state.county.unwrap_or(state.unit);
    match acceptor {
        Acceptor::School => state.unit,
        Acceptor::Central => state.central_now().unwrap_or(superior),
        Acceptor::County => superior,
    }
}
