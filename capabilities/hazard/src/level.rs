//! Small closed lists: levels, stages by name, steps of escalation, ledger numbers.

use serde::{Deserialize, Serialize};
use storage::{Row, StorageError};

kernel::named! {
    /// How grave a hazard is. The four colours belong to risk points and warnings, not here.
    pub enum Level {
        /// 一般
        General = "general",
        /// 较大, a county's option
        Larger = "larger",
        /// 重大
        Major = "major",
    }
}

kernel::named! {
    /// Where a hazard stands, by name.
    pub enum StageCode {
        /// 待定级
        Registered = "registered",
        /// 待交办
        Graded = "graded",
        /// 待签收
        Assigned = "assigned",
        /// 整改中
        Rectifying = "rectifying",
        /// 延期待批
        ExtensionAsked = "extension_asked",
        /// 待复查
        AwaitingAcceptance = "awaiting_acceptance",
        /// 待销号
        Accepted = "accepted",
        /// 已销号
        Closed = "closed",
        /// 已办结(回头看通过)
        Done = "done",
        /// 已撤销
        Withdrawn = "withdrawn",
        /// 台账已销号: closed before this platform, by a ledger's word
        CarriedOver = "carried_over",
    }
}

impl StageCode {
    /// From "it is fixed" on, a hazard can only be accepted or returned: what is to be proved does not change any more.
    pub const fn before_proof(self) -> bool {
        match self {
            Self::Registered | Self::Graded | Self::Assigned | Self::Rectifying | Self::ExtensionAsked => {
                true
            }
            Self::AwaitingAcceptance
            | Self::Accepted
            | Self::Closed
            | Self::Done
            | Self::Withdrawn
            | Self::CarriedOver => false,
        }
    }

    /// The phase by which lists are ordered: `open`, `ended`, `withdrawn`.
    pub const fn phase(self) -> &'static str {
        match self {
            Self::Closed | Self::Done | Self::CarriedOver => "ended",
            Self::Withdrawn => "withdrawn",
            Self::Registered
            | Self::Graded
            | Self::Assigned
            | Self::Rectifying
            | Self::ExtensionAsked
            | Self::AwaitingAcceptance
            | Self::Accepted => "open",
        }
    }

    /// Somebody still has to do something about the hazard itself.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Registered
            | Self::Graded
            | Self::Assigned
            | Self::Rectifying
            | Self::ExtensionAsked
            | Self::AwaitingAcceptance
            | Self::Accepted => true,
            Self::Closed | Self::Done | Self::Withdrawn | Self::CarriedOver => false,
        }
    }
}

kernel::named! {
    /// How far an overdue hazard has climbed.
    pub enum Escalation {
        /// 提醒
        Remind = "remind",
        /// 约谈
        Talk = "talk",
        /// 提级督办
        Raise = "raise",
    }
}

kernel::named! {
    /// Who accepts what was fixed.
    pub enum Acceptor {
        /// Somebody else at the school.
        School = "school",
        /// The central school, where the school has no second person.
        Central = "central",
        /// The county: major hazards, or no central school either.
        County = "county",
    }

    /// What the guide to major hazards said about a grading.
    pub enum GuideSaid {
        /// It is major.
        Major = "major",
        /// It is not.
        NotMajor = "not-major",
        /// None of the loaded items is met, and they are not all there are.
        Unsettled = "unsettled",
        /// The items of this area are not loaded.
        NotLoaded = "not-loaded",
        /// The guide has no items for this area.
        NotCovered = "not-covered",
    }

    /// Why a hazard was withdrawn.
    pub enum WithdrawnWhy {
        /// It was none.
        Mistaken = "mistaken",
        /// It is the same as another.
        Duplicate = "duplicate",
    }

    /// What the county answered to 提请解决.
    pub enum HelpSaid {
        /// It helps.
        Supported = "supported",
        /// The school can do it itself.
        Returned = "returned",
    }
}

/// The ledger number: a serial of the unit within a year; a new ledger begins each January.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Number {
    /// The year it was found.
    pub year: i16,
    /// From 1.
    pub serial: u32,
}

impl Number {
    /// From two columns, the year first.
    pub(crate) fn read(row: &Row<'_>, year: usize) -> Result<Self, StorageError> {
        Ok(Self {
            year: i16::try_from(row.int(year)?).unwrap_or(0),
            serial: u32::try_from(row.int(year + 1)?).unwrap_or(0),
        })
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:04}", self.year, self.serial)
    }
}
