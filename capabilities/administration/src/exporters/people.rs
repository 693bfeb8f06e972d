//! The people of a unit, in the order in which they were entered; telephones stay masked.

use std::sync::Arc;

use access::Viewer;
use documents::Head;
use exports::{Exporter, Part, Wanted};
use journal::Vault;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use storage::{Tx, params};

use crate::{export::cells, pages::unit_people, texts};

/// The people of a unit.
pub struct PeopleExport {
    vault: Arc<Vault>,
}

impl PeopleExport {
    /// With what opens their names.
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }
}

/// The filter is the unit's id.
fn unit(filter: &str) -> UnitId {
    UnitId::parse(filter).unwrap_or(UnitId::NIL)
}

/// Both rights over the same unit: what is seen, and where it may be taken out.
fn may_at(tx: &mut Tx, viewer: &Viewer, unit: UnitId) -> Result<bool, Problem> {
    let over = viewer.permissions_over(tx, unit)?;
    Ok(over.has("person.view") && over.has("export"))
}

impl Exporter for PeopleExport {
    fn kind(&self) -> &'static str {
        "people"
    }

    fn title(&self, lang: Lang) -> String {
        texts::unit_people(lang).to_owned()
    }

    fn heads(&self, lang: Lang) -> Vec<Head> {
        unit_people::heads(lang)
    }

    fn read_as(&self) -> Option<&'static str> {
        Some("person.export")
    }

    fn about(&self, _: &Viewer, filter: &str) -> (StreamId, UnitId) {
        (unit(filter).into(), unit(filter))
    }

    fn may(&self, viewer: &Viewer) -> bool {
        viewer.may("export") && viewer.may("person.view")
    }

    fn settled(&self, filter: &str) -> String {
        unit(filter).0.simple().to_string()
    }

    fn told(&self, tx: &mut Tx, viewer: &Viewer, _: Lang, filter: &str) -> Result<String, Problem> {
        // A unit that went out of reach meanwhile is not named.
        if !may_at(tx, viewer, unit(filter))? {
            return Ok("…".to_owned());
        }
        Ok(organisation::unit_brief(tx, unit(filter))?.map(|unit| unit.name).unwrap_or_default())
    }

    fn count(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        filter: &str,
        _: Timestamp,
        _: i64,
    ) -> Result<i64, Problem> {
        if !may_at(tx, viewer, unit(filter))? {
            return Ok(0);
        }
        let sql = "SELECT count(*) FROM person WHERE unit_id = ?1 AND active = TRUE";
        Ok(tx.count(sql, params![unit(filter)])?)
    }

    fn part(&self, tx: &mut Tx, viewer: &Viewer, wanted: Wanted<'_>) -> Result<Part, Problem> {
        let unit = unit(wanted.filter);
        if !may_at(tx, viewer, unit)? {
            return Ok(Part::default());
        }
        let after = wanted.after.and_then(kernel::PersonId::parse).unwrap_or(kernel::PersonId::NIL);
        let (lines, next) = unit_people::part(tx, &self.vault, (unit, after), wanted.most)?;
        let rows = lines.iter().map(|line| cells(&line.cells(wanted.lang))).collect();
        Ok(Part { rows, next: next.map(|last| last.to_string()) })
    }
}
