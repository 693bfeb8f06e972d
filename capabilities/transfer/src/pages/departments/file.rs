//! The register as a file.

use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::Problem;
use language::Lang;
use rules::RuleBook;
use web::{Failed, Visit};

use super::RegisterQuery;
use crate::{
    pages::{TransferPages, WORK},
    query::{DepartmentRow, departments},
    texts, words,
};

pub(in crate::pages) async fn export(
    visit: Visit,
    State(pages): State<TransferPages>,
    Query(query): Query<RegisterQuery>,
) -> Result<Response, Failed> {
    visit.need_any(WORK)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, filter) = (visit.viewer.clone(), query.filter());
    let found = visit.read_long(move |tx| departments(tx, &viewer, &filter)).await?;
    let title = texts::departments_title(lang);
    let notes = notes(lang, visit.desk.handle.identity().demonstration);
    let bytes = match format {
        Format::Csv => written(CsvWriter::new(title, &heads(lang), &notes), lang, &rules, &found),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| written(sheet, lang, &rules, &found)),
    }?;
    Ok(attachment(format, "departments", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::department_name(lang), 28),
        (texts::department_kind(lang), 18),
        (texts::department_office(lang), 20),
        (texts::department_telephone(lang), 18),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn written(
    mut sheet: impl TableWriter,
    lang: Lang,
    rules: &RuleBook,
    rows: &[DepartmentRow],
) -> Result<Vec<u8>, Problem> {
    let text = |text: &str| Cell::from(language::plain(text).to_string());
    for row in rows {
        sheet.row(&[
            text(&row.name),
            text(&words::department_kind(lang, rules, &row.kind)),
            text(&row.office),
            text(&row.telephone),
        ])?;
    }
    Ok(sheet.finish()?)
}
