//! The register of departments.

use access::Viewer;
use kernel::{Problem, StreamId, UnitId};
use storage::{Containing, Param, Row, StorageError, Tx, params};

use crate::department::DepartmentState;

/// Departments of one list: a county has some dozens.
const MOST: usize = 500;

/// A row of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentRow {
    /// The entry.
    pub id: StreamId,
    /// Code of its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which office of it takes letters.
    pub office: String,
    /// The telephone of that office.
    pub telephone: String,
    /// No letter goes there any more.
    pub closed: bool,
}

const COLUMNS: &str = "d.id, d.kind, d.name, d.office, d.telephone, d.closed";

fn row(row: &Row<'_>) -> Result<DepartmentRow, StorageError> {
    Ok(DepartmentRow {
        id: row.id(0)?,
        kind: row.text(1)?,
        name: row.text(2)?,
        office: row.text(3)?,
        telephone: row.text(4)?,
        closed: row.bool(5)?,
    })
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// Those that are closed instead of those that are not.
    pub closed: bool,
    /// With these words in name or office.
    pub words: Containing,
}

/// The entries that the viewer may see: those of counties whose letters he writes or signs.
///
/// # Errors
/// Whatever the database answers.
pub fn departments(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &DepartmentFilter,
) -> Result<Vec<DepartmentRow>, Problem> {
    let (condition, scoped) = registers(viewer);
    let mut params: Vec<Param<'_>> = scoped;
    let mut mark = |value| {
        params.push(value);
        format!("?{}", params.len())
    };
    let mut conditions = vec![condition];
    conditions.push(format!("d.closed = {}", if filter.closed { "TRUE" } else { "FALSE" }));
    if let Some(kind) = &filter.kind {
        conditions.push(format!("d.kind = {}", mark(Param::from(kind))));
    }
    if let Some(pattern) = filter.words.pattern() {
        let like = mark(Param::from(pattern));
        let has = |column: &str| format!("lower({column}) LIKE {like} ESCAPE '!'");
        conditions.push(format!("({} OR {})", has("d.name"), has("d.office")));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM department d WHERE {} ORDER BY d.kind, d.name, d.id LIMIT {MOST}",
        conditions.join(" AND ")
    );
    Ok(tx.query(&sql, &params, row)?)
}

/// Counties whose register the viewer may see.
fn registers(viewer: &Viewer) -> (String, Vec<Param<'static>>) {
    let (drafts, mut params) = viewer.scope("transfer.draft").condition("d.county_id", 1);
    let (signs, more) = viewer.scope("transfer.sign").condition("d.county_id", params.len() + 1);
    params.extend(more);
    (format!("({drafts} OR {signs})"), params)
}

/// The entries a letter of the county may go to, by kind and name.
///
/// # Errors
/// Whatever the database answers.
pub fn open_departments(tx: &mut Tx, county: UnitId) -> Result<Vec<DepartmentRow>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM department d WHERE d.county_id = ?1 AND d.closed = FALSE
         ORDER BY d.kind, d.name, d.id LIMIT {MOST}"
    );
    tx.query(&sql, params![county], row)
}

/// An entry as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn department(tx: &mut Tx, id: StreamId) -> Result<Option<(DepartmentState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM department WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state =
        serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("department {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// Another open entry of the county's register has the name.
pub(crate) fn department_named(
    tx: &mut Tx,
    county: UnitId,
    name: &str,
    but: StreamId,
) -> Result<bool, StorageError> {
    let sql =
        "SELECT count(*) FROM department WHERE county_id = ?1 AND name = ?2 AND id <> ?3 AND closed = FALSE";
    Ok(tx.count(sql, params![county, name, but])? > 0)
}
