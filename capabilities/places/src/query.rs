//! What pages and other rooms read of places.

use access::Viewer;
use journal::{Recorded, events_of_stream};
use kernel::{Problem, StreamId, UnitId, limits};
use storage::{Containing, Param, Row, StorageError, Tx, params};

use crate::{WHOLE, state::PlaceState};

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// The place.
    pub id: StreamId,
    /// Whose.
    pub unit: UnitId,
    /// Name of the unit.
    pub unit_name: String,
    /// Code of its kind.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Building and floor.
    pub spot: String,
    /// Outside the buildings.
    pub outside: bool,
    /// What stands on its sheet.
    pub code: String,
    /// Out of use.
    pub closed: bool,
}

/// Which places are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Those out of use instead of those in use.
    pub closed: bool,
    /// With these words in name, spot or unit; see [`Self::typed`].
    pub words: Containing,
    /// Or with this part of a code.
    pub code: Containing,
}

impl PlaceFilter {
    /// With these words in name, spot or unit; or with this part of a code, as it is printed.
    #[must_use]
    pub fn typed(mut self, words: &str) -> Self {
        self.words = Containing::words(words);
        self.code = Containing::words(&words.replace('-', ""));
        self
    }
}

const COLUMNS: &str = "p.id, p.unit_id, u.name, p.kind, p.name, p.spot, p.outside, p.code, p.closed";

fn row(row: &Row<'_>) -> Result<PlaceRow, StorageError> {
    Ok(PlaceRow {
        id: row.id(0)?,
        unit: row.id(1)?,
        unit_name: row.text(2)?,
        kind: row.text(3)?,
        name: row.text(4)?,
        spot: row.text(5)?,
        outside: row.bool(6)?,
        code: row.text(7)?,
        closed: row.bool(8)?,
    })
}

/// What narrows a statement, with its parameters.
fn conditions<'f>(viewer: &Viewer, filter: &'f PlaceFilter) -> (Vec<String>, Vec<Param<'f>>) {
    let (scope, scoped) = viewer.scope(access::names::PLACE_VIEW).condition("p.unit_id", 1);
    let (mut parts, mut params): (_, Vec<Param<'f>>) = (vec![scope], scoped);
    let mut mark = |value: Param<'f>| {
        params.push(value);
        format!("?{}", params.len())
    };
    if let Some(unit) = filter.unit {
        parts.push(format!("p.unit_id = {}", mark(Param::from(unit))));
    }
    if let Some(kind) = &filter.kind {
        parts.push(format!("p.kind = {}", mark(Param::from(kind))));
    }
    if let Some((words, code)) = filter.words.pattern().zip(filter.code.pattern()) {
        let (words, code) = (mark(Param::from(words)), mark(Param::from(code)));
        let has = |column: &str, like: &str| format!("lower({column}) LIKE {like} ESCAPE '!'");
        let any = [has("p.name", &words), has("p.spot", &words), has("u.name", &words), has("p.code", &code)];
        parts.push(format!("({})", any.join(" OR ")));
    }
    (parts, params)
}

/// The places that the viewer may see, by unit; the whole school first, then by name. At most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn rows(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: &PlaceFilter,
    most: usize,
) -> Result<Vec<PlaceRow>, Problem> {
    let (parts, params) = conditions(viewer, filter);
    let sql = format!(
        "SELECT {COLUMNS} FROM place p JOIN unit u ON u.id = p.unit_id WHERE {} AND p.closed = {}
         ORDER BY u.name, u.id, CASE WHEN p.kind = '{WHOLE}' THEN 0 ELSE 1 END, p.name, p.spot, p.id LIMIT {most}",
        parts.join(" AND "),
        if filter.closed { "TRUE" } else { "FALSE" }
    );
    Ok(tx.query(&sql, &params, row)?)
}

/// How many are in use and how many are not, of what else is asked for.
///
/// # Errors
/// Whatever the database answers.
pub fn counted(tx: &mut Tx, viewer: &Viewer, filter: &PlaceFilter) -> Result<(u32, u32), Problem> {
    let (parts, params) = conditions(viewer, filter);
    let mut of = |closed: &str| -> Result<u32, StorageError> {
        let sql = format!(
            "SELECT count(*) FROM place p JOIN unit u ON u.id = p.unit_id WHERE {} AND p.closed = {closed}",
            parts.join(" AND ")
        );
        Ok(u32::try_from(tx.count(&sql, &params)?).unwrap_or(u32::MAX))
    };
    Ok((of("FALSE")?, of("TRUE")?))
}

/// Units over which the viewer has a permission and that have, or could have, places: open institutions.
///
/// # Errors
/// Whatever the database answers.
pub fn units(
    tx: &mut Tx,
    viewer: &Viewer,
    permission: journal::Permission,
) -> Result<Vec<(UnitId, String)>, Problem> {
    let (scope, params) = viewer.scope(permission).condition("u.id", 1);
    let sql = format!(
        "SELECT u.id, u.name, u.kind FROM unit u WHERE {scope} AND u.closed_on IS NULL ORDER BY u.name, u.id"
    );
    let found = tx.query(&sql, &params, |row| Ok((row.id(0)?, row.text(1)?, row.text(2)?)))?;
    let institution =
        |kind: &str| organisation::UnitKind::named(kind).is_some_and(|kind| kind.is_institution());
    Ok(found.into_iter().filter(|(_, _, kind)| institution(kind)).map(|(id, name, _)| (id, name)).collect())
}

/// A place as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn state(tx: &mut Tx, id: StreamId) -> Result<Option<(PlaceState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM place WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("place {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// The place that a code points to: the one on its sheet, or a former one that nobody stopped.
///
/// # Errors
/// Whatever the database answers.
pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<(StreamId, PlaceState)>, StorageError> {
    let sql = "SELECT place_id FROM place_code WHERE code = ?1 AND stopped = FALSE";
    let Some(id) = tx.first(sql, params![code], |row| row.id::<StreamId>(0))? else { return Ok(None) };
    Ok(state(tx, id)?.map(|(state, _)| (id, state)))
}

/// The code that stands for all of a unit, where it has one.
///
/// # Errors
/// Whatever the database answers.
pub fn whole_of(tx: &mut Tx, unit: UnitId) -> Result<Option<String>, StorageError> {
    let sql = "SELECT code FROM place WHERE unit_id = ?1 AND kind = ?2 AND closed = FALSE ORDER BY added_at, id LIMIT 1";
    tx.first(sql, params![unit, WHOLE], |row| row.text(0))
}

/// A place with its history.
#[derive(Clone, Debug)]
pub struct PlaceRecord {
    /// The place.
    pub id: StreamId,
    /// As it stands.
    pub state: PlaceState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first.
    pub events: Vec<Recorded>,
    /// What the viewer may do there.
    pub may: access::PermissionSet,
}

/// A place with its history, if the viewer may see it; what he may not see is not there.
///
/// # Errors
/// [`Problem::NotFound`], or whatever the database answers.
pub fn visible(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<PlaceRecord, Problem> {
    let (state, version) = state(tx, id)?.ok_or(Problem::NotFound)?;
    let may = viewer.permissions_over(tx, state.unit)?;
    if !may.has(access::names::PLACE_VIEW) {
        return Err(Problem::NotFound);
    }
    let events = events_of_stream(tx, id, None)?;
    Ok(PlaceRecord { id, state, version, events, may })
}

/// The names of the places in use at a unit: what a form of many leaves out.
///
/// # Errors
/// Whatever the database answers.
pub fn names_in_use(tx: &mut Tx, unit: UnitId) -> Result<Vec<String>, StorageError> {
    let sql =
        "SELECT name FROM place WHERE unit_id = ?1 AND closed = FALSE AND spot = '' ORDER BY name LIMIT ?2";
    tx.query(sql, params![unit, limits::PLACES], |row| row.text(0))
}
