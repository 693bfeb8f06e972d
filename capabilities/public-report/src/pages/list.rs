//! The list 随手拍, with how many stand where; what schools answered without a hazard has its own view.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{Timestamp, UnitId, limits};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use storage::Containing;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Clock, Column, Empty, Filter, Level, Link, Table},
};

use super::{ReportPages, categories, href};
use crate::{
    beside::titled,
    query::{ReportFilter, ReportRow, Which, choices, counted, rows},
    state::StageCode,
    texts, words,
};

const LIST: &str = "/reports";

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub unit: String,
    pub category: String,
    pub late: String,
    pub year: String,
    pub q: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang, rules: &RuleBook) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = [
            Which::named(&self.stage).is_some(),
            UnitId::parse(&self.unit).is_some(),
            rules.category(&self.category).is_some(),
            self.late == "1",
            self.year.parse::<i16>().is_ok_and(|year| (2000..=2999).contains(&year)),
            self.q.chars().any(char::is_alphanumeric),
        ];
        let fields = [
            (texts::column_stage(lang), &mut self.stage),
            (texts::column_unit(lang), &mut self.unit),
            (texts::form_category(lang), &mut self.category),
            (texts::list_late(lang), &mut self.late),
            (texts::list_year(lang), &mut self.year),
            (texts::list_query(lang), &mut self.q),
        ];
        for ((label, value), known) in fields.into_iter().zip(known) {
            unread.clear(label, value, known);
        }
        (self, unread)
    }

    pub(super) fn filter(&self) -> ReportFilter {
        ReportFilter {
            which: Which::named(&self.stage).unwrap_or_default(),
            unit: UnitId::parse(&self.unit),
            category: (!self.category.is_empty()).then(|| self.category.clone()),
            late: self.late == "1",
            year: self.year.parse().ok(),
            words: Containing::words(&self.q.chars().take(limits::NAME_CHARS).collect::<String>()),
        }
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields = [
            ("stage", self.stage.as_str()),
            ("unit", &self.unit),
            ("category", &self.category),
            ("late", &self.late),
            ("year", &self.year),
            ("q", &self.q),
        ];
        web::address_with(path, &fields, field, value)
    }
}

#[derive(Template)]
#[template(path = "public_report/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    units: Vec<Choice>,
    categories: Vec<Choice>,
    lates: Vec<Choice>,
    years: Vec<Choice>,
    stage: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
    places: Option<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<ReportPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let (query, unread) = query.settled(lang, &rules);
    let (viewer, filter, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let asked = filter.clone();
    let (found, counts, (units, years)) = visit
        .read(move |tx| {
            Ok((
                rows(tx, &viewer, &asked, now, limits::REPORTS + 1)?,
                counted(tx, &viewer, &asked, now)?,
                choices(tx, &viewer)?,
            ))
        })
        .await?;
    let shown = found.get(..limits::REPORTS).unwrap_or(&found);
    let units: Vec<Choice> =
        units.into_iter().map(|(id, name)| Choice::new(id.0.simple().to_string(), name)).collect();
    let chips = chips(lang, &rules, &query, &units);
    let total = counts.iter().find(|(which, _)| *which == filter.which).map_or(0, |(_, count)| *count);
    let view = |(which, count): (Which, u32)| {
        Link::new(words::which(lang, which), query.with(LIST, "stage", which.name()))
            .current(which == filter.which)
            .count(count)
    };
    let form =
        [("unit", &query.unit), ("category", &query.category), ("late", &query.late), ("year", &query.year)];
    let form = form
        .into_iter()
        .fold(visit.form().with("q", &query.q), |form, (field, value)| form.with(field, value));
    Ok(web::page(&ListPage {
        lead: texts::list_lead(lang),
        empty: found.is_empty().then(|| nothing(lang, !chips.is_empty(), filter.which)),
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: web::address_with(LIST, &[("stage", query.stage.as_str())], "stage", &query.stage),
            views: counts.into_iter().map(view).collect(),
            count: texts::list_count(lang, total),
            exports: exports(&visit, &query),
        },
        form,
        units,
        categories: categories(lang, &rules),
        lates: vec![Choice::new("1", texts::late(lang))],
        years: years.into_iter().map(|year| Choice::new(year.to_string(), year.to_string())).collect(),
        stage: query.stage.clone(),
        table: table(lang, &rules, shown, now),
        more: if found.len() > shown.len() { texts::list_more(lang, limits::REPORTS) } else { String::new() },
        places: visit.viewer.may("place.view").then(|| Link::new(texts::list_to_places(lang), "/places")),
        shell: visit.shell(texts::reports_title(lang)).at("reports"),
    }))
}

/// What stands where no row does.
fn nothing(lang: Lang, narrowed: bool, which: Which) -> Empty {
    let all = Some(Link::new(texts::list_show_all(lang), format!("{LIST}?stage={}", Which::All.name())));
    let (sentence, act) = match (narrowed, which) {
        (false, Which::All) => (texts::list_empty_all(lang), None),
        (false, Which::Waiting) => (texts::list_empty_waiting(lang), all),
        _ => (texts::list_empty(lang), all),
    };
    Empty { sentence: sentence.to_owned(), act, icon: "camera" }
}

/// The conditions that are set, each with the address that takes it away.
fn chips(lang: Lang, rules: &RuleBook, query: &ListQuery, units: &[Choice]) -> Vec<Link> {
    let simple = UnitId::parse(&query.unit).map(|id| id.0.simple().to_string()).unwrap_or_default();
    let unit = units.iter().find(|choice| choice.value == simple).map(|choice| choice.label.clone());
    let unknown = || texts::list_chip_unknown(lang).to_owned();
    let all = [
        ("unit", (!query.unit.is_empty()).then(|| unit.unwrap_or_else(unknown))),
        (
            "category",
            (!query.category.is_empty()).then(|| hazard::words::category(lang, rules, &query.category)),
        ),
        ("late", (query.late == "1").then(|| texts::late(lang).to_owned())),
        ("year", (!query.year.is_empty()).then(|| query.year.clone())),
        ("q", (!query.q.is_empty()).then(|| texts::list_chip_query(lang, &query.q))),
    ];
    let chip = |(field, label): (&str, Option<String>)| Some(Link::new(label?, query.with(LIST, field, "")));
    all.into_iter().filter_map(chip).collect()
}

fn exports(visit: &Visit, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/reports/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

/// Where a row stands: an answer without a hazard says which.
pub(super) fn outcome(lang: Lang, row: &ReportRow) -> String {
    row.answer.map_or_else(|| words::stage(lang, row.stage), |answer| words::answer(lang, answer))
}

pub(super) fn category(lang: Lang, rules: &RuleBook, code: Option<&str>) -> String {
    code.map_or_else(
        || texts::category_unknown(lang).to_owned(),
        |code| hazard::words::category(lang, rules, code),
    )
}

pub(crate) fn table(lang: Lang, rules: &RuleBook, rows: &[ReportRow], now: Timestamp) -> Table {
    let cells = |row: &ReportRow| {
        let level = if row.stage == StageCode::TakenUp { Level::Blue } else { Level::Plain };
        let due = match (row.since, row.due, row.answered_at) {
            (Some(since), Some(due), _) => Cell::clock(Clock::running(lang, since.min(due), due, now)),
            (_, _, Some(at)) => Cell::text(texts::list_answered_on(lang, Say(lang).date_of(at))),
            _ => Cell::text(""),
        };
        let back = if row.sent_back { texts::sent_back(lang) } else { "" };
        vec![
            Cell::link(titled(lang, &row.title), href(row.id)).more(texts::report_number(lang, row.number)),
            Cell::text(&row.place).more(&row.unit_name),
            Cell::text(category(lang, rules, row.category.as_deref())),
            Cell::mark(level, outcome(lang, row)).more(back),
            due,
        ]
    };
    Table {
        caption: texts::reports_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_title(lang)),
            Column::new(texts::column_place(lang)),
            Column::new(texts::form_category(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_due(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
