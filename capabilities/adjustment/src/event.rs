//! What happens to an adjustment. **Decoded for ever**: never rename, never change a meaning.

use hazard::Note;
use journal::event_types;
use kernel::{Date, PersonId, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::change::Change;

const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

/// The number of an adjustment within a county and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The year it was drafted.
    pub year: i16,
    /// From 1.
    pub serial: u32,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:03}", self.year, self.serial)
    }
}

/// Core of `adjustment.drafted` and `adjustment.redrafted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// Its number.
    pub number: Number,
    /// The county whose rules it changes.
    pub county: UnitId,
    /// The first day on which it holds.
    pub from: Date,
    /// What it changes.
    pub changes: Vec<Change>,
    /// Who drafted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// How many open records had a deadline by a rule when the change was activated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    /// The rule.
    pub rule: String,
    /// Open records whose deadline it gave.
    pub open: u32,
}

/// Core of `adjustment.activated`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activated {
    /// The rules as they are with it: `base@hash8+overlay@hash8...`.
    pub stamp: String,
    /// The first day on which it holds.
    pub from: Date,
    /// Cases of the rules that were evaluated with it and agreed.
    pub cases: u32,
    /// What the trial over open records said to whoever activated it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerned: Vec<Concerned>,
    /// Who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `adjustment.ended`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The first day on which it holds no more.
    pub on: Date,
    /// The rules as they are from its decision on.
    pub stamp: String,
    /// Who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

event_types! {
    /// What happens to an adjustment.
    pub enum AdjustmentEvent {
        /// 拟稿
        Drafted("adjustment.drafted", 1, COUNTY): Parts<Drafted, Note>,
        /// 重拟
        Redrafted("adjustment.redrafted", 1, COUNTY): Parts<Drafted, Note>,
        /// 退回
        SentBack("adjustment.sent_back", 1, COUNTY): Parts<Acted, Note>,
        /// 撤回
        Dropped("adjustment.dropped", 1, COUNTY): Parts<Acted, Note>,
        /// 签发启用
        Activated("adjustment.activated", 1, COUNTY): Parts<Activated, Note>,
        /// 终止
        Ended("adjustment.ended", 1, COUNTY): Parts<Ended, Note>,
    }
}
