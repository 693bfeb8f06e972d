//! What may be asked of a unit, and what the answer is.

use std::sync::Arc;

use journal::{Context, Need, Parts};
use kernel::{Date, Refusal, UnitId, limits, text::visible};
use serde::Serialize;
use storage::{StorageError, Tx, params};

use super::{
    Remains, UnitEvent, UnitKind, UnitState,
    event::{Attributes, Closed, Created, Described, Placed, Placement, Recoded, RecodedText, Renamed},
};
use crate::{Line, covers, identifiers};

/// What may be asked of a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum UnitCommand {
    /// Enter a new one.
    Create(Created),
    /// Give it another name.
    Rename(String),
    /// Put its code right.
    Recode(CodeCorrection),
    /// Bring its facts up to date.
    Describe(Attributes),
    /// Hang it under another unit from a day on.
    Place(Placement),
    /// Close it.
    Close(Date),
}

/// A code that was entered wrongly, and what it should have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeCorrection {
    /// The right code.
    pub code: String,
    /// Why a code that fails its check is taken all the same.
    pub code_exception: Option<String>,
    /// Why the former code was wrong.
    pub reason: String,
}

/// What the decision must know.
#[derive(Clone, Debug, Default)]
pub struct UnitFacts {
    code_taken: bool,
    /// For every placement asked for: the parent exists and is open, and does not lie below the unit itself.
    parents: Vec<ParentFact>,
    /// Open units below it, and people who belong to it.
    left_behind: (i64, i64),
    /// What a room above this one says against closing it.
    remains: Option<Refusal>,
}

#[derive(Clone, Copy, Debug)]
struct ParentFact {
    open: bool,
    below: bool,
}

pub(super) fn need(command: &UnitCommand) -> Need {
    match command {
        UnitCommand::Create(_)
        | UnitCommand::Place(_)
        | UnitCommand::Close(_)
        | UnitCommand::Rename(_)
        | UnitCommand::Recode(_) => Need::Permission("unit.manage"),
        UnitCommand::Describe(_) => Need::AnyOf(&["unit.manage", "unit.describe"]),
    }
}

/// A new unit is the business of whoever manages the unit it will hang under.
pub(super) fn parent_of_new(command: &UnitCommand) -> UnitId {
    match command {
        UnitCommand::Create(created) => {
            let on = |line: Line| created.placements.iter().find(|p| p.line == line).map(|p| p.parent);
            on(Line::Management).or_else(|| on(Line::Territory)).unwrap_or(UnitId::NIL)
        }
        UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Place(_)
        | UnitCommand::Close(_) => UnitId::NIL,
    }
}

/// The other units a place is given under: whoever puts a unit there must manage them too.
pub(super) fn parents(command: &UnitCommand) -> Vec<UnitId> {
    match command {
        UnitCommand::Create(created) => created.placements.iter().map(|placement| placement.parent).collect(),
        UnitCommand::Place(placement) => vec![placement.parent],
        UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Close(_) => Vec::new(),
    }
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
    let placements: &[Placement] = match command {
        UnitCommand::Create(created) => {
            facts.code_taken = code_taken(tx, &created.code, context)?;
            &created.placements
        }
        UnitCommand::Place(placement) => std::slice::from_ref(placement),
        UnitCommand::Recode(correction) => {
            facts.code_taken = code_taken(tx, &correction.code, context)?;
            &[]
        }
        UnitCommand::Close(_) => {
            let unit = context.stream.into();
            facts.left_behind = left_behind(tx, unit)?;
            for room in remains {
                if facts.remains.is_none() {
                    facts.remains = room.at(tx, unit)?;
                }
            }
            &[]
        }
        UnitCommand::Rename(_) | UnitCommand::Describe(_) => &[],
    };
    for placement in placements {
        let open = tx.count(
            "SELECT count(*) FROM unit WHERE id = ?1 AND closed_on IS NULL",
            params![placement.parent],
        )? > 0;
        let below = state.is_some() && covers(tx, context.stream.into(), placement.line, placement.parent)?;
        facts.parents.push(ParentFact { open, below });
    }
    Ok(facts)
}

/// Some other unit has the code.
fn code_taken(tx: &mut Tx, code: &str, context: &Context<'_>) -> Result<bool, StorageError> {
    let others = "SELECT count(*) FROM unit WHERE code = ?1 AND id <> ?2";
    Ok(tx.count(others, params![code, context.stream])? > 0)
}

pub(super) fn decide(
    state: Option<&UnitState>,
    command: &UnitCommand,
    facts: &UnitFacts,
    context: &Context<'_>,
) -> Result<Vec<UnitEvent>, Refusal> {
    let today = context.now.local_date();
    match (state, command) {
        (None, UnitCommand::Create(created)) => create(created, facts, today),
        (Some(_), UnitCommand::Create(_)) => Err(Refusal::new("unit-exists")),
        (None, _) => Err(Refusal::new("unit-unknown")),
        (Some(unit), _) if unit.closed.is_some() => Err(Refusal::new("unit-closed")),
        (Some(unit), UnitCommand::Rename(name)) => {
            let name = checked_name(name)?;
            if name == unit.name {
                return Ok(Vec::new());
            }
            Ok(vec![UnitEvent::Renamed(Parts::core(Renamed { name }))])
        }
        (Some(unit), UnitCommand::Recode(correction)) => recode(unit, correction, facts),
        (Some(unit), UnitCommand::Describe(attributes)) => {
            check_attributes(attributes)?;
            if *attributes == unit.attributes {
                return Ok(Vec::new());
            }
            Ok(vec![UnitEvent::Described(Parts::core(Described { attributes: attributes.clone() }))])
        }
        (Some(unit), UnitCommand::Place(placement)) => {
            if unit.parent(placement.line) == Some(placement.parent) {
                return Ok(Vec::new());
            }
            check_placements(std::slice::from_ref(placement), facts, today)?;
            Ok(vec![UnitEvent::Placed(Parts::core(Placed { placement: placement.clone() }))])
        }
        (Some(_), UnitCommand::Close(on)) => match facts.left_behind {
            (0, 0) => match &facts.remains {
                Some(refusal) => Err(refusal.clone()),
                None => Ok(vec![UnitEvent::Closed(Parts::core(Closed { on: *on }))]),
            },
            (0, people) => Err(Refusal::new("unit-close-people").with("n", people).on("on")),
            (below, _) => Err(Refusal::new("unit-close-below").with("n", below).on("on")),
        },
    }
}

fn create(created: &Created, facts: &UnitFacts, today: Date) -> Result<Vec<UnitEvent>, Refusal> {
    let name = checked_name(&created.name)?;
    check_code(&created.code, created.code_exception.as_deref(), facts)?;
    check_attributes(&created.attributes)?;
    check_placements(&created.placements, facts, today)?;
    let managed = created.placements.iter().any(|p| p.line == Line::Management);
    if created.kind.is_institution() && !managed {
        return Err(Refusal::new("unit-without-superior").on("parent"));
    }
    if created.placements.is_empty()
        && !matches!(created.kind, UnitKind::Province | UnitKind::City | UnitKind::County)
    {
        return Err(Refusal::new("unit-without-superior").on("parent"));
    }
    Ok(vec![UnitEvent::Created(Parts::core(Created { name, ..created.clone() }))])
}

fn recode(
    unit: &UnitState,
    correction: &CodeCorrection,
    facts: &UnitFacts,
) -> Result<Vec<UnitEvent>, Refusal> {
    let reason = visible(&correction.reason);
    let (code, reason) = (correction.code.trim(), reason.trim());
    if code == unit.code {
        return Ok(Vec::new());
    }
    if reason.is_empty() {
        return Err(Refusal::new("unit-recode-reason-missing").on("reason"));
    }
    if reason.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new("text-too-long").with("most", limits::NAME_CHARS).on("reason"));
    }
    check_code(code, correction.code_exception.as_deref(), facts)?;
    // A reason for a check that fits would say something untrue on the unit's page.
    let fits = identifiers::classify(code).is_ok();
    let code_exception = correction.code_exception.clone().filter(|_| !fits);
    let core = Recoded { code: code.to_owned(), code_exception };
    let text = Some(RecodedText { reason: reason.to_owned() });
    Ok(vec![UnitEvent::Recoded(Parts { core, text, personal: None })])
}

/// Nobody else has it, and it is a code; one that fails its check needs a reason.
fn check_code(code: &str, exception: Option<&str>, facts: &UnitFacts) -> Result<(), Refusal> {
    if facts.code_taken {
        return Err(Refusal::new("unit-code-taken").with("code", code).on("code"));
    }
    let excused = exception.is_some_and(|reason| !visible(reason).trim().is_empty());
    match identifiers::classify(code) {
        Err(identifiers::CodeError::Check(_)) if !excused => {
            Err(Refusal::new("unit-code-check").with("code", code).on("code"))
        }
        Err(identifiers::CodeError::Shape) => {
            Err(Refusal::new("unit-code-shape").with("code", code).on("code"))
        }
        Ok(_) | Err(identifiers::CodeError::Check(_)) => Ok(()),
    }
}

fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = visible(name);
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::new("unit-name-missing").on("name"));
    }
    if name.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new("text-too-long").with("most", limits::NAME_CHARS).on("name"));
    }
    // A slash separates the names of a path.
    Ok(name.replace('/', "／"))
}

fn check_attributes(attributes: &Attributes) -> Result<(), Refusal> {
    // Only two numbers can be compared: an unknown one contradicts nothing.
    if let (Some(boarders), Some(pupils)) = (attributes.boarders, attributes.pupils)
        && boarders > pupils
    {
        return Err(Refusal::new("unit-boarders-exceed-pupils")
            .with("boarders", boarders)
            .with("pupils", pupils)
            .on("boarders"));
    }
    let inside = |value: Option<f64>, most: f64| value.is_none_or(|v| v.is_finite() && v.abs() <= most);
    if !inside(attributes.latitude, 90.0) || !inside(attributes.longitude, 180.0) {
        return Err(Refusal::new("position-outside").on("latitude"));
    }
    Ok(())
}

fn check_placements(placements: &[Placement], facts: &UnitFacts, today: Date) -> Result<(), Refusal> {
    for (placement, fact) in placements.iter().zip(&facts.parents) {
        if !fact.open {
            return Err(Refusal::new("unit-parent-unknown").on("parent"));
        }
        if fact.below {
            return Err(Refusal::new("unit-under-itself").on("parent"));
        }
        if placement.from > today {
            return Err(Refusal::new("date-in-future").with("date", placement.from).on("from"));
        }
    }
    Ok(())
}
