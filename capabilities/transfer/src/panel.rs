//! The letters about one school, on its page.

use std::collections::HashMap;

use kernel::{Problem, StreamId};
use language::Say;
use storage::{Tx, in_lists};
use web::{
    panel::{AtUnit, PANEL_PAPERS, PANEL_ROWS, Panel, Paper, Tally, UnitPanel},
    view::Link,
};

use crate::{
    pages::{SCHOOL, called, href, letter_table, of_which},
    query::{LetterFilter, LetterRow, Which, rows, stages},
    texts,
};

/// The letters about a school, on its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct LettersAtUnit;

/// Who works on letters sees them from the first word on; everybody else what was sent.
fn works(at: &AtUnit<'_>) -> bool {
    at.over.has("transfer.draft") || at.over.has("transfer.sign")
}

fn sees(at: &AtUnit<'_>) -> bool {
    at.unit.kind.is_institution() && at.over.has("transfer.view")
}

impl UnitPanel for LettersAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !sees(at) {
            return Ok(None);
        }
        let lang = at.lang;
        let filter = LetterFilter { unit: Some(at.id), ..LetterFilter::default() };
        let found = rows(tx, at.viewer, &filter, at.now, PANEL_ROWS)?;
        let (counts, late) = stages(tx, at.viewer, &filter, at.now)?;
        let tally =
            |which: Which, label: &str| Tally::new(label, of_which(which, &counts, late), list(at, which));
        Ok(Some(Panel {
            key: "letters",
            title: texts::transfer_title(lang).to_owned(),
            tallies: vec![
                tally(Which::Running, texts::list_running(lang)),
                tally(Which::Overdue, texts::list_overdue(lang)).late(late > 0),
                tally(Which::All, texts::list_all(lang)),
            ],
            table: letter_table(lang, &found, at.now).without(SCHOOL),
            none: texts::panel_none(lang).to_owned(),
            links: vec![Link::new(texts::panel_all(lang), list(at, Which::All))],
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if sees(at) { vec!["transfer"] } else { Vec::new() }
    }

    fn records(
        &self,
        tx: &mut Tx,
        at: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let sent = if works(at) { "" } else { " AND sent_at IS NOT NULL" };
        let mut found = HashMap::new();
        for (marks, values) in in_lists(ids) {
            let sql = format!("SELECT id, department_name, title FROM transfer WHERE id IN ({marks}){sent}");
            let rows =
                tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?, row.text(2)?)))?;
            found.extend(
                rows.into_iter().map(|(id, department, title)| {
                    (id, Link::new(format!("{department} · {title}"), href(id)))
                }),
            );
        }
        Ok(found)
    }

    fn papers(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        if !sees(at) {
            return Ok(Vec::new());
        }
        let filter = LetterFilter { which: Which::All, unit: Some(at.id), ..LetterFilter::default() };
        let found = rows(tx, at.viewer, &filter, at.now, PANEL_PAPERS * 4)?;
        let mut sent: Vec<&LetterRow> = found.iter().filter(|row| row.sent_on.is_some()).collect();
        sent.sort_by_key(|row| std::cmp::Reverse(row.sent_on));
        let paper = |row: &&LetterRow| {
            let day = row.sent_on.map(|on| Say(at.lang).date_of(on)).unwrap_or_default();
            let more = format!("{} · {day}", row.department);
            Paper::new(called(at.lang, row), format!("{}/letter", href(row.id)), more)
        };
        Ok(sent.iter().take(PANEL_PAPERS).map(paper).collect())
    }
}

fn list(at: &AtUnit<'_>, which: Which) -> String {
    web::address("/transfers", &[("stage", which.name()), ("unit", &at.code())])
}
