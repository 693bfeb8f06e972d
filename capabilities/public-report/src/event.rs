//! What happens to a report. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster. The reporter's telephone stands in none of them, nor where he sent from.

use hazard::{Note, Photo};
use journal::event_types;
use kernel::{Coded, PersonId, Reach, StreamId, Tier, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

/// A report is the school's and its county's matter.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// Why a report becomes no hazard.
    pub enum Answer {
        /// 已经知道: it is a hazard already.
        Known = "known",
        /// 不属于安全隐患
        NotSafety = "not-safety",
        /// 现场没有找到
        NotFound = "not-found",
        /// 内容无效
        Void = "void",
    }
}

/// The number of a report: a serial of the school within a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Number {
    /// The year it came in.
    pub year: i16,
    /// From 1.
    pub serial: u32,
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:04}", self.year, self.serial)
    }
}

/// Core of `public_report.received`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Its number.
    pub number: Number,
    /// The school.
    pub unit: UnitId,
    /// The place whose code was scanned.
    pub place: StreamId,
    /// The township it lay in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<UnitId>,
    /// The central school that ran it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// What kind of hazard it looks like; absent where the reporter did not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// A telephone was left, outside the journal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub telephone: bool,
    /// The first answer is owed by.
    pub due: DueBy,
}

/// Text of `public_report.received`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedText {
    /// Name of the school.
    pub unit: String,
    /// Name of the place.
    pub place: String,
    /// Where exactly, in the reporter's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spot: String,
    /// What is wrong, in the reporter's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Photos of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Core of `public_report.taken_up`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenUp {
    /// The hazard that it became.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// When the telephone is erased, where one was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forget: Option<Timestamp>,
    /// Who took it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `public_report.answered`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Why it becomes no hazard.
    pub answer: Coded<Answer>,
    /// The hazard that it is already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<StreamId>,
    /// Its ledger number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard_number: Option<hazard::Number>,
    /// When the telephone is erased, where one was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forget: Option<Timestamp>,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `public_report.taken_up` and `public_report.answered`: what the reporter reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The answer.
    pub words: String,
}

/// Core of `public_report.sent_back`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// Another answer is owed by.
    pub due: DueBy,
    /// Who sent it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `public_report.warned`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warned {
    /// So many percent of the time to answer have passed; 100 is overdue.
    pub mark: u8,
}

/// Core of an event that says nothing but that it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

event_types! {
    /// What happens to a report. **Decoded for ever.**
    pub enum PublicReportEvent {
        /// 收到
        Received("public_report.received", 1, COUNTY): Parts<Received, ReceivedText>,
        /// 转为隐患
        TakenUp("public_report.taken_up", 1, COUNTY): Parts<TakenUp, Told>,
        /// 答复不予转办
        Answered("public_report.answered", 1, COUNTY): Parts<Answered, Told>,
        /// 退回重办
        SentBack("public_report.sent_back", 1, COUNTY): Parts<SentBack, Note>,
        /// 时限提醒
        Warned("public_report.warned", 1, COUNTY): Parts<Warned>,
        /// 电话已删除
        TelephoneErased("public_report.telephone_erased", 1, COUNTY): Parts<Nothing>,
    }
}
