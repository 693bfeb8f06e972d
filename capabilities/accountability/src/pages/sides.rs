//! What whoever looks may see of a case: the county all of it, a side what concerns itself.

use access::Viewer;
use kernel::UnitId;
use storage::{StorageError, Tx};

use crate::{
    case::{CaseEvent, CaseState, SideState},
    query::own_units,
};

/// Whose eyes look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Eyes {
    /// The county's office or a leader: sees everything.
    pub county: bool,
    /// Sides that are the viewer's own units.
    pub own: Vec<UnitId>,
    /// Those of them for which he answers.
    pub answers: Vec<UnitId>,
}

impl Eyes {
    /// Of a viewer upon a case.
    pub(super) fn of(tx: &mut Tx, viewer: &Viewer, state: &CaseState) -> Result<Self, StorageError> {
        let mut own = own_units(viewer);
        own.retain(|unit| state.side(*unit).is_some());
        let answers = own.iter().copied().filter(|unit| {
            viewer.grants.iter().any(|grant| {
                grant.held.unit == *unit && grant.held.role.permissions().has("accountability.answer")
            })
        });
        Ok(Self {
            county: viewer.may_over(tx, "accountability.county", state.unit)?,
            answers: answers.collect(),
            own,
        })
    }

    /// The side is his, or he sees all of them.
    pub(super) fn see_side(&self, side: UnitId) -> bool {
        self.county || self.own.contains(&side)
    }

    /// What was found of a side: before the conclusion is signed it is the county's draft.
    pub(super) fn see_finding(&self, state: &CaseState, side: &SideState) -> bool {
        self.county || (state.conclusion.is_some() && self.own.contains(&side.side.unit))
    }

    /// What happened concerns him.
    pub(super) fn see(&self, state: &CaseState, event: &CaseEvent) -> bool {
        use CaseEvent as E;
        if self.county {
            return true;
        }
        match event {
            E::Opened(_) | E::Extended(_) | E::CalledOff(_) | E::Concluded(_) | E::Closed(_) => true,
            E::Stated(parts) => self.see_side(parts.core.side),
            E::SilenceRecorded(parts) => parts.core.sides.iter().any(|side| self.see_side(*side)),
            // The last one is what was signed; those before it were drafts.
            E::Found(parts) => {
                let last = state.side(parts.core.side).and_then(|one| one.finding.as_ref());
                state.conclusion.is_some() && self.see_side(parts.core.side) && last == Some(&parts.core)
            }
            E::Handled(parts) => self.see_side(parts.core.side),
            E::MeasuresReported(parts) => self.see_side(parts.core.side),
            E::MeasuresChecked(parts) => self.see_side(parts.core.side),
            E::Submitted(_) | E::Reviewed(_) | E::SentBack(_) | E::DeadlineWarned(_) => false,
        }
    }
}
