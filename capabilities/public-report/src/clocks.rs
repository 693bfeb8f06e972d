//! The clocks of a report: the answer, then the telephone that has to go.

use journal::ClockSpec;
use rules::Running;

use crate::state::{PublicReportState, Stage, Telephone};

/// The time to answer.
pub(crate) const ANSWER: &str = "answer";
/// The time for which a telephone is kept after the answer.
pub(crate) const TELEPHONE: &str = "telephone";

/// The time to answer, as long as it runs.
pub(crate) fn answering(state: &PublicReportState) -> Option<Running<'_>> {
    match &state.stage {
        Stage::Waiting { since, due } => Some(Running { name: ANSWER, started: *since, due }),
        Stage::TakenUp { .. } | Stage::Answered { .. } => None,
    }
}

/// The running clocks.
pub(crate) fn clocks(state: &PublicReportState) -> Vec<ClockSpec> {
    let answer = answering(state).map(|span| ClockSpec {
        name: span.name,
        started: span.started,
        due: span.due.at,
        next: span.next(&state.marks),
    });
    let telephone = match (state.telephone, state.forget, state.stage.answered_at()) {
        (Telephone::Kept, Some(forget), Some(started)) => {
            Some(ClockSpec { name: TELEPHONE, started, due: forget, next: Some(forget) })
        }
        _ => None,
    };
    answer.into_iter().chain(telephone).collect()
}
