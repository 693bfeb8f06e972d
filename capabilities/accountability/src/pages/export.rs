//! Both lists as files. Who takes one out is in the log of reads: they say of whom something is claimed.

use axum::{extract::Query, response::Response};
use documents::Head;
use exports::{Format, Sheet, Sink, answer};
use kernel::{Problem, StreamId, Timestamp, limits};
use language::Lang;
use storage::{StorageError, Tx};
use web::{Failed, Visit};

use super::{
    clarifications::{number, origin},
    list::{ListQuery, side_names},
};
use crate::{
    case::{SideRole, Verdict},
    query::{CaseRow, ClarificationRow, Kind},
    texts, words,
};

/// Rows of a file: a county has a few of them in a year.
fn most() -> usize {
    usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX)
}

fn text(text: impl AsRef<str>) -> documents::Cell {
    documents::Cell::from(language::plain(text.as_ref()).to_string())
}

fn day(at: Option<Timestamp>) -> documents::Cell {
    documents::Cell::from(at.map(Timestamp::local_date))
}

fn all(sink: Sink<'_>, rows: impl Iterator<Item = Vec<documents::Cell>>) -> Result<(), Problem> {
    for row in rows {
        if !sink(&row) {
            return Err(StorageError::Other("nobody waits for the export any more".to_owned()).into());
        }
    }
    Ok(())
}

async fn begin(visit: &Visit, what: &'static str, (query, of): (&ListQuery, Kind)) -> Result<(), Problem> {
    visit.need_any(&["accountability.view"])?;
    visit.need_any(&["export"])?;
    let viewer = visit.viewer.clone();
    let units = visit.read(move |tx| crate::query::units(tx, &viewer, of)).await?;
    let subject: StreamId = visit.viewer.account.into();
    visit.taking_out(what, subject, visit.viewer.home.id, &query.told(visit, of, &units)).await
}

pub(super) async fn cases(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["accountability.view"])?;
    let (query, unread) = query.settled(visit.lang(), Kind::Case);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    begin(&visit, "accountability.export", (&query, Kind::Case)).await?;
    let (lang, now, viewer) = (visit.lang(), visit.now(), visit.viewer.clone());
    let title = texts::cases_title(lang);
    let sheet = Sheet { plain: "accountability", title: title.to_owned(), heads: case_heads(lang) };
    let whole = move |tx: &mut Tx, sink: Sink<'_>| {
        let found = crate::query::cases(tx, &viewer, (query.which(), &query.filter()), now, most())?;
        all(sink, found.iter().map(|row| case_cells(lang, row, now)))
    };
    Ok(answer(&visit, format, sheet, whole).await?)
}

pub(super) async fn clarifications(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["accountability.view"])?;
    let (query, unread) = query.settled(visit.lang(), Kind::Clarification);
    unread.refused()?;
    let format = Format::asked(&query.format)?;
    begin(&visit, "clarification.export", (&query, Kind::Clarification)).await?;
    let (lang, viewer) = (visit.lang(), visit.viewer.clone());
    let title = texts::clarifications_title(lang);
    let sheet = Sheet { plain: "clarifications", title: title.to_owned(), heads: clarification_heads(lang) };
    let whole = move |tx: &mut Tx, sink: Sink<'_>| {
        let asked = (query.which_clarifications(), &query.filter());
        let found = crate::query::clarifications(tx, &viewer, asked, most())?;
        all(sink, found.iter().map(|row| clarification_cells(lang, row)))
    };
    Ok(answer(&visit, format, sheet, whole).await?)
}

fn case_heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_number(lang), 14),
        (texts::column_hazard(lang), 14),
        (texts::form_rectifying(lang), 28),
        (texts::form_supervising(lang), 28),
        (texts::form_authority(lang), 20),
        (texts::form_consequence(lang), 12),
        (texts::form_happened_on(lang), 12),
        (texts::column_stage(lang), 12),
        (texts::column_opened(lang), 12),
        (texts::column_concluded(lang), 12),
        (texts::column_cleared(lang), 28),
        (texts::column_next(lang), 12),
        (texts::column_late(lang), 8),
        (texts::column_ended(lang), 12),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn case_cells(lang: Lang, row: &CaseRow, now: Timestamp) -> Vec<documents::Cell> {
    let state = &row.state;
    let signed = state.conclusion.is_some();
    let cleared = state.sides.iter().filter(|one| signed && one.verdict() == Some(Verdict::Done));
    let cleared: Vec<&str> = cleared.map(|one| one.side.name.as_str()).collect();
    let late = row.next_due.is_some_and(|due| due < now);
    vec![
        text(row.number.to_string()),
        text(state.hazard_number.to_string()),
        text(side_names(lang, state, SideRole::Rectifying)),
        text(side_names(lang, state, SideRole::Supervising)),
        text(words::authority(lang, state)),
        text(words::consequence(lang, &state.consequence)),
        day(Some(state.happened_on)),
        text(words::stage(lang, state.stage.code())),
        day(Some(state.opened_at)),
        day(state.conclusion.as_ref().map(|conclusion| conclusion.at)),
        text(cleared.join(texts::names_between(lang))),
        day(row.next_due),
        text(if late { texts::late(lang) } else { "" }),
        day(state.stage.ended()),
    ]
}

fn clarification_heads(lang: Lang) -> Vec<Head> {
    [
        (texts::column_number(lang), 14),
        (texts::column_hazard(lang), 14),
        (texts::column_unit(lang), 28),
        (texts::column_origin(lang), 24),
        (texts::column_stage(lang), 12),
        (texts::column_begun(lang), 12),
        (texts::column_next(lang), 12),
        (texts::form_document_number(lang), 22),
        (texts::column_ended(lang), 12),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn clarification_cells(lang: Lang, row: &ClarificationRow) -> Vec<documents::Cell> {
    let state = &row.state;
    let due = state.answer.as_ref().filter(|_| state.code().is_running());
    let document = state.signature().map(|signature| signature.document_number.clone());
    vec![
        text(number(lang, row)),
        text(state.hazard_number.to_string()),
        text(&state.name),
        text(origin(lang, row)),
        text(words::clarification_stage(lang, state.code())),
        day(Some(state.begun_at)),
        day(due.map(|due| due.at)),
        text(document.unwrap_or_default()),
        day(state.ended()),
    ]
}
