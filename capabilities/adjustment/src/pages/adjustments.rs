//! The list of adjustments.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use exports::Format;
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Table},
};

use super::{RulesPages, Tab, href, tabs};
use crate::{
    query::{AdjustmentFilter, AdjustmentRow, LISTED, adjustments},
    state::StageCode,
    texts, words,
};

const LIST: &str = "/rules/adjustments";

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AdjustmentsQuery {
    pub stage: String,
    pub year: String,
    pub format: String,
}

impl AdjustmentsQuery {
    /// Without what means nothing, and what that was.
    fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = StageCode::named(&self.stage).is_some();
        unread.clear(texts::column_stage(lang), &mut self.stage, known);
        let known = self.year.parse::<i16>().is_ok_and(|year| (1970..=9_999).contains(&year));
        unread.clear(texts::calendar_year(lang), &mut self.year, known);
        (self, unread)
    }

    fn filter(&self) -> AdjustmentFilter {
        AdjustmentFilter { stage: StageCode::named(&self.stage), year: self.year.parse().ok() }
    }

    fn with(&self, field: &str, value: &str) -> String {
        web::address_with(LIST, &[("stage", self.stage.as_str()), ("year", &self.year)], field, value)
    }
}

#[derive(Template)]
#[template(path = "adjustment/adjustments.html")]
struct AdjustmentsPage {
    shell: Shell,
    filter: Filter,
    form: FormState,
    stages: Vec<Choice>,
    table: Table,
    empty: Option<Empty>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(query): Query<AdjustmentsQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules) = (visit.lang(), pages.ruling.book());
    let (query, unread) = query.settled(lang);
    let works = super::WORK.iter().any(|permission| visit.viewer.may(permission));
    let filter = query.filter();
    let found = visit.read(move |tx| Ok(adjustments(tx, works, filter, LISTED + 1)?)).await?;
    let more = found.len() > LISTED;
    let rows: Vec<&AdjustmentRow> = found.iter().take(LISTED).collect();
    if !query.format.is_empty() {
        unread.refused()?;
        let (format, table) = (Format::asked(&query.format)?, table(lang, &rules, &rows));
        return Ok(exports::as_shown(&visit, format, "adjustments", &table).await?);
    }
    let mut chips = Vec::new();
    if let Some(stage) = StageCode::named(&query.stage) {
        chips.push(Link::new(words::stage(lang, stage), query.with("stage", "")));
    }
    if !query.year.is_empty() {
        chips.push(Link::new(texts::calendar_of(lang, &query.year), query.with("year", "")));
    }
    let narrowed = !chips.is_empty();
    let count = match more {
        true => texts::adjustments_more(lang, rows.len()),
        false => texts::adjustments_count(lang, rows.len()),
    };
    Ok(web::page(&AdjustmentsPage {
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: LIST.to_owned(),
            views: tabs(lang, Tab::Adjustments),
            count,
            exports: vec![
                Link::new(texts::list_export_xlsx(lang), query.with("format", "xlsx")),
                Link::new(texts::list_export_csv(lang), query.with("format", "csv")),
            ],
        },
        form: visit.form().with("stage", &query.stage).with("year", &query.year),
        stages: StageCode::ALL.iter().map(|one| Choice::new(one.name(), words::stage(lang, *one))).collect(),
        table: table(lang, &rules, &rows),
        empty: rows.is_empty().then(|| Empty {
            sentence: texts::adjustments_empty(lang).to_owned(),
            act: Some(match narrowed {
                true => Link::new(texts::list_show_all(lang), LIST),
                false => Link::new(texts::tab_rules(lang), "/rules"),
            }),
            icon: "book",
        }),
        shell: visit.shell(texts::tab_adjustments(lang)).at("rules").back_to("/rules"),
    }))
}

fn table(lang: Lang, rules: &RuleBook, rows: &[&AdjustmentRow]) -> Table {
    let cells = |row: &&AdjustmentRow| {
        let state = &row.state;
        let about: Vec<String> =
            state.changes.iter().take(3).map(|change| words::about(lang, rules, change)).collect();
        let level = match state.stage.code() {
            StageCode::Waiting => Level::Yellow,
            StageCode::Active => Level::Done,
            StageCode::SentBack | StageCode::Dropped | StageCode::Ended => Level::Plain,
        };
        vec![
            Cell::link(texts::adjustment_number(lang, state.number), href(row.id)),
            Cell::text(Say(lang).list(about)).more(state.reason.clone().unwrap_or_default()),
            Cell::text(Say(lang).date(state.from)),
            Cell::mark(level, words::stage(lang, state.stage.code())),
        ]
    };
    Table {
        caption: texts::tab_adjustments(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_number(lang)),
            Column::new(texts::column_about(lang)),
            Column::new(texts::column_from(lang)),
            Column::new(texts::column_stage(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
