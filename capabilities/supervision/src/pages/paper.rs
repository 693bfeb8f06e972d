//! What is printed, sealed and signed by hand: 挂牌督办通知书 with its 送达回执, 现场核查表, 摘牌通知书.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use web::{Failed, Shell, Visit, view::Fact};

use super::{
    SupervisionPages, href,
    record::{Seen, notice_facts, see},
    timeline::people,
};
use crate::{
    state::{Listing, Stage},
    texts, words,
};

#[derive(Template)]
#[template(path = "supervision/paper.html")]
struct PaperPage {
    shell: Shell,
    /// Whose paper it is.
    office: String,
    /// Not signed yet: nobody may take it for one that is.
    draft: bool,
    /// 文号, and the number on the list.
    numbers: Vec<String>,
    /// Whom it is for.
    to: String,
    paragraphs: Vec<String>,
    facts: Vec<Fact>,
    copies: String,
    signed: String,
    /// Lines that are signed by hand.
    signatures: Vec<String>,
    receipt: Option<Receipt>,
}

/// 送达回执
struct Receipt {
    facts: Vec<Fact>,
    signatures: Vec<String>,
}

pub(super) async fn show(
    visit: Visit,
    State(_): State<SupervisionPages>,
    Path((id, paper)): Path<(StreamId, String)>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let lang = visit.lang();
    let page = match paper.as_str() {
        "notice" => notice(&visit, &seen),
        "check" => check(&visit, &seen),
        "delisting" => delisting(&visit, &seen),
        _ => None,
    };
    let page = page.ok_or(Problem::NotFound)?;
    let shell = visit
        .shell(paper_title(lang, &paper))
        .for_unit(&seen.unit_name, visit.now())
        .at("supervisions")
        .back_to(href(id));
    Ok(web::page(&PaperPage { shell, ..page }))
}

fn paper_title(lang: Lang, paper: &str) -> &'static str {
    match paper {
        "check" => texts::paper_check(lang),
        "delisting" => texts::paper_delisting(lang),
        _ => texts::paper_notice(lang),
    }
}

/// What every paper has.
fn blank(visit: &Visit, seen: &Seen) -> PaperPage {
    PaperPage {
        shell: visit.shell(""),
        office: seen.office_name.clone(),
        draft: false,
        numbers: Vec::new(),
        to: seen.unit_name.clone(),
        paragraphs: Vec::new(),
        facts: Vec::new(),
        copies: String::new(),
        signed: String::new(),
        signatures: Vec::new(),
        receipt: None,
    }
}

fn numbers(lang: Lang, listing: &Listing, document_number: &str) -> Vec<String> {
    let number = texts::paper_number(lang, words::number(lang, listing.number));
    let document = (!document_number.is_empty()).then(|| document_number.to_owned());
    document.into_iter().chain([number]).collect()
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

fn notice(visit: &Visit, seen: &Seen) -> Option<PaperPage> {
    let lang = visit.lang();
    let state = &seen.record.state;
    let notice = state.stage.notice()?;
    let listing = state.stage.listing();
    let mut facts = hazard_facts(lang, seen);
    facts.extend(notice_facts(lang, seen).into_iter().filter(|fact| fact.name != texts::form_copies(lang)));
    let handed =
        [texts::paper_receipt_by(lang), texts::paper_receipt_from(lang), texts::paper_receipt_on(lang)];
    Some(PaperPage {
        draft: listing.is_none(),
        numbers: listing.map(|l| numbers(lang, l, &l.document_number)).unwrap_or_default(),
        paragraphs: vec![
            texts::paper_notice_why(lang, &seen.unit_name),
            texts::paper_notice_what(lang, Say(lang).date_of(notice.deadline)),
            texts::paper_notice_end(lang).to_owned(),
        ],
        facts,
        copies: notice.copies.clone(),
        signed: listing.map(|l| Say(lang).date_of(l.signed_at)).unwrap_or_default(),
        receipt: Some(Receipt {
            facts: vec![
                Fact::new(texts::paper_receipt_what(lang), texts::paper_notice(lang)),
                Fact::new(texts::paper_receipt_to(lang), &seen.unit_name),
            ],
            signatures: handed.map(str::to_owned).to_vec(),
        }),
        ..blank(visit, seen)
    })
}

/// Filled in as far as it is known: a sheet to take along, or the one that was written down.
fn check(visit: &Visit, seen: &Seen) -> Option<PaperPage> {
    let lang = visit.lang();
    let listing = seen.record.state.stage.listing()?;
    let mut facts = hazard_facts(lang, seen);
    facts.push(Fact::new(texts::column_deadline(lang), Say(lang).date_of(listing.notice.deadline)));
    if let Some(check) = seen.record.state.stage.check() {
        let there: Vec<_> = check.checkers.iter().map(|checker| checker.person).collect();
        facts.push(Fact::new(texts::form_on(lang), Say(lang).date_of(check.on)));
        facts.push(Fact::new(texts::form_checkers(lang), people(lang, &seen.names, &there)));
    }
    let signs = [texts::paper_check_one(lang), texts::paper_check_two(lang), texts::paper_check_school(lang)];
    Some(PaperPage {
        numbers: numbers(lang, listing, ""),
        paragraphs: vec![texts::paper_check_what(lang).to_owned()],
        facts,
        signatures: signs.map(str::to_owned).to_vec(),
        ..blank(visit, seen)
    })
}

fn delisting(visit: &Visit, seen: &Seen) -> Option<PaperPage> {
    let lang = visit.lang();
    let Stage::Delisted { listing, check, since, document_number } = &seen.record.state.stage else {
        return None;
    };
    let there: Vec<_> = check.checkers.iter().map(|checker| checker.person).collect();
    let mut facts = hazard_facts(lang, seen);
    facts.push(Fact::new(texts::column_signed(lang), Say(lang).date_of(listing.signed_at)));
    facts.push(Fact::new(texts::form_on(lang), Say(lang).date_of(check.on)));
    facts.push(Fact::new(texts::form_checkers(lang), people(lang, &seen.names, &there)));
    Some(PaperPage {
        numbers: numbers(lang, listing, document_number),
        paragraphs: vec![
            texts::paper_delisting_what(
                lang,
                Say(lang).date_of(check.on),
                words::number(lang, listing.number),
            ),
            texts::paper_delisting_end(lang).to_owned(),
        ],
        facts,
        copies: listing.notice.copies.clone(),
        signed: Say(lang).date_of(*since),
        ..blank(visit, seen)
    })
}
