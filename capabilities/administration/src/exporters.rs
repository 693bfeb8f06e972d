//! Units, the audit trail and the log of reads as files, part by part; of the latter two the newest first: what comes
//! later stays out of a file that was begun.

mod accounts;
mod people;
mod sent;
mod sign_ins;

use std::sync::Arc;

use access::{Viewer, reads_counted};
use documents::{Cell, Head};
use exports::{Exporter, Part, Wanted};
use journal::Vault;
use kernel::{Problem, Timestamp};
use language::Lang;
use organisation::{UnitFilter, units_counted};
use storage::{Param, Tx};
use web::{Sentences, view::Link};

use crate::{
    audit::{self, Names},
    export::cells,
    pages::{
        audit::{heads, line},
        audit_query::{AuditQuery, chips},
        reads::{self, ReadsQuery},
        units,
    },
    texts,
};

pub use accounts::AccountsExport;
pub use people::PeopleExport;
pub use sent::SentExport;
pub use sign_ins::SignInsExport;

pub(crate) const AUDIT: &str = "audit.view";

/// Units whose events and reads somebody may see.
fn scope(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    viewer.scope(AUDIT).condition("unit_id", 1)
}

/// Whose list it is, and its filter, in one sentence.
fn said(viewer: &Viewer, chips: Vec<Link>) -> String {
    let chips = chips.into_iter().map(|chip| chip.label);
    std::iter::once(viewer.home.name.clone()).chain(chips).collect::<Vec<_>>().join(" · ")
}

/// One part of a log that is read backwards by number: at most so many rows, and where the next part begins.
fn part_of<R>(mut rows: Vec<(i64, R)>, most: usize, line: impl Fn(&(i64, R)) -> Vec<Cell>) -> Part {
    let more = rows.len() > most;
    rows.truncate(most);
    Part {
        rows: rows.iter().map(line).collect(),
        next: rows.last().filter(|_| more).map(|(number, _)| number.to_string()),
    }
}

/// The audit trail.
pub struct AuditExport {
    vault: Arc<Vault>,
    sentences: Sentences,
}

impl AuditExport {
    /// With what opens the names of accounts, and what every room calls its events.
    pub const fn new(vault: Arc<Vault>, sentences: Sentences) -> Self {
        Self { vault, sentences }
    }
}

impl Exporter for AuditExport {
    fn kind(&self) -> &'static str {
        "audit"
    }

    fn title(&self, lang: Lang) -> String {
        texts::audit_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        heads(lang)
    }

    fn read_as(&self) -> Option<&'static str> {
        Some("audit.export")
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may(AUDIT)
    }

    fn settled(&self, filter: &str) -> String {
        AuditQuery::read(filter).kept()
    }

    fn told(&self, _: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        Ok(said(viewer, chips(lang, &AuditQuery::read(filter))))
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        most: i64,
    ) -> Result<i64, Problem> {
        let filter = AuditQuery::read(filter).filter(tx)?;
        audit::counted(tx, &scope(viewer), &filter, most)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let mut filter = AuditQuery::read(wanted.filter).filter(tx)?;
        filter.before = wanted.after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let mut events = audit::events(tx, &scope(viewer), &filter, wanted.most.saturating_add(1))?;
        let more = events.len() > wanted.most;
        events.truncate(wanted.most);
        let names = Names::of(tx, &self.vault, &events)?;
        Ok(Part {
            rows: events.iter().map(|one| cells(&line(&self.sentences, wanted.lang, one, &names))).collect(),
            next: events.last().filter(|_| more).map(|last| last.position.to_string()),
        })
    }
}

/// The log of reads.
pub struct ReadsExport {
    vault: Arc<Vault>,
}

impl ReadsExport {
    /// With what opens the names of accounts.
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

impl Exporter for ReadsExport {
    fn kind(&self) -> &'static str {
        "reads"
    }

    fn title(&self, lang: Lang) -> String {
        texts::reads_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        reads::heads(lang)
    }

    fn read_as(&self) -> Option<&'static str> {
        Some("reads.export")
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may(AUDIT)
    }

    fn settled(&self, filter: &str) -> String {
        ReadsQuery::read(filter).kept()
    }

    fn told(&self, _: &mut Tx, viewer: &Viewer, lang: Lang, filter: &str) -> Result<String, Problem> {
        Ok(said(viewer, reads::chips(lang, &ReadsQuery::read(filter))))
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        most: i64,
    ) -> Result<i64, Problem> {
        let filter = ReadsQuery::read(filter).filter(tx)?;
        Ok(reads_counted(tx, &scope(viewer), &filter, most)?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let filter = ReadsQuery::read(wanted.filter).filter(tx)?;
        let before = wanted.after.and_then(|after| after.parse().ok()).unwrap_or(0);
        let most = wanted.most.saturating_add(1);
        let (rows, names) = reads::listed(tx, (viewer, &self.vault), &filter, before, most)?;
        Ok(part_of(rows, wanted.most, |row| cells(&reads::line(wanted.lang, row, &names))))
    }
}

/// The list of units, open ones; it knows no filter.
pub struct UnitsExport;

impl Exporter for UnitsExport {
    fn kind(&self) -> &'static str {
        "units"
    }

    fn title(&self, lang: Lang) -> String {
        texts::units_title(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        units::heads(lang)
    }

    fn may(&self, viewer: &Viewer) -> bool {
        units::EXPORT.iter().any(|permission| viewer.may(permission)) && viewer.may("unit.view")
    }

    fn settled(&self, _: &str) -> String {
        String::new()
    }

    fn told(&self, _: &mut Tx, viewer: &Viewer, _: Lang, _: &str) -> Result<String, Problem> {
        Ok(viewer.home.name.clone())
    }

    fn count(&self, tx: &mut Tx, viewer: &Viewer, _: &str, _: Timestamp, _: i64) -> Result<i64, Problem> {
        let scope = viewer.scope("unit.view").condition("u.id", 1);
        Ok(units_counted(tx, &scope, &UnitFilter::default())?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let filter =
            UnitFilter { after: wanted.after.unwrap_or_default().to_owned(), ..UnitFilter::default() };
        let (rows, next) = units::part(tx, viewer, wanted.lang, &filter, wanted.most)?;
        let cells =
            |row: Vec<String>| row.iter().map(|cell| Cell::from(language::plain(cell).to_string())).collect();
        Ok(Part { rows: rows.into_iter().map(cells).collect(), next })
    }
}
