//! What waits to be signed, on the due list.

use access::Viewer;
use hazard::HazardState;
use hazard::pages::{Beside, Companion, Errands};
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Cell, Clock, Column, Table};

use crate::{
    pages::href,
    query::{WaitingRow, waiting},
    texts,
};

/// Drafts that wait for somebody who signs.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdjustmentsBeside;

impl Companion for AdjustmentsBeside {
    fn beside(
        &self,
        _: &mut Tx,
        _: Lang,
        _: &Viewer,
        _: (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        Ok(None)
    }

    fn errands(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<Option<Errands>, Problem> {
        let mut rows = Vec::new();
        let mut units: Vec<_> = viewer.grants.iter().map(|grant| grant.held.unit).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            if viewer.permissions_over(tx, unit)?.has(access::names::RULES_ACTIVATE) {
                rows.extend(waiting(tx, unit, viewer.person)?);
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(Some(Errands {
            summary: texts::due_count(lang, rows.len()),
            lines: rows.iter().map(|row| line(lang, row)).collect(),
            table: table(lang, &rows, now),
        }))
    }
}

fn line(lang: Lang, row: &WaitingRow) -> String {
    texts::due_line(lang, row.number, Say(lang).date(row.from))
}

fn table(lang: Lang, rows: &[WaitingRow], now: Timestamp) -> Table {
    let cells = |row: &WaitingRow| {
        // Signed on its first day it would come too late.
        let last = Timestamp::at_start_of(row.from).plus_ms(-1);
        let clock = Clock::running(lang, row.drafted_at.min(last), last, now);
        vec![
            Cell::link(texts::adjustment_number(lang, row.number), href(row.id)),
            Cell::text(Say(lang).date(row.from)),
            Cell::clock(clock),
        ]
    };
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_number(lang)),
            Column::new(texts::column_from(lang)),
            Column::new(texts::column_sign_by(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
