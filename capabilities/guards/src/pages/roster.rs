//! The roster of guards: who is full-time, whose papers hold, who counts and who does not.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{Date, PersonId, UnitId};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    panel::Tally,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::{GuardsPages, ROSTER, person_href, school_href};
use crate::{
    counting::Guard,
    expiry::{Expiry, Spans, days_left, of_guard},
    query::{GuardRow, roster},
    texts, words,
};

const LIST: &str = "/guards/roster";
/// Guards on one page.
const SHOWN: usize = 400;

/// Where the guards of a school are.
pub(super) fn of_school(unit: UnitId) -> String {
    format!("{LIST}?unit={}", unit.0.simple())
}

kernel::named! {
    /// Which guards are shown.
    pub(super) enum View {
        /// All.
        All = "all",
        /// They count.
        Counting = "counting",
        /// They do not.
        NotCounting = "not-counting",
        /// 兼职
        PartTime = "part-time",
        /// Something of theirs runs out soon.
        Soon = "soon",
        /// Something of theirs has run out.
        Over = "over",
    }
}

impl View {
    /// In words.
    pub(super) fn said(self, lang: Lang) -> &'static str {
        match self {
            Self::All => texts::roster_all(lang),
            Self::Counting => texts::roster_counting(lang),
            Self::NotCounting => texts::roster_not_counting(lang),
            Self::PartTime => texts::roster_part_time(lang),
            Self::Soon => texts::roster_soon(lang),
            Self::Over => texts::roster_over(lang),
        }
    }

    fn holds(self, row: &GuardRow, spans: Spans, today: Date) -> bool {
        let left = || next(&row.guard, row.unit, spans).map(|expiry| days_left(expiry.last, today));
        match self {
            Self::All => true,
            Self::Counting => row.guard.counts(today),
            Self::NotCounting => !row.guard.counts(today) && !row.guard.is_part_time(today),
            Self::PartTime => row.guard.is_part_time(today),
            Self::Soon => left().is_some_and(|left| (0..=spans.first).contains(&left)),
            Self::Over => left().is_some_and(|left| left < 0),
        }
    }
}

/// What of a guard runs out first.
fn next(guard: &Guard, unit: UnitId, spans: Spans) -> Option<Expiry> {
    of_guard(guard, unit, spans).into_iter().min_by_key(|expiry| expiry.last)
}

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RosterQuery {
    pub view: String,
    pub unit: String,
    pub format: String,
}

impl RosterQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = View::named(&self.view).is_some();
        unread.clear(texts::column_counts(lang), &mut self.view, known);
        let known = UnitId::parse(&self.unit).is_some();
        unread.clear(texts::column_school(lang), &mut self.unit, known);
        (self, unread)
    }

    pub(super) fn unit(&self) -> Option<UnitId> {
        UnitId::parse(&self.unit)
    }

    pub(super) fn view(&self) -> View {
        View::named(&self.view).unwrap_or(View::All)
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields = [("view", self.view.as_str()), ("unit", &self.unit)];
        web::address_with(path, &fields, field, value)
    }

    fn of_school(&self, row: &GuardRow) -> bool {
        self.unit().is_none_or(|unit| row.unit == unit)
    }

    /// What is asked for, of all that may be seen.
    pub(super) fn chosen(&self, all: Vec<GuardRow>, spans: Spans, today: Date) -> Vec<GuardRow> {
        let view = self.view();
        all.into_iter().filter(|row| self.of_school(row) && view.holds(row, spans, today)).collect()
    }
}

#[derive(Template)]
#[template(path = "guards/roster.html")]
struct RosterPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    schools: Vec<Choice>,
    view: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Query(query): Query<RosterQuery>,
) -> Result<Response, Failed> {
    visit.need_any(ROSTER)?;
    let (lang, rules, today) = (visit.lang(), pages.rules(), visit.now().local_date());
    let spans = Spans::of(&rules, today);
    let (query, unread) = query.settled(lang);
    let (viewer, vault, asked) = (visit.viewer.clone(), visit.desk.vault.clone(), query.clone());
    let (all, names) = visit
        .read_long(move |tx| {
            let all = roster(tx, &viewer.scope("guards.roster"))?;
            let shown = asked.chosen(all.clone(), spans, today);
            let people: Vec<PersonId> = shown.iter().take(SHOWN).map(|row| row.guard.person).collect();
            Ok((all, organisation::person_names(tx, &vault, &people)?))
        })
        .await?;
    let schools = schools(&all);
    let of_school: Vec<&GuardRow> = all.iter().filter(|row| query.of_school(row)).collect();
    let views = tabs(lang, &query, &of_school, spans, today);
    let found = query.chosen(all, spans, today);
    let shown = found.get(..SHOWN).unwrap_or(&found);
    Ok(web::page(&RosterPage {
        lead: texts::roster_lead(lang),
        filter: Filter {
            chips: chips(lang, &query, &schools),
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("view", query.view.as_str())], "view", &query.view),
            views,
            count: texts::roster_count(lang, found.len()),
            exports: exports(&visit, &query),
        },
        form: visit
            .form()
            .with("unit", UnitId::parse(&query.unit).map(|id| id.0.simple().to_string()).unwrap_or_default()),
        schools,
        view: query.view.clone(),
        table: table(lang, &rules, shown, &names, today),
        more: if found.len() > shown.len() { texts::list_more(lang, SHOWN) } else { String::new() },
        empty: found.is_empty().then(|| nothing(lang, &query)),
        shell: visit.shell(texts::roster_title(lang)).at("guards").back_to("/guards"),
    }))
}

fn schools(all: &[GuardRow]) -> Vec<Choice> {
    let mut schools: Vec<Choice> =
        all.iter().map(|row| Choice::new(row.unit.0.simple().to_string(), &row.unit_name)).collect();
    schools.dedup();
    schools
}

fn chips(lang: Lang, query: &RosterQuery, schools: &[Choice]) -> Vec<Link> {
    if query.unit.is_empty() {
        return Vec::new();
    }
    let own = UnitId::parse(&query.unit).map(|id| id.0.simple().to_string()).unwrap_or_default();
    let label = schools.iter().find(|choice| choice.value == own).map(|choice| choice.label.clone());
    let label = label.unwrap_or_else(|| texts::list_chip_unknown(lang).to_owned());
    vec![Link::new(label, query.with(LIST, "unit", ""))]
}

fn tabs(lang: Lang, query: &RosterQuery, rows: &[&GuardRow], spans: Spans, today: Date) -> Vec<Link> {
    let tab = |view: &View| {
        let amount = rows.iter().filter(|row| view.holds(row, spans, today)).count();
        Link::new(view.said(lang), query.with(LIST, "view", view.name()))
            .current(*view == query.view())
            .count(u32::try_from(amount).unwrap_or(u32::MAX))
    };
    View::ALL.iter().map(tab).collect()
}

/// The views of one school's roster, for its page: who counts, who does not, and what runs out.
pub(super) fn tallies(
    lang: Lang,
    rules: &RuleBook,
    rows: &[GuardRow],
    unit: UnitId,
    today: Date,
) -> Vec<Tally> {
    let spans = Spans::of(rules, today);
    let query = RosterQuery { unit: unit.0.simple().to_string(), ..RosterQuery::default() };
    let rows: Vec<&GuardRow> = rows.iter().collect();
    let tally = |(view, tab): (&View, Link)| {
        let n = tab.count.unwrap_or(0);
        Tally::new(tab.label, n, tab.href).late(*view == View::Over && n > 0)
    };
    let tabs = tabs(lang, &query, &rows, spans, today);
    View::ALL
        .iter()
        .zip(tabs)
        .filter(|(view, tab)| **view == View::All || tab.count > Some(0))
        .map(tally)
        .collect()
}

fn exports(visit: &Visit, query: &RosterQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/guards/roster/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

fn nothing(lang: Lang, query: &RosterQuery) -> Empty {
    let narrowed = !query.unit.is_empty() || query.view() != View::All;
    let sentence = if narrowed { texts::roster_empty(lang) } else { texts::roster_empty_all(lang) };
    let act = narrowed.then(|| Link::new(texts::list_show_all(lang), LIST));
    Empty { sentence: sentence.to_owned(), act, icon: "shield" }
}

fn table(
    lang: Lang,
    rules: &RuleBook,
    rows: &[GuardRow],
    names: &HashMap<PersonId, String>,
    today: Date,
) -> Table {
    let spans = Spans::of(rules, today);
    let mut columns = columns(lang);
    columns.insert(1, Column::new(texts::column_school(lang)));
    let row = |row: &GuardRow| {
        let mut cells = cells(lang, &row.guard, row.unit, names, (spans, today));
        cells.insert(1, Cell::link(&row.unit_name, school_href(row.unit)));
        cells
    };
    Table { caption: texts::roster_title(lang).to_owned(), columns, rows: rows.iter().map(row).collect() }
}

/// The guards of one campus.
pub(super) fn guards_table<'g>(
    lang: Lang,
    rules: &RuleBook,
    guards: impl Iterator<Item = &'g Guard>,
    names: &HashMap<PersonId, String>,
    today: Date,
) -> Table {
    let spans = Spans::of(rules, today);
    let row = |guard: &Guard| cells(lang, guard, UnitId::NIL, names, (spans, today));
    Table {
        caption: texts::school_guards(lang).to_owned(),
        columns: columns(lang),
        rows: guards.map(row).collect(),
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    vec![
        Column::new(texts::column_name(lang)),
        Column::new(texts::column_work(lang)),
        Column::new(texts::column_counts(lang)),
        Column::new(texts::column_expiry(lang)),
    ]
}

fn cells(
    lang: Lang,
    guard: &Guard,
    unit: UnitId,
    names: &HashMap<PersonId, String>,
    (spans, today): (Spans, Date),
) -> Vec<Cell> {
    let name = names.get(&guard.person).cloned();
    let name = name.unwrap_or_else(|| texts::guard_nameless(lang).to_owned());
    let work = if !guard.known {
        texts::guard_unknown(lang).to_owned()
    } else if guard.full_time {
        texts::guard_full_time(lang).to_owned()
    } else {
        texts::guard_part_time(lang).to_owned()
    };
    let shift = guard.shift.as_deref().map(|shift| words::shift_named(lang, shift));
    let more = guard.known.then(|| words::employer(lang, &guard.employer)).into_iter().chain(shift);
    let counts = guard.counts(today);
    let expiry = next(guard, unit, spans)
        .map_or_else(|| Cell::text(""), |expiry| expiry_cell(lang, &expiry, spans, today));
    vec![
        Cell::link(name, person_href(guard.person)),
        Cell::text(work).more(more.collect::<Vec<_>>().join(" · ")),
        Cell::mark(if counts { Level::Done } else { Level::Plain }, words::counted(lang, guard, today)),
        expiry,
    ]
}

/// 健康证 2026-12-01 · 还剩 3 天
fn expiry_cell(lang: Lang, expiry: &Expiry, spans: Spans, today: Date) -> Cell {
    let paper = words::paper(lang, expiry.paper);
    let day = texts::expiry_until(lang, paper, Say(lang).day(expiry.last));
    match expiry_level(expiry.last, spans, today) {
        Level::Plain => Cell::text(day),
        level => Cell::mark(level, left(lang, expiry.last, today)).more(day),
    }
}

/// How near the last day is.
pub(crate) fn expiry_level(last: Date, spans: Spans, today: Date) -> Level {
    match days_left(last, today) {
        ..0 => Level::Red,
        left if left <= spans.second => Level::Yellow,
        left if left <= spans.first => Level::Blue,
        _ => Level::Plain,
    }
}

/// 还剩 20 天、今天到期、已过期 3 天
pub(crate) fn left(lang: Lang, last: Date, today: Date) -> String {
    match days_left(last, today) {
        0 => texts::expiry_today(lang).to_owned(),
        left @ 1.. => texts::expiry_left(lang, left),
        over => texts::expiry_over(lang, over.unsigned_abs()),
    }
}
