//! Exactly what the list shows: as CSV, streamed row by row, or as a workbook.

use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use kernel::Problem;
use language::{Lang, Say};
use rules::RuleBook;
use storage::{Lane, StorageError};
use web::{Failed, Visit};

use super::{HazardPages, list::ListQuery, reach};
use crate::{
    query::{HazardRow, every},
    texts, words,
};

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 * 1024;

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["export"])?;
    if query.format == "xlsx" {
        return workbook(&visit, &pages.rules(), &query).await;
    }
    let filter = query.filter();
    let lang = visit.lang();
    let rules = pages.rules();
    let viewer = visit.viewer.clone();
    let now = visit.now();
    let demonstration = visit.desk.handle.identity().demonstration;
    let (chunks, stream) = web::byte_stream();
    let reading = visit.desk.readers.clone();
    tokio::spawn(async move {
        let done = reading
            .read(Lane::Long, move |tx| {
                let mut sheet = CsvWriter::new("", &heads(lang), &notes(lang, demonstration));
                let reach = reach(tx, &viewer)?;
                every(tx, &reach, &filter, now, |row| {
                    sheet.row(&cells(lang, &rules, &row)).map_err(|e| StorageError::Other(e.to_string()))?;
                    if sheet.waiting() >= CHUNK && !chunks.send(sheet.take()) {
                        return Err(gone());
                    }
                    Ok::<(), StorageError>(())
                })?;
                if chunks.send(sheet.take()) { Ok(()) } else { Err(Problem::from(gone())) }
            })
            .await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static(
            "attachment; filename=\"hazards.csv\"; filename*=UTF-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6.csv",
        ),
    );
    Ok(response)
}

fn gone() -> StorageError {
    StorageError::Other("nobody waits for the export any more".to_owned())
}

/// The same as one workbook; its rows go to a temporary file as they come.
async fn workbook(visit: &Visit, rules: &RuleBook, query: &ListQuery) -> Result<Response, Failed> {
    let (lang, now, filter, rules) = (visit.lang(), visit.now(), query.filter(), rules.clone());
    let viewer = visit.viewer.clone();
    let demonstration = visit.desk.handle.identity().demonstration;
    let bytes = visit
        .desk
        .readers
        .read(Lane::Long, move |tx| {
            let notes = notes(lang, demonstration);
            let mut sheet =
                XlsxWriter::new(texts::hazard_ledger(lang), &heads(lang), &notes).map_err(Problem::from)?;
            let reach = reach(tx, &viewer)?;
            every(tx, &reach, &filter, now, |row| {
                sheet.row(&cells(lang, &rules, &row)).map_err(|e| StorageError::Other(e.to_string()))
            })?;
            sheet.finish().map_err(Problem::from)
        })
        .await
        .map_err(Problem::from)??;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static(
            "attachment; filename=\"hazards.xlsx\"; filename*=UTF-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6.xlsx",
        ),
    );
    Ok(response)
}

/// The demonstration says what it is in the first row.
fn notes(lang: Lang, demonstration: bool) -> Vec<String> {
    demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect()
}

/// The headings, with widths in characters.
fn heads(lang: Lang) -> [Head; 10] {
    [
        (texts::hazard_number(lang), 12),
        (texts::record_unit(lang), 24),
        (texts::record_category(lang), 16),
        (texts::record_level(lang), 8),
        (texts::record_stage(lang), 10),
        (texts::record_description(lang), 48),
        (texts::record_place(lang), 24),
        (texts::record_source(lang), 12),
        (texts::record_registered(lang), 18),
        (texts::plan_due(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
}

fn cells(lang: Lang, rules: &RuleBook, row: &HazardRow) -> [Cell; 10] {
    [
        row.number.to_string(),
        row.unit_name.clone(),
        words::category(lang, rules, &row.category),
        words::level(lang, row.level),
        words::stage(lang, row.stage),
        row.title.clone(),
        row.place.clone(),
        words::source(lang, rules, &row.source),
        Say(lang).date_time(row.registered_at),
        row.due_at.map(|due| Say(lang).date_of(due)).unwrap_or_default(),
    ]
    .map(|cell| Cell::from(language::plain(&cell).to_string()))
}
