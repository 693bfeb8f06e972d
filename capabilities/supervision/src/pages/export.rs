//! The list as a file.

use axum::{body::Body, extract::Query, response::Response};
use documents::{CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::{Problem, Timestamp, limits};
use language::Lang;
use web::{Failed, Visit};

use super::list::ListQuery;
use crate::{
    query::{SupervisionRow, rows},
    texts, words,
};

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["supervision.view"])?;
    let (query, unread) = query.settled(visit.lang());
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, asked, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let found = visit.read_long(move |tx| rows(tx, &viewer, asked, now, most)).await?;
    let lang = visit.lang();
    let title = texts::supervision_title(lang);
    let notes = notes(lang, visit.desk.handle.identity().demonstration);
    let bytes = match format {
        Format::Csv => written(CsvWriter::new(title, &heads(lang), &notes), lang, &found, now),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| written(sheet, lang, &found, now)),
    }?;
    Ok(attachment(format, "supervisions", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_number(lang), 14),
        (texts::column_unit(lang), 24),
        (texts::column_hazard(lang), 48),
        (texts::column_stage(lang), 14),
        (texts::column_opened(lang), 12),
        (texts::column_signed(lang), 12),
        (texts::column_deadline(lang), 12),
        (texts::column_next(lang), 12),
        (texts::column_late(lang), 8),
        (texts::column_ended(lang), 12),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn written(
    mut sheet: impl TableWriter,
    lang: Lang,
    rows: &[SupervisionRow],
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let text = |text: &str| documents::Cell::from(language::plain(text).to_string());
    let day = |at: Option<Timestamp>| documents::Cell::from(at.map(Timestamp::local_date));
    for row in rows {
        let late = row.next_due.is_some_and(|due| due < now);
        sheet.row(&[
            text(&row.number.map(|number| number.to_string()).unwrap_or_default()),
            text(&row.unit_name),
            text(&row.title),
            text(&words::stage(lang, row.stage)),
            day(Some(row.opened_at)),
            day(row.signed_at),
            day(row.deadline),
            day(row.next_due),
            text(if late { texts::late(lang) } else { "" }),
            day(row.ended_at),
        ])?;
    }
    Ok(sheet.finish()?)
}
