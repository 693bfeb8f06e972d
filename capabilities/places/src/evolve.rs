//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::Stamp;

use crate::{
    event::PlaceEvent,
    state::{FormerCode, PlaceState},
};

pub(crate) fn evolve(state: Option<PlaceState>, event: &PlaceEvent, stamp: &Stamp) -> Option<PlaceState> {
    use PlaceEvent as E;
    let Some(mut state) = state else {
        let E::Added(parts) = event else { return None };
        return Some(PlaceState {
            unit: parts.core.unit,
            kind: parts.core.kind.clone(),
            outside: parts.core.outside,
            code: parts.core.code.clone(),
            text: parts.text.clone(),
            former: Vec::new(),
            added_at: stamp.at,
            closed_at: None,
        });
    };
    match event {
        E::Added(_) => {}
        E::Changed(parts) => {
            state.kind.clone_from(&parts.core.kind);
            state.outside = parts.core.outside;
            state.text.clone_from(&parts.text);
        }
        E::Closed(_) => state.closed_at = Some(stamp.at),
        E::Reopened(_) => state.closed_at = None,
        E::CodeReplaced(parts) => {
            state.code.clone_from(&parts.core.code);
            state.former.push(FormerCode {
                code: parts.core.former.clone(),
                replaced_at: stamp.at,
                stopped_at: None,
            });
        }
        E::CodeStopped(parts) => {
            for former in state.former.iter_mut().filter(|former| former.code == parts.core.code) {
                former.stopped_at = Some(stamp.at);
            }
        }
    }
    Some(state)
}
