//! How a letter stands in facts, and the text to ask a department with.

use kernel::Timestamp;
use language::{Lang, Say};
use web::view::{Fact, Link};

use super::{Seen, href};
use crate::{
    event::{Channel, Way},
    state::{Stage, TransferState},
    texts, words,
};

pub(super) fn facts(lang: Lang, seen: &Seen, now: Timestamp) -> Vec<Fact> {
    let state = &seen.record.state;
    let mut facts = vec![
        Fact::new(texts::form_kind(lang), words::kind(lang, &state.letter.kind)),
        Fact::new(texts::column_department(lang), state.letter.department_name.clone().unwrap_or_default()),
    ];
    if let Some((office, telephone)) = &seen.contact {
        let contact = [office.as_str(), telephone.as_str()];
        let contact: Vec<&str> = contact.into_iter().filter(|part| !part.is_empty()).collect();
        if !contact.is_empty() {
            facts.push(Fact::new(texts::fact_contact(lang), contact.join(" · ")));
        }
    }
    if let Some(signature) = state.stage.signature() {
        facts.push(Fact::new(texts::column_number(lang), words::number(lang, signature.number)));
        if !signature.document_number.is_empty() {
            facts.push(Fact::new(texts::form_document_number(lang), &signature.document_number));
        }
        facts.push(Fact::new(texts::fact_signed(lang), Say(lang).date_time(signature.at)));
    }
    facts.extend(sent_facts(lang, state));
    if let Some(former) = state.former {
        let link = Link::new(texts::record_former_open(lang), href(former));
        facts.push(Fact::new(texts::fact_former(lang), texts::record_former(lang)).link(link));
    }
    if let Some(link) = state.open_link.filter(|_| seen.works()) {
        let until = Say(lang).date_time(link.until);
        let until = match link.until < now {
            true => texts::record_link_over(lang, link.link, until),
            false => texts::record_link_until(lang, link.link, until),
        };
        facts.push(Fact::new(texts::fact_link(lang), until));
    }
    facts
}

/// How it went out, and what came back.
fn sent_facts(lang: Lang, state: &TransferState) -> Vec<Fact> {
    let Some(dispatch) = state.stage.dispatch() else { return Vec::new() };
    let not_yet = || texts::not_yet(lang).to_owned();
    let sent = format!("{} · {}", Say(lang).date_of(dispatch.on), words::channel(lang, &dispatch.channel));
    let opened = dispatch.opened_at.map(|at| Say(lang).date_time(at));
    let recorded = |way: &kernel::Coded<Way>, said: String| match way.known() {
        Some(Way::Link) => said,
        _ => texts::recorded(lang, said, words::way(lang, way)),
    };
    let received = dispatch.received.as_ref().map(|receipt| {
        let office = receipt.office.clone().unwrap_or_default();
        recorded(&receipt.way, format!("{} · {office}", Say(lang).date_of(receipt.on)))
    });
    let answered = state.stage.reply().map(|reply| {
        let said = format!("{} · {}", Say(lang).date_of(reply.on), words::answer(lang, reply.answer));
        recorded(&reply.way, said)
    });
    let mut facts = vec![Fact::new(texts::fact_sent(lang), sent)];
    if dispatch.channel.known() != Some(Channel::Paper) || opened.is_some() {
        facts.push(Fact::new(texts::fact_opened(lang), opened.unwrap_or_else(not_yet)));
    }
    facts.push(Fact::new(texts::fact_received(lang), received.unwrap_or_else(not_yet)));
    facts.push(Fact::new(texts::fact_answered(lang), answered.unwrap_or_else(not_yet)));
    if let Stage::TakenOn { promise, .. } = &state.stage {
        facts.push(Fact::new(texts::form_promise(lang), Say(lang).date_of(promise.at)));
    }
    facts
}

/// What can be copied into a group of messages, or read out on the telephone.
pub(super) fn urging(lang: Lang, seen: &Seen) -> String {
    let state = &seen.record.state;
    let (Some(dispatch), true) = (state.stage.dispatch(), state.stage.code().is_out()) else {
        return String::new();
    };
    let kind = words::kind(lang, &state.letter.kind);
    let department = state.letter.department_name.clone().unwrap_or_default();
    let named = if dispatch.signature.document_number.is_empty() {
        words::number(lang, dispatch.signature.number)
    } else {
        dispatch.signature.document_number.clone()
    };
    let letter = format!("{kind} {named}");
    let sent = Say(lang).date_of(dispatch.on);
    match &state.stage {
        Stage::Sent { .. } => {
            let due = Say(lang).date_of(dispatch.receipt.at);
            texts::urge_receipt(lang, department, &seen.office_name, sent, letter, &seen.unit_name, due)
        }
        Stage::TakenOn { promise, .. } => {
            let due = Say(lang).date_of(promise.at);
            texts::urge_result(lang, department, &seen.office_name, sent, letter, &seen.unit_name, due)
        }
        _ => {
            let due = Say(lang).date_of(dispatch.reply.at);
            texts::urge_reply(lang, department, &seen.office_name, sent, letter, &seen.unit_name, due)
        }
    }
}
