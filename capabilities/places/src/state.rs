//! A place as it stands.

use kernel::{Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use crate::{WHOLE, event::PlaceText};

/// A code that was replaced and goes on pointing to its place, until the county stops it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerCode {
    /// The code.
    pub code: String,
    /// Since when another one stands on the sheet.
    pub replaced_at: Timestamp,
    /// Since when it points nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
}

/// A place as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceState {
    /// Whose place it is.
    pub unit: UnitId,
    /// Code of its kind.
    pub kind: String,
    /// Outside the buildings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// What stands on its sheet.
    pub code: String,
    /// Name and spot; absent once erased.
    pub text: Option<PlaceText>,
    /// Codes that stood there, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerCode>,
    /// When it was entered.
    pub added_at: Timestamp,
    /// Since when it is out of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

impl PlaceState {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.name)
    }

    /// Building and floor.
    pub fn spot(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.spot)
    }

    /// It stands for all of the school.
    pub fn is_whole(&self) -> bool {
        self.kind == WHOLE
    }

    /// The code points here: the one on the sheet, or a former one that nobody stopped.
    pub fn answers_to(&self, code: &str) -> bool {
        self.code == code
            || self.former.iter().any(|former| former.code == code && former.stopped_at.is_none())
    }
}
