//! What happens at a school's gate. **These types are decoded for ever**: never rename, never change a meaning.

use journal::event_types;
use kernel::{Coded, Date, PersonId, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};

/// Numbers of guards and of pieces are for the county, and so are remarks about them.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

kernel::named! {
    /// How a piece of the kit was found.
    pub enum Condition {
        /// 完好
        Good = "good",
        /// 损坏
        Broken = "broken",
        /// 没有
        Missing = "missing",
    }
}

/// A piece of the kit as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceFound {
    /// Its id in the rules.
    pub piece: String,
    /// How it was.
    pub condition: Coded<Condition>,
    /// How many of them.
    #[serde(default)]
    pub amount: u32,
    /// The day that stands on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

/// Core of `gate.declared`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// The school.
    pub unit: UnitId,
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// 专职
    pub full_time: u32,
    /// 兼职
    pub part_time: u32,
    /// As of which day.
    pub on: Date,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `gate.kit_checked`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitChecked {
    /// The school.
    pub unit: UnitId,
    /// Number of the campus; 0 for a school that is one place.
    pub campus: u16,
    /// Each piece.
    pub pieces: Vec<PieceFound>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of both: a remark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

event_types! {
    /// What happens at a school's gate.
    pub enum GateEvent {
        /// 申报
        Declared("gate.declared", 1, COUNTY): Parts<Declared, Remark>,
        /// 检查装备
        KitChecked("gate.kit_checked", 1, COUNTY): Parts<KitChecked, Remark>,
    }
}
