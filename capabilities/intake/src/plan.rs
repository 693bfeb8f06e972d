//! The dry run: what would happen, row by row, and what cannot.

use std::collections::BTreeMap;

use access::Viewer;
use documents::TableRow;
use hazard::{CarryOver, Level, StageCode};
use journal::Vault;
use kernel::{Date, PersonId, Problem, StreamId, Timestamp, UnitId};
use organisation::{Attributes, Contact, GuardRecord, NewUnit, Placement, Post, UnitKind};
use rules::RuleBook;
use sha2::{Digest, Sha256};
use storage::Tx;
use uuid::Uuid;

use crate::{
    batch::{Masked, Options, Withheld},
    content::Content,
    field::Field,
    guards,
    header::{Header, Mapping},
    known::Known,
    ledger, numbers,
    photos::Album,
    planner::Planner,
    row::{self, CellProblem},
    staff,
};

/// What would happen to a row's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is entered.
    Create,
    /// Something about it changes.
    Change,
    /// The platform knows all this already.
    Same,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What differs.
    pub field: Field,
    /// As it is; empty when there is nothing.
    pub old: String,
    /// As it will be.
    pub new: String,
}

impl Change {
    pub(crate) fn new(field: Field, old: &str, new: &str) -> Self {
        Self { field, old: old.to_owned(), new: new.to_owned() }
    }
}

/// What is asked about a row's unit, person or hazard.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Create(Box<NewUnit>),
    Rename(String),
    Describe(Box<Attributes>),
    Place(Placement),
    Enter(Contact, Vec<Post>),
    Take(PersonId, Post),
    Correct(PersonId, Contact),
    /// Somebody new who is a guard.
    EnterGuard(Contact, Box<GuardRecord>),
    Guard(PersonId, Box<GuardRecord>),
    CarryOver(StreamId, Box<CarryOver>),
}

/// What the page shows of a row besides unit and action.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// A unit: its code says it. Of a new one also where it will hang, by name.
    Unit {
        /// Right above it on the management line.
        superior: String,
        /// On the territorial line.
        township: String,
    },
    /// Somebody at a school.
    Person {
        /// Name.
        name: String,
        /// As the file says.
        posts: Vec<Post>,
    },
    /// A guard.
    Guard {
        /// Name.
        name: String,
        /// Holds a certificate.
        certified: bool,
        /// Full time.
        full_time: bool,
    },
    /// A row of a ledger.
    Hazard {
        /// What is wrong.
        what: String,
        /// The category's name.
        category: rules::Text,
        /// As the ledger says.
        level: Option<Level>,
        /// Where it would stand, or stands.
        stage: StageCode,
        /// Photos found.
        photos: usize,
    },
}

/// A row without problems.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPlan {
    /// Its number as the spreadsheet shows it.
    pub row: u32,
    /// The unit.
    pub unit: UnitId,
    /// Its name in the file.
    pub name: String,
    /// Its code, made up if need be.
    pub code: String,
    /// What would happen.
    pub action: Action,
    /// What differs.
    pub changes: Vec<Change>,
    /// What else the page shows.
    pub detail: Detail,
    pub(crate) steps: Vec<Step>,
    /// New units above it in this file.
    pub(crate) depth: usize,
}

/// The dry run of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Rows in the order in which they would be written: superiors first.
    pub rows: Vec<RowPlan>,
    /// What cannot be taken, by cell.
    pub problems: Vec<CellProblem>,
    /// Rows passed over: sums, remarks, numbering.
    pub passed_over: usize,
    /// Codes that fail their check: offered to be kept as they are.
    pub failing_codes: usize,
    /// Such codes that a reason was given for.
    pub excused_codes: usize,
    /// Rows without a code: offered a local one.
    pub missing_codes: usize,
    /// Rows that get a local one.
    pub made_codes: usize,
    /// People are in the file, but whoever imports may not enter them.
    pub people_ignored: bool,
    /// What is taken, but otherwise than written: by cell.
    pub notices: Vec<CellProblem>,
    /// Photos that the file names and that were not found.
    pub missing_photos: usize,
    /// Photos that no row names.
    pub unused_photos: Vec<String>,
    /// In how many parts it would be written, each of them all or nothing.
    pub parts: usize,
}

impl Plan {
    /// Rows with this action.
    pub fn count(&self, action: Action) -> usize {
        self.rows.iter().filter(|row| row.action == action).count()
    }

    /// Rows that the platform does not know already, in the order in which they would be written.
    pub(crate) fn to_write(&self) -> Vec<&RowPlan> {
        self.rows.iter().filter(|row| row.action != Action::Same).collect()
    }

    /// Changes when anything of it changes: what was shown is what is written.
    pub fn digest(&self) -> String {
        digest_of(&self.rows.iter().collect::<Vec<_>>())
    }
}

/// Changes when anything of these rows changes. Not when they are written in another order: what the first part of a
/// file has entered is no longer a new superior of the rest.
pub(crate) fn digest_of(rows: &[&RowPlan]) -> String {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.row);
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(format!("{} {:?} {} {:?};", row.row, row.action, row.code, row.changes));
        hash.update(format!("{:?};", row.detail));
    }
    kernel::hex::write(hash.finalize()).chars().take(32).collect()
}

/// A file on the table.
pub(crate) struct Sheet<'a> {
    pub content: Content,
    pub header: &'a Header,
    pub rules: &'a RuleBook,
    pub withheld: &'a [Withheld],
    pub masked: &'a [Masked],
    pub album: &'a Album,
    pub now: Timestamp,
    pub rows: &'a [TableRow],
    pub mapping: &'a Mapping,
    pub options: &'a Options,
    pub today: Date,
    /// The id a new unit of this row would get.
    pub new_id: &'a dyn Fn(u32) -> Uuid,
}

impl Sheet<'_> {
    /// What stands above a column.
    pub fn label(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.header.labels.get(column)).map_or("", String::as_str)
    }
}

/// Compares the file with what is known. Writes nothing.
pub(crate) fn plan(tx: &mut Tx, vault: &Vault, viewer: &Viewer, sheet: &Sheet<'_>) -> Result<Plan, Problem> {
    let columns = sheet.mapping.columns();
    let known = Known::load(tx, viewer, sheet.content.permission())?;
    match sheet.content {
        Content::Register => register(tx, vault, viewer, (known, columns), sheet),
        Content::People => staff::plan(tx, vault, known, &columns, sheet),
        Content::Guards => guards::plan(tx, vault, known, &columns, sheet),
        Content::Hazards => ledger::plan(tx, vault, known, &columns, sheet),
    }
}

fn register(
    tx: &mut Tx,
    vault: &Vault,
    viewer: &Viewer,
    (known, mut columns): (Known, BTreeMap<Field, usize>),
    sheet: &Sheet<'_>,
) -> Result<Plan, Problem> {
    let mut plan = Plan::default();
    if !viewer.may("person.manage") {
        let all = columns.len();
        columns.retain(|field, _| !field.is_personal());
        plan.people_ignored = columns.len() < all;
    }
    let mut drafts = Vec::new();
    for row in sheet.rows {
        if row::is_passed_over(sheet.content, row, &columns) {
            plan.passed_over += 1;
        } else {
            let mut draft = row::read(row, &columns, &mut plan.problems);
            numbers::take_out(&mut draft, &columns, &mut plan.notices);
            drafts.push(draft);
        }
    }
    Planner::new(known, columns, sheet, plan).run(tx, vault, drafts)
}

/// The kind a new unit would have, for the page.
pub(crate) fn new_kind(row: &RowPlan) -> Option<UnitKind> {
    row.steps.iter().find_map(|step| match step {
        Step::Create(created) => Some(created.kind),
        _ => None,
    })
}
