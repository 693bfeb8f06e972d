//! 拟稿、签发、送出、撤回, the clocks that run then, and what is refused.

use journal::{Parts, Subject};

use super::support::*;
use crate::{Channel, LetterDraft, StageCode, Transfer, TransferCommand, TransferEvent, diagram::diagram};

fn drafted_as(draft: LetterDraft) -> TransferCommand {
    TransferCommand::Draft(Box::new(draft))
}

#[test]
fn a_letter_goes_from_draft_to_department() {
    let mut desk = Desk::new();
    assert_eq!(desk.done(&drafter(), &draft(START)), ["drafted"]);
    assert_eq!((desk.stage(), desk.waits_for().as_str()), (StageCode::Drafted, "submit"));
    assert_eq!(desk.done(&colleague(), &TransferCommand::Submit), ["submitted"]);
    assert_eq!(desk.waits_for(), "sign");
    assert_eq!(desk.done(&leader(), &sign(true)), ["signed"]);
    assert_eq!(desk.waits_for(), "send");
    assert_eq!(desk.done(&drafter(), &send(desk.now, Channel::Both)), ["sent"]);
    assert_eq!(desk.waits_for(), "await-receipt until 03-05 23:59");
    let signature = desk.state().stage.signature().unwrap();
    assert_eq!(
        (signature.number.to_string().as_str(), signature.document_number.as_str()),
        ("2026-001", "师教体函〔2026〕3号")
    );
}

/// The letter says what the hazard was when it was written, whatever becomes of the hazard.
#[test]
fn the_facts_of_the_hazard_are_frozen() {
    let mut desk = signing();
    desk.facts.hazard = None;
    desk.done(&leader(), &sign(true));
    let letter = &desk.state().letter;
    assert_eq!(letter.found.as_deref(), Some("校门口流动摊点占道，无证售卖食品"));
    assert_eq!(letter.unit_name.as_deref(), Some("第一小学"));
    assert_eq!(letter.department_name.as_deref(), Some("县市场监督管理局"));
    assert_eq!(letter.photos, [photo(1)]);
}

#[test]
fn nobody_signs_what_he_wrote_however_it_was_changed_since() {
    let mut desk = Desk::new();
    desk.done(&both(), &draft(START));
    desk.done(&drafter(), &draft(desk.now));
    desk.done(&drafter(), &TransferCommand::Submit);
    assert_eq!(desk.code(&both(), &sign(true)), "transfer-another-signs");
    assert_eq!(desk.code(&both(), &sign(false)), "transfer-another-signs");
    assert_eq!(crate::turn(desk.state()).unwrap().barred, [person(1), person(4)]);
    assert_eq!(desk.done(&leader(), &sign(false)), ["sent_back"]);
    assert_eq!(desk.stage(), StageCode::Drafted);
    desk.done(&colleague(), &draft(desk.now));
    desk.done(&colleague(), &TransferCommand::Submit);
    assert_eq!(desk.code(&both(), &sign(true)), "transfer-another-signs");
    assert_eq!(desk.done(&leader(), &sign(true)), ["signed"]);
}

#[test]
fn a_draft_that_cannot_go_out_is_refused() {
    let desk = Desk::new();
    let usual = || draft_of(START);
    let code = |draft: LetterDraft| desk.code(&drafter(), &drafted_as(draft));
    assert_eq!(code(LetterDraft { department: None, ..usual() }), "field-choose");
    assert_eq!(code(LetterDraft { reply_by: None, ..usual() }), "field-required");
    assert_eq!(code(LetterDraft { reply_by: Some(START), ..usual() }), "transfer-day-past");
    assert_eq!(code(LetterDraft { reply_by: Some(START.plus_ms(90 * DAY)), ..usual() }), "transfer-day-late");
    assert_eq!(code(LetterDraft { request: "按要求".to_owned(), ..usual() }), "transfer-request-filler");
    assert_eq!(code(LetterDraft { request: String::new(), ..usual() }), "text-missing");
    let mobile = "请联系 13900000001 处理".to_owned();
    assert_eq!(code(LetterDraft { request: mobile, ..usual() }), "text-mobile");
    assert_eq!(code(LetterDraft { photos: vec![photo(7)], ..usual() }), "transfer-photo-foreign");
    assert_eq!(code(LetterDraft { unit: county(), ..usual() }), "transfer-hazard-unknown");
    assert_eq!(code(LetterDraft { former: Some(letter_id()), ..usual() }), "transfer-former");
    let mut closed = Desk::new();
    closed.facts.department = None;
    assert_eq!(closed.code(&drafter(), &draft(START)), "transfer-department-unknown");
    closed.facts.hazard = None;
    assert_eq!(closed.code(&drafter(), &draft(START)), "transfer-hazard-unknown");
}

#[test]
fn a_photo_chosen_twice_goes_along_once_and_invisible_characters_do_not() {
    let mut desk = Desk::new();
    let photos = vec![photo(2), photo(2), photo(1)];
    let request = "请依法\u{200b}查处并回告结果".to_owned();
    desk.done(&drafter(), &drafted_as(LetterDraft { photos, request, ..draft_of(START) }));
    assert_eq!(desk.state().letter.photos, [photo(2), photo(1)]);
    assert_eq!(desk.state().letter.request.as_deref(), Some("请依法查处并回告结果"));
}

#[test]
fn a_day_that_passed_meanwhile_is_neither_signed_nor_sent() {
    let (mut signing, mut signed) = (signing(), signed());
    for desk in [&mut signing, &mut signed] {
        desk.now = START.plus_ms(11 * DAY);
    }
    assert_eq!(signing.code(&leader(), &sign(true)), "transfer-day-past");
    assert_eq!(signed.code(&drafter(), &send(signed.now, Channel::Paper)), "transfer-day-past");
    assert_eq!(signing.done(&leader(), &sign(false)), ["sent_back"]);
    assert_eq!(signed.done(&drafter(), &withdraw()), ["withdrawn"]);
}

#[test]
fn it_goes_out_neither_tomorrow_nor_before_it_was_signed() {
    let desk = signed();
    let on = |days: i64| send(desk.now.plus_ms(days * DAY), Channel::Paper);
    assert_eq!(desk.code(&drafter(), &on(1)), "date-in-future");
    assert_eq!(desk.code(&drafter(), &on(-1)), "transfer-day-before");
}

#[test]
fn an_answered_letter_is_not_taken_back() {
    for mut desk in [drafted(), signing(), signed(), sent(), received()] {
        assert_eq!(desk.code(&drafter(), &TransferCommand::Withdraw(note("无"))), "hazard-why-filler");
        assert_eq!(desk.done(&drafter(), &withdraw()), ["withdrawn"]);
        assert_eq!((desk.stage(), desk.waits_for().as_str()), (StageCode::Withdrawn, ""));
    }
    let mut asked = answered(crate::Answer::TakenOn);
    asked.done(&drafter(), &ask_again(asked.now));
    assert_eq!(asked.code(&drafter(), &withdraw()), "transfer-wrong-stage");
}

#[test]
fn a_withdrawn_letter_keeps_its_number() {
    assert_eq!(withdrawn().state().stage.signature().unwrap().number.serial, 1);
    let mut desk = signed();
    desk.done(&drafter(), &withdraw());
    assert_eq!(desk.state().stage.signature().unwrap().number.serial, 1);
}

#[test]
fn each_clock_runs_until_what_it_waits_for() {
    let running = |desk: &Desk| -> Vec<&str> {
        Transfer::clocks(desk.state()).into_iter().map(|clock| clock.name).collect()
    };
    for desk in [drafted(), signing(), signed(), withdrawn()] {
        assert_eq!(running(&desk), Vec::<&str>::new());
    }
    assert_eq!(running(&sent()), ["receipt", "reply"]);
    assert_eq!(running(&received()), ["reply"]);
    assert_eq!(running(&answered(crate::Answer::TakenOn)), ["promise"]);
    assert_eq!(running(&answered(crate::Answer::Done)), Vec::<&str>::new());
    assert_eq!(running(&answered(crate::Answer::NotOurs)), Vec::<&str>::new());
}

#[test]
fn each_mark_is_heard_once_and_a_further_question_begins_without() {
    let mut desk = sent();
    let heard = desk.clocks_until(START.plus_ms(30 * DAY));
    assert_eq!(heard, ["receipt 50%", "receipt 80%", "receipt 100%", "reply 50%", "reply 80%", "reply 100%"]);
    assert_eq!(desk.ask(&system(), &tick("reply")).unwrap(), []);
    let now = desk.now;
    desk.done(&drafter(), &reply(crate::Answer::TakenOn, crate::Way::Paper, None, now));
    desk.done(&drafter(), &ask_again(desk.now));
    assert_eq!(desk.clocks_until(desk.now.plus_ms(3 * DAY)), ["reply 50%"]);
    assert_eq!(drafted().ask(&system(), &tick("reply")).unwrap(), [], "what does not run warns of nothing");
}

#[test]
fn erased_words_leave_the_way_as_it_is() {
    let mut desk = Desk::new();
    for (stamp, event) in answered(crate::Answer::Done).events {
        let erased = match event {
            TransferEvent::Drafted(p) => TransferEvent::Drafted(Parts { text: None, ..p }),
            TransferEvent::Received(p) => TransferEvent::Received(Parts { text: None, personal: None, ..p }),
            TransferEvent::Replied(p) => TransferEvent::Replied(Parts { text: None, personal: None, ..p }),
            other => other,
        };
        desk.now = stamp.at;
        desk.record(stamp.actor, erased);
    }
    assert_eq!(desk.stage(), StageCode::Done);
    assert_eq!(desk.state().letter.request, None);
}

#[test]
fn the_documentation_shows_what_the_code_does() {
    let path =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/state-machines/transfer.md");
    let page = crate::diagram_page();
    if test_support::golden::writing() {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/state-machines/transfer.md differs; XIAOAN_WRITE=1 writes it again");
    for stage in StageCode::ALL {
        let name = stage.name().replace('-', "_");
        assert!(diagram().contains(&format!("--> {name}:")), "{name} is never reached");
    }
}
