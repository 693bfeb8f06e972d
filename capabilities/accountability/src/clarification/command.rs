//! What may be asked of a clarification.

use hazard::Note;
use kernel::{PersonId, StreamId, UnitId};
use serde::Serialize;
use supervision::Number;

use super::event::Purpose;
use crate::reading::Reading;

/// 申请情况澄清 as somebody wrote it down; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClarificationDraft {
    /// The hazard.
    pub hazard: StreamId,
    /// The school it is at.
    pub unit: UnitId,
    /// What it is needed for.
    pub purpose: Option<Purpose>,
    /// Who wants to see it.
    pub recipient: String,
    /// What is being claimed.
    pub claim: String,
}

/// What whoever signs says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Answer {
    /// It is signed.
    Sign,
    /// It is to be written anew.
    Back,
    /// There will be none.
    Refuse,
}

/// A conclusion found that a unit did its duty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Issue {
    /// The case.
    pub case: StreamId,
    /// Its number.
    pub case_number: Number,
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The unit.
    pub unit: UnitId,
    /// What it was called when the case was opened.
    pub name: String,
    /// The school of the hazard.
    pub school: UnitId,
    /// The county.
    pub county: Option<UnitId>,
    /// The rules it was measured by.
    pub rules: Vec<String>,
    /// How far the journal was read.
    pub reading: Reading,
    /// Why it did its duty although it missed a deadline.
    pub although: Option<String>,
    /// 文号 of the conclusion.
    pub document_number: String,
    /// The signer's post.
    pub post: String,
    /// The person who signed the conclusion.
    pub by: Option<PersonId>,
}

/// What may be asked of a clarification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ClarificationCommand {
    /// 申请
    Ask(Box<ClarificationDraft>),
    /// 拟稿
    Draft {
        /// 澄清结论
        statement: String,
        /// The clauses it leans on.
        basis: String,
    },
    /// 签发, or not.
    Answer {
        /// Which of the three.
        answer: Answer,
        /// 文号
        document_number: String,
        /// Why the unit did its duty although it missed a deadline.
        although: String,
        /// Why not.
        note: Note,
    },
    /// 依结论出具
    Issue(Box<Issue>),
    /// A clock reached its next mark.
    Tick {
        /// Which clock.
        clock: String,
    },
}
