//! What may be asked of a case.

use hazard::{Note, Photo};
use kernel::{StreamId, Timestamp, UnitId};
use serde::Serialize;

use super::event::{Authority, Consequence, Handling, Verdict};

/// 启动责任追究 as somebody wrote it down; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseDraft {
    /// The hazard.
    pub hazard: StreamId,
    /// The school it is at.
    pub unit: UnitId,
    /// 决定机关
    pub authority: Option<Authority>,
    /// What another one is called.
    pub authority_name: String,
    /// 文号 of its decision.
    pub document_number: String,
    /// 严重后果
    pub consequence: Option<Consequence>,
    /// The day it happened: its first millisecond.
    pub happened_on: Option<Timestamp>,
    /// The consequence in words.
    pub what: String,
    /// Why it is linked with the hazard.
    pub link: String,
    /// 整改方
    pub rectifying: Vec<UnitId>,
    /// 监管方
    pub supervising: Vec<UnitId>,
    /// The decision as it was scanned, and what shows the consequence.
    pub photos: Vec<Photo>,
}

/// 认定 of one side as somebody wrote it down; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FindingDraft {
    /// The side.
    pub side: Option<UnitId>,
    /// Whether it did its duty.
    pub verdict: Option<Verdict>,
    /// The facts it leans on.
    pub facts: String,
    /// The rules it is measured by.
    pub rules: Vec<String>,
    /// Clauses that are no rule here.
    pub basis: String,
    /// How a side is handled that did not.
    pub handlings: Vec<Handling>,
    /// Another handling in words, or to whom it is handed over.
    pub handling: String,
    /// What it has to put right.
    pub measures: String,
    /// By when: the last millisecond.
    pub measures_due: Option<Timestamp>,
}

/// What may be asked of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum CaseCommand {
    /// 启动
    Open(Box<CaseDraft>),
    /// 陈述申辩
    State {
        /// The side.
        side: UnitId,
        /// What it has to say.
        note: Note,
    },
    /// 认定
    Find(Box<FindingDraft>),
    /// 送审
    Submit,
    /// 审核
    Review {
        /// Yes or no.
        passed: bool,
        /// Why not.
        note: Note,
    },
    /// 签发
    Conclude {
        /// Yes or no.
        passed: bool,
        /// 文号
        document_number: String,
        /// Why a side did its duty although it missed a deadline.
        although: String,
        /// Why not, or an opinion.
        note: Note,
    },
    /// 处理落实
    Handle {
        /// The side.
        side: UnitId,
        /// 文号
        document_number: String,
        /// What was done, and with whom.
        note: Note,
    },
    /// 整改措施完成
    ReportMeasures {
        /// The side.
        side: UnitId,
        /// What was done.
        note: Note,
    },
    /// 整改措施核查
    CheckMeasures {
        /// The side.
        side: UnitId,
        /// Yes or no.
        passed: bool,
        /// What was seen.
        note: Note,
    },
    /// 延长调查
    Extend(Note),
    /// 撤销
    CallOff(Note),
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
