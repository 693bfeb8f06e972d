//! 五落实: nothing is taken on before all five say something.

use super::support::*;
use crate::{HazardCommand, Level, PlanDraft};

fn fields(desk: &Desk, draft: PlanDraft) -> Vec<(&'static str, &'static str)> {
    let refusal = desk.refused(&officer(), &HazardCommand::TakeOn(draft));
    assert_eq!(refusal.code, "hazard-five-fixed");
    refusal.details.iter().map(|detail| (detail.field, detail.refusal.code)).collect()
}

#[test]
fn each_of_the_five_is_missed() {
    let desk = assigned(Level::General);
    let full = draft(desk.now.plus_ms(3 * DAY));
    let empty = String::new;
    let without = [
        ("responsible", PlanDraft { responsible: None, ..full.clone() }, "hazard-responsible-missing"),
        ("responsibility", PlanDraft { responsibility: empty(), ..full.clone() }, "text-missing"),
        ("funds", PlanDraft { funds: empty(), ..full.clone() }, "text-missing"),
        ("measures", PlanDraft { measures: empty(), ..full.clone() }, "text-missing"),
        ("due", PlanDraft { due: None, ..full.clone() }, "hazard-due-missing"),
        ("contingency", PlanDraft { contingency: " \u{3000}\n".to_owned(), ..full }, "text-missing"),
    ];
    for (field, draft, code) in without {
        assert_eq!(fields(&desk, draft), [(field, code)]);
    }
}

#[test]
fn all_missing_are_named_at_once() {
    let desk = assigned(Level::General);
    let names: Vec<_> = fields(&desk, PlanDraft::default()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(names, ["responsibility", "funds", "measures", "contingency", "responsible", "due"]);
}

#[test]
fn words_that_say_nothing_are_refused_per_field() {
    let desk = assigned(Level::General);
    let full = draft(desk.now.plus_ms(3 * DAY));
    for filler in ["无", "按要求", "立即整改"] {
        let text = || filler.to_owned();
        let filled = [
            ("responsibility", PlanDraft { responsibility: text(), ..full.clone() }),
            ("funds", PlanDraft { funds: text(), ..full.clone() }),
            ("measures", PlanDraft { measures: text(), ..full.clone() }),
            ("contingency", PlanDraft { contingency: text(), ..full.clone() }),
        ];
        for (field, draft) in filled {
            assert_eq!(fields(&desk, draft), [(field, "hazard-five-fixed-filler")], "{filler}");
        }
    }
}

#[test]
fn a_late_date_names_the_latest_one() {
    let desk = assigned(Level::General);
    let latest = RULES.deadline("hazard.rectify.general", desk.now).unwrap().value;
    let late = draft(latest.plus_ms(1));
    let refusal = desk.refused(&officer(), &HazardCommand::TakeOn(late));
    let detail = &refusal.details[0];
    assert_eq!((detail.field, detail.refusal.code), ("due", "hazard-due-too-late"));
    assert!(detail.refusal.args.contains(&("latest", latest.local_date().to_string())));
    assert!(desk.ask(&officer(), &take_on(latest)).is_ok());
    assert_eq!(fields(&desk, draft(desk.now)), [("due", "hazard-due-past")]);
}

#[test]
fn the_plan_of_a_major_hazard_sets_its_own_date() {
    let desk = assigned(Level::Major);
    assert!(desk.ask(&officer(), &take_on(desk.now.plus_ms(200 * DAY))).is_ok());
    let larger = assigned(Level::Larger);
    assert!(larger.ask(&officer(), &take_on(larger.now.plus_ms(29 * DAY))).is_ok());
    assert!(larger.ask(&officer(), &take_on(larger.now.plus_ms(32 * DAY))).is_err());
}

#[test]
fn a_stranger_or_negative_money_is_refused() {
    let mut desk = assigned(Level::General);
    let full = draft(desk.now.plus_ms(3 * DAY));
    assert_eq!(
        fields(&desk, PlanDraft { funds_cents: Some(-1), ..full.clone() }),
        [("funds_cents", "amount-negative")]
    );
    desk.facts.person_at_unit = false;
    assert_eq!(fields(&desk, full), [("responsible", "hazard-person-elsewhere")]);
}

#[test]
fn control_characters_do_not_reach_the_journal() {
    let mut desk = assigned(Level::General);
    let due = desk.now.plus_ms(3 * DAY);
    let words = "更换\u{0}应急灯\u{1b}\t并逐盏测试\r\n第二行".to_owned();
    desk.done(&officer(), &HazardCommand::TakeOn(PlanDraft { measures: words, ..draft(due) }));
    let plan = desk.state().stage.plan().unwrap();
    assert_eq!(plan.measures.as_deref(), Some("更换应急灯 并逐盏测试\n第二行"));
}

#[test]
fn what_nobody_sees_says_nothing() {
    let mut desk = assigned(Level::General);
    let due = desk.now.plus_ms(3 * DAY);
    let with = |measures: &str| PlanDraft { measures: measures.to_owned(), ..draft(due) };
    assert_eq!(fields(&desk, with("\u{200b}\u{2060}\u{feff}")), [("measures", "text-missing")]);
    desk.done(&officer(), &HazardCommand::TakeOn(with("更换\u{200b}应急灯并逐盏\u{202e}测试")));
    let plan = desk.state().stage.plan().unwrap();
    assert_eq!(plan.measures.as_deref(), Some("更换应急灯并逐盏测试"));
}

#[test]
fn the_same_person_does_not_grant_his_own_extension() {
    let mut desk = rectifying(Level::General);
    let until = desk.due().plus_ms(2 * DAY);
    desk.done(&officer(), &extension(until));
    assert_eq!(desk.code(&officer(), &grant()), "hazard-asker-may-not-answer");
    let twin = journal::Standing { person: officer().person, ..who(77, HEAD) };
    assert_eq!(desk.code(&twin, &grant()), "hazard-asker-may-not-answer");
    let mut late = desk.clone();
    late.now = late.due().plus_ms(HOUR);
    assert_eq!(late.code(&head(), &grant()), "hazard-county-decides");
    assert!(late.ask(&county(), &grant()).is_ok());
    desk.done(&head(), &grant());
    assert_eq!(desk.due(), until);
}

#[test]
fn where_nobody_else_could_answer_those_above_do() {
    let mut desk = rectifying(Level::General).alone();
    let until = desk.due().plus_ms(2 * DAY);
    desk.done(&officer(), &extension(until));
    let turn = crate::turn(desk.state()).unwrap();
    assert_eq!((turn.act, Some(turn.unit)), (crate::Act::AnswerExtension, desk.state().central));
    assert!(desk.ask(&head(), &grant()).is_ok(), "somebody came since");
    desk.done(&central(), &grant());
    let mut desk = rectifying(Level::General).alone();
    desk.state.as_mut().unwrap().central = None;
    desk.done(&officer(), &extension(until));
    assert_eq!(Some(crate::turn(desk.state()).unwrap().unit), desk.state().county);
    desk.done(&county(), &grant());
    assert_eq!(desk.due(), until);
}

#[test]
fn an_extension_ends_at_the_longest_span() {
    let desk = rectifying(Level::General);
    let began = desk.state().stage.plan().unwrap().since;
    let longest = RULES.deadline("hazard.rectify.general.max", began).unwrap().value;
    assert!(desk.ask(&officer(), &extension(longest)).is_ok());
    assert_eq!(desk.code(&officer(), &extension(longest.plus_ms(1))), "hazard-due-too-late");
    assert_eq!(desk.code(&officer(), &extension(desk.due())), "hazard-extension-not-later");
}

#[test]
fn a_return_sets_no_date_beyond_the_rule_and_forgets_no_lateness() {
    let mut desk = awaiting(Level::General);
    let far = HazardCommand::Return { note: note("未达标"), due: Some(desk.now.plus_ms(60 * DAY)) };
    assert_eq!(desk.code(&head(), &far), "hazard-due-too-late");
    let kept = desk.state().stage.plan().unwrap().due.clone();
    let mut sooner = desk.clone();
    sooner.done(&head(), &HazardCommand::Return { note: note("未达标"), due: Some(kept.at.plus_ms(-DAY)) });
    assert_eq!(sooner.due(), kept.at.plus_ms(-DAY));
    desk.done(&head(), &send_back());
    assert_eq!(desk.state().due(), Some(&kept));

    // Late, returned with new days, and fixed within those: it was late all the same.
    desk.now = kept.at.plus_ms(DAY);
    desk.done(&officer(), &rectify());
    desk.done(&head(), &send_back());
    assert!(desk.due() > desk.now);
    desk.done(&officer(), &rectify());
    desk.done(&head(), &accept());
    desk.done(&head(), &close());
    assert!(matches!(desk.state().stage, crate::Stage::Closed { on_time: false, .. }));
}

#[test]
fn returns_are_no_way_around_the_longest_span() {
    let mut desk = awaiting(Level::General);
    let began = desk.state().stage.plan().unwrap().since;
    let longest = RULES.deadline("hazard.rectify.general.max", began).unwrap().value;
    let back = |due| HazardCommand::Return { note: note("未达标"), due };
    let later = back(Some(desk.plan_due().plus_ms(DAY)));
    assert_eq!(desk.code(&who(60, &["hazard.accept"]), &later), "hazard-return-later");
    desk.done(&head(), &later);
    // Handed in at the last hour and returned again and again.
    for _ in 0..6 {
        desk.now = desk.now.max(desk.plan_due().plus_ms(-HOUR));
        desk.done(&officer(), &rectify());
        desk.now = desk.now.max(desk.plan_due().plus_ms(HOUR));
        let beyond = back(Some(longest.plus_ms(2 * DAY).max(desk.now.plus_ms(2 * DAY))));
        assert!(["hazard-return-beyond", "hazard-due-too-late"].contains(&desk.code(&head(), &beyond)));
        desk.done(&head(), &back(None));
        assert!(desk.plan_due() <= longest.plus_ms(DAY), "but for the hours it waited for acceptance");
    }
    assert!(desk.state().overdue_at(desk.now), "it climbs from here");
    desk.done(&officer(), &rectify());
    let mut helped = desk.clone();
    helped.now = desk.now.plus_ms(20 * DAY);
    let more = helped.now.plus_ms(3 * DAY);
    helped.done(&county(), &back(Some(more)));
    assert!(helped.plan_due() == more && helped.state().stage.plan().unwrap().late, "time, but not punctual");
}

#[test]
fn what_is_raised_to_major_stays_late_and_in_whose_hands_it_was() {
    let mut desk = rectifying(Level::General);
    desk.now = desk.due().plus_ms(20 * DAY);
    desk.done(&officer(), &grade(Level::Major));
    desk.done(&county(), &grade(Level::General));
    desk.done(&head(), &assign());
    let due = desk.now.plus_ms(3 * DAY);
    desk.done(&officer(), &take_on(due));
    let plan = desk.state().stage.plan().unwrap();
    assert!(plan.late && plan.earlier == [officer().person.unwrap()]);
    desk.done(&officer(), &rectify());
    desk.done(&head(), &accept());
    desk.done(&head(), &close());
    assert!(matches!(desk.state().stage, crate::Stage::Closed { on_time: false, .. }));
}

#[test]
fn the_plan_of_a_major_hazard_has_its_own_time() {
    for (level, rule) in [(Level::General, "hazard.takeon"), (Level::Major, "hazard.major.plan")] {
        let desk = assigned(level);
        let due = desk.state().due().unwrap();
        assert_eq!((&*due.rule, due.at), (rule, RULES.deadline(rule, desk.now).unwrap().value));
    }
}

#[test]
fn whoever_is_done_while_waiting_for_an_extension_may_say_so() {
    let mut desk = rectifying(Level::General);
    let until = desk.due().plus_ms(2 * DAY);
    desk.done(&officer(), &extension(until));
    assert_eq!(desk.done(&officer(), &rectify()), ["hazard.rectified"]);
}

#[test]
fn a_plan_passes_into_other_hands_with_a_reason() {
    let mut desk = rectifying(Level::General);
    let due = desk.due();
    let changed = |responsibility: &str, reason: &str| {
        let HazardCommand::ChangeResponsible { responsible, .. } = change_responsible() else { panic!() };
        let (responsibility, reason) = (responsibility.to_owned(), reason.to_owned());
        HazardCommand::ChangeResponsible { responsible, responsibility, reason }
    };
    assert_eq!(desk.code(&head(), &changed("按要求", "调离")), "hazard-five-fixed-filler");
    assert_eq!(desk.refused(&head(), &changed("后勤主任负责更换", " ")).fields, ["note"]);
    assert_eq!(desk.code(&county(), &change_responsible()), "hazard-school-decides");
    desk.done(&head(), &change_responsible());
    let plan = desk.state().stage.plan().unwrap();
    let words = "由后勤主任负责更换，总务主任配合";
    assert_eq!((plan.responsibility.as_deref(), plan.due.at), (Some(words), due), "the deadline stays");
    assert_eq!(crate::turn(desk.state()).unwrap().person, plan.responsible);
    assert_eq!(desk.code(&head(), &change_responsible()), "hazard-responsible-same");
    desk.done(&officer(), &rectify());
    assert_eq!(desk.code(&head(), &change_responsible()), "hazard-wrong-stage");
}

#[test]
fn it_passes_on_while_more_time_is_asked_for_too() {
    let mut desk = rectifying(Level::Major);
    desk.done(&officer(), &extension(desk.due().plus_ms(3 * DAY)));
    assert_eq!(desk.code(&head(), &change_responsible()), "hazard-county-decides");
    desk.done(&county(), &change_responsible());
    assert!(matches!(desk.state().stage, crate::Stage::ExtensionAsked { .. }));
    assert_eq!(
        desk.state().stage.plan().unwrap().responsible,
        Some(kernel::PersonId(uuid::Uuid::from_u128(77)))
    );
}

#[test]
fn work_that_is_handed_in_leaves_a_request_for_more_time_without_an_answer() {
    let mut desk = rectifying(Level::General);
    let until = desk.due().plus_ms(3 * DAY);
    desk.done(&officer(), &extension(until));
    desk.done(&officer(), &rectify());
    desk.done(&head(), &send_back());
    desk.done(&officer(), &rectify());
    let mut asked = false;
    let dropped =
        desk.events.iter().map(|(_, event)| crate::pages::timeline::drops_request(event, &mut asked));
    let dropped: Vec<bool> = dropped.collect();
    assert_eq!(dropped.iter().filter(|dropped| **dropped).count(), 1, "said once: {dropped:?}");
    assert!(dropped[5], "at the first handing in: {dropped:?}");
}
