//! What reports say on other rooms' pages: beside a hazard, and on the due list.

use access::Viewer;
use hazard::HazardState;
use hazard::pages::{Beside, Companion, Errands};
use kernel::{Problem, StreamId, Timestamp};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Cell, Clock, Column, Fact, Link, Table};

use crate::{
    pages::href,
    query::{DueRow, ReportRow, due_for, of_hazard},
    texts,
};

/// The reports that became a hazard, beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportsBeside;

impl Companion for ReportsBeside {
    fn beside(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        (id, hazard): (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        if !viewer.may_over(tx, access::names::REPORT_VIEW, hazard.unit)? {
            return Ok(None);
        }
        let reports = of_hazard(tx, id)?;
        if reports.is_empty() {
            return Ok(None);
        }
        Ok(Some(Beside {
            title: texts::reports_title(lang).to_owned(),
            facts: reports.iter().map(|report| fact(lang, report)).collect(),
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
        let rows = due_for(tx, viewer, now)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let late = rows.iter().filter(|row| row.due_at < now).count();
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

fn fact(lang: Lang, report: &ReportRow) -> Fact {
    let said = texts::beside_report(lang, Say(lang).date_of(report.received_at), report.place.as_str());
    let name = texts::report_number(lang, report.number);
    Fact::new(name, said).link(Link::new(texts::beside_open(lang), href(report.id)))
}

fn act(lang: Lang, row: &DueRow) -> &'static str {
    if row.own { texts::due_answer(lang) } else { texts::due_urge(lang) }
}

fn line(lang: Lang, row: &DueRow) -> String {
    let due = Say(lang).date_of(row.due_at);
    texts::due_line(lang, act(lang, row), row.unit_name.as_str(), row.place.as_str(), due)
}

/// What was reported; a photo alone says so.
pub(crate) fn titled(lang: Lang, title: &str) -> String {
    if title.is_empty() { texts::list_photo_only(lang).to_owned() } else { title.to_owned() }
}

fn table(lang: Lang, rows: &[DueRow], now: Timestamp) -> Table {
    let cells = |row: &DueRow| {
        let clock = Clock::running(lang, row.since.min(row.due_at), row.due_at, now);
        vec![
            Cell::link(titled(lang, &row.title), href(row.id)).more(&row.unit_name),
            Cell::text(&row.place),
            Cell::text(act(lang, row)),
            Cell::clock(clock),
        ]
    };
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_title(lang)),
            Column::new(texts::column_place(lang)),
            Column::new(texts::due_column_act(lang)),
            Column::new(texts::column_due(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
