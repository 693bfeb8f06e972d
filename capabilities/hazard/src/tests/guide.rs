//! The guide to major hazards decides where it is loaded, and only there.

use super::support::*;
use crate::{
    GradeAs, HazardCommand, HazardEvent, Level, OnTheSpot, Registration,
    event::{Graded, GuideItemAnswered},
    none_met,
};

fn registered(category: &str) -> Desk {
    let asked = Registration { category: category.to_owned(), ..registration() };
    Desk::after(&[(officer(), HazardCommand::Register(Box::new(asked)))])
}

fn answers(category: &str, met: Option<&str>) -> Vec<GuideItemAnswered> {
    let guide = RULES.guide(category).unwrap();
    let one = |item: &rules::GuideItem| GuideItemAnswered {
        item: item.id.to_string(),
        met: met == Some(&*item.id),
    };
    guide.items.iter().map(one).collect()
}

fn asked(level: Level, answers: Vec<GuideItemAnswered>) -> HazardCommand {
    HazardCommand::Grade(GradeAs { level, answers, reason: "逐条核对".to_owned() })
}

fn graded_as(desk: &Desk, command: &HazardCommand) -> Graded {
    match desk.ask(&officer(), command).unwrap().remove(0) {
        HazardEvent::Graded(parts) => parts.core,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_direct_item_forces_major() {
    let desk = registered("H01");
    let core = graded_as(&desk, &asked(Level::General, answers("H01", Some("fire-2a"))));
    assert_eq!((core.level, core.guide.name(), core.forced), (Level::Major, "major", true));
    let chosen = graded_as(&desk, &asked(Level::Major, answers("H01", Some("fire-2a"))));
    assert!(!chosen.forced);
}

#[test]
fn what_is_major_is_not_settled_on_the_spot() {
    let desk = Desk::new();
    let spot = |answers| {
        let fix = OnTheSpot { photos: vec![photo(2)], answers, ..OnTheSpot::default() };
        let category = "H01".to_owned();
        let asked = Registration { category, on_the_spot: Some(fix), ..registration() };
        HazardCommand::Register(Box::new(asked))
    };
    assert_eq!(desk.refused(&officer(), &spot(answers("H01", Some("fire-2a")))).code, "hazard-on-spot-major");
    assert_eq!(desk.refused(&officer(), &spot(Vec::new())).code, "hazard-guide-incomplete");
    let events = desk.ask(&officer(), &spot(none_met(&RULES, "H01"))).unwrap();
    let Some(HazardEvent::FixedOnSpot(fixed)) = events.last() else { panic!("{events:?}") };
    assert_eq!(fixed.core.answers, answers("H01", None), "what was asked and answered stays");
    assert!(fixed.core.guide.is_some());
}

#[test]
fn nobody_lowers_a_major_hazard_without_saying_why() {
    let desk = graded(Level::Major);
    let lower = |reason: &str| {
        let answers = Vec::new();
        HazardCommand::Grade(GradeAs { level: Level::General, answers, reason: reason.to_owned() })
    };
    let refusal = desk.refused(&county(), &lower(" "));
    assert_eq!((refusal.code, refusal.fields.as_slice()), ("hazard-lower-reason", ["note"].as_slice()));
    assert!(desk.ask(&county(), &lower("专家现场复核，不构成重大")).is_ok());
}

#[test]
fn unanswered_items_are_named() {
    let desk = registered("H01");
    let mut given = answers("H01", None);
    given.retain(|answer| answer.item != "fire-1" && answer.item != "fire-5");
    let refusal = desk.refused(&officer(), &asked(Level::General, given));
    assert_eq!((refusal.code, refusal.fields.as_slice()), ("hazard-guide-incomplete", ["guide"].as_slice()));
    assert_eq!(refusal.args[0], ("missing", "fire-1, fire-5".to_owned()));
}

#[test]
fn an_area_that_is_not_loaded_never_says_not_major() {
    for category in RULES.categories().iter().filter(|category| category.is_on()) {
        let loaded = RULES.guide(&category.code).is_some_and(|guide| guide.loaded);
        if loaded {
            continue;
        }
        let core = graded_as(&registered(&category.code), &grade(Level::General));
        let expected = if RULES.guide(&category.code).is_some() { "not-loaded" } else { "not-covered" };
        assert_eq!(core.guide.name(), expected, "{}", category.code);
    }
    let core = graded_as(&registered("H02"), &grade(Level::General));
    assert_eq!(core.guide.name(), "not-loaded");
}

#[test]
fn an_incomplete_area_stays_unsettled() {
    let core = graded_as(&registered("H01"), &asked(Level::General, answers("H01", None)));
    assert_eq!((core.level, core.guide.name()), (Level::General, "unsettled"));
}

#[test]
fn an_answer_to_no_question_is_refused() {
    let item = "被同学打了".to_owned();
    let stray = vec![GuideItemAnswered { item, met: true }];
    let code =
        |category: &str, answers| registered(category).code(&officer(), &asked(Level::General, answers));
    assert_eq!(code("H02", stray.clone()), "hazard-guide-unknown");
    // From a page of before the guide was changed: what was found major does not become a general one.
    let mixed: Vec<GuideItemAnswered> = answers("H01", None).into_iter().chain(stray).collect();
    assert_eq!(code("H01", mixed), "hazard-guide-unknown");
}

#[test]
fn another_category_is_no_way_around_the_guide() {
    let desk = graded(Level::General);
    assert_eq!(desk.code(&officer(), &correct("H01")), "hazard-category-graded");
    assert!(Desk::after(&[(officer(), register())]).ask(&officer(), &correct("H01")).is_ok());
}
