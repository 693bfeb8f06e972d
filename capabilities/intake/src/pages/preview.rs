//! The first rows, and what each column is.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use documents::{TableRow, column_name};
use kernel::{Problem, Refusal};
use organisation::numbers_of_people::number_in;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other, see_other_saying,
    view::{Choice, Fact, Mark, Table},
};

use super::{IntakePages, RUN, href, is_for_the_form, progress, tables::first_rows};
use crate::{
    batch::{NoPhoto, Options},
    content::Content,
    field::Field,
    header::Mapping,
    import::{Importer, Looked},
    ledger, texts, words,
};

/// Rows shown.
const SHOWN: usize = 8;

/// The question what a column is.
pub(crate) struct ColumnChoice {
    pub name: String,
    pub label: String,
    pub sample: String,
}

/// The question what a word of a ledger means.
pub(crate) struct WordChoice {
    pub name: String,
    pub label: String,
    pub choices: Vec<Choice>,
}

/// After an import stopped its columns can still be changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    columns: Option<String>,
}

#[derive(Template)]
#[template(path = "intake/preview.html")]
pub(crate) struct PreviewPage {
    pub shell: Shell,
    pub form: FormState,
    pub facts: Vec<Fact>,
    pub rows: Table,
    pub columns: Vec<ColumnChoice>,
    pub choices: Vec<Choice>,
    pub action: String,
    pub forget: String,
    pub remembered: bool,
    pub content: Content,
    pub words: Vec<WordChoice>,
    /// Where photos are sent; empty where there are none.
    pub photos: String,
    pub no_photos: Vec<String>,
    pub withheld: usize,
    pub unread: Option<Mark>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let importer = pages.importer(&visit);
    // Asked before the file is read: one that ends in between was not interrupted.
    let running = importer.is_running(id);
    let looked = importer.preview(visit.viewer.account, id, SHOWN).await?;
    let batch = &looked.batch;
    if !batch.is_open() || (batch.body.stopped.is_some() && asked.columns.is_none()) {
        return Ok(web::page(&progress::compose(&visit, batch, running)));
    }
    Ok(web::page(&compose(&visit, &importer, &looked, filled(&visit, &looked))))
}

/// The same page with a problem on top.
pub(super) async fn again(
    visit: &Visit,
    importer: &Importer,
    id: Uuid,
    status: StatusCode,
    problem: &Problem,
) -> Result<Response, Failed> {
    let looked = importer.preview(visit.viewer.account, id, SHOWN).await?;
    let form = filled(visit, &looked).failed(problem, &visit.desk.sentences);
    Ok(web::page_with(status, &compose(visit, importer, &looked, form)))
}

/// The form as it was settled or understood.
fn filled(visit: &Visit, looked: &Looked) -> FormState {
    let options = &looked.batch.body.options;
    let batch = &looked.batch;
    let mut form = visit.form().with("keep_reason", &options.keep_reason);
    for (at, asked) in looked.asked.iter().enumerate() {
        form = form.with(format!("w{at}"), &asked.guess);
    }
    for (name, set) in [("larger", options.larger), ("without_photos", options.without_photos)] {
        if set {
            form = form.with(name, 1);
        }
    }
    for (column, name) in batch.body.mapping.iter().enumerate() {
        form = form.with(format!("c{column}"), name);
    }
    if batch.body.options.local_codes { form.with("local_codes", 1) } else { form }
}

fn compose(visit: &Visit, importer: &Importer, looked: &Looked, form: FormState) -> PreviewPage {
    let lang = visit.lang();
    let Looked { batch, rows, asked, photos } = looked;
    let body = &batch.body;
    let ledger = body.content == Content::Hazards;
    let columns = |at: usize, label: &String| ColumnChoice {
        name: format!("c{at}"),
        label: if label.is_empty() {
            texts::intake_column(lang, column_name(at))
        } else {
            texts::intake_column_named(lang, column_name(at), label)
        },
        sample: sample(lang, rows, at),
    };
    PreviewPage {
        form,
        facts: vec![
            Fact::new(texts::intake_file(lang), words::source(batch)),
            Fact::new(
                texts::intake_header(lang),
                texts::intake_header_rows(lang, body.header.row, body.header.height),
            ),
            Fact::new(texts::intake_rows(lang), body.rows.to_string()),
        ]
        .into_iter()
        .chain(ledger.then(|| Fact::new(texts::intake_photos(lang), photos.to_string())))
        .collect(),
        content: body.content,
        words: asked.iter().enumerate().map(|(at, one)| word(lang, importer, at, one)).collect(),
        photos: if ledger { format!("{}/photos", href(batch.id)) } else { String::new() },
        no_photos: body.no_photos.iter().map(|file| no_photo(visit, file)).collect(),
        withheld: body.withheld.len(),
        unread: super::check::unread(lang, batch),
        rows: first_rows(lang, &body.header.labels, rows),
        columns: body.header.labels.iter().enumerate().map(|(at, label)| columns(at, label)).collect(),
        choices: body
            .content
            .fields()
            .iter()
            .map(|field| Choice::new(field.name(), words::field(lang, *field)))
            .collect(),
        action: format!("{}/mapping", href(batch.id)),
        forget: format!("{}/drop", href(batch.id)),
        remembered: body.remembered,
        shell: visit.shell(texts::intake_preview_title(lang)).at("intake").back_to("/intake"),
    }
}

fn word(lang: language::Lang, importer: &Importer, at: usize, asked: &ledger::Asked) -> WordChoice {
    let choices = match asked.field {
        Field::Category => {
            let rules = importer.rules();
            let on = rules.categories().iter().filter(|category| category.is_on());
            on.map(|category| Choice::new(&*category.code, hazard::words::pick(lang, &category.name)))
                .collect()
        }
        _ => vec![
            Choice::new("closed", texts::intake_status_closed(lang)),
            Choice::new("open", texts::intake_status_open(lang)),
        ],
    };
    let label = texts::intake_word(lang, words::field(lang, asked.field), &asked.word);
    WordChoice { name: format!("w{at}"), label, choices }
}

fn no_photo(visit: &Visit, file: &NoPhoto) -> String {
    let why = words::no_photo(visit.lang(), &visit.desk.sentences, file);
    texts::intake_no_photo_of(visit.lang(), &file.file, why)
}

/// What stands in the column, so that nobody has to look it up.
fn sample(lang: language::Lang, rows: &[TableRow], column: usize) -> String {
    let texts: Vec<&str> =
        rows.iter().map(|row| row.cell(column)).filter(|text| !text.is_empty()).take(2).collect();
    if texts.is_empty() { texts::intake_column_empty(lang).to_owned() } else { texts.join(" · ") }
}

pub(super) async fn settle(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(RUN)?;
    let importer = pages.importer(&visit);
    let looked = importer.preview(visit.viewer.account, id, SHOWN).await?;
    let done = async {
        let (mapping, options) = read(&form, &importer, &looked)?;
        importer.settle(visit.viewer.account, id, mapping, options).await
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("{}/check", href(id)))),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &importer, &looked, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

fn read(form: &FormData, importer: &Importer, looked: &Looked) -> Result<(Mapping, Options), Problem> {
    let body = &looked.batch.body;
    let may = |field: &Field| body.content.fields().contains(field);
    let chosen = |at: usize| form.value(&format!("c{at}")).and_then(Field::named).filter(may);
    let mut read = form.reader();
    let keep_reason = read.text("keep_reason").max(kernel::limits::NAME_CHARS).get();
    if !keep_reason.is_empty() && importer.rules().is_filler(&keep_reason) {
        read.note("keep_reason", Refusal::new("reason-filler").with("text", &keep_reason));
    } else if let Some(number) = number_in(&keep_reason) {
        read.note("keep_reason", number.refusal());
    }
    let flags = ["local_codes", "larger", "without_photos"].map(|name| read.flag(name));
    read.finish()?;
    let [local_codes, larger, without_photos] = flags;
    let words = ledger::read_answers(&importer.rules(), form, &looked.asked, &body.options.words);
    let options = Options { local_codes, keep_reason, larger, without_photos, words };
    Ok((Mapping((0..body.header.labels.len()).map(chosen).collect()), options))
}

pub(super) async fn drop_file(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let visit = posted.visit;
    visit.need_any(RUN)?;
    pages.importer(&visit).drop_batch(visit.viewer.account, id).await?;
    Ok(see_other_saying("/intake", &Flash::done(texts::intake_forgotten(visit.lang()))))
}
