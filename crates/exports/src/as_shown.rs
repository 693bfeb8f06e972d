//! A short list as a file: the table that the page shows, column by column.

use axum::response::Response;
use documents::{Cell, Head};
use kernel::Problem;
use web::{
    Visit,
    view::{Cell as Shown, Table},
};

use crate::{Format, Sheet, answer};

/// Width of a column, in characters.
const WIDTH: u16 = 24;

/// The table of a page as a file. What stands under a cell's words stands behind them; days and numbers stay as they are
/// written on the page.
///
/// # Errors
/// As [`answer`].
pub async fn as_shown(
    visit: &Visit,
    format: Format,
    plain: &'static str,
    table: &Table,
) -> Result<Response, Problem> {
    let text = |text: &str| language::plain(text).to_string();
    let heads = table.columns.iter().map(|column| Head::new(text(&column.label), WIDTH)).collect();
    let sheet = Sheet { plain, title: table.caption.clone(), heads };
    let cell = |cell: &Shown| {
        let mark = cell.mark.as_ref().map(|mark| mark.word.as_str());
        let parts = [mark.unwrap_or_default(), &cell.text, &cell.more];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Cell::from(text(&parts.join(" · ")))
    };
    let rows: Vec<Vec<Cell>> = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    answer(visit, format, sheet, move |_, sink| {
        rows.iter().all(|row| sink(row));
        Ok(())
    })
    .await
}
