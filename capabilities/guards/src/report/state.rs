//! A report as it stands. Its lines are rows of their own: a county has more of them than a state may hold.

use journal::{Doer, Stamp};
use kernel::{Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use super::event::{Line, Number, ReportEvent};
use crate::staffing::Variant;

kernel::named! {
    /// Where a report stands, by name.
    pub enum StageCode {
        /// 拟稿中
        Drafted = "drafted",
        /// 待签发
        Signing = "signing",
        /// 已签发
        Signed = "signed",
        /// 已作废
        Withdrawn = "withdrawn",
    }
}

/// What was signed, in sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Its number.
    pub number: Number,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// What was evaluated, the one in force first.
    pub variants: Vec<Variant>,
    /// Guards asked for, where that can be said.
    pub required: u32,
    /// Guards that count.
    pub evidenced: u32,
    /// Guards that are lacking.
    pub lacking: u32,
    /// Campuses where some are lacking.
    pub short: u32,
    /// Campuses in all.
    pub places: u32,
    /// Clauses it leans on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
    /// How far the journal was read.
    pub reading: journal::Reading,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Doer,
}

/// Where a report stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 拟稿中
    Drafted {},
    /// 待签发
    Signing {},
    /// 已签发
    Signed {
        /// What was signed.
        signature: Box<Signature>,
    },
    /// 已作废
    Withdrawn {
        /// When.
        since: Timestamp,
    },
}

impl Stage {
    /// By name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Drafted {} => StageCode::Drafted,
            Self::Signing {} => StageCode::Signing,
            Self::Signed { .. } => StageCode::Signed,
            Self::Withdrawn { .. } => StageCode::Withdrawn,
        }
    }

    /// What was signed.
    pub fn signature(&self) -> Option<&Signature> {
        match self {
            Self::Signed { signature } => Some(signature),
            Self::Drafted {} | Self::Signing {} | Self::Withdrawn { .. } => None,
        }
    }
}

/// A report as it stands. The words may have been erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportState {
    /// The county.
    pub county: UnitId,
    /// The government it is addressed to.
    pub addressee: Option<String>,
    /// What is asked of it.
    pub request: Option<String>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// Everybody who wrote on it: nobody signs what he wrote.
    pub drafters: Vec<Doer>,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
}

pub(crate) fn evolve(state: Option<ReportState>, event: &ReportEvent, stamp: &Stamp) -> Option<ReportState> {
    if let ReportEvent::Drafted(parts) = event {
        let drafter = Doer::of(stamp, parts.core.by);
        let text = parts.text.clone();
        let mut state = state.unwrap_or_else(|| ReportState {
            county: parts.core.county,
            addressee: None,
            request: None,
            begun_at: stamp.at,
            drafters: Vec::new(),
            stage: Stage::Drafted {},
        });
        state.addressee = text.as_ref().map(|text| text.addressee.clone());
        state.request = text.map(|text| text.request);
        if !state.drafters.contains(&drafter) {
            state.drafters.push(drafter);
        }
        return Some(state);
    }
    let mut state = state?;
    match event {
        ReportEvent::Drafted(_) => {}
        ReportEvent::Submitted(_) => state.stage = Stage::Signing {},
        ReportEvent::SentBack(_) => state.stage = Stage::Drafted {},
        ReportEvent::Signed(parts) => {
            let core = &parts.core;
            let sum = |of: &dyn Fn(&Line) -> u32| core.lines.iter().map(of).fold(0, u32::saturating_add);
            let signature = Signature {
                number: core.number,
                document_number: core.document_number.clone(),
                variants: core.variants.clone(),
                required: sum(&|line| line.required.first().copied().flatten().unwrap_or(0)),
                evidenced: sum(&|line| line.evidenced),
                lacking: sum(&|line| line.lacking),
                short: sum(&|line| u32::from(line.lacking > 0)),
                places: u32::try_from(core.lines.len()).unwrap_or(u32::MAX),
                clauses: parts.text.as_ref().map(|text| text.clauses.clone()).unwrap_or_default(),
                reading: core.reading.clone(),
                at: stamp.at,
                by: Doer::of(stamp, core.by),
            };
            state.stage = Stage::Signed { signature: Box::new(signature) };
        }
        ReportEvent::Withdrawn(_) => state.stage = Stage::Withdrawn { since: stamp.at },
    }
    Some(state)
}
