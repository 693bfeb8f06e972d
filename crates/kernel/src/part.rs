//! The parts of an event and how far up the network each may travel.

use serde::{Deserialize, Serialize};

use crate::Tier;

/// The parts 分段 of an event. Each is salted and digested apart, so one can be dropped or erased while the
/// chain still verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Codes, numbers, ids.
    Core,
    /// Free text and attachment hashes.
    Text,
    /// Names, telephones, identity numbers: encrypted at rest.
    Personal,
}

/// How far up 上报范围 each part of an event type may travel; `None` stays on the platform that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Highest tier that receives `core`.
    pub core: Option<Tier>,
    /// Highest tier that receives `text`.
    pub text: Option<Tier>,
    /// Highest tier that receives `personal`.
    pub personal: Option<Tier>,
}

impl Reach {
    /// Nothing leaves the platform.
    pub const HERE: Self = Self { core: None, text: None, personal: None };
    /// Codes to the county, words too, names not.
    pub const COUNTY: Self = Self { core: Some(Tier::County), text: Some(Tier::County), personal: None };

    /// The highest tier that receives `part`.
    pub const fn of(self, part: Part) -> Option<Tier> {
        match part {
            Part::Core => self.core,
            Part::Text => self.text,
            Part::Personal => self.personal,
        }
    }
}
