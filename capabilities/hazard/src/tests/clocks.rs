//! Warnings at 50, 80 and 100 %, once each; then 提醒 -> 约谈 -> 提级督办.

use journal::Subject;
use kernel::Timestamp;

use super::support::*;
use crate::{Escalation, Hazard, HazardCommand, Level};

fn next(desk: &Desk) -> Option<Timestamp> {
    Hazard::clocks(desk.state()).into_iter().find_map(|clock| clock.next)
}

#[test]
fn each_mark_once_and_the_climb_to_the_top() {
    let mut desk = rectifying(Level::General);
    let heard = desk.clocks_until(desk.due().plus_ms(60 * DAY));
    assert_eq!(
        heard,
        [
            "rectify 50%",
            "rectify 80%",
            "rectify 100%",
            "remind after 0 d",
            "talk after 3 d",
            "raise after 7 d"
        ]
    );
    assert_eq!(next(&desk), None);
    assert_eq!(desk.ask(&system(), &tick("rectify")).unwrap(), []);
}

#[test]
fn the_marks_lie_where_the_percentages_say() {
    let mut desk = rectifying(Level::General);
    let (start, due) = (desk.state().stage.plan().unwrap().counted_from, desk.due());
    let span = due.since_ms(start);
    assert_eq!(next(&desk), Some(start.plus_ms(span / 100 * 50)));
    desk.clocks_until(due);
    assert_eq!(next(&desk), Some(due.plus_ms(1)));
    assert_eq!(desk.state().escalation, None);
}

#[test]
fn a_long_downtime_sends_one_warning_and_one_step() {
    let mut desk = rectifying(Level::General);
    desk.now = desk.due().plus_ms(365 * DAY);
    let until = desk.now;
    assert_eq!(desk.clocks_until(until), ["rectify 100%", "raise after 365 d"]);
    assert_eq!(next(&desk), None);
}

#[test]
fn the_climb_stops_at_the_top_and_begins_anew_with_a_new_clock() {
    let mut desk = rectifying(Level::General);
    desk.clocks_until(desk.due().plus_ms(30 * DAY));
    assert_eq!(desk.state().escalation, Some(Escalation::Raise));
    desk.done(&officer(), &rectify());
    assert_eq!((desk.state().escalation, desk.state().marks.len()), (None, 0));
    let heard = desk.clocks_until(desk.due().plus_ms(4 * DAY));
    assert_eq!(heard.last().unwrap(), "talk after 3 d");
}

#[test]
fn a_clock_of_a_past_stage_does_nothing() {
    let mut desk = rectifying(Level::General);
    desk.now = desk.due().plus_ms(DAY);
    for clock in ["grade", "assign", "take-on", "accept", "revisit", "", "no such clock"] {
        assert_eq!(desk.ask(&system(), &tick(clock)).unwrap(), []);
    }
    let mut done = closed(Level::General);
    done.now = done.now.plus_ms(2 * DAY);
    done.done(&head(), &HazardCommand::Revisit { sound: true, note: note("完好") });
    assert_eq!(done.ask(&system(), &tick("revisit")).unwrap(), []);
}

#[test]
fn a_tick_before_its_time_does_nothing() {
    let desk = rectifying(Level::General);
    assert_eq!(desk.ask(&system(), &tick("rectify")).unwrap(), []);
}

#[test]
fn more_time_judges_the_marks_anew() {
    let mut desk = rectifying(Level::General);
    let (start, due) = (desk.state().stage.plan().unwrap().counted_from, desk.due());
    desk.clocks_until(start.plus_ms(due.since_ms(start) / 100 * 85));
    assert_eq!(desk.state().marks.get("rectify"), Some(&80));
    let until = due.plus_ms(7 * DAY);
    desk.done(&officer(), &extension(until));
    assert_eq!(desk.state().marks.get("rectify"), Some(&80));
    desk.done(&head(), &grant());
    assert!(desk.state().marks.is_empty());
    assert_eq!(next(&desk), Some(start.plus_ms(until.since_ms(start) / 100 * 50)));
    assert!(next(&desk).unwrap() > desk.now);
}

#[test]
fn a_return_with_new_days_warns_of_those_days() {
    let mut desk = awaiting(Level::General);
    desk.now = desk.now.plus_ms(40 * DAY);
    desk.done(&head(), &send_back());
    assert!(next(&desk).unwrap() > desk.now);
    let due = desk.due();
    assert_eq!(desk.clocks_until(due), ["rectify 50%", "rectify 80%"]);
}

#[test]
fn assigning_again_keeps_what_was_warned() {
    let mut desk = assigned(Level::General);
    desk.clocks_until(desk.due().plus_ms(4 * DAY));
    assert_eq!(desk.state().escalation, Some(Escalation::Talk));
    let before = next(&desk);
    desk.done(&head(), &assign());
    assert_eq!((desk.state().escalation, next(&desk)), (Some(Escalation::Talk), before));
}

#[test]
fn a_late_look_back_warns_but_does_not_climb() {
    let mut desk = closed(Level::General);
    let heard = desk.clocks_until(desk.due().plus_ms(60 * DAY));
    assert_eq!(heard, ["revisit 50%", "revisit 80%", "revisit 100%"]);
}

#[test]
fn only_the_platform_hears_clocks() {
    let desk = rectifying(Level::General);
    assert!(!super::matrix::permitted(&desk, &head(), &tick("rectify")));
    assert!(!super::matrix::permitted(&desk, &county(), &tick("rectify")));
    assert!(super::matrix::permitted(&desk, &system(), &tick("rectify")));
}
