//! 待办事项: what is the viewer's turn, with reminder texts to copy.

mod file;

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use journal::Vault;
use kernel::{PersonId, Problem, Timestamp, UnitId, limits};
use language::{Lang, Say};
use organisation::person_names;
use rules::RuleBook;
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Shell, Visit,
    view::{Cell, Clock, Column, Empty, Link, Pager, Table},
};

use super::{
    BATCH, HazardPages,
    beside::Errands,
    href,
    list::{level_mark, where_cell},
    reminder::{Reminder, per_school, reminder},
};
use crate::{
    offer::ANSWER_CLIMB,
    query::{DueItem, due_for},
    texts,
    turn::{Act, LEFT_TO_CENTRAL},
    words,
};

pub(super) use file::export;

/// Items of one page of the list.
const ITEMS: usize = 100;

#[derive(Template)]
#[template(path = "hazard/today.html")]
struct TodayPage {
    shell: Shell,
    summary: String,
    table: Table,
    /// What waits for somebody else by name, for whoever may assign it anew.
    others: Option<Table>,
    empty: Option<Empty>,
    /// How many there are besides those of this page.
    more: Option<(String, Pager)>,
    reminder: String,
    /// One text for each school of this page.
    schools: Vec<Reminder>,
    may_register: bool,
    /// 批量办理, for whoever decides about several.
    batch: Option<Link>,
    /// The list as a file.
    exports: Vec<Link>,
    /// What is held for the viewer, when he is a named reader.
    held: Option<Link>,
    /// What he has to do in other rooms.
    errands: Vec<Errands>,
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
    let lang = visit.lang();
    let Waiting { own: items, others, names, beyond, held, errands } = waiting(&visit, &pages).await?;
    let now = visit.now();
    let late = items.iter().filter(|item| item.due_at.is_some_and(|due| due < now)).count();
    let part = Part::of(&items, &query.page);
    // Whoever is reminded need not be the one who reads this.
    let all = by_deadline(items.iter().chain(&others));
    let shown =
        by_deadline(part.shown.iter().chain(others.iter().take(if part.page == 0 { ITEMS } else { 0 })));
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
        table: table(lang, texts::today_title(lang), part.shown, now, None),
        others: (!others.is_empty() && part.page == 0).then(|| {
            let first = others.get(..ITEMS).unwrap_or(&others);
            table(lang, texts::today_others(lang), first, now, Some(&names))
        }),
        more: part.more(lang),
        empty: (items.is_empty() && others.is_empty() && errands.is_empty()).then(|| Empty {
            sentence: texts::today_empty(lang).to_owned(),
            act: visit
                .viewer
                .may("hazard.register")
                .then(|| Link::new(texts::list_register(lang), "/hazards/new")),
            icon: "today",
        }),
        reminder: with_errands(reminder(lang, &visit.viewer.home.name, &all, now), &errands),
        schools: per_school(lang, &shown, &all, now),
        may_register: visit.viewer.may("hazard.register"),
        batch: batch(&visit, &all),
        exports: files(&visit, &all),
        held,
        errands,
        shell: visit.shell(texts::today_title(lang)).at("today"),
    }))
}

/// The text to copy, with what has to be done in other rooms.
fn with_errands(reminder: String, errands: &[Errands]) -> String {
    let others = errands.iter().flat_map(|room| std::iter::once(&room.summary).chain(&room.lines));
    let own = Some(reminder).filter(|text| !text.is_empty());
    own.into_iter().chain(others.cloned()).collect::<Vec<_>>().join("\n")
}

/// What a list of what is due is made of.
struct Waiting {
    /// What the viewer has to do.
    own: Vec<DueItem>,
    /// What waits for somebody else by name.
    others: Vec<DueItem>,
    /// Who that is.
    names: BTreeMap<PersonId, String>,
    /// There is more than fits.
    beyond: bool,
    held: Option<Link>,
    errands: Vec<Errands>,
}

async fn waiting(visit: &Visit, pages: &HazardPages) -> Result<Waiting, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let (lang, now, rules) = (visit.lang(), visit.now(), pages.rules());
    let confidant = Arc::clone(&pages.confidant);
    let companions = pages.companions.clone();
    visit
        .read(move |tx| {
            let seats = seats(tx, &viewer)?;
            let mut items = due_for(tx, &seats, Some(viewer.person), limits::DUE_ITEMS + 1)?;
            let beyond = items.len() > limits::DUE_ITEMS;
            items.truncate(limits::DUE_ITEMS);
            items.retain(|item| !is_early(&rules, item, now));
            // What a central school does for a school with nobody is nothing to remind that school of.
            let left = left_over(tx, &viewer)?;
            let is_left = |item: &DueItem| {
                left.iter().any(|(unit, acts)| *unit == item.unit && acts.contains(&item.act))
            };
            for item in items.iter_mut().filter(|item| is_left(item)) {
                item.owed_there = false;
            }
            let (others, own): (Vec<_>, Vec<_>) =
                items.into_iter().partition(|item| item.waits_for_other(Some(viewer.person)));
            let names = names_of(tx, &vault, &others)?;
            let held = confidant.due(tx, lang, viewer.account)?;
            let mut errands = Vec::new();
            for companion in &companions {
                errands.extend(companion.errands(tx, lang, &viewer, now)?);
            }
            Ok(Waiting { own, others, names, beyond, held, errands })
        })
        .await
}

fn names_of(tx: &mut Tx, vault: &Vault, items: &[DueItem]) -> Result<BTreeMap<PersonId, String>, Problem> {
    let mut people: Vec<PersonId> = items.iter().filter_map(|item| item.person).collect();
    people.sort_unstable();
    people.dedup();
    Ok(person_names(tx, vault, &people)?.into_iter().collect())
}

/// A look back that would be refused today, because what was fixed has not had time to come back.
fn is_early(rules: &RuleBook, item: &DueItem, now: Timestamp) -> bool {
    item.act == Act::Revisit
        && item.closed_at.is_some_and(|closed| {
            rules.deadline("hazard.revisit.earliest", closed).is_ok_and(|earliest| now < earliest.value)
        })
}

fn by_deadline<'i>(items: impl Iterator<Item = &'i DueItem>) -> Vec<DueItem> {
    let mut items: Vec<DueItem> = items.cloned().collect();
    items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.id, item.act));
    items
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
            ..Pager::default()
        };
        Some((texts::today_more(lang, before + 1, before + self.shown.len(), others), pager))
    }
}

/// Several that one form could do.
fn batch(visit: &Visit, items: &[DueItem]) -> Option<Link> {
    let many = |act: Act| items.iter().filter(|item| item.act == act).nth(1).is_some();
    let may = BATCH.iter().any(|permission| visit.viewer.may(permission));
    let late = visit.viewer.may("hazard.county") || visit.viewer.may("hazard.central");
    let some = late || [Act::Assign, Act::AnswerExtension, Act::Close].into_iter().any(many);
    (may && some).then(|| Link::new(texts::batch_title(visit.lang()), "/hazards/batch"))
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

/// The same of every central school the viewer works at.
fn left_over(tx: &mut Tx, viewer: &access::Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut left = Vec::new();
    for grant in &viewer.grants {
        if viewer.may_over(tx, "hazard.central", grant.held.unit)? {
            left.extend(left_to(tx, grant.held.unit)?);
        }
    }
    Ok(left)
}

/// What a central school does for schools that have nobody of their own for it.
fn left_to(tx: &mut Tx, central: UnitId) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut acts: BTreeMap<UnitId, Vec<Act>> = BTreeMap::new();
    for (decides, theirs) in LEFT_TO_CENTRAL {
        for unit in access::units_without(tx, central, decides.permission())? {
            acts.entry(unit).or_default().extend(theirs);
        }
    }
    Ok(acts.into_iter().collect())
}

/// The list; with who is waited for, where that is somebody else.
fn table(
    lang: Lang,
    caption: &str,
    items: &[DueItem],
    now: Timestamp,
    names: Option<&BTreeMap<PersonId, String>>,
) -> Table {
    let act = if names.is_some() { texts::today_column_other(lang) } else { texts::today_column_act(lang) };
    Table {
        caption: caption.to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_column_where(lang)),
            Column::new(act),
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
                    act_cell(lang, item, names),
                    clock.map_or_else(|| Cell::text(""), Cell::clock),
                ]
            })
            .collect(),
    }
}

/// Whom it waits for by name; empty when it is not somebody else.
fn name<'n>(names: &'n BTreeMap<PersonId, String>, item: &DueItem) -> &'n str {
    item.person.and_then(|person| names.get(&person)).map_or("", String::as_str)
}

/// The record, with the form of what is to be done where that is not the act whose turn it is.
fn record_href(item: &DueItem) -> String {
    let record = href(item.id);
    match item.act {
        Act::Talk | Act::Raise => format!("{record}?act={ANSWER_CLIMB}"),
        Act::AnswerHelp | Act::DeliverHelp => format!("{record}?act={}", item.act.name()),
        _ => record,
    }
}

/// What is to be done, and how far up it has climbed where the act itself does not say that.
fn act_cell(lang: Lang, item: &DueItem, names: Option<&BTreeMap<PersonId, String>>) -> Cell {
    let act = words::act(lang, item.act);
    let act = match names.map(|names| name(names, item)).filter(|name| !name.is_empty()) {
        Some(name) => texts::today_other(lang, name, act),
        None => act,
    };
    let climbed = item
        .escalation
        .map(|step| words::climb(lang, step))
        .filter(|_| !matches!(item.act, Act::Talk | Act::Raise));
    let urged = (item.urged > 0 && item.act == item.owed).then(|| texts::today_urged(lang, item.urged));
    let beside: Vec<String> = climbed.into_iter().chain(urged).collect();
    Cell::text(act).more(beside.join(" · "))
}
