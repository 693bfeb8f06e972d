//! What happens to a letter. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

use hazard::{Level, Note, Photo};
use journal::event_types;
use kernel::{Coded, PersonId, Reach, StreamId, Tier, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

/// A letter is the county's act; what goes beyond the county is decided by the network capability. Who signed for a
/// department stays here.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// What a letter asks for.
    pub enum Kind {
        /// 抄告: to be known, and acted on within the department's own field; the school keeps its turn.
        Notice = "notice",
        /// 移送: the matter belongs to the department, which is asked to take it on.
        HandOver = "hand-over",
    }

    /// How a letter left the office.
    pub enum Channel {
        /// By a link.
        Link = "link",
        /// On paper.
        Paper = "paper",
        /// Both.
        Both = "both",
    }

    /// How a receipt or a reply came in.
    pub enum Way {
        /// The department wrote it itself, by the link.
        Link = "link",
        /// 代录 of a paper.
        Paper = "paper",
        /// 代录 of a call.
        Telephone = "telephone",
        /// 代录 of a meeting.
        Meeting = "meeting",
    }

    /// What a department answered.
    pub enum Answer {
        /// 受理: it takes the matter on, by a day.
        TakenOn = "taken-on",
        /// 办结: with its result.
        Done = "done",
        /// 退回: not its matter.
        NotOurs = "not-ours",
    }

    /// How a department was urged.
    pub enum Urging {
        /// By telephone.
        Telephone = "telephone",
        /// By a letter.
        Letter = "letter",
        /// In person.
        InPerson = "in-person",
        /// In a group of messages.
        Group = "group",
    }
}

impl Way {
    /// 代录: somebody of the office wrote it down for the department.
    pub const fn is_recorded_for(self) -> bool {
        match self {
            Self::Link => false,
            Self::Paper | Self::Telephone | Self::Meeting => true,
        }
    }
}

/// The number of a letter: a serial of the county within a year, given when it is signed. It is internal; the 文号 is
/// the bureau's office's.
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

/// Core of `transfer.drafted`: what the letter says in codes, as the hazard stood when it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    /// What it asks for.
    pub kind: Coded<Kind>,
    /// Whom it is for.
    pub department: StreamId,
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The township it lay in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<UnitId>,
    /// The central school that ran it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// Its category.
    pub category: String,
    /// Its level; absent when it was not graded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Coded<Level>>,
    /// When it was found.
    pub found_at: Timestamp,
    /// To be answered by: the last millisecond of a day.
    pub reply_by: Timestamp,
    /// The letter that another department sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<StreamId>,
    /// The person who drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `transfer.drafted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftedText {
    /// Name of the department.
    pub department: String,
    /// Name of the school.
    pub unit: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// What was found.
    pub found: String,
    /// 请贵单位办理的事项
    pub request: String,
    /// Photos chosen one by one.
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

/// Core of `transfer.signed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Its number.
    pub number: Number,
    /// The person who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `transfer.signed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedText {
    /// 文号, as the bureau's office gave it; empty when it gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// 签发意见
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Core of `transfer.sent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// How.
    pub channel: Coded<Channel>,
    /// The day it went out: its first millisecond.
    pub on: Timestamp,
    /// The receipt is owed by.
    pub receipt: DueBy,
    /// The reply is owed by.
    pub reply: DueBy,
    /// The person who sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `transfer.link_made`. The ticket itself is in no event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkMade {
    /// Its number among the links of this letter, from 1; the one before it opens nothing any more.
    pub link: u32,
    /// Until when it opens the letter.
    pub until: Timestamp,
    /// The person who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `transfer.opened`: the link was opened for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Which link.
    pub link: u32,
}

/// Core of `transfer.received`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// How it came in.
    pub way: Coded<Way>,
    /// The day they received it: its first millisecond.
    pub on: Timestamp,
    /// Who wrote it down for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `transfer.received`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedText {
    /// Which office of the department.
    pub office: String,
    /// The signed receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Personal part of `transfer.received` and `transfer.replied`: who of the department it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The name.
    pub name: String,
    /// The post.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
}

/// Core of `transfer.replied`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replied {
    /// What they answered.
    pub answer: Answer,
    /// How it came in.
    pub way: Coded<Way>,
    /// The day they answered: its first millisecond.
    pub on: Timestamp,
    /// With 受理: to be done by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<DueBy>,
    /// Who wrote it down for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `transfer.replied`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepliedText {
    /// Which office of the department.
    pub office: String,
    /// What they do, did, or why it is not theirs.
    pub words: String,
    /// With 退回: whose matter it is, in their opinion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub whose: String,
    /// Photos, or the scan of the reply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// Core of `transfer.asked_again`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedAgain {
    /// The further reply is owed by.
    pub reply: DueBy,
    /// The person who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `transfer.urged`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urged {
    /// How.
    pub how: Coded<Urging>,
    /// The person who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `transfer.deadline_warned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineWarned {
    /// Which clock.
    pub clock: String,
    /// Percent of the span that have passed; 100 is overdue.
    pub mark: u8,
}

event_types! {
    /// What happens to a letter.
    pub enum TransferEvent {
        /// 拟稿
        Drafted("transfer.drafted", 1, COUNTY): Parts<Drafted, DraftedText>,
        /// 送签
        Submitted("transfer.submitted", 1, COUNTY): Parts<Acted>,
        /// 退回修改
        SentBack("transfer.sent_back", 1, COUNTY): Parts<Acted, Note>,
        /// 签发
        Signed("transfer.signed", 1, COUNTY): Parts<Signed, SignedText>,
        /// 送出
        Sent("transfer.sent", 1, COUNTY): Parts<Sent, Note>,
        /// 生成链接
        LinkMade("transfer.link_made", 1, COUNTY): Parts<LinkMade>,
        /// 停用链接
        LinkRevoked("transfer.link_revoked", 1, COUNTY): Parts<Acted>,
        /// 首次打开
        Opened("transfer.opened", 1, COUNTY): Parts<Opened>,
        /// 签收
        Received("transfer.received", 1, COUNTY): Parts<Received, ReceivedText, Author>,
        /// 回函
        Replied("transfer.replied", 1, COUNTY): Parts<Replied, RepliedText, Author>,
        /// 请求续报
        AskedAgain("transfer.asked_again", 1, COUNTY): Parts<AskedAgain, Note>,
        /// 撤回
        Withdrawn("transfer.withdrawn", 1, COUNTY): Parts<Acted, Note>,
        /// 催办
        Urged("transfer.urged", 1, COUNTY): Parts<Urged, Note>,
        /// 时限提醒
        DeadlineWarned("transfer.deadline_warned", 1, COUNTY): Parts<DeadlineWarned>,
    }
}
