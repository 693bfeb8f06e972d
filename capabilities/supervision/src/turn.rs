//! Whose turn it is: computed from the state alone, so that every list says the same.

use kernel::{PersonId, Timestamp, UnitId};

use crate::state::{Stage, SupervisionState};

kernel::named! {
    /// What has to be done next.
    pub enum Act {
        /// 临时管控
        Control = "control",
        /// 拟稿
        Draft = "draft",
        /// 审核
        Review = "review",
        /// 签发
        Sign = "sign",
        /// 送达签收
        Receive = "receive",
        /// 每周报告进展
        Progress = "progress",
        /// 申请摘牌
        Apply = "apply",
        /// 现场核查
        Check = "check",
        /// 核查签字
        SignCheck = "sign-check",
        /// 签发摘牌
        Delist = "delist",
    }
}

impl Act {
    /// The permission that does it, over the unit whose turn it is.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Control | Self::Receive | Self::Progress | Self::Apply => "supervision.answer",
            Self::Draft => "supervision.draft",
            Self::Review => "supervision.review",
            Self::Sign | Self::Delist => "supervision.sign",
            Self::Check | Self::SignCheck => "supervision.check",
        }
    }

    /// It is the school's turn; otherwise the county's.
    pub const fn is_the_schools(self) -> bool {
        match self {
            Self::Control | Self::Receive | Self::Progress | Self::Apply => true,
            Self::Draft | Self::Review | Self::Sign | Self::Check | Self::SignCheck | Self::Delist => false,
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
    /// By when.
    pub due: Option<Timestamp>,
    /// By these alone, when somebody was named.
    pub only: Vec<PersonId>,
    /// By everybody there but these: nobody judges his own work.
    pub barred: Vec<PersonId>,
}

/// Everything that has to be done now; several things may wait for different people at once.
pub fn turns(state: &SupervisionState) -> Vec<Turn> {
    let mut turns = Vec::new();
    if !state.stage.code().is_running() {
        return turns;
    }
    let turn = |act: Act, due: Option<Timestamp>| Turn {
        act,
        unit: if act.is_the_schools() { state.unit } else { state.office() },
        due,
        only: Vec::new(),
        barred: Vec::new(),
    };
    if state.controlled.is_none() {
        turns.push(turn(Act::Control, Some(state.control.at)));
    }
    if let Some(listing) = state.stage.listing().filter(|listing| listing.received_at.is_none()) {
        turns.push(turn(Act::Receive, Some(listing.receipt.at)));
    }
    let notice = Some(state.notice_due.at);
    match &state.stage {
        Stage::Owed {} | Stage::Drafted { .. } => turns.push(turn(Act::Draft, notice)),
        Stage::Reviewing { notice: drafted } => {
            let barred = drafted.drafters().filter_map(|doer| doer.person).collect();
            turns.push(Turn { barred, ..turn(Act::Review, notice) });
        }
        Stage::Signing { notice: drafted, reviewer } => {
            let barred = drafted.drafters().chain([reviewer]).filter_map(|doer| doer.person).collect();
            turns.push(Turn { barred, ..turn(Act::Sign, notice) });
        }
        Stage::Listed { .. } if state.rectified => turns.push(turn(Act::Apply, None)),
        Stage::Listed { listing } => turns.push(turn(Act::Progress, Some(listing.progress.at))),
        Stage::Applied { due, .. } => turns.push(turn(Act::Check, Some(due.at))),
        Stage::Checking { check, due, .. } => {
            let only = check.unsigned().collect();
            turns.push(Turn { only, ..turn(Act::SignCheck, Some(due.at)) });
        }
        Stage::Checked { check, due, .. } => {
            let there = check.checkers.iter().map(|checker| checker.person);
            let barred = there.chain(check.recorder.person).collect();
            turns.push(Turn { barred, ..turn(Act::Delist, Some(due.at)) });
        }
        Stage::Delisted { .. } | Stage::Waived { .. } | Stage::Ended { .. } => {}
    }
    turns
}
