//! Lists of units, in the order of their codes.

use kernel::{Date, UnitId};
use storage::{Param, Row, StorageError, Tx, search};

use super::{UnitBrief, UnitKind};
use crate::Line;

/// What a list of units is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Only this kind.
    pub kind: Option<UnitKind>,
    /// Only what lies below this unit on the territorial line: a township.
    pub township: Option<UnitId>,
    /// Words of the name or the code.
    pub query: String,
    /// Closed ones instead of open ones.
    pub closed: bool,
    /// Codes after this one.
    pub after: String,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Which unit.
    pub brief: UnitBrief,
    /// Pupils, when somebody entered them.
    pub pupils: Option<i64>,
    /// Boarders among them, likewise.
    pub boarders: Option<i64>,
    /// Staff, likewise.
    pub staff: Option<i64>,
    /// The last day, once it is closed.
    pub closed_on: Option<Date>,
}

fn row(row: &Row<'_>) -> Result<UnitRow, StorageError> {
    let kind = row.text(3)?;
    Ok(UnitRow {
        brief: UnitBrief {
            id: row.id(0)?,
            code: row.text(1)?,
            name: row.text(2)?,
            kind: UnitKind::named(&kind)
                .ok_or_else(|| StorageError::Other(format!("unit kind {kind} is unknown")))?,
            path: row.text(4)?,
        },
        pupils: row.opt_int(5)?,
        boarders: row.opt_int(6)?,
        staff: row.opt_int(7)?,
        closed_on: row.opt_text(8)?.and_then(|day| day.parse().ok()),
    })
}

/// The condition of scope and filter; `scope` is a condition on `u.id` whose parameters are numbered from 1.
fn conditions<'p>(
    tx: &Tx,
    scope: &'p (String, Vec<Param<'static>>),
    filter: &'p UnitFilter,
    words: &'p mut String,
) -> (String, Vec<Param<'p>>) {
    let mut params: Vec<Param<'p>> = scope.1.clone();
    let mut parts = vec![scope.0.clone()];
    parts.push(format!("u.closed_on IS {} NULL", if filter.closed { "NOT" } else { "" }));
    if let Some(kind) = filter.kind {
        params.push(Param::from(kind.name()));
        parts.push(format!("u.kind = ?{}", params.len()));
    }
    if let Some(township) = filter.township {
        params.push(Param::from(township));
        params.push(Param::from(Line::Territory.name()));
        parts.push(format!(
            "u.id IN (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?{} AND line = ?{})",
            params.len() - 1,
            params.len()
        ));
    }
    let next = params.len() + 1;
    if let Some((matching, found)) =
        search::condition(tx.dialect(), "unit_search", "u.number", next, &filter.query)
    {
        *words = found;
        params.push(Param::Text(words));
        parts.push(matching);
    }
    (parts.join(" AND "), params)
}

/// Up to `limit` units, by code, after the filter's cursor. `scope` is a condition on `u.id` with its parameters
/// numbered from 1, as the viewer's scope gives it.
///
/// # Errors
/// Whatever the database answers.
pub fn units_listed(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &UnitFilter,
    limit: usize,
) -> Result<Vec<UnitRow>, StorageError> {
    let mut words = String::new();
    let (mut text, mut params) = conditions(tx, scope, filter, &mut words);
    if !filter.after.is_empty() {
        params.push(Param::Text(&filter.after));
        text.push_str(&format!(" AND u.code > ?{}", params.len()));
    }
    params.push(Param::from(limit));
    let sql = format!(
        "SELECT u.id, u.code, u.name, u.kind, u.path, u.pupils, u.boarders, u.staff, u.closed_on FROM unit u
         WHERE {text} ORDER BY u.code LIMIT ?{}",
        params.len()
    );
    tx.query(&sql, &params, row)
}

/// How many there are in all, whatever the cursor.
///
/// # Errors
/// Whatever the database answers.
pub fn units_counted(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &UnitFilter,
) -> Result<i64, StorageError> {
    let mut words = String::new();
    let (text, params) = conditions(tx, scope, filter, &mut words);
    tx.count(&format!("SELECT count(*) FROM unit u WHERE {text}"), &params)
}
