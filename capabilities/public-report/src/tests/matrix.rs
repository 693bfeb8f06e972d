//! Every stage, every command, every kind of people: what happens or why not; and what a report may say.

use std::fmt::Write as _;

use journal::Payload;
use kernel::limits;

use super::support::*;
use crate::{Answer, PublicReportCommand, PublicReportEvent, Reception, Stage, StageCode, Telephone};

fn received() -> Desk {
    let mut desk = Desk::new();
    desk.done(&system(), &receive(true));
    desk
}

fn after(command: &PublicReportCommand) -> Desk {
    let mut desk = received();
    desk.done(&officer(), command);
    desk
}

fn sent_back() -> Desk {
    let mut desk = after(&answer(Answer::Void));
    desk.done(&office(), &send_back());
    desk
}

fn samples() -> Vec<(&'static str, Desk)> {
    let mut late = received();
    late.clocks_until(START.plus_ms(10 * DAY));
    let mut again = sent_back();
    again.done(&officer(), &answer(Answer::NotFound));
    vec![
        ("(none)", Desk::new()),
        ("waiting", received()),
        ("waiting, overdue", late),
        ("taken up", after(&take_up())),
        ("answered", after(&answer(Answer::NotSafety))),
        ("sent back", sent_back()),
        ("answered again", again),
    ]
}

fn commands() -> Vec<(&'static str, PublicReportCommand)> {
    vec![
        ("receive", receive(false)),
        ("take up", take_up()),
        ("known", answer(Answer::Known)),
        ("not safety", answer(Answer::NotSafety)),
        ("not found", answer(Answer::NotFound)),
        ("void", answer(Answer::Void)),
        ("send back", send_back()),
        ("tick answer", tick("answer")),
        ("tick telephone", tick("telephone")),
    ]
}

#[test]
fn every_command_at_every_stage() {
    let mut out = String::new();
    for (stage, desk) in samples() {
        for (name, command) in commands() {
            let said =
                [("officer", officer()), ("office", office()), ("guard", guard()), ("system", system())]
                    .iter()
                    .filter_map(|(who, standing)| {
                        let what = match desk.ask(standing, &command) {
                            Err(refusal) if refusal.code == "forbidden" => return None,
                            Err(refusal) => {
                                format!("({})", refusal.code.trim_start_matches("public-report-"))
                            }
                            Ok(events) if events.is_empty() => "-".to_owned(),
                            Ok(events) => {
                                let names = events.iter().map(|event| event.event_type());
                                names
                                    .map(|n| n.0.trim_start_matches("public_report."))
                                    .collect::<Vec<_>>()
                                    .join("+")
                            }
                        };
                        Some(format!("{who} {what}"))
                    })
                    .collect::<Vec<_>>();
            writeln!(out, "{stage:<17} {name:<15} {}", said.join("; ")).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_report_says_something_in_words_or_by_a_photo() {
    let desk = Desk::new();
    let with = |fill: fn(&mut Reception)| {
        let mut asked = told(false);
        fill(&mut asked);
        desk.ask(&system(), &PublicReportCommand::Receive(Box::new(asked))).map_err(|refusal| refusal.code)
    };
    assert!(with(|asked| asked.words.clear()).is_ok(), "a photo says it");
    assert!(with(|asked| asked.photos.clear()).is_ok());
    assert!(with(|asked| asked.category.clear()).is_ok(), "whoever cannot say which kind");
    let nothing = |asked: &mut Reception| {
        asked.words = " \u{200b} ".to_owned();
        asked.photos.clear();
    };
    assert_eq!(with(nothing).unwrap_err(), "public-report-says-nothing");
    assert_eq!(with(|asked| asked.photos = (0..4).map(photo).collect()).unwrap_err(), "photos-too-many");
    assert_eq!(with(|asked| asked.category = "H16".to_owned()).unwrap_err(), "hazard-category-restricted");
    assert_eq!(with(|asked| asked.category = "H77".to_owned()).unwrap_err(), "field-choose");
    assert_eq!(with(|asked| asked.words = "有同学被打了".to_owned()).unwrap_err(), "hazard-text-restricted");
    assert_eq!(with(|asked| asked.words = "请打 13987654321 问我".to_owned()).unwrap_err(), "text-mobile");
    assert_eq!(with(|asked| asked.spot = "东".repeat(101)).unwrap_err(), "text-too-long");
}

#[test]
fn only_a_place_in_use_takes_reports_and_not_too_many_a_day() {
    let with = |fill: &dyn Fn(&mut Desk)| {
        let mut desk = Desk::new();
        fill(&mut desk);
        desk.ask(&system(), &receive(false)).map(|events| events.len()).map_err(|refusal| refusal.code)
    };
    assert_eq!(with(&|_| ()), Ok(1));
    assert_eq!(with(&|desk| desk.facts.place = None), Err("public-report-place-closed"));
    assert_eq!(
        with(&|desk| desk.facts.place.as_mut().unwrap().open = false),
        Err("public-report-place-closed")
    );
    assert_eq!(
        with(&|desk| desk.facts.seat.as_mut().unwrap().0.closed = true),
        Err("public-report-place-closed")
    );
    assert_eq!(with(&|desk| desk.facts.today = limits::REPORTS_PER_PLACE_A_DAY - 1), Ok(1));
    assert_eq!(
        with(&|desk| desk.facts.today = limits::REPORTS_PER_PLACE_A_DAY),
        Err("public-report-place-full")
    );
}

#[test]
fn a_report_becomes_the_very_hazard_that_was_registered_with_it() {
    let desk = received();
    let with = |fill: fn(&mut crate::facts::HazardSeen)| {
        let mut desk = desk.clone();
        fill(desk.facts.hazard.as_mut().unwrap());
        desk.refused(&officer(), &take_up())
    };
    assert_eq!(with(|hazard| hazard.from_public = false), "public-report-hazard-unknown");
    assert_eq!(with(|hazard| hazard.open = false), "public-report-hazard-unknown");
    assert_eq!(with(|hazard| hazard.taken = true), "public-report-hazard-unknown");
    assert_eq!(with(|hazard| hazard.unit = kernel::UnitId::NIL), "public-report-hazard-unknown");
    let taken = after(&take_up());
    assert_eq!(taken.state().stage.hazard().unwrap().0, hazard_id());
}

#[test]
fn what_is_known_already_names_an_open_hazard() {
    let mut desk = received();
    let unnamed = PublicReportCommand::Answer {
        answer: Answer::Known,
        hazard: None,
        words: "已经登记，正在整改".to_owned(),
    };
    assert_eq!(desk.refused(&officer(), &unnamed), "field-choose");
    desk.facts.hazard.as_mut().unwrap().open = false;
    assert_eq!(desk.refused(&officer(), &answer(Answer::Known)), "public-report-hazard-closed");
    desk.facts.hazard = None;
    assert_eq!(desk.refused(&officer(), &answer(Answer::Known)), "public-report-hazard-unknown");
}

#[test]
fn an_answer_says_something_and_names_nobody() {
    let desk = received();
    let saying = |words: &str| {
        let command =
            PublicReportCommand::Answer { answer: Answer::NotFound, hazard: None, words: words.to_owned() };
        desk.refused(&officer(), &command)
    };
    assert_eq!(saying(" "), "text-missing");
    assert_eq!(saying("按要求"), "hazard-why-filler");
    assert_eq!(saying("请联系 13987654321"), "text-mobile");
    assert_eq!(saying("学生之间打架造成"), "hazard-text-restricted");
}

#[test]
fn an_answer_is_sent_back_once() {
    let desk = sent_back();
    let Stage::Waiting { due, .. } = &desk.state().stage else { panic!("{:?}", desk.state().stage) };
    assert_eq!(due.rule, "public-report.again");
    let mut again = desk.clone();
    again.done(&officer(), &answer(Answer::NotFound));
    assert_eq!(again.refused(&office(), &send_back()), "public-report-sent-back-before");
    assert_eq!(after(&take_up()).refused(&office(), &send_back()), "public-report-wrong-stage");
}

#[test]
fn the_time_to_answer_warns_once_at_each_mark() {
    let mut desk = received();
    desk.clocks_until(START.plus_ms(20 * DAY));
    let marks: Vec<u8> = desk
        .events
        .iter()
        .filter_map(|event| match event {
            PublicReportEvent::Warned(parts) => Some(parts.core.mark),
            _ => None,
        })
        .collect();
    assert_eq!(marks, [50, 80, 100]);
    assert!(desk.state().late);
    let mut unheard = received();
    unheard.now = START.plus_ms(20 * DAY);
    unheard.done(&officer(), &answer(Answer::NotFound)).clocks_until(START.plus_ms(90 * DAY));
    assert!(unheard.state().late, "no clock was heard between, and it stays so");
    assert!(!after(&answer(Answer::NotFound)).state().late);
    assert_eq!(desk.ask(&system(), &tick("answer")).unwrap(), []);
}

#[test]
fn a_telephone_goes_some_time_after_the_answer_and_stays_while_one_is_owed() {
    let mut waits = received();
    waits.clocks_until(START.plus_ms(200 * DAY));
    assert_eq!(waits.state().telephone, Telephone::Kept, "it is still needed");
    let mut desk = after(&answer(Answer::Void));
    let forget = desk.state().forget.unwrap();
    assert!((29 * DAY..=32 * DAY).contains(&forget.since_ms(START)), "{forget:?}");
    assert_eq!(desk.ask(&system(), &tick("telephone")).unwrap(), [], "not before");
    let mut back = desk.clone();
    back.done(&office(), &send_back()).clocks_until(START.plus_ms(100 * DAY));
    assert_eq!(back.state().telephone, Telephone::Kept);
    desk.clocks_until(forget);
    assert_eq!(desk.state().telephone, Telephone::Erased);
    assert_eq!(desk.state().stage.code(), StageCode::Answered);
    assert_eq!(desk.ask(&system(), &tick("telephone")).unwrap(), [], "gone is gone");
    let mut none = Desk::new();
    none.done(&system(), &receive(false)).done(&officer(), &answer(Answer::Void));
    assert_eq!((none.state().telephone, none.state().forget), (Telephone::None, None));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
fn the_documentation_shows_what_the_code_does() {
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/state-machines/public-report.md");
    let page = crate::diagram_page();
    if std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/state-machines/public-report.md differs; XIAOAN_WRITE=1 writes it again");
}
