//! What is printed, sealed and signed by hand: the letter with its 送达回执.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::StreamId;
use language::{Lang, Say};
use rules::RuleBook;
use web::{
    Failed, Shell, Visit,
    view::{Fact, Photo},
};

use super::{
    TransferPages, fields, href,
    record::{Seen, see},
};
use crate::{evolve::is_hand_over, state::TransferState, texts, words};

/// A letter as it is read, on paper and behind a link.
pub(super) struct Sheet {
    /// Not signed yet: nobody may take it for one that is.
    pub draft: bool,
    /// 文号, and the number of our own.
    pub numbers: Vec<String>,
    /// Whom it is for.
    pub to: String,
    pub paragraphs: Vec<String>,
    pub facts: Vec<Fact>,
    pub photos: Vec<Photo>,
    /// Whose letter it is.
    pub office: String,
    pub signed: String,
}

#[derive(Template)]
#[template(path = "transfer/paper.html")]
struct PaperPage {
    shell: Shell,
    sheet: Sheet,
    receipt: Vec<Fact>,
    signatures: Vec<&'static str>,
}

/// `below` is where its photos are served.
pub(super) fn sheet(lang: Lang, rules: &RuleBook, state: &TransferState, office: &str, below: &str) -> Sheet {
    let signature = state.stage.signature();
    let number = signature.map(|signed| texts::paper_number(lang, words::number(lang, signed.number)));
    let document = signature.map(|signed| signed.document_number.clone()).filter(|text| !text.is_empty());
    let unit = state.letter.unit_name.clone().unwrap_or_default();
    let asks = Say(lang).date_of(state.letter.reply_by);
    let (why, what) = if is_hand_over(&state.letter.kind) {
        (texts::paper_hand_over_why(lang, unit), texts::paper_hand_over_what(lang, asks))
    } else {
        (texts::paper_notice_why(lang, unit), texts::paper_notice_what(lang, asks))
    };
    Sheet {
        draft: signature.is_none(),
        numbers: document.into_iter().chain(number).collect(),
        to: state.letter.department_name.clone().unwrap_or_default(),
        paragraphs: vec![why, what],
        facts: fields::letter_facts(lang, rules, state),
        photos: fields::shown(lang, below, &state.letter.photos),
        office: office.to_owned(),
        signed: signature.map(|signed| Say(lang).date_of(signed.at)).unwrap_or_default(),
    }
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<TransferPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen: Seen = see(&visit, id).await?;
    let lang = visit.lang();
    let state = &seen.record.state;
    let kind = words::kind(lang, &state.letter.kind);
    let sheet = sheet(lang, &pages.rules(), state, &seen.office_name, &href(id));
    let signature = state.stage.signature();
    let named = signature.map(|signed| match signed.document_number.as_str() {
        "" => words::number(lang, signed.number),
        document => document.to_owned(),
    });
    let named = named.unwrap_or_default();
    let receipt = vec![
        Fact::new(texts::paper_receipt_what(lang), format!("{kind} {named}").trim().to_owned()),
        Fact::new(texts::paper_receipt_to(lang), &sheet.to),
    ];
    Ok(web::page(&PaperPage {
        receipt,
        signatures: vec![
            texts::paper_receipt_by(lang),
            texts::paper_receipt_from(lang),
            texts::paper_receipt_on(lang),
        ],
        sheet,
        shell: visit.shell(kind).for_unit(&seen.office_name, visit.now()).at("transfers").back_to(href(id)),
    }))
}
