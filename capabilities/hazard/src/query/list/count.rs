//! How many there are: from the rollups when they can tell, else counted up to a limit.

use kernel::{Timestamp, limits};
use storage::{StorageError, Tx};

use super::{
    super::{
        filter::{HazardFilter, Reach, StageFilter},
        sql::{Arg, Conditions},
    },
    Count,
    asked::Asked,
    narrow::{equal, filtered, reachable},
    select::source,
};
use crate::level::StageCode;

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
    let asked = Asked::of(tx, reach, filter, now)?;
    if let Some(found) = tallied(tx, &asked)? {
        return Ok(found);
    }
    let mut conditions = Conditions::default();
    let from = source(tx, &mut conditions, &asked);
    filtered(&mut conditions, &asked, now);
    reachable(&mut conditions, &asked.reach);
    let most = conditions.arg(Arg::Int(most));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM {from} WHERE {} LIMIT {most}) AS counted",
        conditions.text()
    );
    tx.count(&sql, &conditions.params())
}

/// How many stand at each stage; the filter's own stage narrows nothing here.
///
/// # Errors
/// Whatever the database answers.
pub fn by_stage(
    tx: &mut Tx,
    reach: &Reach,
    filter: &HazardFilter,
    now: Timestamp,
) -> Result<Vec<(StageCode, i64)>, StorageError> {
    let filter = HazardFilter { stage: StageFilter::All, ..filter.clone() };
    let asked = Asked::of(tx, reach, &filter, now)?;
    let mut conditions = Conditions::default();
    let sql = if let Some(table) = rollup(&asked) {
        reachable(&mut conditions, &asked.reach);
        equal(&mut conditions, "level", filter.level.map(|level| level.name().to_owned()));
        equal(&mut conditions, "category", filter.category.clone());
        format!(
            "SELECT h.stage, CAST(sum(h.amount) AS BIGINT) FROM {table} h WHERE {} GROUP BY h.stage ORDER BY h.stage",
            conditions.text()
        )
    } else {
        let from = source(tx, &mut conditions, &asked);
        filtered(&mut conditions, &asked, now);
        reachable(&mut conditions, &asked.reach);
        let narrow = conditions.text();
        format!("SELECT h.stage, count(*) FROM {from} WHERE {narrow} GROUP BY h.stage ORDER BY h.stage")
    };
    let found = tx.query(&sql, &conditions.params(), |row| Ok((row.text(0)?, row.int(1)?)))?;
    Ok(found.into_iter().filter_map(|(stage, n)| Some((StageCode::named(&stage)?, n))).collect())
}

const fn shown(found: i64) -> Count {
    if found > limits::COUNT_EXACT { Count::Many } else { Count::Exactly(found) }
}

/// The rollup that can tell, if one can.
fn rollup(asked: &Asked<'_>) -> Option<&'static str> {
    let filter = asked.filter;
    let everywhere = filter.unit.is_none() && filter.town.is_none();
    if !filter.is_plain()
        || filter.stage == StageFilter::Overdue
        || asked.is_search()
        || !(everywhere || asked.units_settled())
    {
        return None;
    }
    match asked.reach {
        Reach::Everything => Some("hazard_total"),
        Reach::Units(_) => Some("hazard_now"),
        Reach::Below(_) | Reach::Own(..) => None,
    }
}

/// The count from the rollups, when they can tell: stage, level and category of everything or of listed units.
fn tallied(tx: &mut Tx, asked: &Asked<'_>) -> Result<Option<i64>, StorageError> {
    let Some(table) = rollup(asked) else { return Ok(None) };
    let filter = asked.filter;
    let mut conditions = Conditions::default();
    reachable(&mut conditions, &asked.reach);
    let stages: Vec<&str> = StageCode::ALL
        .iter()
        .filter(|stage| match filter.stage {
            StageFilter::All | StageFilter::Overdue => true,
            StageFilter::Kept => stage.phase() != "withdrawn",
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
