//! Whose turn a record says it is.

use access::Viewer;
use kernel::Coded;
use language::Lang;
use rules::RuleBook;
use web::Visit;

use super::Seen;
use crate::{
    offer::Offer,
    state::{HazardState, Stage},
    texts,
    turn::{Act, turn},
    words,
};

/// Whether it is the viewer who acts next: the turn is his or his unit's, and the act would not be refused him.
pub(super) fn is_theirs(viewer: &Viewer, seen: &Seen, offers: &[Offer]) -> bool {
    turn(&seen.record.state).is_some_and(|turn| {
        let somebody_else = turn.person.is_some_and(|person| person != viewer.person);
        let here = viewer.grants.iter().any(|grant| Some(grant.held.unit) == seen.turn_unit);
        // A look back that can only say that it came back is not yet due.
        let usual = |offer: &Offer| turn.act != Act::Revisit || offer.choices.contains(&"1");
        !somebody_else && here && offers.iter().any(|offer| offer.act == turn.act.name() && usual(offer))
    })
}

/// The form answers the turn.
fn answers_turn(state: &HazardState, act: &str) -> bool {
    turn(state).is_some_and(|turn| turn.act.name() == act)
}

/// Whose turn it is, above a form that answers it and is shown to somebody who only may.
pub(super) fn waiting_beside(lang: Lang, seen: &Seen, theirs: bool, act: &str) -> String {
    let other = !theirs && answers_turn(&seen.record.state, act);
    if other { waiting(lang, seen) } else { String::new() }
}

pub(super) fn turn_title(lang: Lang, act: &str, theirs: bool) -> String {
    match Act::named(act).filter(|_| theirs) {
        Some(act) => texts::record_turn_yours(lang, words::act(lang, act)),
        None => texts::lookup(lang, &format!("hazard-act-{act}"), &[]).unwrap_or_default(),
    }
}

/// What happens next, to whoever has just acted.
pub(in crate::pages) fn follows(visit: &Visit, rules: &RuleBook, seen: &Seen) -> String {
    let (lang, state) = (visit.lang(), &seen.record.state);
    let standing = visit.standing(seen.may);
    let offers = seen.looked_at(&standing, rules, visit.now()).offers();
    match turn(state).filter(|_| is_theirs(&visit.viewer, seen, &offers)) {
        Some(turn) => texts::record_turn_yours_next(lang, words::act(lang, turn.act)),
        None => waiting(lang, seen),
    }
}

pub(super) fn waiting(lang: Lang, seen: &Seen) -> String {
    match (turn(&seen.record.state), &seen.record.state.stage) {
        (Some(turn), _) => match turn.person.and_then(|p| seen.names.people.get(&p)) {
            Some(person) => texts::record_turn_person(lang, person, words::act(lang, turn.act)),
            None => texts::record_turn_wait(lang, &seen.turn_name, words::act(lang, turn.act)),
        },
        (
            None,
            Stage::AwaitingAcceptance { acceptor: Coded::Newer(code), .. }
            | Stage::Accepted { acceptor: Coded::Newer(code), .. },
        ) => texts::problem_hazard_acceptor_newer(lang, code),
        (None, Stage::Withdrawn { .. }) => texts::record_turn_withdrawn(lang).to_owned(),
        (None, Stage::CarriedOver { .. }) => texts::carried_mark(lang).to_owned(),
        (None, _) => texts::record_turn_none(lang).to_owned(),
    }
}
