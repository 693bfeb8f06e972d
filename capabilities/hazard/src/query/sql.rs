//! A condition and its parameters, growing together.

use kernel::Timestamp;
use storage::Param;
use uuid::Uuid;

/// A parameter that owns its value.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    Int(i64),
    Text(String),
    Id(Uuid),
}

impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.0)
    }
}

/// Conditions joined by AND, with their parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    parts: Vec<String>,
    args: Vec<Arg>,
}

impl Conditions {
    /// Adds a parameter and returns its mark.
    pub(super) fn arg(&mut self, arg: impl Into<Arg>) -> String {
        self.args.push(arg.into());
        format!("?{}", self.args.len())
    }

    /// The number that the next parameter will have.
    pub(super) fn next(&self) -> usize {
        self.args.len() + 1
    }

    pub(super) fn and(&mut self, condition: String) {
        self.parts.push(condition);
    }

    pub(super) fn text(&self) -> String {
        if self.parts.is_empty() { "TRUE".to_owned() } else { self.parts.join(" AND ") }
    }

    pub(super) fn params(&self) -> Vec<Param<'_>> {
        self.args
            .iter()
            .map(|arg| match arg {
                Arg::Int(value) => Param::Int(*value),
                Arg::Text(value) => Param::Text(value),
                Arg::Id(value) => Param::Uuid(*value),
            })
            .collect()
    }
}
