//! A listing as it stands.

use std::collections::BTreeMap;

use journal::Doer;
use kernel::{Coded, PersonId, StreamId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

use crate::event::{Checker, Control, Number};

kernel::named! {
    /// Where a listing stands, by name.
    pub enum StageCode {
        /// 待拟稿
        Owed = "owed",
        /// 拟稿中
        Drafted = "drafted",
        /// 待审核
        Reviewing = "reviewing",
        /// 待签发
        Signing = "signing",
        /// 督办中
        Listed = "listed",
        /// 待核查
        Applied = "applied",
        /// 待核查签字
        Checking = "checking",
        /// 待签发摘牌
        Checked = "checked",
        /// 已摘牌
        Delisted = "delisted",
        /// 不予挂牌
        Waived = "waived",
        /// 已终止
        Ended = "ended",
    }
}

impl StageCode {
    /// Somebody still has to do something.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Owed
            | Self::Drafted
            | Self::Reviewing
            | Self::Signing
            | Self::Listed
            | Self::Applied
            | Self::Checking
            | Self::Checked => true,
            Self::Delisted | Self::Waived | Self::Ended => false,
        }
    }

    /// On the county's list: signed, and not taken off.
    pub const fn is_listed(self) -> bool {
        match self {
            Self::Listed | Self::Applied | Self::Checking | Self::Checked => true,
            Self::Owed
            | Self::Drafted
            | Self::Reviewing
            | Self::Signing
            | Self::Delisted
            | Self::Waived
            | Self::Ended => false,
        }
    }
}

/// 挂牌督办通知书. The words may have been erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 督办单位
    pub supervisor: UnitId,
    /// 整改期限
    pub deadline: Timestamp,
    /// 督办要求
    pub requirements: Option<String>,
    /// 抄送
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub copies: String,
    /// Who drafted it last.
    pub drafter: Doer,
    /// Who drafted it before: what somebody wrote he does not judge, whoever changed it since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Doer>,
}

impl Notice {
    /// Everybody who wrote on it, the last one first.
    pub fn drafters(&self) -> impl Iterator<Item = &Doer> {
        std::iter::once(&self.drafter).chain(&self.earlier)
    }
}

/// On the list, with what runs there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The notice as it was signed.
    pub notice: Notice,
    /// Its number on the list.
    pub number: Number,
    /// 文号; empty when the office gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The school has to confirm the receipt by.
    pub receipt: DueBy,
    /// When it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// From when the week up to [`Self::progress`] is counted.
    pub progress_since: Timestamp,
    /// The next weekly report is due by.
    pub progress: DueBy,
}

/// 现场核查
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The day they were there.
    pub on: Timestamp,
    /// Who was there, and who of them has signed.
    pub checkers: Vec<Checker>,
    /// How many others were.
    #[serde(default)]
    pub others: u32,
    /// It was signed on paper.
    #[serde(default)]
    pub sheet: bool,
    /// Who wrote it down.
    pub recorder: Doer,
}

impl Check {
    /// Whose signature is still missing.
    pub fn unsigned(&self) -> impl Iterator<Item = PersonId> {
        let waits = !self.sheet;
        self.checkers.iter().filter(move |one| waits && one.signed.is_none()).map(|one| one.person)
    }
}

/// Where a listing stands, with what belongs to that stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// 待拟稿
    Owed {},
    /// 拟稿中
    Drafted {
        /// As far as it is written.
        notice: Notice,
    },
    /// 待审核
    Reviewing {
        /// As drafted.
        notice: Notice,
    },
    /// 待签发
    Signing {
        /// As drafted.
        notice: Notice,
        /// Who reviewed it.
        reviewer: Doer,
    },
    /// 督办中
    Listed {
        /// What runs.
        listing: Listing,
    },
    /// 待核查
    Applied {
        /// What runs.
        listing: Listing,
        /// Since when.
        since: Timestamp,
        /// To be checked on the spot by.
        due: DueBy,
    },
    /// 待核查签字
    Checking {
        /// What runs.
        listing: Listing,
        /// The check.
        check: Check,
        /// Since when.
        since: Timestamp,
        /// The delisting is to be signed by.
        due: DueBy,
    },
    /// 待签发摘牌
    Checked {
        /// What runs.
        listing: Listing,
        /// The check.
        check: Check,
        /// Since when.
        since: Timestamp,
        /// The delisting is to be signed by.
        due: DueBy,
    },
    /// 已摘牌
    Delisted {
        /// As it was listed.
        listing: Listing,
        /// The check.
        check: Check,
        /// Since when.
        since: Timestamp,
        /// 文号 of the delisting.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        document_number: String,
    },
    /// 不予挂牌
    Waived {
        /// Since when.
        since: Timestamp,
    },
    /// 已终止
    Ended {
        /// Since when.
        since: Timestamp,
        /// As it was listed, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        listing: Option<Listing>,
    },
}

impl Stage {
    /// The stage by name.
    pub const fn code(&self) -> StageCode {
        match self {
            Self::Owed {} => StageCode::Owed,
            Self::Drafted { .. } => StageCode::Drafted,
            Self::Reviewing { .. } => StageCode::Reviewing,
            Self::Signing { .. } => StageCode::Signing,
            Self::Listed { .. } => StageCode::Listed,
            Self::Applied { .. } => StageCode::Applied,
            Self::Checking { .. } => StageCode::Checking,
            Self::Checked { .. } => StageCode::Checked,
            Self::Delisted { .. } => StageCode::Delisted,
            Self::Waived { .. } => StageCode::Waived,
            Self::Ended { .. } => StageCode::Ended,
        }
    }

    /// What it says on the list, from signing on.
    pub const fn listing(&self) -> Option<&Listing> {
        match self {
            Self::Listed { listing }
            | Self::Applied { listing, .. }
            | Self::Checking { listing, .. }
            | Self::Checked { listing, .. }
            | Self::Delisted { listing, .. } => Some(listing),
            Self::Ended { listing, .. } => listing.as_ref(),
            Self::Owed {}
            | Self::Drafted { .. }
            | Self::Reviewing { .. }
            | Self::Signing { .. }
            | Self::Waived { .. } => None,
        }
    }

    /// The notice, drafted or signed.
    pub fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Drafted { notice } | Self::Reviewing { notice } | Self::Signing { notice, .. } => {
                Some(notice)
            }
            Self::Owed {} | Self::Waived { .. } => None,
            Self::Listed { .. }
            | Self::Applied { .. }
            | Self::Checking { .. }
            | Self::Checked { .. }
            | Self::Delisted { .. }
            | Self::Ended { .. } => self.listing().map(|listing| &listing.notice),
        }
    }

    /// The on-site check, once there was one.
    pub const fn check(&self) -> Option<&Check> {
        match self {
            Self::Checking { check, .. } | Self::Checked { check, .. } | Self::Delisted { check, .. } => {
                Some(check)
            }
            Self::Owed {}
            | Self::Drafted { .. }
            | Self::Reviewing { .. }
            | Self::Signing { .. }
            | Self::Listed { .. }
            | Self::Applied { .. }
            | Self::Waived { .. }
            | Self::Ended { .. } => None,
        }
    }
}

/// 临时管控 as it was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controlled {
    /// What was done.
    pub measure: Coded<Control>,
    /// When.
    pub at: Timestamp,
}

/// A listing as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionState {
    /// The hazard.
    pub hazard: StreamId,
    /// Its ledger number.
    pub hazard_number: hazard::Number,
    /// The school.
    pub unit: UnitId,
    /// The township it lay in when this began.
    pub township: Option<UnitId>,
    /// The central school that ran it then.
    pub central: Option<UnitId>,
    /// The county.
    pub county: Option<UnitId>,
    /// How often it has been opened: a hazard may come back.
    pub round: u32,
    /// When this round began.
    pub opened_at: Timestamp,
    /// To be controlled by.
    pub control: DueBy,
    /// How it is controlled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controlled: Option<Controlled>,
    /// To be listed by. No field here may be named as one of a stage: both lie side by side in the JSON.
    pub notice_due: DueBy,
    /// The school has reported it fixed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rectified: bool,
    /// The newest number it was given, in whatever round: no number of the list is given twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Number>,
    /// Where it stands.
    #[serde(flatten)]
    pub stage: Stage,
    /// Highest mark each running clock has reached, in percent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u8>,
}

impl SupervisionState {
    /// Whose office acts: the county's, or the school's own unit where there is none above it.
    pub fn office(&self) -> UnitId {
        self.county.unwrap_or(self.unit)
    }
}
