//! From event to state. Total: an event that does not fit leaves the state as it is.

use journal::{Doer, Parts, Stamp};
use kernel::{Coded, PersonId};

use crate::{
    event::{
        Answer, Drafted, DraftedText, Received, ReceivedText, Replied, RepliedText, Sent, Signed, SignedText,
        TransferEvent,
    },
    state::{Dispatch, Letter, Link, Receipt, Reply, Signature, Stage, TransferState},
};

/// The state after the event.
pub(crate) fn evolve(
    state: Option<TransferState>,
    event: &TransferEvent,
    stamp: &Stamp,
) -> Option<TransferState> {
    match (state, event) {
        (None, TransferEvent::Drafted(parts)) => Some(begun(parts, stamp)),
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

const fn doer(stamp: &Stamp, person: Option<PersonId>) -> Doer {
    Doer { actor: stamp.actor, person }
}

fn begun(parts: &Parts<Drafted, DraftedText>, stamp: &Stamp) -> TransferState {
    let core = &parts.core;
    TransferState {
        hazard: core.hazard,
        hazard_number: core.hazard_number,
        unit: core.unit,
        township: core.township,
        central: core.central,
        county: core.county,
        former: core.former,
        begun_at: stamp.at,
        letter: letter(parts, Vec::new(), stamp),
        stage: Stage::Drafted {},
        open_link: None,
        links: 0,
        replies: 0,
        urged_at: None,
        marks: Default::default(),
    }
}

fn letter(parts: &Parts<Drafted, DraftedText>, earlier: Vec<Doer>, stamp: &Stamp) -> Letter {
    let (core, text) = (&parts.core, parts.text.as_ref());
    Letter {
        kind: core.kind.clone(),
        department: core.department,
        department_name: text.map(|text| text.department.clone()),
        unit_name: text.map(|text| text.unit.clone()),
        category: core.category.clone(),
        level: core.level.clone(),
        place: text.map(|text| text.place.clone()),
        found: text.map(|text| text.found.clone()),
        found_at: core.found_at,
        request: text.map(|text| text.request.clone()),
        reply_by: core.reply_by,
        photos: text.map(|text| text.photos.clone()).unwrap_or_default(),
        drafter: doer(stamp, core.by),
        earlier,
    }
}

fn apply(mut state: TransferState, event: &TransferEvent, stamp: &Stamp) -> TransferState {
    use TransferEvent as E;
    if let Some(clock) = begins_anew(event) {
        state.marks.remove(clock);
    }
    match event {
        E::Drafted(parts) if matches!(state.stage, Stage::Drafted {}) => {
            let by = doer(stamp, parts.core.by);
            let earlier = state.letter.drafters().copied().filter(|one| *one != by).collect();
            state.letter = letter(parts, earlier, stamp);
            (state.hazard_number, state.unit) = (parts.core.hazard_number, parts.core.unit);
            (state.township, state.central) = (parts.core.township, parts.core.central);
        }
        E::LinkMade(parts) => {
            state.links = state.links.max(parts.core.link);
            state.open_link = Some(Link { link: parts.core.link, until: parts.core.until, opened: false });
        }
        E::LinkRevoked(_) | E::Withdrawn(_) => state.open_link = None,
        E::Opened(parts) => {
            if let Some(link) = state.open_link.as_mut().filter(|link| link.link == parts.core.link) {
                link.opened = true;
            }
        }
        E::Replied(_) => state.replies = state.replies.saturating_add(1),
        E::Urged(_) => state.urged_at = Some(stamp.at),
        E::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
        }
        E::Drafted(_)
        | E::Submitted(_)
        | E::SentBack(_)
        | E::Signed(_)
        | E::Sent(_)
        | E::Received(_)
        | E::AskedAgain(_) => {}
    }
    let before = std::mem::replace(&mut state.stage, Stage::Drafted {});
    state.stage = moved(before, event, stamp);
    state
}

/// The span whose marks count no more: a new one of the same name begins without.
const fn begins_anew(event: &TransferEvent) -> Option<&'static str> {
    use TransferEvent as E;
    match event {
        E::AskedAgain(_) => Some("reply"),
        E::Replied(_) => Some("promise"),
        E::Drafted(_)
        | E::Submitted(_)
        | E::SentBack(_)
        | E::Signed(_)
        | E::Sent(_)
        | E::LinkMade(_)
        | E::LinkRevoked(_)
        | E::Opened(_)
        | E::Received(_)
        | E::Withdrawn(_)
        | E::Urged(_)
        | E::DeadlineWarned(_) => None,
    }
}

/// The stage after the event; one that does not fit leaves it as it is.
fn moved(before: Stage, event: &TransferEvent, stamp: &Stamp) -> Stage {
    use TransferEvent as E;
    match (event, before) {
        (E::Submitted(_), Stage::Drafted {}) => Stage::Signing {},
        (E::SentBack(_), Stage::Signing {}) => Stage::Drafted {},
        (E::Signed(parts), Stage::Signing {}) => Stage::Signed { signature: signature(parts, stamp) },
        (E::Sent(parts), Stage::Signed { signature }) => {
            Stage::Sent { dispatch: dispatch(&parts.core, signature, stamp) }
        }
        (E::Opened(_), before) => opened(before, stamp),
        (E::Received(parts), Stage::Sent { dispatch }) => {
            Stage::Received { dispatch: Dispatch { received: Some(receipt(parts)), ..dispatch } }
        }
        (E::Replied(parts), Stage::Sent { dispatch } | Stage::Received { dispatch }) => {
            replied(parts, dispatch, stamp)
        }
        (E::AskedAgain(parts), Stage::TakenOn { dispatch, .. } | Stage::Done { dispatch, .. }) => {
            let reply = parts.core.reply.clone();
            Stage::Received { dispatch: Dispatch { reply_since: stamp.at, reply, ..dispatch } }
        }
        (E::Withdrawn(_), before) => Stage::Withdrawn {
            since: stamp.at,
            signature: before.signature().filter(|_| before.dispatch().is_none()).cloned(),
            dispatch: before.dispatch().cloned(),
        },
        (
            E::Drafted(_)
            | E::Submitted(_)
            | E::SentBack(_)
            | E::Signed(_)
            | E::Sent(_)
            | E::LinkMade(_)
            | E::LinkRevoked(_)
            | E::Received(_)
            | E::Replied(_)
            | E::AskedAgain(_)
            | E::Urged(_)
            | E::DeadlineWarned(_),
            before,
        ) => before,
    }
}

fn signature(parts: &Parts<Signed, SignedText>, stamp: &Stamp) -> Signature {
    let document_number = parts.text.as_ref().map(|text| text.document_number.clone());
    Signature {
        number: parts.core.number,
        document_number: document_number.unwrap_or_default(),
        at: stamp.at,
    }
}

fn dispatch(core: &Sent, signature: Signature, stamp: &Stamp) -> Dispatch {
    Dispatch {
        signature,
        channel: core.channel.clone(),
        on: core.on,
        at: stamp.at,
        receipt: core.receipt.clone(),
        reply_since: stamp.at,
        reply: core.reply.clone(),
        opened_at: None,
        received: None,
    }
}

/// 送达: the first opening of the first link that was opened.
fn opened(mut stage: Stage, stamp: &Stamp) -> Stage {
    match &mut stage {
        Stage::Sent { dispatch }
        | Stage::Received { dispatch }
        | Stage::TakenOn { dispatch, .. }
        | Stage::Done { dispatch, .. }
        | Stage::Returned { dispatch, .. } => dispatch.opened_at = dispatch.opened_at.or(Some(stamp.at)),
        Stage::Drafted {} | Stage::Signing {} | Stage::Signed { .. } | Stage::Withdrawn { .. } => {}
    }
    stage
}

fn receipt<P>(parts: &Parts<Received, ReceivedText, P>) -> Receipt {
    Receipt {
        way: parts.core.way.clone(),
        on: parts.core.on,
        office: parts.text.as_ref().map(|text| text.office.clone()),
    }
}

/// A reply that nobody confirmed the receipt before is one.
fn replied<P>(parts: &Parts<Replied, RepliedText, P>, dispatch: Dispatch, stamp: &Stamp) -> Stage {
    let (core, text) = (&parts.core, parts.text.as_ref());
    let received = dispatch.received.clone().unwrap_or_else(|| Receipt {
        way: core.way.clone(),
        on: core.on,
        office: text.map(|text| text.office.clone()),
    });
    let dispatch = Dispatch { received: Some(received), ..dispatch };
    let reply = Reply {
        answer: core.answer,
        way: core.way.clone(),
        on: core.on,
        at: stamp.at,
        whose: text.map(|text| text.whose.clone()).unwrap_or_default(),
    };
    match (core.answer, core.promise.clone()) {
        (Answer::TakenOn, Some(promise)) => Stage::TakenOn { dispatch, reply, promise },
        // A promise without its day never was written; what it was answered to goes on.
        (Answer::TakenOn, None) => Stage::Received { dispatch },
        (Answer::Done, _) => Stage::Done { dispatch, reply },
        (Answer::NotOurs, _) => Stage::Returned { dispatch, reply },
    }
}

/// What a letter asks for; what a newer program wrote is read as the weaker of the two.
pub(crate) fn is_hand_over(kind: &Coded<crate::event::Kind>) -> bool {
    kind.known() == Some(crate::event::Kind::HandOver)
}
