//! What this room says on other rooms' pages: beside a hazard, on the due list, and against withdrawing a hazard.

use std::collections::BTreeMap;

use access::Viewer;
use hazard::{
    HazardState, Hindrance,
    pages::{Beside, Companion, Errands},
};
use kernel::{Problem, Refusal, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use storage::{StorageError, Tx};
use web::view::{Cell, Clock, Column, Fact, Link, Table};

use crate::{
    case::{Act, open_case},
    pages::{clarification_href, href},
    query::{
        DueRow, case_state, cases_of_hazard, clarifications_of_hazard, due_for, sees_case, sees_clarification,
    },
    texts, words,
};

/// As long as somebody is being held to account for it, a hazard is not made to have been none.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenCases;

impl Hindrance for OpenCases {
    fn against(&self, _: &mut Tx, _: StreamId) -> Result<Option<Refusal>, StorageError> {
        Ok(None)
    }

    fn against_withdrawal(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError> {
        let open = open_case(tx, hazard)?;
        Ok(open.map(|_| Refusal::new("accountability-case-open")))
    }
}

/// The cases and clarifications of a hazard, beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct CasesBeside;

impl Companion for CasesBeside {
    fn beside(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        (hazard, state): (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        let mut facts = Vec::new();
        for (id, case) in cases_of_hazard(tx, hazard)? {
            if sees_case(tx, viewer, &case)? {
                let number = words::number(lang, case.number);
                let stage = words::stage(lang, case.stage.code());
                facts.push(Fact::new(number, stage).link(Link::new(texts::beside_open(lang), href(id))));
            }
        }
        for (id, one) in clarifications_of_hazard(tx, hazard)? {
            if sees_clarification(tx, viewer, &one)? {
                let name = texts::clarification_title(lang, &one.name);
                let stage = words::clarification_stage(lang, one.code());
                let open = Link::new(texts::beside_open(lang), clarification_href(id));
                facts.push(Fact::new(name, stage).link(open));
            }
        }
        let may = viewer.permissions_over(tx, state.unit)?;
        let at = |path: &str| format!("{path}/{}", hazard.0.simple());
        let kept = OpenCases.against_withdrawal(tx, hazard)?;
        let mut acts = Vec::new();
        if may.has("accountability.open") && kept.is_none() {
            acts.push(Link::new(texts::open_title(lang), at("/accountability/new")));
        }
        if may.has("clarification.ask") {
            acts.push(Link::new(texts::ask_title(lang), at("/clarifications/new")));
        }
        if facts.is_empty() && acts.is_empty() && kept.is_none() {
            return Ok(None);
        }
        let title = texts::accountability_title(lang).to_owned();
        Ok(Some(Beside { title, facts, kept, acts, ..Beside::default() }))
    }

    fn errands(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<Option<Errands>, Problem> {
        let seats = seats(tx, viewer)?;
        let rows = due_for(tx, &seats, viewer.person, limits::LISTINGS)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let late = rows.iter().filter(|row| row.due_at.is_some_and(|due| due < now)).count();
        let summary = match late {
            0 => texts::due_count(lang, rows.len()),
            late => texts::due_count_late(lang, rows.len(), late),
        };
        let mut links = Vec::with_capacity(rows.len());
        for row in &rows {
            let case = case_state(tx, row.id)?.is_some();
            links.push(if case { href(row.id) } else { clarification_href(row.id) });
        }
        Ok(Some(Errands {
            summary,
            lines: rows.iter().map(|row| line(lang, row)).collect(),
            table: table(lang, &rows, &links, now),
        }))
    }
}

/// The units at which the viewer himself acts, each with the acts that are his there.
fn seats(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut seats: BTreeMap<UnitId, Vec<Act>> = BTreeMap::new();
    for unit in viewer.grants.iter().map(|grant| grant.held.unit) {
        let may = viewer.permissions_over(tx, unit)?;
        let acts = Act::ALL.iter().copied().filter(|act| may.has(act.permission()));
        seats.insert(unit, acts.collect());
    }
    Ok(seats.into_iter().collect())
}

/// Which record it is about.
fn what(lang: Lang, row: &DueRow) -> String {
    match row.number {
        Some(number) => words::number(lang, number),
        None => texts::record_hazard(lang, row.hazard_number),
    }
}

fn line(lang: Lang, row: &DueRow) -> String {
    let act = words::act(lang, row.act);
    match row.due_at {
        Some(due) => texts::due_line(lang, &row.side_name, what(lang, row), act, Say(lang).date_of(due)),
        None => texts::due_line_open(lang, &row.side_name, what(lang, row), act),
    }
}

fn table(lang: Lang, rows: &[DueRow], links: &[String], now: Timestamp) -> Table {
    let cells = |(row, to): (&DueRow, &String)| {
        let clock = row.due_at.map(|due| Clock::running(lang, row.begun_at.min(due), due, now));
        vec![
            Cell::link(what(lang, row), to.clone()),
            Cell::text(&row.side_name),
            Cell::text(words::act(lang, row.act)),
            clock.map_or_else(|| Cell::text(""), Cell::clock),
        ]
    };
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::due_column_what(lang)),
            Column::new(texts::column_unit(lang)),
            Column::new(texts::due_column_act(lang)),
            Column::new(texts::column_next(lang)),
        ],
        rows: rows.iter().zip(links).map(cells).collect(),
    }
}
