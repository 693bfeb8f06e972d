//! Who may judge whom.

use journal::Standing;

use super::support::*;
use crate::{Acceptor, HazardCommand, Level, Note, OnTheSpot, Photo, Registration, Stage};

fn acceptor(desk: &Desk) -> Acceptor {
    match &desk.state().stage {
        Stage::AwaitingAcceptance { acceptor, .. } => acceptor.known().unwrap(),
        _ => panic!("not awaiting acceptance"),
    }
}

#[test]
fn the_fixer_may_not_accept() {
    let desk = awaiting(Level::General);
    assert_eq!(desk.code(&officer(), &accept()), "hazard-fixer-may-not-accept");
    assert_eq!(desk.code(&officer(), &send_back()), "hazard-fixer-may-not-accept");
    let same_person = Standing { person: officer().person, ..who(50, HEAD) };
    assert_eq!(desk.code(&same_person, &accept()), "hazard-fixer-may-not-accept");
    let same_account = Standing { person: None, ..officer() };
    assert_eq!(desk.code(&same_account, &accept()), "hazard-fixer-may-not-accept");
    assert!(desk.ask(&head(), &accept()).is_ok());

    let on_spot = Desk::after(&[(officer(), on_the_spot())]);
    assert_eq!(on_spot.code(&officer(), &accept()), "hazard-fixer-may-not-accept");
    assert!(on_spot.ask(&head(), &accept()).is_ok());
}

#[test]
fn without_a_second_person_the_central_school_accepts_and_without_that_the_county() {
    let mut desk = rectifying(Level::General).alone();
    let mut without_central = desk.clone();
    desk.done(&officer(), &rectify());
    assert_eq!(acceptor(&desk), Acceptor::Central);
    assert_eq!(desk.code(&head(), &accept()), "hazard-central-decides");
    assert_eq!(desk.code(&county(), &accept()), "hazard-central-decides");
    assert!(desk.ask(&central(), &accept()).is_ok());

    without_central.state.as_mut().unwrap().central = None;
    without_central.done(&officer(), &rectify());
    assert_eq!(acceptor(&without_central), Acceptor::County);
    assert_eq!(without_central.code(&central(), &accept()), "hazard-county-decides");
    assert!(without_central.ask(&county(), &accept()).is_ok());

    let alone = |with_central: bool| {
        let mut desk = Desk::new().alone();
        if !with_central {
            desk.facts.unit.as_mut().unwrap().central = None;
        }
        desk.done(&officer(), &on_the_spot());
        acceptor(&desk)
    };
    assert_eq!((alone(true), alone(false)), (Acceptor::Central, Acceptor::County));
}

#[test]
fn a_record_takes_so_many_notes_and_still_every_other_act() {
    let mut desk = rectifying(Level::General);
    for _ in 0..kernel::limits::NOTES_PER_HAZARD {
        desk.done(&officer(), &HazardCommand::Progress(note("还在等配件")));
    }
    assert_eq!(desk.code(&officer(), &HazardCommand::Progress(note("还在等配件"))), "hazard-notes-full");
    assert!(desk.ask(&officer(), &rectify()).is_ok());
}

#[test]
fn nobody_stands_in_for_somebody_a_newer_program_named() {
    let mut desk = awaiting(Level::General);
    if let Stage::AwaitingAcceptance { acceptor, .. } = &mut desk.state.as_mut().unwrap().stage {
        *acceptor = kernel::Coded::read("township");
    }
    for who in [head(), central(), county()] {
        assert_eq!(desk.code(&who, &accept()), "hazard-acceptor-newer");
        assert_eq!(desk.code(&who, &send_back()), "hazard-acceptor-newer");
    }
    assert_eq!(crate::turn(desk.state()), None);
    let stored = serde_json::to_string(desk.state()).unwrap();
    assert!(stored.contains("\"township\""), "what it said is kept: {stored}");
}

#[test]
fn the_county_accepts_a_major_one_and_only_on_site() {
    let desk = awaiting(Level::Major);
    assert_eq!(acceptor(&desk), Acceptor::County);
    let from_pictures = HazardCommand::Accept { on_site: false, note: note("照片清楚") };
    assert_eq!(desk.code(&county(), &from_pictures), "hazard-major-on-site");
    assert_eq!(desk.code(&head(), &accept()), "hazard-county-decides");
    assert_eq!(desk.code(&central(), &accept()), "hazard-county-decides");
    assert!(desk.ask(&county(), &accept()).is_ok());
}

/// Everything the county could do about a general hazard of a school.
fn judged_by_county(desk: &Desk) -> Vec<HazardCommand> {
    vec![grade(Level::Larger), assign(), grant(), accept(), send_back(), close(), withdraw(), correct("H02")]
        .into_iter()
        .chain([HazardCommand::Revisit { sound: true, note: note("完好") }])
        .filter(|command| {
            // Only what somebody at the school could do at this stage; he has to be somebody else than the asker.
            let head_could = desk.ask(&head(), command);
            head_could.is_ok_and(|events| !events.is_empty())
        })
        .collect()
}

#[test]
fn the_county_leaves_a_general_hazard_to_the_school() {
    let mut extension_asked = rectifying(Level::General);
    let until = extension_asked.due().plus_ms(DAY);
    extension_asked.done(&officer(), &extension(until));
    let mut help_asked = rectifying(Level::General);
    help_asked.done(&officer(), &ask_help());
    let desks = [
        Desk::after(&[(officer(), register())]),
        graded(Level::General),
        assigned(Level::Larger),
        rectifying(Level::General),
        extension_asked,
        help_asked,
        awaiting(Level::General),
        accepted(Level::General),
        closed(Level::General),
    ];
    let mut tried = 0;
    for desk in desks {
        for command in judged_by_county(&desk) {
            tried += 1;
            assert_eq!(desk.code(&county(), &command), "hazard-school-decides", "{command:?}");
        }
    }
    assert!(tried >= 14, "only {tried}");
}

#[test]
fn the_county_acts_when_it_is_overdue_or_help_was_promised() {
    let mut late = graded(Level::General);
    late.now = late.due().plus_ms(1);
    assert!(late.ask(&county(), &assign()).is_ok());
    assert!(late.ask(&county(), &withdraw()).is_ok());
    assert_eq!(late.code(&head(), &withdraw()), "hazard-county-decides");

    let mut helped = graded(Level::General);
    helped.done(&officer(), &ask_help());
    assert_eq!(helped.code(&county(), &assign()), "hazard-school-decides");
    helped.done(&county(), &support());
    assert!(helped.ask(&county(), &assign()).is_ok());

    let mut unaccepted = awaiting(Level::General);
    unaccepted.now = unaccepted.due();
    assert_eq!(unaccepted.code(&county(), &accept()), "hazard-school-decides");
    unaccepted.now = unaccepted.due().plus_ms(1);
    assert!(unaccepted.ask(&county(), &accept()).is_ok());
}

#[test]
fn nobody_resets_a_deadline_by_grading_or_assigning_again() {
    let mut desk = graded(Level::General);
    let due = desk.due();
    assert_eq!(desk.code(&head(), &grade(Level::General)), "hazard-level-same");
    desk.done(&head(), &grade(Level::Larger));
    assert_eq!(desk.due(), due);
    desk.done(&head(), &assign());
    let due = desk.due();
    desk.now = due.plus_ms(HOUR);
    desk.done(&head(), &assign());
    assert_eq!(desk.due(), due);
}

#[test]
fn what_is_waiting_to_be_proved_can_only_be_accepted_or_returned() {
    let desk = awaiting(Level::General);
    assert_eq!(desk.code(&officer(), &withdraw()), "hazard-wrong-stage");
    assert_eq!(desk.code(&officer(), &correct("H02")), "hazard-wrong-stage");
}

#[test]
fn on_the_spot_means_within_a_day_with_pictures_before_and_after() {
    let fix = |photos| Some(OnTheSpot { photos, ..OnTheSpot::default() });
    let ask = |registration: Registration| {
        Desk::new().ask(&officer(), &HazardCommand::Register(Box::new(registration)))
    };
    let whole = Registration { on_the_spot: fix(vec![photo(2)]), ..registration() };
    assert!(ask(whole.clone()).is_ok());
    let code = |registration| ask(registration).unwrap_err().code;
    let yesterday = Some(START.plus_ms(-25 * HOUR));
    assert_eq!(code(Registration { found_at: yesterday, ..whole.clone() }), "hazard-on-spot-too-late");
    assert_eq!(code(Registration { photos: Vec::new(), ..whole.clone() }), "hazard-before-photo-missing");
    assert_eq!(code(Registration { on_the_spot: fix(Vec::new()), ..whole }), "hazard-after-photo-missing");
}

#[test]
fn whoever_answered_for_it_before_does_not_accept_it_later() {
    let mut desk = rectifying(Level::General);
    desk.done(&head(), &change_responsible());
    desk.done(&who(51, HEAD), &rectify());
    assert_eq!(desk.code(&officer(), &accept()), "hazard-earlier-may-not-accept", "he handed it on");
    desk.done(&head(), &send_back());
    desk.done(&who(52, HEAD), &rectify());
    assert_eq!(
        desk.code(&who(51, HEAD), &accept()),
        "hazard-earlier-may-not-accept",
        "his work was returned"
    );
    desk.done(&head(), &accept());
}

#[test]
fn the_photo_of_a_hazard_proves_no_fix() {
    let desk = rectifying(Level::General);
    let with = |photos: Vec<Photo>| HazardCommand::Rectify {
        note: Note { note: "已更换并测试".to_owned(), photos },
        spent_cents: None,
        reused: Vec::new(),
    };
    assert_eq!(desk.code(&officer(), &with(vec![photo(3), photo(1)])), "hazard-photo-before");
    assert!(desk.ask(&officer(), &with(vec![photo(3)])).is_ok());
    let spot = |number: u8| {
        let fix = OnTheSpot { photos: vec![photo(number)], ..OnTheSpot::default() };
        HazardCommand::Register(Box::new(Registration { on_the_spot: Some(fix), ..registration() }))
    };
    let desk = Desk::new();
    let refused = desk.refused(&officer(), &spot(1));
    assert_eq!(
        (refused.code, refused.fields.as_slice()),
        ("hazard-photo-before", ["after_photos"].as_slice())
    );
    assert!(desk.ask(&officer(), &spot(2)).is_ok());
}

#[test]
fn what_says_nothing_is_no_reason() {
    let desk = rectifying(Level::General);
    let until = desk.plan_due().plus_ms(DAY);
    for empty in ["无", "按上级要求", "尽快整改。"] {
        let asked = HazardCommand::AskExtension { until, note: note(empty) };
        assert_eq!(desk.code(&officer(), &asked), "hazard-why-filler", "{empty}");
        let back = HazardCommand::Return { note: note(empty), due: None };
        assert_eq!(awaiting(Level::General).code(&head(), &back), "hazard-why-filler", "{empty}");
    }
    assert!(desk.ask(&officer(), &extension(until)).is_ok());
    // What was done may be said shortly, for the photos show it; but it is said.
    let done = |text| HazardCommand::Rectify { note: note(text), spent_cents: None, reused: Vec::new() };
    assert!(desk.ask(&officer(), &done("整改完成")).is_ok());
    for empty in ["无", "按要求", "立即整改到位"] {
        assert_eq!(desk.code(&officer(), &done(empty)), "hazard-told-filler", "{empty}");
        assert_eq!(
            desk.code(&officer(), &HazardCommand::Progress(note(empty))),
            "hazard-told-filler",
            "{empty}"
        );
    }
}
