//! The list as a file.

use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::{Problem, limits};
use language::Lang;
use rules::RuleBook;
use web::{Failed, Visit};

use super::{PlacePages, list::ListQuery, named_kind, side};
use crate::{
    code,
    query::{PlaceRow, rows},
    texts,
};

pub(super) async fn show(
    visit: Visit,
    State(pages): State<PlacePages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, filter) = (visit.viewer.clone(), query.filter());
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let found = visit.read_long(move |tx| rows(tx, &viewer, &filter, most)).await?;
    let title = texts::places_title(lang);
    let notes = notes(lang, visit.desk.handle.identity().demonstration);
    let bytes = match format {
        Format::Csv => written(CsvWriter::new(title, &heads(lang), &notes), lang, &rules, &found),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| written(sheet, lang, &rules, &found)),
    }?;
    Ok(attachment(format, "places", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_unit(lang), 28),
        (texts::place_name(lang), 24),
        (texts::place_spot(lang), 20),
        (texts::place_kind(lang), 14),
        (texts::place_side(lang), 10),
        (texts::place_code(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn written(
    mut sheet: impl TableWriter,
    lang: Lang,
    rules: &RuleBook,
    rows: &[PlaceRow],
) -> Result<Vec<u8>, Problem> {
    let text = |text: &str| Cell::from(language::plain(text).to_string());
    for row in rows {
        sheet.row(&[
            text(&row.unit_name),
            text(&row.name),
            text(&row.spot),
            text(&named_kind(lang, rules, &row.kind)),
            text(side(lang, row.outside)),
            text(&code::shown(&row.code)),
        ])?;
    }
    Ok(sheet.finish()?)
}
