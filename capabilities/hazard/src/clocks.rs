//! The clocks of a hazard: which run, and at which marks the platform must do something. The marks are values in the
//! recorded deadline, so the clocks follow from the state alone.

use journal::ClockSpec;
use kernel::Timestamp;

use crate::{
    level::Escalation,
    state::{HazardState, Stage},
};

/// The running clocks.
pub(crate) fn clocks(state: &HazardState) -> Vec<ClockSpec> {
    let (Some((name, started)), Some(due)) = (running(state), state.due()) else { return Vec::new() };
    let reached = state.marks.get(name).copied().unwrap_or(0);
    let next = due.next_mark(started, reached).or_else(|| climbs(state));
    vec![ClockSpec { name, started, due: due.at, next }]
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
