//! Deadlines as they were decided: values that go into events, so that no later change of a rule moves them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Explanation, RuleBook, RuleError};

/// A deadline as it was decided, with the rule behind it. It stands in events: its fields are decoded for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueBy {
    /// The last millisecond.
    pub at: Timestamp,
    /// The rule's id; empty when a person set the day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Percentages of the span at which it warns, ascending; 100 is overdue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<u8>,
    /// The year's calendar was not loaded, so Monday to Friday counted as working days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub calendar_fallback: bool,
}

impl DueBy {
    /// When the platform must do something next about a span that began at `started` and has `reached` a mark; `None`
    /// when all marks are behind it.
    pub fn next_mark(&self, started: Timestamp, reached: u8) -> Option<Timestamp> {
        let mark = self.marks.iter().find(|mark| **mark > reached)?;
        Some(at_mark(started, self.at, *mark))
    }

    /// The highest mark that `now` has passed, 0 for none: after a long downtime one warning stands for all.
    pub fn mark_at(&self, started: Timestamp, now: Timestamp) -> u8 {
        let passed = |mark: &u8| at_mark(started, self.at, *mark) <= now;
        self.marks.iter().rev().copied().find(passed).unwrap_or(0)
    }
}

/// A span that runs, one of several at once; which marks were reached is kept under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running<'s> {
    /// Its name.
    pub name: &'static str,
    /// From when.
    pub started: Timestamp,
    /// Up to when.
    pub due: &'s DueBy,
}

impl Running<'_> {
    fn reached(&self, marks: &BTreeMap<String, u8>) -> u8 {
        marks.get(self.name).copied().unwrap_or(0)
    }

    /// When its next mark is reached.
    pub fn next(&self, marks: &BTreeMap<String, u8>) -> Option<Timestamp> {
        self.due.next_mark(self.started, self.reached(marks))
    }

    /// The highest mark that `now` has passed and nobody was told of yet.
    pub fn unheard(&self, marks: &BTreeMap<String, u8>, now: Timestamp) -> Option<u8> {
        let mark = self.due.mark_at(self.started, now);
        (mark > self.reached(marks)).then_some(mark)
    }
}

/// The instant at which `mark` percent of the span have passed; 100 % is the first millisecond after it.
fn at_mark(started: Timestamp, due: Timestamp, mark: u8) -> Timestamp {
    if mark >= 100 {
        return due.plus_ms(1);
    }
    let span = due.since_ms(started).max(0);
    started.plus_ms(span / 100 * i64::from(mark))
}

impl RuleBook {
    /// The deadline of a span that begins at `started`, with the marks that hold on `today`.
    ///
    /// # Errors
    /// No such rule in force, or it is no span of time.
    pub fn due_by(&self, rule: &str, started: Timestamp, today: Date) -> Result<DueBy, RuleError> {
        let decision = self.deadline(rule, started)?;
        Ok(DueBy {
            at: decision.value,
            rule: decision.rule_id.to_string(),
            marks: self.due_marks(today)?,
            calendar_fallback: decision.calendar_fallback,
        })
    }

    /// A deadline that a person set, with the marks that hold on `today`.
    ///
    /// # Errors
    /// No rule of marks in force.
    pub fn due_at(&self, at: Timestamp, today: Date) -> Result<DueBy, RuleError> {
        Ok(DueBy { at, rule: String::new(), marks: self.due_marks(today)?, calendar_fallback: false })
    }

    /// How long, from when, by which calendar and clause a deadline runs, where the rules say today what they said when
    /// it was decided.
    pub fn why(&self, due: &DueBy, started: Timestamp) -> Option<Explanation> {
        let same = self.deadline(&due.rule, started).ok().filter(|decision| decision.value == due.at);
        same.map(|decision| decision.explanation)
    }

    /// Ascending, and always with 100: whatever the county wants to be warned of, what is overdue is recorded.
    fn due_marks(&self, today: Date) -> Result<Vec<u8>, RuleError> {
        let decision = self.warning_marks(today)?;
        let mut marks: Vec<u8> =
            decision.value.iter().filter_map(|mark| u8::try_from(*mark).ok()).filter(|m| *m < 100).collect();
        marks.sort_unstable();
        marks.dedup();
        marks.push(100);
        Ok(marks)
    }
}
