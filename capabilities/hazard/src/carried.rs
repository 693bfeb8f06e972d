//! Carried over 台账导入: what a ledger kept before this platform says of a hazard. It is somebody's word, not this
//! platform's proof, and stays marked as such. **The event's types are decoded for ever.**

use kernel::{PersonId, Timestamp, UnitId};
use rules::DueBy;
use serde::{Deserialize, Serialize};

use crate::{
    event::Photo,
    level::{Level, Number, StageCode},
};

/// Core of `hazard.carried_over`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedOver {
    /// The number it has here.
    pub number: Number,
    /// The unit where it is.
    pub unit: UnitId,
    /// The township the unit lay in at the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub township: Option<UnitId>,
    /// The central school that ran the unit then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<UnitId>,
    /// The county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<UnitId>,
    /// `H01` ...
    pub category: String,
    /// The level it stands at here; absent when it must be graded anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The level the ledger names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger_level: Option<Level>,
    /// How it was found; empty when the ledger does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The day it was found.
    pub found_at: Timestamp,
    /// The person who carried it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Where the ledger proves it stands: `registered`, `graded`, `assigned`, `rectifying`, `carried_over` (closed).
    pub stage: StageCode,
    /// The deadline that counts here from now on; absent when it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueBy>,
    /// Who shall fix it, when that person is known at the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PersonId>,
    /// Yuan cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funds_cents: Option<i64>,
    /// The deadline in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger_due: Option<Timestamp>,
    /// When the ledger says it was fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_at: Option<Timestamp>,
    /// When the ledger says it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// The ledger's own number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger_number: String,
    /// The row of the file.
    pub row: u32,
}

/// Text of `hazard.carried_over`, and what the ledger's row says in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedText {
    /// What is wrong.
    pub description: String,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// 措施
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measures: String,
    /// 资金, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub funds: String,
    /// 预案
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contingency: String,
    /// 备注
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// Photos before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// Photos afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Photo>,
}

/// Personal part of `hazard.carried_over`: the names the ledger has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedPeople {
    /// Who found it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found_by: String,
    /// Who was to fix it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible: String,
    /// Who accepted it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub accepted_by: String,
}

/// A row of a ledger, to be carried over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CarryOver {
    /// The unit where it is.
    pub unit: UnitId,
    /// `H01` ...
    pub category: String,
    /// The level the ledger names.
    pub level: Option<Level>,
    /// How it was found; empty when the ledger does not say.
    pub source: String,
    /// The day it was found.
    pub found_at: Timestamp,
    /// The ledger says it is closed.
    pub closed: bool,
    /// The deadline in the ledger: the last millisecond.
    pub due: Option<Timestamp>,
    /// Who shall fix it, when that person is known at the unit.
    pub responsible: Option<PersonId>,
    /// Yuan cents.
    pub funds_cents: Option<i64>,
    /// When it was fixed.
    pub fixed_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The ledger's own number.
    pub ledger_number: String,
    /// The row of the file.
    pub row: u32,
    /// The row's words and photos.
    pub text: CarriedText,
    /// The row's names.
    pub people: CarriedPeople,
}

/// What a state remembers of having been carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The ledger's own number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger_number: String,
    /// Where it stood when it was carried over.
    pub stage: StageCode,
}
