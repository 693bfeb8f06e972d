//! Declarations and the kit: what is taken and what is refused.

use kernel::{Coded, Refusal};

use super::support::*;
use crate::{
    Condition, DeclarationDraft, Gate, GateCommand, GateEvent, GateState, KitDraft,
    gate::{GateFacts, PieceFound, need},
};
use journal::{Stamp, Standing, Subject};

fn facts(campuses: &[u16]) -> GateFacts {
    GateFacts { rules: RULES.clone(), campuses: Some(campuses.to_vec()) }
}

fn gate() -> Gate {
    Gate::new(std::sync::Arc::new(std::sync::RwLock::new(RULES.clone())))
}

fn ask(
    state: Option<&GateState>,
    command: &GateCommand,
    facts: &GateFacts,
    standing: &Standing,
) -> Result<Vec<GateEvent>, Refusal> {
    gate().decide(state, command, facts, &at(standing))
}

fn declare(draft: DeclarationDraft) -> GateCommand {
    GateCommand::Declare { unit: school(), draft }
}

fn declared(full_time: u32) -> DeclarationDraft {
    DeclarationDraft { full_time, on: Some(TODAY), ..DeclarationDraft::default() }
}

pub fn evolved(state: Option<GateState>, events: &[GateEvent]) -> Option<GateState> {
    let stamp = Stamp {
        event_id: kernel::EventId::NIL,
        stream: crate::gate_of(school()),
        version: 1,
        actor: head().actor.id,
        at: START,
        unit: school(),
    };
    events.iter().fold(state, |state, event| Gate::evolve(state, event, &stamp))
}

fn code(result: Result<Vec<GateEvent>, Refusal>) -> &'static str {
    result.unwrap_err().code
}

#[test]
fn only_the_head_declares_and_a_guard_looks_at_the_kit() {
    let allowed = |standing: &Standing, command: &GateCommand| standing.satisfies(need(command));
    let kit = GateCommand::CheckKit { unit: school(), draft: KitDraft::default() };
    let declaration = declare(declared(2));
    let [officer, guard] = [access::Role::SafetyOfficer, access::Role::Guard].map(|role| who(7, role));
    assert!(
        allowed(&head(), &declaration) && !allowed(&officer, &declaration) && !allowed(&guard, &declaration)
    );
    assert!(
        allowed(&head(), &kit)
            && allowed(&officer, &kit)
            && allowed(&guard, &kit)
            && !allowed(&office(), &kit)
    );
}

#[test]
fn a_declaration_has_a_day_a_campus_and_no_number_of_a_person() {
    let one = facts(&[]);
    let events = ask(None, &declare(declared(2)), &one, &head()).unwrap();
    let state = evolved(None, &events).unwrap();
    assert_eq!(state.declarations[&0].full_time, 2);
    let refused = |draft| code(ask(Some(&state), &declare(draft), &one, &head()));
    assert_eq!(refused(DeclarationDraft { on: None, ..declared(2) }), "field-required");
    assert_eq!(refused(DeclarationDraft { on: Some(day(2026, 3, 3)), ..declared(2) }), "date-in-future");
    assert_eq!(
        refused(DeclarationDraft { on: Some(day(2026, 3, 1)), ..declared(2) }),
        "guards-declared-later"
    );
    assert_eq!(refused(declared(501)), "guards-amount");
    assert_eq!(refused(DeclarationDraft { campus: 1, ..declared(2) }), "guards-campus-unknown");
    assert_eq!(
        refused(DeclarationDraft { remark: "联系 13812345678".to_owned(), ..declared(2) }),
        "text-mobile"
    );
    let several = facts(&[1, 2]);
    assert_eq!(code(ask(None, &declare(declared(2)), &several, &head())), "guards-campus-choose");
    assert!(ask(None, &declare(DeclarationDraft { campus: 2, ..declared(2) }), &several, &head()).is_ok());
    let closed = GateFacts { campuses: None, ..facts(&[]) };
    assert_eq!(code(ask(None, &declare(declared(2)), &closed, &head())), "guards-no-school");
}

fn look(pieces: Vec<PieceFound>) -> GateCommand {
    GateCommand::CheckKit { unit: school(), draft: KitDraft { pieces, ..KitDraft::default() } }
}

#[test]
fn each_piece_is_found_or_missed_and_what_runs_out_has_its_day() {
    let one = facts(&[]);
    assert!(ask(None, &look(kit()), &one, &head()).is_ok());
    let without: Vec<PieceFound> = kit().into_iter().skip(1).collect();
    assert_eq!(code(ask(None, &look(without), &one, &head())), "guards-piece-left");
    let undated = kit().into_iter().map(|piece| PieceFound { expires: None, ..piece }).collect();
    assert_eq!(code(ask(None, &look(undated), &one, &head())), "guards-piece-day");
    let none = kit().into_iter().map(|piece| PieceFound { amount: 0, ..piece }).collect();
    assert_eq!(code(ask(None, &look(none), &one, &head())), "guards-piece-amount");
    let twice = kit().into_iter().chain(kit()).collect();
    assert_eq!(code(ask(None, &look(twice), &one, &head())), "guards-piece-twice");
    let strange = vec![PieceFound { piece: "sword".to_owned(), ..kit()[0].clone() }];
    assert_eq!(code(ask(None, &look(strange), &one, &head())), "guards-piece-unknown");
    let newer = kit()
        .into_iter()
        .map(|piece| PieceFound { condition: Coded::Newer("wet".to_owned()), ..piece })
        .collect();
    assert_eq!(code(ask(None, &look(newer), &one, &head())), "guards-piece-left");
}

#[test]
fn a_missing_piece_is_none_and_has_no_day() {
    let missing =
        |piece: PieceFound| PieceFound { condition: Coded::Known(Condition::Missing), amount: 3, ..piece };
    let events = ask(None, &look(kit().into_iter().map(missing).collect()), &facts(&[]), &head()).unwrap();
    let state = evolved(None, &events).unwrap();
    assert!(state.kits[&0].pieces.iter().all(|piece| piece.amount == 0 && piece.expires.is_none()));
}
