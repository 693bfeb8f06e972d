//! An adjustment as it stands.

use hazard::Note;
use journal::{Parts, Stamp};
use kernel::{Date, PersonId, Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use crate::{
    change::Change,
    event::{AdjustmentEvent, Drafted, Number},
};

kernel::named! {
    /// Where an adjustment stands.
    pub enum StageCode {
        /// 待签发
        Waiting = "waiting",
        /// 已退回
        SentBack = "sent_back",
        /// 已撤回
        Dropped = "dropped",
        /// 已启用
        Active = "active",
        /// 已终止
        Ended = "ended",
    }
}

/// Where an adjustment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 待签发
    Waiting,
    /// 已退回
    SentBack,
    /// 已撤回
    Dropped,
    /// 已启用
    Active {
        /// When it was activated: later ones lie on top.
        at: Timestamp,
    },
    /// 已终止
    Ended {
        /// When it was activated.
        at: Timestamp,
        /// The first day on which it holds no more.
        on: Date,
    },
}

/// An adjustment as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentState {
    /// Its number.
    pub number: Number,
    /// The county whose rules it changes.
    pub county: UnitId,
    /// The first day on which it holds.
    pub from: Date,
    /// What it changes.
    pub changes: Vec<Change>,
    /// Why; absent once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who drafted it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted_by: Option<PersonId>,
    /// Everybody who drafted it: none of them signs it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafters: Vec<PersonId>,
    /// When it was drafted last.
    pub drafted_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
}

impl Stage {
    /// Its code.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Waiting => StageCode::Waiting,
            Self::SentBack => StageCode::SentBack,
            Self::Dropped => StageCode::Dropped,
            Self::Active { .. } => StageCode::Active,
            Self::Ended { .. } => StageCode::Ended,
        }
    }
}

impl AdjustmentState {
    /// When it was activated and the day it ended, if it ever was in force.
    pub const fn activated(&self) -> Option<(Timestamp, Option<Date>)> {
        match &self.stage {
            Stage::Active { at } => Some((*at, None)),
            Stage::Ended { at, on } => Some((*at, Some(*on))),
            Stage::Waiting | Stage::SentBack | Stage::Dropped => None,
        }
    }
}

fn drafted(before: Option<AdjustmentState>, parts: &Parts<Drafted, Note>, stamp: &Stamp) -> AdjustmentState {
    let core = &parts.core;
    let mut drafters = before.map(|before| before.drafters).unwrap_or_default();
    drafters.extend(core.by.filter(|by| !drafters.contains(by)));
    AdjustmentState {
        number: core.number,
        county: core.county,
        from: core.from,
        changes: core.changes.clone(),
        reason: parts.text.as_ref().map(|text| text.note.clone()),
        drafted_by: core.by,
        drafters,
        drafted_at: stamp.at,
        stage: Stage::Waiting,
    }
}

pub(crate) fn evolve(
    state: Option<AdjustmentState>,
    event: &AdjustmentEvent,
    stamp: &Stamp,
) -> Option<AdjustmentState> {
    use AdjustmentEvent as E;
    let before = match (state, event) {
        (before, E::Drafted(parts) | E::Redrafted(parts)) => return Some(drafted(before, parts, stamp)),
        (None, E::SentBack(_) | E::Dropped(_) | E::Activated(_) | E::Ended(_)) => return None,
        (Some(before), _) => before,
    };
    let stage = match event {
        E::Drafted(_) | E::Redrafted(_) => before.stage.clone(),
        E::SentBack(_) => Stage::SentBack,
        E::Dropped(_) => Stage::Dropped,
        E::Activated(_) => Stage::Active { at: stamp.at },
        E::Ended(parts) => {
            let at = before.activated().map_or(stamp.at, |(at, _)| at);
            Stage::Ended { at, on: parts.core.on }
        }
    };
    Some(AdjustmentState { stage, ..before })
}
