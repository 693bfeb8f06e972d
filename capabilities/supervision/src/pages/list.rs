//! The county's list 挂牌督办台账, with how many stand where.

use askama::Template;
use axum::{extract::Query, response::Response};
use kernel::{Timestamp, limits};
use language::{Lang, Say};
use serde::Deserialize;
use web::{
    Failed, Shell, Unread, Visit,
    view::{Cell, Clock, Column, Empty, Level, Link, Mark, Table},
};

use super::href;
use crate::{
    query::{SupervisionRow, Which, amount, rows, stages},
    state::StageCode,
    texts, words,
};

/// Which listings are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    pub stage: String,
    pub format: String,
}

impl ListQuery {
    /// Without a stage that is none, and what was said instead.
    pub(super) fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = Which::named(&self.stage).is_some();
        unread.clear(texts::column_stage(lang), &mut self.stage, known);
        (self, unread)
    }

    /// An address with a stage that is none shows what is usual.
    pub(super) fn which(&self) -> Which {
        Which::named(&self.stage).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    unread: Vec<Mark>,
    tabs: Vec<Link>,
    exports: Vec<Link>,
    table: Table,
    more: String,
    empty: Option<Empty>,
}

pub(super) async fn show(visit: Visit, Query(query): Query<ListQuery>) -> Result<Response, Failed> {
    visit.need_any(&["supervision.view"])?;
    let (query, unread) = query.settled(visit.lang());
    let (viewer, which, now) = (visit.viewer.clone(), query.which(), visit.now());
    let (found, counts, late) = visit
        .read(move |tx| {
            let found = rows(tx, &viewer, which, now, limits::LISTINGS + 1)?;
            let mut late = |which| amount(tx, &viewer, which, now);
            let late = (late(Which::Overdue)?, late(Which::Unreported)?);
            Ok((found, stages(tx, &viewer)?, late))
        })
        .await?;
    let lang = visit.lang();
    let shown = found.get(..limits::LISTINGS).unwrap_or(&found);
    Ok(web::page(&ListPage {
        lead: texts::list_lead(lang),
        unread: unread.told(lang),
        tabs: tabs(lang, which, &counts, late),
        exports: exports(&visit, which),
        table: table(lang, shown, now),
        more: if found.len() > shown.len() {
            texts::list_more(lang, limits::LISTINGS)
        } else {
            String::new()
        },
        empty: found.is_empty().then(|| Empty {
            sentence: texts::list_empty(lang).to_owned(),
            act: (which != Which::All)
                .then(|| Link::new(texts::list_show_all(lang), "/supervisions?stage=all")),
            icon: "bell",
        }),
        shell: visit.shell(texts::supervision_title(lang)).at("supervisions"),
    }))
}

/// The four that everybody asks for, then each stage at which something stands.
fn tabs(
    lang: Lang,
    which: Which,
    counts: &[(StageCode, u32)],
    (overdue, unreported): (u32, u32),
) -> Vec<Link> {
    let sum = |of: fn(StageCode) -> bool| -> u32 {
        counts.iter().filter(|(stage, _)| of(*stage)).map(|(_, amount)| amount).sum()
    };
    let tab = |one: Which, label: String| {
        Link::new(label, format!("/supervisions?stage={}", one.name())).current(one == which)
    };
    let running = tab(Which::Running, texts::list_running(lang).to_owned()).count(sum(StageCode::is_running));
    let listed = tab(Which::Listed, texts::list_listed(lang).to_owned()).count(sum(StageCode::is_listed));
    let overdue = tab(Which::Overdue, texts::list_overdue(lang).to_owned()).count(overdue);
    let unreported = tab(Which::Unreported, texts::list_unreported(lang).to_owned()).count(unreported);
    let all = tab(Which::All, texts::list_all(lang).to_owned()).count(sum(|_| true));
    let each = StageCode::ALL.iter().filter_map(|stage| {
        let (_, amount) = counts.iter().find(|(known, _)| known == stage)?;
        Some(tab(Which::One(*stage), words::stage(lang, *stage)).count(*amount))
    });
    [running, listed, overdue, unreported].into_iter().chain(each).chain([all]).collect()
}

fn exports(visit: &Visit, which: Which) -> Vec<Link> {
    if !visit.viewer.may("export") {
        return Vec::new();
    }
    let lang = visit.lang();
    let address = |format: &str| format!("/supervisions/export?stage={}&format={format}", which.name());
    vec![
        Link::new(texts::list_export_xlsx(lang), address("xlsx")),
        Link::new(texts::list_export_csv(lang), address("csv")),
    ]
}

fn table(lang: Lang, rows: &[SupervisionRow], now: Timestamp) -> Table {
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
