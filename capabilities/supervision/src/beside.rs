//! What the list says on other rooms' pages: beside a hazard, and on the due list.

use std::collections::BTreeMap;

use access::Viewer;
use hazard::pages::{Beside, Companion, Errands};
use hazard::{HazardState, Hindrance};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Cell, Clock, Column, Fact, Link, Table};

use crate::{
    pages::href,
    query::{DueRow, due_for, of_hazard, sees},
    react::{NotYetDelisted, stream_of},
    texts,
    turn::{Act, turns},
    words,
};

/// The listing of a hazard, beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListingBeside;

impl Companion for ListingBeside {
    fn beside(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        (hazard, _): (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        let Some(state) = of_hazard(tx, hazard)? else { return Ok(None) };
        let sees = sees(tx, viewer, &state)?;
        let mut facts = vec![Fact::new(texts::column_stage(lang), words::stage(lang, state.stage.code()))];
        if let Some(listing) = state.stage.listing() {
            facts.push(Fact::new(texts::column_number(lang), words::number(lang, listing.number)));
        }
        if let Some(notice) = state.stage.notice() {
            facts.push(Fact::new(texts::column_deadline(lang), Say(lang).date_of(notice.deadline)));
        }
        for turn in turns(&state) {
            let act = words::act(lang, turn.act);
            let by = turn.due.map(|due| Say(lang).date_time(due)).unwrap_or_default();
            facts.push(Fact::new(act, by));
        }
        Ok(Some(Beside {
            title: texts::supervision_title(lang).to_owned(),
            facts,
            link: sees.then(|| Link::new(texts::beside_open(lang), href(stream_of(hazard)))),
            hindrance: NotYetDelisted.against(tx, hazard)?,
            ..Beside::default()
        }))
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
        Ok(Some(Errands {
            summary,
            lines: rows.iter().map(|row| line(lang, row)).collect(),
            table: table(lang, &rows, now),
        }))
    }
}

/// The units at which the viewer acts, each with the acts that are his there; for a central school also those of its
/// schools that have nobody for it.
fn seats(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut seats: BTreeMap<UnitId, Vec<Act>> = BTreeMap::new();
    for unit in viewer.grants.iter().map(|grant| grant.held.unit).collect::<Vec<_>>() {
        let may = viewer.permissions_over(tx, unit)?;
        let school = organisation::unit_brief(tx, unit)?.is_some_and(|brief| brief.kind.is_institution());
        let acts = Act::ALL.iter().copied().filter(|act| act.is_the_schools() == school);
        seats.insert(unit, acts.filter(|act| may.has(act.permission())).collect());
        if school && may.has("supervision.answer") {
            for left in access::units_without(tx, unit, "supervision.answer")? {
                seats
                    .entry(left)
                    .or_insert_with(|| Act::ALL.iter().copied().filter(|act| act.is_the_schools()).collect());
            }
        }
    }
    Ok(seats.into_iter().collect())
}

/// A progress report is written on the hazard; everything else on the listing.
fn to(row: &DueRow) -> String {
    match row.act {
        Act::Progress => format!("/hazards/{}?act=progress#act", row.hazard.0.simple()),
        act => format!("{}?act={}#act", href(row.id), act.name()),
    }
}

fn line(lang: Lang, row: &DueRow) -> String {
    let act = words::act(lang, row.act);
    match row.due_at {
        Some(due) => texts::due_line(lang, &row.unit_name, &row.title, act, Say(lang).date_of(due)),
        None => texts::due_line_open(lang, &row.unit_name, &row.title, act),
    }
}

fn table(lang: Lang, rows: &[DueRow], now: Timestamp) -> Table {
    let cells = |row: &DueRow| {
        let clock = row.due_at.map(|due| Clock::running(lang, row.opened_at.min(due), due, now));
        vec![
            Cell::link(&row.title, to(row)),
            Cell::text(&row.unit_name),
            Cell::text(words::act(lang, row.act)),
            clock.map_or_else(|| Cell::text(""), Cell::clock),
        ]
    };
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_hazard(lang)),
            Column::new(texts::column_unit(lang)),
            Column::new(texts::due_column_act(lang)),
            Column::new(texts::column_next(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
