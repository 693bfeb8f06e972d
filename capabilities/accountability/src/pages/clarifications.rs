//! 情况澄清: what was asked for, and what the county signed.

use std::collections::BTreeMap;

use axum::{extract::Query, response::Response};
use kernel::{Timestamp, limits};
use language::{Lang, Say};
use web::{
    Failed, Visit,
    view::{Cell, Clock, Column, Empty, Level, Link, Table},
};

use super::{
    clarification_href,
    list::{ListPage, ListQuery, Narrowed, filter_is_set, lists, more, year_choices},
};
use crate::{
    clarification::ClarificationStage,
    query::{
        ClarificationRow, Kind, WhichClarifications, clarification_stages, clarifications, units, years,
    },
    texts, words,
};

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["accountability.view"])?;
    let (query, unread) = query.settled(visit.lang(), Kind::Clarification);
    let (viewer, which, filter) = (visit.viewer.clone(), query.which_clarifications(), query.filter());
    let now = visit.now();
    let (found, counts, units, years) = visit
        .read(move |tx| {
            let found = clarifications(tx, &viewer, (which, &filter), limits::LISTINGS + 1)?;
            let counts = clarification_stages(tx, &viewer, &filter, now)?;
            let of = Kind::Clarification;
            Ok((found, counts, units(tx, &viewer, of)?, years(tx, &viewer, of)?))
        })
        .await?;
    let lang = visit.lang();
    let shown = found.get(..limits::LISTINGS).unwrap_or(&found);
    let narrowed = Narrowed {
        path: "/clarifications",
        query: &query,
        unread: &unread,
        units: &units,
        count: texts::list_count(lang, of_which(which, &counts)),
    };
    let narrowing = filter_is_set(&query) || which != WhichClarifications::All;
    Ok(web::page(&ListPage {
        lead: texts::clarifications_lead(lang),
        path: narrowed.path,
        lists: lists(lang, Kind::Clarification),
        tabs: tabs(lang, &query, &counts),
        filter: narrowed.bar(&visit),
        form: narrowed.form(&visit),
        stage: query.stage.clone(),
        units: narrowed.unit_choices(lang),
        years: year_choices(lang, &years),
        table: table(lang, shown, now),
        more: more(lang, found.len(), shown.len()),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::clarifications_empty(lang).to_owned(),
            act: narrowing.then(|| Link::new(texts::list_show_all(lang), "/clarifications")),
            icon: "book",
        }),
        shell: visit.shell(texts::accountability_title(lang)).at("accountability"),
    }))
}

pub(super) fn of_which(which: WhichClarifications, counts: &[(ClarificationStage, u32)]) -> u32 {
    let asked = |stage: ClarificationStage| match which {
        WhichClarifications::All => true,
        WhichClarifications::Running => stage.is_running(),
        WhichClarifications::One(one) => stage == one,
    };
    counts.iter().filter(|(stage, _)| asked(*stage)).map(|(_, amount)| amount).sum()
}

fn tabs(lang: Lang, query: &ListQuery, counts: &[(ClarificationStage, u32)]) -> Vec<Link> {
    let sums: BTreeMap<ClarificationStage, u32> = counts.iter().copied().collect();
    let which = query.which_clarifications();
    let tab = |one: WhichClarifications| {
        Link::new(one.said(lang), query.with("/clarifications", "stage", one.name())).current(one == which)
    };
    let open = sums.iter().filter(|(stage, _)| stage.is_running()).map(|(_, amount)| amount).sum();
    let all = tab(WhichClarifications::All).count(sums.values().sum());
    let running = tab(WhichClarifications::Running).count(open);
    let each = ClarificationStage::ALL
        .iter()
        .filter_map(|stage| Some(tab(WhichClarifications::One(*stage)).count(*sums.get(stage)?)));
    [all, running].into_iter().chain(each).collect()
}

impl WhichClarifications {
    /// In words.
    pub(super) fn said(self, lang: Lang) -> String {
        match self {
            Self::All => texts::list_all(lang).to_owned(),
            Self::Running => texts::list_unanswered(lang).to_owned(),
            Self::One(stage) => words::clarification_stage(lang, stage),
        }
    }
}

pub(super) fn table(lang: Lang, rows: &[ClarificationRow], now: Timestamp) -> Table {
    Table {
        caption: texts::clarifications_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_number(lang)),
            Column::new(texts::column_unit(lang)),
            Column::new(texts::column_origin(lang)),
            Column::new(texts::column_stage(lang)),
            Column::new(texts::column_next(lang)),
        ],
        rows: rows.iter().map(|row| cells(lang, row, now)).collect(),
    }
}

/// Where it comes from: a conclusion, or somebody who asked.
pub(super) fn origin(lang: Lang, row: &ClarificationRow) -> String {
    match (&row.state.case, &row.state.purpose) {
        (Some((_, number)), _) => texts::origin_case(lang, words::number(lang, *number)),
        (None, Some(purpose)) => texts::origin_asked(lang, words::purpose(lang, purpose)),
        (None, None) => String::new(),
    }
}

/// Its number, or that it has none yet.
pub(super) fn number(lang: Lang, row: &ClarificationRow) -> String {
    row.number.map_or_else(
        || texts::number_none(lang).to_owned(),
        |number| words::clarification_number(lang, number),
    )
}

fn cells(lang: Lang, row: &ClarificationRow, now: Timestamp) -> Vec<Cell> {
    let state = &row.state;
    let stage = words::clarification_stage(lang, state.code());
    let stage = match state.code() {
        ClarificationStage::Signed => Cell::mark(Level::Done, stage),
        _ => Cell::text(stage),
    };
    let due = state.answer.as_ref().filter(|_| state.code().is_running());
    let next = match (due, state.ended()) {
        (Some(due), _) => Cell::clock(Clock::running(lang, state.begun_at, due.at, now)),
        (None, Some(ended)) => Cell::text(Say(lang).date_of(ended)),
        (None, None) => Cell::text(""),
    };
    vec![
        Cell::link(number(lang, row), clarification_href(row.id))
            .more(texts::record_hazard(lang, state.hazard_number)),
        Cell::text(&state.name),
        Cell::text(origin(lang, row)),
        stage,
        next,
    ]
}
