//! The cockpit.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Cell, Column, Empty, Link, Mark, Table},
};

use super::{CockpitPages, VIEW, as_of, read, schools};
use crate::{
    board::{Board, Figure, Group, Headline, Rate, SchoolView, Sentence, Sight, Tile},
    day::Day,
    facts::Facts,
    map::{Map, map},
    texts,
};

/// The day as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CockpitQuery {
    #[serde(rename = "as-of")]
    pub as_of: String,
    pub format: String,
}

/// A table with what should be known about it.
struct Counted {
    title: String,
    note: String,
    table: Table,
}

#[derive(Template)]
#[template(path = "cockpit/page.html")]
struct CockpitPage {
    shell: Shell,
    form: FormState,
    lead: String,
    past: String,
    earliest: String,
    now: bool,
    exports: Vec<Link>,
    headlines: Vec<Headline>,
    tiles: Vec<Tile>,
    rates: Vec<Rate>,
    week: Vec<Sentence>,
    groups: Vec<Counted>,
    map: Option<Map>,
    unplaced: Figure,
    schools: Table,
    schools_href: String,
    bare: Option<Empty>,
}

impl CockpitPage {
    fn told(&self, figure: &Figure) -> String {
        figure.told(self.shell.lang())
    }

    fn mark(sentence: &Sentence) -> Mark {
        Mark::new(sentence.level, sentence.words.clone())
    }
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<CockpitPages>,
    Query(query): Query<CockpitQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let day = Day::asked(&query.as_of, visit.now())?;
    let facts = read(&visit, rules.clone(), day).await?;
    let board = Sight { lang, rules: &rules, facts: &facts }.board();
    Ok(web::page(&page(&visit, &facts, board)))
}

fn page(visit: &Visit, facts: &Facts, board: Board) -> CockpitPage {
    let (lang, day) = (visit.lang(), facts.day);
    let unplaced = board.schools.iter().filter(|line| line.place.is_none()).count();
    let bare = facts.is_bare().then(|| Empty {
        sentence: texts::cockpit_bare(lang).to_owned(),
        act: visit
            .viewer
            .may("hazard.register")
            .then(|| Link::new(texts::cockpit_bare_act(lang), "/hazards/new")),
        icon: "cockpit",
    });
    let past = if day.is_past() { texts::cockpit_past(lang).to_owned() } else { String::new() };
    CockpitPage {
        form: visit.form().with("as-of", as_of(day)),
        lead: texts::cockpit_lead(lang, &*visit.viewer.home.name, Say(lang).day(day.date)),
        past,
        earliest: day.back(0).to_string(),
        now: !day.is_past(),
        exports: exports(visit, "/cockpit/export", &[("as-of", &as_of(day))]),
        map: map(lang, &board.schools, &facts.towns),
        unplaced: Figure {
            value: i64::try_from(unplaced).unwrap_or(i64::MAX),
            href: schools::href(SchoolView::Unplaced, day),
        },
        schools: schools::table(lang, &board.schools, facts),
        schools_href: schools::href(SchoolView::All, day),
        groups: board.groups.iter().map(|group| counted(lang, group)).collect(),
        headlines: board.headlines,
        tiles: board.tiles,
        rates: board.rates,
        week: board.week,
        bare,
        shell: visit.shell(texts::cockpit_title(lang)).at("cockpit"),
    }
}

/// Files of exactly what is shown.
pub(super) fn exports(visit: &Visit, path: &str, fields: &[(&str, &str)]) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| web::address_with(path, fields, "format", format);
    vec![
        Link::new(texts::export_xlsx(lang), address("xlsx")),
        Link::new(texts::export_csv(lang), address("csv")),
    ]
}

/// A number that leads to its list, where that shows it.
pub(super) fn cell(lang: Lang, figure: &Figure) -> Cell {
    let told = figure.told(lang);
    if figure.href.is_empty() { Cell::text(told) } else { Cell::link(told, &figure.href) }
}

fn counted(lang: Lang, group: &Group) -> Counted {
    let numbers = group.columns.iter().map(|label| Column::new(label).number());
    let mut columns: Vec<Column> = std::iter::once(Column::new(&group.first)).chain(numbers).collect();
    if group.changes {
        columns.push(Column::new(texts::column_change(lang)));
    }
    let width = group.columns.len();
    let row = |line: &crate::board::Line| {
        let name = match line.level {
            web::view::Level::Plain => Cell::text(&line.name),
            level => Cell::mark(level, &line.name),
        };
        let numbers =
            (0..width).map(|nth| line.figures.get(nth).map(|one| cell(lang, one)).unwrap_or_default());
        let mut cells: Vec<Cell> = std::iter::once(name).chain(numbers).collect();
        if group.changes {
            cells.push(Cell::text(line.change.as_deref().unwrap_or_default()));
        }
        cells
    };
    Counted {
        title: group.title.clone(),
        note: group.note.clone(),
        table: Table { caption: group.title.clone(), columns, rows: group.lines.iter().map(row).collect() },
    }
}
