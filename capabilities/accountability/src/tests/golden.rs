//! One sample of every event type and version.

use test_support::golden;

use super::{clarifications::lives as clarification_lives, support::*};
use crate::{CaseCommand, CaseEvent, FindingDraft, Handling};

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

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR"))
        .understood(&lives())
        .understood(&clarification_lives())
        .nothing_else();
}
