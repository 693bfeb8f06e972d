//! 提请解决: a request has a clock of its own, and so has what the county promised.

use journal::Subject;

use super::support::*;
use crate::{
    Answer, Hazard, HazardCommand, Level,
    event::Note,
    state::Help,
    turn::{Act, owed, turn},
};

fn asked() -> Desk {
    let mut desk = rectifying(Level::General);
    desk.done(&officer(), &ask_help());
    desk
}

fn promised() -> Desk {
    let mut desk = asked();
    desk.done(&county(), &support());
    desk
}

fn clocks(desk: &Desk) -> Vec<&'static str> {
    Hazard::clocks(desk.state()).into_iter().map(|clock| clock.name).collect()
}

#[test]
fn the_county_is_warned_of_its_answer_and_of_its_promise() {
    let mut desk = asked();
    assert_eq!(clocks(&desk), ["rectify", "answer-help"]);
    assert_eq!(turn(desk.state()).unwrap().act, Act::Rectify, "whoever asked goes on with what he can");
    let due = desk.state().help_clock.clone().unwrap().due.at;
    let heard = desk.clocks_until(due.plus_ms(DAY));
    let of_help: Vec<_> = heard.iter().filter(|line| line.starts_with("answer-help")).collect();
    assert_eq!(of_help, ["answer-help 50%", "answer-help 80%", "answer-help 100%"]);
    desk.done(&county(), &support());
    assert_eq!(desk.state().marks.get("answer-help"), None, "that clock has ended");
    assert_eq!(owed(desk.state()).map(|owed| Some(owed.unit)), Some(desk.state().county));
    assert_eq!(turn(desk.state()).unwrap().act, Act::Rectify, "the school goes on meanwhile");
    let due = owed(desk.state()).unwrap().due.unwrap();
    let heard = desk.clocks_until(due.plus_ms(DAY));
    assert!(heard.contains(&"deliver-help 100%".to_owned()), "{heard:?}");
}

#[test]
fn a_late_county_makes_no_hazard_climb_and_a_new_work_clock_keeps_its_marks() {
    let mut desk = rectifying(Level::Larger);
    desk.done(&officer(), &ask_help());
    let help_due = desk.state().help_clock.clone().unwrap().due.at;
    desk.clocks_until(help_due.plus_ms(1));
    assert_eq!(desk.state().climb_at, None);
    desk.done(&county(), &support());
    let promised = owed(desk.state()).unwrap().due.unwrap();
    let later = promised.plus_ms(5 * DAY);
    desk.done(&officer(), &extension(later));
    desk.clocks_until(promised.plus_ms(1));
    let before = desk.state().marks.get("deliver-help").copied();
    assert_eq!(before, Some(100));
    desk.done(&county(), &grant());
    assert_eq!(desk.state().marks.get("deliver-help").copied(), before, "warned once");
}

#[test]
fn the_county_names_its_day_within_what_anything_may_take() {
    let answer = |desk: &Desk, days: i64| HazardCommand::AnswerHelp {
        answer: Answer::Support,
        until: Some(desk.now.plus_ms(days * DAY)),
        note: note("县局统筹"),
    };
    let mut desk = asked();
    assert_eq!(desk.code(&county(), &answer(&desk, -1)), "hazard-due-past");
    assert_eq!(desk.code(&county(), &answer(&desk, 400)), "hazard-due-too-late");
    let named = desk.now.plus_ms(40 * DAY);
    let answered = answer(&desk, 40);
    desk.done(&county(), &answered);
    assert_eq!(owed(desk.state()).unwrap().due.unwrap(), named);
}

#[test]
fn what_was_done_is_said_by_the_county_and_ends_the_promise() {
    let mut desk = promised();
    assert_eq!(desk.code(&officer(), &ask_help()), "hazard-help-promised-already");
    assert_eq!(desk.code(&central(), &deliver_help()), "hazard-county-decides");
    assert_eq!(desk.code(&county(), &HazardCommand::DeliverHelp(Note::default())), "text-missing");
    let nothing = HazardCommand::DeliverHelp(Note { note: "无".to_owned(), photos: Vec::new() });
    assert_eq!(desk.code(&county(), &nothing), "hazard-five-fixed-filler");
    desk.done(&county(), &deliver_help());
    assert_eq!((desk.state().help, owed(desk.state())), (Some(Help::Delivered), None));
    assert_eq!(clocks(&desk), ["rectify"]);
    assert_eq!(desk.code(&county(), &deliver_help()), "hazard-wrong-stage");
    assert!(desk.ask(&officer(), &ask_help()).is_ok(), "it was not enough");
}

#[test]
fn who_agreed_to_help_has_a_say_until_it_is_closed() {
    let mut desk = promised();
    let before = owed(desk.state()).unwrap();
    desk.done(&officer(), &rectify());
    assert_eq!(owed(desk.state()), None, "nothing is owed while it waits to be proved");
    desk.done(&county(), &send_back());
    assert_eq!(owed(desk.state()), Some(before), "what was promised is owed again");
    desk.done(&officer(), &rectify());
    desk.done(&county(), &accept());
    desk.done(&county(), &close());
    assert_eq!((desk.state().help, &desk.state().help_clock), (Some(Help::Supported), &None));
    assert_eq!(desk.code(&county(), &deliver_help()), "hazard-wrong-stage", "it is closed");
    assert!(!desk.state().help_is_agreed(), "and the county has no say any more");
    let mut alone = asked();
    alone.done(&officer(), &rectify());
    assert_eq!(owed(alone.state()), None);
    assert_eq!(alone.code(&county(), &accept()), "hazard-school-decides");
}

#[test]
fn what_the_county_did_can_be_said_while_the_fix_waits_to_be_proved() {
    let mut desk = promised();
    desk.done(&officer(), &rectify());
    desk.done(&county(), &deliver_help());
    assert_eq!((desk.state().help, owed(desk.state())), (Some(Help::Delivered), None));
    let mut late = asked();
    late.done(&officer(), &rectify());
    let answer =
        HazardCommand::AnswerHelp {
            answer: Answer::Return, until: None, note: note("学校已自行解决")
        };
    late.done(&county(), &answer);
    assert_eq!(late.state().help, None);
}
