//! The list as a file.

use axum::{body::Body, extract::Query, response::Response};
use documents::{CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::{Problem, Timestamp, limits};
use language::Lang;
use web::{Failed, Visit};

use super::list::ListQuery;
use crate::{
    query::{LetterRow, rows},
    texts, words,
};

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["transfer.view"])?;
    let lang = visit.lang();
    let (query, unread) = query.settled(lang);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, filter, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let found = visit.read_long(move |tx| rows(tx, &viewer, &filter, now, most)).await?;
    let title = texts::transfer_title(lang);
    let notes = notes(lang, visit.desk.handle.identity().demonstration);
    let bytes = match format {
        Format::Csv => written(CsvWriter::new(title, &heads(lang), &notes), lang, &found, now),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| written(sheet, lang, &found, now)),
    }?;
    Ok(attachment(format, "letters", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_number(lang), 14),
        (texts::form_kind(lang), 10),
        (texts::column_department(lang), 24),
        (texts::column_unit(lang), 24),
        (texts::column_title(lang), 48),
        (texts::column_stage(lang), 12),
        (texts::fact_sent(lang), 12),
        (texts::form_reply_by(lang), 12),
        (texts::form_answer(lang), 10),
        (texts::column_answered(lang), 12),
        (texts::column_due(lang), 12),
        (texts::column_late(lang), 8),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn written(
    mut sheet: impl TableWriter,
    lang: Lang,
    rows: &[LetterRow],
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let text = |text: &str| documents::Cell::from(language::plain(text).to_string());
    let day = |at: Option<Timestamp>| documents::Cell::from(at.map(Timestamp::local_date));
    for row in rows {
        let late = row.due.is_some_and(|due| due < now);
        sheet.row(&[
            text(&row.number.map(|number| number.to_string()).unwrap_or_default()),
            text(&row.kind.map(|kind| words::kind(lang, &kind.into())).unwrap_or_default()),
            text(&row.department),
            text(&row.unit_name),
            text(&row.title),
            text(&words::stage(lang, row.stage)),
            day(row.sent_on),
            day(Some(row.reply_by)),
            text(&row.answer.map(|answer| words::answer(lang, answer)).unwrap_or_default()),
            day(row.answered_on),
            day(row.due),
            text(if late { texts::late(lang) } else { "" }),
        ])?;
    }
    Ok(sheet.finish()?)
}
