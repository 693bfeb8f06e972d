//! The first rows, and what each column is.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use documents::{TableRow, column_name};
use kernel::Problem;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other, see_other_saying,
    view::{Cell, Choice, Column, Fact, Table},
};

use super::{IntakePages, MANAGE, href, is_for_the_form, progress};
use crate::{
    batch::{Batch, Options},
    field::Field,
    header::Mapping,
    texts, words,
};

/// Rows shown.
const SHOWN: usize = 8;

/// The question what a column is.
pub(crate) struct ColumnChoice {
    pub name: String,
    pub label: String,
    pub sample: String,
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
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    visit.need_any(MANAGE)?;
    let importer = pages.importer(&visit);
    let (batch, rows) = importer.preview(visit.viewer.account, id, SHOWN).await?;
    if !batch.is_open() || (batch.body.stopped.is_some() && asked.columns.is_none()) {
        return Ok(web::page(&progress::compose(&visit, &batch, importer.is_running(id))));
    }
    Ok(web::page(&compose(&visit, &batch, &rows, filled(&visit, &batch))))
}

/// The form as it was settled or understood.
fn filled(visit: &Visit, batch: &Batch) -> FormState {
    let mut form = visit.form().with("keep_reason", &batch.body.options.keep_reason);
    for (column, name) in batch.body.mapping.iter().enumerate() {
        form = form.with(format!("c{column}"), name);
    }
    if batch.body.options.local_codes { form.with("local_codes", 1) } else { form }
}

fn compose(visit: &Visit, batch: &Batch, rows: &[TableRow], form: FormState) -> PreviewPage {
    let lang = visit.lang();
    let body = &batch.body;
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
        ],
        rows: shown(visit, batch, rows),
        columns: body.header.labels.iter().enumerate().map(|(at, label)| columns(at, label)).collect(),
        choices: Field::ALL
            .iter()
            .map(|field| Choice::new(field.name(), words::field(lang, *field)))
            .collect(),
        action: format!("{}/mapping", href(batch.id)),
        forget: format!("{}/drop", href(batch.id)),
        remembered: body.remembered,
        shell: visit.shell(texts::intake_preview_title(lang)).at("intake").back_to("/intake"),
    }
}

/// What stands in the column, so that nobody has to look it up.
fn sample(lang: language::Lang, rows: &[TableRow], column: usize) -> String {
    let texts: Vec<&str> =
        rows.iter().map(|row| row.cell(column)).filter(|text| !text.is_empty()).take(2).collect();
    if texts.is_empty() { texts::intake_column_empty(lang).to_owned() } else { texts.join(" · ") }
}

fn shown(visit: &Visit, batch: &Batch, rows: &[TableRow]) -> Table {
    let lang = visit.lang();
    let labels = &batch.body.header.labels;
    let mut columns = vec![Column::new(texts::intake_row(lang)).number()];
    columns.extend(
        labels
            .iter()
            .enumerate()
            .map(|(at, label)| Column::new(if label.is_empty() { column_name(at) } else { label.clone() })),
    );
    let line = |row: &TableRow| {
        let mut cells = vec![Cell::text(row.number.to_string())];
        cells.extend((0..labels.len()).map(|at| Cell::text(row.cell(at))));
        cells
    };
    let rows = rows.iter().map(line).collect();
    Table { caption: texts::intake_first_rows(lang).to_owned(), columns, rows }
}

pub(super) async fn settle(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(MANAGE)?;
    let importer = pages.importer(&visit);
    let (batch, rows) = importer.preview(visit.viewer.account, id, SHOWN).await?;
    let done = async {
        let (mapping, options) = read(&form, batch.body.header.labels.len())?;
        importer.settle(visit.viewer.account, id, mapping, options).await
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("{}/check", href(id)))),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &batch, &rows, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

fn read(form: &FormData, columns: usize) -> Result<(Mapping, Options), Problem> {
    let chosen = |at: usize| form.value(&format!("c{at}")).and_then(Field::named);
    let mut read = form.reader();
    let keep_reason = read.text("keep_reason").max(kernel::limits::NAME_CHARS).get();
    let local_codes = read.flag("local_codes");
    read.finish()?;
    Ok((Mapping((0..columns).map(chosen).collect()), Options { local_codes, keep_reason }))
}

pub(super) async fn drop_file(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let visit = posted.visit;
    visit.need_any(MANAGE)?;
    pages.importer(&visit).drop_batch(visit.viewer.account, id).await?;
    Ok(see_other_saying("/intake", &Flash::done(texts::intake_forgotten(visit.lang()))))
}
