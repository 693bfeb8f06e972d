//! The deadlines of a listing as its own events tell them, for whoever asks what each side did and when.

use hazard::course::{Heard, Run, Running, Tracker, stamp};
use journal::{Payload, Recorded};

use crate::{clocks::spans, event::SupervisionEvent, evolve::evolve, state::SupervisionState};

/// Every deadline that ran for a listing, by its events, oldest first. One from a newer program is passed over.
pub fn course(events: &[Recorded]) -> Vec<Run> {
    let mut tracker = Tracker::default();
    let mut state: Option<SupervisionState> = None;
    for recorded in events {
        let header = &recorded.header;
        let decoded = SupervisionEvent::decode(&header.event_type, header.type_version, &recorded.parts);
        let Ok(event) = decoded else { continue };
        if let SupervisionEvent::DeadlineWarned(parts) = &event {
            tracker.heard(header.decided_at, &parts.core.clock, Heard::Warned(parts.core.mark));
        }
        state = evolve(state, &event, &stamp(recorded));
        let now = state.as_ref().map(running).unwrap_or_default();
        tracker.step(header.decided_at, &now);
    }
    tracker.runs()
}

fn running(state: &SupervisionState) -> Vec<Running> {
    let of = |span: rules::Running<'_>| Running {
        clock: span.name,
        // What the school has to do about a listing; everything else is the county's.
        unit: match span.name {
            "control" | "receipt" | "progress" => state.unit,
            _ => state.office(),
        },
        started: span.started,
        due: span.due.clone(),
    };
    spans(state).into_iter().map(of).collect()
}
