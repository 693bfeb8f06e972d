//! A report as it stands.

use std::collections::BTreeMap;

use hazard::Photo;
use journal::Doer;
use kernel::{Coded, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

use crate::event::{Answer, Number};

kernel::named! {
    /// Where a report stands, by name.
    pub enum StageCode {
        /// 待答复
        Waiting = "waiting",
        /// 已转隐患
        TakenUp = "taken-up",
        /// 未转办
        Answered = "answered",
    }
}

/// The reporter's telephone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Telephone {
    /// None was left.
    #[default]
    None,
    /// It is kept, sealed, beside the journal.
    Kept,
    /// It was erased.
    Erased,
}

/// Where a report stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Stage {
    /// 待答复
    Waiting {
        /// From when the time to answer is counted.
        since: Timestamp,
        /// The answer is owed by.
        due: DueBy,
    },
    /// 已转隐患
    TakenUp {
        /// When.
        at: Timestamp,
        /// The hazard that it became.
        hazard: StreamId,
        /// Its ledger number.
        hazard_number: hazard::Number,
        /// What the reporter reads.
        told: Option<String>,
    },
    /// 未转办
    Answered {
        /// When.
        at: Timestamp,
        /// Why it becomes no hazard.
        answer: Coded<Answer>,
        /// The hazard that it is already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hazard: Option<StreamId>,
        /// Its ledger number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hazard_number: Option<hazard::Number>,
        /// What the reporter reads.
        told: Option<String>,
    },
}

impl Stage {
    /// The stage by name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Waiting { .. } => StageCode::Waiting,
            Self::TakenUp { .. } => StageCode::TakenUp,
            Self::Answered { .. } => StageCode::Answered,
        }
    }

    /// The hazard that it became, or is already.
    pub const fn hazard(&self) -> Option<(StreamId, Option<hazard::Number>)> {
        match self {
            Self::TakenUp { hazard, hazard_number, .. } => Some((*hazard, Some(*hazard_number))),
            Self::Answered { hazard: Some(hazard), hazard_number, .. } => Some((*hazard, *hazard_number)),
            Self::Answered { hazard: None, .. } | Self::Waiting { .. } => None,
        }
    }

    /// When it was answered.
    pub const fn answered_at(&self) -> Option<Timestamp> {
        match self {
            Self::TakenUp { at, .. } | Self::Answered { at, .. } => Some(*at),
            Self::Waiting { .. } => None,
        }
    }

    /// What the reporter reads.
    pub fn told(&self) -> Option<&str> {
        match self {
            Self::TakenUp { told, .. } | Self::Answered { told, .. } => told.as_deref(),
            Self::Waiting { .. } => None,
        }
    }
}

/// A report as it stands. The words may have been erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicReportState {
    /// Its number.
    pub number: Number,
    /// The school.
    pub unit: UnitId,
    /// The township it lay in then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<UnitId>,
    /// The central school that ran it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// The place whose code was scanned.
    pub place: StreamId,
    /// Name of the school.
    pub unit_name: Option<String>,
    /// Name of the place.
    pub place_name: Option<String>,
    /// What kind of hazard it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Where exactly.
    pub spot: Option<String>,
    /// What is wrong.
    pub words: Option<String>,
    /// Photos of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// When it came in.
    pub received_at: Timestamp,
    /// The reporter's telephone.
    #[serde(default)]
    pub telephone: Telephone,
    /// When the telephone is erased; nothing as long as nobody answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forget: Option<Timestamp>,
    /// When the county sent an answer back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back_at: Option<Timestamp>,
    /// An answer came, or still has to come, after its time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// Who answered last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Doer>,
    /// Where it stands. No field here may be named as one of a stage: both lie side by side in the JSON.
    #[serde(flatten)]
    pub stage: Stage,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
}
