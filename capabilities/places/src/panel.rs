//! The places of one school with their codes, on its page.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use access::names::{PLACE_MANAGE, PLACE_VIEW};
use kernel::{Problem, StreamId};
use rules::RuleBook;
use storage::{Tx, in_lists};
use web::{
    panel::{AtUnit, PANEL_ROWS, Panel, Paper, Tally, UnitPanel},
    view::Link,
};

use crate::{
    pages::{SCHOOL, href, new_link, place_table, sheets_href},
    query::{PlaceFilter, counted, rows},
    texts, words,
};

/// The column that says inside or outside: for that the narrow panel has no room.
const SIDE: usize = 2;

/// The places of a school, on its page. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct PlacesAtUnit {
    rules: Arc<RwLock<RuleBook>>,
}

impl PlacesAtUnit {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

fn sees(at: &AtUnit<'_>) -> bool {
    at.unit.kind.is_institution() && at.over.has(PLACE_VIEW)
}

impl UnitPanel for PlacesAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !sees(at) {
            return Ok(None);
        }
        let lang = at.lang;
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let filter = PlaceFilter { unit: Some(at.id), ..PlaceFilter::default() };
        let found = rows(tx, at.viewer, &filter, PANEL_ROWS)?;
        let (open, closed) = counted(tx, at.viewer, &filter)?;
        let mut tallies = vec![Tally::new(texts::list_open(lang), open, list(at, ""))];
        if closed > 0 {
            tallies.push(Tally::new(texts::list_closed(lang), closed, list(at, "closed")));
        }
        let all = Link::new(texts::panel_all(lang), list(at, ""));
        let manages = at.is_open() && at.over.has(PLACE_MANAGE);
        Ok(Some(Panel {
            key: "places",
            title: texts::places_title(lang).to_owned(),
            tallies,
            table: place_table(lang, &rules, &found).without(SCHOOL).without(SIDE),
            none: texts::panel_none(lang).to_owned(),
            links: std::iter::once(all).chain(manages.then(|| new_link(lang, Some(at.id)))).collect(),
            aside: true,
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if sees(at) { vec!["place"] } else { Vec::new() }
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
            let sql = format!("SELECT id, name, spot FROM place WHERE id IN ({marks})");
            let rows =
                tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?, row.text(2)?)))?;
            let named = |(id, name, spot): (StreamId, String, String)| {
                (id, Link::new(words::named(&name, &spot), href(id)))
            };
            found.extend(rows.into_iter().map(named));
        }
        Ok(found)
    }

    fn papers(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        if !sees(at) {
            return Ok(Vec::new());
        }
        let filter = PlaceFilter { unit: Some(at.id), ..PlaceFilter::default() };
        let (open, _) = counted(tx, at.viewer, &filter)?;
        if open == 0 {
            return Ok(Vec::new());
        }
        let count = texts::list_count(at.lang, open);
        Ok(vec![Paper::new(texts::sheets_print(at.lang), sheets_href(at.id, None), count)])
    }
}

fn list(at: &AtUnit<'_>, state: &str) -> String {
    web::address("/places", &[("state", state), ("unit", &at.code())])
}
