//! The listings of one school, on its page.

use std::collections::HashMap;

use kernel::{Problem, StreamId};
use language::{Lang, Say};
use storage::{Tx, in_lists};
use web::{
    panel::{AtUnit, PANEL_PAPERS, PANEL_ROWS, Panel, Paper, Tally, UnitPanel},
    view::Link,
};

use crate::{
    pages::{SCHOOL, href, listing_table},
    query::{ListingFilter, Standing, SupervisionRow, Which, rows, standing},
    state::StageCode,
    texts, words,
};

/// The listings of a school, on its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListingsAtUnit;

impl UnitPanel for ListingsAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !at.over.has("supervision.view") || !at.unit.kind.is_institution() {
            return Ok(None);
        }
        let lang = at.lang;
        let asked = ListingFilter { which: Which::Running, unit: Some(at.id) };
        let found = rows(tx, at.viewer, asked, at.now, PANEL_ROWS)?;
        Ok(Some(Panel {
            key: "supervisions",
            title: texts::supervision_title(lang).to_owned(),
            tallies: tallies(at, &standing(tx, at.viewer, Some(at.id), at.now)?),
            table: listing_table(lang, &found, at.now).without(SCHOOL),
            none: texts::panel_none(lang).to_owned(),
            links: vec![Link::new(texts::panel_all(lang), list(at, Which::All))],
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if at.over.has("supervision.view") { vec!["supervision"] } else { Vec::new() }
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
            let sql = format!(
                "SELECT s.id, h.title FROM supervision s JOIN hazard h ON h.id = s.hazard_id WHERE s.id IN ({marks})"
            );
            let rows = tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?)))?;
            found.extend(rows.into_iter().map(|(id, title)| (id, Link::new(title, href(id)))));
        }
        Ok(found)
    }

    /// The notice of every listing that was signed, and of those taken off the list how that was said.
    fn papers(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        if !at.over.has("supervision.view") {
            return Ok(Vec::new());
        }
        let asked = ListingFilter { which: Which::All, unit: Some(at.id) };
        let mut signed = rows(tx, at.viewer, asked, at.now, PANEL_PAPERS * 4)?;
        signed.sort_by_key(|row| std::cmp::Reverse(row.signed_at));
        Ok(signed.iter().flat_map(|row| papers_of(at.lang, row)).take(PANEL_PAPERS).collect())
    }
}

fn papers_of(lang: Lang, row: &SupervisionRow) -> Vec<Paper> {
    let Some((number, signed_at)) = row.number.zip(row.signed_at) else { return Vec::new() };
    let at = |paper: &str| format!("{}/papers/{paper}", href(row.id));
    let more = |day| format!("{} · {}", words::number(lang, number), Say(lang).date_of(day));
    let mut papers = Vec::new();
    if row.stage == StageCode::Delisted {
        let day = row.ended_at.unwrap_or(signed_at);
        papers.push(Paper::new(texts::paper_delisting(lang), at("delisting"), more(day)));
    }
    papers.push(Paper::new(texts::paper_notice(lang), at("notice"), more(signed_at)));
    papers
}

fn list(at: &AtUnit<'_>, which: Which) -> String {
    web::address("/supervisions", &[("stage", which.name()), ("unit", &at.code())])
}

fn tallies(at: &AtUnit<'_>, standing: &Standing) -> Vec<Tally> {
    let lang = at.lang;
    let tally = |which: Which, label: &str| Tally::new(label, standing.of(which), list(at, which));
    vec![
        tally(Which::Running, texts::list_running(lang)),
        tally(Which::Listed, texts::list_listed(lang)),
        tally(Which::Overdue, texts::list_overdue(lang)).late(standing.overdue > 0),
        tally(Which::All, texts::list_all(lang)),
    ]
}
