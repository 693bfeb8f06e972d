//! The hazards of one unit, on that unit's page: how many stand where, and which are due first.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use organisation::UnitKind;
use rules::RuleBook;
use storage::{Tx, in_lists};
use web::{
    panel::{AtUnit, PANEL_ROWS, Panel, Paper, Tally, UnitPanel},
    view::{Cell, Column, Link, Table},
};

use super::{
    filter::{LIST, stage_words},
    href,
    list::{clock_cell, count_words, level_mark},
    reach,
};
use crate::{
    level::StageCode,
    query::{Count, HazardFilter, HazardRow, Reach, Sort, StageFilter, by_stage, count, part},
    texts, words,
};

/// What was registered within so many days counts as of late.
const OF_LATE_DAYS: i64 = 365;

/// The hazards of a unit, on its page. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct HazardsAtUnit {
    rules: Arc<RwLock<RuleBook>>,
}

impl HazardsAtUnit {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

impl UnitPanel for HazardsAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !at.over.has("hazard.view") || !at.unit.kind.is_institution() {
            return Ok(None);
        }
        let lang = at.lang;
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let reach = reach(tx, at.viewer)?;
        let first = HazardFilter { sort: Sort::Due, ..of_unit(at) };
        let rows = part(tx, &reach, &first, at.now, PANEL_ROWS)?.rows;
        let begins = at.is_open() && at.over.has("hazard.register");
        let all = Link::new(texts::panel_all(lang), address(at, &[("stage", "all")]));
        let new = || Link::new(texts::list_register(lang), format!("/hazards/new?unit={}", at.code()));
        let below = at.unit.kind == UnitKind::CentralSchool;
        Ok(Some(Panel {
            key: "hazards",
            title: texts::list_title(lang).to_owned(),
            note: if below { texts::panel_below(lang) } else { "" }.to_owned(),
            tallies: tallies(tx, at, &reach)?,
            table: table(lang, &rules, &rows, at.now),
            none: texts::panel_none(lang).to_owned(),
            links: std::iter::once(all).chain(begins.then(new)).collect(),
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if at.over.has("hazard.view") { vec!["hazard"] } else { Vec::new() }
    }

    fn records(
        &self,
        tx: &mut Tx,
        _: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let mut found = HashMap::new();
        for (marks, values) in in_lists(ids) {
            let sql = format!("SELECT id, title FROM hazard WHERE id IN ({marks})");
            let rows = tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?)))?;
            found.extend(rows.into_iter().map(|(id, title)| (id, Link::new(title, href(id)))));
        }
        Ok(found)
    }

    fn papers(&self, _: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        let (lang, whole) = (at.lang, [("stage", "all")]);
        if !at.over.has("hazard.view") || !at.unit.kind.is_institution() {
            return Ok(Vec::new());
        }
        let mut papers = vec![Paper::new(texts::hazard_ledger(lang), address(at, &whole), "")];
        if at.over.has("export") {
            let unit = at.code();
            let fields = [("unit", unit.as_str()), ("stage", "all"), ("format", "xlsx")];
            let file = web::address("/hazards/export", &fields);
            papers.push(Paper::new(texts::hazard_ledger(lang), file, texts::list_export_xlsx(lang)));
        }
        Ok(papers)
    }
}

fn of_unit(at: &AtUnit<'_>) -> HazardFilter {
    HazardFilter { unit: Some(at.id), ..HazardFilter::default() }
}

fn address(at: &AtUnit<'_>, fields: &[(&str, &str)]) -> String {
    let unit = at.code();
    let mut all = vec![("unit", unit.as_str())];
    all.extend(fields);
    web::address(LIST, &all)
}

/// What is open, what of it is overdue, each open stage, what repeats, and what was registered of late.
fn tallies(tx: &mut Tx, at: &AtUnit<'_>, reach: &Reach) -> Result<Vec<Tally>, Problem> {
    let lang = at.lang;
    let stages = by_stage(tx, reach, &of_unit(at), at.now)?;
    let open: Vec<(StageCode, i64)> =
        stages.iter().copied().filter(|(stage, n)| stage.is_open() && *n > 0).collect();
    let all_open = open.iter().map(|(_, n)| n).sum();
    let overdue = HazardFilter { stage: StageFilter::Overdue, ..of_unit(at) };
    let overdue = count(tx, reach, &overdue, at.now)?;
    let repeated = HazardFilter { stage: StageFilter::All, repeated: true, ..of_unit(at) };
    let repeated = count(tx, reach, &repeated, at.now)?;
    let since = at.now.plus_ms(-OF_LATE_DAYS * Timestamp::DAY_MS).local_date();
    let of_late = HazardFilter { stage: StageFilter::All, from: Some(since), ..of_unit(at) };
    let of_late = count(tx, reach, &of_late, at.now)?;
    let said = |n: Count| match n {
        Count::Exactly(n) => Say(lang).number(n),
        Count::Many => count_words(lang, n),
    };
    let since = since.to_string();
    let due = [("stage", "overdue"), ("sort", "due")];
    let mut all = vec![
        Tally::new(
            stage_words(lang, StageFilter::Open),
            Say(lang).number(all_open),
            address(at, &[("stage", "open")]),
        ),
        Tally::new(stage_words(lang, StageFilter::Overdue), said(overdue), address(at, &due))
            .late(overdue != Count::Exactly(0)),
    ];
    all.extend(open.iter().map(|(stage, n)| {
        Tally::new(words::stage(lang, *stage), Say(lang).number(*n), address(at, &[("stage", stage.name())]))
    }));
    if repeated != Count::Exactly(0) {
        let href = address(at, &[("stage", "all"), ("repeat", "1")]);
        all.push(Tally::new(texts::list_repeated(lang), said(repeated), href));
    }
    let href = address(at, &[("stage", "all"), ("from", &since)]);
    all.push(Tally::new(texts::panel_of_late(lang), said(of_late), href));
    Ok(all)
}

fn table(lang: Lang, rules: &RuleBook, rows: &[HazardRow], now: Timestamp) -> Table {
    let cells = |row: &HazardRow| {
        let number = row.number.to_string();
        let place = if row.place.is_empty() { number } else { format!("{number} · {}", row.place) };
        vec![
            Cell::mark(level_mark(row.level), words::level(lang, row.level)),
            Cell::link(&row.title, href(row.id)).more(place),
            Cell::text(words::stage(lang, row.stage)).more(words::category(lang, rules, &row.category)),
            clock_cell(lang, row, now),
        ]
    };
    Table {
        caption: texts::list_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::list_column_level(lang)),
            Column::new(texts::list_column_what(lang)),
            Column::new(texts::list_stage(lang)),
            Column::new(texts::list_column_clock(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
