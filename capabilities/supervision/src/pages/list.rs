//! The county's list 挂牌督办台账, with how many stand where.

use askama::Template;
use axum::{extract::Query, response::Response};
use kernel::{Timestamp, UnitId, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    panel::pages_of,
    view::{Cell, Choice, Clock, Column, Empty, Filter, Level, Link, Table},
};

use super::href;
use crate::{
    query::{ListingFilter, Standing, SupervisionRow, Which, rows, schools, standing},
    state::StageCode,
    texts, words,
};

/// The column that names the school.
pub(crate) const SCHOOL: usize = 1;

/// Where the list is.
pub(super) const LIST: &str = "/supervisions";

/// Which listings are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub unit: String,
    pub format: String,
}

impl ListQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = Which::named(&self.stage).is_some();
        unread.clear(texts::column_stage(lang), &mut self.stage, known);
        let known = UnitId::parse(&self.unit).is_some();
        unread.clear(texts::column_unit(lang), &mut self.unit, known);
        (self, unread)
    }

    /// An address with a stage that is none shows what is usual.
    pub(super) fn filter(&self) -> ListingFilter {
        ListingFilter {
            which: Which::named(&self.stage).unwrap_or_default(),
            unit: UnitId::parse(&self.unit),
        }
    }

    fn with(&self, path: &str, field: &str, value: &str) -> String {
        web::address_with(path, &[("stage", &self.stage), ("unit", &self.unit)], field, value)
    }
}

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    filter: Filter,
    form: FormState,
    schools: Vec<Choice>,
    stage: String,
    table: Table,
    more: String,
    empty: Option<Empty>,
}

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["supervision.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let (viewer, asked, now) = (visit.viewer.clone(), query.filter(), visit.now());
    let (found, counts, schools, open) = visit
        .read(move |tx| {
            let found = rows(tx, &viewer, asked, now, limits::LISTINGS + 1)?;
            let units: Vec<UnitId> = found.iter().map(|row| row.unit).collect();
            let open = pages_of(tx, &viewer, &units)?;
            Ok((found, standing(tx, &viewer, asked.unit, now)?, schools(tx, &viewer)?, open))
        })
        .await?;
    let lang = visit.lang();
    let shown = found.get(..limits::LISTINGS).unwrap_or(&found);
    let schools: Vec<Choice> =
        schools.into_iter().map(|(id, name)| Choice::new(id.0.simple().to_string(), name)).collect();
    Ok(web::page(&ListPage {
        lead: texts::list_lead(lang),
        filter: Filter {
            chips: chips(&query, asked.unit, &schools),
            unread: unread.told(lang),
            clear: query.with(LIST, "unit", ""),
            views: tabs(lang, &query, asked.which, &counts),
            count: texts::list_count(lang, counts.of(asked.which)),
            exports: exports(&visit, &query),
        },
        form: visit
            .form()
            .with("unit", asked.unit.map(|unit| unit.0.simple().to_string()).unwrap_or_default()),
        schools,
        stage: query.stage.clone(),
        table: table(lang, shown, now).leading(SCHOOL, shown.iter().map(|row| row.unit), &open),
        more: if found.len() > shown.len() {
            texts::list_more(lang, limits::LISTINGS)
        } else {
            String::new()
        },
        empty: found.is_empty().then(|| nothing(lang, &query, asked)),
        shell: visit.shell(texts::supervision_title(lang)).at("supervisions"),
    }))
}

/// What stands where no row does.
fn nothing(lang: Lang, query: &ListQuery, asked: ListingFilter) -> Empty {
    let all = Which::All.name();
    let act = match (asked.which, asked.unit) {
        (Which::All, None) => None,
        (Which::All, Some(_)) => Some(format!("{LIST}?stage={all}")),
        _ => Some(query.with(LIST, "stage", all)),
    };
    Empty {
        sentence: texts::list_empty(lang).to_owned(),
        act: act.map(|href| Link::new(texts::list_show_all(lang), href)),
        icon: "bell",
    }
}

/// The school it is narrowed to; one of which the viewer sees no listing has no name here.
fn chips(query: &ListQuery, unit: Option<UnitId>, schools: &[Choice]) -> Vec<Link> {
    let Some(unit) = unit else { return Vec::new() };
    let unit = unit.0.simple().to_string();
    let name =
        schools.iter().find(|school| school.value == unit).map_or("…", |school| school.label.as_str());
    vec![Link::new(name, query.with(LIST, "unit", ""))]
}

/// The four that everybody asks for, then each stage at which something stands.
fn tabs(lang: Lang, query: &ListQuery, which: Which, counts: &Standing) -> Vec<Link> {
    let tab = |one: Which, label: String| {
        Link::new(label, query.with(LIST, "stage", one.name())).current(one == which).count(counts.of(one))
    };
    let first = [
        tab(Which::Running, texts::list_running(lang).to_owned()),
        tab(Which::Listed, texts::list_listed(lang).to_owned()),
        tab(Which::Overdue, texts::list_overdue(lang).to_owned()),
        tab(Which::Unreported, texts::list_unreported(lang).to_owned()),
    ];
    let stands = |stage: &&StageCode| counts.stages.iter().any(|(known, _)| known == *stage);
    let each =
        StageCode::ALL.iter().filter(stands).map(|stage| tab(Which::One(*stage), words::stage(lang, *stage)));
    first.into_iter().chain(each).chain([tab(Which::All, texts::list_all(lang).to_owned())]).collect()
}

fn exports(visit: &Visit, query: &ListQuery) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| query.with("/supervisions/export", "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

pub(crate) fn table(lang: Lang, rows: &[SupervisionRow], now: Timestamp) -> Table {
    Table {
        caption: texts::supervision_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_hazard(lang)),
            Column::new(texts::column_unit(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_deadline(lang)),
            Column::new(texts::column_next(lang)),
        ],
        rows: rows.iter().map(|row| cells(lang, row, now)).collect(),
    }
}

fn cells(lang: Lang, row: &SupervisionRow, now: Timestamp) -> Vec<Cell> {
    let number = row.number.map_or_else(|| texts::number_none(lang).to_owned(), |n| words::number(lang, n));
    let stage = match row.stage {
        StageCode::Delisted => Cell::mark(Level::Done, words::stage(lang, row.stage)),
        stage if stage.is_listed() => Cell::mark(Level::Red, words::stage(lang, stage)),
        stage => Cell::text(words::stage(lang, stage)),
    };
    let next = match (row.next_due, row.ended_at) {
        (Some(due), _) => Cell::clock(Clock::running(lang, row.opened_at.min(due), due, now)),
        (None, Some(ended)) => Cell::text(Say(lang).date_of(ended)),
        (None, None) => Cell::text(""),
    };
    vec![
        Cell::link(&row.title, href(row.id)).more(number),
        Cell::text(&row.unit_name),
        stage,
        Cell::text(row.deadline.map(|day| Say(lang).date_of(day)).unwrap_or_default()),
        next,
    ]
}
