//! Lists of hazards: pages by cursor, counts up to a limit, and every row for an export.

mod asked;
mod count;
mod narrow;
mod order;
mod select;

use kernel::{StreamId, Timestamp, UnitId, limits};
use storage::{Row, StorageError, Tx};

pub use self::count::{by_stage, count, counted};
pub(super) use self::narrow::{HOLDER, reachable};
use self::{asked::Asked, order::Order, select::some};
use super::{
    filter::{Cursor, HazardFilter, Reach},
    one::written_out,
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
    /// 重复隐患
    pub repeated: bool,
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

const COLUMNS: &str =
    "h.id, h.year, h.serial, h.unit_id, h.category, h.level, h.stage, h.source, h.registered_at, \
    h.due_at, h.closed_at, h.title, h.place, h.turn_unit, h.turn_act, h.escalation, h.sort_at, h.row_number,
    h.repeats_of IS NOT NULL";

fn hazard_row(row: &Row<'_>) -> Result<HazardRow, StorageError> {
    let stage = row.text(6)?;
    let turn = match (row.opt_id(13)?, row.opt_text(14)?) {
        (Some(unit), Some(act)) => Act::named(&act).map(|act| (act, unit)),
        _ => None,
    };
    Ok(HazardRow {
        id: row.id(0)?,
        number: Number::read(row, 1)?,
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
        repeated: row.bool(18)?,
        unit_name: row.opt_text(19)?.unwrap_or_default(),
    })
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
    let asked = Asked::of(tx, reach, filter, now)?;
    let mut rows = some(tx, &asked, now, most.saturating_add(1))?;
    let order = Order::of(&asked);
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
    mut each: impl FnMut(&mut Tx, HazardRow) -> Result<(), E>,
) -> Result<u64, E> {
    let mut filter = HazardFilter { after: None, ..filter.clone() };
    let mut count = 0;
    loop {
        let mut found = part(tx, reach, &filter, now, limits::EXPORT_PAGE_ROWS)?;
        written_out(tx, &mut found.rows)?;
        for row in found.rows {
            count += 1;
            each(tx, row)?;
        }
        filter.after = found.next;
        if filter.after.is_none() {
            return Ok(count);
        }
    }
}
