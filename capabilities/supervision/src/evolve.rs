//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::Stamp;
use kernel::{Coded, PersonId};

use crate::{
    event::{Checked, Checker, Opened, Step, SupervisionEvent},
    state::{Check, Controlled, Doer, Listing, Notice, Stage, SupervisionState},
};

/// The state after the event.
pub(crate) fn evolve(
    state: Option<SupervisionState>,
    event: &SupervisionEvent,
    stamp: &Stamp,
) -> Option<SupervisionState> {
    match (state, event) {
        (state, SupervisionEvent::Opened(parts)) => Some(opened(state, &parts.core, stamp)),
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

fn opened(before: Option<SupervisionState>, core: &Opened, stamp: &Stamp) -> SupervisionState {
    SupervisionState {
        hazard: core.hazard,
        hazard_number: core.hazard_number,
        unit: core.unit,
        township: core.township,
        central: core.central,
        county: core.county,
        round: before.as_ref().map_or(0, |before| before.round) + 1,
        opened_at: stamp.at,
        control: core.control.clone(),
        controlled: None,
        notice_due: core.notice.clone(),
        rectified: false,
        given: before.and_then(|before| before.given),
        stage: Stage::Owed {},
        marks: Default::default(),
    }
}

fn doer(stamp: &Stamp, person: Option<PersonId>) -> Doer {
    Doer { actor: stamp.actor, person }
}

fn apply(mut state: SupervisionState, event: &SupervisionEvent, stamp: &Stamp) -> SupervisionState {
    match event {
        SupervisionEvent::Controlled(parts) => {
            state.controlled = Some(Controlled { measure: parts.core.measure.clone(), at: stamp.at });
            state.marks.remove("control");
        }
        SupervisionEvent::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
        }
        SupervisionEvent::Rectified(_) => state.rectified = true,
        SupervisionEvent::Returned(_) => state.rectified = false,
        _ => {}
    }
    let before = std::mem::replace(&mut state.stage, Stage::Owed {});
    state.stage = moved(before, event, stamp);
    state.given = state.stage.listing().map(|listing| listing.number).or(state.given);
    // A mark belongs to its span: a new span of the same name begins without one.
    match event {
        SupervisionEvent::Signed(_) => {
            state.marks.remove("notice");
        }
        SupervisionEvent::Progressed(_) | SupervisionEvent::Returned(_) => {
            state.marks.remove("progress");
        }
        SupervisionEvent::DelistingAsked(_) | SupervisionEvent::DelistingRefused(_) => {
            state.marks.remove("check");
        }
        SupervisionEvent::Checked(_) => {
            state.marks.remove("delist");
        }
        _ => {}
    }
    state
}

fn moved(before: Stage, event: &SupervisionEvent, stamp: &Stamp) -> Stage {
    use SupervisionEvent as E;
    match (before, event) {
        (Stage::Owed {} | Stage::Drafted { .. }, E::Drafted(parts)) => {
            let text = parts.text.as_ref();
            Stage::Drafted {
                notice: Notice {
                    supervisor: parts.core.supervisor,
                    deadline: parts.core.deadline,
                    requirements: text.map(|text| text.requirements.clone()),
                    copies: text.map(|text| text.copies.clone()).unwrap_or_default(),
                    drafter: doer(stamp, parts.core.by),
                },
            }
        }
        (Stage::Drafted { notice }, E::Submitted(_)) => Stage::Reviewing { notice },
        (Stage::Reviewing { notice }, E::Reviewed(parts)) => {
            Stage::Signing { notice, reviewer: doer(stamp, parts.core.by) }
        }
        (Stage::Reviewing { notice }, E::SentBack(parts)) if parts.core.step.is(Step::Review) => {
            Stage::Drafted { notice }
        }
        (Stage::Signing { notice, .. }, E::SentBack(parts)) if parts.core.step.is(Step::Sign) => {
            Stage::Drafted { notice }
        }
        (Stage::Signing { notice, .. }, E::Signed(parts)) => {
            let core = &parts.core;
            Stage::Listed {
                listing: Listing {
                    notice,
                    number: core.number,
                    document_number: parts
                        .text
                        .as_ref()
                        .map(|t| t.document_number.clone())
                        .unwrap_or_default(),
                    signed_at: stamp.at,
                    receipt: core.receipt.clone(),
                    received_at: None,
                    progress_since: stamp.at,
                    progress: core.progress.clone(),
                },
            }
        }
        (
            Stage::Owed {} | Stage::Drafted { .. } | Stage::Reviewing { .. } | Stage::Signing { .. },
            E::Waived(_),
        ) => Stage::Waived { since: stamp.at },
        (before, E::Ended(_)) if before.code().is_running() => {
            Stage::Ended { since: stamp.at, listing: before.listing().cloned() }
        }
        (before, event) => listed(before, event, stamp),
    }
}

/// What happens on the list.
fn listed(before: Stage, event: &SupervisionEvent, stamp: &Stamp) -> Stage {
    use SupervisionEvent as E;
    match (before, event) {
        (Stage::Listed { listing }, E::Progressed(parts)) => {
            let progress = parts.core.progress.clone();
            Stage::Listed { listing: Listing { progress_since: stamp.at, progress, ..listing } }
        }
        (
            Stage::Listed { listing }
            | Stage::Applied { listing, .. }
            | Stage::Checking { listing, .. }
            | Stage::Checked { listing, .. },
            E::Returned(parts),
        ) => {
            let progress = parts.core.progress.clone().unwrap_or_else(|| listing.progress.clone());
            Stage::Listed { listing: Listing { progress_since: stamp.at, progress, ..listing } }
        }
        (Stage::Listed { listing }, E::DelistingAsked(parts)) => {
            Stage::Applied { listing, since: stamp.at, due: parts.core.check.clone() }
        }
        (Stage::Applied { listing, .. }, E::Checked(parts)) => after_check(listing, &parts.core, stamp),
        (Stage::Checking { listing, mut check, since, due }, E::CheckSigned(parts)) => {
            sign(&mut check, parts.core.by, stamp);
            signed_or_not(listing, check, since, due)
        }
        (Stage::Checked { listing, check, .. }, E::Delisted(parts)) => Stage::Delisted {
            listing,
            check,
            since: stamp.at,
            document_number: parts.text.as_ref().map(|text| text.document_number.clone()).unwrap_or_default(),
        },
        (Stage::Checked { listing, .. }, E::DelistingRefused(parts)) => {
            Stage::Applied { listing, since: stamp.at, due: parts.core.check.clone() }
        }
        (mut before, E::Received(_)) => {
            received(&mut before, stamp);
            before
        }
        (before, _) => before,
    }
}

fn received(stage: &mut Stage, stamp: &Stamp) {
    match stage {
        Stage::Listed { listing }
        | Stage::Applied { listing, .. }
        | Stage::Checking { listing, .. }
        | Stage::Checked { listing, .. } => listing.received_at = listing.received_at.or(Some(stamp.at)),
        Stage::Owed {}
        | Stage::Drafted { .. }
        | Stage::Reviewing { .. }
        | Stage::Signing { .. }
        | Stage::Delisted { .. }
        | Stage::Waived { .. }
        | Stage::Ended { .. } => {}
    }
}

/// A check that found it not fixed leaves the application where it is: the hazard's return ends it.
fn after_check(listing: Listing, core: &Checked, stamp: &Stamp) -> Stage {
    let Some(due) = core.delist.clone().filter(|_| core.passed) else {
        return Stage::Listed { listing };
    };
    let mut check = Check {
        on: core.on,
        checkers: core.checkers.iter().map(|person| Checker { person: *person, signed: None }).collect(),
        others: core.others,
        sheet: core.sheet,
        recorder: doer(stamp, core.by),
    };
    // Who writes it down and was there signs with it.
    sign(&mut check, core.by, stamp);
    signed_or_not(listing, check, stamp.at, due)
}

fn sign(check: &mut Check, by: Option<PersonId>, stamp: &Stamp) {
    for checker in &mut check.checkers {
        if Some(checker.person) == by && checker.signed.is_none() {
            checker.signed = Some(stamp.at);
        }
    }
}

fn signed_or_not(listing: Listing, check: Check, since: kernel::Timestamp, due: rules::DueBy) -> Stage {
    let missing = check.unsigned().next().is_some();
    if missing {
        Stage::Checking { listing, check, since, due }
    } else {
        Stage::Checked { listing, check, since, due }
    }
}

/// A name of a closed list that is known, and is this one.
trait Is<T> {
    fn is(&self, one: T) -> bool;
}

impl<T: kernel::Named + PartialEq> Is<T> for Coded<T> {
    fn is(&self, one: T) -> bool {
        self.known() == Some(one)
    }
}
