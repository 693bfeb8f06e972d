//! The clocks of a hazard: which run, and at which marks the platform must do something. The marks are values in the
//! recorded deadline, so the clocks follow from the state alone.

use journal::ClockSpec;
use kernel::Timestamp;

use crate::{
    event::DueBy,
    level::Escalation,
    state::{HazardState, Stage},
};

/// The running clocks.
pub(crate) fn clocks(state: &HazardState) -> Vec<ClockSpec> {
    let (Some((name, started)), Some(due)) = (running(state), state.due()) else { return Vec::new() };
    let reached = state.marks.get(name).copied().unwrap_or(0);
    let next = due.marks.iter().find(|mark| **mark > reached).map(|mark| at_mark(started, due.at, *mark));
    vec![ClockSpec { name, started, due: due.at, next: next.or_else(|| climbs(state)) }]
}

/// A hazard climbs while it is open and not yet at the top.
fn climbs(state: &HazardState) -> Option<Timestamp> {
    let open = state.stage.code().is_open() && state.escalation != Some(Escalation::Raise);
    state.climb_at.filter(|_| open)
}

/// Name and start of the clock that runs at this stage.
pub(crate) fn running(state: &HazardState) -> Option<(&'static str, Timestamp)> {
    match &state.stage {
        Stage::Registered { since, .. } => Some(("grade", *since)),
        Stage::Graded { since, .. } => Some(("assign", *since)),
        Stage::Assigned { since, .. } => Some(("take-on", *since)),
        Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. } => {
            Some(("rectify", plan.counted_from))
        }
        Stage::AwaitingAcceptance { since, .. } => Some(("accept", *since)),
        Stage::Accepted { since, due: Some(_), .. } => Some(("close", *since)),
        Stage::Closed { since, .. } => Some(("revisit", *since)),
        Stage::Accepted { due: None, .. }
        | Stage::Done { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => None,
    }
}

/// The instant at which `mark` percent of the span have passed; 100 % is the first millisecond after it.
pub(crate) fn at_mark(started: Timestamp, due: Timestamp, mark: u8) -> Timestamp {
    if mark >= 100 {
        return due.plus_ms(1);
    }
    let span = due.since_ms(started).max(0);
    started.plus_ms(span / 100 * i64::from(mark))
}

/// The highest mark that `now` has passed, 0 for none: after a long downtime one warning stands for all.
pub(crate) fn mark_at(started: Timestamp, due: &DueBy, now: Timestamp) -> u8 {
    due.marks.iter().rev().copied().find(|mark| at_mark(started, due.at, *mark) <= now).unwrap_or(0)
}
