//! 复查验收、退回、销号、回头看.

use journal::Parts;
use kernel::{Coded, Refusal, Timestamp};

use super::{Decision, Judge, rectify_rule, revisit_rule};
use crate::{
    event::{Accepted, Closed, DueBy, HazardEvent, Note, Returned, Revisited},
    level::Acceptor,
    state::{Fixer, HazardState, Plan, Stage},
    turn::Act,
};

impl Judge<'_> {
    pub(super) fn accept(&self, hazard: &HazardState, on_site: bool, note: &Note) -> Decision {
        let Stage::AwaitingAcceptance { fixer, acceptor, plan, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "accept"));
        };
        self.may_judge(hazard, fixer, plan, known(acceptor)?)?;
        if hazard.is_major() && !on_site {
            return Err(Refusal::new("hazard-major-on-site").on("on_site"));
        }
        let due = Some(self.due_by("hazard.close", self.now)?);
        let core = Accepted { by: self.context.standing.person, on_site, due };
        Ok(vec![HazardEvent::Accepted(Parts::with_text(core, self.note(note)?))])
    }

    pub(super) fn send_back(&self, hazard: &HazardState, note: &Note, due: Option<Timestamp>) -> Decision {
        let Stage::AwaitingAcceptance { fixer, acceptor, plan, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "return"));
        };
        self.may_judge(hazard, fixer, plan, known(acceptor)?)?;
        let core = Returned { due: self.due_after_return(hazard, plan, due)? };
        Ok(vec![HazardEvent::Returned(Parts::with_text(core, self.reason(note)?))])
    }

    /// The old deadline if it still lies ahead; otherwise the day given, or the level's own span from now.
    fn due_after_return(
        &self,
        hazard: &HazardState,
        plan: &Plan,
        asked: Option<Timestamp>,
    ) -> Result<DueBy, Refusal> {
        if asked.is_some() {
            return self.plan_due(hazard, asked).map_err(|refusal| refusal.on("due"));
        }
        if plan.due.at > self.now {
            return Ok(plan.due.clone());
        }
        match rectify_rule(hazard.level) {
            Some(rule) => self.due_by(rule, self.now),
            None => Err(Refusal::new("hazard-due-missing").on("due")),
        }
    }

    /// The actor is the one who fixed it.
    fn is_fixer(&self, fixer: &Fixer) -> bool {
        let standing = self.context.standing;
        let same_account = standing.actor.id == fixer.actor && !standing.is_system();
        same_account || (standing.person.is_some() && standing.person == fixer.person)
    }

    /// The person who rectified may not accept, nor the one who answers for it or did before, whoever pressed the button;
    /// and acceptance belongs to whom the rules named.
    fn may_judge(
        &self,
        hazard: &HazardState,
        fixer: &Fixer,
        plan: &Plan,
        acceptor: Acceptor,
    ) -> Result<(), Refusal> {
        let standing = self.context.standing;
        if self.is_fixer(fixer) {
            return Err(Refusal::new("hazard-fixer-may-not-accept"));
        }
        if standing.person.is_some() && standing.person == plan.responsible {
            return Err(Refusal::new("hazard-responsible-may-not-accept"));
        }
        if standing.person.is_some_and(|person| plan.earlier.contains(&person)) {
            return Err(Refusal::new("hazard-earlier-may-not-accept"));
        }
        self.acts_as(hazard, acceptor, Act::Accept)
    }

    /// Acceptance and closing belong to whom the rules named; to the county too once they are late, and where the
    /// central school is gone since.
    fn acts_as(&self, hazard: &HazardState, acceptor: Acceptor, act: Act) -> Result<(), Refusal> {
        let standing = self.context.standing;
        let county = standing.may("hazard.county");
        let late = hazard.overdue_at(self.now) && county;
        let allowed = match acceptor {
            Acceptor::School => standing.may(act.permission()) || late,
            Acceptor::Central if hazard.central_now().is_none() => county,
            Acceptor::Central => standing.may("hazard.central") || late,
            Acceptor::County => county,
        };
        if allowed { Ok(()) } else { Err(not_yours(acceptor)) }
    }

    pub(super) fn close(&self, hazard: &HazardState, note: &Note) -> Decision {
        let Stage::Accepted { fixer, acceptor, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "close"));
        };
        self.acts_as(hazard, known(acceptor)?, Act::Close)?;
        let core = Closed {
            on_time: fixer.on_time,
            days: self.now.since_ms(hazard.registered_at).div_euclid(Timestamp::DAY_MS),
            revisit: self.due_by(revisit_rule(hazard.level), self.now)?,
        };
        Ok(vec![HazardEvent::Closed(Parts::with_text(core, self.note(note)?))])
    }

    pub(super) fn revisit(&self, hazard: &HazardState, sound: bool, note: &Note) -> Decision {
        let Stage::Closed { fixer, since, acceptor, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "revisit"));
        };
        let standing = self.context.standing;
        match acceptor {
            Some(Coded::Known(Acceptor::Central)) if standing.may("hazard.central") => {}
            Some(Coded::Known(Acceptor::Central))
                if hazard.central_now().is_none() && standing.may("hazard.county") => {}
            Some(Coded::Known(Acceptor::County)) if standing.may("hazard.county") => {}
            Some(_) | None
                if hazard.unit_closed()
                    && !hazard.is_major()
                    && (standing.may("hazard.central") || standing.may("hazard.county")) => {}
            Some(_) | None => self.authority(hazard, Act::Revisit.permission())?,
        }
        if !sound && hazard.unit_closed() {
            return Err(Refusal::new("hazard-revisit-closed"));
        }
        let note = if sound { self.note(note)? } else { self.reason(note)? };
        // That it came back anybody may say at any time; that it holds, somebody else after a while.
        if sound && fixer.as_ref().is_some_and(|fixer| self.is_fixer(fixer)) {
            return Err(Refusal::new("hazard-fixer-may-not-revisit"));
        }
        let earliest = self.due_by("hazard.revisit.earliest", *since)?.at;
        if sound && self.now < earliest {
            return Err(Refusal::new("hazard-revisit-early")
                .with("date", earliest.local_date())
                .with("rule", "hazard.revisit.earliest"));
        }
        let due = match sound {
            true => None,
            false => Some(self.due_by("hazard.takeon", self.now)?),
        };
        Ok(vec![HazardEvent::Revisited(Parts::with_text(Revisited { sound, due }, note))])
    }
}

/// Whom a newer program named, this one does not know: nobody acts in that place until it is brought up to date.
fn known(acceptor: &Coded<Acceptor>) -> Result<Acceptor, Refusal> {
    acceptor.known().ok_or_else(|| Refusal::new("hazard-acceptor-newer").with("code", acceptor.name()))
}

/// Whose decision it is instead.
fn not_yours(acceptor: Acceptor) -> Refusal {
    Refusal::new(match acceptor {
        Acceptor::School => "hazard-school-decides",
        Acceptor::Central => "hazard-central-decides",
        Acceptor::County => "hazard-county-decides",
    })
}
