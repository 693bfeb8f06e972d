//! The list of hazards as rows of a table.

use std::sync::{Arc, PoisonError, RwLock};

use access::Viewer;
use documents::Head;
use exports::{Exporter, Part, Wanted};
use journal::Vault;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use rules::RuleBook;
use storage::Tx;

use crate::{
    ledger::{Ledger, heads},
    pages::{
        filter::{ListQuery, sentence},
        reach,
    },
    query::{Cursor, HazardFilter, Sort, counted, part, written_out},
    texts,
};

/// What the access log calls it: a ledger names who registered each hazard and who answers for it.
pub(crate) const READ_AS: &str = "hazard.export";

/// The list of hazards.
pub struct HazardExport {
    rules: Arc<RwLock<RuleBook>>,
    vault: Arc<Vault>,
}

impl HazardExport {
    /// Their name in forms and tables.
    pub const KIND: &'static str = "hazards";

    /// With the rules that name categories and sources, and what opens the names of people.
    pub const fn new(rules: Arc<RwLock<RuleBook>>, vault: Arc<Vault>) -> Self {
        Self { rules, vault }
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

    fn read_as(&self) -> Option<&'static str> {
        Some(READ_AS)
    }

    fn about(&self, viewer: &Viewer, filter: &str) -> (StreamId, UnitId) {
        let unit = ListQuery::read(filter).filter().unit.unwrap_or(viewer.home.id);
        (viewer.account.into(), unit)
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        heads(lang)
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
        let mut ledger = Ledger::new(wanted.lang, self.rules(), Arc::clone(&self.vault));
        let mut found = part(tx, &reach, &filter, wanted.now, wanted.most)?;
        written_out(tx, &mut found.rows)?;
        Ok(Part {
            rows: found.rows.iter().map(|row| ledger.cells(tx, row, wanted.now)).collect::<Result<_, _>>()?,
            next: found.next.map(|cursor| cursor.to_string()),
        })
    }
}
