//! The list of hazards, with its filter as a sentence.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{Timestamp, UnitId, limits};
use language::{Lang, Say};
use organisation::unit_brief;
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Cell, Choice, Clock, Column, Empty, Filter, Level as Mark, Link, Pager, Table},
};

use super::{HazardPages, href, reach};
use crate::{
    level::{Level, StageCode},
    query::{Count, Cursor, HazardFilter, HazardRow, Sort, StageFilter, count, page},
    texts, words,
};

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub level: String,
    pub category: String,
    pub source: String,
    pub unit: String,
    pub from: String,
    pub to: String,
    pub q: String,
    pub sort: String,
    pub after: String,
    pub format: String,
}

impl ListQuery {
    pub(super) fn filter(&self) -> HazardFilter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        HazardFilter {
            unit: UnitId::parse(&self.unit),
            stage: StageFilter::named(&self.stage).unwrap_or_default(),
            level: Level::named(&self.level),
            category: some(&self.category),
            source: some(&self.source),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            query: self.q.chars().take(limits::NAME_CHARS).collect(),
            sort: if self.sort == "due" { Sort::Due } else { Sort::Newest },
            after: Cursor::parse(&self.after),
        }
    }

    fn fields(&self) -> [(&'static str, &str); 9] {
        [
            ("stage", &self.stage),
            ("level", &self.level),
            ("category", &self.category),
            ("source", &self.source),
            ("unit", &self.unit),
            ("from", &self.from),
            ("to", &self.to),
            ("q", &self.q),
            ("sort", &self.sort),
        ]
    }

    /// The address with one field changed; without a cursor.
    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let pairs: Vec<String> = self
            .fields()
            .into_iter()
            .map(|(name, old)| (name, if name == field { value } else { old }))
            .chain(
                (!["stage", "level", "category", "source", "unit", "from", "to", "q", "sort"]
                    .contains(&field))
                .then_some((field_name(field), value)),
            )
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", web::encoded(value)))
            .collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }
}

/// Fields that only appear in links.
fn field_name(field: &str) -> &'static str {
    match field {
        "format" => "format",
        _ => "after",
    }
}

#[derive(Template)]
#[template(path = "hazard/list.html")]
struct ListPage {
    shell: Shell,
    form: FormState,
    filter: Filter,
    stages: Vec<Choice>,
    levels: Vec<Choice>,
    categories: Vec<Choice>,
    sources: Vec<Choice>,
    sorts: Vec<Choice>,
    table: Table,
    pager: Pager,
    empty: Option<Empty>,
    may_register: bool,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["hazard.view", "hazard.view_own"])?;
    let filter = query.filter();
    let now = visit.now();
    let viewer = visit.viewer.clone();
    let asked = filter.clone();
    let (found, total, unit) = visit
        .read(move |tx| {
            let reach = reach(tx, &viewer)?;
            let found = page(tx, &reach, &asked, now)?;
            let total = count(tx, &reach, &asked, now)?;
            let unit = match asked.unit {
                Some(unit) => unit_brief(tx, unit)?,
                None => None,
            };
            Ok((found, total, unit))
        })
        .await?;
    let lang = visit.lang();
    let rules = pages.rules();
    let place = unit.as_ref().map_or_else(|| visit.viewer.home.name.clone(), |u| u.name.clone());
    let next = found.next.map(|cursor| query.with("/hazards", "after", &cursor.to_string()));
    let empty = found.rows.is_empty().then(|| Empty {
        sentence: if chips(lang, &rules, &query, unit.is_some().then_some(&place)).is_empty() {
            texts::list_empty_all(lang)
        } else {
            texts::list_empty(lang)
        }
        .to_owned(),
        act: None,
        icon: "hazard",
    });
    let shell = visit.shell(texts::list_title(lang)).at("hazards");
    Ok(web::page(&ListPage {
        form: form(&visit, &query),
        filter: Filter {
            chips: chips(lang, &rules, &query, unit.is_some().then_some(&place)),
            clear: "/hazards".to_owned(),
            views: views(lang, &query),
            count: count_words(lang, total),
            exports: exports(&visit, lang, &query),
        },
        stages: stage_choices(lang),
        levels: level_choices(lang),
        categories: category_choices(lang, &rules),
        sources: source_choices(lang, &rules),
        sorts: sort_choices(lang),
        table: table(lang, &rules, &query, &found.rows, now),
        pager: Pager { before: None, after: next, place: String::new() },
        empty,
        may_register: visit.viewer.may("hazard.register"),
        shell,
    }))
}

fn form(visit: &Visit, query: &ListQuery) -> FormState {
    let stage = StageFilter::named(&query.stage).unwrap_or_default().name();
    visit
        .form()
        .with("stage", stage)
        .with("level", &query.level)
        .with("category", &query.category)
        .with("source", &query.source)
        .with("from", &query.from)
        .with("to", &query.to)
        .with("q", &query.q)
        .with("sort", &query.sort)
}

pub(super) fn count_words(lang: Lang, count: Count) -> String {
    match count {
        Count::Exactly(n) => texts::list_count(lang, n),
        Count::Many => texts::list_count_many(lang).to_owned(),
    }
}

fn exports(visit: &Visit, lang: Lang, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    vec![
        Link::new(texts::list_export_xlsx(lang), query.with("/hazards/export", "format", "xlsx")),
        Link::new(texts::list_export_csv(lang), query.with("/hazards/export", "format", "csv")),
    ]
}

/// The conditions that are set, each with the address that takes it away.
fn chips(lang: Lang, rules: &RuleBook, query: &ListQuery, unit: Option<&String>) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip =
        |field: &str, label: String| chips.push(Link::new(label, query.with("/hazards", field, "")));
    if let Some(unit) = unit {
        chip("unit", unit.clone());
    }
    match StageFilter::named(&query.stage) {
        Some(stage) if stage != StageFilter::Open => chip("stage", stage_words(lang, stage)),
        Some(_) | None => {}
    }
    if let Some(level) = Level::named(&query.level) {
        chip("level", words::level(lang, Some(level)));
    }
    if !query.category.is_empty() {
        chip("category", words::category(lang, rules, &query.category));
    }
    if !query.source.is_empty() {
        chip("source", words::source(lang, rules, &query.source));
    }
    if !query.from.is_empty() {
        chip("from", texts::list_chip_from(lang, &query.from));
    }
    if !query.to.is_empty() {
        chip("to", texts::list_chip_to(lang, &query.to));
    }
    if !query.q.is_empty() {
        chip("q", texts::list_chip_query(lang, &query.q));
    }
    chips
}

fn views(lang: Lang, query: &ListQuery) -> Vec<Link> {
    let stage = StageFilter::named(&query.stage).unwrap_or_default();
    let plain = query.level.is_empty();
    vec![
        Link::new(texts::list_view_open(lang), "/hazards").current(stage == StageFilter::Open && plain),
        Link::new(texts::list_view_overdue(lang), "/hazards?stage=overdue&sort=due")
            .current(stage == StageFilter::Overdue),
        Link::new(texts::list_view_major(lang), "/hazards?level=major").current(query.level == "major"),
        Link::new(texts::list_view_ended(lang), "/hazards?stage=ended").current(stage == StageFilter::Closed),
    ]
}

fn stage_words(lang: Lang, stage: StageFilter) -> String {
    texts::lookup(lang, &format!("hazard-stage-{}", stage.name()), &[]).unwrap_or_default()
}

fn stage_choices(lang: Lang) -> Vec<Choice> {
    let groups = [StageFilter::Open, StageFilter::Overdue, StageFilter::Closed, StageFilter::All];
    groups
        .into_iter()
        .chain(StageCode::ALL.iter().map(|stage| StageFilter::One(*stage)))
        .map(|stage| Choice::new(stage.name(), stage_words(lang, stage)))
        .collect()
}

fn level_choices(lang: Lang) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_level(lang)))
        .chain([Level::General, Level::Major].map(|l| Choice::new(l.name(), words::level(lang, Some(l)))))
        .collect()
}

fn category_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_category(lang)))
        .chain(
            rules
                .categories()
                .iter()
                .filter(|c| c.is_on())
                .map(|c| Choice::new(&*c.code, words::pick(lang, &c.name))),
        )
        .collect()
}

fn source_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    std::iter::once(Choice::new("", texts::list_any_source(lang)))
        .chain(rules.sources().iter().map(|s| Choice::new(&*s.code, words::pick(lang, &s.name))))
        .collect()
}

fn sort_choices(lang: Lang) -> Vec<Choice> {
    vec![Choice::new("newest", texts::list_sort_newest(lang)), Choice::new("due", texts::list_sort_due(lang))]
}

fn table(lang: Lang, rules: &RuleBook, query: &ListQuery, rows: &[HazardRow], now: Timestamp) -> Table {
    let sorted = query.sort == "due";
    Table {
        caption: texts::list_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_column_where(lang)),
            Column::new(texts::list_stage(lang)),
            Column::new(texts::list_column_clock(lang)).sort(
                query.with("/hazards", "sort", if sorted { "newest" } else { "due" }),
                sorted.then_some(true),
            ),
        ],
        rows: rows.iter().map(|row| cells(lang, rules, row, now)).collect(),
    }
}

/// The mark of a level: red only for major ones; the colours of risk are not the levels of hazards.
pub(super) const fn level_mark(level: Option<Level>) -> Mark {
    match level {
        Some(Level::Major) => Mark::Red,
        Some(Level::Larger) => Mark::Orange,
        Some(Level::General) | None => Mark::Plain,
    }
}

fn cells(lang: Lang, rules: &RuleBook, row: &HazardRow, now: Timestamp) -> Vec<Cell> {
    let category = words::category(lang, rules, &row.category);
    vec![
        Cell::mark(level_mark(row.level), words::level(lang, row.level)),
        Cell::link(&row.title, href(row.id)).more(format!("{} · {category}", row.number)),
        Cell::text(&row.unit_name).more(&row.place),
        Cell::text(words::stage(lang, row.stage))
            .more(row.escalation.map(|step| words::climb(lang, step)).unwrap_or_default()),
        clock_cell(lang, row, now),
    ]
}

fn clock_cell(lang: Lang, row: &HazardRow, now: Timestamp) -> Cell {
    match (row.due_at, row.closed_at) {
        (Some(due), _) if row.stage.is_open() => {
            Cell::clock(Clock::running(lang, row.registered_at.min(due), due, now))
        }
        (_, Some(closed)) => Cell::text(Say(lang).date_of(closed)),
        _ => Cell::text(Say(lang).date_of(row.registered_at)),
    }
}
