//! What is looked up before a command on a unit is decided.

use std::sync::Arc;

use journal::Context;
use kernel::{Refusal, UnitId};
use storage::{StorageError, Tx, params};

use super::{Remains, UnitCommand, UnitKind, UnitState};
use crate::{Line, Post, covers};

/// What the decision must know.
#[derive(Clone, Debug, Default)]
pub struct UnitFacts {
    pub(super) code_taken: bool,
    /// Of the unit above, for every place asked for, or had by a unit that is to be opened again.
    pub(super) parents: Vec<ParentFact>,
    /// Open units below it, and people who belong to it.
    pub(super) left_behind: (i64, i64),
    /// What a room above this one says against closing it.
    pub(super) remains: Option<Refusal>,
    /// The lines on which open units hang right below it.
    pub(super) holds: Vec<Line>,
    /// Posts that people hold there.
    pub(super) posts: Vec<Post>,
}

/// Of a unit above.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParentFact {
    /// What it is; `None` when there is none that is open.
    pub(super) kind: Option<UnitKind>,
    /// It lies below the unit itself.
    pub(super) below: bool,
}

/// Open units below a unit on any line, and people who belong to it: what closing it would leave behind.
///
/// # Errors
/// Whatever the database answers.
pub fn left_behind(tx: &mut Tx, unit: UnitId) -> Result<(i64, i64), StorageError> {
    let below = "SELECT count(DISTINCT u.id) FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.depth > 0 AND u.closed_on IS NULL";
    let people = "SELECT count(*) FROM person WHERE unit_id = ?1 AND active = TRUE";
    Ok((tx.count(below, params![unit])?, tx.count(people, params![unit])?))
}

pub(super) fn facts(
    tx: &mut Tx,
    state: Option<&UnitState>,
    command: &UnitCommand,
    context: &Context<'_>,
    remains: &[Arc<dyn Remains>],
) -> Result<UnitFacts, StorageError> {
    let mut facts = UnitFacts::default();
    let unit = context.stream.into();
    let mut above: Vec<(Line, UnitId)> = Vec::new();
    match command {
        UnitCommand::Create(new) => {
            facts.code_taken = code_taken(tx, &new.code, unit)?;
            above.extend(new.placements.iter().map(|placement| (placement.line, placement.parent)));
        }
        UnitCommand::Place(placement) => above.push((placement.line, placement.parent)),
        UnitCommand::Assign(assigned) => above.push((Line::Assignment, assigned.to)),
        UnitCommand::Recode(correction) => facts.code_taken = code_taken(tx, &correction.code, unit)?,
        UnitCommand::Rekind(_) => {
            facts.holds = holds(tx, unit)?;
            facts.posts = posts(tx, unit)?;
        }
        UnitCommand::Close(_) => {
            facts.left_behind = left_behind(tx, unit)?;
            for room in remains {
                if facts.remains.is_none() {
                    facts.remains = room.at(tx, unit)?;
                }
            }
        }
        UnitCommand::Reopen(_) => above.extend(
            Line::PLACED.iter().filter_map(|line| state.and_then(|s| s.parent(*line)).map(|id| (*line, id))),
        ),
        UnitCommand::Rename(_) | UnitCommand::Describe(_) | UnitCommand::Unassign(_) => {}
    }
    for (line, parent) in above {
        let open = "SELECT kind FROM unit WHERE id = ?1 AND closed_on IS NULL";
        let kind = tx.first(open, params![parent], |row| row.text(0))?;
        let below = state.is_some() && covers(tx, unit, line, parent)?;
        facts.parents.push(ParentFact { kind: kind.as_deref().and_then(UnitKind::named), below });
    }
    Ok(facts)
}

/// Some other unit has the code; a closed one keeps its own.
fn code_taken(tx: &mut Tx, code: &str, unit: UnitId) -> Result<bool, StorageError> {
    let others = "SELECT count(*) FROM unit WHERE code = ?1 AND id <> ?2";
    Ok(tx.count(others, params![code, unit])? > 0)
}

fn holds(tx: &mut Tx, unit: UnitId) -> Result<Vec<Line>, StorageError> {
    let lines = tx.query(
        "SELECT DISTINCT s.line FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.depth = 1 AND u.closed_on IS NULL ORDER BY s.line",
        params![unit],
        |row| row.text(0),
    )?;
    Ok(lines.iter().filter_map(|line| Line::named(line)).collect())
}

fn posts(tx: &mut Tx, unit: UnitId) -> Result<Vec<Post>, StorageError> {
    let held = "SELECT DISTINCT post FROM person_post WHERE unit_id = ?1 ORDER BY post";
    let held = tx.query(held, params![unit], |row| row.text(0))?;
    Ok(held.iter().filter_map(|post| Post::named(post)).collect())
}
