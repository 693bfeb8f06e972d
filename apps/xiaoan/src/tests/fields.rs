//! What happened is read in the audit trail in words: no field under its own name, and no code as it is stored.

use std::{
    fs,
    path::Path,
    sync::{Arc, RwLock},
};

use administration::event_fields;
use language::Lang;
use serde_json::Value;

use super::golden::{ACCOUNTS, CHANNELS, ID, PEOPLE, UNITS};
use crate::{platform, router};

/// Fields whose values are small letters and digits but no code.
const SPELT: [&str; 4] = ["主机", "末几位", "口径", "校验值"];

/// The open parts of every sample of every room: name of the event, part.
fn samples() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, core, text, _) in [UNITS, PEOPLE, ACCOUNTS, CHANNELS].concat() {
        found.push((name.to_owned(), core.replace("ID", ID)));
        found.extend(text.map(|text| (name.to_owned(), text.to_owned())));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let other = format!(r#"{{"hazard":"{ID}","number":{{"year":2026,"serial":7}},"elsewhere":true}}"#);
    found.push(("photos used before".to_owned(), format!(r#"{{"reused":[{{"photo":0,"other":{other}}}]}}"#)));
    // Every day that a guard's papers can have.
    let papers = r#"{"certified":true,"full_time":true,"employer":"company","since":"2024-09-01","until":"2027-09-01",
        "certified_on":"2024-05-01","certified_until":"2029-05-01","background_on":"2024-04-01","health_on":"2026-02-01",
        "health_until":"2027-02-01","trained_on":"2026-03-01","training_hours":40,"filed_on":"2024-09-02","campus":1,
        "shift":"late"}"#;
    found.push(("person.guard_facts".to_owned(), papers.to_owned()));
    for room in [
        "capabilities/accountability",
        "capabilities/adjustment",
        "capabilities/guards",
        "capabilities/hazard",
        "capabilities/places",
        "capabilities/public-report",
        "capabilities/supervision",
        "capabilities/transfer",
        "crates/notify",
        "crates/organisation",
    ] {
        for file in fs::read_dir(root.join(room).join("golden")).unwrap() {
            let path = file.unwrap().path();
            let sample: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            for part in ["core", "text"].into_iter().filter(|part| sample[part].is_object()) {
                found.push((
                    path.file_name().unwrap().to_string_lossy().into_owned(),
                    sample[part].to_string(),
                ));
            }
        }
    }
    found
}

/// As a program writes names of its own.
fn is_code(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_lowercase())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b))
}

#[test]
fn no_event_of_any_room_shows_a_name_of_the_program_s_own() {
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let sentences = router::sentences().with_catalogue(Arc::new(hazard::words::RuleNames(rules)));
    let samples = samples();
    assert!(samples.len() > 60, "{}", samples.len());
    let mut raw = Vec::new();
    for (name, part) in &samples {
        for fact in
            event_fields(&sentences, Lang::ZhCn, (name.as_str(), part.as_str()), &|_| "某单位".to_owned())
        {
            let label = fact.name.bytes().any(|b| b.is_ascii_lowercase());
            let spelt = SPELT.iter().any(|field| fact.name.ends_with(field));
            let listed = || fact.value.split('、').any(is_code);
            if label || (!spelt && listed()) {
                raw.push(format!("{name}: {} = {}", fact.name, fact.value));
            }
        }
    }
    assert_eq!(raw, Vec::<String>::new());
    let carried = r#"{"ledger_level":"general"}"#;
    let facts = event_fields(&sentences, Lang::ZhCn, ("hazard.carried", carried), &|_| String::new());
    assert_eq!((facts[0].name.as_str(), facts[0].value.as_str()), ("原台账等级", "一般"));
}
