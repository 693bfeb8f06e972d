//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::{collections::BTreeMap, path::PathBuf};

use journal::{Payload, StoredParts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::*;
use crate::{CheckDraft, SupervisionCommand, SupervisionEvent, Told};

#[derive(Serialize, Deserialize)]
struct Sample {
    core: Value,
    text: Option<Value>,
    personal: Option<Value>,
}

fn place(name: &str, version: u16) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    folder.join(format!("{name}.v{version}.json"))
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

/// Lives in which everything happens once; the fullest of each type comes first.
fn lives() -> Vec<SupervisionEvent> {
    let mut desk = owed();
    desk.clocks_until(START.plus_ms(12 * HOUR));
    desk.done(&head(), &control());
    for passed in [false, true] {
        desk.done(&drafter(), &draft(desk.now));
        desk.done(&drafter(), &SupervisionCommand::Submit);
        desk.done(&reviewer(), &review(passed));
    }
    desk.done(&leader(), &sign(true));
    desk.done(&head(), &receive());
    desk.done(&system(), &hear(Told::Progressed));
    desk.done(&system(), &hear(Told::Rectified));
    desk.done(&head(), &apply());
    let others = "张工、李教授".to_owned();
    let fullest = CheckDraft { others, sheet: true, ..check_draft(desk.now, true) };
    desk.done(&drafter(), &checked_as(fullest));
    desk.done(&leader(), &delist(false));
    desk.done(&system(), &hear(Told::Returned));
    let others = [delisted(), waived(), ended()].into_iter().flat_map(|desk| desk.events);
    desk.events.into_iter().chain(others).map(|(_, event)| event).collect()
}

fn sample(event: &SupervisionEvent) -> Sample {
    let encoded = event.encode().unwrap();
    let json = |text: &String| serde_json::from_str(text).unwrap();
    Sample {
        core: json(&encoded.core),
        text: encoded.text.as_ref().map(json),
        personal: encoded.personal.as_ref().map(json),
    }
}

fn write_missing() {
    let mut samples: BTreeMap<(&str, u16), Sample> = BTreeMap::new();
    for event in lives() {
        samples.entry(event.event_type()).or_insert_with(|| sample(&event));
    }
    for ((name, version), sample) in samples {
        let path = place(name, version);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, serde_json::to_string_pretty(&sample).unwrap() + "\n").unwrap();
        }
    }
}

#[test]
fn every_sample_is_still_understood() {
    if writing() {
        write_missing();
    }
    for (name, version, _) in SupervisionEvent::types() {
        let path = place(name, version);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Sample = serde_json::from_str(&text).unwrap();
        let parts = StoredParts {
            core: golden.core.to_string(),
            text: golden.text.as_ref().map(Value::to_string),
            personal: golden.personal.as_ref().map(Value::to_string),
        };
        let event = SupervisionEvent::decode(name, version, &parts).unwrap_or_else(|e| panic!("{name}: {e}"));
        let again = sample(&event);
        let kept = (again.core, again.text, again.personal);
        assert_eq!(kept, (golden.core, golden.text, golden.personal), "{name} lost something");
        // Erased text is faced.
        let erased = StoredParts { text: None, personal: None, ..parts };
        assert!(SupervisionEvent::decode(name, version, &erased).is_ok(), "{name}");
    }
}

#[test]
fn no_sample_is_left_over() {
    let known: Vec<PathBuf> =
        SupervisionEvent::types().iter().map(|(name, version, _)| place(name, *version)).collect();
    for entry in std::fs::read_dir(place("", 1).parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} is read by nobody: event types are never removed", path.display());
    }
}
