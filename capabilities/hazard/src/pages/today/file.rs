//! 待办事项 as a file.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use documents::{CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::{PersonId, Problem, Timestamp, limits};
use language::Lang;
use serde::Deserialize;
use web::{Failed, Visit};

use super::{HazardPages, is_early, name, names_of, seats};
use crate::{
    query::{DueItem, due_for},
    texts, words,
};

/// Which file is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct FileQuery {
    format: String,
}

/// The same list as a file.
pub(in crate::pages) async fn export(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["export"])?;
    let format = Format::asked(&query.format)?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let (now, rules) = (visit.now(), pages.rules());
    // As many as a file has that somebody waits for; beside the readers that serve pages.
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let (items, names) = visit
        .read_long(move |tx| {
            let seats = seats(tx, &viewer)?;
            let mut items = due_for(tx, &seats, Some(viewer.person), most + 1)?;
            items.retain(|item| !is_early(&rules, item, now));
            let named: Vec<DueItem> =
                items.iter().filter(|item| item.waits_for_other(Some(viewer.person))).cloned().collect();
            Ok((items, names_of(tx, &vault, &named)?))
        })
        .await?;
    let lang = visit.lang();
    let title = texts::today_title(lang);
    let mut notes = notes(lang, visit.desk.handle.identity().demonstration);
    if items.len() > most {
        notes.push(texts::today_file_beyond(lang, most));
    }
    let items = items.get(..most).unwrap_or(&items);
    let bytes = match format {
        Format::Csv => rows(CsvWriter::new(title, &heads(lang), &notes), lang, (items, &names), now),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| rows(sheet, lang, (items, &names), now)),
    }?;
    Ok(attachment(format, "today", title, Body::from(bytes))?)
}

fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::record_level(lang), 8),
        (texts::record_unit(lang), 24),
        (texts::hazard_number(lang), 12),
        (texts::record_description(lang), 48),
        (texts::record_place(lang), 24),
        (texts::list_column_turn(lang), 16),
        (texts::today_by(lang), 12),
        (texts::plan_due(lang), 12),
        (texts::export_late(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn rows(
    mut sheet: impl TableWriter,
    lang: Lang,
    (items, names): (&[DueItem], &BTreeMap<PersonId, String>),
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    for item in items {
        let late = item.due_at.is_some_and(|due| due < now);
        let late = late.then(|| texts::record_overdue(lang).to_owned());
        let climbed = item.escalation.map(|step| words::climb(lang, step));
        let text = |text: &str| documents::Cell::from(language::plain(text).to_string());
        sheet.row(&[
            text(&words::level(lang, item.level)),
            text(&item.unit_name),
            text(&item.number.to_string()),
            text(&item.title),
            text(&item.place),
            text(&words::act(lang, item.act)),
            text(name(names, item)),
            documents::Cell::from(item.due_at.map(Timestamp::local_date)),
            text(&late.into_iter().chain(climbed).collect::<Vec<_>>().join(" · ")),
        ])?;
    }
    Ok(sheet.finish()?)
}
