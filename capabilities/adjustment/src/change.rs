//! What an adjustment changes. **These types stand in events: decoded for ever.**

use kernel::Date;
use serde::{Deserialize, Serialize};

/// One thing that is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A rule has another value.
    Value {
        /// Its id.
        rule: String,
        /// Of which variant.
        variant: String,
        /// The value.
        value: NewValue,
    },
    /// Another variant of a rule is the one in force.
    Variant {
        /// Its id.
        rule: String,
        /// Which.
        variant: String,
    },
    /// A day is free, or worked, against its weekday.
    Day {
        /// The day.
        date: Date,
        /// People work.
        working: bool,
        /// What it is called.
        name: String,
    },
    /// All special days of a year are known.
    Year {
        /// The year.
        year: i16,
    },
    /// The texts that are filled in when a hazard of a category is fixed on the spot.
    Prefill {
        /// `H01` ...
        category: String,
        /// The texts.
        texts: FiveTexts,
    },
}

/// A value as the rules write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewValue {
    /// A length of time: `24h`, `7d`, `3wd`.
    Span(String),
    /// Percentages of a deadline.
    Marks(Vec<u32>),
    /// After how many days overdue each step of the climb is reached, in order.
    Steps(Vec<StepDays>),
}

/// A step of the climb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDays {
    /// `remind`, `talk`, `raise`.
    pub step: String,
    /// Whole days overdue.
    pub after: u32,
}

/// 五落实 as they are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiveTexts {
    /// 责任
    pub responsibility: String,
    /// 资金
    pub funds: String,
    /// 措施
    pub measures: String,
    /// 时限
    pub deadline: String,
    /// 预案
    pub contingency: String,
}

impl Change {
    /// The rule it is about.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Value { rule, .. } | Self::Variant { rule, .. } => Some(rule),
            Self::Day { .. } | Self::Year { .. } | Self::Prefill { .. } => None,
        }
    }
}
