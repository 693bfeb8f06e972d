//! What the public reported about one school, on its page.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use access::names::REPORT_VIEW;
use kernel::{Problem, StreamId};
use rules::RuleBook;
use storage::{Tx, in_lists};
use web::{
    panel::{AtUnit, PANEL_ROWS, Panel, Tally, UnitPanel},
    view::Link,
};

use crate::{
    beside::titled,
    pages::{href, report_table},
    query::{ReportFilter, Which, counted, rows},
    texts, words,
};

/// What the public reported about a school, on its page. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct ReportsAtUnit {
    rules: Arc<RwLock<RuleBook>>,
}

impl ReportsAtUnit {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

fn sees(at: &AtUnit<'_>) -> bool {
    at.unit.kind.is_institution() && at.over.has(REPORT_VIEW)
}

impl UnitPanel for ReportsAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !sees(at) {
            return Ok(None);
        }
        let lang = at.lang;
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let filter = ReportFilter { unit: Some(at.id), ..ReportFilter::default() };
        let found = rows(tx, at.viewer, &filter, at.now, PANEL_ROWS)?;
        let counts = counted(tx, at.viewer, &filter, at.now)?;
        let tally = |(which, n): (Which, u32)| {
            Tally::new(words::which(lang, which), n, list(at, which)).late(which == Which::Overdue && n > 0)
        };
        Ok(Some(Panel {
            key: "reports",
            title: texts::reports_title(lang).to_owned(),
            tallies: counts.into_iter().map(tally).collect(),
            table: report_table(lang, &rules, &found, at.now),
            none: texts::list_empty_waiting(lang).to_owned(),
            links: vec![Link::new(texts::panel_all(lang), list(at, Which::All))],
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if sees(at) { vec!["public_report"] } else { Vec::new() }
    }

    fn records(
        &self,
        tx: &mut Tx,
        at: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let mut found = HashMap::new();
        for (marks, values) in in_lists(ids) {
            let sql = format!("SELECT id, place_name, title FROM public_report WHERE id IN ({marks})");
            let rows =
                tx.query(&sql, &values, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?, row.text(2)?)))?;
            let named = |(id, place, title): (StreamId, String, String)| {
                (id, Link::new(format!("{place} · {}", titled(at.lang, &title)), href(id)))
            };
            found.extend(rows.into_iter().map(named));
        }
        Ok(found)
    }
}

fn list(at: &AtUnit<'_>, which: Which) -> String {
    web::address("/reports", &[("stage", which.name()), ("unit", &at.code())])
}
