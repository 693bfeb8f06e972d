//! What may be asked of a unit, and of whom.

use journal::Need;
use kernel::{Date, UnitId};
use serde::Serialize;

use super::{
    Campus, UnitKind,
    event::{Assigned, Attributes, Placement, Unassigned},
};
use crate::Line;

/// What may be asked of a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum UnitCommand {
    /// Enter a new one.
    Create(NewUnit),
    /// Give it another name.
    Rename(String),
    /// Put its code right.
    Recode(CodeCorrection),
    /// Put its kind right.
    Rekind(KindCorrection),
    /// Bring its facts up to date.
    Describe(Attributes),
    /// Say which campuses it has; all of them, or none when it is one place.
    Campuses(Vec<Campus>),
    /// Hang it under another unit from a day on; not for assignments, of which there are many at a time.
    Place(Placement),
    /// Assign it to a unit beside the others.
    Assign(Assigned),
    /// End an assignment.
    Unassign(Unassigned),
    /// Close it.
    Close(Date),
    /// Take a mistaken closing back; why it was mistaken.
    Reopen(String),
}

/// A unit that is to be entered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewUnit {
    /// School code, social credit code, area code or local code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// See [`Attributes`].
    pub attributes: Attributes,
    /// Where it hangs: at most once on each line, and any number of assignments.
    pub placements: Vec<Placement>,
    /// Why a code that fails its check is taken all the same.
    pub code_exception: Option<String>,
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

/// A kind that was entered wrongly, and what it should have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindCorrection {
    /// The right kind.
    pub kind: UnitKind,
    /// Why the former kind was wrong.
    pub reason: String,
    /// Why the code stays although units of the right kind have other ones.
    pub code_exception: Option<String>,
}

pub(super) fn need(command: &UnitCommand) -> Need {
    match command {
        UnitCommand::Create(_)
        | UnitCommand::Place(_)
        | UnitCommand::Assign(_)
        | UnitCommand::Unassign(_)
        | UnitCommand::Close(_)
        | UnitCommand::Reopen(_)
        | UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Rekind(_) => Need::Permission("unit.manage"),
        UnitCommand::Describe(_) | UnitCommand::Campuses(_) => Need::AnyOf(&["unit.manage", "unit.describe"]),
    }
}

/// A new unit is the business of whoever manages the unit it will hang under.
pub(super) fn parent_of_new(command: &UnitCommand) -> UnitId {
    let UnitCommand::Create(new) = command else { return UnitId::NIL };
    let on = |line: Line| new.placements.iter().find(|p| p.line == line).map(|p| p.parent);
    on(Line::Management).or_else(|| on(Line::Territory)).unwrap_or(UnitId::NIL)
}

/// The other units a place is given under: whoever puts a unit there must manage them too. Whoever ends an assignment
/// needs nothing there, as whoever moves a unit away needs nothing where it was.
pub(super) fn parents(command: &UnitCommand) -> Vec<UnitId> {
    match command {
        UnitCommand::Create(new) => new.placements.iter().map(|placement| placement.parent).collect(),
        UnitCommand::Place(placement) => vec![placement.parent],
        UnitCommand::Assign(assigned) => vec![assigned.to],
        UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Rekind(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Campuses(_)
        | UnitCommand::Unassign(_)
        | UnitCommand::Close(_)
        | UnitCommand::Reopen(_) => Vec::new(),
    }
}
