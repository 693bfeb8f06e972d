//! The list of hazards as rows of a table.

use std::sync::{Arc, PoisonError, RwLock};

use access::Viewer;
use documents::{Cell, Head};
use kernel::{Problem, Timestamp};
use language::{Lang, Say};
use rules::RuleBook;
use storage::Tx;

use super::{Exporter, Part, Wanted};
use crate::{
    pages::{
        filter::{ListQuery, sentence},
        reach,
    },
    query::{Cursor, HazardFilter, HazardRow, Sort, counted, part, written_out},
    texts, words,
};

/// The list of hazards.
pub struct HazardExport {
    rules: Arc<RwLock<RuleBook>>,
}

impl HazardExport {
    /// Their name in forms and tables.
    pub const KIND: &'static str = "hazards";

    /// With the rules that name categories and sources.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }

    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// In order of registration, whatever the list's order: a deadline may move while the file is written.
fn filter(kept: &str) -> HazardFilter {
    HazardFilter { sort: Sort::Newest, after: None, ..ListQuery::read(kept).filter() }
}

impl Exporter for HazardExport {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn title(&self, lang: Lang) -> String {
        texts::hazard_ledger(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        heads(lang).into()
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may("export") && (viewer.may("hazard.view") || viewer.may("hazard.view_own"))
    }

    fn settled(&self, filter: &str) -> String {
        ListQuery::read(filter).kept()
    }

    fn told(&self, tx: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        let query = ListQuery { sort: String::new(), ..ListQuery::read(filter) };
        sentence(tx, viewer, lang, &self.rules(), &query)
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        kept: &str,
        now: Timestamp,
        most: i64,
    ) -> Result<i64, Problem> {
        let reach = reach(tx, viewer)?;
        Ok(counted(tx, &reach, &filter(kept), now, most)?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let reach = reach(tx, viewer)?;
        let filter = HazardFilter { after: wanted.after.and_then(Cursor::parse), ..filter(wanted.filter) };
        let rules = self.rules();
        let mut found = part(tx, &reach, &filter, wanted.now, wanted.most)?;
        written_out(tx, &mut found.rows)?;
        Ok(Part {
            rows: found.rows.iter().map(|row| cells(wanted.lang, &rules, row).into()).collect(),
            next: found.next.map(|cursor| cursor.to_string()),
        })
    }
}

/// The headings, with widths in characters.
pub(crate) fn heads(lang: Lang) -> [Head; 10] {
    [
        (texts::hazard_number(lang), 12),
        (texts::record_unit(lang), 24),
        (texts::record_category(lang), 16),
        (texts::record_level(lang), 8),
        (texts::record_stage(lang), 10),
        (texts::record_description(lang), 48),
        (texts::record_place(lang), 24),
        (texts::record_source(lang), 12),
        (texts::record_registered(lang), 18),
        (texts::plan_due(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
}

/// One row.
pub(crate) fn cells(lang: Lang, rules: &RuleBook, row: &HazardRow) -> [Cell; 10] {
    [
        row.number.to_string(),
        row.unit_name.clone(),
        words::category(lang, rules, &row.category),
        words::level(lang, row.level),
        words::stage(lang, row.stage),
        row.title.clone(),
        row.place.clone(),
        words::source(lang, rules, &row.source),
        Say(lang).date_time(row.registered_at),
        row.due_at.map(|due| Say(lang).date_of(due)).unwrap_or_default(),
    ]
    .map(|cell| Cell::from(language::plain(&cell).to_string()))
}
