//! An answer that can be shown, stored and explained again.

use std::sync::Arc;

use serde::Serialize;

use crate::clause::Clause;

/// Why, in sentences, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A value with the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision<T> {
    /// The answer.
    pub value: T,
    /// The rule's id.
    pub rule_id: Arc<str>,
    /// Its source; a default says so.
    pub clause: Clause,
    /// Which variant was taken.
    pub variant: Arc<str>,
    /// The rules in force: `base@hash8[+overlay@hash8]`.
    pub stamp: Arc<str>,
    /// Whether a year without a loaded holiday calendar was counted as Monday to Friday.
    pub calendar_fallback: bool,
    /// Why.
    pub explanation: Explanation,
}

impl<T> Decision<T> {
    /// The same decision with another value.
    pub(crate) fn map<U>(self, to: impl FnOnce(T) -> U) -> Decision<U> {
        Decision {
            value: to(self.value),
            rule_id: self.rule_id,
            clause: self.clause,
            variant: self.variant,
            stamp: self.stamp,
            calendar_fallback: self.calendar_fallback,
            explanation: self.explanation,
        }
    }
}

/// One of several variants, evaluated side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variant<T> {
    /// Whether this is the one in force.
    pub active: bool,
    /// What it decides.
    pub decision: Decision<T>,
}
