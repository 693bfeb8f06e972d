//! What happens to a listing. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

use hazard::Note;
use journal::event_types;
use kernel::{Coded, PersonId, Reach, StreamId, Tier, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

/// A listing is the county's act towards a school of its own; what goes beyond the county is decided by the network
/// capability.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// 临时管控: what keeps people away from a major hazard until it is fixed.
    pub enum Control {
        /// 停止使用
        StopUse = "stop-use",
        /// 封闭隔离
        Close = "close",
        /// 人员撤离
        Evacuate = "evacuate",
        /// 专人值守
        Guard = "guard",
    }

    /// Who of the county sent something back.
    pub enum Step {
        /// 审核
        Review = "review",
        /// 签发
        Sign = "sign",
    }

    /// Why a listing ended without being taken off the list.
    pub enum EndedWhy {
        /// The hazard was withdrawn: it was none, or the same as another.
        Withdrawn = "withdrawn",
        /// The hazard was graded anew and is not major.
        Lowered = "lowered",
    }
}

/// The number on the county's list: a serial of the county within a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Number {
    /// The year of signing.
    pub year: i16,
    /// From 1.
    pub serial: u32,
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:03}", self.year, self.serial)
    }
}

/// Core of `supervision.opened`: a hazard was found to be major, or came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
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
    /// To be controlled by.
    pub control: DueBy,
    /// To be listed by.
    pub notice: DueBy,
}

/// Core of `supervision.controlled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Controlled {
    /// What was done; one that this program does not know keeps its name.
    pub measure: Coded<Control>,
    /// The person who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `supervision.drafted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    /// 督办单位: who watches over it.
    pub supervisor: UnitId,
    /// 整改期限: the last millisecond.
    pub deadline: Timestamp,
    /// The person who drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `supervision.drafted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftedText {
    /// 督办要求
    pub requirements: String,
    /// 抄送
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub copies: String,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The person who did it; absent when it was the platform, or an account without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `supervision.sent_back`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// By whom of the two.
    pub step: Coded<Step>,
    /// The person who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `supervision.signed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// Its number on the list.
    pub number: Number,
    /// The person who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The school has to confirm the receipt by.
    pub receipt: DueBy,
    /// The first weekly report is due by.
    pub progress: DueBy,
}

/// Text of `supervision.signed` and `supervision.delisted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedText {
    /// 文号, as the bureau's office gave it; empty when it gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// 签发意见
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Core of `supervision.progressed`: the school reported on the hazard, or had more time to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progressed {
    /// The next report is due by.
    pub progress: DueBy,
}

/// Core of `supervision.delisting_asked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DelistingAsked {
    /// To be checked on the spot by.
    pub check: DueBy,
    /// The person who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Somebody who was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checker {
    /// The person.
    pub person: PersonId,
    /// When he signed; absent as long as he has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Timestamp>,
}

/// Core of `supervision.checked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// It is fixed.
    pub passed: bool,
    /// When they were there: the day's first millisecond.
    pub on: Timestamp,
    /// Who of the people known here was there.
    pub checkers: Vec<PersonId>,
    /// How many others were: experts, people of other departments.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub others: u32,
    /// The sheet signed on paper is among the photos, so nobody has to sign here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sheet: bool,
    /// The delisting is to be signed by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delist: Option<DueBy>,
    /// The person who wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_none_of_them(count: &u32) -> bool {
    *count == 0
}

/// Personal part of `supervision.checked`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedPeople {
    /// Names of the others, as they were written.
    pub others: String,
}

/// Core of `supervision.delisted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delisted {
    /// The person who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `supervision.delisting_refused`: not signed; it is checked again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DelistingRefused {
    /// To be checked again by.
    pub check: DueBy,
    /// The person who refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of an event that says nothing but that it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Core of `supervision.returned`: the hazard was sent back, so that it is reported on again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// The next report is due by; absent before it was listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<DueBy>,
}

/// Core of `supervision.ended`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why.
    pub why: Coded<EndedWhy>,
}

/// Core of `supervision.deadline_warned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineWarned {
    /// Which clock.
    pub clock: String,
    /// Percent of the span that have passed; 100 is overdue.
    pub mark: u8,
}

event_types! {
    /// What happens to a listing.
    pub enum SupervisionEvent {
        /// 待挂牌
        Opened("supervision.opened", 1, COUNTY): Parts<Opened>,
        /// 临时管控
        Controlled("supervision.controlled", 1, COUNTY): Parts<Controlled, Note>,
        /// 拟稿
        Drafted("supervision.drafted", 1, COUNTY): Parts<Drafted, DraftedText>,
        /// 送审
        Submitted("supervision.submitted", 1, COUNTY): Parts<Acted>,
        /// 审核通过
        Reviewed("supervision.reviewed", 1, COUNTY): Parts<Acted, Note>,
        /// 退回修改
        SentBack("supervision.sent_back", 1, COUNTY): Parts<SentBack, Note>,
        /// 签发挂牌
        Signed("supervision.signed", 1, COUNTY): Parts<Signed, SignedText>,
        /// 不予挂牌
        Waived("supervision.waived", 1, COUNTY): Parts<Acted, Note>,
        /// 送达签收
        Received("supervision.received", 1, COUNTY): Parts<Acted, Note>,
        /// 整改进展
        Progressed("supervision.progressed", 1, COUNTY): Parts<Progressed>,
        /// 隐患已整改
        Rectified("supervision.rectified", 1, COUNTY): Parts<Nothing>,
        /// 隐患退回整改
        Returned("supervision.returned", 1, COUNTY): Parts<Returned>,
        /// 申请摘牌
        DelistingAsked("supervision.delisting_asked", 1, COUNTY): Parts<DelistingAsked, Note>,
        /// 现场核查
        Checked("supervision.checked", 1, COUNTY): Parts<Checked, Note, CheckedPeople>,
        /// 核查签字
        CheckSigned("supervision.check_signed", 1, COUNTY): Parts<Acted>,
        /// 签发摘牌
        Delisted("supervision.delisted", 1, COUNTY): Parts<Delisted, SignedText>,
        /// 不予摘牌
        DelistingRefused("supervision.delisting_refused", 1, COUNTY): Parts<DelistingRefused, Note>,
        /// 终止
        Ended("supervision.ended", 1, COUNTY): Parts<Ended>,
        /// 时限提醒
        DeadlineWarned("supervision.deadline_warned", 1, COUNTY): Parts<DeadlineWarned>,
    }
}
