//! 待办事项: what is the viewer's turn, with reminder texts to copy.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use documents::{CsvWriter, Head, TableWriter, XlsxWriter};
use exports::{Format, attachment, notes};
use kernel::{Problem, Timestamp, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Shell, Visit,
    view::{Cell, Clock, Column, Empty, Link, Pager, Table},
};

use super::{
    HazardPages, href,
    list::{level_mark, where_cell},
    reminder::{Reminder, per_school, reminder},
};
use crate::{
    offer::ANSWER_CLIMB,
    query::{DueItem, due_for},
    texts,
    turn::Act,
    words,
};

/// Items of one page of the list.
const ITEMS: usize = 100;

#[derive(Template)]
#[template(path = "hazard/today.html")]
struct TodayPage {
    shell: Shell,
    summary: String,
    table: Table,
    empty: Option<Empty>,
    /// How many there are besides those of this page.
    more: Option<(String, Pager)>,
    reminder: String,
    /// One text for each school of this page.
    schools: Vec<Reminder>,
    may_register: bool,
    /// The list as a file.
    exports: Vec<Link>,
    /// What is held for the viewer, when he is a named reader.
    held: Option<Link>,
}

/// Which page of the list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TodayQuery {
    page: String,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<TodayQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["hazard.view", "hazard.view_own"])?;
    let viewer = visit.viewer.clone();
    let lang = visit.lang();
    let (mut items, held) = visit
        .read(move |tx| {
            let seats = seats(tx, &viewer)?;
            let items = due_for(tx, &seats, Some(viewer.person), None, limits::DUE_ITEMS + 1)?;
            Ok((items, pages.confidant.due(tx, lang, viewer.account)?))
        })
        .await?;
    let beyond = items.len() > limits::DUE_ITEMS;
    items.truncate(limits::DUE_ITEMS);
    let now = visit.now();
    let late = items.iter().filter(|item| item.due_at.is_some_and(|due| due < now)).count();
    let part = Part::of(&items, &query.page);
    Ok(web::page(&TodayPage {
        summary: match (items.len(), late) {
            (0, _) => String::new(),
            (count, late) if beyond => {
                let number = |n: usize| Say(lang).number(i64::try_from(n).unwrap_or(i64::MAX));
                texts::today_count_beyond(lang, number(count), number(late))
            }
            (count, 0) => texts::today_count_fine(lang, count),
            (count, late) => texts::today_count(lang, count, late),
        },
        table: table(lang, part.shown, now),
        more: part.more(lang),
        empty: items.is_empty().then(|| Empty {
            sentence: texts::today_empty(lang).to_owned(),
            act: visit
                .viewer
                .may("hazard.register")
                .then(|| Link::new(texts::list_register(lang), "/hazards/new")),
            icon: "today",
        }),
        reminder: reminder(lang, &visit.viewer.home.name, &items, now),
        schools: per_school(lang, part.shown, &items, now),
        may_register: visit.viewer.may("hazard.register"),
        exports: files(&visit, &items),
        held,
        shell: visit.shell(texts::today_title(lang)).at("today"),
    }))
}

/// One page of what is due.
struct Part<'i> {
    shown: &'i [DueItem],
    /// Which one, from 0.
    page: usize,
    all: usize,
}

impl<'i> Part<'i> {
    /// A page that is none is the first.
    fn of(items: &'i [DueItem], asked: &str) -> Self {
        let page = asked.parse::<usize>().unwrap_or(1).saturating_sub(1);
        let found = items.chunks(ITEMS).nth(page).map(|shown| (shown, page));
        let (shown, page) =
            found.or_else(|| items.chunks(ITEMS).next().map(|shown| (shown, 0))).unwrap_or_default();
        Self { shown, page, all: items.len() }
    }

    /// Which ones these are and how many others there are, with the ways there.
    fn more(&self, lang: Lang) -> Option<(String, Pager)> {
        let others = self.all.saturating_sub(self.shown.len());
        if others == 0 {
            return None;
        }
        let before = self.page * ITEMS;
        let pages = self.all.div_ceil(ITEMS);
        let address = |number: usize| format!("/today?page={number}");
        let pager = Pager {
            before: (self.page > 0).then(|| address(self.page)),
            after: (self.page + 1 < pages).then(|| address(self.page + 2)),
            place: String::new(),
        };
        Some((texts::today_more(lang, before + 1, before + self.shown.len(), others), pager))
    }
}

/// For whoever may take lists along, when there is something in it.
fn files(visit: &Visit, items: &[DueItem]) -> Vec<Link> {
    if items.is_empty() || !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    vec![
        Link::new(texts::list_export_xlsx(lang), "/today/export?format=xlsx"),
        Link::new(texts::list_export_csv(lang), "/today/export?format=csv"),
    ]
}

/// Which file is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FileQuery {
    format: String,
}

/// The same list as a file.
pub(super) async fn export(visit: Visit, Query(query): Query<FileQuery>) -> Result<Response, Failed> {
    visit.need_any(&["export"])?;
    let format = match query.format.as_str() {
        "" => Format::Csv,
        named => Format::named(named).ok_or(Problem::NotFound)?,
    };
    let viewer = visit.viewer.clone();
    // As many as a file has that somebody waits for; beside the readers that serve pages.
    let most = usize::try_from(limits::EXPORT_ROWS_INLINE).unwrap_or(usize::MAX);
    let items = visit
        .read_long(move |tx| {
            let seats = seats(tx, &viewer)?;
            Ok(due_for(tx, &seats, Some(viewer.person), None, most + 1)?)
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
        Format::Csv => rows(CsvWriter::new(title, &heads(lang), &notes), lang, items, visit.now()),
        Format::Xlsx => XlsxWriter::new(title, &heads(lang), &notes)
            .map_err(Problem::from)
            .and_then(|sheet| rows(sheet, lang, items, visit.now())),
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
        (texts::plan_due(lang), 12),
        (texts::export_late(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

fn rows(
    mut sheet: impl TableWriter,
    lang: Lang,
    items: &[DueItem],
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
            documents::Cell::from(item.due_at.map(Timestamp::local_date)),
            text(&late.into_iter().chain(climbed).collect::<Vec<_>>().join(" · ")),
        ])?;
    }
    Ok(sheet.finish()?)
}

/// The units at which the viewer acts, each with the acts that are his there.
///
/// # Errors
/// Whatever the database answers.
pub fn seats(tx: &mut Tx, viewer: &access::Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, kernel::Problem> {
    let mut units: Vec<UnitId> = viewer.grants.iter().map(|grant| grant.held.unit).collect();
    units.sort_unstable();
    units.dedup();
    let mut seats = Vec::new();
    for unit in units {
        let may = viewer.permissions_over(tx, unit)?;
        let institution =
            organisation::unit_brief(tx, unit)?.is_some_and(|brief| brief.kind.is_institution());
        let acts: Vec<Act> = Act::ALL
            .into_iter()
            .filter(|act| match (institution, act) {
                (true, act) => may.has(act.permission()),
                (false, _) => may.has("hazard.county"),
            })
            .collect();
        if !acts.is_empty() {
            seats.push((unit, acts));
        }
        if may.has("hazard.central") {
            seats.extend(left_to(tx, unit)?);
        }
    }
    Ok(seats)
}

/// What a central school does for schools that have nobody of their own for it.
fn left_to(tx: &mut Tx, central: UnitId) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut acts: BTreeMap<UnitId, Vec<Act>> = BTreeMap::new();
    for (decides, theirs) in
        [(Act::Assign, [Act::Grade, Act::Assign]), (Act::TakeOn, [Act::TakeOn, Act::Rectify])]
    {
        for unit in access::units_without(tx, central, decides.permission())? {
            acts.entry(unit).or_default().extend(theirs);
        }
    }
    Ok(acts.into_iter().collect())
}

fn table(lang: Lang, items: &[DueItem], now: Timestamp) -> Table {
    Table {
        caption: texts::today_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_column_where(lang)),
            Column::new(texts::today_column_act(lang)),
            Column::new(texts::list_column_clock(lang)),
        ],
        rows: items
            .iter()
            .map(|item| {
                let clock =
                    item.due_at.map(|due| Clock::running(lang, item.registered_at.min(due), due, now));
                vec![
                    Cell::mark(level_mark(item.level), words::level(lang, item.level)),
                    Cell::link(&item.title, record_href(item)),
                    where_cell(&item.unit_name, item.number, &item.place),
                    act_cell(lang, item),
                    clock.map_or_else(|| Cell::text(""), Cell::clock),
                ]
            })
            .collect(),
    }
}

/// The record, with the form of what is to be done where that is not the act whose turn it is.
fn record_href(item: &DueItem) -> String {
    let record = href(item.id);
    match item.act {
        Act::Talk | Act::Raise => format!("{record}?act={ANSWER_CLIMB}"),
        Act::AnswerHelp => format!("{record}?act={}", item.act.name()),
        _ => record,
    }
}

/// What is to be done, and how far up it has climbed where the act itself does not say that.
fn act_cell(lang: Lang, item: &DueItem) -> Cell {
    let act = words::act(lang, item.act);
    let climbed = item
        .escalation
        .map(|step| words::climb(lang, step))
        .filter(|_| !matches!(item.act, Act::Talk | Act::Raise));
    Cell::text(act).more(climbed.unwrap_or_default())
}
