//! What a decision about a place must know besides its state.

use kernel::{StreamId, UnitId};
use organisation::Seat;
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{WHOLE, command::PlaceCommand, state::PlaceState};

/// What a decision about a place must know besides its state.
#[derive(Clone)]
pub struct PlaceFacts {
    pub(crate) rules: RuleBook,
    /// The unit, as it stands in the tree.
    pub(crate) seat: Option<Seat>,
    /// The code asked for was given before, to whatever place.
    pub(crate) code_taken: bool,
    /// Another place of the unit that is in use has the name and the spot.
    pub(crate) name_taken: bool,
    /// The unit has a place for all of it.
    pub(crate) has_whole: bool,
    /// Places of the unit that are in use.
    pub(crate) open: usize,
}

impl PlaceFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self { rules, seat: None, code_taken: false, name_taken: false, has_whole: false, open: 0 }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    (state, stream): (Option<&PlaceState>, StreamId),
    command: &PlaceCommand,
) -> Result<PlaceFacts, StorageError> {
    use PlaceCommand as C;
    let mut facts = PlaceFacts::new(rules);
    let named = match (command, state) {
        (C::Add { unit, code, draft }, _) => {
            facts.code_taken = code_taken(tx, code)?;
            Some((*unit, draft.name.as_str(), draft.spot.as_str()))
        }
        (C::Change(draft), Some(state)) => Some((state.unit, draft.name.as_str(), draft.spot.as_str())),
        (C::Reopen(_), Some(state)) => Some((state.unit, state.name(), state.spot())),
        (C::ReplaceCode { code, .. }, _) => {
            facts.code_taken = code_taken(tx, code)?;
            None
        }
        (C::Change(_) | C::Reopen(_), None) | (C::Close(_) | C::StopCode { .. }, _) => None,
    };
    if let Some((unit, name, spot)) = named {
        facts.seat = organisation::seat(tx, unit)?;
        facts.name_taken = name_taken(tx, unit, (name.trim(), spot.trim()), stream)?;
        facts.has_whole = has_whole(tx, unit, stream)?;
        facts.open = open(tx, unit)?;
    }
    Ok(facts)
}

fn code_taken(tx: &mut Tx, code: &str) -> Result<bool, StorageError> {
    Ok(tx.count("SELECT count(*) FROM place_code WHERE code = ?1", params![code])? > 0)
}

fn name_taken(
    tx: &mut Tx,
    unit: UnitId,
    (name, spot): (&str, &str),
    but: StreamId,
) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM place
         WHERE unit_id = ?1 AND name = ?2 AND spot = ?3 AND id <> ?4 AND closed = FALSE";
    Ok(tx.count(sql, params![unit, name, spot, but])? > 0)
}

fn has_whole(tx: &mut Tx, unit: UnitId, but: StreamId) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM place WHERE unit_id = ?1 AND kind = ?2 AND id <> ?3 AND closed = FALSE";
    Ok(tx.count(sql, params![unit, WHOLE, but])? > 0)
}

fn open(tx: &mut Tx, unit: UnitId) -> Result<usize, StorageError> {
    let count =
        tx.count("SELECT count(*) FROM place WHERE unit_id = ?1 AND closed = FALSE", params![unit])?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}
