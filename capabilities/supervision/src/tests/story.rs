//! The way of a listing from the grading to the delisting, and where it turns back.

use journal::Parts;
use kernel::PersonId;
use uuid::Uuid;

use super::support::*;
use crate::{
    CheckDraft, Number, Stage, StageCode, SupervisionCommand, SupervisionEvent, SupervisionState, Told,
    event::{CheckedPeople, EndedWhy},
};

fn nothing() -> Vec<String> {
    Vec::new()
}

/// Opened, controlled and listed: every deadline by its rule, every step by the next one's people.
#[test]
fn from_the_grading_to_the_list() {
    let mut desk = Desk::new();
    assert_eq!(desk.done(&system(), &open()), ["opened"]);
    assert_eq!(time(START), "03-02 09:00");
    assert_eq!(
        desk.waits_for(),
        ["control by the school until 03-03 09:00", "draft by the county until 03-05 23:59"]
    );
    assert_eq!(desk.done(&head(), &control()), ["controlled"]);
    assert_eq!(desk.done(&drafter(), &draft(desk.now)), ["drafted"]);
    assert_eq!(desk.waits_for(), ["draft by the county until 03-05 23:59"]);
    assert_eq!(desk.done(&drafter(), &SupervisionCommand::Submit), ["submitted"]);
    assert_eq!(desk.waits_for(), ["review by the county until 03-05 23:59"]);
    assert_eq!(desk.done(&reviewer(), &review(true)), ["reviewed"]);
    assert_eq!(desk.waits_for(), ["sign by the county until 03-05 23:59"]);
    assert_eq!(desk.state().given, None);
    assert_eq!(desk.done(&leader(), &sign(true)), ["signed"]);
    assert_eq!(
        desk.waits_for(),
        ["receive by the school until 03-04 23:59", "progress by the school until 03-09 23:59"]
    );
    let listing = desk.state().stage.listing().unwrap();
    assert_eq!(listing.number, Number { year: 2026, serial: 1 });
    assert_eq!(listing.number.to_string(), "2026-001");
    assert_eq!(listing.document_number, "师教体督〔2026〕3号");
    assert_eq!(listing.notice.copies, "县住房城乡建设局");
    assert_eq!(listing.receipt.rule, "hazard.major.receipt");
    assert_eq!(listing.progress.rule, "hazard.major.progress");
}

#[test]
fn from_the_list_to_the_delisting() {
    let mut desk = listed();
    desk.done(&head(), &control());
    assert_eq!(desk.done(&head(), &receive()), ["received"]);
    assert_eq!(desk.waits_for(), ["progress by the school until 03-09 23:59"]);
    desk.now = START.plus_ms(4 * DAY);
    assert_eq!(desk.done(&system(), &hear(Told::Progressed)), ["progressed"]);
    assert_eq!(desk.waits_for(), ["progress by the school until 03-13 23:59"]);
    assert_eq!(desk.done(&system(), &hear(Told::Rectified)), ["rectified"]);
    assert_eq!(desk.waits_for(), ["apply by the school"]);
    assert_eq!(desk.done(&head(), &apply()), ["delisting_asked"]);
    // A Friday: the working days are Monday to Wednesday.
    assert_eq!(desk.waits_for(), ["check by the county until 03-11 23:59"]);
    assert_eq!(desk.done(&drafter(), &check(desk.now, true)), ["checked"]);
    assert_eq!(desk.waits_for(), ["sign-check by the county until 03-10 23:59"]);
    assert_eq!(desk.stage(), StageCode::Checking);
    assert_eq!(desk.ask(&drafter(), &SupervisionCommand::SignCheck).unwrap(), [], "signed with the record");
    assert_eq!(desk.done(&reviewer(), &SupervisionCommand::SignCheck), ["check_signed"]);
    assert_eq!(desk.waits_for(), ["delist by the county until 03-10 23:59"]);
    assert_eq!(desk.done(&leader(), &delist(true)), ["delisted"]);
    let Stage::Delisted { document_number, check, .. } = &desk.state().stage else { panic!() };
    assert_eq!(document_number, "师教体督〔2026〕9号");
    assert!(check.checkers.iter().all(|checker| checker.signed.is_some()));
    assert_eq!(desk.waits_for(), nothing());
}

#[test]
fn a_notice_sent_back_goes_through_all_three_hands_again() {
    for at_signing in [false, true] {
        let mut desk = if at_signing { signing() } else { reviewing() };
        let back = match at_signing {
            true => desk.done(&leader(), &sign(false)),
            false => desk.done(&reviewer(), &review(false)),
        };
        assert_eq!((back, desk.stage()), (vec!["sent_back"], StageCode::Drafted));
        assert_eq!(desk.state().stage.notice().unwrap().supervisor, county(), "what was written is kept");
        assert_eq!(desk.waits_for()[1], "draft by the county until 03-05 23:59", "the deadline is kept too");
        desk.done(&drafter(), &draft(desk.now));
        desk.done(&drafter(), &SupervisionCommand::Submit);
        assert_eq!(desk.code(&leader(), &sign(true)), "supervision-wrong-stage");
        desk.done(&reviewer(), &review(true));
        assert_eq!(desk.done(&leader(), &sign(true)), ["signed"]);
    }
}

#[test]
fn until_it_is_signed_a_leader_may_decide_not_to_list_it() {
    for mut desk in [owed(), drafted(), reviewing(), signing()] {
        assert_eq!(desk.code(&reviewer(), &waive()), "forbidden");
        assert_eq!(desk.done(&leader(), &waive()), ["waived"]);
        assert_eq!((desk.stage(), desk.waits_for()), (StageCode::Waived, nothing()));
    }
    for desk in [listed(), applied(), checking(), checked(), delisted(), waived(), ended()] {
        assert_eq!(desk.code(&leader(), &waive()), "supervision-wrong-stage");
    }
}

#[test]
fn a_failed_check_and_the_return_of_the_hazard_begin_a_new_week() {
    let mut desk = applied();
    desk.now = desk.now.plus_ms(3 * DAY);
    assert_eq!(desk.act(&drafter(), &check(desk.now, false)), ["checked"]);
    assert_eq!(desk.done(&system(), &hear(Told::Returned)), ["returned"]);
    assert_eq!(desk.stage(), StageCode::Listed);
    assert_eq!(desk.waits_for(), ["progress by the school until 03-12 23:59"]);
    assert_eq!(desk.code(&head(), &apply()), "supervision-not-rectified");
    desk.done(&system(), &hear(Told::Rectified));
    desk.done(&head(), &apply());
    desk.done(&drafter(), &check(desk.now, true));
    desk.done(&reviewer(), &SupervisionCommand::SignCheck);
    assert_eq!(desk.done(&leader(), &delist(true)), ["delisted"]);
}

#[test]
fn a_hazard_returned_before_the_check_ends_the_application() {
    for mut desk in [rectified(), applied(), checking(), checked()] {
        assert_eq!(desk.done(&system(), &hear(Told::Returned)), ["returned"]);
        assert_eq!((desk.stage(), desk.state().rectified), (StageCode::Listed, false));
    }
    let mut early = signing();
    early.done(&system(), &hear(Told::Rectified));
    early.done(&system(), &hear(Told::Returned));
    assert_eq!((early.stage(), early.state().rectified), (StageCode::Signing, false));
}

#[test]
fn what_was_fixed_before_the_list_may_be_applied_for_at_once() {
    let mut desk = signing();
    desk.done(&system(), &hear(Told::Rectified));
    desk.done(&leader(), &sign(true));
    desk.done(&head(), &receive());
    desk.done(&head(), &control());
    assert_eq!(desk.waits_for(), ["apply by the school"]);
    assert_eq!(desk.done(&head(), &apply()), ["delisting_asked"]);
}

#[test]
fn a_refused_delisting_is_checked_anew() {
    let mut desk = checked();
    desk.now = START.plus_ms(2 * DAY);
    assert_eq!(desk.done(&leader(), &delist(false)), ["delisting_refused"]);
    assert_eq!(desk.stage(), StageCode::Applied);
    assert_eq!(desk.waits_for(), ["check by the county until 03-09 23:59"]);
    assert!(desk.state().stage.check().is_none(), "the old check counts no more");
    desk.done(&reviewer(), &check(desk.now, true));
    desk.done(&drafter(), &SupervisionCommand::SignCheck);
    assert_eq!(desk.done(&leader(), &delist(true)), ["delisted"]);
}

fn why_ended(desk: &Desk) -> Option<EndedWhy> {
    match desk.events.last() {
        Some((_, SupervisionEvent::Ended(parts))) => parts.core.why.known(),
        _ => None,
    }
}

#[test]
fn a_hazard_that_is_none_or_not_major_ends_it_wherever_it_stands() {
    let told = [(Told::Withdrawn, EndedWhy::Withdrawn), (Told::Lowered, EndedWhy::Lowered)];
    for (told, why) in told {
        for mut desk in
            [owed(), drafted(), reviewing(), signing(), listed(), applied(), checking(), checked()]
        {
            let listed = desk.state().stage.listing().cloned();
            assert_eq!(desk.done(&system(), &hear(told)), ["ended"]);
            assert_eq!((desk.stage(), why_ended(&desk)), (StageCode::Ended, Some(why)));
            assert_eq!(desk.state().stage.listing(), listed.as_ref(), "what was listed stays known");
            assert_eq!(desk.waits_for(), nothing());
        }
        for desk in [delisted(), waived(), ended()] {
            assert_eq!(desk.ask(&system(), &hear(told)).unwrap(), []);
        }
    }
}

#[test]
fn what_comes_back_is_listed_anew_from_the_beginning() {
    for mut desk in [delisted(), waived(), ended()] {
        let given = desk.state().given;
        desk.now = START.plus_ms(20 * DAY);
        let began = desk.now;
        assert_eq!(desk.done(&system(), &open()), ["opened"]);
        let clean = SupervisionState { round: 1, given: None, ..desk.state().clone() };
        let mut first = Desk::new();
        first.now = began;
        first.done(&system(), &open());
        assert_eq!(&clean, first.state(), "but for round and number as if it had never been listed");
        assert_eq!((desk.state().round, desk.state().given), (2, given));
        assert_eq!(desk.waits_for(), first.waits_for());
    }
}

#[test]
fn a_second_round_gets_a_number_of_its_own() {
    let mut desk = delisted();
    desk.done(&system(), &open());
    desk.done(&drafter(), &draft(desk.now));
    desk.done(&drafter(), &SupervisionCommand::Submit);
    desk.done(&reviewer(), &review(true));
    desk.done(&leader(), &sign(true));
    let second = Number { year: 2026, serial: 2 };
    assert_eq!(desk.state().stage.listing().unwrap().number, second);
    assert_eq!(desk.state().given, Some(second));
}

#[test]
fn what_runs_is_not_opened_twice_and_what_was_never_listed_hears_nothing() {
    for desk in [owed(), drafted(), reviewing(), signing(), listed(), applied(), checking(), checked()] {
        assert_eq!(desk.ask(&system(), &open()).unwrap(), []);
    }
    for told in [Told::Progressed, Told::Rectified, Told::Returned, Told::Withdrawn, Told::Lowered] {
        assert_eq!(Desk::new().ask(&system(), &hear(told)).unwrap(), []);
        assert_eq!(delisted().ask(&system(), &hear(told)).unwrap(), []);
    }
}

#[test]
fn people_from_elsewhere_sign_on_paper() {
    let mut desk = applied();
    let others = "张工、李教授，".to_owned();
    let alone = CheckDraft { checkers: Vec::new(), others, ..check_draft(desk.now, true) };
    assert_eq!(desk.code(&drafter(), &checked_as(alone.clone())), "supervision-sheet-missing");
    assert_eq!(desk.done(&drafter(), &checked_as(CheckDraft { sheet: true, ..alone })), ["checked"]);
    let (_, SupervisionEvent::Checked(Parts { core, personal, .. })) = desk.events.last().unwrap() else {
        panic!()
    };
    assert_eq!((core.others, core.sheet, core.checkers.len()), (2, true, 0));
    assert_eq!(personal, &Some(CheckedPeople { others: "张工、李教授，".to_owned() }));
    assert_eq!(desk.stage(), StageCode::Checked, "the sheet holds every signature");
    assert_eq!(desk.done(&leader(), &delist(true)), ["delisted"]);
}

#[test]
fn one_known_here_and_one_from_elsewhere_are_two() {
    let desk = applied();
    let checkers = vec![person(1), person(1)];
    let one = CheckDraft { checkers, sheet: true, ..check_draft(desk.now, true) };
    assert_eq!(desk.code(&drafter(), &checked_as(one.clone())), "supervision-checkers-few", "twice is one");
    let two = CheckDraft { others: "张工".to_owned(), ..one };
    assert_eq!(desk.ask(&drafter(), &checked_as(two)).unwrap().len(), 1);
}

#[test]
fn a_recorder_who_was_not_there_signs_nothing() {
    let mut desk = applied();
    let two = vec![person(2), PersonId(Uuid::from_u128(77))];
    desk.done(&drafter(), &checked_as(CheckDraft { checkers: two.clone(), ..check_draft(desk.now, true) }));
    assert_eq!(desk.state().stage.check().unwrap().unsigned().count(), 2);
    desk.done(&reviewer(), &SupervisionCommand::SignCheck);
    assert_eq!(desk.state().stage.check().unwrap().unsigned().collect::<Vec<_>>(), [two[1]]);
    assert_eq!(desk.stage(), StageCode::Checking);
}

#[test]
fn erased_words_leave_the_way_as_it_is() {
    let mut desk = Desk::new();
    for (stamp, event) in delisted().events {
        let erased = match event {
            SupervisionEvent::Drafted(p) => SupervisionEvent::Drafted(Parts { text: None, ..p }),
            SupervisionEvent::Signed(p) => SupervisionEvent::Signed(Parts { text: None, ..p }),
            SupervisionEvent::Checked(p) => {
                SupervisionEvent::Checked(Parts { text: None, personal: None, ..p })
            }
            SupervisionEvent::Delisted(p) => SupervisionEvent::Delisted(Parts { text: None, ..p }),
            other => other,
        };
        desk.now = stamp.at;
        desk.record(stamp.actor, erased);
    }
    assert_eq!(desk.stage(), StageCode::Delisted);
    let listing = desk.state().stage.listing().unwrap();
    assert_eq!((listing.notice.requirements.as_ref(), listing.document_number.as_str()), (None, ""));
}
