//! Why a document was not taken.

use kernel::{Problem, Refusal};

/// Every code this room refuses with; whoever shows them has a sentence `problem-<code>` in both languages.
pub const CODES: &[&str] = &[
    "document-bomb",
    "document-broken",
    "document-cells",
    "document-columns",
    "document-empty",
    "document-encoding",
    "document-encrypted",
    "document-files",
    "document-macros",
    "document-old-excel",
    "document-quote",
    "document-rows",
    "document-sheets",
    "document-too-big",
    "document-type",
    "document-write",
];

/// Why a document was not taken: a code that never changes, and what its sentence speaks of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} {args:?}")]
pub struct DocumentProblem {
    /// One of [`CODES`].
    pub code: &'static str,
    /// `sheet`, `cell`, `line`, `most`, `name`, as far as the code has them.
    pub args: Vec<(&'static str, String)>,
}

impl DocumentProblem {
    pub(crate) const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The value of an argument of its sentence.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl From<DocumentProblem> for Refusal {
    fn from(problem: DocumentProblem) -> Self {
        Self { args: problem.args, ..Self::new(problem.code) }
    }
}

impl From<DocumentProblem> for Problem {
    fn from(problem: DocumentProblem) -> Self {
        Self::Refused(problem.into())
    }
}
