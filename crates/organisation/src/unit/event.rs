//! What happens to a unit.

use journal::event_types;
use kernel::{Date, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};

use super::CampusesDescribed;
use crate::{Line, UnitKind};

/// How a canteen is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanteenMode {
    /// 自营
    Own,
    /// 承包(委托)经营
    Contracted,
    /// 校外供餐
    Delivered,
    /// 无
    None,
}

/// Facts of a unit that change from year to year. Counts are heads; what is absent nobody entered, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attributes {
    /// Pupils, boarders among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupils: Option<u32>,
    /// Boarders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boarders: Option<u32>,
    /// Staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<u32>,
    /// Classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<u32>,
    /// 民办 when true, 公办 when false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
    /// How the canteen is run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canteen: Option<CanteenMode>,
    /// WGS-84 latitude in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// WGS-84 longitude in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The office telephone, not a person's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub telephone: String,
}

/// A place in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// On which line.
    pub line: Line,
    /// Under which unit.
    pub parent: UnitId,
    /// From which day.
    pub from: Date,
}

/// Core of `unit.created`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// School code, social credit code, area code or local code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// See [`Attributes`].
    pub attributes: Attributes,
    /// Where it hangs on the lines where a unit has one place at a time; assignments are events of their own.
    pub placements: Vec<Placement>,
}

/// Text of `unit.created`, when there is something to excuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedText {
    /// Why a code that fails its check was taken all the same.
    pub code_exception: String,
}

/// Core of `unit.renamed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Renamed {
    /// The new official name.
    pub name: String,
}

/// Core of `unit.recoded`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recoded {
    /// The right code.
    pub code: String,
}

/// Text of `unit.recoded`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecodedText {
    /// Why the former code was wrong.
    pub reason: String,
    /// Why a code that fails its check was taken all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_exception: Option<String>,
}

/// Core of `unit.rekinded`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rekinded {
    /// The right kind.
    pub kind: UnitKind,
    /// Its code is one that such units have: what excused it before says nothing true any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub code_fits: bool,
}

/// Text of `unit.rekinded`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RekindedText {
    /// Why the former kind was wrong.
    pub reason: String,
    /// Why the code stays although such units have other ones; absent where nothing is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_exception: Option<String>,
}

/// Core of `unit.described`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// All attributes as they are now.
    pub attributes: Attributes,
}

/// Core of `unit.placed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The new place.
    pub placement: Placement,
}

/// Core of `unit.assigned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// To which unit.
    pub to: UnitId,
    /// From which day.
    pub from: Date,
}

/// Core of `unit.unassigned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unassigned {
    /// From which unit.
    pub to: UnitId,
    /// The first day without the assignment; that of its beginning when it was a mistake.
    pub on: Date,
}

/// Core of `unit.closed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// The last day.
    pub on: Date,
}

/// Core of `unit.reopened`: nothing but that it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {}

/// Text of `unit.reopened`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenedText {
    /// Why closing it was a mistake.
    pub reason: String,
}

/// Units are public: all of it travels to the province.
const EVERYWHERE: Reach = Reach { core: Some(Tier::Province), text: Some(Tier::Province), personal: None };

event_types! {
    /// What happens to a unit.
    pub enum UnitEvent {
        /// It was entered.
        Created("unit.created", 1, EVERYWHERE): Parts<Created, CreatedText>,
        /// It got another name.
        Renamed("unit.renamed", 1, EVERYWHERE): Parts<Renamed>,
        /// Its code was corrected.
        Recoded("unit.recoded", 1, EVERYWHERE): Parts<Recoded, RecodedText>,
        /// Its kind was corrected.
        Rekinded("unit.rekinded", 1, EVERYWHERE): Parts<Rekinded, RekindedText>,
        /// Its facts were brought up to date.
        Described("unit.described", 1, EVERYWHERE): Parts<Described>,
        /// Its campuses were named.
        CampusesDescribed("unit.campuses_described", 1, EVERYWHERE): Parts<CampusesDescribed>,
        /// It hangs under another unit from a day on.
        Placed("unit.placed", 1, EVERYWHERE): Parts<Placed>,
        /// It is assigned to a unit from a day on, beside the others.
        Assigned("unit.assigned", 1, EVERYWHERE): Parts<Assigned>,
        /// An assignment ended.
        Unassigned("unit.unassigned", 1, EVERYWHERE): Parts<Unassigned>,
        /// It was closed.
        Closed("unit.closed", 1, EVERYWHERE): Parts<Closed>,
        /// A mistaken closing was taken back.
        Reopened("unit.reopened", 1, EVERYWHERE): Parts<Reopened, ReopenedText>,
    }
}
