//! One sample of every event type and version.

use hazard::Note;
use journal::Parts;
use test_support::golden;

use super::{reports, support::*};
use crate::{
    ChoiceEvent, GateEvent, ReportCommand, ReportEvent,
    choice::{Chosen, Declined, Reason},
    gate::event::{Declared, KitChecked, Remark},
};

fn gates() -> Vec<GateEvent> {
    let by = head().person;
    let remark = || Remark { remark: "暑假前更换".to_owned() };
    let declared = Declared { unit: school(), campus: 2, full_time: 3, part_time: 1, on: TODAY, by };
    let checked = KitChecked { unit: school(), campus: 2, pieces: kit(), by };
    vec![
        GateEvent::Declared(Parts::with_text(declared, remark())),
        GateEvent::KitChecked(Parts::with_text(checked, remark())),
    ]
}

fn choices() -> Vec<ChoiceEvent> {
    let chosen = chosen();
    let (set, reading) = (chosen.set, chosen.reading);
    let core = Chosen { county: county(), set, reading, from: TODAY, by: leader().person };
    let reason = |why: &str| Reason { reason: why.to_owned() };
    let declined = Declined { county: county(), by: leader().person };
    vec![
        ChoiceEvent::Proposed(Parts::with_text(core.clone(), reason("按县方案原文执行"))),
        ChoiceEvent::Declined(Parts::with_text(declined, reason("请先征求财政部门意见"))),
        ChoiceEvent::Chosen(Parts::with_text(core, reason("按县方案原文执行"))),
    ]
}

fn lives() -> Vec<ReportEvent> {
    let withdraw =
        ReportCommand::Withdraw(Note { note: "人数有误，另行拟稿".to_owned(), photos: Vec::new() });
    let signed = reports::Desk::new()
        .done(&office(), &reports::draft())
        .done(&office(), &ReportCommand::Submit)
        .done(&leader(), &reports::sign(false))
        .done(&office(), &ReportCommand::Submit)
        .done(&leader(), &reports::sign(true));
    let withdrawn = reports::Desk::new().done(&office(), &reports::draft()).done(&office(), &withdraw);
    signed.events.into_iter().chain(withdrawn.events).collect()
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR"))
        .understood(&gates())
        .understood(&choices())
        .understood(&lives())
        .nothing_else();
}
