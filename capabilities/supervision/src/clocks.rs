//! The clocks of a listing: several run at once, each until what it waits for has happened.

use journal::ClockSpec;
use rules::Running;

use crate::state::{Stage, SupervisionState};

/// The spans that run.
pub(crate) fn spans(state: &SupervisionState) -> Vec<Running<'_>> {
    let mut spans = Vec::new();
    let mut run = |name, started, due| spans.push(Running { name, started, due });
    if state.controlled.is_none() && state.stage.code().is_running() {
        run("control", state.opened_at, &state.control);
    }
    if let Some(listing) = state.stage.listing().filter(|_| state.stage.code().is_listed())
        && listing.received_at.is_none()
    {
        run("receipt", listing.signed_at, &listing.receipt);
    }
    match &state.stage {
        Stage::Owed {} | Stage::Drafted { .. } | Stage::Reviewing { .. } | Stage::Signing { .. } => {
            run("notice", state.opened_at, &state.notice_due);
        }
        Stage::Listed { listing } if !state.rectified => {
            run("progress", listing.progress_since, &listing.progress);
        }
        Stage::Applied { since, due, .. } => run("check", *since, due),
        Stage::Checking { since, due, .. } | Stage::Checked { since, due, .. } => run("delist", *since, due),
        Stage::Listed { .. } | Stage::Delisted { .. } | Stage::Waived { .. } | Stage::Ended { .. } => {}
    }
    spans
}

/// The running clocks.
pub(crate) fn clocks(state: &SupervisionState) -> Vec<ClockSpec> {
    spans(state)
        .into_iter()
        .map(|span| ClockSpec {
            name: span.name,
            started: span.started,
            due: span.due.at,
            next: span.next(&state.marks),
        })
        .collect()
}
