//! What may be changed, by whom, and what the rules say then.

use super::support::*;
use crate::{AdjustmentCommand, Change, FiveTexts, NewValue, Stage, StepDays, in_force::laid};

fn refused(change: Change) -> &'static str {
    Desk::new().refused(&drafter(), &draft(vec![change]))
}

fn value(rule: &str, value: NewValue) -> Change {
    Change::Value { rule: rule.to_owned(), variant: "default".to_owned(), value }
}

#[test]
fn what_says_nothing_new_or_is_not_the_countys_is_refused_by_name() {
    let span = |text: &str| NewValue::Span(text.to_owned());
    assert_eq!(refused(rectify_in("7d")), "adjustment-nothing-new");
    assert_eq!(refused(rectify_in("soon")), "adjustment-span");
    assert_eq!(refused(rectify_in("0d")), "adjustment-span");
    assert_eq!(refused(value("hazard.nothing", span("5d"))), "adjustment-rule-unknown");
    assert_eq!(refused(value("clock.marks", span("5d"))), "adjustment-kind");
    assert_eq!(refused(value("clock.marks", NewValue::Marks(vec![80, 50]))), "adjustment-marks");
    assert_eq!(refused(value("clock.marks", NewValue::Marks(vec![]))), "adjustment-marks");
    let steps = |days: [u32; 3]| {
        let codes = ["remind", "talk", "raise"].into_iter().zip(days);
        NewValue::Steps(codes.map(|(step, after)| StepDays { step: step.to_owned(), after }).collect())
    };
    assert_eq!(refused(value("hazard.climb.general", steps([0, 5, 5]))), "adjustment-steps");
    assert_eq!(refused(value("hazard.climb.general", steps([0, 3, 7]))), "adjustment-nothing-new");
    let day = |date: &str| Change::Day { date: on(date), working: false, name: "民族节日".to_owned() };
    assert_eq!(refused(day("2026-03-08")), "adjustment-day-before");
    let chosen = Change::Variant { rule: "hazard.rectify.general".to_owned(), variant: "default".to_owned() };
    assert_eq!(refused(chosen), "adjustment-nothing-new");
    let lazy = FiveTexts { responsibility: "无".to_owned(), ..FiveTexts::default() };
    assert_eq!(refused(Change::Prefill { category: "H01".to_owned(), texts: lazy }), "reason-filler");
    let off = Change::Prefill { category: "H16".to_owned(), texts: FiveTexts::default() };
    assert_eq!(refused(off), "hazard-category-unknown");
    let twice = draft(vec![rectify_in("5d"), rectify_in("6d")]);
    assert_eq!(Desk::new().refused(&drafter(), &twice), "adjustment-twice");
    assert_eq!(Desk::new().refused(&drafter(), &draft(Vec::new())), "adjustment-empty");
    let lazy = crate::Draft { reason: note("按要求"), ..draft_of(vec![rectify_in("5d")]) };
    assert_eq!(Desk::new().refused(&drafter(), &AdjustmentCommand::Draft(lazy)), "hazard-why-filler");
}

#[test]
fn nothing_holds_before_tomorrow_neither_when_drafted_nor_when_signed() {
    for (day, code) in
        [("2026-03-02", "adjustment-from-tomorrow"), ("2025-01-01", "adjustment-from-tomorrow")]
    {
        let draft = crate::Draft { from: Some(on(day)), ..draft_of(vec![rectify_in("5d")]) };
        assert_eq!(Desk::new().refused(&drafter(), &AdjustmentCommand::Draft(draft)), code);
    }
    let mut desk = waiting();
    desk.now = START.plus_ms(7 * DAY);
    assert_eq!(desk.refused(&leader(), &activate()), "adjustment-from-tomorrow", "it waited too long");
    assert_eq!(active().refused(&leader(), &end("2026-03-02")), "adjustment-from-tomorrow");
}

#[test]
fn whoever_drafts_does_not_sign() {
    let mut desk = Desk::new();
    desk.done(&both(), &draft(vec![rectify_in("5d")]));
    assert_eq!(desk.refused(&both(), &activate()), "adjustment-second-person");
    desk.done(&drafter(), &draft(vec![rectify_in("5d")]));
    assert_eq!(desk.refused(&both(), &activate()), "adjustment-second-person", "written anew by a colleague");
    desk.done(&leader(), &activate());
    assert!(matches!(desk.state.unwrap().stage, Stage::Active { .. }));
}

#[test]
fn the_rules_say_it_from_its_day_until_it_ends() {
    let mut desk = active();
    let state = |desk: &Desk| desk.state.clone().unwrap();
    let days = |desk: &Desk, day: &str| {
        let made = laid(&RULES, &[state(desk)]);
        assert_eq!(made.left_out, []);
        made.book.duration("hazard.rectify.general", on(day)).unwrap().value.to_string()
    };
    assert_eq!((days(&desk, "2026-03-08"), days(&desk, "2026-03-09")), ("7d".to_owned(), "5d".to_owned()));
    let made = laid(&RULES, &[state(&desk)]);
    let crate::AdjustmentEvent::Activated(parts) = desk.events.last().unwrap() else { panic!() };
    assert_eq!(parts.core.stamp, made.book.stamp(), "the event names the rules that are in force by it");
    assert!(parts.core.cases > 100, "{}", parts.core.cases);
    let kept = made.overlays.clone().into_iter();
    let packs = rules::RuleBook::embedded_sources().iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned()));
    let again = rules::RuleBook::from_kept(packs.chain(kept).collect()).unwrap();
    assert_eq!((again.stamp(), again.hash()), (made.book.stamp(), made.book.hash()));
    let mut taken_back = active();
    taken_back.done(&leader(), &end("2026-03-05"));
    assert_eq!(days(&taken_back, "2026-03-09"), "7d", "ended before it began, it never holds");
    desk.done(&leader(), &end("2026-06-01"));
    assert_eq!((days(&desk, "2026-05-31"), days(&desk, "2026-06-01")), ("5d".to_owned(), "7d".to_owned()));
}

#[test]
fn every_kind_of_change_reaches_the_rules() {
    let steps = ["remind", "talk", "raise"].into_iter().zip([0, 1, 2]);
    let steps = steps.map(|(step, after)| StepDays { step: step.to_owned(), after }).collect();
    let texts = FiveTexts {
        responsibility: "后勤主任负责".to_owned(),
        funds: "从公用经费列支".to_owned(),
        measures: "更换失效灭火器".to_owned(),
        deadline: "登记当日处置".to_owned(),
        contingency: "处置前专人看守".to_owned(),
    };
    let changes = vec![
        Change::Variant { rule: "hazard.rectify.general".to_owned(), variant: "qr-48h".to_owned() },
        value("clock.marks", NewValue::Marks(vec![60, 100])),
        value("hazard.climb.general", NewValue::Steps(steps)),
        Change::Day { date: on("2026-04-03"), working: false, name: "民族节日".to_owned() },
        Change::Day { date: on("2027-01-01"), working: false, name: "元旦".to_owned() },
        Change::Year { year: 2027 },
        Change::Prefill { category: "H01".to_owned(), texts },
    ];
    assert_eq!(Desk::new().refused(&drafter(), &draft(changes.clone())), "adjustment-year-thin");
    let rest = (2..=11).map(|day| Change::Day {
        date: kernel::Date::constant(2027, 10, day),
        working: false,
        name: "国庆节".to_owned(),
    });
    let changes: Vec<Change> = changes.into_iter().chain(rest).collect();
    let desk = Desk::after(&[(drafter(), draft(changes)), (leader(), activate())]);
    let made = laid(&RULES, &[desk.state.unwrap()]);
    assert_eq!(made.left_out, []);
    let (book, day) = (made.book, on("2026-04-01"));
    assert_eq!(book.duration("hazard.rectify.general", day).unwrap().value.to_string(), "48h");
    assert_eq!(book.warning_marks(day).unwrap().value, [60, 100]);
    assert_eq!(&*book.climb("general", 2, day).unwrap().value.unwrap().step, "raise");
    assert_eq!(book.working_day(on("2026-04-03")), (false, true));
    assert_eq!(book.working_day(on("2027-01-04")), (true, true), "the year is complete");
    assert_eq!(&*book.category("H01").unwrap().prefill.as_ref().unwrap().measures, "更换失效灭火器");
}
