//! Several clocks at once, each until what it waits for has happened; warnings at 50, 80 and 100 %, once each.

use journal::Subject;
use kernel::Timestamp;

use super::support::*;
use crate::{Supervision, SupervisionCommand, Told};

fn running(desk: &Desk) -> Vec<&'static str> {
    Supervision::clocks(desk.state()).into_iter().map(|clock| clock.name).collect()
}

fn clock(desk: &Desk, name: &str) -> (Timestamp, Timestamp, Option<Timestamp>) {
    let clock = Supervision::clocks(desk.state()).into_iter().find(|clock| clock.name == name).unwrap();
    (clock.started, clock.due, clock.next)
}

#[test]
fn at_each_stage_run_the_clocks_of_what_is_missing() {
    for desk in [owed(), drafted(), reviewing(), signing()] {
        assert_eq!(running(&desk), ["control", "notice"]);
        let mut controlled = desk;
        controlled.done(&head(), &control());
        assert_eq!(running(&controlled), ["notice"]);
    }
    assert_eq!(running(&listed()), ["control", "receipt", "progress"]);
    assert_eq!(running(&rectified()), Vec::<&str>::new(), "the school may take its time to apply");
    assert_eq!(running(&applied()), ["check"]);
    assert_eq!(running(&checking()), ["delist"]);
    assert_eq!(running(&checked()), ["delist"]);
    for over in [delisted(), waived(), ended()] {
        assert_eq!(running(&over), Vec::<&str>::new());
    }
}

#[test]
fn a_clock_runs_for_each_turn_that_has_a_deadline() {
    let all =
        [owed(), drafted(), reviewing(), signing(), listed(), rectified(), applied(), checking(), checked()];
    for desk in all {
        let mut turns: Vec<_> = crate::turns(desk.state()).into_iter().filter_map(|turn| turn.due).collect();
        let mut clocks: Vec<_> =
            Supervision::clocks(desk.state()).into_iter().map(|clock| clock.due).collect();
        turns.sort_unstable();
        clocks.sort_unstable();
        assert_eq!(turns, clocks, "{:?}", desk.stage());
    }
}

#[test]
fn each_mark_once() {
    let mut desk = owed();
    let heard = desk.clocks_until(START.plus_ms(30 * DAY));
    assert_eq!(
        heard,
        ["control 50%", "control 80%", "control 100%", "notice 50%", "notice 80%", "notice 100%"]
    );
    assert_eq!(clock(&desk, "control").2, None);
    assert_eq!(clock(&desk, "notice").2, None);
    assert_eq!(desk.ask(&system(), &tick("control")).unwrap(), []);
}

#[test]
fn the_marks_lie_where_the_percentages_say() {
    let mut desk = owed();
    let next = |desk: &Desk| clock(desk, "control").2;
    assert_eq!(clock(&desk, "control"), (START, START.plus_ms(DAY), Some(START.plus_ms(12 * HOUR))));
    desk.clocks_until(START.plus_ms(12 * HOUR));
    assert_eq!(next(&desk), Some(START.plus_ms(DAY / 100 * 80)));
    desk.clocks_until(START.plus_ms(DAY));
    assert_eq!(next(&desk), Some(START.plus_ms(DAY + 1)), "overdue from the first millisecond after it");
}

#[test]
fn a_tick_before_its_time_does_nothing() {
    let desk = owed();
    for name in ["control", "notice"] {
        assert_eq!(desk.ask(&system(), &tick(name)).unwrap(), []);
    }
}

#[test]
fn after_a_long_downtime_one_warning_stands_for_all() {
    let mut desk = listed();
    desk.now = START.plus_ms(100 * DAY);
    let until = desk.now;
    let mut heard = desk.clocks_until(until);
    heard.sort_unstable();
    assert_eq!(heard, ["control 100%", "progress 100%", "receipt 100%"]);
}

#[test]
fn a_new_week_begins_without_marks() {
    let mut desk = listed();
    desk.done(&head(), &receive());
    desk.done(&head(), &control());
    let week = clock(&desk, "progress");
    assert_eq!(desk.clocks_until(week.1), ["progress 50%", "progress 80%"]);
    assert_eq!(desk.state().marks.get("progress"), Some(&80));
    let reported = desk.now;
    desk.done(&system(), &hear(Told::Progressed));
    assert_eq!(desk.state().marks.get("progress"), None);
    let next = clock(&desk, "progress");
    assert_eq!((next.0, time(next.1)), (reported, "03-16 23:59".to_owned()));
    let heard = desk.clocks_until(next.1.plus_ms(DAY));
    assert_eq!(heard, ["progress 50%", "progress 80%", "progress 100%"]);
}

#[test]
fn a_returned_hazard_begins_a_week_without_marks() {
    let mut desk = rectified();
    desk.now = START.plus_ms(30 * DAY);
    let until = desk.now;
    assert_eq!(desk.clocks_until(until), Vec::<String>::new());
    desk.done(&system(), &hear(Told::Returned));
    assert_eq!(desk.clocks_until(until.plus_ms(4 * DAY)), ["progress 50%"]);
}

#[test]
fn a_check_asked_for_again_is_warned_of_again() {
    let mut desk = applied();
    assert_eq!(desk.clocks_until(clock(&desk, "check").1.plus_ms(1)).len(), 3);
    desk.done(&drafter(), &check(desk.now, true));
    desk.done(&reviewer(), &SupervisionCommand::SignCheck);
    assert_eq!(desk.clocks_until(clock(&desk, "delist").1.plus_ms(1)).len(), 3);
    desk.done(&leader(), &delist(false));
    assert_eq!(desk.clocks_until(clock(&desk, "check").1.plus_ms(1)).len(), 3);
    desk.done(&drafter(), &check(desk.now, true));
    assert_eq!(desk.clocks_until(clock(&desk, "delist").1.plus_ms(1)).len(), 3);
}

#[test]
fn signing_the_check_moves_no_deadline_and_keeps_the_marks() {
    let mut desk = checking();
    let (started, due, _) = clock(&desk, "delist");
    desk.clocks_until(started.plus_ms(due.since_ms(started) / 100 * 60));
    desk.done(&reviewer(), &SupervisionCommand::SignCheck);
    let after = clock(&desk, "delist");
    assert_eq!((after.0, after.1), (started, due));
    assert_eq!(desk.state().marks.get("delist"), Some(&50));
}

#[test]
fn a_new_round_begins_without_marks() {
    let mut desk = owed();
    desk.clocks_until(START.plus_ms(30 * DAY));
    desk.done(&leader(), &waive());
    desk.done(&system(), &open());
    assert!(desk.state().marks.is_empty());
    let (until, due) = (desk.now.plus_ms(HOUR * 12), clock(&desk, "control").1);
    assert_eq!(desk.clocks_until(until), ["control 50%"]);
    assert!(until < due);
}

/// A clock may be heard after the work went on; then it warns of nothing.
#[test]
fn no_warning_after_the_thing_was_done() {
    let done = [
        (rectified(), ["control", "receipt", "notice", "progress"].as_slice()),
        (applied(), &["progress", "receipt"]),
        (checking(), &["check"]),
        (delisted(), &["delist", "check", "control"]),
        (waived(), &["notice", "control"]),
        (ended(), &["progress", "receipt", "control"]),
        (owed(), &["", "no such clock", "progress"]),
    ];
    for (mut desk, clocks) in done {
        desk.now = START.plus_ms(400 * DAY);
        for name in clocks {
            assert_eq!(desk.ask(&system(), &tick(name)).unwrap(), [], "{name} at {:?}", desk.stage());
        }
    }
}
