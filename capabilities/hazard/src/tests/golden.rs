//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::{collections::BTreeMap, path::PathBuf};

use journal::{Payload, StoredParts};
use kernel::StreamId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::support::*;
use crate::{
    Extension, HazardCommand, HazardEvent, Level, Number, OnTheSpot, Position, Registration,
    event::{GuideItemAnswered, NamedHazard},
    none_met,
    repetition::Earlier,
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

/// Lives in which everything happens once.
fn lives() -> Vec<HazardEvent> {
    let mut desk = Desk::new();
    let position =
        Some(Position { latitude: 24.825_361_9, longitude: 103.990_173_3, accuracy_m: Some(12.5) });
    let category = "H01".to_owned();
    let asked = Registration { position, category, ..registration() };
    let named =
        NamedHazard { hazard: StreamId(Uuid::from_u128(0x77)), number: Number { year: 2026, serial: 3 } };
    desk.facts.earlier = Some(Earlier { named, day: START.day_number() - 20 });
    desk.done(&officer(), &HazardCommand::Register(Box::new(asked)));
    desk.done(&officer(), &correct("H01"));
    let items = RULES.guide("H01").unwrap().items.iter();
    let answers = items.map(|item| GuideItemAnswered { item: item.id.to_string(), met: false }).collect();
    let grading = crate::GradeAs { level: Level::General, answers, reason: "逐条核对".to_owned() };
    desk.done(&officer(), &HazardCommand::Grade(grading));
    desk.done(&head(), &assign());
    let due = desk.now.plus_ms(5 * DAY);
    desk.done(&officer(), &take_on(due));
    desk.done(&head(), &change_responsible());
    desk.done(&officer(), &HazardCommand::Progress(note("配件已到")));
    desk.done(&officer(), &ask_help());
    desk.done(&county(), &support());
    desk.done(&county(), &deliver_help());
    desk.done(&head(), &HazardCommand::Urge(note("请抓紧办理")));
    for answer in [Extension::Refuse, Extension::Grant] {
        desk.done(&officer(), &extension(due.plus_ms(DAY)));
        desk.done(&head(), &HazardCommand::AnswerExtension { answer, note: note("研究决定") });
    }
    desk.clocks_until(due.plus_ms(9 * DAY));
    desk.done(&county(), &HazardCommand::AnswerClimb(note("约谈校长，议定三日内完成")));
    for proof in [send_back(), accept()] {
        desk.done(&officer(), &rectify());
        desk.done(&head(), &proof);
    }
    desk.done(&head(), &close());
    desk.done(&head(), &HazardCommand::Revisit { sound: false, note: note("又坏了") });
    let mut other = Desk::after(&[(officer(), register()), (officer(), withdraw())]);
    let spot = OnTheSpot {
        note: "当场更换插座".to_owned(),
        photos: vec![photo(2)],
        answers: none_met(&RULES, "H01"),
        ..OnTheSpot::default()
    };
    let spot = Registration { category: "H01".to_owned(), on_the_spot: Some(spot), ..registration() };
    other.events.extend(Desk::after(&[(officer(), HazardCommand::Register(Box::new(spot)))]).events);
    other.events.extend(Desk::after(&[(county(), carry(ledger_closed()))]).events);
    let mut left = closed(Level::General);
    left.facts.unit.as_mut().unwrap().closed = true;
    left.hang_under(Some(0x22));
    other.events.extend(left.events);
    desk.events.into_iter().chain(other.events).map(|(_, event)| event).collect()
}

fn sample(event: &HazardEvent) -> Sample {
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
        // The first of each is the one that says most.
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
    for (name, version, _) in HazardEvent::types() {
        let path = place(name, version);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Sample = serde_json::from_str(&text).unwrap();
        let parts = StoredParts {
            core: golden.core.to_string(),
            text: golden.text.as_ref().map(Value::to_string),
            personal: golden.personal.as_ref().map(Value::to_string),
        };
        let event = HazardEvent::decode(name, version, &parts).unwrap_or_else(|e| panic!("{name}: {e}"));
        let again = sample(&event);
        let kept = (again.core, again.text, again.personal);
        assert_eq!(kept, (golden.core, golden.text, golden.personal), "{name} lost something");
        // Erased text is faced.
        let erased = StoredParts { text: None, personal: None, ..parts };
        assert!(HazardEvent::decode(name, version, &erased).is_ok(), "{name}");
    }
}

#[test]
fn no_sample_is_left_over() {
    let known: Vec<PathBuf> =
        HazardEvent::types().iter().map(|(name, version, _)| place(name, *version)).collect();
    for entry in std::fs::read_dir(place("", 1).parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} is read by nobody: event types are never removed", path.display());
    }
}
