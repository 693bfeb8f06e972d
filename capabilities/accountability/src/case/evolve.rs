//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::{Doer, Parts, Stamp};
use kernel::{ActorId, UnitId};

use super::{
    event::{CaseEvent, Concluded, ConcludedText, Opened, OpenedText, Step},
    state::{CaseState, Conclusion, Measures, SideState, Stage},
};

/// The state after the event.
pub(super) fn evolve(state: Option<CaseState>, event: &CaseEvent, stamp: &Stamp) -> Option<CaseState> {
    match (state, event) {
        (None, CaseEvent::Opened(parts)) => Some(opened(&parts.core, parts.text.as_ref(), stamp)),
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

fn opened(core: &Opened, text: Option<&OpenedText>, stamp: &Stamp) -> CaseState {
    let side = |side: &super::event::Side| SideState {
        side: side.clone(),
        spoke: Vec::new(),
        silent: false,
        finding: None,
        handled: false,
        measures: None,
    };
    CaseState {
        number: core.number,
        hazard: core.hazard,
        hazard_number: core.hazard_number,
        unit: core.unit,
        county: core.county,
        authority: core.authority.clone(),
        authority_name: text.map(|text| text.authority.clone()).unwrap_or_default(),
        decision_number: text.map(|text| text.document_number.clone()).unwrap_or_default(),
        consequence: core.consequence.clone(),
        happened_on: core.happened_on,
        what: text.map(|text| text.consequence.clone()),
        link: text.map(|text| text.link.clone()),
        opened_at: stamp.at,
        sides: core.sides.iter().map(side).collect(),
        statement: core.statement.clone(),
        investigation: core.investigation.clone(),
        extended: false,
        writers: Vec::new(),
        conclusion: None,
        stage: Stage::Stating {},
        marks: Default::default(),
    }
}

fn apply(mut state: CaseState, event: &CaseEvent, stamp: &Stamp) -> CaseState {
    use CaseEvent as E;
    match event {
        E::Stated(parts) => {
            // Whoever only wrote down what came on paper spoke for nobody, and may judge.
            let nobody = Doer { actor: ActorId::NIL, person: None };
            let doer = if parts.core.on_behalf { nobody } else { Doer::of(stamp, parts.core.by) };
            of_side(&mut state, parts.core.side, |side| side.spoke.push(doer));
            // Once everybody has spoken nothing is waited for.
            if state.stage == (Stage::Stating {}) && state.sides.iter().all(|one| !one.spoke.is_empty()) {
                state.stage = Stage::Finding {};
            }
        }
        E::SilenceRecorded(parts) if state.stage == (Stage::Stating {}) => {
            for unit in &parts.core.sides {
                of_side(&mut state, *unit, |side| side.silent = true);
            }
            state.stage = Stage::Finding {};
        }
        E::Found(parts) => {
            let doer = Doer::of(stamp, parts.core.by);
            if !state.writers.contains(&doer) {
                state.writers.push(doer);
            }
            of_side(&mut state, parts.core.side, |side| side.finding = Some(parts.core.clone()));
        }
        E::Extended(parts) => {
            state.investigation = parts.core.investigation.clone();
            state.extended = true;
            state.marks.remove("investigation");
        }
        E::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
        }
        E::Handled(parts) => of_side(&mut state, parts.core.side, |side| side.handled = true),
        E::MeasuresReported(parts) => {
            let doer = Doer::of(stamp, parts.core.by);
            measures(&mut state, parts.core.side, |owed| owed.reported = Some(doer));
        }
        E::MeasuresChecked(parts) => {
            measures(&mut state, parts.core.side, |owed| {
                owed.checked = parts.core.passed;
                if !parts.core.passed {
                    owed.reported = None;
                }
            });
            // The next one is another span.
            state.marks.remove("measures");
        }
        E::Concluded(parts) => concluded(&mut state, parts, stamp),
        E::Opened(_)
        | E::SilenceRecorded(_)
        | E::Submitted(_)
        | E::Reviewed(_)
        | E::SentBack(_)
        | E::CalledOff(_)
        | E::Closed(_) => {}
    }
    let before = std::mem::replace(&mut state.stage, Stage::Finding {});
    state.stage = moved(before, event, stamp);
    state
}

fn of_side(state: &mut CaseState, unit: UnitId, change: impl FnOnce(&mut SideState)) {
    if let Some(side) = state.sides.iter_mut().find(|one| one.side.unit == unit) {
        change(side);
    }
}

fn measures(state: &mut CaseState, unit: UnitId, change: impl FnOnce(&mut Measures)) {
    of_side(state, unit, |side| {
        if let Some(owed) = &mut side.measures {
            change(owed);
        }
    });
}

fn concluded(state: &mut CaseState, parts: &Parts<Concluded, ConcludedText>, stamp: &Stamp) {
    if !matches!(state.stage, Stage::Signing { .. }) {
        return;
    }
    for owes in &parts.core.owes {
        let due = owes.due.clone();
        of_side(state, owes.side, |side| {
            side.measures = Some(Measures { due, reported: None, checked: false });
        });
    }
    state.conclusion = Some(Conclusion {
        at: stamp.at,
        by: Doer::of(stamp, parts.core.by),
        document_number: parts.text.as_ref().map(|text| text.document_number.clone()).unwrap_or_default(),
    });
}

/// The stage after the event; one that does not fit leaves it as it is.
fn moved(before: Stage, event: &CaseEvent, stamp: &Stamp) -> Stage {
    use CaseEvent as E;
    match (event, before) {
        (E::Submitted(_), Stage::Finding {}) => Stage::Reviewing {},
        (E::Reviewed(parts), Stage::Reviewing {}) => {
            Stage::Signing { reviewer: Doer::of(stamp, parts.core.by) }
        }
        (E::SentBack(parts), Stage::Reviewing {}) if parts.core.step.is(Step::Review) => Stage::Finding {},
        (E::SentBack(parts), Stage::Signing { .. }) if parts.core.step.is(Step::Sign) => Stage::Finding {},
        (E::Concluded(_), Stage::Signing { .. }) => Stage::Carrying {},
        (E::CalledOff(_), before) if before.code().is_open() => Stage::CalledOff { since: stamp.at },
        (E::Closed(_), Stage::Carrying {}) => Stage::Closed { since: stamp.at },
        (
            E::Opened(_)
            | E::Stated(_)
            | E::SilenceRecorded(_)
            | E::Found(_)
            | E::Submitted(_)
            | E::Reviewed(_)
            | E::SentBack(_)
            | E::Concluded(_)
            | E::Handled(_)
            | E::MeasuresReported(_)
            | E::MeasuresChecked(_)
            | E::Extended(_)
            | E::CalledOff(_)
            | E::Closed(_)
            | E::DeadlineWarned(_),
            before,
        ) => before,
    }
}
