//! 拟稿、审核、签发、不予挂牌: three people, three steps.

use hazard::Note;
use journal::Parts;
use kernel::{Refusal, limits};

use super::{Decision, Judge};
use crate::{
    command::NoticeDraft,
    event::{Acted, Drafted, DraftedText, SentBack, Signed, SignedText, Step, SupervisionEvent},
    state::{Stage, SupervisionState},
};

/// The rule that bounds how far away the deadline of a listing may lie: that of the hazard's own plan.
const LATEST: &str = "hazard.rectify.major.max";

impl Judge<'_> {
    pub(super) fn draft(&self, listing: &SupervisionState, draft: &NoticeDraft) -> Decision {
        if !matches!(listing.stage, Stage::Owed {} | Stage::Drafted { .. }) {
            return Err(Self::wrong_stage(listing, "draft"));
        }
        let supervisor = draft.supervisor.ok_or_else(|| Refusal::new("field-choose").on("supervisor"))?;
        if !self.facts.may_supervise {
            return Err(Refusal::new("supervision-supervisor").on("supervisor"));
        }
        let deadline = draft.deadline.ok_or_else(|| Refusal::new("field-required").on("deadline"))?;
        if deadline <= self.now {
            return Err(Refusal::new("supervision-deadline-past")
                .with("date", deadline.local_date())
                .on("deadline"));
        }
        let latest = self.due_by(LATEST)?.at;
        if deadline > latest {
            return Err(Refusal::new("supervision-deadline-late")
                .with("date", deadline.local_date())
                .with("latest", latest.local_date())
                .on("deadline"));
        }
        let requirements = self.wording().said("requirements", &draft.requirements, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&requirements) {
            return Err(Refusal::new("supervision-requirements-filler")
                .with("text", &requirements)
                .on("requirements"));
        }
        let copies = self.wording().maybe_said("copies", &draft.copies, limits::NAME_CHARS)?;
        let core = Drafted { supervisor, deadline, by: self.by() };
        let text = DraftedText { requirements, copies };
        Ok(vec![SupervisionEvent::Drafted(Parts::with_text(core, text))])
    }

    pub(super) fn submit(&self, listing: &SupervisionState) -> Decision {
        let Stage::Drafted { .. } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "submit"));
        };
        Ok(vec![SupervisionEvent::Submitted(Parts::core(Acted { by: self.by() }))])
    }

    pub(super) fn review(&self, listing: &SupervisionState, passed: bool, note: &Note) -> Decision {
        let Stage::Reviewing { notice } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "review"));
        };
        if notice.drafters().any(|doer| self.is(doer)) {
            return Err(Refusal::new("supervision-drafter-may-not-review"));
        }
        if !passed {
            return self.send_back(Step::Review, note);
        }
        let core = Acted { by: self.by() };
        Ok(vec![SupervisionEvent::Reviewed(Parts::with_text(core, self.wording().note(note)?))])
    }

    fn send_back(&self, step: Step, note: &Note) -> Decision {
        let core = SentBack { step: step.into(), by: self.by() };
        Ok(vec![SupervisionEvent::SentBack(Parts::with_text(core, self.wording().why(note)?))])
    }

    pub(super) fn sign(
        &self,
        listing: &SupervisionState,
        passed: bool,
        document_number: &str,
        note: &Note,
    ) -> Decision {
        let Stage::Signing { notice, reviewer } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "sign"));
        };
        if notice.drafters().chain([reviewer]).any(|doer| self.is(doer)) {
            return Err(Refusal::new("supervision-another-signs"));
        }
        if !passed {
            return self.send_back(Step::Sign, note);
        }
        if notice.deadline <= self.now {
            return Err(Refusal::new("supervision-deadline-past").with("date", notice.deadline.local_date()));
        }
        let core = Signed {
            number: self.facts.next,
            by: self.by(),
            receipt: self.due_by("hazard.major.receipt")?,
            progress: self.due_by("hazard.major.progress")?,
        };
        let text = SignedText {
            document_number: self.document_number(document_number)?,
            note: self.wording().note(note)?.note,
        };
        Ok(vec![SupervisionEvent::Signed(Parts::with_text(core, text))])
    }

    /// A hazard that was fixed before anybody could list it, say.
    pub(super) fn waive(&self, listing: &SupervisionState, note: &Note) -> Decision {
        if !matches!(
            listing.stage,
            Stage::Owed {} | Stage::Drafted { .. } | Stage::Reviewing { .. } | Stage::Signing { .. }
        ) {
            return Err(Self::wrong_stage(listing, "waive"));
        }
        let core = Acted { by: self.by() };
        Ok(vec![SupervisionEvent::Waived(Parts::with_text(core, self.wording().why(note)?))])
    }
}
