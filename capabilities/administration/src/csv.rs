//! Rows as CSV, streamed as they are read.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, CsvWriter, Head, TableWriter};
use kernel::Problem;
use storage::{Lane, StorageError, Tx};
use web::Visit;

/// Bytes gathered before they are handed to the connection.
const CHUNK: usize = 64 * 1024;

/// Takes a row; false when nobody reads any more.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&[String]) -> bool;

/// Answers with what `produce` hands over, row by row.
pub(crate) fn stream(
    visit: &Visit,
    disposition: &'static str,
    head: Vec<String>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Response {
    let lang = visit.lang();
    let demonstration = visit.desk.handle.identity().demonstration;
    let (chunks, stream) = web::byte_stream();
    let reading = visit.desk.readers.clone();
    tokio::spawn(async move {
        let done = reading
            .read(Lane::Long, move |tx| {
                let notes: Vec<String> =
                    demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect();
                // CSV has no widths.
                let heads: Vec<Head> = head.into_iter().map(|label| Head::new(label, 0)).collect();
                let mut sheet = CsvWriter::new("", &heads, &notes);
                let mut here = true;
                produce(tx, &mut |row| {
                    let cells: Vec<Cell> =
                        row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect();
                    here = here && sheet.row(&cells).is_ok();
                    if here && sheet.waiting() >= CHUNK {
                        here = chunks.send(sheet.take());
                    }
                    here
                })?;
                if !chunks.send(sheet.take()) {
                    return Err(Problem::from(StorageError::Other("nobody waits for the export".to_owned())));
                }
                Ok(())
            })
            .await;
        if let Err(error) | Ok(Err(error)) = done.map_err(Problem::from) {
            tracing::warn!(%error, "an export ended early");
        }
    });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}
