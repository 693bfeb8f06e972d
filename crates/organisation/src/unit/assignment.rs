//! Assignments 对口联系: the police station, the fire brigade, the inspector's unit a school is assigned to, all at the
//! same time, each from a day on and until a day.

use journal::Parts;
use kernel::{Date, Refusal, UnitId};
use serde::{Deserialize, Serialize};

use super::{
    UnitEvent, UnitKind, UnitState,
    check::{check_above, check_past},
    event::{Assigned, Unassigned},
    facts::ParentFact,
};
use crate::Line;

/// Units that a unit may be assigned to at the same time.
pub const MOST_ASSIGNMENTS: usize = 30;

/// An assignment as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// To which unit.
    pub to: UnitId,
    /// From which day.
    pub from: Date,
    /// The first day without it, once it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl From<Assigned> for Assignment {
    fn from(assigned: Assigned) -> Self {
        Self { to: assigned.to, from: assigned.from, until: None }
    }
}

pub(super) fn assign(
    (unit, kind): (UnitId, UnitKind),
    known: &[Assignment],
    asked: &Assigned,
    fact: Option<&ParentFact>,
    today: Date,
) -> Result<UnitEvent, Refusal> {
    if asked.to == unit {
        return Err(Refusal::new("unit-assign-itself").on("to"));
    }
    if known.iter().any(|held| held.to == asked.to && held.until.is_none()) {
        return Err(Refusal::new("unit-assign-twice").on("to"));
    }
    if known.iter().filter(|held| held.until.is_none()).count() >= MOST_ASSIGNMENTS {
        return Err(Refusal::new("unit-assign-many").with("most", MOST_ASSIGNMENTS).on("to"));
    }
    check_above(kind, Line::Assignment, fact, "to")?;
    check_past(asked.from, today, "from")?;
    // Two stretches of the same assignment may touch, not overlap.
    let ended = known.iter().filter(|held| held.to == asked.to).filter_map(|held| held.until).max();
    if let Some(until) = ended.filter(|until| asked.from < *until) {
        return Err(Refusal::new("unit-assign-early").with("until", until).on("from"));
    }
    Ok(UnitEvent::Assigned(Parts::core(asked.clone())))
}

pub(super) fn unassign(unit: &UnitState, asked: &Unassigned, today: Date) -> Result<UnitEvent, Refusal> {
    let Some(held) = unit.assigned().find(|held| held.to == asked.to) else {
        return Err(Refusal::new("unit-not-assigned").on("to"));
    };
    check_past(asked.on, today, "on")?;
    if asked.on < held.from {
        return Err(Refusal::new("unit-unassign-early").with("since", held.from).on("on"));
    }
    Ok(UnitEvent::Unassigned(Parts::core(asked.clone())))
}
