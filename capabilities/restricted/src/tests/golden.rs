//! One sample of every event type and version, as a journal may hold it: decoded for ever. Never change a sample.

use journal::{Payload, StoredParts};

use crate::{HeldEvent, ReaderEvent};

const UNIT: &str = "01a00000-0000-7000-8000-000000000001";

fn parts(core: &str, personal: Option<&str>) -> StoredParts {
    StoredParts { core: core.replace("UNIT", UNIT), text: None, personal: personal.map(str::to_owned) }
}

#[test]
fn every_version_is_read() {
    let held = [
        (
            "held.written",
            parts(
                r#"{"unit":"UNIT","kept_by":"UNIT","county":"UNIT","year":2026,"serial":3}"#,
                Some(r#"{"text":"有学生被打"}"#),
            ),
        ),
        ("held.opened", parts("{}", None)),
        ("held.closed", parts("{}", Some(r#"{"outcome":"no_case","note":"只是制度问题"}"#))),
    ];
    let readers = [
        ("reader.named", parts(r#"{"unit":"UNIT","account":"UNIT"}"#, None)),
        ("reader.ended", parts(r#"{"unit":"UNIT"}"#, None)),
    ];
    for (name, stored) in &held {
        let event = HeldEvent::decode(name, 1, stored).unwrap();
        let encoded = event.encode().unwrap();
        assert_eq!((&encoded.core, &encoded.personal), (&stored.core, &stored.personal), "{name}");
        // What was erased is absent, and the event still reads.
        HeldEvent::decode(name, 1, &StoredParts { personal: None, ..stored.clone() }).unwrap();
    }
    for (name, stored) in &readers {
        assert_eq!(
            ReaderEvent::decode(name, 1, stored).unwrap().encode().unwrap().core,
            stored.core,
            "{name}"
        );
    }
    let names = |types: Vec<(&'static str, u16, kernel::Reach)>| types.into_iter().map(|(name, _, _)| name);
    assert!(names(HeldEvent::types()).eq(held.iter().map(|(name, _)| *name)));
    assert!(names(ReaderEvent::types()).eq(readers.iter().map(|(name, _)| *name)));
    let here = |types: Vec<(&'static str, u16, kernel::Reach)>| {
        types.iter().all(|(_, _, to)| *to == kernel::Reach::HERE)
    };
    assert!(here(HeldEvent::types()) && here(ReaderEvent::types()), "nothing of it travels");
}
