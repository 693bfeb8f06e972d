//! What the list hears of hazards, and what it says to them.

use hazard::{Hazard, HazardEvent, HazardState, Hindrance};
use journal::{Consequence, Happening};
use kernel::{Refusal, StreamId};
use storage::{StorageError, Tx, params};
use uuid::Uuid;

use crate::{
    command::{Opening, SupervisionCommand, Told},
    state::StageCode,
    subject::Supervision,
};

/// Turns the id of a hazard into that of its listing and back: one stream for both would not know whose event is whose.
const LISTING: u128 = 0x6c69_7374_0000_0000_0000_0000_7375_7076;

/// The stream of a hazard's listing: one for each hazard, however often it comes back.
pub fn stream_of(hazard: StreamId) -> StreamId {
    StreamId(Uuid::from_u128(hazard.0.as_u128() ^ LISTING))
}

/// A major hazard has to be listed, from the day it is known to be one, and again when it comes back; what it goes
/// through after that its listing has to know.
pub fn on_hazard(happening: &Happening<'_, Hazard>) -> Vec<Consequence> {
    let hazard = happening.new;
    let id = happening.stamp.stream;
    let ask = |command| vec![Consequence::ask::<Supervision>(stream_of(id), command)];
    let was_major = happening.old.is_some_and(HazardState::is_major);
    if !hazard.is_major() {
        return if was_major { ask(SupervisionCommand::Hear(Told::Lowered)) } else { Vec::new() };
    }
    let back = matches!(happening.event, HazardEvent::Revisited(parts) if !parts.core.sound);
    if (!was_major || back) && hazard.stage.code().is_open() {
        return ask(SupervisionCommand::Open(opening(id, hazard)));
    }
    match told(happening.event) {
        Some(told) => ask(SupervisionCommand::Hear(told)),
        None => Vec::new(),
    }
}

fn opening(id: StreamId, hazard: &HazardState) -> Opening {
    Opening {
        hazard: id,
        hazard_number: hazard.number,
        unit: hazard.unit,
        township: hazard.township,
        central: hazard.central_now(),
        county: hazard.county,
    }
}

const fn told(event: &HazardEvent) -> Option<Told> {
    match event {
        HazardEvent::TakenOn(_) | HazardEvent::Progressed(_) => Some(Told::Progressed),
        HazardEvent::Rectified(_) => Some(Told::Rectified),
        HazardEvent::Returned(_) => Some(Told::Returned),
        HazardEvent::Withdrawn(_) => Some(Told::Withdrawn),
        HazardEvent::Registered(_)
        | HazardEvent::FixedOnSpot(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Assigned(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Accepted(_)
        | HazardEvent::Closed(_)
        | HazardEvent::Revisited(_)
        | HazardEvent::HelpAsked(_)
        | HazardEvent::HelpAnswered(_)
        | HazardEvent::HelpDelivered(_)
        | HazardEvent::Urged(_)
        | HazardEvent::DeadlineWarned(_)
        | HazardEvent::Escalated(_)
        | HazardEvent::ClimbAnswered(_)
        | HazardEvent::Readdressed(_)
        | HazardEvent::Corrected(_)
        | HazardEvent::CarriedOver(_) => None,
    }
}

/// A major hazard is accepted and closed by taking it off the list, or after it was decided not to list it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotYetDelisted;

impl Hindrance for NotYetDelisted {
    fn against(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError> {
        let stage =
            tx.first("SELECT stage FROM supervision WHERE id = ?1", params![stream_of(hazard)], |row| {
                row.text(0)
            })?;
        Ok(stage.as_deref().and_then(StageCode::named).and_then(hindrance))
    }
}

/// Why a hazard whose listing stands there can be neither accepted nor closed.
pub(crate) fn hindrance(stage: StageCode) -> Option<Refusal> {
    match stage {
        StageCode::Owed | StageCode::Drafted | StageCode::Reviewing | StageCode::Signing => {
            Some(Refusal::new("supervision-not-listed"))
        }
        StageCode::Listed | StageCode::Applied | StageCode::Checking | StageCode::Checked => {
            Some(Refusal::new("supervision-not-delisted"))
        }
        StageCode::Delisted | StageCode::Waived | StageCode::Ended => None,
    }
}
