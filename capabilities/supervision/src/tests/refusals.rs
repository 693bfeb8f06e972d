//! Every refusal that a decision can give, reached once and on the field where a form shows it.

use std::collections::BTreeSet;

use hazard::Note;
use journal::Standing;
use kernel::Timestamp;

use super::support::*;
use crate::{CheckDraft, NoticeDraft, SupervisionCommand, Told};

struct Case {
    code: &'static str,
    on: &'static [&'static str],
    desk: Desk,
    by: Standing,
    command: SupervisionCommand,
}

fn case(
    code: &'static str,
    on: &'static [&'static str],
    (desk, by): (Desk, Standing),
    command: SupervisionCommand,
) -> Case {
    Case { code, on, desk, by, command }
}

fn words(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

fn of_notes() -> Vec<Case> {
    let at = |note: Note| ((owed(), leader()), SupervisionCommand::Waive(note));
    let one = |code, on, note| {
        let (table, command) = at(note);
        case(code, on, table, command)
    };
    let before_the_rules = Desk { now: Timestamp(0), ..Desk::new() };
    vec![
        case("supervision-unknown", &[], (Desk::new(), head()), control()),
        case("supervision-wrong-stage", &[], (listed(), drafter()), SupervisionCommand::Submit),
        case("rules-missing", &[], (before_the_rules, system()), open()),
        one("text-missing", &["note"], words(" ")),
        one("text-too-long", &["note"], words(&"长".repeat(2_001))),
        one("hazard-text-restricted", &["note"], words("有学生被同学打")),
        one("text-mobile", &["note"], words("找李老师 13812345678")),
        one("text-citizen-id", &["note"], words("11010519491231002X 已约谈")),
        one("hazard-why-filler", &["note"], words("按要求")),
        one("photos-too-many", &["photos"], Note { photos: vec![photo(1); 10], ..words("已拆除") }),
        one(
            "photo-unknown",
            &["photos"],
            Note { photos: vec![hazard::Photo("no".into())], ..words("已拆除") },
        ),
    ]
}

fn of_notices() -> Vec<Case> {
    let desk = owed();
    let right = notice(desk.now);
    let stranger = {
        let mut desk = desk.clone();
        desk.facts.may_supervise = false;
        desk
    };
    let one = |code, on, draft| case(code, on, (desk.clone(), drafter()), SupervisionCommand::Draft(draft));
    let past = Some(desk.now);
    let late = Some(desk.now.plus_ms(367 * DAY));
    let mut waited = signing();
    waited.now = waited.now.plus_ms(61 * DAY);
    vec![
        one("field-choose", &["supervisor"], NoticeDraft { supervisor: None, ..right.clone() }),
        case(
            "supervision-supervisor",
            &["supervisor"],
            (stranger, drafter()),
            SupervisionCommand::Draft(right.clone()),
        ),
        one("field-required", &["deadline"], NoticeDraft { deadline: None, ..right.clone() }),
        one("supervision-deadline-past", &["deadline"], NoticeDraft { deadline: past, ..right.clone() }),
        one("supervision-deadline-late", &["deadline"], NoticeDraft { deadline: late, ..right.clone() }),
        one(
            "supervision-requirements-filler",
            &["requirements"],
            NoticeDraft { requirements: "按要求".into(), ..right },
        ),
        case("supervision-drafter-may-not-review", &[], (reviewing(), drafter()), review(true)),
        case("supervision-another-signs", &[], (reviewed_by_the_leader(), leader()), sign(true)),
        case("supervision-deadline-past", &[], (waited, leader()), sign(true)),
    ]
}

fn reviewed_by_the_leader() -> Desk {
    let mut desk = reviewing();
    desk.done(&leader(), &review(true));
    desk
}

fn of_checks() -> Vec<Case> {
    let desk = applied();
    let right = check_draft(desk.now, true);
    let one = |code, on, draft| case(code, on, (desk.clone(), drafter()), checked_as(draft));
    let known = |unknown: bool| {
        let mut desk = desk.clone();
        let there = if unknown { &mut desk.facts.unknown } else { &mut desk.facts.of_the_school };
        there.push(person(1));
        (desk, drafter())
    };
    let day = |days: i64| Some(Timestamp::at_start_of(desk.now.plus_ms(days * DAY).local_date()));
    let crowd = (1..14).map(person).collect();
    vec![
        one("field-required", &["on"], CheckDraft { on: None, ..right.clone() }),
        one("date-in-future", &["on"], CheckDraft { on: day(1), ..right.clone() }),
        one("supervision-check-before", &["on"], CheckDraft { on: day(-1), ..right.clone() }),
        case("person-unknown", &["checkers"], known(true), checked_as(right.clone())),
        case("supervision-checker-of-school", &["checkers"], known(false), checked_as(right.clone())),
        one(
            "supervision-checkers-few",
            &["checkers"],
            CheckDraft { checkers: vec![person(1)], ..right.clone() },
        ),
        one("supervision-checkers-many", &["checkers"], CheckDraft { checkers: crowd, ..right.clone() }),
        one("supervision-sheet-missing", &["sheet"], CheckDraft { others: "张工".into(), ..right.clone() }),
        one("supervision-check-photo", &["photos"], CheckDraft { note: words("逐面墙查看"), ..right }),
        case("supervision-not-there", &[], (checking(), leader()), SupervisionCommand::SignCheck),
        case("supervision-another-delists", &[], (checked_by_a_leader(), leader()), delist(true)),
    ]
}

fn checked_by_a_leader() -> Desk {
    let mut desk = applied();
    let checkers = vec![person(1), person(3)];
    desk.done(&drafter(), &checked_as(CheckDraft { checkers, ..check_draft(desk.now, true) }));
    desk.done(&leader(), &SupervisionCommand::SignCheck);
    desk
}

fn of_applications() -> Vec<Case> {
    let mut fixed = listed();
    fixed.done(&system(), &hear(Told::Rectified));
    let mut received = fixed.clone();
    received.done(&head(), &receive());
    vec![
        case("supervision-not-rectified", &[], (listed(), head()), apply()),
        case("supervision-not-received", &[], (fixed, head()), apply()),
        case("supervision-not-controlled", &[], (received, head()), apply()),
    ]
}

/// The codes that the decisions name themselves.
fn named_in_the_decisions() -> BTreeSet<&'static str> {
    let sources = [
        include_str!("../decide.rs"),
        include_str!("../decide/notice.rs"),
        include_str!("../decide/check.rs"),
    ];
    let after = |source: &'static str| source.split("Refusal::new(\"").skip(1);
    sources.into_iter().flat_map(after).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_refusal_is_reached() {
    let cases = [of_notes(), of_notices(), of_checks(), of_applications()].into_iter().flatten();
    let mut reached = BTreeSet::new();
    for Case { code, on, desk, by, command } in cases {
        let refusal = desk.refused(&by, &command);
        assert_eq!((refusal.code, refusal.fields.as_slice()), (code, on), "{command:?}");
        reached.insert(code);
    }
    let missing: Vec<_> =
        named_in_the_decisions().into_iter().filter(|code| !reached.contains(code)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_reason_is_asked_for_whatever_stops_or_turns_back() {
    let nothing = Note::default();
    let no = |document_number: &str| (false, document_number.to_owned(), nothing.clone());
    let (passed, document_number, note) = no("");
    let turned_back = [
        (owed(), head(), SupervisionCommand::Control { measure: crate::Control::Close, note: note.clone() }),
        (reviewing(), reviewer(), SupervisionCommand::Review { passed, note: note.clone() }),
        (
            signing(),
            leader(),
            SupervisionCommand::Sign { passed, document_number: document_number.clone(), note: note.clone() },
        ),
        (rectified(), head(), SupervisionCommand::AskDelisting(note.clone())),
        (checked(), leader(), SupervisionCommand::Delist { passed, document_number, note }),
    ];
    for (desk, by, command) in turned_back {
        assert_eq!(desk.code(&by, &command), "text-missing", "{command:?}");
    }
    let silent = SupervisionCommand::Review { passed: true, note: nothing.clone() };
    assert_eq!(reviewing().ask(&reviewer(), &silent).unwrap().len(), 1, "a yes needs no words");
    assert_eq!(listed().ask(&head(), &SupervisionCommand::Receive(nothing)).unwrap().len(), 1);
}
