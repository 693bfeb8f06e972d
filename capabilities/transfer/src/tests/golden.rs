//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::{collections::BTreeMap, path::PathBuf};

use journal::{Payload, StoredParts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::*;
use crate::{
    Answer, DepartmentCommand, DepartmentEvent, TransferCommand, TransferEvent, Way,
    tests::departments::{Register, entry},
};

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
pub fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

/// Lives in which everything happens once; the fullest of each type comes first.
fn lives() -> Vec<TransferEvent> {
    let mut desk = Desk::new();
    desk.facts.former_came_back = true;
    let mut fullest = draft_of(desk.now);
    fullest.former = Some(department_id());
    desk.done(&drafter(), &TransferCommand::Draft(Box::new(fullest)));
    for passed in [false, true] {
        if desk.stage() == crate::StageCode::Drafted {
            desk.done(&drafter(), &TransferCommand::Submit);
        }
        desk.done(&leader(), &sign(passed));
        if !passed {
            desk.done(&drafter(), &TransferCommand::Submit);
        }
    }
    desk.done(&drafter(), &send(desk.now, crate::Channel::Both));
    desk.done(&drafter(), &TransferCommand::MakeLink);
    desk.done(&system(), &TransferCommand::Opened { link: 1 });
    desk.done(&drafter(), &receive(Way::Paper, None, desk.now));
    desk.done(&drafter(), &urge());
    desk.clocks_until(START.plus_ms(6 * DAY));
    desk.done(&drafter(), &reply(Answer::TakenOn, Way::Paper, None, desk.now));
    desk.done(&drafter(), &ask_again(desk.now));
    desk.done(&drafter(), &reply(Answer::NotOurs, Way::Paper, None, desk.now));
    desk.done(&drafter(), &TransferCommand::RevokeLink);
    let others = [answered(Answer::Done), withdrawn()].into_iter().flat_map(|desk| desk.events);
    desk.events.into_iter().chain(others).map(|(_, event)| event).collect()
}

/// The same for the register of departments.
fn entries() -> Vec<DepartmentEvent> {
    let mut register = Register::new();
    register.done(&DepartmentCommand::Add { county: county(), draft: entry() });
    let telephone = "0874-5750002".to_owned();
    register.done(&DepartmentCommand::Change(crate::DepartmentDraft { telephone, ..entry() }));
    register.done(&DepartmentCommand::Close(note("机构改革，职责并入另一部门")));
    register.done(&DepartmentCommand::Reopen(note("改革方案调整，恢复设置")));
    register.events
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

fn write_missing() {
    let mut samples: BTreeMap<(&str, u16), Sample> = BTreeMap::new();
    for event in lives() {
        samples.entry(event.event_type()).or_insert_with(|| sample(&event));
    }
    for event in entries() {
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

/// Decoded, written again the same, and without words too.
fn understood<E: Payload>() {
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
        let kept = (again.core, again.text, again.personal);
        assert_eq!(kept, (golden.core, golden.text, golden.personal), "{name} lost something");
        let erased = StoredParts { text: None, personal: None, ..parts };
        assert!(E::decode(name, version, &erased).is_ok(), "{name}");
    }
}

#[test]
fn every_sample_is_still_understood() {
    if writing() {
        write_missing();
    }
    understood::<TransferEvent>();
    understood::<DepartmentEvent>();
}

#[test]
fn no_sample_is_left_over() {
    let types = TransferEvent::types().into_iter().chain(DepartmentEvent::types());
    let known: Vec<PathBuf> = types.map(|(name, version, _)| place(name, version)).collect();
    for entry in std::fs::read_dir(place("", 1).parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} is read by nobody: event types are never removed", path.display());
    }
}
