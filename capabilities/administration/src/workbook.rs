//! Rows as a workbook; they go to a temporary file as they come.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{Cell, Head, TableWriter, XlsxWriter};
use kernel::Problem;
use storage::{Lane, Tx};
use web::Visit;

use crate::csv::Sink;

const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Answers with what `produce` hands over, row by row.
pub(crate) async fn whole(
    visit: &Visit,
    disposition: &'static str,
    title: &'static str,
    heads: Vec<Head>,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let lang = visit.lang();
    let demonstration = visit.desk.handle.identity().demonstration;
    let write = move |tx: &mut Tx| {
        let notes: Vec<String> =
            demonstration.then(|| web::texts::shell_demo(lang).to_owned()).into_iter().collect();
        let mut sheet = XlsxWriter::new(title, &heads, &notes)?;
        let mut wrong = None;
        produce(tx, &mut |row| {
            let cells: Vec<Cell> =
                row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect();
            wrong = sheet.row(&cells).err();
            wrong.is_none()
        })?;
        match wrong {
            Some(problem) => Err(Problem::from(problem)),
            None => Ok(sheet.finish()?),
        }
    };
    let bytes = visit.desk.readers.read(Lane::Long, write).await??;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(KIND));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    Ok(response)
}
