//! The page of a unit 学校主页 is assembled from panels: each room says what it has to say of one unit, to whom it says it,
//! and what happened there. Whoever shows the page knows no room, and a room knows nothing of the page.

use std::collections::{HashMap, HashSet};

use access::{PermissionSet, Viewer};
use journal::Recorded;
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use organisation::UnitState;
use storage::{StorageError, Tx};

use crate::view::{Fact, Level, Link, Mark, Table};

/// Rows of a panel: what comes first of its list, never the list.
pub const PANEL_ROWS: usize = 5;
/// Papers that one room names at most.
pub const PANEL_PAPERS: usize = 6;

/// Whose page it is, and who looks.
#[derive(Clone, Copy, Debug)]
pub struct AtUnit<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// Who looks.
    pub viewer: &'a Viewer,
    /// What he may do at the unit.
    pub over: PermissionSet,
    /// The unit.
    pub id: UnitId,
    /// As it stands.
    pub unit: &'a UnitState,
    /// When.
    pub now: Timestamp,
}

impl AtUnit<'_> {
    /// The unit as addresses name it.
    pub fn code(&self) -> String {
        self.id.0.simple().to_string()
    }

    /// Something new may still be written down there.
    pub const fn is_open(&self) -> bool {
        self.unit.closed.is_none()
    }
}

/// Where the page of a unit is.
pub fn unit_href(unit: UnitId) -> String {
    format!("/units/{}", unit.0.simple())
}

/// Of some units those whose page the viewer may open.
///
/// # Errors
/// Whatever the database answers.
pub fn pages_of(tx: &mut Tx, viewer: &Viewer, units: &[UnitId]) -> Result<HashSet<UnitId>, StorageError> {
    if viewer.reaches_institutions("unit.view") {
        return Ok(units.iter().copied().collect());
    }
    viewer.scope("unit.view").among(tx, units)
}

/// A room with something to say of a unit. Everything is bounded: some rows, counts made by the database.
pub trait UnitPanel: Send + Sync {
    /// The panel, for whoever may see it; who may not does not learn that it exists.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem>;

    /// The kinds of stream whose events the room tells this viewer in the unit's history.
    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        let _ = at;
        Vec::new()
    }

    /// Which of these records the viewer may see, each by its name and where it is. What is missing is not told.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn records(
        &self,
        tx: &mut Tx,
        at: &AtUnit<'_>,
        kind: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let _ = (tx, at, kind, ids);
        Ok(HashMap::new())
    }

    /// Positions of events that the viewer is not told, though he may see the record.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn withheld(&self, tx: &mut Tx, at: &AtUnit<'_>, events: &[&Recorded]) -> Result<Vec<u64>, Problem> {
        let _ = (tx, at, events);
        Ok(Vec::new())
    }

    /// What can be printed or taken out for this unit, newest first.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn papers(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        let _ = (tx, at);
        Ok(Vec::new())
    }
}

/// How many there are of something; leads to the list of exactly so many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of what.
    pub label: String,
    /// How many, as it is said.
    pub count: String,
    /// Where they are listed.
    pub href: String,
    /// Of lateness; plain where there is none.
    pub level: Level,
}

impl Tally {
    /// So many, listed there.
    pub fn new(label: impl Into<String>, count: impl ToString, href: impl Into<String>) -> Self {
        Self { label: label.into(), count: count.to_string(), href: href.into(), level: Level::Plain }
    }

    /// Red as soon as there is one.
    #[must_use]
    pub fn late(mut self, any: bool) -> Self {
        self.level = if any { Level::Red } else { Level::Plain };
        self
    }
}

/// What a room says of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// Anchor on the page.
    pub key: &'static str,
    /// What the room calls it.
    pub title: String,
    /// A line under the title.
    pub note: String,
    /// Counts, each leading to its list.
    pub tallies: Vec<Tally>,
    /// How things stand.
    pub facts: Vec<Fact>,
    /// What is wrong, or in order.
    pub marks: Vec<Mark>,
    /// The first rows.
    pub table: Table,
    /// What is said where there is no row.
    pub none: String,
    /// To everything, and to what the viewer could begin.
    pub links: Vec<Link>,
    /// It stands in the narrow column.
    pub aside: bool,
}

impl Panel {
    /// Nothing was written down: what follows from the rules alone counts as nothing.
    pub fn is_bare(&self) -> bool {
        let zero = |tally: &Tally| tally.count == "0";
        self.tallies.iter().all(zero) && self.table.rows.is_empty()
    }
}

/// Something to print or to take out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Its number, its day.
    pub more: String,
}

impl Paper {
    /// A paper.
    pub fn new(title: impl Into<String>, href: impl Into<String>, more: impl Into<String>) -> Self {
        Self { title: title.into(), href: href.into(), more: more.into() }
    }
}
