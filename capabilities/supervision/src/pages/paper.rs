//! What is printed, sealed and signed by hand: 挂牌督办通知书 with its 送达回执, 现场核查表, 摘牌通知书.

use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use papers::{Body, Form, Paper, Printing};
use web::{Failed, Visit, view::Fact};

use super::{
    SupervisionPages, href,
    record::{Seen, notice_facts, see},
    timeline::people,
};
use crate::{state::Stage, texts, words};

pub(super) async fn show(
    visit: Visit,
    printing: Printing,
    State(_): State<SupervisionPages>,
    Path((id, paper)): Path<(StreamId, String)>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let lang = visit.lang();
    let paper = match paper.as_str() {
        "notice" => notice(lang, &seen),
        "check" => check(lang, &seen),
        "delisting" => delisting(lang, &seen),
        _ => None,
    };
    let paper = paper.ok_or(Problem::NotFound)?;
    let shell =
        visit.shell(&paper.title).for_unit(&seen.unit_name, visit.now()).at("supervisions").back_to(href(id));
    papers::answer(&printing, shell, paper, Vec::new()).await
}

/// What the hazard is, where, since when.
fn hazard_facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let gone = || texts::erased(lang).to_owned();
    let mut facts =
        vec![Fact::new(texts::paper_hazard_number(lang), seen.record.state.hazard_number.to_string())];
    if let Some(hazard) = &seen.hazard {
        facts.push(Fact::new(texts::column_hazard(lang), hazard.description.clone().unwrap_or_else(gone)));
        facts.push(Fact::new(texts::paper_place(lang), hazard.place.clone().unwrap_or_else(gone)));
        facts.push(Fact::new(texts::paper_found(lang), Say(lang).date_of(hazard.found_at)));
    }
    facts
}

fn notice(lang: Lang, seen: &Seen) -> Option<Paper> {
    let notice = seen.record.state.stage.notice()?;
    let mut demands = notice_facts(lang, seen);
    demands.retain(|fact| fact.name != texts::form_copies(lang));
    let body = Body::new(lang)
        .text(texts::paper_notice_why(lang, &seen.unit_name))
        .heading(texts::paper_matter(lang))
        .facts(&hazard_facts(lang, seen))
        .heading(texts::paper_demands(lang))
        .facts(&demands)
        .text(texts::paper_notice_what(lang, Say(lang).date_of(notice.deadline)))
        .text(texts::paper_notice_end(lang));
    let receipt = Body::new(lang)
        .item(texts::paper_receipt_what(lang), texts::paper_notice(lang))
        .item(texts::paper_receipt_to(lang), &seen.unit_name)
        .signatures([
            texts::paper_receipt_by(lang),
            texts::paper_receipt_from(lang),
            texts::paper_receipt_on(lang),
        ]);
    let paper = Paper::new(lang, Form::Document, &seen.office_name, texts::paper_notice(lang))
        .addressed_to(&seen.unit_name)
        .saying(body)
        .copied_to(&notice.copies)
        .slip(texts::paper_receipt(lang), receipt);
    Some(match seen.record.state.stage.listing() {
        Some(listing) => paper
            .numbered(&listing.document_number, &words::number(lang, listing.number))
            .dated(listing.signed_at.local_date()),
        None => paper.draft(texts::paper_draft(lang)),
    })
}

/// Filled in as far as it is known: a sheet to take along, or the one that was written down.
fn check(lang: Lang, seen: &Seen) -> Option<Paper> {
    let listing = seen.record.state.stage.listing()?;
    let mut facts = hazard_facts(lang, seen);
    facts.push(Fact::new(texts::column_deadline(lang), Say(lang).date_of(listing.notice.deadline)));
    if let Some(check) = seen.record.state.stage.check() {
        let there: Vec<_> = check.checkers.iter().map(|checker| checker.person).collect();
        facts.push(Fact::new(texts::form_on(lang), Say(lang).date_of(check.on)));
        facts.push(Fact::new(texts::form_checkers(lang), people(lang, &seen.names, &there)));
    }
    let body = Body::new(lang)
        .item(texts::paper_checked_unit(lang), &seen.unit_name)
        .facts(&facts)
        .text(texts::paper_check_what(lang))
        .signatures([
            texts::paper_check_one(lang),
            texts::paper_check_two(lang),
            texts::paper_check_school(lang),
        ]);
    Some(
        Paper::new(lang, Form::Sheet, &seen.office_name, texts::paper_check(lang))
            .numbered("", &words::number(lang, listing.number))
            .saying(body),
    )
}

fn delisting(lang: Lang, seen: &Seen) -> Option<Paper> {
    let Stage::Delisted { listing, check, since, document_number } = &seen.record.state.stage else {
        return None;
    };
    let there: Vec<_> = check.checkers.iter().map(|checker| checker.person).collect();
    let mut facts = hazard_facts(lang, seen);
    facts.push(Fact::new(texts::column_signed(lang), Say(lang).date_of(listing.signed_at)));
    facts.push(Fact::new(texts::form_on(lang), Say(lang).date_of(check.on)));
    facts.push(Fact::new(texts::form_checkers(lang), people(lang, &seen.names, &there)));
    let number = words::number(lang, listing.number);
    let body = Body::new(lang)
        .text(texts::paper_delisting_what(lang, Say(lang).date_of(check.on), number.clone()))
        .heading(texts::paper_matter(lang))
        .facts(&facts)
        .text(texts::paper_delisting_end(lang));
    Some(
        Paper::new(lang, Form::Document, &seen.office_name, texts::paper_delisting(lang))
            .numbered(document_number, &number)
            .addressed_to(&seen.unit_name)
            .saying(body)
            .copied_to(&listing.notice.copies)
            .dated(since.local_date()),
    )
}
