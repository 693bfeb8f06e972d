//! 现场核查 by two or more, and 签发摘牌 by somebody who was not there.

use hazard::Note;
use journal::Parts;
use kernel::{Refusal, limits};

use super::{Decision, Judge};
use crate::{
    command::CheckDraft,
    event::{Acted, Checked, CheckedPeople, Delisted, DelistingRefused, SignedText, SupervisionEvent},
    state::{Stage, SupervisionState},
};

/// 现场核查: so many people at least (rules.md, hazard rectification: "on-site check by two or more").
pub(crate) const CHECKERS: usize = 2;
/// So many at most.
const MOST_CHECKERS: usize = 12;

impl Judge<'_> {
    pub(super) fn check(&self, listing: &SupervisionState, draft: &CheckDraft) -> Decision {
        // Written down again where a signature is waited for that does not come.
        if !matches!(listing.stage, Stage::Applied { .. } | Stage::Checking { .. }) {
            return Err(Self::wrong_stage(listing, "check"));
        }
        let on = draft.on.ok_or_else(|| Refusal::new("field-required").on("on"))?;
        if on > self.now {
            return Err(Refusal::new("date-in-future").with("date", on.local_date()).on("on"));
        }
        if on.local_date() < listing.opened_at.local_date() {
            return Err(Refusal::new("supervision-check-before")
                .with("date", listing.opened_at.local_date())
                .on("on"));
        }
        let mut checkers = draft.checkers.clone();
        checkers.sort_unstable();
        checkers.dedup();
        if !self.facts.unknown.is_empty() {
            return Err(Refusal::new("person-unknown").on("checkers"));
        }
        if !self.facts.of_the_school.is_empty() {
            return Err(Refusal::new("supervision-checker-of-school").on("checkers"));
        }
        let others = self.wording().maybe_said("others", &draft.others, limits::NAME_CHARS)?;
        let named = names(&others).count();
        if checkers.len() + named < CHECKERS {
            return Err(Refusal::new("supervision-checkers-few").with("least", CHECKERS).on("checkers"));
        }
        if checkers.len() + named > MOST_CHECKERS {
            return Err(Refusal::new("supervision-checkers-many").with("most", MOST_CHECKERS).on("checkers"));
        }
        let note = self.wording().why(&draft.note)?;
        // Whoever has no account here signs on paper.
        if named > 0 && !draft.sheet {
            return Err(Refusal::new("supervision-sheet-missing").on("sheet"));
        }
        if note.photos.is_empty() {
            return Err(Refusal::new("supervision-check-photo").on("photos"));
        }
        let core = Checked {
            passed: draft.passed,
            on,
            checkers,
            others: u32::try_from(named).unwrap_or(u32::MAX),
            sheet: draft.sheet,
            delist: match draft.passed {
                true => Some(self.due_by("hazard.major.delist")?),
                false => None,
            },
            by: self.by(),
        };
        let personal = (named > 0).then_some(CheckedPeople { others });
        Ok(vec![SupervisionEvent::Checked(Parts { core, text: Some(note), personal })])
    }

    pub(super) fn sign_check(&self, listing: &SupervisionState) -> Decision {
        let Stage::Checking { check, .. } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "sign-check"));
        };
        let by = self.by().ok_or_else(|| Refusal::new("supervision-not-there"))?;
        if !check.checkers.iter().any(|checker| checker.person == by) {
            return Err(Refusal::new("supervision-not-there"));
        }
        if !check.unsigned().any(|person| person == by) {
            return Ok(Vec::new());
        }
        Ok(vec![SupervisionEvent::CheckSigned(Parts::core(Acted { by: Some(by) }))])
    }

    pub(super) fn delist(
        &self,
        listing: &SupervisionState,
        passed: bool,
        document_number: &str,
        note: &Note,
    ) -> Decision {
        let Stage::Checked { check, .. } = &listing.stage else {
            return Err(Self::wrong_stage(listing, "delist"));
        };
        let was_there = check.checkers.iter().any(|checker| Some(checker.person) == self.by());
        if was_there || self.is(&check.recorder) {
            return Err(Refusal::new("supervision-another-delists"));
        }
        if !passed {
            let core = DelistingRefused { check: self.due_by("hazard.major.check")?, by: self.by() };
            let note = self.wording().why(note)?;
            return Ok(vec![SupervisionEvent::DelistingRefused(Parts::with_text(core, note))]);
        }
        let text = SignedText {
            document_number: self.document_number(document_number)?,
            note: self.wording().note(note)?.note,
        };
        Ok(vec![SupervisionEvent::Delisted(Parts::with_text(Delisted { by: self.by() }, text))])
    }
}

/// Names as people separate them.
pub(crate) fn names(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|name| !name.is_empty())
}
