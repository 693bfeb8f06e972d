//! What happens to a case. **These types are decoded for ever**: never rename, never change a meaning; a changed meaning
//! is a new version with an upcaster.

use hazard::{Note, Photo};
use journal::event_types;
use kernel::{Coded, PersonId, Reach, StreamId, Tier, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};
use supervision::Number;

use crate::reading::Reading;

/// A case is the county's own; what goes beyond the county is decided by the network capability.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// 决定机关: who decided to open a case.
    pub enum Authority {
        /// 县教育体育局
        Bureau = "bureau",
        /// 县人民政府
        Government = "government",
        /// 纪检监察机关
        Discipline = "discipline",
        /// Another one, by name.
        Other = "other",
    }

    /// 严重后果: what came of it.
    pub enum Consequence {
        /// 人员伤亡
        Casualties = "casualties",
        /// 财产损失
        Property = "property",
        /// 教学中断
        Teaching = "teaching",
        /// 社会影响
        Public = "public",
        /// Another one, in words.
        Other = "other",
    }

    /// Which of the two sides.
    pub enum SideRole {
        /// 整改方
        Rectifying = "rectifying",
        /// 监管方
        Supervising = "supervising",
    }

    /// 认定
    pub enum Verdict {
        /// 尽职
        Done = "done",
        /// 部分未尽职
        Partly = "partly",
        /// 未尽职
        NotDone = "not-done",
    }

    /// 处理. What is done to a unit; what is done to a person others decide.
    pub enum Handling {
        /// 约谈
        Talk = "talk",
        /// 书面检查
        Written = "written",
        /// 通报
        Circular = "circular",
        /// 移送有权机关
        HandedOver = "handed-over",
        /// Another one, in words.
        Other = "other",
    }

    /// Who of the county sent the findings back.
    pub enum Step {
        /// 审核
        Review = "review",
        /// 签发
        Sign = "sign",
    }
}

/// One side of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The unit.
    pub unit: UnitId,
    /// Rectifying or supervising.
    pub role: Coded<SideRole>,
    /// What it was called then: a unit that is renamed, moved or closed later stays named as it was.
    pub name: String,
}

/// Core of `accountability.opened`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Its number in the county and year.
    pub number: Number,
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// Who decided to open it.
    pub authority: Coded<Authority>,
    /// What came of it.
    pub consequence: Coded<Consequence>,
    /// The day it happened: its first millisecond.
    pub happened_on: Timestamp,
    /// Both sides.
    pub sides: Vec<Side>,
    /// The sides have to speak by.
    pub statement: DueBy,
    /// To be concluded by.
    pub investigation: DueBy,
    /// The person who opened it, or wrote down what another authority decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `accountability.opened`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedText {
    /// What the authority is called, when it is another one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// 文号 of its decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// The consequence in words.
    pub consequence: String,
    /// Why it is linked with the hazard.
    pub link: String,
    /// The decision as it was scanned, and what shows the consequence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `accountability.stated`: a side said what it has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The side.
    pub side: UnitId,
    /// 代录: it came on paper, and the county's office wrote it down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_behalf: bool,
    /// After its time was over; it counts all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// The person who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `accountability.silence_recorded`: the time to speak is over. It is no admission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceRecorded {
    /// Who has said nothing.
    pub sides: Vec<UnitId>,
}

/// Core of `accountability.found`: what was found of one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The side.
    pub side: UnitId,
    /// Whether it did its duty.
    pub verdict: Coded<Verdict>,
    /// The rules it is measured by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// How a side is handled that did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handlings: Vec<Coded<Handling>>,
    /// By when it puts right what was wrong: the last millisecond.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures_due: Option<Timestamp>,
    /// The person who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `accountability.found`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundText {
    /// The facts it leans on.
    pub facts: String,
    /// Clauses that are no rule here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Another handling in words, or to whom it is handed over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handling: String,
    /// What it has to put right.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measures: String,
}

/// Core of `accountability.sent_back`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// By whom of the two.
    pub step: Coded<Step>,
    /// The person who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Measures that a side owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owes {
    /// The side.
    pub side: UnitId,
    /// By when.
    pub due: DueBy,
}

/// Core of `accountability.concluded`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concluded {
    /// How far the journal was read.
    pub reading: Reading,
    /// Sides found to have done their duty although a deadline of theirs was missed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub although_missed: Vec<UnitId>,
    /// Measures that are owed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owes: Vec<Owes>,
    /// The signer's post, by its stored name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
    /// The person who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `accountability.concluded`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcludedText {
    /// 文号
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// Why a side did its duty although it missed a deadline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub although: String,
    /// 签发意见
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Core of an event about one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSide {
    /// The side.
    pub side: UnitId,
    /// The person who acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `accountability.handled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandledText {
    /// 文号 of what was sent out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// What was done, and with whom.
    pub note: String,
    /// The papers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Core of `accountability.measures_reported`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuresReported {
    /// The side.
    pub side: UnitId,
    /// 代录: it came on paper, and the county's office wrote it down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_behalf: bool,
    /// The person who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `accountability.measures_checked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuresChecked {
    /// The side.
    pub side: UnitId,
    /// It is done.
    pub passed: bool,
    /// The person who checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `accountability.extended`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// To be concluded by.
    pub investigation: DueBy,
    /// The person who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of an event that says nothing but that it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Core of `accountability.deadline_warned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineWarned {
    /// Which clock.
    pub clock: String,
    /// Percent of the span that have passed; 100 is overdue.
    pub mark: u8,
}

event_types! {
    /// What happens to a case.
    pub enum CaseEvent {
        /// 启动
        Opened("accountability.opened", 1, COUNTY): Parts<Opened, OpenedText>,
        /// 陈述申辩
        Stated("accountability.stated", 1, COUNTY): Parts<Stated, Note>,
        /// 逾期未陈述
        SilenceRecorded("accountability.silence_recorded", 1, COUNTY): Parts<SilenceRecorded>,
        /// 认定
        Found("accountability.found", 1, COUNTY): Parts<Found, FoundText>,
        /// 送审
        Submitted("accountability.submitted", 1, COUNTY): Parts<Acted>,
        /// 审核通过
        Reviewed("accountability.reviewed", 1, COUNTY): Parts<Acted, Note>,
        /// 退回修改
        SentBack("accountability.sent_back", 1, COUNTY): Parts<SentBack, Note>,
        /// 签发结论
        Concluded("accountability.concluded", 1, COUNTY): Parts<Concluded, ConcludedText>,
        /// 处理落实
        Handled("accountability.handled", 1, COUNTY): Parts<OfSide, HandledText>,
        /// 整改措施完成
        MeasuresReported("accountability.measures_reported", 1, COUNTY): Parts<MeasuresReported, Note>,
        /// 整改措施核查
        MeasuresChecked("accountability.measures_checked", 1, COUNTY): Parts<MeasuresChecked, Note>,
        /// 延长调查
        Extended("accountability.extended", 1, COUNTY): Parts<Extended, Note>,
        /// 撤销
        CalledOff("accountability.called_off", 1, COUNTY): Parts<Acted, Note>,
        /// 办结
        Closed("accountability.closed", 1, COUNTY): Parts<Nothing>,
        /// 时限提醒
        DeadlineWarned("accountability.deadline_warned", 1, COUNTY): Parts<DeadlineWarned>,
    }
}
