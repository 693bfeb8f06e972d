//! Statements, findings, conclusion, and what follows: by whom, and by whom not.

use super::support::*;
use crate::{CaseCommand, CaseEvent, FindingDraft, Handling, StageCode, Verdict};

#[test]
fn from_the_statements_to_the_end() {
    let mut desk = opened();
    assert_eq!(desk.done(&head(), &state_for(school())), ["stated"]);
    assert_eq!(desk.waits_for(), ["state by central"]);
    assert_eq!(desk.done(&central_head(), &state_for(central())), ["stated"]);
    assert_eq!(desk.waits_for(), ["find by county"], "everybody has spoken");
    desk.done(&finder(), &find(done(school())));
    assert_eq!(desk.code(&finder(), &CaseCommand::Submit), "accountability-findings-missing");
    desk.done(&finder(), &find(partly(central(), desk.now)));
    desk.done(&finder(), &CaseCommand::Submit);
    assert_eq!(desk.waits_for(), ["review by county"]);
    desk.done(&reviewer(), &review(true));
    assert_eq!(desk.waits_for(), ["conclude by county"]);
    assert_eq!(desk.done(&leader(), &conclude(true, "")), ["concluded"]);
    assert_eq!(desk.waits_for(), ["handle by county", "report by central"]);
    desk.done(&finder(), &handle(central(), ""));
    desk.done(&central_head(), &report(central()));
    assert_eq!(desk.waits_for(), ["check by county"]);
    assert_eq!(desk.done(&reviewer(), &check(central(), false)), ["measures_checked"]);
    assert_eq!(desk.waits_for(), ["report by central"], "what is not done is owed again");
    desk.done(&central_head(), &report(central()));
    assert_eq!(desk.done(&reviewer(), &check(central(), true)), ["measures_checked", "closed"]);
    assert_eq!((desk.stage(), desk.waits_for()), (StageCode::Closed, Vec::new()));
}

#[test]
fn where_all_did_their_duty_the_conclusion_is_the_end() {
    let mut desk = finding();
    for side in [school(), central()] {
        desk.done(&finder(), &find(done(side)));
    }
    desk.done(&finder(), &CaseCommand::Submit);
    desk.done(&reviewer(), &review(true));
    assert_eq!(desk.done(&leader(), &conclude(true, "")), ["concluded", "closed"]);
    assert_eq!(desk.stage(), StageCode::Closed);
}

#[test]
fn each_side_speaks_for_itself() {
    let desk = opened();
    for (by, side) in [(head(), central()), (central_head(), school())] {
        assert_eq!(desk.code(&by, &state_for(side)), "accountability-not-your-side");
    }
    assert_eq!(desk.code(&leader(), &state_for(county())), "accountability-no-side");
    // What came on paper the office writes down, with the paper, and may judge all the same.
    assert_eq!(desk.code(&finder(), &state_for(central())), "accountability-paper-missing");
    let on_paper = CaseCommand::State { side: central(), note: note("书面陈述：当天已电话督促") };
    let mut desk = desk;
    desk.done(&head(), &state_for(school()));
    desk.done(&finder(), &on_paper);
    let Some((_, CaseEvent::Stated(parts))) = desk.events.last() else { panic!() };
    assert!(parts.core.on_behalf);
    assert_eq!(desk.stage(), StageCode::Finding);
    assert!(desk.ask(&finder(), &find(done(school()))).is_ok());
}

#[test]
fn three_people_and_none_of_them_of_a_side() {
    let mut desk = reviewing();
    assert_eq!(desk.code(&finder(), &review(true)), "accountability-writer-may-not-review");
    desk.done(&reviewer(), &review(true));
    let reviewing_leader = who(2, access::Role::CountyLeader);
    let writing_leader = who(1, access::Role::CountyLeader);
    for standing in [reviewing_leader, writing_leader] {
        assert_eq!(desk.code(&standing, &conclude(true, "")), "accountability-another-signs");
    }
    assert_eq!(desk.code(&reviewer(), &conclude(true, "")), "forbidden");
    // Whoever spoke for a side judges nobody, in whatever office he is besides.
    let spoke = who(5, access::Role::CountyLeader);
    assert_eq!(desk.code(&spoke, &conclude(true, "")), "accountability-spoke");
    let spoke = who(5, access::Role::CountySafetyOffice);
    assert_eq!(finding().code(&spoke, &find(done(school()))), "accountability-spoke");
    assert_eq!(reviewing().code(&spoke, &review(true)), "accountability-spoke");
}

#[test]
fn what_is_sent_back_is_written_and_judged_again() {
    let mut desk = signing();
    assert_eq!(desk.done(&leader(), &conclude(false, "")), ["sent_back"]);
    assert_eq!((desk.stage(), desk.waits_for()), (StageCode::Finding, vec!["find by county".to_owned()]));
    desk.done(&reviewer(), &find(done(central())));
    desk.done(&reviewer(), &CaseCommand::Submit);
    // Both wrote by now.
    assert_eq!(desk.code(&finder(), &review(true)), "accountability-writer-may-not-review");
    assert_eq!(desk.code(&reviewer(), &review(true)), "accountability-writer-may-not-review");
    desk.done(&who(7, access::Role::CountySafetyOffice), &review(true));
    assert_eq!(desk.done(&leader(), &conclude(true, "")), ["concluded", "closed"]);
}

fn refused(change: impl FnOnce(&mut FindingDraft)) -> (&'static str, Option<&'static str>) {
    let desk = finding();
    let mut asked = partly(central(), desk.now);
    change(&mut asked);
    let refusal = desk.refused(&finder(), &find(asked));
    (refusal.code, refusal.fields.first().copied())
}

#[test]
fn a_finding_has_facts_a_basis_and_what_follows() {
    assert_eq!(refused(|d| d.verdict = None), ("field-choose", Some("verdict")));
    assert_eq!(refused(|d| d.facts = "按要求".to_owned()), ("accountability-filler", Some("facts")));
    assert_eq!(refused(|d| d.basis.clear()), ("accountability-basis", Some("basis")));
    assert_eq!(
        refused(|d| d.rules = vec!["hazard.nothing".to_owned()]),
        ("accountability-rule-unknown", Some("rules"))
    );
    assert_eq!(refused(|d| d.handlings.clear()), ("accountability-handling-missing", Some("handlings")));
    assert_eq!(
        refused(|d| d.handlings = vec![Handling::HandedOver]),
        ("text-missing", Some("handling")),
        "to whom"
    );
    assert_eq!(refused(|d| d.measures.clear()), ("text-missing", Some("measures")));
    assert_eq!(refused(|d| d.measures_due = None), ("field-required", Some("measures_due")));
    assert_eq!(
        refused(|d| d.measures_due = Some(START)),
        ("accountability-measures-past", Some("measures_due"))
    );
    assert_eq!(
        refused(|d| d.verdict = Some(Verdict::Done)),
        ("accountability-done-needs-none", Some("handlings"))
    );
}

/// What is done to a person others decide; it is handed over with a number, and no name or punishment stands here.
#[test]
fn nobody_is_punished_here() {
    let (code, field) = refused(|d| {
        d.handlings = vec![Handling::Other];
        d.handling = "给予校长记过处分".to_owned();
    });
    assert_eq!((code, field), ("accountability-punishment", Some("handling")));
    let mut desk = finding();
    desk.done(&finder(), &find(done(school())));
    let handed_over = FindingDraft {
        handlings: vec![Handling::HandedOver],
        handling: "移送县纪委监委".to_owned(),
        ..partly(central(), desk.now)
    };
    desk.done(&finder(), &find(handed_over));
    desk.done(&finder(), &CaseCommand::Submit);
    desk.done(&reviewer(), &review(true));
    desk.done(&leader(), &conclude(true, ""));
    assert_eq!(desk.code(&finder(), &handle(central(), "")), "accountability-number-missing");
    let told = CaseCommand::Handle {
        side: central(),
        document_number: "师教体移〔2026〕1号".to_owned(),
        note: said("已移送，对方给予警告处分"),
    };
    assert_eq!(desk.code(&finder(), &told), "accountability-punishment");
    desk.done(&finder(), &handle(central(), "师教体移〔2026〕1号"));
}

#[test]
fn a_missed_deadline_is_not_passed_over_in_silence() {
    let mut desk = signing();
    desk.facts.missed = vec![school()];
    for although in ["", "无"] {
        let refusal = desk.refused(&leader(), &conclude(true, although));
        assert_eq!(
            (refusal.code, refusal.fields.first().copied()),
            ("accountability-although", Some("although"))
        );
    }
    desk.done(&leader(), &conclude(true, "停电抢修两日，已当面报告并封闭楼梯"));
    let Some((_, CaseEvent::Concluded(parts))) = desk.events.last() else { panic!() };
    assert_eq!(parts.core.although_missed, [school()]);
    assert_eq!(parts.core.reading.position, 12);
}

#[test]
fn measures_are_checked_by_somebody_else() {
    let mut desk = carrying();
    assert_eq!(desk.code(&head(), &report(central())), "accountability-not-your-side");
    assert_eq!(desk.code(&reviewer(), &check(central(), true)), "accountability-nothing-reported");
    // Written down for the side by the office, it is checked by another of the office.
    desk.done(&finder(), &report(central()));
    assert_eq!(desk.code(&finder(), &check(central(), true)), "accountability-another-checks");
    assert_eq!(desk.code(&finder(), &report(central())), "accountability-nothing-owed");
    assert_eq!(desk.code(&head(), &check(central(), true)), "forbidden");
    desk.done(&reviewer(), &check(central(), true));
    assert_eq!(desk.stage(), StageCode::Carrying, "the handling is still owed");
    assert_eq!(desk.done(&finder(), &handle(central(), "")), ["handled", "closed"]);
}
