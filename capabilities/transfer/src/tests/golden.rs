//! One sample of every event type and version.

use test_support::golden;

use super::support::*;
use crate::{
    Answer, DepartmentCommand, DepartmentEvent, TransferCommand, TransferEvent, Way,
    tests::departments::{Register, entry},
};

/// Lives in which everything happens once; the fullest of each type comes first.
fn lives() -> Vec<TransferEvent> {
    let mut desk = Desk::new();
    desk.facts.former_came_back = true;
    let mut fullest = draft_of(desk.now);
    fullest.former = Some(department_id());
    desk.done(&drafter(), &TransferCommand::Draft(Box::new(fullest)));
    for passed in [false, true] {
        if desk.stage() == crate::StageCode::Drafted {
            desk.done(&drafter(), &TransferCommand::Submit);
        }
        desk.done(&leader(), &sign(passed));
        if !passed {
            desk.done(&drafter(), &TransferCommand::Submit);
        }
    }
    desk.done(&drafter(), &send(desk.now, crate::Channel::Both));
    desk.done(&drafter(), &TransferCommand::MakeLink);
    desk.done(&system(), &TransferCommand::Opened { link: 1 });
    desk.done(&drafter(), &receive(Way::Paper, None, desk.now));
    desk.done(&drafter(), &urge());
    desk.clocks_until(START.plus_ms(6 * DAY));
    desk.done(&drafter(), &reply(Answer::TakenOn, Way::Paper, None, desk.now));
    desk.done(&drafter(), &ask_again(desk.now));
    desk.done(&drafter(), &reply(Answer::NotOurs, Way::Paper, None, desk.now));
    desk.done(&drafter(), &TransferCommand::RevokeLink);
    let others = [answered(Answer::Done), withdrawn()].into_iter().flat_map(|desk| desk.events);
    desk.events.into_iter().chain(others).map(|(_, event)| event).collect()
}

/// The same for the register of departments.
fn entries() -> Vec<DepartmentEvent> {
    let mut register = Register::new();
    register.done(&DepartmentCommand::Add { county: county(), draft: entry() });
    let telephone = "0874-5750002".to_owned();
    register.done(&DepartmentCommand::Change(crate::DepartmentDraft { telephone, ..entry() }));
    register.done(&DepartmentCommand::Close(note("机构改革，职责并入另一部门")));
    register.done(&DepartmentCommand::Reopen(note("改革方案调整，恢复设置")));
    register.events
}

#[test]
fn every_sample_is_still_understood_and_none_is_left_over() {
    golden::of(env!("CARGO_MANIFEST_DIR")).understood(&lives()).understood(&entries()).nothing_else();
}
