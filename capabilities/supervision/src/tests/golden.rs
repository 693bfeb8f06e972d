//! One sample of every event type and version.

use test_support::golden;

use super::support::*;
use crate::{CheckDraft, SupervisionCommand, SupervisionEvent, Told};

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

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).nothing_else();
}
