//! The calendar of working days, and the texts that are filled in.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use exports::Format;
use language::{Lang, Say};
use rules::{Category, RuleBook, SpecialDay};
use serde::Deserialize;
use web::{
    Failed, Shell, Unread, Visit,
    view::{Cell, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::{RulesPages, Tab, tabs};
use crate::texts;

#[derive(Template)]
#[template(path = "adjustment/table.html")]
struct TablePage {
    shell: Shell,
    lead: &'static str,
    path: &'static str,
    filter: Filter,
    notices: Vec<Mark>,
    years: Vec<Link>,
    add: Option<Link>,
    table: Table,
    empty: Option<Empty>,
}

/// Which year.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct YearQuery {
    pub year: String,
    pub format: String,
}

/// The table as files, for whoever sees it.
fn files(lang: Lang, path: &str, year: &str) -> Vec<Link> {
    let address = |format| web::address_with(path, &[("year", year)], "format", format);
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

pub(super) async fn calendar(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(mut query): Query<YearQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules, this) = (visit.lang(), pages.ruling.book(), visit.now().local_date().year());
    let mut unread = Unread::default();
    let asked = query.year.parse::<i16>().ok().filter(|year| (1970..=9_999).contains(year));
    unread.clear(texts::calendar_year(lang), &mut query.year, asked.is_some());
    let year = asked.unwrap_or(this);
    let days: Vec<SpecialDay<'_>> = rules.special_days().filter(|day| day.date.year() == year).collect();
    if !query.format.is_empty() {
        unread.refused()?;
        let table = day_table(lang, &days);
        return Ok(exports::as_shown(&visit, Format::asked(&query.format)?, "calendar", &table).await?);
    }
    let complete: Vec<i16> = rules.calendar_years().collect();
    let link = |year: &i16, shown: i16| {
        Link::new(texts::calendar_of(lang, year), format!("/rules/calendar?year={year}"))
            .current(*year == shown)
    };
    let mut years = complete.clone();
    years.extend([this, this.saturating_add(1), year]);
    years.sort_unstable();
    years.dedup();
    Ok(web::page(&TablePage {
        lead: texts::calendar_lead(lang),
        path: "/rules/calendar",
        filter: Filter {
            views: tabs(lang, Tab::Calendar),
            unread: unread.told(lang),
            count: texts::calendar_count(lang, year, days.len()),
            exports: files(lang, "/rules/calendar", &year.to_string()),
            ..bare()
        },
        notices: (!complete.contains(&year))
            .then(|| Mark::new(Level::Yellow, texts::calendar_incomplete(lang, year)))
            .into_iter()
            .collect(),
        years: years.iter().map(|one| link(one, year)).collect(),
        add: visit
            .viewer
            .may("rules.manage")
            .then(|| Link::new(texts::calendar_adjust(lang), "/rules/adjustments/new?calendar=1")),
        table: day_table(lang, &days),
        empty: days.is_empty().then(|| Empty {
            sentence: texts::calendar_empty(lang, year),
            act: None,
            icon: "clock",
        }),
        shell: visit.shell(texts::tab_calendar(lang)).at("rules").back_to("/rules"),
    }))
}

fn bare() -> Filter {
    Filter {
        chips: Vec::new(),
        unread: Vec::new(),
        clear: String::new(),
        views: Vec::new(),
        count: String::new(),
        exports: Vec::new(),
    }
}

fn day_table(lang: Lang, days: &[SpecialDay<'_>]) -> Table {
    let cells = |day: &SpecialDay<'_>| {
        let what = if day.working { texts::day_working(lang) } else { texts::day_free(lang) };
        vec![
            Cell::text(Say(lang).date(day.date)),
            Cell::text(what),
            Cell::text(hazard::words::pick(lang, day.name)),
        ]
    };
    Table {
        caption: texts::tab_calendar(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_day(lang)),
            Column::new(texts::column_what(lang)),
            Column::new(texts::column_name(lang)),
        ],
        rows: days.iter().map(cells).collect(),
    }
}

pub(super) async fn prefill(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(query): Query<YearQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules) = (visit.lang(), pages.ruling.book());
    let drafts = visit.viewer.may("rules.manage");
    let on: Vec<&Category> = rules.categories().iter().filter(|category| category.is_on()).collect();
    if !query.format.is_empty() {
        let table = prefill_table(lang, &rules, &on, false);
        return Ok(exports::as_shown(&visit, Format::asked(&query.format)?, "prefill", &table).await?);
    }
    Ok(web::page(&TablePage {
        lead: texts::prefill_lead(lang),
        path: "/rules/prefill",
        filter: Filter {
            views: tabs(lang, Tab::Prefill),
            count: texts::prefill_count(lang, on.len()),
            exports: files(lang, "/rules/prefill", ""),
            ..bare()
        },
        notices: Vec::new(),
        years: Vec::new(),
        add: None,
        table: prefill_table(lang, &rules, &on, drafts),
        empty: None,
        shell: visit.shell(texts::tab_prefill(lang)).at("rules").back_to("/rules"),
    }))
}

fn prefill_table(lang: Lang, rules: &RuleBook, rows: &[&Category], drafts: bool) -> Table {
    let cells = |category: &&Category| {
        let name = hazard::words::category(lang, rules, &category.code);
        let name = if drafts {
            Cell::link(name, format!("/rules/adjustments/new?category={}", category.code))
        } else {
            Cell::text(name)
        };
        let texts = category.prefill.as_ref().map_or([""; 5], |texts| {
            [&*texts.responsibility, &*texts.funds, &*texts.measures, &*texts.deadline, &*texts.contingency]
        });
        std::iter::once(name).chain(texts.map(Cell::text)).collect()
    };
    Table {
        caption: texts::tab_prefill(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_category(lang)),
            Column::new(texts::field_responsibility(lang)),
            Column::new(texts::field_funds(lang)),
            Column::new(texts::field_measures(lang)),
            Column::new(texts::field_deadline(lang)),
            Column::new(texts::field_contingency(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
