//! 重复隐患: which hazard repeats which. Of the hazards of one unit, place and category each repeats the one found before
//! it, if the window of the rules reaches back to that one; what was withdrawn neither repeats nor is repeated.
//!
//! An event tells what it looked like when it was written. What was found before may be corrected or withdrawn, or be
//! written down later: then the rows of those that come after are judged anew, from the window their own event names.

use journal::Saving;
use kernel::{StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx, params};

use crate::{
    Hazard,
    event::{HazardEvent, NamedHazard},
    state::{HazardState, Stage},
};

/// What two spellings of a place have in common: no blanks and marks, no full width, no capitals.
pub(crate) fn place_key(place: &str) -> String {
    kernel::text::name_key(place).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A place and a category at a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    unit: UnitId,
    category: String,
    /// Empty where no place was named: then nothing is repeated.
    place: String,
}

impl Spot {
    pub(crate) fn new(unit: UnitId, category: &str, place: &str) -> Self {
        Self { unit, category: category.to_owned(), place: place_key(place) }
    }

    /// Where a hazard is, unless it was withdrawn.
    fn of(state: &HazardState) -> Option<Self> {
        if matches!(state.stage, Stage::Withdrawn { .. }) {
            return None;
        }
        let spot = Self::new(state.unit, &state.category, state.place.as_deref().unwrap_or_default());
        (!spot.place.is_empty()).then_some(spot)
    }
}

/// When a hazard was found: those of one day follow each other as they were registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Days since 1970-01-01.
    pub day: i64,
    pub registered_at: Timestamp,
    pub id: StreamId,
}

impl Found {
    fn of(id: StreamId, state: &HazardState) -> Self {
        Self { day: state.found_at.day_number(), registered_at: state.registered_at, id }
    }
}

/// A hazard that another one may repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// What an event says of it.
    pub named: NamedHazard,
    /// The day it was found: days since 1970-01-01.
    pub day: i64,
}

impl Earlier {
    /// Whether a window that opens then reaches back to it.
    pub(crate) fn within(self, since: Option<Timestamp>) -> bool {
        since.is_some_and(|since| since.day_number() <= self.day)
    }
}

/// The rows of one place and category that stand.
const STANDING: &str = "FROM hazard WHERE unit_id = ?1 AND category = ?2 AND place_key = ?3 AND place_key <> '' AND stage <> 'withdrawn'";

/// The last hazard at the spot that was found before.
pub(crate) fn before(tx: &mut Tx, spot: &Spot, found: Found) -> Result<Option<Earlier>, StorageError> {
    if spot.place.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT id, year, serial, found_day {STANDING} AND (found_day, registered_at, id) < (?4, ?5, ?6)
         ORDER BY found_day DESC, registered_at DESC, id DESC LIMIT 1"
    );
    tx.first(&sql, &at(spot, found), |row| Ok(Earlier { named: NamedHazard::read(row)?, day: row.int(3)? }))
}

/// The first hazard at the spot that was found afterwards, with the first day that its window reaches back to.
fn following(
    tx: &mut Tx,
    spot: &Spot,
    found: Found,
) -> Result<Option<(Found, Option<Timestamp>)>, StorageError> {
    let sql = format!(
        "SELECT id, found_day, registered_at, repeats_since {STANDING}
             AND (found_day, registered_at, id) > (?4, ?5, ?6)
         ORDER BY found_day, registered_at, id LIMIT 1"
    );
    let read = |row: &Row<'_>| {
        let found = Found { id: row.id(0)?, day: row.int(1)?, registered_at: row.time(2)? };
        Ok((found, row.opt_time(3)?))
    };
    tx.first(&sql, &at(spot, found), read)
}

fn at(spot: &Spot, found: Found) -> [Param<'_>; 6] {
    [
        Param::from(spot.unit),
        Param::from(spot.category.as_str()),
        Param::from(spot.place.as_str()),
        Param::from(found.day),
        Param::from(found.registered_at),
        Param::from(found.id),
    ]
}

/// The hazard that a new one repeats, as its event says: nothing has happened since.
pub(crate) fn as_written(saving: &Saving<'_, Hazard>) -> Option<StreamId> {
    saving.events.iter().find_map(|(_, event)| match event {
        HazardEvent::Registered(parts) => parts.core.repeats.map(|earlier| earlier.hazard),
        _ => None,
    })
}

/// A hazard was written down on a later day than it was found: there may be one that comes after it.
pub(crate) fn found_earlier(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    let new = saving.new;
    if new.found_at.day_number() >= new.registered_at.day_number() {
        return Ok(());
    }
    match Spot::of(new) {
        Some(spot) => judge_following(tx, &spot, Found::of(saving.id, new)),
        None => Ok(()),
    }
}

/// A hazard is somewhere else now, or of another category, or was withdrawn: it is judged anew, and those that come
/// after it, where it was and where it is.
pub(crate) fn judge_anew(
    tx: &mut Tx,
    saving: &Saving<'_, Hazard>,
    old: &HazardState,
) -> Result<(), StorageError> {
    let (was, is) = (Spot::of(old), Spot::of(saving.new));
    if was == is {
        return Ok(());
    }
    let found = Found::of(saving.id, saving.new);
    match &is {
        Some(spot) => {
            judge(tx, spot, found, saving.new.repeats_since)?;
            judge_following(tx, spot, found)?;
        }
        None => repeats(tx, saving.id, None)?,
    }
    match &was {
        Some(spot) => judge_following(tx, spot, found),
        None => Ok(()),
    }
}

fn judge_following(tx: &mut Tx, spot: &Spot, found: Found) -> Result<(), StorageError> {
    match following(tx, spot, found)? {
        Some((next, since)) => judge(tx, spot, next, since),
        None => Ok(()),
    }
}

fn judge(tx: &mut Tx, spot: &Spot, found: Found, since: Option<Timestamp>) -> Result<(), StorageError> {
    let earlier = before(tx, spot, found)?.filter(|earlier| earlier.within(since));
    repeats(tx, found.id, earlier.map(|earlier| earlier.named.hazard))
}

fn repeats(tx: &mut Tx, id: StreamId, earlier: Option<StreamId>) -> Result<(), StorageError> {
    tx.write("UPDATE hazard SET repeats_of = ?2 WHERE id = ?1", params![id, earlier])
}
