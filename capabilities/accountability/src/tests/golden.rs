//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::{collections::BTreeMap, path::PathBuf};

use journal::{Payload, StoredParts};
use serde_json::{Value, json};

use super::{clarifications::lives as clarification_lives, support::*};
use crate::{CaseCommand, CaseEvent, ClarificationEvent, FindingDraft, Handling};

fn place(name: &str, version: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.v{version}.json"))
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

/// Lives in which everything happens once; the fullest of each type comes first.
fn lives() -> Vec<CaseEvent> {
    let mut desk = Desk::new();
    let mut asked = draft();
    asked.authority = Some(crate::Authority::Other);
    asked.authority_name = "县安全生产委员会".to_owned();
    asked.document_number = "师安委〔2026〕2号".to_owned();
    desk.done(&leader(), &opened_as(asked));
    desk.done(&finder(), &CaseCommand::State { side: central(), note: note("书面陈述：当天已电话督促") });
    desk.clocks_until(START.plus_ms(8 * DAY));
    desk.done(&head(), &state_for(school()));
    desk.done(&leader(), &CaseCommand::Extend(note("鉴定结论尚未作出")));
    let fullest = FindingDraft {
        rules: vec!["hazard.takeon".to_owned()],
        handlings: vec![Handling::Talk, Handling::HandedOver],
        handling: "移送县纪委监委".to_owned(),
        ..partly(central(), desk.now)
    };
    desk.done(&finder(), &find(fullest));
    desk.done(&finder(), &find(done(school())));
    desk.done(&finder(), &CaseCommand::Submit);
    desk.done(&reviewer(), &review(false));
    desk.done(&finder(), &CaseCommand::Submit);
    desk.done(&reviewer(), &review(true));
    desk.facts.missed = vec![school()];
    desk.done(&leader(), &conclude(true, "停电抢修两日，已当面报告"));
    desk.done(&finder(), &handle(central(), "师教体移〔2026〕1号"));
    desk.done(&finder(), &report(central()));
    desk.done(&reviewer(), &check(central(), true));
    let mut over = opened();
    over.done(&leader(), &CaseCommand::CallOff(said("后果与这条隐患无关")));
    desk.events.into_iter().chain(over.events).map(|(_, event)| event).collect()
}

fn sample<E: Payload>(event: &E) -> Value {
    let encoded = event.encode().unwrap();
    let part = |text: &String| serde_json::from_str::<Value>(text).unwrap();
    json!({
        "core": part(&encoded.core),
        "text": encoded.text.as_ref().map(part),
        "personal": encoded.personal.as_ref().map(part),
    })
}

fn write_missing<E: Payload>(lives: &[E]) {
    let mut samples: BTreeMap<(&str, u16), Value> = BTreeMap::new();
    for event in lives {
        samples.entry(event.event_type()).or_insert_with(|| sample(event));
    }
    for ((name, version), sample) in samples {
        let path = place(name, version);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, serde_json::to_string_pretty(&sample).unwrap() + "\n").unwrap();
        }
    }
}

fn understood<E: Payload>(lives: &[E]) {
    if writing() {
        write_missing(lives);
    }
    for (name, version, _) in E::types() {
        let text = std::fs::read_to_string(place(name, version))
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Value = serde_json::from_str(&text).unwrap();
        let part = |key: &str| Some(golden[key].clone()).filter(|part| !part.is_null());
        let stored = StoredParts {
            core: golden["core"].to_string(),
            text: part("text").as_ref().map(Value::to_string),
            personal: part("personal").as_ref().map(Value::to_string),
        };
        let event = E::decode(name, version, &stored).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(sample(&event), golden, "{name} lost something");
        // Erased text is faced.
        let erased = StoredParts { text: None, personal: None, ..stored };
        assert!(E::decode(name, version, &erased).is_ok(), "{name}");
    }
}

#[test]
fn every_sample_is_still_understood() {
    understood(&lives());
    understood(&clarification_lives());
}

#[test]
fn no_sample_is_left_over() {
    let cases = CaseEvent::types();
    let clarifications = ClarificationEvent::types();
    let known: Vec<PathBuf> =
        cases.iter().chain(clarifications.iter()).map(|(name, version, _)| place(name, *version)).collect();
    for entry in std::fs::read_dir(place("", 1).parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} is read by nobody: event types are never removed", path.display());
    }
}
