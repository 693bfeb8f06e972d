//! Rows as CSV, streamed as they are read.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
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
                // A byte order mark, so that spreadsheets read Chinese.
                let mut buffer = "\u{feff}".to_owned();
                if demonstration {
                    buffer.push_str(&joined(&[web::texts::shell_demo(lang).to_owned()]));
                }
                buffer.push_str(&joined(&head));
                let mut here = true;
                produce(tx, &mut |row| {
                    buffer.push_str(&joined(row));
                    if buffer.len() >= CHUNK {
                        here = chunks.send(std::mem::take(&mut buffer).into_bytes());
                    }
                    here
                })?;
                if !chunks.send(buffer.into_bytes()) {
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
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("甲,乙\"丙\""), "\"甲,乙\"\"丙\"\"\"");
    }
}
