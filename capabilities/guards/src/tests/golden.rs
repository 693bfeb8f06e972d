//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::path::PathBuf;

use hazard::Note;
use journal::{Parts, Payload, StoredParts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{reports, support::*};
use crate::{
    ChoiceEvent, GateEvent, ReportCommand, ReportEvent,
    choice::{Chosen, Reason},
    gate::event::{Declared, KitChecked, Remark},
};

#[derive(Serialize, Deserialize)]
struct Sample {
    core: Value,
    text: Option<Value>,
    personal: Option<Value>,
}

fn place(name: &str, version: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.v{version}.json"))
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
pub fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

fn gates() -> Vec<GateEvent> {
    let by = head().person;
    let remark = || Remark { remark: "暑假前更换".to_owned() };
    let declared = Declared { unit: school(), campus: 2, full_time: 3, part_time: 1, on: TODAY, by };
    let checked = KitChecked { unit: school(), campus: 2, pieces: kit(), by };
    vec![
        GateEvent::Declared(Parts::with_text(declared, remark())),
        GateEvent::KitChecked(Parts::with_text(checked, remark())),
    ]
}

fn choices() -> Vec<ChoiceEvent> {
    let chosen = chosen();
    let (set, reading) = (chosen.set, chosen.reading);
    let core = Chosen { county: county(), set, reading, from: TODAY, by: leader().person };
    let reason = Reason { reason: "按县方案原文执行".to_owned() };
    vec![ChoiceEvent::Chosen(Parts::with_text(core, reason))]
}

fn lives() -> Vec<ReportEvent> {
    let withdraw =
        ReportCommand::Withdraw(Note { note: "人数有误，另行拟稿".to_owned(), photos: Vec::new() });
    let signed = reports::Desk::new()
        .done(&office(), &reports::draft())
        .done(&office(), &ReportCommand::Submit)
        .done(&leader(), &reports::sign(false))
        .done(&office(), &ReportCommand::Submit)
        .done(&leader(), &reports::sign(true));
    let withdrawn = reports::Desk::new().done(&office(), &reports::draft()).done(&office(), &withdraw);
    signed.events.into_iter().chain(withdrawn.events).collect()
}

fn sample(event: &impl Payload) -> Sample {
    let encoded = event.encode().unwrap();
    let json = |text: &String| serde_json::from_str(text).unwrap();
    Sample {
        core: json(&encoded.core),
        text: encoded.text.as_ref().map(json),
        personal: encoded.personal.as_ref().map(json),
    }
}

fn write_missing<E: Payload>(events: &[E]) {
    for event in events {
        let (name, version) = event.event_type();
        let path = place(name, version);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, serde_json::to_string_pretty(&sample(event)).unwrap() + "\n").unwrap();
        }
    }
}

/// Decoded, written again the same, and without words too.
fn understood<E: Payload>(events: &[E]) {
    if writing() {
        write_missing(events);
    }
    for (name, version, _) in E::types() {
        let path = place(name, version);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Sample = serde_json::from_str(&text).unwrap();
        let parts = StoredParts {
            core: golden.core.to_string(),
            text: golden.text.as_ref().map(Value::to_string),
            personal: golden.personal.as_ref().map(Value::to_string),
        };
        let event = E::decode(name, version, &parts).unwrap_or_else(|e| panic!("{name}: {e}"));
        let again = sample(&event);
        assert_eq!(
            (again.core, again.text, again.personal),
            (golden.core, golden.text, golden.personal),
            "{name}"
        );
        let erased = StoredParts { text: None, personal: None, ..parts };
        assert!(E::decode(name, version, &erased).is_ok(), "{name}");
    }
}

#[test]
fn every_sample_is_still_understood() {
    understood(&gates());
    understood(&choices());
    understood(&lives());
}

#[test]
fn no_sample_is_left_over() {
    let types = GateEvent::types().into_iter().chain(ChoiceEvent::types()).chain(ReportEvent::types());
    let known: Vec<PathBuf> = types.map(|(name, version, _)| place(name, version)).collect();
    for entry in std::fs::read_dir(place("", 1).parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} is read by nobody: event types are never removed", path.display());
    }
}
