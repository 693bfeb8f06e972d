//! Parts of an event from a foreign or damaged journal: decoded or refused, never a panic; what was decoded can be
//! applied to nothing and to itself.
#![no_main]

use hazard::{Hazard, HazardEvent};
use journal::{Payload, Stamp, StoredParts, Subject};
use kernel::{ActorId, EventId, StreamId, Timestamp, UnitId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, String, Option<String>, Option<String>)| {
    let (kind, core, text, personal) = input;
    let types = HazardEvent::types();
    let Some((name, version, _)) = types.get(usize::from(kind) % types.len()) else { return };
    let parts = StoredParts { core, text, personal };
    if let Ok(event) = HazardEvent::decode(name, *version, &parts) {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream: StreamId::NIL,
            version: 1,
            actor: ActorId::NIL,
            at: Timestamp(0),
            unit: UnitId::NIL,
        };
        let state = Hazard::evolve(None, &event, &stamp);
        if let Some(state) = Hazard::evolve(state, &event, &stamp) {
            let _ = Hazard::clocks(&state);
        }
    }
});
