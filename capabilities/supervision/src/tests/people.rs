//! Nobody judges his own work, neither with his account nor with another.

use access::Role;
use journal::Standing;
use kernel::ActorId;
use uuid::Uuid;

use super::support::*;
use crate::{Act, CheckDraft, StageCode, SupervisionCommand, Told, turns};

/// The same person behind another account.
fn with_another_account(standing: &Standing, role: Role) -> Standing {
    Standing { person: standing.person, ..who(0x50, role) }
}

/// The same account with nobody behind it, or somebody else: a leader by now.
fn by_account(standing: &Standing, role: Role) -> Standing {
    Standing { actor: standing.actor, ..who(0x51, role) }
}

/// Whoever did it, in every guise in which he might come back.
fn guises(standing: &Standing, role: Role) -> [Standing; 3] {
    let nobody = Standing { person: None, ..by_account(standing, role) };
    [with_another_account(standing, role), by_account(standing, role), nobody]
}

#[test]
fn the_drafter_does_not_review() {
    let desk = reviewing();
    for guise in guises(&drafter(), Role::CountyLeader) {
        for passed in [true, false] {
            assert_eq!(desk.code(&guise, &review(passed)), "supervision-drafter-may-not-review");
        }
    }
    assert_eq!(desk.ask(&reviewer(), &review(true)).unwrap().len(), 1);
}

#[test]
fn neither_drafter_nor_reviewer_signs() {
    let desk = signing();
    for guise in [drafter(), reviewer()].iter().flat_map(|one| guises(one, Role::CountyLeader)) {
        for passed in [true, false] {
            assert_eq!(desk.code(&guise, &sign(passed)), "supervision-another-signs");
        }
    }
    assert_eq!(desk.ask(&leader(), &sign(true)).unwrap().len(), 1);
}

#[test]
fn whoever_drafts_again_is_the_drafter() {
    let mut desk = reviewing();
    desk.done(&reviewer(), &review(false));
    desk.done(&reviewer(), &draft(desk.now));
    desk.done(&drafter(), &SupervisionCommand::Submit);
    assert_eq!(desk.code(&reviewer(), &review(true)), "supervision-drafter-may-not-review");
}

#[test]
fn whoever_drafted_before_is_a_drafter_still() {
    let mut desk = reviewing();
    desk.done(&reviewer(), &review(false));
    desk.done(&reviewer(), &draft(desk.now));
    desk.done(&drafter(), &SupervisionCommand::Submit);
    assert_eq!(desk.code(&drafter(), &review(true)), "supervision-drafter-may-not-review");
    let turn = turns(desk.state()).into_iter().find(|turn| turn.act == Act::Review).unwrap();
    assert_eq!(turn.barred, [person(2), person(1)]);
    desk.done(&second_leader(), &review(true));
    let risen = with_another_account(&drafter(), Role::CountyLeader);
    assert_eq!(desk.code(&risen, &sign(true)), "supervision-another-signs");
    assert_eq!(desk.ask(&leader(), &sign(true)).unwrap().len(), 1);
}

/// Somebody who left, or may not sign, does not hold it up: what was seen is written down again, with the sheet.
#[test]
fn a_check_that_waits_for_a_signature_is_written_down_again() {
    let mut desk = checking();
    let waits = desk.state().stage.check().unwrap().unsigned().count();
    assert_eq!(waits, 1);
    desk.done(&drafter(), &checked_as(CheckDraft { sheet: true, ..check_draft(desk.now, true) }));
    assert_eq!(desk.stage(), StageCode::Checked);
    let mut failed = checking();
    failed.done(&drafter(), &check(failed.now, false));
    assert_eq!(failed.stage(), StageCode::Listed);
}

#[test]
fn checker_and_recorder_do_not_delist() {
    let mut recorded = applied();
    // The reviewer writes down what the drafter and a leader saw.
    let checkers = vec![person(1), person(4)];
    recorded.done(&reviewer(), &checked_as(CheckDraft { checkers, ..check_draft(recorded.now, true) }));
    recorded.done(&drafter(), &SupervisionCommand::SignCheck);
    recorded.done(&second_leader(), &SupervisionCommand::SignCheck);
    let recorder = guises(&reviewer(), Role::CountyLeader);
    let there = [drafter(), second_leader()].map(|one| with_another_account(&one, Role::CountyLeader));
    for guise in recorder.into_iter().chain(there).chain([second_leader()]) {
        for passed in [true, false] {
            assert_eq!(recorded.code(&guise, &delist(passed)), "supervision-another-delists");
        }
    }
    assert_eq!(recorded.ask(&leader(), &delist(true)).unwrap().len(), 1);
}

#[test]
fn nobody_of_the_school_is_a_checker() {
    let mut desk = applied();
    desk.facts.of_the_school = vec![person(5)];
    let checkers = vec![person(1), person(2), person(5)];
    let asked = checked_as(CheckDraft { checkers, ..check_draft(desk.now, true) });
    assert_eq!(desk.code(&drafter(), &asked), "supervision-checker-of-school");
}

#[test]
fn nobody_signs_a_check_who_was_not_there() {
    let desk = checking();
    let nobody = Standing { person: None, ..by_account(&reviewer(), Role::CountySafetyOffice) };
    let another = by_account(&reviewer(), Role::CountySafetyOffice);
    for guise in [leader(), second_leader(), nobody, another] {
        assert_eq!(desk.code(&guise, &SupervisionCommand::SignCheck), "supervision-not-there");
    }
    let same = with_another_account(&reviewer(), Role::CountySafetyOffice);
    assert_eq!(desk.ask(&same, &SupervisionCommand::SignCheck).unwrap().len(), 1);
}

/// Two accounts without a person behind them are two, and one of them is one.
#[test]
fn an_account_without_a_person_is_known_by_itself() {
    let nobody = |number, role| Standing { person: None, ..who(number, role) };
    let mut desk = owed();
    let (first, second) = (nobody(0x60, Role::CountySafetyOffice), nobody(0x61, Role::CountySafetyOffice));
    desk.done(&first, &draft(desk.now));
    desk.done(&first, &SupervisionCommand::Submit);
    assert_eq!(desk.code(&first, &review(true)), "supervision-drafter-may-not-review");
    assert_eq!(desk.done(&second, &review(true)), ["reviewed"]);
    let leader = nobody(0x61, Role::CountyLeader);
    assert_eq!(leader.actor.id, ActorId(Uuid::from_u128(0x2061)));
    assert_eq!(desk.code(&leader, &sign(true)), "supervision-another-signs");
}

/// The list of what is due names and bars the very people whom the decision lets through or refuses.
#[test]
fn the_turn_bars_whom_the_decision_refuses() {
    let only = |desk: &Desk, act: Act| {
        let turn = turns(desk.state()).into_iter().find(|turn| turn.act == act).unwrap();
        (turn.only, turn.barred)
    };
    assert_eq!(only(&reviewing(), Act::Review), (vec![], vec![person(1)]));
    assert_eq!(only(&signing(), Act::Sign), (vec![], vec![person(1), person(2)]));
    assert_eq!(only(&checking(), Act::SignCheck), (vec![person(2)], vec![]));
    let (none, barred) = only(&checked(), Act::Delist);
    assert_eq!(none, []);
    assert!(barred.contains(&person(1)) && barred.contains(&person(2)) && !barred.contains(&person(3)));
    assert_eq!(only(&owed(), Act::Draft), (vec![], vec![]));
}

/// The permission says which step is whose before anybody looks at who did what.
#[test]
fn each_step_belongs_to_its_office() {
    let steps = [
        (owed(), control(), "head"),
        (owed(), draft(START.plus_ms(HOUR)), "drafter reviewer"),
        (drafted(), SupervisionCommand::Submit, "drafter reviewer"),
        (reviewing(), review(true), "reviewer leader"),
        (signing(), sign(true), "leader"),
        (signing(), waive(), "leader"),
        (listed(), receive(), "head"),
        (rectified(), apply(), "head"),
        (applied(), check(applied().now, true), "drafter reviewer leader"),
        (checking(), SupervisionCommand::SignCheck, "drafter reviewer"),
        (checked(), delist(true), "leader"),
    ];
    let people = [("head", head()), ("drafter", drafter()), ("reviewer", reviewer()), ("leader", leader())];
    for (desk, command, expected) in steps {
        let may = people.iter().filter(|(_, by)| desk.ask(by, &command).is_ok());
        let may: Vec<&str> = may.map(|(name, _)| *name).collect();
        assert_eq!(may.join(" "), expected, "{command:?}");
    }
}

#[test]
fn what_the_platform_says_nobody_else_says() {
    let desk = owed();
    for command in [open(), hear(Told::Withdrawn), tick("control")] {
        for by in [head(), drafter(), reviewer(), leader()] {
            assert_eq!(desk.code(&by, &command), "forbidden");
        }
    }
}
