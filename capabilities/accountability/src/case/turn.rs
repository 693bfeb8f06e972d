//! Whose turn it is: computed from the state alone, so that every list says the same.

use kernel::{PersonId, Timestamp, UnitId};

use super::state::{CaseState, SideState, Stage};

kernel::named! {
    /// What has to be done next.
    pub enum Act {
        /// 陈述申辩
        State = "state",
        /// 认定
        Find = "find",
        /// 审核
        Review = "review",
        /// 签发结论
        Conclude = "conclude",
        /// 处理落实
        Handle = "handle",
        /// 报告整改措施
        Report = "report",
        /// 核查整改措施
        Check = "check",
        /// 答复澄清申请
        Draft = "draft",
        /// 签发澄清
        Sign = "sign",
    }
}

impl Act {
    /// The permission that does it, over the unit whose turn it is.
    pub const fn permission(self) -> &'static str {
        use access::names as n;
        match self {
            Self::State | Self::Report => n::ACCOUNTABILITY_ANSWER,
            Self::Find | Self::Handle => n::ACCOUNTABILITY_FIND,
            Self::Review => n::ACCOUNTABILITY_REVIEW,
            Self::Conclude | Self::Sign => n::ACCOUNTABILITY_SIGN,
            Self::Check => n::ACCOUNTABILITY_CHECK,
            Self::Draft => n::CLARIFICATION_DRAFT,
        }
    }
}

/// Something somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What.
    pub act: Act,
    /// By which unit's people.
    pub unit: UnitId,
    /// For which side.
    pub side: UnitId,
    /// By when.
    pub due: Option<Timestamp>,
    /// By everybody there but these: nobody judges his own work.
    pub barred: Vec<PersonId>,
}

/// Everything that has to be done now; several things may wait for different people at once.
pub fn turns(state: &CaseState) -> Vec<Turn> {
    let office = state.office();
    let here = |act: Act, side: UnitId, due: Timestamp| Turn {
        act,
        unit: office,
        side,
        due: Some(due),
        barred: Vec::new(),
    };
    let by_side = |act: Act, side: &SideState, due: Timestamp| Turn {
        unit: side.side.unit,
        ..here(act, side.side.unit, due)
    };
    let inquiry = state.investigation.at;
    let writers = || state.writers.iter().filter_map(|doer| doer.person);
    let spoke = || state.sides.iter().flat_map(|one| &one.spoke).filter_map(|doer| doer.person);
    match &state.stage {
        Stage::Stating {} => {
            let waiting = state.sides.iter().filter(|one| one.spoke.is_empty());
            waiting.map(|one| by_side(Act::State, one, state.statement.at)).collect()
        }
        Stage::Finding {} => {
            vec![Turn { barred: spoke().collect(), ..here(Act::Find, state.unit, inquiry) }]
        }
        Stage::Reviewing {} => {
            let barred = writers().chain(spoke()).collect();
            vec![Turn { barred, ..here(Act::Review, state.unit, inquiry) }]
        }
        Stage::Signing { reviewer } => {
            let barred = writers().chain(reviewer.person).chain(spoke()).collect();
            vec![Turn { barred, ..here(Act::Conclude, state.unit, inquiry) }]
        }
        Stage::Carrying {} => {
            state.sides.iter().flat_map(|one| carrying(state, one, &by_side, &here)).collect()
        }
        Stage::Closed { .. } | Stage::CalledOff { .. } => Vec::new(),
    }
}

fn carrying(
    state: &CaseState,
    one: &SideState,
    by_side: &impl Fn(Act, &SideState, Timestamp) -> Turn,
    here: &impl Fn(Act, UnitId, Timestamp) -> Turn,
) -> Vec<Turn> {
    let mut turns = Vec::new();
    if one.waits_for_handling() {
        turns.push(Turn { due: None, ..here(Act::Handle, one.side.unit, state.investigation.at) });
    }
    if let Some(owed) = one.owes() {
        turns.push(match owed.reported {
            None => by_side(Act::Report, one, owed.due.at),
            Some(reporter) => Turn {
                barred: reporter.person.into_iter().collect(),
                ..here(Act::Check, one.side.unit, owed.due.at)
            },
        });
    }
    turns
}
