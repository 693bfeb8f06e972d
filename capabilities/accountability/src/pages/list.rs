//! The county's cases 责任追究, with how many stand where.

use askama::Template;
use axum::{extract::Query, response::Response};
use kernel::{Timestamp, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Clock, Column, Empty, Filter as Bar, Level, Link, Table},
};

use super::{choices, href};
use crate::{
    case::{CaseState, SideRole, StageCode},
    query::{
        CaseCounts, CaseRow, Filter, Kind, Which, WhichClarifications, case_counts, cases, units, years,
    },
    texts, words,
};

/// Which of a list are asked for, as an address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub unit: String,
    pub year: String,
    pub q: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang, of: Kind) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = match of {
            Kind::Case => Which::named(&self.stage).is_some(),
            Kind::Clarification => WhichClarifications::named(&self.stage).is_some(),
        };
        unread.clear(texts::column_stage(lang), &mut self.stage, known);
        let known = UnitId::parse(&self.unit).is_some();
        unread.clear(texts::filter_unit(lang), &mut self.unit, known);
        let known = self.year.parse::<i16>().is_ok_and(|year| (2000..=9999).contains(&year));
        unread.clear(texts::filter_year(lang), &mut self.year, known);
        (self, unread)
    }

    pub(super) fn filter(&self) -> Filter {
        Filter {
            unit: UnitId::parse(&self.unit),
            year: self.year.parse().ok(),
            words: self.q.split_whitespace().take(WORDS).map(pattern).collect(),
        }
    }

    pub(super) fn which(&self) -> Which {
        Which::named(&self.stage).unwrap_or_default()
    }

    /// How the list is narrowed, in words; a unit of which no row is seen is not named.
    pub(super) fn told(&self, visit: &Visit, of: Kind, units: &[(UnitId, String)]) -> String {
        let lang = visit.lang();
        let stage = match of {
            Kind::Case => self.which().said(lang),
            Kind::Clarification => self.which_clarifications().said(lang),
        };
        let unit = UnitId::parse(&self.unit)
            .map(|unit| units.iter().find(|(known, _)| *known == unit).map_or("…", |(_, name)| name));
        let words = (!self.q.trim().is_empty()).then(|| texts::filter_words_chip(lang, self.q.trim()));
        let year = (!self.year.is_empty()).then(|| self.year.clone());
        let place = unit.unwrap_or(&visit.viewer.home.name).to_owned();
        [Some(place), Some(stage), year, words].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn which_clarifications(&self) -> WhichClarifications {
        WhichClarifications::named(&self.stage).unwrap_or_default()
    }

    /// The same with one field changed.
    pub(super) fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 4] =
            [("stage", &self.stage), ("unit", &self.unit), ("year", &self.year), ("q", &self.q)];
        web::address_with(path, &filter, field, value)
    }
}

/// Words of a search, and characters of one.
const WORDS: usize = 6;
const CHARS: usize = 40;

fn pattern(word: &str) -> String {
    Filter::pattern(&word.chars().take(CHARS).collect::<String>())
}

/// Both lists look alike.
#[derive(Template)]
#[template(path = "accountability/list.html")]
pub(super) struct ListPage {
    pub shell: Shell,
    pub form: FormState,
    pub lead: &'static str,
    pub path: &'static str,
    /// The two lists.
    pub lists: Vec<Link>,
    pub tabs: Vec<Link>,
    pub filter: Bar,
    pub stage: String,
    pub units: Vec<Choice>,
    pub years: Vec<Choice>,
    pub table: Table,
    pub more: String,
    pub empty: Option<Empty>,
}

/// The two lists beside each other.
pub(super) fn lists(lang: Lang, of: Kind) -> Vec<Link> {
    vec![
        Link::new(texts::cases_title(lang), "/accountability").current(of == Kind::Case),
        Link::new(texts::clarifications_title(lang), "/clarifications").current(of == Kind::Clarification),
    ]
}

/// What the filter offers, and what it is set to.
pub(super) struct Narrowed<'a> {
    pub path: &'static str,
    pub query: &'a ListQuery,
    pub unread: &'a Unread,
    pub units: &'a [(UnitId, String)],
    /// How many rows there are, in words.
    pub count: String,
}

impl Narrowed<'_> {
    pub(super) fn bar(&self, visit: &Visit) -> Bar {
        let lang = visit.lang();
        let query = self.query;
        let mut chips = Vec::new();
        if let Some(unit) = UnitId::parse(&query.unit) {
            let name = self.units.iter().find(|(known, _)| *known == unit).map_or("…", |(_, name)| name);
            chips.push(Link::new(name, query.with(self.path, "unit", "")));
        }
        if !query.year.is_empty() {
            chips.push(Link::new(&query.year, query.with(self.path, "year", "")));
        }
        if !query.q.trim().is_empty() {
            chips.push(Link::new(
                texts::filter_words_chip(lang, query.q.trim()),
                query.with(self.path, "q", ""),
            ));
        }
        let export = format!("{}/export", self.path);
        let exports = if visit.viewer.may("export") {
            vec![
                Link::new(texts::list_export_xlsx(lang), query.with(&export, "format", "xlsx")),
                Link::new(texts::list_export_csv(lang), query.with(&export, "format", "csv")),
            ]
        } else {
            Vec::new()
        };
        Bar {
            chips,
            unread: self.unread.told(lang),
            clear: format!("{}?stage={}", self.path, query.stage),
            views: Vec::new(),
            count: self.count.clone(),
            exports,
        }
    }

    pub(super) fn form(&self, visit: &Visit) -> FormState {
        visit.form().with("unit", &self.query.unit).with("year", &self.query.year).with("q", &self.query.q)
    }

    pub(super) fn unit_choices(&self, lang: Lang) -> Vec<Choice> {
        let any = Choice::new("", texts::filter_any_unit(lang));
        std::iter::once(any).chain(choices::units(self.units)).collect()
    }
}

pub(super) fn year_choices(lang: Lang, years: &[i16]) -> Vec<Choice> {
    let any = Choice::new("", texts::filter_any_year(lang));
    let of = |year: &i16| Choice::new(year.to_string(), year.to_string());
    std::iter::once(any).chain(years.iter().map(of)).collect()
}

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["accountability.view"])?;
    let (query, unread) = query.settled(visit.lang(), Kind::Case);
    let (viewer, which, filter, now) = (visit.viewer.clone(), query.which(), query.filter(), visit.now());
    let (found, counts, units, years) = visit
        .read(move |tx| {
            let found = cases(tx, &viewer, (which, &filter), now, limits::LISTINGS + 1)?;
            let counts = case_counts(tx, &viewer, &filter, now)?;
            Ok((found, counts, units(tx, &viewer, Kind::Case)?, years(tx, &viewer, Kind::Case)?))
        })
        .await?;
    let lang = visit.lang();
    let shown = found.get(..limits::LISTINGS).unwrap_or(&found);
    let narrowed = Narrowed {
        path: "/accountability",
        query: &query,
        unread: &unread,
        units: &units,
        count: texts::list_count(lang, counts.of(which)),
    };
    let narrowing = filter_is_set(&query) || which != Which::All;
    Ok(web::page(&ListPage {
        lead: texts::cases_lead(lang),
        path: narrowed.path,
        lists: lists(lang, Kind::Case),
        tabs: tabs(lang, &query, &counts),
        filter: narrowed.bar(&visit),
        form: narrowed.form(&visit),
        stage: query.stage.clone(),
        units: narrowed.unit_choices(lang),
        years: year_choices(lang, &years),
        table: table(lang, shown, now),
        more: more(lang, found.len(), shown.len()),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::cases_empty(lang).to_owned(),
            act: narrowing.then(|| Link::new(texts::list_show_all(lang), "/accountability?stage=all")),
            icon: "book",
        }),
        shell: visit.shell(texts::accountability_title(lang)).at("accountability"),
    }))
}

pub(super) fn filter_is_set(query: &ListQuery) -> bool {
    !(query.unit.is_empty() && query.year.is_empty() && query.q.trim().is_empty())
}

pub(super) fn more(lang: Lang, found: usize, shown: usize) -> String {
    if found > shown { texts::list_more(lang, limits::LISTINGS) } else { String::new() }
}

/// Those that everybody asks for, then each stage at which something stands.
fn tabs(lang: Lang, query: &ListQuery, counts: &CaseCounts) -> Vec<Link> {
    let which = query.which();
    let tab = |one: Which| {
        Link::new(one.said(lang), query.with("/accountability", "stage", one.name()))
            .current(one == which)
            .count(counts.of(one))
    };
    let stands = |stage: &&StageCode| counts.stages.iter().any(|(known, _)| known == *stage);
    let each = StageCode::ALL.iter().filter(stands).map(|stage| Which::One(*stage));
    [Which::Running, Which::Overdue].into_iter().chain(each).chain([Which::All]).map(tab).collect()
}

impl Which {
    /// In words.
    fn said(self, lang: Lang) -> String {
        match self {
            Self::Running => texts::list_running(lang).to_owned(),
            Self::Overdue => texts::list_overdue(lang).to_owned(),
            Self::All => texts::list_all(lang).to_owned(),
            Self::One(stage) => words::stage(lang, stage),
        }
    }
}

/// The sides of one kind by name.
pub(super) fn side_names(lang: Lang, state: &CaseState, role: SideRole) -> String {
    let names: Vec<&str> = state.of_role(role).map(|one| one.side.name.as_str()).collect();
    names.join(texts::names_between(lang))
}

pub(super) fn table(lang: Lang, rows: &[CaseRow], now: Timestamp) -> Table {
    Table {
        caption: texts::cases_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_number(lang)),
            Column::new(texts::form_rectifying(lang)),
            Column::new(texts::form_supervising(lang)),
            Column::new(texts::form_consequence(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_next(lang)),
        ],
        rows: rows.iter().map(|row| cells(lang, row, now)).collect(),
    }
}

fn cells(lang: Lang, row: &CaseRow, now: Timestamp) -> Vec<Cell> {
    let state = &row.state;
    let stage = words::stage(lang, state.stage.code());
    let stage = match state.stage.code() {
        StageCode::Closed => Cell::mark(Level::Done, stage),
        code if code.is_open() => Cell::mark(Level::Red, stage),
        _ => Cell::text(stage),
    };
    let next = match (row.next_due, state.stage.ended()) {
        (Some(due), _) => Cell::clock(Clock::running(lang, state.opened_at.min(due), due, now)),
        (None, Some(ended)) => Cell::text(Say(lang).date_of(ended)),
        (None, None) => Cell::text(""),
    };
    vec![
        Cell::link(words::number(lang, row.number), href(row.id))
            .more(texts::record_hazard(lang, state.hazard_number)),
        Cell::text(side_names(lang, state, SideRole::Rectifying)),
        Cell::text(side_names(lang, state, SideRole::Supervising)),
        Cell::text(words::consequence(lang, &state.consequence)).more(Say(lang).date_of(state.happened_on)),
        stage,
        next,
    ]
}
