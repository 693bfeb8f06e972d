//! What a list shows: the filter as it stands in the address.

use access::{Root, Scope};
use kernel::{Date, StreamId, UnitId};
use organisation::UnitKind;

use crate::level::{Level, StageCode};

/// Which units a viewer may see hazards of. Made from his grants, never from the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every unit of this platform.
    Everything,
    /// These units, few enough to be listed.
    Units(Vec<UnitId>),
    /// Everything below these units on their lines, and what was registered while it lay below them.
    Below(Vec<Root>),
    /// Only what this account registered itself or its person has to fix, at units that its roles still reach: the
    /// record asks the same.
    Own(kernel::ActorId, kernel::PersonId, Scope),
}

/// Which stages are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StageFilter {
    /// 未销号
    #[default]
    Open,
    /// 已逾期
    Overdue,
    /// 已销号及之后
    Closed,
    /// 全部
    All,
    /// 全部，不含已撤销
    Kept,
    /// One stage.
    One(StageCode),
}

impl StageFilter {
    /// The name used in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Closed => "ended",
            Self::All => "all",
            Self::Kept => "kept",
            Self::One(stage) => stage.name(),
        }
    }

    /// From the name used in addresses.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Self::Open),
            "overdue" => Some(Self::Overdue),
            "ended" => Some(Self::Closed),
            "all" => Some(Self::All),
            "kept" => Some(Self::Kept),
            other => StageCode::named(other).map(Self::One),
        }
    }
}

kernel::named! {
    /// Whose turn it is, by tier.
    pub enum Holder {
        /// The unit's own people.
        School = "school",
        /// The central school.
        Central = "central",
        /// The county.
        County = "county",
    }

    /// How a hazard was closed here; a ledger's word says nothing of it.
    pub enum Closing {
        /// 按期
        OnTime = "on-time",
        /// 逾期
        Late = "late",
        /// Either.
        Known = "known",
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// 最新登记在前
    #[default]
    Newest,
    /// 最早到期在前
    Due,
}

impl Sort {
    /// The name used in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Due => "due",
        }
    }
}

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HazardFilter {
    /// One unit and everything below it, in management or on the ground.
    pub unit: Option<UnitId>,
    /// The same once more, so that a township and a school can both be asked for.
    pub town: Option<UnitId>,
    /// Which stages.
    pub stage: StageFilter,
    /// One level.
    pub level: Option<Level>,
    /// One category.
    pub category: Option<String>,
    /// One source.
    pub source: Option<String>,
    /// 重复隐患 only.
    pub repeated: bool,
    /// Whose turn it is.
    pub holder: Option<Holder>,
    /// At one kind of school.
    pub kind: Option<UnitKind>,
    /// How it was closed.
    pub closing: Option<Closing>,
    /// Closed on or after.
    pub closed_from: Option<Date>,
    /// Closed on or before.
    pub closed_to: Option<Date>,
    /// With a deadline on or before.
    pub due_to: Option<Date>,
    /// Registered on or after.
    pub from: Option<Date>,
    /// Registered on or before.
    pub to: Option<Date>,
    /// Words in number, description or place, or of the school's name.
    pub query: String,
    /// In which order; a search is always newest first.
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

/// Where a page ended: the sort key and id of its last row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key.
    pub key: i64,
    /// The id.
    pub id: StreamId,
}

impl HazardFilter {
    /// Nothing is asked for but units, stage, level, category and words: what the rollups can tell.
    pub(super) fn is_plain(&self) -> bool {
        let days = [self.from, self.to, self.closed_from, self.closed_to, self.due_to];
        !self.repeated
            && self.source.is_none()
            && self.holder.is_none()
            && self.kind.is_none()
            && self.closing.is_none()
            && days.iter().all(Option::is_none)
    }
}

impl Cursor {
    /// From the form used in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        let (key, id) = text.split_once('_')?;
        Some(Self { key: key.parse().ok()?, id: StreamId::parse(id)? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.key, self.id.0.simple())
    }
}
