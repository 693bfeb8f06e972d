//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::{Doer, Parts, Stamp};
use kernel::{PersonId, Timestamp};
use rules::DueBy;

use crate::{
    event::{Checked, Checker, Drafted, DraftedText, Opened, Signed, SignedText, Step, SupervisionEvent},
    state::{Check, Controlled, Listing, Notice, Stage, SupervisionState},
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

fn apply(mut state: SupervisionState, event: &SupervisionEvent, stamp: &Stamp) -> SupervisionState {
    use SupervisionEvent as E;
    if let Some(clock) = begins_anew(event) {
        state.marks.remove(clock);
    }
    match event {
        E::Controlled(parts) => {
            state.controlled = Some(Controlled { measure: parts.core.measure.clone(), at: stamp.at });
        }
        E::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
        }
        E::Rectified(_) => state.rectified = true,
        E::Returned(_) => state.rectified = false,
        E::Opened(_)
        | E::Drafted(_)
        | E::Submitted(_)
        | E::Reviewed(_)
        | E::SentBack(_)
        | E::Signed(_)
        | E::Waived(_)
        | E::Received(_)
        | E::Progressed(_)
        | E::DelistingAsked(_)
        | E::Checked(_)
        | E::CheckSigned(_)
        | E::Delisted(_)
        | E::DelistingRefused(_)
        | E::Ended(_) => {}
    }
    let before = std::mem::replace(&mut state.stage, Stage::Owed {});
    state.stage = moved(before, event, stamp);
    state.given = state.stage.listing().map(|listing| listing.number).or(state.given);
    state
}

/// The span whose marks count no more: a mark belongs to its span, and a new one of the same name begins without.
const fn begins_anew(event: &SupervisionEvent) -> Option<&'static str> {
    use SupervisionEvent as E;
    match event {
        E::Controlled(_) => Some("control"),
        E::Signed(_) => Some("notice"),
        E::Progressed(_) | E::Returned(_) => Some("progress"),
        E::DelistingAsked(_) | E::DelistingRefused(_) => Some("check"),
        E::Checked(_) => Some("delist"),
        E::Opened(_)
        | E::Drafted(_)
        | E::Submitted(_)
        | E::Reviewed(_)
        | E::SentBack(_)
        | E::Waived(_)
        | E::Received(_)
        | E::Rectified(_)
        | E::CheckSigned(_)
        | E::Delisted(_)
        | E::Ended(_)
        | E::DeadlineWarned(_) => None,
    }
}

/// The stage after the event; one that does not fit leaves it as it is.
fn moved(before: Stage, event: &SupervisionEvent, stamp: &Stamp) -> Stage {
    use SupervisionEvent as E;
    match (event, before) {
        (E::Drafted(parts), Stage::Owed {}) => drafted(parts, Vec::new(), stamp),
        (E::Drafted(parts), Stage::Drafted { notice }) => {
            let by = Doer::of(stamp, parts.core.by);
            let earlier = notice.drafters().copied().filter(|one| *one != by).collect();
            drafted(parts, earlier, stamp)
        }
        (E::Submitted(_), Stage::Drafted { notice }) => Stage::Reviewing { notice },
        (E::Reviewed(parts), Stage::Reviewing { notice }) => {
            Stage::Signing { notice, reviewer: Doer::of(stamp, parts.core.by) }
        }
        (E::SentBack(parts), Stage::Reviewing { notice }) if parts.core.step.is(Step::Review) => {
            Stage::Drafted { notice }
        }
        (E::SentBack(parts), Stage::Signing { notice, .. }) if parts.core.step.is(Step::Sign) => {
            Stage::Drafted { notice }
        }
        (E::Signed(parts), Stage::Signing { notice, .. }) => signed(parts, notice, stamp),
        (
            E::Waived(_),
            Stage::Owed {} | Stage::Drafted { .. } | Stage::Reviewing { .. } | Stage::Signing { .. },
        ) => Stage::Waived { since: stamp.at },
        (E::Ended(_), before) if before.code().is_running() => {
            Stage::Ended { since: stamp.at, listing: before.listing().cloned() }
        }
        (E::Received(_), mut before) => {
            received(&mut before, stamp);
            before
        }
        (E::Progressed(_) | E::Returned(_) | E::DelistingAsked(_), before) => reported(before, event, stamp),
        (E::Checked(_) | E::CheckSigned(_) | E::Delisted(_) | E::DelistingRefused(_), before) => {
            checked(before, event, stamp)
        }
        (
            E::Opened(_)
            | E::Controlled(_)
            | E::Drafted(_)
            | E::Submitted(_)
            | E::Reviewed(_)
            | E::SentBack(_)
            | E::Signed(_)
            | E::Waived(_)
            | E::Rectified(_)
            | E::Ended(_)
            | E::DeadlineWarned(_),
            before,
        ) => before,
    }
}

fn drafted(parts: &Parts<Drafted, DraftedText>, earlier: Vec<Doer>, stamp: &Stamp) -> Stage {
    let text = parts.text.as_ref();
    Stage::Drafted {
        notice: Notice {
            supervisor: parts.core.supervisor,
            deadline: parts.core.deadline,
            requirements: text.map(|text| text.requirements.clone()),
            copies: text.map(|text| text.copies.clone()).unwrap_or_default(),
            drafter: Doer::of(stamp, parts.core.by),
            earlier,
        },
    }
}

fn signed(parts: &Parts<Signed, SignedText>, notice: Notice, stamp: &Stamp) -> Stage {
    Stage::Listed {
        listing: Listing {
            notice,
            number: parts.core.number,
            document_number: document_number(parts.text.as_ref()),
            signed_at: stamp.at,
            receipt: parts.core.receipt.clone(),
            received_at: None,
            progress_since: stamp.at,
            progress: parts.core.progress.clone(),
        },
    }
}

fn document_number(text: Option<&SignedText>) -> String {
    text.map(|text| text.document_number.clone()).unwrap_or_default()
}

/// The school reports, is sent back to work, or asks to be taken off the list.
fn reported(before: Stage, event: &SupervisionEvent, stamp: &Stamp) -> Stage {
    use SupervisionEvent as E;
    match (event, before) {
        (E::Progressed(parts), Stage::Listed { listing }) => {
            next_week(listing, parts.core.progress.clone(), stamp)
        }
        (
            E::Returned(parts),
            Stage::Listed { listing }
            | Stage::Applied { listing, .. }
            | Stage::Checking { listing, .. }
            | Stage::Checked { listing, .. },
        ) => {
            let progress = parts.core.progress.clone().unwrap_or_else(|| listing.progress.clone());
            next_week(listing, progress, stamp)
        }
        (E::DelistingAsked(parts), Stage::Listed { listing }) => {
            Stage::Applied { listing, since: stamp.at, due: parts.core.check.clone() }
        }
        (_, before) => before,
    }
}

fn next_week(listing: Listing, progress: DueBy, stamp: &Stamp) -> Stage {
    Stage::Listed { listing: Listing { progress_since: stamp.at, progress, ..listing } }
}

/// They went and looked; what follows from that.
fn checked(before: Stage, event: &SupervisionEvent, stamp: &Stamp) -> Stage {
    use SupervisionEvent as E;
    match (event, before) {
        (E::Checked(parts), Stage::Applied { listing, .. } | Stage::Checking { listing, .. }) => {
            after_check(listing, &parts.core, stamp)
        }
        (E::CheckSigned(parts), Stage::Checking { listing, mut check, since, due }) => {
            sign(&mut check, parts.core.by, stamp);
            signed_or_not(listing, check, since, due)
        }
        (E::Delisted(parts), Stage::Checked { listing, check, .. }) => Stage::Delisted {
            listing,
            check,
            since: stamp.at,
            document_number: document_number(parts.text.as_ref()),
        },
        (E::DelistingRefused(parts), Stage::Checked { listing, .. }) => {
            Stage::Applied { listing, since: stamp.at, due: parts.core.check.clone() }
        }
        (_, before) => before,
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

/// A check that found it not fixed ends the application; the hazard is returned with it.
fn after_check(listing: Listing, core: &Checked, stamp: &Stamp) -> Stage {
    let Some(due) = core.delist.clone().filter(|_| core.passed) else {
        return Stage::Listed { listing };
    };
    let mut check = Check {
        on: core.on,
        checkers: core.checkers.iter().map(|person| Checker { person: *person, signed: None }).collect(),
        others: core.others,
        sheet: core.sheet,
        recorder: Doer::of(stamp, core.by),
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

fn signed_or_not(listing: Listing, check: Check, since: Timestamp, due: DueBy) -> Stage {
    let missing = check.unsigned().next().is_some();
    if missing {
        Stage::Checking { listing, check, since, due }
    } else {
        Stage::Checked { listing, check, since, due }
    }
}
