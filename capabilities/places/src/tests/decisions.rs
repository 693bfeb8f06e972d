//! What a place is told, without a database.

use std::sync::Arc;

use hazard::Note;
use journal::{Context, Standing};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, UnitId, limits};
use organisation::Seat;
use uuid::Uuid;

use super::platform::{RULES, START};
use crate::{
    PlaceCommand, PlaceDraft, PlaceFacts, PlaceState, WHOLE, code, decide::decide, event::PlaceEvent,
    evolve::evolve,
};

fn unit() -> UnitId {
    UnitId(Uuid::from_u128(1))
}

fn facts() -> PlaceFacts {
    let seat = Some(Seat { institution: true, ..Seat::default() });
    PlaceFacts { seat, ..PlaceFacts::new(RULES.clone()) }
}

fn ask(
    state: Option<&PlaceState>,
    facts: &PlaceFacts,
    command: &PlaceCommand,
) -> Result<Vec<PlaceEvent>, Refusal> {
    let id = Uuid::from_u128(7);
    let standing = Standing {
        actor: Actor::person(ActorId(id)),
        person: Some(PersonId(id)),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from([]),
        unit_path: String::new(),
    };
    let context = Context { stream: StreamId(id), now: START, standing: &standing };
    decide(state, command, facts, &context)
}

fn after(state: Option<PlaceState>, facts: &PlaceFacts, command: &PlaceCommand) -> PlaceState {
    let stamp = journal::Stamp {
        event_id: EventId::NIL,
        stream: StreamId::NIL,
        version: 1,
        actor: ActorId::NIL,
        at: START,
        unit: unit(),
    };
    let events = ask(state.as_ref(), facts, command).unwrap();
    events.iter().fold(state, |state, event| evolve(state, event, &stamp)).unwrap()
}

fn code_of(fill: u8) -> String {
    code::of([fill; limits::PLACE_CODE_RANDOM])
}

fn draft(kind: &str, name: &str) -> PlaceDraft {
    PlaceDraft { kind: kind.to_owned(), name: name.to_owned(), ..PlaceDraft::default() }
}

fn add(kind: &str, name: &str) -> PlaceCommand {
    PlaceCommand::Add { unit: unit(), code: code_of(3), draft: draft(kind, name) }
}

fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

fn code_refused(state: Option<&PlaceState>, facts: &PlaceFacts, command: &PlaceCommand) -> &'static str {
    ask(state, facts, command).unwrap_err().code
}

#[test]
fn a_place_needs_a_kind_a_name_and_room_at_an_open_school() {
    assert_eq!(code_refused(None, &facts(), &add("nowhere", "东门")), "field-choose");
    assert_eq!(code_refused(None, &facts(), &add("gate", "  ")), "text-missing");
    assert_eq!(code_refused(None, &facts(), &add("gate", "张老师 13987654321 门口")), "text-mobile");
    let closed = Seat { institution: true, closed: true, ..Seat::default() };
    let elsewhere = Seat::default();
    for (seat, code) in [
        (None, "unit-unknown"),
        (Some(closed), "place-unit-not-open"),
        (Some(elsewhere), "place-unit-not-open"),
    ] {
        assert_eq!(code_refused(None, &PlaceFacts { seat, ..facts() }, &add("gate", "东门")), code);
    }
    let full = PlaceFacts { open: limits::PLACES_PER_UNIT, ..facts() };
    assert_eq!(code_refused(None, &full, &add("gate", "东门")), "place-too-many");
    let taken = PlaceFacts { name_taken: true, ..facts() };
    assert_eq!(code_refused(None, &taken, &add("gate", "东门")), "place-name-taken");
}

#[test]
fn a_code_is_whole_and_was_never_given() {
    let with =
        |code: &str| PlaceCommand::Add {
            unit: unit(), code: code.to_owned(), draft: draft("gate", "东门")
        };
    let good = code_of(3);
    assert_eq!(code_refused(None, &facts(), &with(&good[..9])), "place-code-broken");
    assert_eq!(code_refused(None, &facts(), &with(&good.to_lowercase())), "place-code-broken");
    let taken = PlaceFacts { code_taken: true, ..facts() };
    assert_eq!(code_refused(None, &taken, &with(&good)), "place-code-taken");
    assert!(ask(None, &facts(), &with(&good)).is_ok());
}

#[test]
fn a_school_has_one_code_for_all_of_it_which_stays() {
    let second = PlaceFacts { has_whole: true, ..facts() };
    assert_eq!(code_refused(None, &second, &add(WHOLE, "全校")), "place-whole-known");
    let whole = after(None, &facts(), &add(WHOLE, "全校"));
    let gone = PlaceCommand::Close(note("不再使用了"));
    assert_eq!(code_refused(Some(&whole), &facts(), &gone), "place-whole-stays");
    let other = PlaceCommand::Change(draft("gate", "东门"));
    assert_eq!(code_refused(Some(&whole), &facts(), &other), "place-whole-stays");
    let gate = after(None, &facts(), &add("gate", "东门"));
    assert_eq!(
        code_refused(Some(&gate), &facts(), &PlaceCommand::Change(draft(WHOLE, "全校"))),
        "place-whole-stays"
    );
}

#[test]
fn a_replaced_code_points_there_until_it_is_stopped() {
    let gate = after(None, &facts(), &add("gate", "东门"));
    let replace = PlaceCommand::ReplaceCode { code: code_of(5), note: note("被人涂画看不清") };
    let lazy = PlaceCommand::ReplaceCode { code: code_of(5), note: note("无") };
    assert_eq!(code_refused(Some(&gate), &facts(), &lazy), "hazard-why-filler");
    let gate = after(Some(gate), &facts(), &replace);
    assert_eq!(gate.code, code_of(5));
    assert!(gate.answers_to(&code_of(3)) && gate.answers_to(&code_of(5)));
    let stop = |code: String| PlaceCommand::StopCode { code, note: note("旧码还贴在校外墙上") };
    assert_eq!(code_refused(Some(&gate), &facts(), &stop(code_of(5))), "place-code-not-former");
    let gate = after(Some(gate), &facts(), &stop(code_of(3)));
    assert!(!gate.answers_to(&code_of(3)) && gate.answers_to(&code_of(5)));
    assert_eq!(code_refused(Some(&gate), &facts(), &stop(code_of(3))), "place-code-not-former");
}

#[test]
fn a_closed_place_is_put_into_use_again_before_anything_else() {
    let gate = after(None, &facts(), &add("gate", "东门"));
    assert_eq!(code_refused(Some(&gate), &facts(), &PlaceCommand::Reopen(note("重新启用"))), "place-open");
    let gate = after(Some(gate), &facts(), &PlaceCommand::Close(note("东门已经封闭")));
    for command in [
        PlaceCommand::Change(draft("gate", "西门")),
        PlaceCommand::Close(note("东门已经封闭")),
        PlaceCommand::ReplaceCode { code: code_of(5), note: note("被人涂画看不清") },
    ] {
        assert_eq!(code_refused(Some(&gate), &facts(), &command), "place-closed");
    }
    let taken = PlaceFacts { name_taken: true, ..facts() };
    assert_eq!(
        code_refused(Some(&gate), &taken, &PlaceCommand::Reopen(note("重新启用"))),
        "place-name-taken"
    );
    let gate = after(Some(gate), &facts(), &PlaceCommand::Reopen(note("东门重新启用")));
    assert_eq!(gate.closed_at, None);
    assert_eq!(gate.code, code_of(3), "its sheet is still right");
    let same = PlaceCommand::Change(PlaceDraft { outside: gate.outside, ..draft("gate", "东门") });
    assert_eq!(ask(Some(&gate), &facts(), &same).unwrap(), []);
}
