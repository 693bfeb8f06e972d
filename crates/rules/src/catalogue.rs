//! Reference data: categories, sources, measures, departments, kinds of school, places.

use std::sync::Arc;

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::clause::{Tag, Text};

/// The head of every file: what it is about and where it comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// What the file is about.
    pub title: Text,
    /// Source of what the file lists; a default says so.
    pub clause: Text,
    /// How sure it is.
    pub tag: Tag,
    /// In force from this day.
    pub from: Date,
    /// In force until the day before.
    pub to: Option<Date>,
    /// Path inside the rules folder.
    #[serde(skip_deserializing, default)]
    pub file: Arc<str>,
}

/// Whether a category may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It may be chosen.
    On,
    /// Choosing it stores nothing and shows [`Category::instead`].
    Off,
}

/// What is shown in place of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// Chinese.
    pub zh: Arc<str>,
    /// English.
    pub en: Arc<str>,
    /// Numbers to call, first one first.
    pub phones: Vec<Arc<str>>,
    /// Show the school's phone.
    pub school_phone: bool,
    /// Show the county office's phone.
    pub county_phone: bool,
}

/// Five-fixed texts (五落实） that are filled in when a hazard is fixed on the spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiveFixed {
    /// 责任.
    pub responsibility: Arc<str>,
    /// 资金.
    pub funds: Arc<str>,
    /// 措施.
    pub measures: Arc<str>,
    /// 时限.
    pub deadline: Arc<str>,
    /// 预案.
    pub contingency: Arc<str>,
}

/// How often a category occurs, for generated data only; a working default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Season {
    /// Share of all hazards, per mille.
    pub share: u32,
    /// Weight of each month, January first; 100 is usual.
    pub months: [u32; 12],
}

/// A hazard category.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// H01 ... H99.
    pub code: Arc<str>,
    /// Its name.
    pub name: Text,
    /// Short name of its icon.
    pub icon: Arc<str>,
    /// Place in lists: most common first.
    pub order: u32,
    /// Codes of departments, the leading one first.
    pub departments: Vec<Arc<str>>,
    /// Codes of measures (M09 ...) it counts for.
    pub measures: Vec<Arc<str>>,
    /// Area of the major-hazard guide.
    pub guide: Option<Arc<str>>,
    /// Whether it may be chosen.
    pub state: State,
    /// Why it is off.
    pub reason: Option<Text>,
    /// What is shown when it is off.
    pub instead: Option<Instead>,
    /// One-tap descriptions.
    #[serde(skip_deserializing, default)]
    pub sub_items: Vec<Text>,
    /// Five-fixed texts for fixing on the spot (Chinese).
    #[serde(skip_deserializing, default)]
    pub prefill: Option<FiveFixed>,
    /// How often it occurs, for generated data.
    #[serde(skip_deserializing, default)]
    pub season: Season,
}

impl Category {
    /// Whether it may be chosen.
    pub fn is_on(&self) -> bool {
        self.state == State::On
    }
}

/// A code with its name: a source of hazards, a kind of check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coded {
    /// Stable code.
    pub code: Arc<str>,
    /// Its name.
    pub name: Text,
}

/// A kind of place within a school: what is looked at there, and what its sheet is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointKind {
    /// Stable code.
    pub code: Arc<str>,
    /// Its name.
    pub name: Text,
    /// It usually lies outside the buildings.
    #[serde(default)]
    pub outside: bool,
}

/// A department.
pub type Department = Coded;

/// Part of the county plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasurePart {
    /// M01-M03.
    Framing,
    /// 预防.
    Prevention,
    /// 管控.
    Control,
    /// 应对.
    Response,
    /// 保障.
    Guarantee,
}

/// One of the 28 measures.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// 1 ... 28: an editable label.
    pub number: u32,
    /// M01 ... M28.
    pub code: Arc<str>,
    /// Stable id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Text,
    /// Part of the plan.
    pub part: MeasurePart,
    /// Leading departments.
    pub lead: Vec<Arc<str>>,
    /// Departments that take part.
    pub with: Vec<Arc<str>>,
    /// What the county measures; none for the framing rows.
    pub metric: Option<Text>,
}

/// A kind of school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolKind {
    /// Stable id.
    pub id: Arc<str>,
    /// First two digits of the school code; none where institutions have no such code.
    pub code_class: Option<Arc<str>>,
    /// Its name.
    pub name: Text,
}

/// Level of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceLevel {
    /// 省.
    Province,
    /// 市.
    City,
    /// 县.
    County,
    /// 乡镇（街道）.
    Township,
}

/// A place with its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// 6 or 9 digits.
    pub code: Arc<str>,
    /// Its level.
    pub level: PlaceLevel,
    /// Code of the place above; none for the province.
    pub parent: Option<Arc<str>>,
    /// Its name.
    pub name: Text,
}
