//! The list as a file. No telephone is in it, ever.

use axum::{
    extract::{Query, State},
    response::Response,
};
use documents::{Cell, Head};
use exports::{Format, Sheet, Sink, answer};
use kernel::{Timestamp, limits};
use language::Lang;
use rules::RuleBook;
use web::{Failed, Visit};

use super::{
    ReportPages,
    list::{ListQuery, category, outcome},
};
use crate::{
    beside::titled,
    query::{ReportRow, rows},
    texts,
};

pub(super) async fn show(
    visit: Visit,
    State(pages): State<ReportPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    visit.need_any(&["export"])?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    let (viewer, filter, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let sheet = Sheet { plain: "reports", title: texts::reports_title(lang).to_owned(), heads: heads(lang) };
    let produce = move |tx: &mut storage::Tx, sink: Sink<'_>| {
        for row in rows(tx, &viewer, &filter, now, most)? {
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
        (texts::column_number(lang), 12),
        (texts::column_unit(lang), 24),
        (texts::column_place(lang), 18),
        (texts::form_category(lang), 14),
        (texts::column_title(lang), 48),
        (texts::column_received(lang), 12),
        (texts::column_stage(lang), 14),
        (texts::column_answered(lang), 12),
        (texts::column_due(lang), 12),
        (texts::list_late(lang), 10),
        (texts::sent_back(lang), 12),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn cells(lang: Lang, rules: &RuleBook, row: &ReportRow) -> Vec<Cell> {
    let text = |text: &str| Cell::from(language::plain(text).to_string());
    let day = |at: Option<Timestamp>| Cell::from(at.map(Timestamp::local_date));
    let yes = |yes: bool, said: &'static str| text(if yes { said } else { "" });
    vec![
        text(&row.number.to_string()),
        text(&row.unit_name),
        text(&row.place),
        text(&category(lang, rules, row.category.as_deref())),
        text(&titled(lang, &row.title)),
        day(Some(row.received_at)),
        text(&outcome(lang, row)),
        day(row.answered_at),
        day(row.due),
        yes(row.late, texts::late(lang)),
        yes(row.sent_back, texts::sent_back(lang)),
    ]
}
