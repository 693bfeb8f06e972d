//! How hazards stood at a moment, counted: now from the records, at the end of a day that has passed from what they were
//! before each change since (`save::before`). A day that has passed knows what was recorded by then, seen by whoever
//! looks today: units hang where they hang now.

use kernel::{Timestamp, UnitId};
use storage::{Dialect, Row, StorageError, Tx};

use super::{
    filter::{Holder, Reach},
    list::{HOLDER, reachable},
    sql::Conditions,
};
use crate::level::{Level, StageCode};

/// When hazards are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// As they stand.
    Now(Timestamp),
    /// As they stood then.
    Then(Timestamp),
}

impl Moment {
    /// The instant: what was due before it is overdue.
    pub const fn at(self) -> Timestamp {
        match self {
            Self::Now(at) | Self::Then(at) => at,
        }
    }
}

/// Open hazards of one unit that have all this in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenThen {
    /// The unit.
    pub unit: UnitId,
    /// Where they stand.
    pub stage: StageCode,
    /// `None` until graded.
    pub level: Option<Level>,
    /// `H01` ...
    pub category: String,
    /// Past the deadline that counts.
    pub overdue: bool,
    /// It was past its deadline already at the earlier instant that was named.
    pub long_overdue: bool,
    /// Whose turn it is; none where a newer program named somebody this one does not know.
    pub holder: Option<Holder>,
    /// How many.
    pub amount: i64,
}

/// Hazards registered in one span, as they stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredThen {
    /// Which of the spans.
    pub span: usize,
    /// `None` until graded.
    pub level: Option<Level>,
    /// Somebody still had to do something.
    pub open: bool,
    /// They were none, or the same as others.
    pub withdrawn: bool,
    /// How many.
    pub amount: i64,
}

/// Hazards closed in one span that were still closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedThen {
    /// Which of the spans.
    pub span: usize,
    /// Within the deadline; none where a ledger says that it was closed.
    pub timely: Option<bool>,
    /// Whole days from registration.
    pub days: Option<i64>,
    /// How many.
    pub amount: i64,
}

/// Where to read from, so that `h` has the columns of a hazard as they were; `phase` alone is wanted where it is named,
/// and `index` is what SQLite, which keeps no statistics here, walks where the viewer's units are many.
fn source(
    tx: &Tx,
    conditions: &mut Conditions,
    (reach, moment): (&Reach, Moment),
    (phase, index): (Option<&'static str>, Option<&'static str>),
) -> String {
    let wanted =
        |table: &str| phase.map(|phase| format!(" AND {table}.phase = '{phase}'")).unwrap_or_default();
    let at = match moment {
        Moment::Now(_) => {
            if let Some(phase) = phase {
                conditions.and(format!("h.phase = '{phase}'"));
            }
            let walk = index.filter(|_| tx.dialect() == Dialect::Sqlite && !matches!(reach, Reach::Units(_)));
            return walk
                .map_or_else(|| "hazard h".to_owned(), |index| format!("hazard h INDEXED BY {index}"));
        }
        Moment::Then(at) => conditions.arg(at),
    };
    let fixed = |table: &str| {
        [
            "id",
            "unit_id",
            "township_id",
            "central_id",
            "county_id",
            "registered_at",
            "registered_by",
            "responsible",
        ]
        .map(|column| format!("{table}.{column}"))
        .join(", ")
    };
    let then = |table: &str| {
        ["stage", "phase", "level", "category", "sort_at", "closed_at", "timely", "days", "turn_unit"]
            .map(|column| format!("{table}.{column}"))
            .join(", ")
    };
    format!(
        "(SELECT {}, {} FROM hazard c WHERE c.registered_at <= {at}{}
             AND c.id NOT IN (SELECT x.hazard_id FROM hazard_before x WHERE x.changed_at > {at})
         UNION ALL
         SELECT {}, {} FROM (SELECT x.*, row_number() OVER (PARTITION BY x.hazard_id ORDER BY x.version) AS nth
                FROM hazard_before x WHERE x.changed_at > {at}) b
             JOIN hazard k ON k.id = b.hazard_id
             WHERE b.nth = 1 AND k.registered_at <= {at}{}) AS h",
        fixed("c"),
        then("c"),
        wanted("c"),
        fixed("k"),
        then("b"),
        wanted("b"),
    )
}

/// Open hazards, counted by everything that is shown of them; `long` is until when the deadline had passed of those that
/// have been late for long.
///
/// # Errors
/// Whatever the database answers.
pub fn open(
    tx: &mut Tx,
    reach: &Reach,
    moment: Moment,
    long: Timestamp,
) -> Result<Vec<OpenThen>, StorageError> {
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, (reach, moment), (Some("open"), None));
    let (at, long) = (conditions.arg(moment.at()), conditions.arg(long));
    reachable(&mut conditions, reach);
    let sql = format!(
        "SELECT h.unit_id, h.stage, h.level, h.category, h.sort_at < {at}, h.sort_at <= {long}, {HOLDER}, count(*)
         FROM {from} WHERE {} GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7",
        conditions.text()
    );
    tx.query(&sql, &conditions.params(), |row| {
        let stage = row.text(1)?;
        Ok(OpenThen {
            unit: row.id(0)?,
            stage: StageCode::named(&stage)
                .ok_or_else(|| StorageError::Other(format!("hazard stage {stage} is unknown")))?,
            level: Level::named(&row.text(2)?),
            category: row.text(3)?,
            overdue: row.bool(4)?,
            long_overdue: row.bool(5)?,
            holder: Holder::named(&row.text(6)?),
            amount: row.int(7)?,
        })
    })
}

/// The span that an instant lies in: each begins at one of `starts`, which ascend, and ends before the next.
fn span(conditions: &mut Conditions, column: &str, starts: &[Timestamp]) -> String {
    let mut cases = String::new();
    for (nth, start) in starts.iter().enumerate().skip(1) {
        let start = conditions.arg(*start);
        cases.push_str(&format!(" WHEN {column} < {start} THEN {}", nth - 1));
    }
    let last = starts.len().saturating_sub(1);
    if cases.is_empty() {
        return format!("CAST({last} AS BIGINT)");
    }
    format!("CAST(CASE{cases} ELSE {last} END AS BIGINT)")
}

fn nth(row: &Row<'_>) -> Result<usize, StorageError> {
    Ok(usize::try_from(row.int(0)?).unwrap_or(0))
}

/// Hazards registered since the first of `starts`, by the span each was registered in and how it stood.
///
/// # Errors
/// Whatever the database answers.
pub fn registered(
    tx: &mut Tx,
    reach: &Reach,
    moment: Moment,
    starts: &[Timestamp],
) -> Result<Vec<RegisteredThen>, StorageError> {
    let Some(first) = starts.first() else { return Ok(Vec::new()) };
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, (reach, moment), (None, Some("hazard_row")));
    let span = span(&mut conditions, "h.registered_at", starts);
    let (first, at) = (conditions.arg(*first), conditions.arg(moment.at()));
    conditions.and(format!("h.registered_at >= {first} AND h.registered_at <= {at}"));
    reachable(&mut conditions, reach);
    let sql = format!(
        "SELECT {span} AS span, h.level, h.phase, count(*) FROM {from} WHERE {} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        conditions.text()
    );
    tx.query(&sql, &conditions.params(), |row| {
        let phase = row.text(2)?;
        Ok(RegisteredThen {
            span: nth(row)?,
            level: Level::named(&row.text(1)?),
            open: phase == "open",
            withdrawn: phase == "withdrawn",
            amount: row.int(3)?,
        })
    })
}

/// Hazards closed since the first of `starts` that are closed at the moment, by the span and by how they were closed.
///
/// # Errors
/// Whatever the database answers.
pub fn closed(
    tx: &mut Tx,
    reach: &Reach,
    moment: Moment,
    starts: &[Timestamp],
) -> Result<Vec<ClosedThen>, StorageError> {
    let Some(first) = starts.first() else { return Ok(Vec::new()) };
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, (reach, moment), (Some("ended"), Some("hazard_closed")));
    let span = span(&mut conditions, "h.closed_at", starts);
    let (first, at) = (conditions.arg(*first), conditions.arg(moment.at()));
    conditions.and(format!("h.closed_at >= {first} AND h.closed_at <= {at}"));
    reachable(&mut conditions, reach);
    let sql = format!(
        "SELECT {span} AS span, h.timely, h.days, count(*) FROM {from} WHERE {} GROUP BY 1, 2, 3",
        conditions.text()
    );
    tx.query(&sql, &conditions.params(), |row| {
        Ok(ClosedThen {
            span: nth(row)?,
            timely: row.opt_bool(1)?,
            days: row.opt_int(2)?,
            amount: row.int(3)?,
        })
    })
}

/// When the first hazard of those was registered: before it nothing can be said.
///
/// # Errors
/// Whatever the database answers.
pub fn first_recorded(tx: &mut Tx, reach: &Reach) -> Result<Option<Timestamp>, StorageError> {
    let mut conditions = Conditions::default();
    reachable(&mut conditions, reach);
    let sql = format!("SELECT min(h.registered_at) FROM hazard h WHERE {}", conditions.text());
    Ok(tx.first(&sql, &conditions.params(), |row| row.opt_time(0))?.flatten())
}
