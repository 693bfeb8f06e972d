//! One sample of every event type and version.

use hazard::Note;
use journal::Parts;
use kernel::{PersonId, UnitId};
use test_support::golden;
use uuid::Uuid;

use crate::event::{Acted, Added, Changed, CodeReplaced, CodeStopped, PlaceEvent, PlaceText};

fn lives() -> Vec<PlaceEvent> {
    let by = Some(PersonId(Uuid::from_u128(7)));
    let (old, new) = ("3Q8ZK1M7TA".to_owned(), "9BWC42XH6E".to_owned());
    let text = |name: &str| PlaceText { name: name.to_owned(), spot: "教学楼二楼".to_owned() };
    let why = |note: &str| Note { note: note.to_owned(), photos: Vec::new() };
    let unit = UnitId(Uuid::from_u128(1));
    let added = Added { unit, kind: "stairs".to_owned(), code: old.clone(), outside: true, by };
    let changed = Changed { kind: "stairs".to_owned(), outside: true, by };
    let replaced = CodeReplaced { code: new, former: old.clone(), by };
    vec![
        PlaceEvent::Added(Parts::with_text(added, text("东楼梯"))),
        PlaceEvent::Changed(Parts::with_text(changed, text("东侧楼梯"))),
        PlaceEvent::CodeReplaced(Parts::with_text(replaced, why("码被涂改"))),
        PlaceEvent::CodeStopped(Parts::with_text(CodeStopped { code: old, by }, why("旧码被冒用"))),
        PlaceEvent::Closed(Parts::with_text(Acted { by }, why("楼已拆除"))),
        PlaceEvent::Reopened(Parts::with_text(Acted { by }, why("重新启用"))),
    ]
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).nothing_else();
}
