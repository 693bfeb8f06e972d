//! Every stage and every command, as the reader and as anybody else.

use std::{fmt::Write as _, sync::Arc};

use journal::{Context, Payload, Standing, Subject};
use kernel::{Actor, ActorId, EventId, Refusal, StreamId, Timestamp, UnitId, limits};
use uuid::Uuid;

use crate::{
    Held, HeldCommand, HeldEvent, HeldState, Outcome, Sealed, Stage,
    held::{HeldFacts, decide},
    reader,
};

const NOW: Timestamp = Timestamp(1_788_915_600_000);
const UNIT: UnitId = UnitId(Uuid::from_u128(1));

fn standing() -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(7))),
        person: None,
        home: None,
        grants: Vec::new(),
        permissions: Arc::from([]),
        unit_path: String::new(),
    }
}

fn decided(
    state: Option<&HeldState>,
    command: &HeldCommand,
    facts: HeldFacts,
) -> Result<Vec<HeldEvent>, Refusal> {
    let standing = standing();
    decide(state, command, facts, &Context { stream: StreamId::NIL, now: NOW, standing: &standing })
}

fn at(stage: Stage) -> HeldState {
    HeldState { unit: UNIT, kept_by: UNIT, county: None, year: 2026, serial: 1, written_at: NOW, stage }
}

fn write_command(text: &str) -> HeldCommand {
    HeldCommand::Write { unit: UNIT, text: Sealed(text.to_owned()) }
}

fn close_command(note: &str) -> HeldCommand {
    HeldCommand::Close { outcome: Outcome::Police, note: Sealed(note.to_owned()) }
}

fn said(answer: &Result<Vec<HeldEvent>, Refusal>) -> String {
    match answer {
        Ok(events) if events.is_empty() => "nothing".to_owned(),
        Ok(events) => events.iter().map(|event| event.event_type().0).collect::<Vec<_>>().join(", "),
        Err(refusal) => format!("refused: {}", refusal.code),
    }
}

const MATRIX: &str = "\
(none) write as reader: held.written
(none) write as other: held.written
(none) open as reader: refused: held-unknown
(none) open as other: refused: held-unknown
(none) close as reader: refused: held-unknown
(none) close as other: refused: held-unknown
waiting write as reader: nothing
waiting write as other: nothing
waiting open as reader: held.opened
waiting open as other: refused: held-not-reader
waiting close as reader: refused: held-not-opened
waiting close as other: refused: held-not-reader
opened write as reader: nothing
opened write as other: nothing
opened open as reader: nothing
opened open as other: refused: held-not-reader
opened close as reader: held.closed
opened close as other: refused: held-not-reader
closed write as reader: nothing
closed write as other: nothing
closed open as reader: nothing
closed open as other: refused: held-not-reader
closed close as reader: refused: held-closed
closed close as other: refused: held-not-reader
";

#[test]
fn every_command_at_every_stage() {
    let stages = [
        ("(none)", None),
        ("waiting", Some(at(Stage::Waiting))),
        ("opened", Some(at(Stage::Opened))),
        ("closed", Some(at(Stage::Closed))),
    ];
    let commands = [
        ("write", write_command("有学生被打")),
        ("open", HeldCommand::Open),
        ("close", close_command("已报警")),
    ];
    let mut found = String::new();
    for (stage, state) in &stages {
        for (name, command) in &commands {
            for (who, is_reader) in [("reader", true), ("other", false)] {
                let facts = HeldFacts { kept_by: Some(UNIT), county: None, serial: 1, is_reader };
                let answer = decided(state.as_ref(), command, facts);
                writeln!(found, "{stage} {name} as {who}: {}", said(&answer)).unwrap();
            }
        }
    }
    assert_eq!(found, MATRIX);
}

#[test]
fn without_a_reader_and_without_words_nothing_is_held() {
    let somebody = HeldFacts { kept_by: Some(UNIT), serial: 1, ..HeldFacts::default() };
    let code = |answer: Result<Vec<HeldEvent>, Refusal>| answer.unwrap_err().code;
    assert_eq!(code(decided(None, &write_command("有学生被打"), HeldFacts::default())), "held-no-reader");
    assert_eq!(code(decided(None, &write_command(" \u{7} \n"), somebody)), "held-text-missing");
    let long = "长".repeat(3 * limits::TEXT_CHARS + 1);
    assert_eq!(code(decided(None, &write_command(&long), somebody)), "held-text-too-long");
    let reader = HeldFacts { is_reader: true, ..HeldFacts::default() };
    let opened = at(Stage::Opened);
    let missing = decided(Some(&opened), &close_command("  "), reader).unwrap_err();
    assert_eq!((missing.code, missing.fields.as_slice()), ("held-text-missing", ["note"].as_slice()));
}

#[test]
fn neither_state_nor_command_nor_a_log_line_holds_words() {
    let command = write_command("有学生被打");
    let closing = close_command("已报警");
    for text in [
        serde_json::to_string(&command).unwrap(),
        serde_json::to_string(&closing).unwrap(),
        format!("{command:?} {closing:?}"),
    ] {
        assert!(!text.contains("被打") && !text.contains("报警"), "{text}");
    }
    let facts = HeldFacts { kept_by: Some(UNIT), serial: 1, ..HeldFacts::default() };
    let events = decided(None, &command, facts).unwrap();
    let stamp = journal::Stamp {
        event_id: EventId::NIL,
        stream: StreamId::NIL,
        version: 1,
        actor: ActorId::NIL,
        at: NOW,
        unit: UNIT,
    };
    let state = events.iter().fold(None, |state, event| Held::evolve(state, event, &stamp));
    let encoded = events[0].encode().unwrap();
    let clear = format!("{} {:?} {}", encoded.core, encoded.text, serde_json::to_string(&state).unwrap());
    assert!(!clear.contains("被打"), "{clear}");
    assert!(encoded.personal.unwrap().contains("被打"));
}

#[test]
fn a_stream_whose_beginning_is_missing_is_faced() {
    let stamp = journal::Stamp {
        event_id: EventId::NIL,
        stream: StreamId::NIL,
        version: 1,
        actor: ActorId::NIL,
        at: NOW,
        unit: UNIT,
    };
    let opened = HeldEvent::Opened(journal::Parts::core(crate::held::Nothing {}));
    assert_eq!(Held::evolve(None, &opened, &stamp), None);
}

#[test]
fn every_refusal_event_and_outcome_has_words() {
    let mut keys: Vec<String> = ["reader-not-yours", "reader-unit", "reader-not-here", "reader-not-oneself"]
        .into_iter()
        .chain(["held-unknown", "held-no-reader", "held-not-reader", "held-not-opened", "held-closed"])
        .chain(["held-text-missing", "held-text-too-long"])
        .map(|code| format!("problem-{code}"))
        .collect();
    let types = HeldEvent::types().into_iter().chain(reader::ReaderEvent::types());
    keys.extend(types.map(|(name, _, _)| format!("event-{}", name.replace('.', "-"))));
    keys.extend(Outcome::ALL.map(|outcome| format!("held-outcome-{}", outcome.name())));
    for lang in language::Lang::ALL {
        for key in &keys {
            let text = crate::texts::lookup(lang, key, &[("most", "9".to_owned())]);
            assert!(text.is_some_and(|text| !text.is_empty()), "{key}");
        }
    }
    assert!(Outcome::ALL.into_iter().all(|outcome| Outcome::named(outcome.name()) == Some(outcome)));
}
