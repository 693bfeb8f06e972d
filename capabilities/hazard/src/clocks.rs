//! The clocks of a hazard: which run, and at which marks the platform must do something. The marks are values in the
//! recorded deadline, so the clocks follow from the state alone.

use journal::ClockSpec;
use kernel::Timestamp;

use crate::{
    level::Escalation,
    state::{HazardState, HelpClock, Stage},
    turn::owed,
};

/// The running clocks.
pub(crate) fn clocks(state: &HazardState) -> Vec<ClockSpec> {
    let work = running(state).zip(state.due()).map(|((name, started), due)| {
        let next = due.next_mark(started, reached(state, name)).or_else(|| climbs(state));
        ClockSpec { name, started, due: due.at, next }
    });
    // What the county owes warns, and does not climb: above it nobody here could act.
    let help = help_clock(state).map(|(name, HelpClock { since, due })| {
        let next = due.next_mark(*since, reached(state, name));
        ClockSpec { name, started: *since, due: due.at, next }
    });
    work.into_iter().chain(help).collect()
}

/// The highest mark a clock has reached.
pub(crate) fn reached(state: &HazardState, clock: &str) -> u8 {
    state.marks.get(clock).copied().unwrap_or(0)
}

/// Name and times of the clock of a request for help.
pub(crate) fn help_clock(state: &HazardState) -> Option<(&'static str, &HelpClock)> {
    let name = owed(state)?.act.name();
    state.help_clock.as_ref().map(|clock| (name, clock))
}

/// The clock is that of a request for help.
pub(crate) fn is_help(clock: &str) -> bool {
    matches!(clock, "answer-help" | "deliver-help")
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
