//! Exactly what the list shows: as CSV, streamed row by row, or as a workbook.

use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{CsvWriter, TableWriter, XlsxWriter};
use exports::{
    Format, notes,
    pages::{Long, offer},
};
use kernel::{Problem, limits};
use language::Say;
use rules::RuleBook;
use storage::{Lane, StorageError};
use web::{Failed, Visit};

use super::{
    HazardPages,
    filter::{LIST, ListQuery},
    reach,
};
use crate::{
    export::{HazardExport, READ_AS},
    ledger::{Ledger, heads},
    query::{counted, every},
    texts,
};

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 * 1024;

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["export"])?;
    if let Some(long) = too_long(&visit, &query).await? {
        return Ok(offer(&visit, long));
    }
    let unit = query.filter().unit.unwrap_or(visit.viewer.home.id);
    visit.taking_out(READ_AS, visit.viewer.account, unit).await?;
    if query.format == "xlsx" {
        return workbook(&visit, &pages.rules(), &query).await;
    }
    let filter = query.filter();
    let lang = visit.lang();
    let rules = pages.rules();
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    let now = visit.now();
    let demonstration = visit.desk.handle.identity().demonstration;
    // Whoever takes it slowly holds no reader.
    let (mut spool, body) = web::spool().map_err(|error| Problem::Fault(error.to_string()))?;
    let reading = visit.desk.readers.clone();
    tokio::spawn(async move {
        let done = reading
            .read(Lane::Long, move |tx| {
                let mut sheet = CsvWriter::new("", &heads(lang), &notes(lang, demonstration));
                let reach = reach(tx, &viewer)?;
                let mut ledger = Ledger::new(lang, rules, vault);
                every(tx, &reach, &filter, now, |tx, row| {
                    let cells = ledger.cells(tx, &row)?;
                    sheet.row(&cells).map_err(|e| StorageError::Other(e.to_string()))?;
                    if sheet.waiting() >= CHUNK && !spool.write(&sheet.take()) {
                        return Err(gone());
                    }
                    Ok::<(), StorageError>(())
                })?;
                if !spool.write(&sheet.take()) {
                    return Err(Problem::from(gone()));
                }
                spool.finish();
                Ok(())
            })
            .await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    Ok(attachment(Format::Csv, "hazards", texts::hazard_ledger(lang), body))
}

/// A file to be kept, under a plain name and its own.
pub(super) fn attachment(format: Format, plain: &str, name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    let ending = format.name();
    let named = format!(
        "attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{}.{ending}",
        web::encoded(name)
    );
    if let Ok(value) = HeaderValue::from_str(&named) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// More rows than somebody waits for: those are written in the background.
async fn too_long(visit: &Visit, query: &ListQuery) -> Result<Option<Long>, Problem> {
    let inline = i64::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(i64::MAX);
    let (viewer, filter, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let rows = visit
        .read(move |tx| {
            let reach = reach(tx, &viewer)?;
            Ok(counted(tx, &reach, &filter, now, inline.saturating_add(1))?)
        })
        .await?;
    Ok((rows > inline).then(|| Long {
        menu: "hazards",
        list: HazardExport::KIND,
        format: Format::named(&query.format).unwrap_or(Format::Csv),
        filter: query.kept(),
        // Counted no further than it had to be.
        rows: if rows > inline + 1 { Say(visit.lang()).number(rows) } else { String::new() },
        back: query.address(LIST),
    }))
}

fn gone() -> StorageError {
    StorageError::Other("nobody waits for the export any more".to_owned())
}

/// The same as one workbook; its rows go to a temporary file as they come.
async fn workbook(visit: &Visit, rules: &RuleBook, query: &ListQuery) -> Result<Response, Failed> {
    let (lang, now, filter, rules) = (visit.lang(), visit.now(), query.filter(), rules.clone());
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    let demonstration = visit.desk.handle.identity().demonstration;
    let bytes = visit
        .desk
        .readers
        .read(Lane::Long, move |tx| {
            let notes = notes(lang, demonstration);
            let mut sheet =
                XlsxWriter::new(texts::hazard_ledger(lang), &heads(lang), &notes).map_err(Problem::from)?;
            let reach = reach(tx, &viewer)?;
            let mut ledger = Ledger::new(lang, rules, vault);
            every(tx, &reach, &filter, now, |tx, row| {
                let cells = ledger.cells(tx, &row)?;
                sheet.row(&cells).map_err(|e| StorageError::Other(e.to_string()))
            })?;
            sheet.finish().map_err(Problem::from)
        })
        .await
        .map_err(Problem::from)??;
    Ok(attachment(Format::Xlsx, "hazards", texts::hazard_ledger(lang), Body::from(bytes)))
}
