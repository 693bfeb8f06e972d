//! 交办、更换责任人: who answers for a hazard.

use journal::Parts;
use kernel::{PersonId, Refusal};

use super::{Decision, Judge, take_on_rule};
use crate::{
    event::{Assigned, HazardEvent, Note, ResponsibleChanged, ResponsibleChangedText},
    state::{HazardState, Stage},
    turn::Act,
};

impl Judge<'_> {
    pub(super) fn assign(&self, hazard: &HazardState, responsible: PersonId, note: &Note) -> Decision {
        match &hazard.stage {
            Stage::Graded { .. } | Stage::Assigned { .. } => {}
            Stage::Registered { .. }
            | Stage::Rectifying { .. }
            | Stage::ExtensionAsked { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Accepted { .. }
            | Stage::Closed { .. }
            | Stage::Done { .. }
            | Stage::Withdrawn { .. }
            | Stage::CarriedOver { .. } => return Err(Self::wrong_stage(hazard, "assign")),
        }
        self.authority(hazard, Act::Assign.permission())?;
        if !self.facts.person_at_unit {
            return Err(Refusal::new("hazard-person-elsewhere").on("responsible"));
        }
        // Another name is no new deadline.
        let due = if let Stage::Assigned { due, .. } = &hazard.stage {
            due.clone()
        } else {
            self.due_by(take_on_rule(hazard.level), self.now)?
        };
        let core = Assigned { responsible, due, by: self.by() };
        Ok(vec![HazardEvent::Assigned(Parts::with_text(core, self.wording().note(note)?))])
    }

    /// Somebody falls ill, moves or leaves while the work goes on: the plan stays, with another name under it. Once it
    /// is handed in nobody is changed any more, or whoever answered for it could accept it.
    pub(super) fn change_responsible(
        &self,
        hazard: &HazardState,
        responsible: PersonId,
        responsibility: &str,
        reason: &str,
    ) -> Decision {
        let (Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. }) = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "change-responsible"));
        };
        self.authority(hazard, Act::Assign.permission())?;
        if plan.responsible == Some(responsible) {
            return Err(Refusal::new("hazard-responsible-same").on("responsible"));
        }
        if !self.facts.person_at_unit {
            return Err(Refusal::new("hazard-person-elsewhere").on("responsible"));
        }
        let responsibility = self.fixed("responsibility", responsibility)?;
        let note = self.fixed("note", reason)?;
        let text = ResponsibleChangedText { note, responsibility };
        Ok(vec![HazardEvent::ResponsibleChanged(Parts::with_text(
            ResponsibleChanged { responsible, former: plan.responsible, by: self.by() },
            text,
        ))])
    }
}
