//! Lists of hazards: pages by cursor, counts up to a limit, and every row for an export.

use access::Root;
use kernel::{StreamId, Timestamp, UnitId, limits};
use organisation::Line;
use storage::{Dialect, Row, StorageError, Tx, search};

use super::{
    filter::{Cursor, HazardFilter, Reach, Sort, StageFilter},
    one::written_out,
    sql::{Arg, Conditions},
};
use crate::{
    level::{Escalation, Level, Number, StageCode},
    turn::Act,
};

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HazardRow {
    /// The hazard.
    pub id: StreamId,
    /// Ledger number.
    pub number: Number,
    /// Where it is.
    pub unit: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// `H01` ...
    pub category: String,
    /// `None` until graded.
    pub level: Option<Level>,
    /// Where it stands.
    pub stage: StageCode,
    /// How it was found.
    pub source: String,
    /// When.
    pub registered_at: Timestamp,
    /// The deadline that counts.
    pub due_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The beginning of the description.
    pub title: String,
    /// Where, in words.
    pub place: String,
    /// Whose turn: the act, and the unit's name.
    pub turn: Option<(Act, UnitId)>,
    /// How far it has climbed.
    pub escalation: Option<Escalation>,
    sort_at: i64,
    row_number: i64,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HazardPage {
    /// At most [`limits::PAGE_ROWS`].
    pub rows: Vec<HazardRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(i64),
    /// More than [`limits::COUNT_EXACT`].
    Many,
}

const COLUMNS: &str = "h.id, h.year, h.serial, h.unit_id, h.category, h.level, h.stage, h.source, h.registered_at, \
    h.due_at, h.closed_at, h.title, h.place, h.turn_unit, h.turn_act, h.escalation, h.sort_at, h.row_number";

fn hazard_row(row: &Row<'_>) -> Result<HazardRow, StorageError> {
    let stage = row.text(6)?;
    let turn = match (row.opt_id(13)?, row.opt_text(14)?) {
        (Some(unit), Some(act)) => Act::named(&act).map(|act| (act, unit)),
        _ => None,
    };
    Ok(HazardRow {
        id: row.id(0)?,
        number: Number {
            year: i16::try_from(row.int(1)?).unwrap_or(0),
            serial: u32::try_from(row.int(2)?).unwrap_or(0),
        },
        unit: row.id(3)?,
        category: row.text(4)?,
        level: Level::named(&row.text(5)?),
        stage: StageCode::named(&stage)
            .ok_or_else(|| StorageError::Other(format!("hazard stage {stage} is unknown")))?,
        source: row.text(7)?,
        registered_at: row.time(8)?,
        due_at: row.opt_time(9)?,
        closed_at: row.opt_time(10)?,
        title: row.text(11)?,
        place: row.text(12)?,
        turn,
        escalation: Escalation::named(&row.text(15)?),
        sort_at: row.int(16)?,
        row_number: row.int(17)?,
        unit_name: row.opt_text(18)?.unwrap_or_default(),
    })
}

/// The order a list has, as it is written into the query and the cursor.
#[derive(Clone, Copy)]
enum Order {
    Newest,
    Due,
    Row,
}

impl Order {
    fn of(filter: &HazardFilter, searching: bool) -> Self {
        match (searching, filter.sort) {
            (true, _) => Self::Row,
            (false, Sort::Newest) => Self::Newest,
            // Deadlines order what is open; of the rest the newest come first.
            (false, Sort::Due) => match filter.stage {
                StageFilter::Open | StageFilter::Overdue => Self::Due,
                StageFilter::Closed | StageFilter::All | StageFilter::One(_) => Self::Newest,
            },
        }
    }

    const fn clause(self) -> &'static str {
        match self {
            Self::Newest => "h.registered_at DESC, h.id DESC",
            Self::Due => "h.sort_at, h.id",
            Self::Row => "hazard_search.rowid DESC",
        }
    }

    /// The same over the columns of a combined query.
    const fn outer(self) -> &'static str {
        match self {
            Self::Newest => "c.registered_at DESC, c.id DESC",
            Self::Due => "c.sort_at, c.id",
            Self::Row => "c.row_number DESC",
        }
    }

    const fn key(self, row: &HazardRow) -> i64 {
        match self {
            Self::Newest => row.registered_at.0,
            Self::Due => row.sort_at,
            Self::Row => row.row_number,
        }
    }

    fn after(self, conditions: &mut Conditions, cursor: Cursor) {
        let key = conditions.arg(Arg::Int(cursor.key));
        match self {
            Self::Row => conditions.and(format!("hazard_search.rowid < {key}")),
            Self::Newest => {
                let id = conditions.arg(Arg::Id(cursor.id.0));
                conditions.and(format!("(h.registered_at, h.id) < ({key}, {id})"));
            }
            Self::Due => {
                let id = conditions.arg(Arg::Id(cursor.id.0));
                conditions.and(format!("(h.sort_at, h.id) > ({key}, {id})"));
            }
        }
    }
}

/// A page of the hazards that `reach` may see and `filter` asks for.
///
/// # Errors
/// Whatever the database answers.
pub fn page(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
) -> Result<HazardPage, StorageError> {
    part(tx, reach, filter, now, limits::PAGE_ROWS)
}

/// The same with as many rows as the asker wants: for exports, which read on where they were.
///
/// # Errors
/// Whatever the database answers.
pub fn part(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
    most: usize,
) -> Result<HazardPage, StorageError> {
    let mut rows = some(tx, reach, filter, now, most.saturating_add(1))?;
    let order = Order::of(filter, is_search(tx, filter));
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: order.key(last), id: last.id });
    Ok(HazardPage { rows, next })
}

/// Hands every row to `each`, page by page, for an export; returns how many there were.
///
/// # Errors
/// Whatever the database or `each` answers.
pub fn every<E: From<StorageError>>(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
    mut each: impl FnMut(HazardRow) -> Result<(), E>,
) -> Result<u64, E> {
    let mut filter = HazardFilter { after: None, ..filter.clone() };
    let mut count = 0;
    loop {
        let mut found = part(tx, reach, &filter, now, limits::EXPORT_PAGE_ROWS)?;
        written_out(tx, &mut found.rows)?;
        for row in found.rows {
            count += 1;
            each(row)?;
        }
        filter.after = found.next;
        if filter.after.is_none() {
            return Ok(count);
        }
    }
}

/// How many there are, exact up to [`limits::COUNT_EXACT`].
///
/// # Errors
/// Whatever the database answers.
pub fn count(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
) -> Result<Count, StorageError> {
    Ok(shown(counted(tx, reach, filter, now, limits::COUNT_EXACT + 1)?))
}

/// How many there are; the asker needs to know no further than `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn counted(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
    most: i64,
) -> Result<i64, StorageError> {
    if let Some(found) = tallied(tx, reach, filter)? {
        return Ok(found);
    }
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, filter, reach);
    filtered(&mut conditions, filter, now);
    reachable(&mut conditions, reach);
    let most = conditions.arg(Arg::Int(most));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM {from} WHERE {} LIMIT {most}) AS counted",
        conditions.text()
    );
    tx.count(&sql, &conditions.params())
}

const fn shown(found: i64) -> Count {
    if found > limits::COUNT_EXACT { Count::Many } else { Count::Exactly(found) }
}

/// The count from the rollups, when they can tell: stage, level and category of everything or of listed units.
fn tallied(tx: &mut Tx, reach: &Reach, filter: &HazardFilter) -> Result<Option<i64>, StorageError> {
    let plain =
        filter.source.is_none() && filter.from.is_none() && filter.to.is_none() && filter.unit.is_none();
    if !plain || filter.stage == StageFilter::Overdue || is_search(tx, filter) {
        return Ok(None);
    }
    let mut conditions = Conditions::default();
    let table = match reach {
        Reach::Everything => "hazard_total",
        Reach::Units(_) => {
            reachable(&mut conditions, reach);
            "hazard_now"
        }
        Reach::Below(_) | Reach::Own(_) => return Ok(None),
    };
    let stages: Vec<&str> = StageCode::ALL
        .iter()
        .filter(|stage| match filter.stage {
            StageFilter::All | StageFilter::Overdue => true,
            StageFilter::Open => stage.is_open(),
            StageFilter::Closed => stage.phase() == "ended",
            StageFilter::One(one) => **stage == one,
        })
        .map(|stage| stage.name())
        .collect();
    conditions.and(format!("h.stage IN ('{}')", stages.join("', '")));
    equal(&mut conditions, "level", filter.level.map(|level| level.name().to_owned()));
    equal(&mut conditions, "category", filter.category.clone());
    let sql = format!("SELECT CAST(sum(h.amount) AS BIGINT) FROM {table} h WHERE {}", conditions.text());
    Ok(Some(tx.count(&sql, &conditions.params())?))
}

/// A column that must have a value, when one is asked for.
fn equal(conditions: &mut Conditions, column: &str, value: Option<String>) {
    if let Some(value) = value {
        let value = conditions.arg(Arg::Text(value));
        conditions.and(format!("h.{column} = {value}"));
    }
}

fn is_search(tx: &Tx, filter: &HazardFilter) -> bool {
    search::matching(tx.dialect(), "hazard_search", 1, &filter.query, &[]).is_some()
}

/// The tables to read from; a search adds its own and its condition, narrowed to the viewer's units when they are few:
/// a school's search must not walk the county's matches. SQLite keeps no statistics here, so it is told
/// which index fits the question; PostgreSQL finds out itself.
fn source(tx: &Tx, conditions: &mut Conditions, filter: &HazardFilter, reach: &Reach) -> String {
    let units = match reach {
        Reach::Units(units) => units.as_slice(),
        Reach::Everything | Reach::Below(_) | Reach::Own(_) => &[],
    };
    let tags: Vec<search::Tag> = units.iter().map(|unit| search::Tag::of(unit.0)).collect();
    if let Some((matching, words)) =
        search::matching(tx.dialect(), "hazard_search", conditions.next(), &filter.query, &tags)
    {
        conditions.arg(Arg::Text(words));
        conditions.and(matching);
        return "hazard_search JOIN hazard h ON h.row_number = hazard_search.rowid".to_owned();
    }
    match tx.dialect() {
        Dialect::Postgres => "hazard h".to_owned(),
        Dialect::Sqlite => format!("hazard h INDEXED BY {}", index(filter, matches!(reach, Reach::Units(_)))),
    }
}

/// The index that narrows the question most while keeping its order.
fn index(filter: &HazardFilter, by_unit: bool) -> &'static str {
    let due = matches!(Order::of(filter, false), Order::Due);
    match (by_unit, due, filter.stage) {
        // A unit's open hazards are few: those are put in order of their deadlines when somebody asks. An index on
        // them would be written with every act.
        (true, _, StageFilter::Open | StageFilter::Overdue | StageFilter::Closed) => "hazard_unit_phase",
        (true, _, StageFilter::All | StageFilter::One(_)) => "hazard_unit_time",
        (false, true, _) => "hazard_due",
        (false, false, _) if filter.category.is_some() => "hazard_category",
        (false, false, _) if filter.level.is_some_and(|level| level != Level::General) => "hazard_level",
        (false, false, StageFilter::One(_)) => "hazard_stage",
        (false, false, StageFilter::Open | StageFilter::Overdue | StageFilter::Closed) => "hazard_phase",
        (false, false, StageFilter::All) => "hazard_time",
    }
}

fn some(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
    most: usize,
) -> Result<Vec<HazardRow>, StorageError> {
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, filter, reach);
    let order = Order::of(filter, is_search(tx, filter));
    filtered(&mut conditions, filter, now);
    if let Some(cursor) = filter.after {
        order.after(&mut conditions, cursor);
    }
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let inner = match (reach, order) {
        // A few units: the newest of each, merged; every part walks its own index.
        (Reach::Units(units), Order::Newest | Order::Due) if units.len() > 1 => {
            let most = conditions.arg(Arg::Int(limit));
            let shared = conditions.text();
            let parts: Vec<String> = units
                .iter()
                .map(|unit| {
                    let unit = conditions.arg(Arg::Id(unit.0));
                    format!(
                        "SELECT * FROM (SELECT {COLUMNS} FROM {from} WHERE h.unit_id = {unit} AND {shared}
                         ORDER BY {} LIMIT {most}) AS one",
                        order.clause()
                    )
                })
                .collect();
            parts.join(" UNION ALL ")
        }
        _ => {
            reachable(&mut conditions, reach);
            let most = conditions.arg(Arg::Int(limit));
            format!(
                "SELECT {COLUMNS} FROM {from} WHERE {} ORDER BY {} LIMIT {most}",
                conditions.text(),
                order.clause()
            )
        }
    };
    let most = conditions.arg(Arg::Int(limit));
    let sql = format!(
        "SELECT c.*, u.name FROM ({inner}) AS c LEFT JOIN unit u ON u.id = c.unit_id ORDER BY {} LIMIT {most}",
        order.outer()
    );
    tx.query(&sql, &conditions.params(), hazard_row)
}

fn filtered(conditions: &mut Conditions, filter: &HazardFilter, now: Timestamp) {
    match filter.stage {
        StageFilter::All => {}
        StageFilter::Open => conditions.and("h.phase = 'open'".to_owned()),
        StageFilter::Overdue => {
            let now = conditions.arg(now);
            conditions.and(format!("h.phase = 'open' AND h.sort_at < {now}"));
        }
        StageFilter::Closed => conditions.and("h.phase = 'ended'".to_owned()),
        StageFilter::One(stage) => {
            let stage = conditions.arg(Arg::Text(stage.name().to_owned()));
            conditions.and(format!("h.stage = {stage}"));
        }
    }
    equal(conditions, "level", filter.level.map(|level| level.name().to_owned()));
    equal(conditions, "category", filter.category.clone());
    equal(conditions, "source", filter.source.clone());
    if let Some(from) = filter.from {
        let from = conditions.arg(Timestamp::at_start_of(from));
        conditions.and(format!("h.registered_at >= {from}"));
    }
    if let Some(to) = filter.to {
        let to = conditions.arg(Timestamp::at_end_of(to));
        conditions.and(format!("h.registered_at <= {to}"));
    }
    if let Some(unit) = filter.unit {
        below(conditions, unit, Line::Management);
    }
}

fn below(conditions: &mut Conditions, unit: UnitId, line: Line) {
    let scope = scope_of(conditions, unit, line);
    conditions.and(scope);
}

fn scope_of(conditions: &mut Conditions, unit: UnitId, line: Line) -> String {
    let unit = conditions.arg(Arg::Id(unit.0));
    let line = conditions.arg(Arg::Text(line.name().to_owned()));
    format!(
        "h.unit_id IN (SELECT s.unit_id FROM unit_scope s WHERE s.ancestor_id = {unit} AND s.line = {line})"
    )
}

/// What a root reaches: the units below it now, and what was registered while the school lay below it.
fn reached(conditions: &mut Conditions, root: Root) -> Vec<String> {
    let Some(line) = root.line else {
        let unit = conditions.arg(Arg::Id(root.unit.0));
        return vec![format!("h.unit_id = {unit}")];
    };
    let now = scope_of(conditions, root.unit, line);
    let column = match line {
        Line::Management => "h.central_id",
        Line::Territory => "h.township_id",
        // A police station or an inspector answers for schools while they are assigned to it, not afterwards.
        Line::Assignment => return vec![now],
    };
    let then = conditions.arg(Arg::Id(root.unit.0));
    vec![now, format!("{column} = {then}")]
}

/// The viewer's own limits.
fn reachable(conditions: &mut Conditions, reach: &Reach) {
    match reach {
        Reach::Everything => {}
        Reach::Units(units) => {
            let marks: Vec<String> = units.iter().map(|unit| conditions.arg(Arg::Id(unit.0))).collect();
            let listed = if marks.is_empty() { "NULL".to_owned() } else { marks.join(", ") };
            conditions.and(format!("h.unit_id IN ({listed})"));
        }
        Reach::Below(roots) => {
            let parts: Vec<String> = roots.iter().flat_map(|root| reached(conditions, *root)).collect();
            let any = if parts.is_empty() { "FALSE".to_owned() } else { parts.join(" OR ") };
            conditions.and(format!("({any})"));
        }
        Reach::Own(actor) => {
            let actor = conditions.arg(Arg::Id(actor.0));
            conditions.and(format!("h.registered_by = {actor}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_reach_sees_nothing() {
        let mut conditions = Conditions::default();
        reachable(&mut conditions, &Reach::Units(Vec::new()));
        assert_eq!(conditions.text(), "h.unit_id IN (NULL)");
        let mut conditions = Conditions::default();
        reachable(&mut conditions, &Reach::Below(Vec::new()));
        assert_eq!(conditions.text(), "(FALSE)");
    }
}
