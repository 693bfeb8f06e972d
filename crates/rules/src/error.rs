//! What can be wrong with rules, always naming the file and line or the rule.

use kernel::Date;

/// A rule, an overlay or a question that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A file that cannot be read as rules: syntax, unknown key, wrong type, wrong reference.
    #[error("{file}:{line}: {message}")]
    Invalid {
        /// Path inside the rules folder.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Two rules of one id, both active (or of one variant), for the same scope and days.
    #[error("{file}:{line}: rule {id} overlaps with the one at {other_file}:{other_line}")]
    Overlap {
        /// The rule's id.
        id: String,
        /// Path of the second rule.
        file: String,
        /// Line of the second rule.
        line: usize,
        /// Path of the first rule.
        other_file: String,
        /// Line of the first rule.
        other_line: usize,
    },
    /// No rule has this id.
    #[error("no rule {0}")]
    Unknown(String),
    /// The rule exists, but no active version is in force on that day for that place.
    #[error("rule {id} is not in force on {on}")]
    NotInForce {
        /// The rule's id.
        id: String,
        /// The day asked about.
        on: Date,
    },
    /// The rule's value is not of the kind asked for.
    #[error("rule {id} is not a {wanted}")]
    WrongKind {
        /// The rule's id.
        id: String,
        /// The kind asked for.
        wanted: &'static str,
    },
    /// The rule leaves the date to each plan.
    #[error("rule {0} takes its date from the plan")]
    PerPlan(String),
    /// The deadline lies outside the calendar.
    #[error("rule {0}: the deadline lies outside the calendar")]
    OutOfRange(String),
    /// An overlay would loosen a field it may only tighten.
    #[error(
        "{file}:{line}: rule {rule}, field {field}: {asked} would loosen {base}; an overlay may only tighten it"
    )]
    Loosens {
        /// Path of the overlay.
        file: String,
        /// Line.
        line: usize,
        /// The rule's id.
        rule: String,
        /// The field.
        field: &'static str,
        /// The value in force.
        base: String,
        /// The value asked for.
        asked: String,
    },
    /// An overlay changes a field that is not listed as changeable for it.
    #[error("{file}:{line}: rule {rule}, field {field}: may not be changed from {base} to {asked} here")]
    NotListed {
        /// Path of the overlay.
        file: String,
        /// Line.
        line: usize,
        /// The rule's id.
        rule: String,
        /// The field.
        field: &'static str,
        /// The value in force.
        base: String,
        /// The value asked for.
        asked: String,
    },
}

impl RuleError {
    pub(crate) fn invalid(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self::Invalid { file: file.to_owned(), line, message: message.into() }
    }
}
