//! What happens to a clarification. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

use hazard::Note;
use journal::event_types;
use kernel::{Coded, PersonId, Reach, StreamId, Tier, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};
use supervision::Number;

use crate::reading::{Hand, Reading};

/// A clarification is the county's word about a unit of its own.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// What it is needed for.
    pub enum Purpose {
        /// 索赔、诉讼
        Claim = "claim",
        /// 投诉、舆情
        Complaint = "complaint",
        /// 上级、其他部门询问
        Inquiry = "inquiry",
        /// Another one, in words.
        Other = "other",
    }
}

/// Core of `clarification.asked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// What it was called then.
    pub name: String,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// What it is needed for.
    pub purpose: Coded<Purpose>,
    /// To be answered by.
    pub answer: DueBy,
    /// The person who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `clarification.asked`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedText {
    /// Who wants to see it.
    pub recipient: String,
    /// What is being claimed.
    pub claim: String,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The person who did it; absent when it was an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `clarification.drafted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftedText {
    /// 澄清结论
    pub statement: String,
    /// The clauses it leans on, besides those of the deadlines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// Core of `clarification.signed`. What the paper says follows from it and from the journal up to its reading, whatever
/// happens later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// Its number in the county and year.
    pub number: Number,
    /// How far the journal was read.
    pub reading: Reading,
    /// The offices that acted, as they were called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<Hand>,
    /// Deadlines of the unit that were missed.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub missed: u32,
    /// The signer's post, by its stored name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
    /// The person who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_none_of_them(count: &u32) -> bool {
    *count == 0
}

/// Text of `clarification.signed` and `clarification.issued`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedText {
    /// 文号
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// Why the unit did its duty although it missed a deadline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub although: String,
}

/// Core of `clarification.issued`: a case found that the unit did its duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issued {
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
    /// What it was called then.
    pub name: String,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// The rules it was measured by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// As of a paper that was asked for.
    pub signed: Signed,
}

/// Core of `clarification.deadline_warned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineWarned {
    /// Which clock.
    pub clock: String,
    /// Percent of the span that have passed; 100 is overdue.
    pub mark: u8,
}

event_types! {
    /// What happens to a clarification.
    pub enum ClarificationEvent {
        /// 申请
        Asked("clarification.asked", 1, COUNTY): Parts<Asked, AskedText>,
        /// 拟稿
        Drafted("clarification.drafted", 1, COUNTY): Parts<Acted, DraftedText>,
        /// 退回修改
        SentBack("clarification.sent_back", 1, COUNTY): Parts<Acted, Note>,
        /// 签发
        Signed("clarification.signed", 1, COUNTY): Parts<Signed, SignedText>,
        /// 不予出具
        Refused("clarification.refused", 1, COUNTY): Parts<Acted, Note>,
        /// 依结论出具
        Issued("clarification.issued", 1, COUNTY): Parts<Issued, SignedText>,
        /// 时限提醒
        DeadlineWarned("clarification.deadline_warned", 1, COUNTY): Parts<DeadlineWarned>,
    }
}
