//! Exactly what the list shows: as CSV, streamed row by row, or as a workbook.

use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, Head, TableWriter, XlsxWriter};
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
                let mut buffer = header(lang, demonstration);
                let reach = reach(tx, &viewer)?;
                every(tx, &reach, &filter, now, |row| {
                    buffer.push_str(&line(lang, &rules, &row));
                    if buffer.len() >= CHUNK && !chunks.send(std::mem::take(&mut buffer).into_bytes()) {
                        return Err(gone());
                    }
                    Ok::<(), StorageError>(())
                })?;
                if chunks.send(buffer.into_bytes()) { Ok(()) } else { Err(Problem::from(gone())) }
            })
            .await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
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
            let notes: Vec<String> =
                demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect();
            let widths = [12, 24, 16, 8, 10, 48, 24, 12, 18, 14];
            let heads: Vec<Head> =
                heads(lang).into_iter().zip(widths).map(|(label, width)| Head::new(label, width)).collect();
            let mut sheet =
                XlsxWriter::new(texts::hazard_ledger(lang), &heads, &notes).map_err(Problem::from)?;
            let reach = reach(tx, &viewer)?;
            every(tx, &reach, &filter, now, |row| {
                let cells: Vec<Cell> = cells(lang, &rules, &row)
                    .into_iter()
                    .map(|cell| Cell::from(language::plain(&cell).to_string()))
                    .collect();
                sheet.row(&cells).map_err(|e| StorageError::Other(e.to_string()))
            })?;
            sheet.finish().map_err(Problem::from)
        })
        .await
        .map_err(Problem::from)??;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static(
            "attachment; filename=\"hazards.xlsx\"; filename*=UTF-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6.xlsx",
        ),
    );
    Ok(response)
}

/// A byte order mark, so that spreadsheets read Chinese; the demonstration says what it is in the first row.
fn header(lang: Lang, demonstration: bool) -> String {
    let mut out = "\u{feff}".to_owned();
    if demonstration {
        out.push_str(&joined(&[web::texts::shell_demo(lang).to_owned()]));
    }
    out.push_str(&joined(&heads(lang)));
    out
}

fn heads(lang: Lang) -> [String; 10] {
    [
        texts::hazard_number(lang),
        texts::record_unit(lang),
        texts::record_category(lang),
        texts::record_level(lang),
        texts::record_stage(lang),
        texts::record_description(lang),
        texts::record_place(lang),
        texts::record_source(lang),
        texts::record_registered(lang),
        texts::plan_due(lang),
    ]
    .map(str::to_owned)
}

fn line(lang: Lang, rules: &RuleBook, row: &HazardRow) -> String {
    joined(&cells(lang, rules, row))
}

fn cells(lang: Lang, rules: &RuleBook, row: &HazardRow) -> [String; 10] {
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
}

fn joined(cells: &[String]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", quoted.join(","))
}

/// Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(cell: &str) -> String {
    let plain = language::plain(cell);
    let risky = plain.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if risky { format!("'{plain}") } else { plain.to_string() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn formulas_are_disarmed_and_quotes_doubled() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted("@SUM(1)"), "'@SUM(1)");
        assert_eq!(quoted("楼道,二楼"), "\"楼道,二楼\"");
        assert_eq!(quoted("楼道"), "楼道");
    }
}
