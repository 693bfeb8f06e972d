//! The list as a file.

use axum::{
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, Head};
use exports::{Format, Sheet, Sink, answer};
use kernel::limits;
use language::Lang;
use rules::RuleBook;
use web::{Failed, Visit};

use super::{PlacePages, list::ListQuery, named_kind, side_of};
use crate::{
    code,
    query::{PlaceRow, rows},
    texts,
};

pub(super) async fn show(
    visit: Visit,
    State(pages): State<PlacePages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, filter) = (visit.viewer.clone(), query.filter());
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let sheet = Sheet { plain: "places", title: texts::places_title(lang).to_owned(), heads: heads(lang) };
    let produce = move |tx: &mut storage::Tx, sink: Sink<'_>| {
        for row in rows(tx, &viewer, &filter, most)? {
            if !sink(&cells(lang, &rules, &row)) {
                break;
            }
        }
        Ok(())
    };
    Ok(answer(&visit, format, sheet, produce).await?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_unit(lang), 28),
        (texts::place_name(lang), 24),
        (texts::place_spot(lang), 20),
        (texts::place_kind(lang), 14),
        (texts::place_side(lang), 10),
        (texts::place_code(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn cells(lang: Lang, rules: &RuleBook, row: &PlaceRow) -> Vec<Cell> {
    let text = |text: &str| Cell::from(language::plain(text).to_string());
    vec![
        text(&row.unit_name),
        text(&row.name),
        text(&row.spot),
        text(&named_kind(lang, rules, &row.kind)),
        text(side_of(lang, row)),
        text(&code::shown(&row.code)),
    ]
}
