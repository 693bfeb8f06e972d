//! A clarification as it stands.

use std::collections::BTreeMap;

use journal::Doer;
use kernel::{Coded, PersonId, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};
use supervision::Number;

use super::event::Purpose;
use crate::{
    case::{Act, Turn},
    reading::{Hand, Reading},
};

kernel::named! {
    /// Where a clarification stands, by name.
    pub enum ClarificationStage {
        /// 待答复
        Asked = "asked",
        /// 待签发
        Drafted = "drafted",
        /// 已出具
        Signed = "signed",
        /// 不予出具
        Refused = "refused",
    }
}

impl ClarificationStage {
    /// The county owes an answer.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Asked | Self::Drafted => true,
            Self::Signed | Self::Refused => false,
        }
    }
}

/// Whose word it is, and how far the journal was read for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Its number.
    pub number: Number,
    /// When it was signed.
    pub at: Timestamp,
    /// The person who signed.
    pub by: Option<PersonId>,
    /// The signer's post, by its stored name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
    /// How far the journal was read.
    pub reading: Reading,
    /// The offices that acted, as they were called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<Hand>,
    /// Deadlines of the unit that were missed.
    #[serde(default)]
    pub missed: u32,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// Why it did its duty although it missed a deadline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub although: String,
}

/// Where a clarification stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 待答复
    Asked {},
    /// 待签发
    Drafted {
        /// Who wrote on it, the last one last.
        drafters: Vec<Doer>,
    },
    /// 已出具
    Signed {
        /// Whose word it is.
        signature: Box<Signature>,
    },
    /// 不予出具
    Refused {
        /// Since when.
        since: Timestamp,
    },
}

/// A clarification as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClarificationState {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The unit it is about.
    pub unit: UnitId,
    /// What it was called when this began.
    pub name: String,
    /// The county.
    pub county: Option<UnitId>,
    /// The case whose conclusion issued it, with its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<(StreamId, Number)>,
    /// The rules it was measured by there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What it is needed for; absent when a conclusion issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Coded<Purpose>>,
    /// Who wants to see it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// What is being claimed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub claim: String,
    /// When it began.
    pub begun_at: Timestamp,
    /// To be answered by; absent when a conclusion issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<DueBy>,
    /// 澄清结论, as far as it is written; `None` once erased, and when a conclusion issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The clauses it leans on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Who wrote on it before it was sent back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Doer>,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
}

impl ClarificationState {
    /// Whose office answers: the county's, or the unit's own where there is none above it.
    pub fn office(&self) -> UnitId {
        self.county.unwrap_or(self.unit)
    }

    /// The stage by name.
    pub const fn code(&self) -> ClarificationStage {
        match &self.stage {
            Stage::Asked {} => ClarificationStage::Asked,
            Stage::Drafted { .. } => ClarificationStage::Drafted,
            Stage::Signed { .. } => ClarificationStage::Signed,
            Stage::Refused { .. } => ClarificationStage::Refused,
        }
    }

    /// Whose word it is, once it is signed.
    pub fn signature(&self) -> Option<&Signature> {
        match &self.stage {
            Stage::Signed { signature } => Some(signature),
            Stage::Asked {} | Stage::Drafted { .. } | Stage::Refused { .. } => None,
        }
    }

    /// When it ended.
    pub fn ended(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Signed { signature } => Some(signature.at),
            Stage::Refused { since } => Some(*since),
            Stage::Asked {} | Stage::Drafted { .. } => None,
        }
    }

    /// What has to be done now.
    pub(crate) fn turn(&self) -> Option<Turn> {
        let turn = |act: Act, barred: Vec<PersonId>| Turn {
            act,
            unit: self.office(),
            side: self.unit,
            due: self.answer.as_ref().map(|due| due.at),
            barred,
        };
        match &self.stage {
            Stage::Asked {} => Some(turn(Act::Draft, Vec::new())),
            Stage::Drafted { drafters } => {
                Some(turn(Act::Sign, drafters.iter().filter_map(|doer| doer.person).collect()))
            }
            Stage::Signed { .. } | Stage::Refused { .. } => None,
        }
    }
}
