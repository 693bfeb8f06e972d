//! What comes back: by the link, or written down by the office 代录.

use journal::Parts;

use super::support::*;
use crate::{
    Answer, Author, Channel, ReceiptDraft, ReplyDraft, Signatory, StageCode, TransferCommand, TransferEvent,
    Way,
};

fn replied(draft: ReplyDraft) -> TransferCommand {
    TransferCommand::Reply(Box::new(draft))
}

#[test]
fn a_department_confirms_and_answers_by_the_link() {
    let mut desk = linked();
    assert_eq!(desk.done(&system(), &TransferCommand::Opened { link: 1 }), ["opened"]);
    let opened = desk.state().stage.dispatch().unwrap().opened_at;
    assert!(opened.is_some());
    assert_eq!(desk.ask(&system(), &TransferCommand::Opened { link: 1 }).unwrap(), [], "once");
    assert_eq!(desk.done(&system(), &receive(Way::Link, Some(1), desk.now)), ["received"]);
    assert_eq!(desk.waits_for(), "await-reply until 03-12 23:59");
    assert_eq!(desk.done(&system(), &reply(Answer::TakenOn, Way::Link, Some(1), desk.now)), ["replied"]);
    assert_eq!((desk.stage(), desk.state().replies), (StageCode::TakenOn, 1));
    assert!(desk.waits_for().starts_with("await-result until 03-22"), "{}", desk.waits_for());
    assert_eq!(desk.state().stage.dispatch().unwrap().opened_at, opened);
}

#[test]
fn names_are_sealed_and_stand_in_no_state() {
    let desk = answered(Answer::Done);
    let json = serde_json::to_string(desk.state()).unwrap();
    assert!(json.contains("食品股") && !json.contains("王某某") && !json.contains("股长"), "{json}");
    let (_, TransferEvent::Replied(Parts { core, text, personal })) = desk.events.last().unwrap() else {
        panic!()
    };
    let author = Author { name: "王某某".to_owned(), post: "股长".to_owned() };
    assert_eq!(personal, &Some(author));
    let open = format!("{core:?} {text:?}");
    assert!(!open.contains("王某某") && !open.contains("股长"), "{open}");
}

#[test]
fn an_answer_is_given_once_until_the_office_asks_again() {
    for answer in [Answer::TakenOn, Answer::Done, Answer::NotOurs] {
        let desk = answered(answer);
        let again = reply(Answer::Done, Way::Link, Some(1), desk.now);
        assert_eq!(desk.code(&system(), &again), "transfer-wrong-stage", "{answer:?}");
        let receipt = receive(Way::Link, Some(1), desk.now);
        assert_eq!(desk.code(&system(), &receipt), "transfer-wrong-stage", "{answer:?}");
    }
    let mut desk = answered(Answer::TakenOn);
    assert_eq!(desk.done(&drafter(), &ask_again(desk.now)), ["asked_again"]);
    assert_eq!(desk.stage(), StageCode::Received);
    assert_eq!(desk.done(&system(), &reply(Answer::Done, Way::Link, Some(1), desk.now)), ["replied"]);
    assert_eq!((desk.stage(), desk.state().replies), (StageCode::Done, 2));
    assert_eq!(answered(Answer::NotOurs).code(&drafter(), &ask_again(START)), "transfer-wrong-stage");
}

#[test]
fn nobody_is_asked_for_ever() {
    let mut desk = answered(Answer::Done);
    for _ in 1..5 {
        desk.done(&drafter(), &ask_again(desk.now));
        desk.done(&drafter(), &reply(Answer::Done, Way::Telephone, None, desk.now));
    }
    assert_eq!(desk.code(&drafter(), &ask_again(desk.now)), "transfer-replies-many");
}

#[test]
fn a_link_that_is_over_stopped_or_replaced_takes_nothing() {
    let gone = |desk: &Desk, link: u32| {
        assert_eq!(desk.code(&system(), &receive(Way::Link, Some(link), desk.now)), "transfer-link-gone");
        let answer = reply(Answer::Done, Way::Link, Some(link), desk.now);
        assert_eq!(desk.code(&system(), &answer), "transfer-link-gone");
        assert_eq!(desk.ask(&system(), &TransferCommand::Opened { link }).unwrap(), []);
    };
    gone(&sent(), 1);
    gone(&linked(), 2);
    let mut old = linked();
    old.now = START.plus_ms(20 * DAY);
    gone(&old, 1);
    let mut stopped = linked();
    assert_eq!(stopped.done(&drafter(), &TransferCommand::RevokeLink), ["link_revoked"]);
    gone(&stopped, 1);
    let mut renewed = linked();
    renewed.done(&colleague(), &TransferCommand::MakeLink);
    gone(&renewed, 1);
    assert_eq!(renewed.done(&system(), &receive(Way::Link, Some(2), renewed.now)), ["received"]);
    let withdrawn = withdrawn();
    assert_eq!(withdrawn.code(&system(), &receive(Way::Link, Some(1), withdrawn.now)), "transfer-link-gone");
}

#[test]
fn a_link_is_made_for_what_went_out() {
    for desk in [drafted(), signing(), signed(), answered(Answer::Done), withdrawn()] {
        assert_eq!(desk.code(&drafter(), &TransferCommand::MakeLink), "transfer-wrong-stage");
    }
    let until = linked().state().open_link.unwrap().until;
    assert_eq!(time(until), "03-17 23:59", "fifteen days");
}

/// The platform brings what came by the link, and people what came otherwise: neither passes for the other.
#[test]
fn nobody_of_the_office_speaks_by_the_link_and_no_link_for_the_office() {
    let desk = linked();
    assert_eq!(desk.code(&drafter(), &receive(Way::Link, Some(1), desk.now)), "forbidden");
    assert_eq!(desk.code(&drafter(), &reply(Answer::Done, Way::Link, Some(1), desk.now)), "forbidden");
    assert_eq!(desk.code(&system(), &receive(Way::Paper, Some(1), desk.now)), "field-choose");
    assert_eq!(desk.code(&system(), &reply(Answer::Done, Way::Paper, Some(1), desk.now)), "field-choose");
    for by in [head(), leader()] {
        assert_eq!(desk.code(&by, &receive(Way::Paper, None, desk.now)), "forbidden");
    }
}

#[test]
fn what_the_office_writes_down_says_so_with_who_wrote_it() {
    let mut desk = sent();
    desk.done(&colleague(), &receive(Way::Telephone, None, desk.now));
    let (_, TransferEvent::Received(parts)) = desk.events.last().unwrap() else { panic!() };
    assert_eq!((parts.core.way.known(), parts.core.by), (Some(Way::Telephone), Some(person(2))));
    desk.done(&drafter(), &reply(Answer::NotOurs, Way::Paper, None, desk.now));
    let (_, TransferEvent::Replied(parts)) = desk.events.last().unwrap() else { panic!() };
    assert_eq!((parts.core.way.known(), parts.core.by), (Some(Way::Paper), Some(person(1))));
    assert_eq!(desk.state().stage.reply().unwrap().whose, "城市管理局");
    assert_eq!(desk.stage(), StageCode::Returned);
    assert!(Way::ALL.iter().filter(|way| way.is_recorded_for()).count() == 3);
}

#[test]
fn a_written_answer_needs_its_scan_and_every_answer_its_author() {
    let desk = sent();
    let usual = |way| answer_of(Answer::Done, way, None, desk.now);
    let code = |draft: ReplyDraft| desk.code(&drafter(), &replied(draft));
    assert_eq!(code(ReplyDraft { photos: Vec::new(), ..usual(Way::Paper) }), "transfer-scan-missing");
    let told = replied(ReplyDraft { photos: Vec::new(), ..usual(Way::Telephone) });
    assert_eq!(desk.ask(&drafter(), &told).unwrap().len(), 1);
    for missing in [
        Signatory { office: String::new(), ..signatory() },
        Signatory { name: "\u{200b} ".to_owned(), ..signatory() },
        Signatory { post: String::new(), ..signatory() },
    ] {
        assert_eq!(code(ReplyDraft { signatory: missing.clone(), ..usual(Way::Paper) }), "text-missing");
        let receipt = ReceiptDraft { signatory: missing, ..receipt(Way::Paper, None, desk.now) };
        assert_eq!(desk.code(&drafter(), &TransferCommand::Receive(Box::new(receipt))), "text-missing");
    }
    assert_eq!(code(ReplyDraft { words: "已处理".to_owned(), ..usual(Way::Paper) }), "transfer-words-filler");
    assert_eq!(code(ReplyDraft { words: "电话 13900000001".to_owned(), ..usual(Way::Paper) }), "text-mobile");
}

#[test]
fn a_promise_has_a_day_and_days_lie_where_they_can() {
    let desk = sent();
    let promised = |promise| {
        replied(ReplyDraft { promise, ..answer_of(Answer::TakenOn, Way::Telephone, None, desk.now) })
    };
    assert_eq!(desk.code(&drafter(), &promised(None)), "field-required");
    assert_eq!(desk.code(&drafter(), &promised(Some(START))), "transfer-day-past");
    assert_eq!(desk.code(&drafter(), &promised(Some(START.plus_ms(400 * DAY)))), "transfer-day-late");
    let on = |days: i64| receive(Way::Paper, None, desk.now.plus_ms(days * DAY));
    assert_eq!(desk.code(&drafter(), &on(1)), "date-in-future");
    assert_eq!(desk.code(&drafter(), &on(-1)), "transfer-day-before");
}

#[test]
fn an_answer_without_a_receipt_is_one() {
    let mut desk = sent();
    desk.done(&drafter(), &reply(Answer::Done, Way::Paper, None, desk.now));
    let receipt = desk.state().stage.dispatch().unwrap().received.clone().unwrap();
    assert_eq!(receipt.office.as_deref(), Some("食品股"));
}

#[test]
fn a_letter_that_came_back_goes_on_to_another_department() {
    let mut desk = Desk::new();
    desk.facts.former_came_back = true;
    let mut next = draft_of(START);
    next.former = Some(letter_id());
    desk.done(&drafter(), &TransferCommand::Draft(Box::new(next.clone())));
    assert_eq!(desk.state().former, Some(letter_id()));
    next.former = None;
    let other = TransferCommand::Draft(Box::new(next));
    assert_eq!(desk.code(&drafter(), &other), "transfer-hazard-unknown", "a draft keeps what it follows");
}

#[test]
fn urging_is_written_down_while_it_is_out() {
    for mut desk in [sent(), received(), answered(Answer::TakenOn)] {
        assert_eq!(desk.done(&drafter(), &urge()), ["urged"]);
        assert!(desk.state().urged_at.is_some());
    }
    for desk in [drafted(), signed(), answered(Answer::Done), withdrawn()] {
        assert_eq!(desk.code(&drafter(), &urge()), "transfer-wrong-stage");
    }
    assert_eq!(signed().code(&leader(), &send(START, Channel::Paper)), "forbidden");
}
