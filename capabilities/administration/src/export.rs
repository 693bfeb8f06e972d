//! A list as a file: CSV, streamed as its rows are read, or a workbook. Every list of this room leaves this way.

use axum::response::Response;
use documents::{Cell, Head};
use exports::Format;
use kernel::{Problem, Refusal, limits};
use language::Lang;
use storage::Tx;
use web::{Visit, view::Link};

use crate::texts;

/// Takes a row; false when no more are wanted.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&[String]) -> bool;

/// What the file is: its name in plain letters, its name in words, its headings.
pub(crate) struct Sheet {
    pub stem: &'static str,
    pub title: &'static str,
    pub heads: Vec<Head>,
}

/// Headings with their widths in characters.
pub(crate) fn headings(heads: &[(&str, u16)]) -> Vec<Head> {
    heads.iter().map(|(label, width)| Head::new(*label, *width)).collect()
}

/// The two ways out of a list, given the address for a format.
pub(crate) fn links(lang: Lang, address: impl Fn(&str) -> String) -> Vec<Link> {
    vec![
        Link::new(texts::export_xlsx(lang), address(Format::Xlsx.name())),
        Link::new(texts::export_csv(lang), address("")),
    ]
}

pub(crate) fn cells(row: &[String]) -> Vec<Cell> {
    row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect()
}

/// Answers with what `produce` hands over, row by row: lists that are not counted before. A workbook is refused when it
/// has more rows than somebody waits for.
pub(crate) async fn answer(
    visit: &Visit,
    named: &str,
    sheet: Sheet,
    produce: impl FnOnce(&mut Tx, Sink<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let format = Format::asked(named)?;
    let most = if format == Format::Xlsx { limits::EXPORT_ROWS_INLINE } else { u64::MAX };
    let sheet = exports::Sheet { plain: sheet.stem, title: sheet.title.to_owned(), heads: sheet.heads };
    let bounded = move |tx: &mut Tx, sink: exports::Sink<'_>| {
        let mut rows = 0_u64;
        produce(tx, &mut |row| {
            rows += 1;
            rows <= most && sink(&cells(row))
        })?;
        if rows > most { Err(Refusal::new("workbook-too-long").with("most", most).into()) } else { Ok(()) }
    };
    exports::answer(visit, format, sheet, bounded).await
}
