//! The office's list 抄告移送台账, with how many stand where.

use askama::Template;
use axum::{extract::Query, response::Response};
use kernel::{StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use storage::Containing;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    panel::pages_of,
    view::{Cell, Choice, Clock, Column, Empty, Filter, Link, Table},
};

use super::{href, record::stage_mark};
use crate::{
    event::Kind,
    query::{LetterFilter, LetterRow, Which, choices, rows, stages},
    state::StageCode,
    texts, words,
};

/// The column that names the school.
pub(crate) const SCHOOL: usize = 2;

/// Where the list is.
const LIST: &str = "/transfers";

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub kind: String,
    pub department: String,
    pub unit: String,
    pub year: String,
    pub q: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = [
            Which::named(&self.stage).is_some(),
            Kind::named(&self.kind).is_some(),
            StreamId::parse(&self.department).is_some(),
            UnitId::parse(&self.unit).is_some(),
            self.year.parse::<i16>().is_ok_and(|year| (2000..=2999).contains(&year)),
            self.q.chars().any(char::is_alphanumeric),
        ];
        let fields = [
            (texts::column_stage(lang), &mut self.stage),
            (texts::form_kind(lang), &mut self.kind),
            (texts::column_department(lang), &mut self.department),
            (texts::column_unit(lang), &mut self.unit),
            (texts::list_year(lang), &mut self.year),
            (texts::list_query(lang), &mut self.q),
        ];
        for ((label, value), known) in fields.into_iter().zip(known) {
            unread.clear(label, value, known);
        }
        (self, unread)
    }

    pub(super) fn filter(&self) -> LetterFilter {
        LetterFilter {
            which: Which::named(&self.stage).unwrap_or_default(),
            kind: Kind::named(&self.kind),
            department: StreamId::parse(&self.department),
            unit: UnitId::parse(&self.unit),
            year: self.year.parse().ok(),
            words: Containing::words(&self.q.chars().take(limits::NAME_CHARS).collect::<String>()),
        }
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields = [
            ("stage", self.stage.as_str()),
            ("kind", &self.kind),
            ("department", &self.department),
            ("unit", &self.unit),
            ("year", &self.year),
            ("q", &self.q),
        ];
        web::address_with(path, &fields, field, value)
    }

    fn narrowed(&self) -> bool {
        [&self.kind, &self.department, &self.unit, &self.year, &self.q].iter().any(|field| !field.is_empty())
    }
}

#[derive(Template)]
#[template(path = "transfer/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    kinds: Vec<Choice>,
    departments: Vec<Choice>,
    schools: Vec<Choice>,
    years: Vec<Choice>,
    stage: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
    register: Option<Link>,
}

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["transfer.view"])?;
    let lang = visit.lang();
    let (query, unread) = query.settled(lang);
    let (viewer, filter, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let asked = filter.clone();
    let (found, (counts, late), could, open) = visit
        .read(move |tx| {
            let found = rows(tx, &viewer, &asked, now, limits::LETTERS + 1)?;
            let units: Vec<UnitId> = found.iter().map(|row| row.unit).collect();
            let open = pages_of(tx, &viewer, &units)?;
            Ok((found, stages(tx, &viewer, &asked, now)?, choices(tx, &viewer)?, open))
        })
        .await?;
    let shown = found.get(..limits::LETTERS).unwrap_or(&found);
    let departments =
        named(could.departments.into_iter().map(|(id, name)| (id.0.simple().to_string(), name)));
    let schools = named(could.units.into_iter().map(|(id, name)| (id.0.simple().to_string(), name)));
    let years = named(could.years.into_iter().map(|year| (year.to_string(), year.to_string())));
    let total = of_which(filter.which, &counts, late);
    Ok(web::page(&ListPage {
        lead: texts::list_lead(lang),
        filter: Filter {
            chips: chips(lang, &query, &departments, &schools),
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("stage", query.stage.as_str())], "stage", &query.stage),
            views: tabs(lang, &query, filter.which, &counts, late),
            count: texts::list_count(lang, total),
            exports: exports(&visit, &query),
        },
        form: visit
            .form()
            .with("kind", &query.kind)
            .with("department", &query.department)
            .with("unit", &query.unit)
            .with("year", &query.year)
            .with("q", &query.q),
        kinds: named(Kind::ALL.iter().map(|one| (one.name().to_owned(), words::kind(lang, &(*one).into())))),
        departments,
        schools,
        years,
        stage: query.stage.clone(),
        table: table(lang, shown, now).leading(SCHOOL, shown.iter().map(|row| row.unit), &open),
        more: if found.len() > shown.len() { texts::list_more(lang, limits::LETTERS) } else { String::new() },
        empty: found.is_empty().then(|| nothing(lang, &query, filter.which)),
        register: visit
            .viewer
            .may("transfer.draft")
            .then(|| Link::new(texts::departments_title(lang), "/departments")),
        shell: visit.shell(texts::transfer_title(lang)).at("transfers"),
    }))
}

fn named(of: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    of.map(|(value, label)| Choice::new(value, label)).collect()
}

pub(crate) fn of_which(which: Which, counts: &[(StageCode, u32)], late: u32) -> u32 {
    let sum = |of: &dyn Fn(StageCode) -> bool| -> u32 {
        counts.iter().filter(|(stage, _)| of(*stage)).map(|(_, amount)| amount).sum()
    };
    match which {
        Which::Running => sum(&StageCode::is_running),
        Which::Out => sum(&StageCode::is_out),
        Which::Overdue => late,
        Which::One(one) => sum(&|stage| stage == one),
        Which::All => sum(&|_| true),
    }
}

/// What stands where no row does.
fn nothing(lang: Lang, query: &ListQuery, which: Which) -> Empty {
    let all = Which::All.name();
    let act = match (query.narrowed(), which) {
        (true, _) => Some(Link::new(texts::list_show_all(lang), format!("{LIST}?stage={all}"))),
        (false, Which::All) => None,
        (false, _) => Some(Link::new(texts::list_show_all(lang), query.with(LIST, "stage", all))),
    };
    let sentence = if act.is_some() { texts::list_empty(lang) } else { texts::list_empty_all(lang) };
    Empty { sentence: sentence.to_owned(), act, icon: "report" }
}

/// The conditions that are set, each with the address that takes it away.
fn chips(lang: Lang, query: &ListQuery, departments: &[Choice], schools: &[Choice]) -> Vec<Link> {
    let label = |choices: &[Choice], value: &str| {
        choices.iter().find(|choice| choice.value == value).map(|choice| choice.label.clone())
    };
    let simple = |text: &str| StreamId::parse(text).map(|id| id.0.simple().to_string()).unwrap_or_default();
    let kind = Kind::named(&query.kind).map(|kind| words::kind(lang, &kind.into()));
    let unknown = || texts::list_chip_unknown(lang).to_owned();
    let of = |choices: &[Choice], value: &str| {
        (!value.is_empty()).then(|| label(choices, &simple(value)).unwrap_or_else(unknown))
    };
    let all = [
        ("kind", kind),
        ("department", of(departments, &query.department)),
        ("unit", of(schools, &query.unit)),
        ("year", (!query.year.is_empty()).then(|| query.year.clone())),
        ("q", (!query.q.is_empty()).then(|| texts::list_chip_query(lang, &query.q))),
    ];
    let chip = |(field, label): (&str, Option<String>)| Some(Link::new(label?, query.with(LIST, field, "")));
    all.into_iter().filter_map(chip).collect()
}

/// The ones that everybody asks for, then each stage at which something stands.
fn tabs(lang: Lang, query: &ListQuery, which: Which, counts: &[(StageCode, u32)], late: u32) -> Vec<Link> {
    let tab = |one: Which, label: String| {
        Link::new(label, query.with(LIST, "stage", one.name()))
            .current(one == which)
            .count(of_which(one, counts, late))
    };
    let first = [
        tab(Which::Running, texts::list_running(lang).to_owned()),
        tab(Which::Out, texts::list_out(lang).to_owned()),
        tab(Which::Overdue, texts::list_overdue(lang).to_owned()),
    ];
    let stands = |stage: &&StageCode| counts.iter().any(|(known, _)| known == *stage);
    let each =
        StageCode::ALL.iter().filter(stands).map(|stage| tab(Which::One(*stage), words::stage(lang, *stage)));
    first.into_iter().chain(each).chain([tab(Which::All, texts::list_all(lang).to_owned())]).collect()
}

fn exports(visit: &Visit, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/transfers/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

pub(crate) fn table(lang: Lang, rows: &[LetterRow], now: Timestamp) -> Table {
    Table {
        caption: texts::transfer_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_title(lang)),
            Column::new(texts::column_department(lang)),
            Column::new(texts::column_unit(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_due(lang)),
        ],
        rows: rows.iter().map(|row| cells(lang, row, now)).collect(),
    }
}

/// 移送函 · 函 2026-003
pub(crate) fn called(lang: Lang, row: &LetterRow) -> String {
    let kind = row.kind.map(|kind| words::kind(lang, &kind.into()));
    let number = row.number.map(|number| words::number(lang, number));
    kind.into_iter().chain(number).collect::<Vec<_>>().join(" · ")
}

fn cells(lang: Lang, row: &LetterRow, now: Timestamp) -> Vec<Cell> {
    let mark = stage_mark(lang, row.stage);
    let due = match (row.due, row.answered_on) {
        (Some(due), _) => Cell::clock(Clock::running(lang, row.begun_at.min(due), due, now)),
        (None, Some(on)) => Cell::text(Say(lang).date_of(on)),
        (None, None) => Cell::text(""),
    };
    let sent = row.sent_on.map(|on| texts::list_sent_on(lang, Say(lang).date_of(on))).unwrap_or_default();
    vec![
        Cell::link(&row.title, href(row.id)).more(called(lang, row)),
        Cell::text(&row.department),
        Cell::text(&row.unit_name),
        Cell::mark(mark.level, mark.word).more(sent),
        due,
    ]
}
