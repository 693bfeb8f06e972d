//! One sample of every event type and version: decoded for ever. Never change a sample.

use std::path::PathBuf;

use journal::{Parts, Payload, StoredParts};
use kernel::UnitId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    ChannelEvent, ChannelKind, Topic,
    channel::event::{Added, Changed, ChannelText, Nothing},
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

fn samples() -> Vec<ChannelEvent> {
    let text = || ChannelText {
        label: "安全工作群".to_owned(),
        mailboxes: vec!["office@shizong.example.cn".to_owned()],
    };
    let nothing = || Parts::core(Nothing {});
    let added = Added {
        unit: UnitId(Uuid::from_u128(0x10)),
        kind: ChannelKind::Dingtalk,
        topics: vec![Topic::Overdue, Topic::Daily],
        daily_hour: 8,
        host: "oapi.dingtalk.com".to_owned(),
        tail: "cdef".to_owned(),
        signed: true,
    };
    let changed = Changed {
        topics: vec![Topic::Climb],
        daily_hour: 9,
        host: "oapi.dingtalk.com".to_owned(),
        tail: "0123".to_owned(),
        signed: true,
        readdressed: true,
    };
    vec![
        ChannelEvent::Added(Parts::with_text(added, text())),
        ChannelEvent::Changed(Parts::with_text(changed, text())),
        ChannelEvent::Stopped(nothing()),
        ChannelEvent::Resumed(nothing()),
        ChannelEvent::Removed(nothing()),
        ChannelEvent::Tested(nothing()),
    ]
}

fn parts(event: &ChannelEvent) -> Value {
    let encoded = event.encode().unwrap();
    let read = |text: &String| serde_json::from_str::<Value>(text).unwrap();
    json!({ "core": read(&encoded.core), "text": encoded.text.as_ref().map(read) })
}

#[test]
fn every_sample_is_still_understood() {
    let samples = samples();
    assert_eq!(samples.len(), ChannelEvent::types().len());
    for sample in samples {
        let (name, version) = sample.event_type();
        let path = folder().join(format!("{name}.v{version}.json"));
        if writing() && !path.exists() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, serde_json::to_string_pretty(&parts(&sample)).unwrap() + "\n").unwrap();
        }
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it"));
        let golden: Value = serde_json::from_str(&text).unwrap();
        let words = golden["text"].is_object().then(|| golden["text"].to_string());
        let stored = StoredParts { core: golden["core"].to_string(), text: words, personal: None };
        let event = ChannelEvent::decode(name, version, &stored).unwrap();
        assert_eq!(parts(&event), golden, "{name} lost something");
        assert!(ChannelEvent::decode(name, version, &StoredParts { text: None, ..stored }).is_ok());
    }
    let files = std::fs::read_dir(folder()).unwrap().count();
    assert_eq!(files, ChannelEvent::types().len(), "event types are never removed");
}
