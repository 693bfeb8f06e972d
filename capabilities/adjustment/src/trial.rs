//! 试算: what a change would mean for records that are open now. Deadlines that were decided stay what they are; a trial
//! says what they would be if they were decided by the changed rules, so that somebody sees how far a change goes.

use std::collections::BTreeMap;

use kernel::{StreamId, Timestamp, UnitId};
use rules::{DueBy, RuleBook};
use storage::{StorageError, Tx};

use crate::event::Concerned;

/// A deadline of an open record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSpan {
    /// The record.
    pub id: StreamId,
    /// The unit it is about.
    pub unit: UnitId,
    /// How the record is called: its number.
    pub label: String,
    /// Where its page is.
    pub href: String,
    /// From when.
    pub started: Timestamp,
    /// Up to when, and by which rule.
    pub due: DueBy,
}

/// A room whose open records have deadlines by rules.
pub trait OpenRecords: Send + Sync {
    /// Deadlines that run, of at most `most` records behind `after`, in the order of their ids; the id to go on from, none
    /// when these were the last.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn running(
        &self,
        tx: &mut Tx,
        after: StreamId,
        most: usize,
    ) -> Result<(Vec<OpenSpan>, Option<StreamId>), StorageError>;
}

/// Records read at a time.
const PAGE: usize = 500;
/// Records a trial looks at; a county has some thousands open.
pub const TRIED: usize = 50_000;
/// Examples named for each rule.
const EXAMPLES: usize = 5;

/// What a change means for the open records whose deadline one rule gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many there are.
    pub open: u32,
    /// Of these, how many deadlines would be earlier.
    pub earlier: u32,
    /// How many would be later.
    pub later: u32,
    /// How many that run in time would be overdue by now.
    pub overdue: u32,
    /// The first whose deadline would be another one, with what it would be.
    pub examples: Vec<(OpenSpan, Timestamp)>,
}

/// What a trial found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// By the rule's id.
    pub effects: BTreeMap<String, Effect>,
    /// Records that were looked at.
    pub looked_at: usize,
    /// There are more than a trial looks at.
    pub more: bool,
}

impl Trial {
    /// What the event keeps of it.
    pub fn concerned(&self) -> Vec<Concerned> {
        let of = |(rule, effect): (&String, &Effect)| Concerned { rule: rule.clone(), open: effect.open };
        self.effects.iter().map(of).collect()
    }

    fn count(&mut self, span: OpenSpan, would_be: Timestamp, now: Timestamp) {
        let effect = self.effects.entry(span.due.rule.clone()).or_default();
        effect.open = effect.open.saturating_add(1);
        if would_be == span.due.at {
            return;
        }
        let which = if would_be < span.due.at { &mut effect.earlier } else { &mut effect.later };
        *which = which.saturating_add(1);
        if would_be < now && span.due.at >= now {
            effect.overdue = effect.overdue.saturating_add(1);
        }
        if effect.examples.len() < EXAMPLES {
            effect.examples.push((span, would_be));
        }
    }
}

/// Tries rules on what is open; `of` says which rules' deadlines are looked at. Spans that began before `from` are
/// counted by the rule of that day.
///
/// # Errors
/// Whatever the database answers.
pub fn tried(
    tx: &mut Tx,
    rooms: &[std::sync::Arc<dyn OpenRecords>],
    (before, after, from): (&RuleBook, &RuleBook, Timestamp),
    of: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Result<Trial, StorageError> {
    let mut trial = Trial::default();
    for room in rooms {
        let mut page = Some(StreamId::NIL);
        while let Some(behind) = page {
            if trial.looked_at >= TRIED {
                trial.more = true;
                return Ok(trial);
            }
            let (spans, next) = room.running(tx, behind, PAGE)?;
            trial.looked_at += PAGE.min(spans.len());
            for span in spans.into_iter().filter(|span| of(&span.due.rule)) {
                let would_be = would_be((before, after), &span, from);
                trial.count(span, would_be, now);
            }
            page = next;
        }
    }
    Ok(trial)
}

/// The deadline of a span with a change. What the change does not touch stays as it is; a day that somebody set stays
/// too, unless the rule would not reach so far any more.
fn would_be((before, after): (&RuleBook, &RuleBook), span: &OpenSpan, from: Timestamp) -> Timestamp {
    let (Some(was), Some(is)) = (under(before, span, from), under(after, span, from)) else {
        return span.due.at;
    };
    if was == is {
        return span.due.at;
    }
    let by_rule = before.deadline(&span.due.rule, span.started).is_ok_and(|due| due.value == span.due.at);
    if by_rule { is } else { is.min(span.due.at) }
}

/// The deadline of a span by rules that hold from a day on.
fn under(book: &RuleBook, span: &OpenSpan, from: Timestamp) -> Option<Timestamp> {
    if span.started >= from {
        return book.deadline(&span.due.rule, span.started).ok().map(|decision| decision.value);
    }
    book.deadline_as_of(&span.due.rule, span.started, from.local_date()).ok().map(|decision| decision.value)
}
