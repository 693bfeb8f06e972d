//! A list as a file: CSV, streamed as its rows are read, or a workbook. Every list of this room leaves this way.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, CsvWriter, Head, TableWriter, XlsxWriter};
use kernel::{Problem, Refusal, limits};
use language::Lang;
use storage::{Lane, StorageError, Tx};
use web::{Visit, view::Link};

use crate::texts;

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 * 1024;
/// How a workbook is asked for; anything else is CSV.
const XLSX: &str = "xlsx";
const XLSX_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Takes a row; false when no more are wanted.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&[String]) -> bool;

/// What the file is: its name in plain letters, its name in words, its headings.
pub(crate) struct Sheet {
    pub stem: &'static str,
    pub title: &'static str,
    pub heads: Vec<Head>,
}

impl Sheet {
    /// Headings with their widths in characters.
    pub(crate) fn new(stem: &'static str, title: &'static str, heads: &[(&str, u16)]) -> Self {
        let heads = heads.iter().map(|(label, width)| Head::new(*label, *width)).collect();
        Self { stem, title, heads }
    }

    fn disposition(&self, ending: &str) -> Result<HeaderValue, Problem> {
        let (stem, title) = (self.stem, web::encoded(self.title));
        let text = format!("attachment; filename=\"{stem}.{ending}\"; filename*=UTF-8''{title}.{ending}");
        HeaderValue::from_str(&text).map_err(|e| Problem::Fault(format!("{stem}: {e}")))
    }
}

/// The two ways out of a list, given the address for a format.
pub(crate) fn links(lang: Lang, address: impl Fn(&str) -> String) -> Vec<Link> {
    vec![Link::new(texts::export_xlsx(lang), address(XLSX)), Link::new(texts::export_csv(lang), address(""))]
}

/// Answers with what `produce` hands over, row by row.
pub(crate) async fn answer(
    visit: &Visit,
    format: &str,
    sheet: Sheet,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let lang = visit.lang();
    // The demonstration says what it is in the first row.
    let demonstration = visit.desk.handle.identity().demonstration;
    let notes: Vec<String> =
        demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect();
    let workbook = format == XLSX;
    let disposition = sheet.disposition(if workbook { XLSX } else { "csv" })?;
    let (body, kind) = if workbook {
        (whole(visit, sheet, notes, produce).await?, XLSX_TYPE)
    } else {
        (streamed(visit, sheet, notes, produce)?, "text/csv; charset=utf-8")
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

fn cells(row: &[String]) -> Vec<Cell> {
    row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect()
}

fn streamed(
    visit: &Visit,
    sheet: Sheet,
    notes: Vec<String>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Body, Problem> {
    let (mut spool, body) = web::spool().map_err(|error| Problem::Fault(error.to_string()))?;
    let reading = visit.desk.readers.clone();
    tokio::spawn(async move {
        let done = reading
            .read(Lane::Long, move |tx| {
                let mut csv = CsvWriter::new("", &sheet.heads, &notes);
                let mut here = true;
                produce(tx, &mut |row| {
                    here = here && csv.row(&cells(row)).is_ok();
                    if here && csv.waiting() >= CHUNK {
                        here = spool.write(&csv.take());
                    }
                    here
                })?;
                if !here || !spool.write(&csv.take()) {
                    return Err(Problem::from(StorageError::Other("nobody waits for the export".to_owned())));
                }
                spool.finish();
                Ok(())
            })
            .await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    Ok(body)
}

/// Its rows go to a temporary file as they come; no more than somebody waits for.
async fn whole(
    visit: &Visit,
    sheet: Sheet,
    notes: Vec<String>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Body, Problem> {
    let write = move |tx: &mut Tx| {
        let mut workbook = XlsxWriter::new(sheet.title, &sheet.heads, &notes)?;
        let mut wrong: Option<Problem> = None;
        let mut rows = 0_u64;
        produce(tx, &mut |row| {
            rows += 1;
            wrong = if rows > limits::EXPORT_ROWS_INLINE {
                let most = limits::EXPORT_ROWS_INLINE;
                Some(Refusal::new("workbook-too-long").with("most", most).into())
            } else {
                workbook.row(&cells(row)).err().map(Problem::from)
            };
            wrong.is_none()
        })?;
        match wrong {
            Some(problem) => Err(problem),
            None => Ok(workbook.finish()?),
        }
    };
    Ok(Body::from(visit.desk.readers.read(Lane::Long, write).await??))
}
