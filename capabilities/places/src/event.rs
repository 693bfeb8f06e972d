//! What happens to a place. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

use hazard::Note;
use journal::event_types;
use kernel::{PersonId, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};

const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

/// Core of `place.added`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Whose place it is.
    pub unit: UnitId,
    /// Code of its kind.
    pub kind: String,
    /// What stands on its sheet.
    pub code: String,
    /// Outside the buildings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// Who added it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Text of `place.added` and `place.changed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceText {
    /// What it is called.
    pub name: String,
    /// Building and floor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spot: String,
}

/// Core of `place.changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Code of its kind.
    pub kind: String,
    /// Outside the buildings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// Who changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of an event that says no more than who acted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `place.code_replaced`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeReplaced {
    /// What stands on its sheet from now on.
    pub code: String,
    /// What stood there.
    pub former: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Core of `place.code_stopped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeStopped {
    /// The former code that points nowhere any more.
    pub code: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

event_types! {
    /// What happens to a place. **Decoded for ever.**
    pub enum PlaceEvent {
        /// 新增
        Added("place.added", 1, COUNTY): Parts<Added, PlaceText>,
        /// 更改
        Changed("place.changed", 1, COUNTY): Parts<Changed, PlaceText>,
        /// 停用
        Closed("place.closed", 1, COUNTY): Parts<Acted, Note>,
        /// 恢复
        Reopened("place.reopened", 1, COUNTY): Parts<Acted, Note>,
        /// 换码
        CodeReplaced("place.code_replaced", 1, COUNTY): Parts<CodeReplaced, Note>,
        /// 停用旧码
        CodeStopped("place.code_stopped", 1, COUNTY): Parts<CodeStopped, Note>,
    }
}
