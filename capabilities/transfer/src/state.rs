//! A letter as it stands.

use std::collections::BTreeMap;

use hazard::{Level, Photo};
use journal::Doer;
use kernel::{Coded, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

use crate::event::{Answer, Channel, Kind, Number, Way};

kernel::named! {
    /// Where a letter stands, by name.
    pub enum StageCode {
        /// 拟稿中
        Drafted = "drafted",
        /// 待签发
        Signing = "signing",
        /// 待送出
        Signed = "signed",
        /// 待签收
        Sent = "sent",
        /// 待回函
        Received = "received",
        /// 已受理
        TakenOn = "taken-on",
        /// 已办结
        Done = "done",
        /// 已退回
        Returned = "returned",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

impl StageCode {
    /// Somebody still has to do something.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Drafted | Self::Signing | Self::Signed | Self::Sent | Self::Received | Self::TakenOn => {
                true
            }
            Self::Done | Self::Returned | Self::Withdrawn => false,
        }
    }

    /// It is with the department, which has not come to an end with it.
    pub const fn is_out(self) -> bool {
        match self {
            Self::Sent | Self::Received | Self::TakenOn => true,
            Self::Drafted | Self::Signing | Self::Signed | Self::Done | Self::Returned | Self::Withdrawn => {
                false
            }
        }
    }
}

/// What the letter says. The words may have been erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it asks for.
    pub kind: Coded<Kind>,
    /// Whom it is for.
    pub department: StreamId,
    /// Name of the department.
    pub department_name: Option<String>,
    /// Name of the school.
    pub unit_name: Option<String>,
    /// The hazard's category.
    pub category: String,
    /// Its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Coded<Level>>,
    /// Where it is.
    pub place: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// When.
    pub found_at: Timestamp,
    /// 请贵单位办理的事项
    pub request: Option<String>,
    /// To be answered by.
    pub reply_by: Timestamp,
    /// Photos that go along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// Who drafted it last.
    pub drafter: Doer,
    /// Who drafted it before: what somebody wrote he does not sign, whoever changed it since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Doer>,
}

impl Letter {
    /// Everybody who wrote on it, the last one first.
    pub fn drafters(&self) -> impl Iterator<Item = &Doer> {
        std::iter::once(&self.drafter).chain(&self.earlier)
    }
}

/// 签发
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Its number.
    pub number: Number,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// When.
    pub at: Timestamp,
}

/// 签收, without who it was: names are in the sealed part of the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How it came in.
    pub way: Coded<Way>,
    /// The day.
    pub on: Timestamp,
    /// Which office of the department.
    pub office: Option<String>,
}

/// 送出, and what runs since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// As it was signed.
    pub signature: Signature,
    /// How it left.
    pub channel: Coded<Channel>,
    /// The day.
    pub on: Timestamp,
    /// When that was written down.
    pub at: Timestamp,
    /// The receipt is owed by.
    pub receipt: DueBy,
    /// From when the time up to [`Self::reply`] is counted.
    pub reply_since: Timestamp,
    /// The reply is owed by.
    pub reply: DueBy,
    /// 送达 by the link: when it was opened for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// 签收
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Receipt>,
}

/// The last reply, without its words: those are in the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What they answered.
    pub answer: Answer,
    /// How it came in.
    pub way: Coded<Way>,
    /// The day.
    pub on: Timestamp,
    /// When it was written down.
    pub at: Timestamp,
    /// With 退回: whose matter it is, in their opinion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub whose: String,
}

/// Where a letter stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Stage {
    /// 拟稿中
    Drafted {},
    /// 待签发
    Signing {},
    /// 待送出
    Signed {
        /// As it was signed.
        signature: Signature,
    },
    /// 待签收
    Sent {
        /// What runs.
        dispatch: Dispatch,
    },
    /// 待回函
    Received {
        /// What runs.
        dispatch: Dispatch,
    },
    /// 已受理
    TakenOn {
        /// What ran.
        dispatch: Dispatch,
        /// The reply.
        reply: Reply,
        /// To be done by.
        promise: DueBy,
    },
    /// 已办结
    Done {
        /// What ran.
        dispatch: Dispatch,
        /// The reply.
        reply: Reply,
    },
    /// 已退回
    Returned {
        /// What ran.
        dispatch: Dispatch,
        /// The reply.
        reply: Reply,
    },
    /// 已撤回
    Withdrawn {
        /// Since when.
        since: Timestamp,
        /// As it was signed, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<Signature>,
        /// As it was sent, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dispatch: Option<Dispatch>,
    },
}

impl Stage {
    /// The stage by name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Drafted {} => StageCode::Drafted,
            Self::Signing {} => StageCode::Signing,
            Self::Signed { .. } => StageCode::Signed,
            Self::Sent { .. } => StageCode::Sent,
            Self::Received { .. } => StageCode::Received,
            Self::TakenOn { .. } => StageCode::TakenOn,
            Self::Done { .. } => StageCode::Done,
            Self::Returned { .. } => StageCode::Returned,
            Self::Withdrawn { .. } => StageCode::Withdrawn,
        }
    }

    /// What runs, or ran, since it was sent.
    pub const fn dispatch(&self) -> Option<&Dispatch> {
        match self {
            Self::Sent { dispatch }
            | Self::Received { dispatch }
            | Self::TakenOn { dispatch, .. }
            | Self::Done { dispatch, .. }
            | Self::Returned { dispatch, .. } => Some(dispatch),
            Self::Withdrawn { dispatch, .. } => dispatch.as_ref(),
            Self::Drafted {} | Self::Signing {} | Self::Signed { .. } => None,
        }
    }

    /// 签发, once it was signed.
    pub fn signature(&self) -> Option<&Signature> {
        match self {
            Self::Signed { signature } => Some(signature),
            Self::Withdrawn { signature, dispatch, .. } => {
                signature.as_ref().or_else(|| dispatch.as_ref().map(|dispatch| &dispatch.signature))
            }
            Self::Drafted {} | Self::Signing {} => None,
            Self::Sent { .. }
            | Self::Received { .. }
            | Self::TakenOn { .. }
            | Self::Done { .. }
            | Self::Returned { .. } => self.dispatch().map(|dispatch| &dispatch.signature),
        }
    }

    /// The reply that stands.
    pub const fn reply(&self) -> Option<&Reply> {
        match self {
            Self::TakenOn { reply, .. } | Self::Done { reply, .. } | Self::Returned { reply, .. } => {
                Some(reply)
            }
            Self::Drafted {}
            | Self::Signing {}
            | Self::Signed { .. }
            | Self::Sent { .. }
            | Self::Received { .. }
            | Self::Withdrawn { .. } => None,
        }
    }
}

/// The link that opens the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its number among the links of this letter.
    pub link: u32,
    /// Until when.
    pub until: Timestamp,
    /// Somebody opened it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opened: bool,
}

/// A letter as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferState {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The township it lay in when the letter was begun.
    pub township: Option<UnitId>,
    /// The central school that ran it then.
    pub central: Option<UnitId>,
    /// The county.
    pub county: Option<UnitId>,
    /// The letter that another department sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<StreamId>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// What it says. No field here may be named as one of a stage: both lie side by side in the JSON.
    pub letter: Letter,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
    /// The link that opens it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_link: Option<Link>,
    /// How many links were made.
    #[serde(default)]
    pub links: u32,
    /// How many replies came.
    #[serde(default)]
    pub replies: u32,
    /// When the department was last urged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged_at: Option<Timestamp>,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
}

impl TransferState {
    /// Whose office acts: the county's, or the school's own unit where there is none above it.
    pub fn office(&self) -> UnitId {
        self.county.unwrap_or(self.unit)
    }

    /// The link opens the letter at this instant.
    pub fn opens(&self, link: u32, now: Timestamp) -> bool {
        self.open_link.is_some_and(|open| open.link == link && open.until >= now)
    }
}
