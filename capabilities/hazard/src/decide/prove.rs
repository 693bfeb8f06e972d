//! 复查验收、退回、销号、回头看.

use journal::Parts;
use kernel::{Coded, Refusal, Timestamp};
use rules::DueBy;

use super::{Decision, Judge, MAJOR_MAX, max_rule, rectify_rule, revisit_rule, take_on_rule};
use crate::{
    event::{Accepted, Closed, HazardEvent, Note, Returned, Revisited},
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
        self.unhindered()?;
        if hazard.is_major() && !on_site {
            return Err(Refusal::new("hazard-major-on-site").on("on_site"));
        }
        let due = Some(self.due_by("hazard.close", self.now)?);
        let core = Accepted { by: self.context.standing.person, on_site, due };
        Ok(vec![HazardEvent::Accepted(Parts::with_text(core, self.wording().note(note)?))])
    }

    /// Another room may have a say in it.
    fn unhindered(&self) -> Result<(), Refusal> {
        self.facts.hindrance.clone().map_or(Ok(()), Err)
    }

    pub(super) fn send_back(&self, hazard: &HazardState, note: &Note, due: Option<Timestamp>) -> Decision {
        let Stage::AwaitingAcceptance { fixer, acceptor, plan, since, .. } = &hazard.stage else {
            return Err(Self::wrong_stage(hazard, "return"));
        };
        self.may_judge(hazard, fixer, plan, known(acceptor)?)?;
        let waiting = self.now.since_ms(*since).max(0);
        let longest = self.due_by(max_rule(hazard.level), plan.worked_since(waiting))?;
        let (due, late) = self.due_after_return(hazard, plan, due, longest)?;
        let core = Returned { due, late, by: self.by() };
        Ok(vec![HazardEvent::Returned(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// When it must be done after a return, and whether that is late whatever comes: a return is no way around the
    /// longest time that the rules allow since the work began. Only the county, which acts on what is overdue, sets a
    /// later day.
    fn due_after_return(
        &self,
        hazard: &HazardState,
        plan: &Plan,
        asked: Option<Timestamp>,
        longest: DueBy,
    ) -> Result<(DueBy, bool), Refusal> {
        let county = self.context.standing.may("hazard.county");
        if let Some(asked) = asked {
            return self.day_after_return(hazard, plan, asked, &longest).map_err(|refusal| refusal.on("due"));
        }
        if plan.due.at > self.now {
            return Ok((plan.due.clone(), false));
        }
        let Some(rule) = rectify_rule(hazard.level) else {
            return Err(Refusal::new("hazard-due-missing").on("due"));
        };
        let anew = self.due_by(rule, self.now)?;
        let late = anew.at > longest.at;
        Ok(match (late, longest.at > self.now) {
            (false, _) => (anew, false),
            (true, _) if county => (anew, true),
            (true, true) => (longest, false),
            // There is no time left: it is overdue, and climbs.
            (true, false) => (plan.due.clone(), false),
        })
    }

    fn day_after_return(
        &self,
        hazard: &HazardState,
        plan: &Plan,
        asked: Timestamp,
        longest: &DueBy,
    ) -> Result<(DueBy, bool), Refusal> {
        let standing = self.context.standing;
        let county = standing.may("hazard.county");
        // Within the time there was anyway.
        if asked > self.now && asked <= plan.due.at {
            return Ok((DueBy { at: asked, ..plan.due.clone() }, false));
        }
        // What an extension gave is not taken back by a return.
        let due = self.plan_due(hazard, Some(asked)).map_err(|refusal| match refusal.code {
            "hazard-due-too-late" if plan.due.at > self.now => self.later_than(hazard, asked, plan),
            _ => refusal,
        })?;
        // More time than there was is an extension, for whoever may grant one.
        let more = plan.due.at > self.now && asked > plan.due.at;
        if more && !county && !standing.may(Act::AnswerExtension.permission()) {
            return Err(Refusal::new("hazard-return-later").with("date", plan.due.at.local_date()));
        }
        let late = asked > longest.at;
        if late && !county {
            return Err(Refusal::new("hazard-return-beyond")
                .with("latest", longest.at.local_date())
                .with("rule", max_rule(hazard.level)));
        }
        Ok((due, late))
    }

    /// Later than the rules allow from now on, and than there was time anyway: the later of the two is the limit.
    fn later_than(&self, hazard: &HazardState, asked: Timestamp, plan: &Plan) -> Refusal {
        let rule = rectify_rule(hazard.level).unwrap_or(MAJOR_MAX);
        let bound = self.due_by(rule, self.now).map_or(plan.due.at, |bound| bound.at);
        Refusal::new("hazard-due-too-late")
            .with("date", asked.local_date())
            .with("latest", bound.max(plan.due.at).local_date())
            .with("rule", rule)
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
        let late = (hazard.overdue_at(self.now) || hazard.help_is_agreed()) && county;
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
        self.unhindered()?;
        let core = Closed {
            on_time: fixer.on_time,
            days: self.now.since_ms(hazard.registered_at).div_euclid(Timestamp::DAY_MS),
            revisit: self.due_by(revisit_rule(hazard.level), self.now)?,
            by: self.by(),
        };
        Ok(vec![HazardEvent::Closed(Parts::with_text(core, self.wording().note(note)?))])
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
        let note = if sound { self.wording().note(note)? } else { self.wording().told(note)? };
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
            false => Some(self.due_by(take_on_rule(hazard.level), self.now)?),
        };
        let core = Revisited { sound, due, by: self.by() };
        Ok(vec![HazardEvent::Revisited(Parts::with_text(core, note))])
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
