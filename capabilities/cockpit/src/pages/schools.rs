//! The schools with what is open at each: what stands beneath the map, narrowed.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::UnitId;
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Link, Table},
};

use super::{CockpitPages, VIEW, as_of, read, show::cell};
use crate::{
    board::{SchoolLine, SchoolView, Sight, lines, simple},
    day::Day,
    facts::Facts,
    texts,
};

const LIST: &str = "/cockpit/schools";

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SchoolsQuery {
    pub view: String,
    pub town: String,
    #[serde(rename = "as-of")]
    pub as_of: String,
    pub format: String,
}

impl SchoolsQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let view = SchoolView::named(&self.view).is_some();
        unread.clear(texts::schools_view(lang), &mut self.view, view);
        let town = UnitId::parse(&self.town).is_some();
        unread.clear(texts::column_town(lang), &mut self.town, town);
        (self, unread)
    }

    fn view(&self) -> SchoolView {
        SchoolView::named(&self.view).unwrap_or(SchoolView::All)
    }

    /// Everything but the view.
    fn lies(&self, line: &SchoolLine) -> bool {
        UnitId::parse(&self.town).is_none_or(|town| line.towns.contains(&town))
    }

    pub(super) fn holds(&self, line: &SchoolLine) -> bool {
        self.lies(line) && self.view().holds(line)
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        let town = UnitId::parse(&self.town).map(simple).unwrap_or_default();
        let fields = [("view", self.view.as_str()), ("town", &town), ("as-of", &self.as_of)];
        web::address_with(path, &fields, field, value)
    }
}

/// Where the schools of a view are.
pub(super) fn href(view: SchoolView, day: Day) -> String {
    let view = if view == SchoolView::All { "" } else { view.name() };
    web::address(LIST, &[("view", view), ("as-of", &as_of(day))])
}

#[derive(Template)]
#[template(path = "cockpit/schools.html")]
struct SchoolsPage {
    shell: Shell,
    form: FormState,
    lead: String,
    past: &'static str,
    filter: Filter,
    towns: Vec<Choice>,
    view: String,
    as_of: String,
    table: Table,
    empty: Option<Empty>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<CockpitPages>,
    Query(query): Query<SchoolsQuery>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let day = Day::asked(&query.as_of, visit.now())?;
    let (query, unread) = query.settled(lang);
    let facts = read(&visit, rules.clone(), day).await?;
    let all = lines(Sight { lang, rules: &rules, facts: &facts });
    let found: Vec<SchoolLine> = all.iter().filter(|line| query.holds(line)).cloned().collect();
    let town = UnitId::parse(&query.town);
    let named = facts.towns.iter().find(|known| Some(known.id) == town).map(|known| known.name.clone());
    let chips = town.map(|_| {
        let label = named.unwrap_or_else(|| texts::schools_other_town(lang).to_owned());
        Link::new(label, query.with(LIST, "town", ""))
    });
    Ok(web::page(&SchoolsPage {
        form: visit.form().with("town", town.map(simple).unwrap_or_default()),
        lead: texts::schools_lead(lang, Say(lang).day(day.date), facts.silent_days),
        past: if day.is_past() { texts::cockpit_past(lang) } else { "" },
        filter: Filter {
            chips: chips.into_iter().collect(),
            unread: unread.told(lang),
            clear: href(query.view(), day),
            views: tabs(lang, &query, &all),
            count: texts::schools_count(lang, found.len()),
            exports: super::show::exports(
                &visit,
                "/cockpit/schools/export",
                &[
                    ("view", &query.view),
                    ("town", &town.map(simple).unwrap_or_default()),
                    ("as-of", &as_of(day)),
                ],
            ),
        },
        towns: facts.towns.iter().map(|town| Choice::new(simple(town.id), &town.name)).collect(),
        view: query.view.clone(),
        as_of: as_of(day),
        table: table(lang, &found, &facts),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::schools_empty(lang).to_owned(),
            act: (query.view() != SchoolView::All || town.is_some())
                .then(|| Link::new(texts::schools_show_all(lang), href(SchoolView::All, day))),
            icon: "cockpit",
        }),
        shell: visit.shell(texts::schools_title(lang)).at("cockpit").back_to(back(day)),
    }))
}

fn back(day: Day) -> String {
    web::address("/cockpit", &[("as-of", &as_of(day))])
}

fn tabs(lang: Lang, query: &SchoolsQuery, all: &[SchoolLine]) -> Vec<Link> {
    let label = |view: SchoolView| match view {
        SchoolView::All => texts::schools_all(lang),
        SchoolView::Open => texts::schools_open(lang),
        SchoolView::Overdue => texts::schools_overdue(lang),
        SchoolView::Major => texts::schools_major(lang),
        SchoolView::Silent => texts::schools_silent(lang),
        SchoolView::Unplaced => texts::schools_unplaced(lang),
    };
    let tab = |view: &SchoolView| {
        let amount = all.iter().filter(|line| query.lies(line) && view.holds(line)).count();
        Link::new(label(*view), query.with(LIST, "view", view.name()))
            .current(*view == query.view())
            .count(u32::try_from(amount).unwrap_or(u32::MAX))
    };
    SchoolView::ALL.iter().map(tab).collect()
}

/// The schools as they stand beneath the map and on their own page.
pub(super) fn table(lang: Lang, lines: &[SchoolLine], facts: &Facts) -> Table {
    let row = |line: &SchoolLine| {
        let mark = line.worst.mark();
        let last =
            line.last.map_or_else(|| texts::schools_never(lang).to_owned(), |last| Say(lang).day_of(last));
        vec![
            Cell::text(&line.name).more(under(lang, line, facts)),
            Cell::mark(mark, line.worst.word(lang)),
            cell(lang, &line.open),
            cell(lang, &line.overdue),
            cell(lang, &line.major),
            Cell::text(last),
        ]
    };
    Table {
        caption: texts::schools_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_school(lang)),
            Column::new(texts::column_worst(lang)),
            Column::new(texts::column_open(lang)).number(),
            Column::new(texts::column_overdue(lang)).number(),
            Column::new(texts::column_major(lang)).number(),
            Column::new(texts::column_last(lang)),
        ],
        rows: lines.iter().map(row).collect(),
    }
}

/// 小学 · 竹基镇；中心学校 counts what lies below it as lists do.
fn under(lang: Lang, line: &SchoolLine, facts: &Facts) -> String {
    let kind = web::names::unit_kind(lang, line.kind);
    let below = line.with_below.then(|| texts::schools_with_below(lang).to_owned());
    let towns = facts.towns.iter().filter(|town| line.towns.contains(&town.id)).map(|town| town.name.clone());
    std::iter::once(kind).chain(below).chain(towns).collect::<Vec<_>>().join(" · ")
}
