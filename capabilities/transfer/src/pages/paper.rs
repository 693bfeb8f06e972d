//! What is printed, sealed and signed by hand: the letter with its 送达回执.

use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::StreamId;
use language::{Lang, Say};
use papers::{Body, Form, Paper, Printing};
use rules::RuleBook;
use web::{
    Failed, Visit,
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
    printing: Printing,
    State(pages): State<TransferPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen: Seen = see(&visit, id).await?;
    let lang = visit.lang();
    let state = &seen.record.state;
    let sheet = sheet(lang, &pages.rules(), state, &seen.office_name, &href(id));
    let paper = letter(lang, state, &sheet);
    let shell =
        visit.shell(&paper.title).for_unit(&seen.office_name, visit.now()).at("transfers").back_to(href(id));
    papers::answer(&printing, shell, paper, sheet.photos).await
}

/// 函 with its 送达回执.
fn letter(lang: Lang, state: &TransferState, sheet: &Sheet) -> Paper {
    let kind = words::kind(lang, &state.letter.kind);
    let (why, what) = match sheet.paragraphs.as_slice() {
        [why, what] => (why.as_str(), what.as_str()),
        _ => ("", ""),
    };
    let unit = state.letter.unit_name.clone().unwrap_or_default();
    let title = texts::paper_title(lang, unit, &kind);
    let signature = state.stage.signature();
    let own = signature.map(|signed| words::number(lang, signed.number)).unwrap_or_default();
    let document = signature.map(|signed| signed.document_number.clone()).unwrap_or_default();
    let named = if document.is_empty() { &own } else { &document };
    let body = Body::new(lang).text(why).facts(&sheet.facts).text(what).text(texts::paper_end(lang));
    let receipt = Body::new(lang)
        .item(texts::paper_receipt_what(lang), format!("{kind} {named}").trim())
        .item(texts::paper_receipt_to(lang), &sheet.to)
        .signatures([
            texts::paper_receipt_by(lang),
            texts::paper_receipt_from(lang),
            texts::paper_receipt_on(lang),
        ]);
    let photos = sheet.photos.len();
    let enclosed = (photos > 0).then(|| texts::paper_photos(lang, photos));
    let paper = Paper::new(lang, Form::Letter, &sheet.office, &title)
        .addressed_to(&sheet.to)
        .saying(body)
        .enclosing(enclosed)
        .slip(texts::paper_receipt(lang), receipt);
    match signature {
        Some(signed) => paper.numbered(&document, &own).dated(signed.at.local_date()),
        None => paper.draft(texts::paper_draft(lang)),
    }
}
