//! What a superior does about lateness, and the two ends that had no clock or no second pair of eyes.

use language::Lang;

use super::support::*;
use crate::{
    Acceptor, Escalation, HazardCommand, Level, Stage,
    pages::notices::{offered, title},
    turn::{Act, turn, watch},
};

fn revisit(sound: bool) -> HazardCommand {
    HazardCommand::Revisit { sound, note: note("再看") }
}

fn answered() -> HazardCommand {
    HazardCommand::AnswerClimb(note("约谈校长，议定三日内完成"))
}

#[test]
fn the_climb_asks_the_central_school_then_the_county_and_is_recorded() {
    let mut desk = rectifying(Level::General);
    let due = desk.due();
    assert_eq!(watch(desk.state()), None);
    assert_eq!(desk.code(&central(), &answered()), "hazard-wrong-stage");
    desk.clocks_until(due.plus_ms(4 * DAY));
    let talk = watch(desk.state()).unwrap();
    assert_eq!((talk.act, Some(talk.unit)), (Act::Talk, desk.state().central));
    assert_eq!(turn(desk.state()).unwrap().act, Act::Rectify, "the school still has to fix it");
    assert_eq!(desk.code(&head(), &answered()), "hazard-county-decides");
    desk.done(&central(), &answered());
    assert_eq!(watch(desk.state()), None);
    desk.clocks_until(due.plus_ms(8 * DAY));
    let raise = watch(desk.state()).unwrap();
    assert_eq!(
        (raise.act, raise.step, Some(raise.unit)),
        (Act::Raise, Escalation::Raise, desk.state().county)
    );
    assert_eq!(desk.code(&central(), &answered()), "hazard-county-decides");
    assert_eq!(desk.code(&county(), &HazardCommand::AnswerClimb(crate::Note::default())), "text-missing");
    desk.done(&county(), &answered());
    assert_eq!(watch(desk.state()), None);
}

#[test]
fn without_a_central_school_the_county_talks() {
    let mut desk = rectifying(Level::General);
    desk.state.as_mut().unwrap().central = None;
    desk.clocks_until(desk.due().plus_ms(4 * DAY));
    let talk = watch(desk.state()).unwrap();
    assert_eq!((talk.act, Some(talk.unit)), (Act::Talk, desk.state().county));
    assert_eq!(desk.code(&central(), &answered()), "hazard-county-decides");
    assert!(desk.ask(&county(), &answered()).is_ok());
}

#[test]
fn what_was_accepted_must_be_closed_in_time() {
    let mut desk = awaiting(Level::General);
    desk.done(&head(), &accept());
    let due = desk.due();
    assert!(due > desk.now && due < desk.now.plus_ms(7 * DAY), "two working days");
    assert_eq!(desk.code(&county(), &close()), "hazard-school-decides");
    desk.clocks_until(due.plus_ms(DAY));
    assert_eq!(desk.state().marks.get("close"), Some(&100));
    assert!(desk.ask(&county(), &close()).is_ok(), "late, it is the county's business too");
}

#[test]
fn an_acceptance_from_before_that_deadline_existed_still_closes() {
    let mut desk = awaiting(Level::General);
    desk.done(&head(), &accept());
    let Stage::Accepted { due, .. } = &mut desk.state.as_mut().unwrap().stage else { panic!("not accepted") };
    *due = None;
    assert_eq!(crate::clocks::clocks(desk.state()), []);
    assert!(desk.ask(&head(), &close()).is_ok());
}

#[test]
fn who_answers_for_the_plan_may_not_accept_what_a_colleague_reported() {
    let mut desk = rectifying(Level::General);
    desk.done(&head(), &rectify());
    assert_eq!(desk.code(&officer(), &accept()), "hazard-responsible-may-not-accept");
    assert_eq!(desk.code(&head(), &accept()), "hazard-fixer-may-not-accept");
    assert!(desk.ask(&who(51, HEAD), &accept()).is_ok());
}

#[test]
fn looking_back_takes_another_person_and_some_time() {
    let mut desk = closed(Level::General);
    assert_eq!(desk.code(&head(), &revisit(true)), "hazard-revisit-early");
    assert!(desk.ask(&head(), &revisit(false)).is_ok(), "that it came back can be said at once");
    desk.now = desk.now.plus_ms(20 * DAY);
    assert_eq!(desk.code(&officer(), &revisit(true)), "hazard-fixer-may-not-revisit");
    assert!(desk.ask(&officer(), &revisit(false)).is_ok());
    assert!(desk.ask(&head(), &revisit(true)).is_ok());
}

#[test]
fn where_the_central_school_accepted_it_looks_back_too() {
    let mut desk = rectifying(Level::General).alone();
    desk.done(&officer(), &rectify());
    desk.done(&central(), &accept());
    desk.done(&central(), &close());
    let Stage::Closed { acceptor, .. } = &desk.state().stage else { panic!("not closed") };
    assert_eq!(*acceptor, Some(Acceptor::Central.into()));
    assert_eq!(turn(desk.state()).map(|t| Some(t.unit)), Some(desk.state().central));
    desk.now = desk.now.plus_ms(20 * DAY);
    assert!(desk.ask(&central(), &revisit(true)).is_ok());
}

#[test]
fn what_turns_out_to_be_major_goes_back_to_the_county_until_it_is_accepted() {
    for mut desk in [rectifying(Level::General), awaiting(Level::General)] {
        assert_eq!(desk.code(&head(), &grade(Level::Larger)), "hazard-wrong-stage");
        desk.done(&head(), &grade(Level::Major));
        assert_eq!(
            turn(desk.state()).map(|t| (t.act, Some(t.unit))),
            Some((Act::Assign, desk.state().county))
        );
    }
    let mut accepted = awaiting(Level::General);
    accepted.done(&head(), &accept());
    assert_eq!(accepted.code(&head(), &grade(Level::Major)), "hazard-wrong-stage");
}

#[test]
fn a_larger_hazard_has_a_longest_extension_too() {
    let desk = rectifying(Level::Larger);
    assert!(desk.ask(&officer(), &extension(desk.now.plus_ms(50 * DAY))).is_ok());
    assert_eq!(desk.code(&officer(), &extension(desk.now.plus_ms(70 * DAY))), "hazard-due-too-late");
}

#[test]
fn papers_follow_the_climb_and_the_slip_changes_its_colour() {
    let mut desk = rectifying(Level::General);
    let due = desk.due();
    let papers = |desk: &Desk, now| offered(desk.state(), now).collect::<Vec<_>>();
    assert_eq!(papers(&desk, desk.now), ["notice"]);
    assert_eq!(papers(&desk, due.plus_ms(1)), ["notice", "reminder"]);
    let slip = |desk: &Desk| title(Lang::ZhCn, desk.state(), "slip");
    desk.clocks_until(due.plus_ms(4 * DAY));
    assert_eq!(papers(&desk, desk.now), ["notice", "reminder", "talk", "slip"]);
    assert_eq!(slip(&desk), "校园安全督办单（黄色）");
    desk.clocks_until(due.plus_ms(8 * DAY));
    assert_eq!(slip(&desk), "校园安全督办单（红色）");
    let fixed = awaiting(Level::General);
    assert!(papers(&fixed, fixed.now).is_empty(), "it was fixed");
}
