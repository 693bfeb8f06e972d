//! What is looked up before a command on a unit is decided.

use std::sync::Arc;

use journal::Context;
use kernel::{Refusal, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use super::{Ending, Remains, UnitCommand, UnitKind, UnitState};
use crate::{CodeClasses, Line, Post, covers};

/// What the decision must know.
#[derive(Clone, Debug, Default)]
pub struct UnitFacts {
    /// The name of another unit that has the code.
    pub(super) code_of: Option<String>,
    /// Of the unit above, for every place asked for, or had by a unit that is to be opened again or be of another kind.
    pub(super) parents: Vec<ParentFact>,
    pub(super) left_behind: LeftBehind,
    /// What a room above this one says against closing it, or against the right kind.
    pub(super) remains: Option<Refusal>,
    /// The lines on which open units hang right below it, and what they are.
    pub(super) holds: Vec<(Line, UnitKind)>,
    /// Posts that people hold there.
    pub(super) posts: Vec<Post>,
    /// Which school codes go with which kind.
    pub(super) classes: CodeClasses,
    /// What says nothing as a reason; without them every word is one.
    pub(super) rules: Option<RuleBook>,
}

/// Of a unit above.
#[derive(Clone, Copy, Debug)]
pub(super) struct ParentFact {
    /// What it is; `None` when there is none that is open.
    pub(super) kind: Option<UnitKind>,
    /// It lies below the unit itself.
    pub(super) below: bool,
}

/// What closing a unit would leave behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// Open units below it on any line, those that are assigned to it among them.
    pub below: i64,
    /// Names of the first of them.
    pub named: Vec<String>,
    /// People who belong to it.
    pub people: i64,
}

/// Units below that are named.
const NAMED: i64 = 5;

/// What closing a unit would leave behind.
///
/// # Errors
/// Whatever the database answers.
pub fn left_behind(tx: &mut Tx, unit: UnitId) -> Result<LeftBehind, StorageError> {
    let below = "SELECT count(DISTINCT u.id) FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.depth > 0 AND u.closed_on IS NULL";
    let named = "SELECT DISTINCT u.name, u.code FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.depth > 0 AND u.closed_on IS NULL ORDER BY u.code LIMIT ?2";
    let people = "SELECT count(*) FROM person WHERE unit_id = ?1 AND active = TRUE";
    Ok(LeftBehind {
        below: tx.count(below, params![unit])?,
        named: tx.query(named, params![unit, NAMED], |row| row.text(0))?,
        people: tx.count(people, params![unit])?,
    })
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
            facts.code_of = code_of(tx, &new.code, unit)?;
            above.extend(new.placements.iter().map(|placement| (placement.line, placement.parent)));
        }
        UnitCommand::Place(placement) => above.push((placement.line, placement.parent)),
        UnitCommand::Assign(assigned) => above.push((Line::Assignment, assigned.to)),
        UnitCommand::Recode(correction) => facts.code_of = code_of(tx, &correction.code, unit)?,
        UnitCommand::Rekind(correction) => {
            facts.holds = holds(tx, unit)?;
            facts.posts = posts(tx, unit)?;
            facts.remains = objection(tx, unit, Ending::Kind(correction.kind), remains)?;
            above.extend(placed(state));
        }
        UnitCommand::Close(_) => {
            facts.left_behind = left_behind(tx, unit)?;
            facts.remains = objection(tx, unit, Ending::Closed, remains)?;
        }
        UnitCommand::Reopen(_) => above.extend(placed(state)),
        UnitCommand::Rename(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Campuses(_)
        | UnitCommand::Unassign(_) => {}
    }
    for (line, parent) in above {
        let open = "SELECT kind FROM unit WHERE id = ?1 AND closed_on IS NULL";
        let kind = tx.first(open, params![parent], |row| row.text(0))?;
        let below = state.is_some() && covers(tx, unit, line, parent)?;
        facts.parents.push(ParentFact { kind: kind.as_deref().and_then(UnitKind::named), below });
    }
    Ok(facts)
}

/// Where it hangs, in the order of the lines.
fn placed(state: Option<&UnitState>) -> impl Iterator<Item = (Line, UnitId)> {
    Line::PLACED.into_iter().filter_map(move |line| Some((line, state?.parent(line)?)))
}

/// What the first room says that has something against it.
fn objection(
    tx: &mut Tx,
    unit: UnitId,
    ending: Ending,
    remains: &[Arc<dyn Remains>],
) -> Result<Option<Refusal>, StorageError> {
    for room in remains {
        let refusal = room.at(tx, unit, ending)?;
        if refusal.is_some() {
            return Ok(refusal);
        }
    }
    Ok(None)
}

/// Some other unit has the code; a closed one keeps its own.
fn code_of(tx: &mut Tx, code: &str, unit: UnitId) -> Result<Option<String>, StorageError> {
    let other = "SELECT name FROM unit WHERE code = ?1 AND id <> ?2";
    tx.first(other, params![code, unit], |row| row.text(0))
}

fn holds(tx: &mut Tx, unit: UnitId) -> Result<Vec<(Line, UnitKind)>, StorageError> {
    let lines = tx.query(
        "SELECT DISTINCT s.line, u.kind FROM unit_scope s JOIN unit u ON u.id = s.unit_id
         WHERE s.ancestor_id = ?1 AND s.depth = 1 AND u.closed_on IS NULL ORDER BY s.line, u.kind",
        params![unit],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )?;
    Ok(lines.iter().filter_map(|(line, kind)| Some((Line::named(line)?, UnitKind::named(kind)?))).collect())
}

fn posts(tx: &mut Tx, unit: UnitId) -> Result<Vec<Post>, StorageError> {
    let held = "SELECT DISTINCT post FROM person_post WHERE unit_id = ?1 ORDER BY post";
    let held = tx.query(held, params![unit], |row| row.text(0))?;
    Ok(held.iter().filter_map(|post| Post::named(post)).collect())
}
