//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::{Doer, Parts, Stamp};

use crate::{
    clocks::ANSWER,
    event::{PublicReportEvent, Received, ReceivedText, Told},
    state::{PublicReportState, Stage, Telephone},
};

/// The state after the event.
pub(crate) fn evolve(
    state: Option<PublicReportState>,
    event: &PublicReportEvent,
    stamp: &Stamp,
) -> Option<PublicReportState> {
    match (state, event) {
        (None, PublicReportEvent::Received(parts)) => Some(received(parts, stamp)),
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

fn received(parts: &Parts<Received, ReceivedText>, stamp: &Stamp) -> PublicReportState {
    let (core, text) = (&parts.core, parts.text.as_ref());
    PublicReportState {
        number: core.number,
        unit: core.unit,
        township: core.township,
        central: core.central,
        county: core.county,
        place: core.place,
        unit_name: text.map(|text| text.unit.clone()),
        place_name: text.map(|text| text.place.clone()),
        category: core.category.clone(),
        spot: text.map(|text| text.spot.clone()),
        words: text.map(|text| text.words.clone()),
        photos: text.map(|text| text.photos.clone()).unwrap_or_default(),
        received_at: stamp.at,
        telephone: if core.telephone { Telephone::Kept } else { Telephone::None },
        forget: None,
        sent_back_at: None,
        late: false,
        answered_by: None,
        stage: Stage::Waiting { since: stamp.at, due: core.due.clone() },
        marks: Default::default(),
    }
}

fn told(text: &Option<Told>) -> Option<String> {
    text.as_ref().map(|text| text.words.clone())
}

fn apply(mut state: PublicReportState, event: &PublicReportEvent, stamp: &Stamp) -> PublicReportState {
    use PublicReportEvent as E;
    let overdue = matches!(&state.stage, Stage::Waiting { due, .. } if stamp.at > due.at);
    match event {
        E::Received(_) => {}
        E::TakenUp(parts) => {
            state.late |= overdue;
            state.stage = Stage::TakenUp {
                at: stamp.at,
                hazard: parts.core.hazard,
                hazard_number: parts.core.hazard_number,
                told: told(&parts.text),
            };
            state.forget = parts.core.forget;
            state.answered_by = Some(Doer::of(stamp, parts.core.by));
        }
        E::Answered(parts) => {
            state.late |= overdue;
            state.stage = Stage::Answered {
                at: stamp.at,
                answer: parts.core.answer.clone(),
                hazard: parts.core.hazard,
                hazard_number: parts.core.hazard_number,
                told: told(&parts.text),
            };
            state.forget = parts.core.forget;
            state.answered_by = Some(Doer::of(stamp, parts.core.by));
        }
        E::SentBack(parts) => {
            state.stage = Stage::Waiting { since: stamp.at, due: parts.core.due.clone() };
            state.sent_back_at = Some(stamp.at);
            // It is needed again for the answer that is owed now.
            state.forget = None;
            state.marks.remove(ANSWER);
        }
        E::Warned(parts) => {
            state.late |= parts.core.mark >= 100;
            state.marks.insert(ANSWER.to_owned(), parts.core.mark);
        }
        E::TelephoneErased(_) => {
            state.telephone = Telephone::Erased;
            state.forget = None;
        }
    }
    state
}
