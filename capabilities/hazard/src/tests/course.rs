//! What the journal tells of deadlines: who had to keep which, how it ended, what was said meanwhile.

use super::support::*;
use crate::{
    HazardCommand, Level,
    course::{Heard, Run, course_of},
};

fn runs(desk: &Desk) -> Vec<Run> {
    course_of(desk.events.iter().cloned())
}

fn told(desk: &Desk) -> Vec<String> {
    let said = |run: &Run| {
        let by = if run.running.unit == unit() { "school" } else { "above" };
        let how = match (run.ended, run.missed(desk.now)) {
            (None, false) => "running",
            (None, true) => "overdue",
            (Some(_), false) => "in time",
            (Some(_), true) => "late",
        };
        format!("{} by the {by}: {how}", run.running.clock)
    };
    runs(desk).iter().map(said).collect()
}

#[test]
fn each_deadline_runs_from_what_began_it_to_what_ended_it() {
    let desk = closed(Level::General);
    assert_eq!(
        told(&desk),
        [
            "grade by the school: in time",
            "assign by the school: in time",
            "take-on by the school: in time",
            "rectify by the school: in time",
            "accept by the school: in time",
            "close by the school: in time",
            "revisit by the school: running",
        ]
    );
    let runs = runs(&desk);
    assert!(
        runs.windows(2).all(|pair| pair[0].ended == Some(pair[1].running.started)),
        "one after the other"
    );
    assert_eq!(runs[0].running.due.rule, "hazard.grade");
    assert!(runs.iter().all(|run| run.heard.is_empty() && run.moved.is_empty()));
}

#[test]
fn what_is_late_says_so_and_what_was_said_about_it() {
    let mut desk = rectifying(Level::General);
    let due = desk.plan_due();
    desk.clocks_until(due.plus_ms(4 * kernel::Timestamp::DAY_MS));
    assert_eq!(told(&desk).last().unwrap(), "rectify by the school: overdue");
    desk.done(&county(), &HazardCommand::Urge(note("请今天到校处理")));
    desk.done(&officer(), &rectify());
    let runs = runs(&desk);
    let run = runs.iter().find(|run| run.running.clock == "rectify").unwrap();
    assert!(run.late_ms(desk.now) > 3 * kernel::Timestamp::DAY_MS);
    let heard: Vec<Heard> = run.heard.iter().map(|(_, heard)| *heard).collect();
    assert!(heard.contains(&Heard::Warned(100)) && heard.contains(&Heard::Urged), "{heard:?}");
    assert!(heard.iter().any(|one| matches!(one, Heard::Climbed(_))), "{heard:?}");
    // Those that were kept are not late because a later one was.
    assert_eq!(told(&desk).iter().filter(|line| line.ends_with("late")).count(), 1);
}

#[test]
fn more_time_moves_a_deadline_and_keeps_where_it_lay() {
    let mut desk = rectifying(Level::General);
    let before = desk.plan_due();
    let until = kernel::Timestamp::at_end_of(before.plus_ms(2 * kernel::Timestamp::DAY_MS).local_date());
    desk.done(&officer(), &extension(until));
    desk.done(&head(), &grant());
    let runs = runs(&desk);
    let run = runs.last().unwrap();
    assert_eq!((run.running.clock, run.running.due.at, run.ended), ("rectify", until, None));
    assert_eq!(run.moved.iter().map(|moved| moved.from).collect::<Vec<_>>(), [before]);
    assert!(!run.missed(desk.now), "moved in time");
}

#[test]
fn what_is_returned_runs_anew() {
    let mut desk = awaiting(Level::General);
    desk.done(&head(), &send_back());
    let rectify: Vec<Run> = runs(&desk).into_iter().filter(|run| run.running.clock == "rectify").collect();
    assert_eq!(rectify.len(), 2);
    assert!(rectify[0].ended.is_some() && rectify[1].ended.is_none());
}

/// Seen from an earlier day it says what was known that day.
#[test]
fn as_of_the_past_nothing_later_counts() {
    let mut desk = rectifying(Level::General);
    let known = desk.events.len();
    let then = desk.now;
    desk.clocks_until(desk.plan_due().plus_ms(kernel::Timestamp::DAY_MS));
    let past = course_of(desk.events.iter().take(known).cloned());
    let run = past.last().unwrap();
    assert_eq!((run.running.clock, run.ended, run.missed(then)), ("rectify", None, false));
}
