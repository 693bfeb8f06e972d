//! What letters say on other rooms' pages: beside a hazard, and on the due list.

use access::Viewer;
use hazard::HazardState;
use hazard::pages::{Beside, Companion, Errands};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Cell, Clock, Column, Fact, Link, Table};

use crate::{
    pages::{href, new_href},
    query::{DueRow, LetterRow, due_for, of_hazard},
    texts,
    turn::Act,
    words,
};

/// The letters about a hazard, beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct LettersBeside;

impl Companion for LettersBeside {
    fn beside(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        (id, hazard): (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        let may = viewer.permissions_over(tx, hazard.unit)?;
        let drafts = may.has("transfer.draft");
        let works = drafts || may.has("transfer.sign");
        if !works && !may.has("transfer.view") {
            return Ok(None);
        }
        let letters = of_hazard(tx, id, works)?;
        let begins = drafts && hazard.stage.code().is_open();
        if letters.is_empty() && !begins {
            return Ok(None);
        }
        Ok(Some(Beside {
            title: texts::transfer_title(lang).to_owned(),
            facts: letters.iter().map(|letter| fact(lang, letter)).collect(),
            acts: begins
                .then(|| Link::new(texts::beside_new(lang), new_href(id, None)))
                .into_iter()
                .collect(),
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
        let rows = due_for(tx, &seats, viewer.person, limits::LETTERS)?;
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

/// One letter in a line: what it is, to whom, and what came of it.
fn fact(lang: Lang, letter: &LetterRow) -> Fact {
    let kind = letter.kind.map(|kind| words::kind(lang, &kind.into())).unwrap_or_default();
    let said = texts::beside_letter(lang, letter.department.as_str(), outcome(lang, letter));
    Fact::new(kind, said).link(Link::new(texts::beside_open(lang), href(letter.id)))
}

fn outcome(lang: Lang, letter: &LetterRow) -> String {
    match (letter.answer, letter.answered_on, letter.sent_on) {
        (Some(answer), Some(on), _) => {
            texts::beside_answered(lang, Say(lang).date_of(on), words::answer(lang, answer))
        }
        (_, _, Some(on)) => texts::beside_sent(lang, Say(lang).date_of(on), words::stage(lang, letter.stage)),
        _ => words::stage(lang, letter.stage),
    }
}

/// The counties at which the viewer acts, each with the acts that are his there.
fn seats(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<(UnitId, Vec<Act>)>, Problem> {
    let mut units: Vec<UnitId> = viewer.grants.iter().map(|grant| grant.held.unit).collect();
    units.sort_unstable();
    units.dedup();
    let mut seats = Vec::new();
    for unit in units {
        let may = viewer.permissions_over(tx, unit)?;
        let acts: Vec<Act> = Act::ALL.iter().copied().filter(|act| may.has(act.permission())).collect();
        if !acts.is_empty() {
            seats.push((unit, acts));
        }
    }
    Ok(seats)
}

fn line(lang: Lang, row: &DueRow) -> String {
    let act = words::act(lang, row.act);
    match row.due_at {
        Some(due) => {
            texts::due_line(lang, act, &row.department, &row.unit_name, &row.title, Say(lang).date_of(due))
        }
        None => texts::due_line_open(lang, act, &row.department, &row.unit_name, &row.title),
    }
}

fn table(lang: Lang, rows: &[DueRow], now: Timestamp) -> Table {
    let cells = |row: &DueRow| {
        let clock = row.due_at.map(|due| Clock::running(lang, row.since.min(due), due, now));
        let to = format!("{}?act={}#act", href(row.id), row.act.form());
        vec![
            Cell::link(&row.title, to).more(&row.unit_name),
            Cell::text(&row.department),
            Cell::text(words::act(lang, row.act)),
            clock.map_or_else(|| Cell::text(""), Cell::clock),
        ]
    };
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_title(lang)),
            Column::new(texts::column_department(lang)),
            Column::new(texts::due_column_act(lang)),
            Column::new(texts::column_due(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
