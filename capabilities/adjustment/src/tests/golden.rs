//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample; a new
//! version gets a new file (`XIAOAN_WRITE=1` writes the ones that are missing).

use std::{collections::BTreeMap, path::PathBuf};

use journal::{Payload, StoredParts};
use kernel::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::support::*;
use crate::{AdjustmentCommand, AdjustmentEvent, Change, Concerned, FiveTexts, NewValue, StepDays};

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

/// Every kind of change there is.
fn everything() -> Vec<Change> {
    let value =
        |rule: &str, value| Change::Value { rule: rule.to_owned(), variant: "default".to_owned(), value };
    let step = |step: &str, after| StepDays { step: step.to_owned(), after };
    vec![
        rectify_in("5d"),
        value("clock.marks", NewValue::Marks(vec![60, 90, 100])),
        value(
            "hazard.climb.general",
            NewValue::Steps(vec![step("remind", 0), step("talk", 2), step("raise", 5)]),
        ),
        Change::Variant { rule: "hazard.rectify.general".to_owned(), variant: "qr-48h".to_owned() },
        Change::Day { date: on("2027-01-01"), working: false, name: "元旦".to_owned() },
        Change::Year { year: 2027 },
        Change::Prefill {
            category: "H01".to_owned(),
            texts: FiveTexts {
                responsibility: "后勤主任负责、值班保安落实".to_owned(),
                funds: "从公用经费列支".to_owned(),
                measures: "更换失效灭火器并清理通道、拍照留存".to_owned(),
                deadline: "登记当日处置".to_owned(),
                contingency: "处置前专人看守".to_owned(),
            },
        },
    ]
}

fn lives() -> Vec<AdjustmentEvent> {
    let mut desk = Desk::new();
    let mut all = everything();
    all.extend((2..=11).map(|day| Change::Day {
        date: Date::constant(2027, 10, day),
        working: false,
        name: "国庆节".to_owned(),
    }));
    desk.done(&drafter(), &draft(all));
    desk.done(&leader(), &AdjustmentCommand::SendBack(note("请附去年的统计")));
    desk.done(&drafter(), &draft(vec![rectify_in("5d")]));
    let concerned = vec![Concerned { rule: "hazard.rectify.general".to_owned(), open: 12 }];
    desk.done(&leader(), &AdjustmentCommand::Activate { concerned, note: note("同意") });
    desk.done(&leader(), &end("2026-06-01"));
    let mut other = waiting();
    other.done(&drafter(), &AdjustmentCommand::Drop(note("改为下学期再议")));
    desk.events.into_iter().chain(other.events).collect()
}

fn sample(event: &AdjustmentEvent) -> Sample {
    let encoded = event.encode().unwrap();
    let json = |text: &String| serde_json::from_str(text).unwrap();
    Sample {
        core: json(&encoded.core),
        text: encoded.text.as_ref().map(json),
        personal: encoded.personal.as_ref().map(json),
    }
}

#[test]
fn every_sample_is_still_understood() {
    let mut first: BTreeMap<(&str, u16), Sample> = BTreeMap::new();
    for event in lives() {
        first.entry(event.event_type()).or_insert_with(|| sample(&event));
    }
    for (name, version, _) in AdjustmentEvent::types() {
        let path = place(name, version);
        if writing() && !path.exists() {
            let text = serde_json::to_string_pretty(&first[&(name, version)]).unwrap() + "\n";
            std::fs::write(&path, text).unwrap();
        }
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Sample = serde_json::from_str(&text).unwrap();
        let parts = StoredParts {
            core: golden.core.to_string(),
            text: golden.text.as_ref().map(Value::to_string),
            personal: golden.personal.as_ref().map(Value::to_string),
        };
        let event = AdjustmentEvent::decode(name, version, &parts).unwrap_or_else(|e| panic!("{name}: {e}"));
        let again = sample(&event);
        let kept = (again.core, again.text, again.personal);
        assert_eq!(kept, (golden.core, golden.text, golden.personal), "{name} lost something");
        // Erased text is faced.
        let erased = StoredParts { text: None, personal: None, ..parts };
        assert!(AdjustmentEvent::decode(name, version, &erased).is_ok(), "{name}");
    }
}
