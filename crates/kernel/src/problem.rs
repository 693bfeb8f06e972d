//! What can go wrong, in one closed list. `web` maps it to a status and RFC 9457; every code has a sentence in
//! both languages (`problem-<code>` in the language files).

use serde::Serialize;

/// A rule said no. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable code such as `hazard-plan-missing`; its sentence is the message `problem-<code>`.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
    /// Form fields it concerns, by name.
    pub fields: Vec<&'static str>,
    /// What is wrong with each field, when several are.
    pub details: Vec<FieldProblem>,
}

impl Refusal {
    /// A refusal without arguments.
    pub const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new(), fields: Vec::new(), details: Vec::new() }
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds what is wrong with one of several fields.
    #[must_use]
    pub fn because(mut self, field: &'static str, refusal: Self) -> Self {
        self.fields.push(field);
        self.details.push(FieldProblem { field, refusal });
        self
    }

    /// Names a form field it concerns.
    #[must_use]
    pub fn on(mut self, field: &'static str) -> Self {
        self.fields.push(field);
        self
    }
}

/// One field of a form or one cell of a table that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// The field's name in the form or request.
    pub field: &'static str,
    /// Code and arguments of the sentence.
    #[serde(flatten)]
    pub refusal: Refusal,
}

/// Somebody else was faster: what the asker saw and what is true now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Staleness {
    /// The version the asker had seen.
    pub seen: u64,
    /// The version that stands now.
    pub current: u64,
}

/// Everything that can be answered instead of success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No such thing, or not for this viewer: the two are not told apart.
    #[error("not found")]
    NotFound,
    /// Signed in, but this act is not theirs.
    #[error("forbidden")]
    Forbidden,
    /// A rule said no.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// Fields that cannot be taken as they are.
    #[error("invalid input")]
    Invalid(Vec<FieldProblem>),
    /// Changed by somebody else meanwhile.
    #[error("stale: saw {}, is {}", .0.seen, .0.current)]
    Stale(Staleness),
    /// A limit of [`crate::limits`], by name.
    #[error("limit: {0}")]
    Limit(&'static str),
    /// Our fault; the text is for the log, never for a page.
    #[error("fault: {0}")]
    Fault(String),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Problem {
    /// The stable code shown beside the sentence.
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Refused(refusal) => refusal.code,
            Self::Invalid(_) => "invalid",
            Self::Stale(_) => "stale",
            Self::Limit(_) => "limit",
            Self::Fault(_) => "fault",
        }
    }
}
