//! Nobody's mobile or citizen number is kept in the words of a hazard.

use super::support::*;
use crate::{HazardCommand, Level, OnTheSpot, PlanDraft, Registration, event::Note};

const MOBILE: &str = "灯不亮，找张老师 138-1234-5678";
const CITIZEN: &str = "学生５３０３２３２０１５０１０１１２３０从台阶跌下";
const OFFICE: &str = "总务处 0874-5751234，标识码 2153000001";

fn registered(description: &str, place: &str) -> HazardCommand {
    HazardCommand::Register(Box::new(Registration {
        description: description.to_owned(),
        place: place.to_owned(),
        ..registration()
    }))
}

#[test]
fn numbers_of_people_are_refused_at_their_field() {
    for (text, code) in [(MOBILE, "text-mobile"), (CITIZEN, "text-citizen-id")] {
        for (field, command) in [("description", registered(text, "")), ("place", registered("灯不亮", text))]
        {
            let refusal = Desk::new().refused(&officer(), &command);
            assert_eq!((refusal.code, refusal.fields.as_slice()), (code, [field].as_slice()), "{text}");
            assert!(refusal.args.is_empty(), "the number is not said again");
        }
        let fix = Some(OnTheSpot { note: text.to_owned(), photos: vec![photo(2)], ..OnTheSpot::default() });
        let fixed = HazardCommand::Register(Box::new(Registration { on_the_spot: fix, ..registration() }));
        assert_eq!(Desk::new().code(&officer(), &fixed), code);
        let note = || Note { note: text.to_owned(), photos: vec![photo(3)] };
        let at = rectifying(Level::General);
        for command in [
            HazardCommand::Progress(note()),
            HazardCommand::Rectify { note: note(), spent_cents: None, reused: Vec::new() },
            HazardCommand::AskHelp(note()),
            HazardCommand::Withdraw { duplicate: false, same_as: None, note: note() },
        ] {
            assert_eq!(at.code(&head(), &command), code, "{command:?}");
        }
        let desk = assigned(Level::General);
        let plan = PlanDraft { responsibility: text.to_owned(), ..draft(desk.now.plus_ms(DAY)) };
        let refusal = desk.refused(&officer(), &HazardCommand::TakeOn(plan));
        let details: Vec<_> = refusal.details.iter().map(|d| (d.field, d.refusal.code)).collect();
        assert_eq!(details, [("responsibility", code)]);
    }
}

#[test]
fn an_office_may_be_called_and_codes_are_no_numbers_of_people() {
    let mut desk = Desk::new();
    desk.done(&officer(), &registered(OFFICE, OFFICE));
}
