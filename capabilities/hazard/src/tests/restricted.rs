//! What concerns children's privacy is not stored: no category, no text.

use super::support::*;
use crate::{Answer, Extension, HazardCommand, Level, OnTheSpot, PlanDraft, Registration, event::Note};

const WORDS: &str = "有学生被同学打";

fn words() -> Note {
    Note { note: WORDS.to_owned(), photos: vec![photo(3)] }
}

#[test]
fn restricted_categories_store_nothing() {
    for category in ["H16", "H17", "H22"] {
        let asked = Registration { category: category.to_owned(), ..registration() };
        let code = Desk::new().code(&officer(), &HazardCommand::Register(Box::new(asked)));
        assert_eq!(code, "hazard-category-restricted", "{category}");
        let desk = Desk::after(&[(officer(), register())]);
        assert_eq!(desk.code(&officer(), &correct(category)), "hazard-category-restricted", "{category}");
    }
}

fn fields_of_registration() -> Vec<(&'static str, HazardCommand)> {
    let text = || WORDS.to_owned();
    let fix = Some(OnTheSpot { note: text(), photos: vec![photo(2)], ..OnTheSpot::default() });
    let correct = |description: String, place: String| HazardCommand::Correct {
        category: "H02".to_owned(),
        description,
        place,
    };
    let boxed = |registration| HazardCommand::Register(Box::new(registration));
    vec![
        ("description", boxed(Registration { description: text(), ..registration() })),
        ("place", boxed(Registration { place: text(), ..registration() })),
        ("fix_note", boxed(Registration { on_the_spot: fix, ..registration() })),
        ("description", correct(text(), String::new())),
        ("place", correct("应急灯不亮".to_owned(), text())),
    ]
}

#[test]
fn restricted_words_of_a_registration() {
    let registered = Desk::after(&[(officer(), register())]);
    for (field, command) in fields_of_registration() {
        let desk =
            if matches!(command, HazardCommand::Register(_)) { Desk::new() } else { registered.clone() };
        let refusal = desk.refused(&officer(), &command);
        assert_eq!((refusal.code, refusal.fields.as_slice()), ("hazard-text-restricted", [field].as_slice()));
    }
}

#[test]
fn restricted_words_of_every_note() {
    let mut extended = rectifying(Level::General);
    let until = extended.due().plus_ms(DAY);
    extended.done(&officer(), &extension(until));
    let mut asking = rectifying(Level::General);
    asking.done(&officer(), &ask_help());
    let reason = WORDS.to_owned();
    let grading = crate::GradeAs { level: Level::General, answers: Vec::new(), reason };
    let answered = |answer| HazardCommand::AnswerExtension { answer, note: words() };
    let revisit = |sound| HazardCommand::Revisit { sound, note: words() };
    let help = |answer| HazardCommand::AnswerHelp { answer, until: None, note: words() };
    let at = rectifying(Level::General);
    let cases = [
        (Desk::after(&[(officer(), register())]), head(), HazardCommand::Grade(grading)),
        (graded(Level::General), head(), HazardCommand::Assign { responsible: person(1), note: words() }),
        (at.clone(), head(), HazardCommand::Progress(words())),
        (at.clone(), head(), HazardCommand::Rectify { note: words(), spent_cents: None, reused: Vec::new() }),
        (at.clone(), head(), HazardCommand::AskExtension { until, note: words() }),
        (extended.clone(), head(), answered(Extension::Grant)),
        (extended, head(), answered(Extension::Refuse)),
        (awaiting(Level::General), head(), HazardCommand::Accept { on_site: true, note: words() }),
        (awaiting(Level::General), head(), HazardCommand::Return { note: words(), due: None }),
        (accepted(Level::General), head(), HazardCommand::Close(words())),
        (closed(Level::General), head(), revisit(true)),
        (closed(Level::General), head(), revisit(false)),
        (at.clone(), head(), HazardCommand::Withdraw { duplicate: false, same_as: None, note: words() }),
        (at, head(), HazardCommand::AskHelp(words())),
        (asking.clone(), county(), help(Answer::Support)),
        (asking, county(), help(Answer::Return)),
    ];
    for (desk, standing, command) in cases {
        assert_eq!(desk.code(&standing, &command), "hazard-text-restricted", "{command:?}");
    }
}

#[test]
fn restricted_words_of_a_plan() {
    let desk = assigned(Level::General);
    let full = draft(desk.now.plus_ms(DAY));
    let text = || WORDS.to_owned();
    let plans = [
        ("responsibility", PlanDraft { responsibility: text(), ..full.clone() }),
        ("funds", PlanDraft { funds: text(), ..full.clone() }),
        ("measures", PlanDraft { measures: text(), ..full.clone() }),
        ("contingency", PlanDraft { contingency: text(), ..full.clone() }),
    ];
    for (field, plan) in plans {
        let refusal = desk.refused(&officer(), &HazardCommand::TakeOn(plan));
        let details: Vec<_> = refusal.details.iter().map(|d| (d.field, d.refusal.code)).collect();
        assert_eq!(details, [(field, "hazard-text-restricted")]);
    }
}
