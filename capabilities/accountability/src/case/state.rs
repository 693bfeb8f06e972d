//! A case as it stands.

use std::collections::BTreeMap;

use journal::Doer;
use kernel::{Coded, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};
use supervision::Number;

use super::event::{Authority, Consequence, Found, Side, SideRole, Verdict};

kernel::named! {
    /// Where a case stands, by name.
    pub enum StageCode {
        /// 陈述申辩
        Stating = "stating",
        /// 待认定
        Finding = "finding",
        /// 待审核
        Reviewing = "reviewing",
        /// 待签发
        Signing = "signing",
        /// 处理整改中
        Carrying = "carrying",
        /// 已办结
        Closed = "closed",
        /// 已撤销
        CalledOff = "called-off",
    }
}

impl StageCode {
    /// Somebody still has to do something.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Stating | Self::Finding | Self::Reviewing | Self::Signing | Self::Carrying => true,
            Self::Closed | Self::CalledOff => false,
        }
    }

    /// The conclusion is not signed yet.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Stating | Self::Finding | Self::Reviewing | Self::Signing => true,
            Self::Carrying | Self::Closed | Self::CalledOff => false,
        }
    }
}

/// Where a case stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 陈述申辩
    Stating {},
    /// 待认定
    Finding {},
    /// 待审核
    Reviewing {},
    /// 待签发
    Signing {
        /// Who reviewed the findings.
        reviewer: Doer,
    },
    /// 处理整改中
    Carrying {},
    /// 已办结
    Closed {
        /// Since when.
        since: Timestamp,
    },
    /// 已撤销
    CalledOff {
        /// Since when.
        since: Timestamp,
    },
}

impl Stage {
    /// The stage by name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Stating {} => StageCode::Stating,
            Self::Finding {} => StageCode::Finding,
            Self::Reviewing {} => StageCode::Reviewing,
            Self::Signing { .. } => StageCode::Signing,
            Self::Carrying {} => StageCode::Carrying,
            Self::Closed { .. } => StageCode::Closed,
            Self::CalledOff { .. } => StageCode::CalledOff,
        }
    }

    /// When it ended.
    pub const fn ended(&self) -> Option<Timestamp> {
        match self {
            Self::Closed { since } | Self::CalledOff { since } => Some(*since),
            Self::Stating {}
            | Self::Finding {}
            | Self::Reviewing {}
            | Self::Signing { .. }
            | Self::Carrying {} => None,
        }
    }
}

/// Measures that a side owes since the conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// By when.
    pub due: DueBy,
    /// Who reported them done, once somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Doer>,
    /// Somebody else found them done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checked: bool,
}

/// One side as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideState {
    /// Which, and what it was called.
    pub side: Side,
    /// Who spoke for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoke: Vec<Doer>,
    /// It said nothing while there was time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    /// What was found of it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Found>,
    /// Its handling was carried out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handled: bool,
    /// What it owes since the conclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
}

impl SideState {
    /// What was found, if this program knows the word.
    pub fn verdict(&self) -> Option<Verdict> {
        self.finding.as_ref().and_then(|found| found.verdict.known())
    }

    /// It has a handling that was not carried out.
    pub fn waits_for_handling(&self) -> bool {
        !self.handled && self.finding.as_ref().is_some_and(|found| !found.handlings.is_empty())
    }

    /// It owes measures that nobody has found done.
    pub fn owes(&self) -> Option<&Measures> {
        self.measures.as_ref().filter(|measures| !measures.checked)
    }
}

/// 结论 as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Doer,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
}

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseState {
    /// Its number in the county and year.
    pub number: Number,
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The county.
    pub county: Option<UnitId>,
    /// Who decided to open it.
    pub authority: Coded<Authority>,
    /// What that is called, when it is another one; empty otherwise, and once erased.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority_name: String,
    /// 文号 of its decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision_number: String,
    /// What came of the hazard.
    pub consequence: Coded<Consequence>,
    /// The day it happened.
    pub happened_on: Timestamp,
    /// The consequence in words; `None` once erased.
    pub what: Option<String>,
    /// Why it is linked with the hazard; `None` once erased.
    pub link: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Both sides.
    pub sides: Vec<SideState>,
    /// The sides have to speak by.
    pub statement: DueBy,
    /// To be concluded by.
    pub investigation: DueBy,
    /// It was given more time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub extended: bool,
    /// Who wrote findings: what somebody wrote he does not judge, whoever changed it since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writers: Vec<Doer>,
    /// The conclusion, once it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
}

impl CaseState {
    /// Whose office acts: the county's, or the school's own unit where there is none above it.
    pub fn office(&self) -> UnitId {
        self.county.unwrap_or(self.unit)
    }

    /// The side that is this unit.
    pub fn side(&self, unit: UnitId) -> Option<&SideState> {
        self.sides.iter().find(|one| one.side.unit == unit)
    }

    /// The measures that are due next, whoever owes them.
    pub fn next_measures(&self) -> Option<&Measures> {
        self.sides.iter().filter_map(SideState::owes).min_by_key(|measures| measures.due.at)
    }

    /// Nothing is left to be carried out.
    pub fn is_carried_out(&self) -> bool {
        self.sides.iter().all(|one| !one.waits_for_handling() && one.owes().is_none())
    }

    /// The sides of one kind.
    pub fn of_role(&self, role: SideRole) -> impl Iterator<Item = &SideState> {
        self.sides.iter().filter(move |one| one.side.role.is(role))
    }
}
