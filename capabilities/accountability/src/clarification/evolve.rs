//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::{Doer, Parts, Stamp};

use super::{
    event::{Asked, AskedText, ClarificationEvent, Issued, Signed, SignedText},
    state::{ClarificationState, Signature, Stage},
};

/// The state after the event.
pub(super) fn evolve(
    state: Option<ClarificationState>,
    event: &ClarificationEvent,
    stamp: &Stamp,
) -> Option<ClarificationState> {
    match (state, event) {
        (None, ClarificationEvent::Asked(parts)) => Some(asked(&parts.core, parts.text.as_ref(), stamp)),
        (None, ClarificationEvent::Issued(parts)) => Some(issued(parts, stamp)),
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

fn asked(core: &Asked, text: Option<&AskedText>, stamp: &Stamp) -> ClarificationState {
    ClarificationState {
        hazard: core.hazard,
        hazard_number: core.hazard_number,
        unit: core.unit,
        name: core.name.clone(),
        county: core.county,
        case: None,
        rules: Vec::new(),
        purpose: Some(core.purpose.clone()),
        recipient: text.map(|text| text.recipient.clone()).unwrap_or_default(),
        claim: text.map(|text| text.claim.clone()).unwrap_or_default(),
        begun_at: stamp.at,
        answer: Some(core.answer.clone()),
        statement: None,
        basis: String::new(),
        earlier: Vec::new(),
        stage: Stage::Asked {},
        marks: Default::default(),
    }
}

fn issued(parts: &Parts<Issued, SignedText>, stamp: &Stamp) -> ClarificationState {
    let core = &parts.core;
    ClarificationState {
        hazard: core.hazard,
        hazard_number: core.hazard_number,
        unit: core.unit,
        name: core.name.clone(),
        county: core.county,
        case: Some((core.case, core.case_number)),
        rules: core.rules.clone(),
        purpose: None,
        recipient: String::new(),
        claim: String::new(),
        begun_at: stamp.at,
        answer: None,
        statement: None,
        basis: String::new(),
        earlier: Vec::new(),
        stage: signed(&core.signed, parts.text.as_ref(), stamp),
        marks: Default::default(),
    }
}

fn signed(core: &Signed, text: Option<&SignedText>, stamp: &Stamp) -> Stage {
    Stage::Signed {
        signature: Box::new(Signature {
            number: core.number,
            at: stamp.at,
            by: core.by,
            post: core.post.clone(),
            reading: core.reading.clone(),
            hands: core.hands.clone(),
            missed: core.missed,
            document_number: text.map(|text| text.document_number.clone()).unwrap_or_default(),
            although: text.map(|text| text.although.clone()).unwrap_or_default(),
        }),
    }
}

fn apply(mut state: ClarificationState, event: &ClarificationEvent, stamp: &Stamp) -> ClarificationState {
    use ClarificationEvent as E;
    if !state.code().is_running() {
        return state;
    }
    match event {
        E::Drafted(parts) => {
            state.statement = parts.text.as_ref().map(|text| text.statement.clone());
            state.basis = parts.text.as_ref().map(|text| text.basis.clone()).unwrap_or_default();
            let mut drafters = match &state.stage {
                Stage::Drafted { drafters } => drafters.clone(),
                Stage::Asked {} | Stage::Signed { .. } | Stage::Refused { .. } => Vec::new(),
            };
            let doer = Doer::of(stamp, parts.core.by);
            drafters.retain(|one| *one != doer);
            drafters.push(doer);
            state.stage = Stage::Drafted { drafters };
        }
        E::SentBack(_) => {
            if let Stage::Drafted { drafters } = std::mem::replace(&mut state.stage, Stage::Asked {}) {
                state.earlier.extend(drafters);
                state.earlier.sort_unstable_by_key(|doer| doer.actor);
                state.earlier.dedup();
            }
        }
        E::Signed(parts) => {
            if matches!(state.stage, Stage::Drafted { .. }) {
                state.stage = signed(&parts.core, parts.text.as_ref(), stamp);
            }
        }
        E::Refused(_) => state.stage = Stage::Refused { since: stamp.at },
        E::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
        }
        E::Asked(_) | E::Issued(_) => {}
    }
    state
}
