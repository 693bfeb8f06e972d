//! 拟稿、送签、签发、送出、撤回: what the county does with a letter.

use hazard::{Note, Photo};
use journal::Parts;
use kernel::{Refusal, Timestamp, limits};

use super::{Decision, Judge};
use crate::{
    command::LetterDraft,
    event::{Acted, Channel, Drafted, DraftedText, Sent, Signed, SignedText, TransferEvent},
    facts::HazardSeen,
    state::{Stage, TransferState},
};

/// The rule that bounds how far away the day of the reply may lie.
pub(crate) const REPLY_MOST: &str = "transfer.reply.max";

impl Judge<'_> {
    pub(super) fn draft(&self, before: Option<&TransferState>, draft: &LetterDraft) -> Decision {
        if let Some(letter) = before {
            if !matches!(letter.stage, Stage::Drafted {}) {
                return Err(Self::wrong_stage(letter, "draft"));
            }
            if letter.hazard != draft.hazard || letter.former != draft.former {
                return Err(Refusal::new("transfer-hazard-unknown"));
            }
        }
        let seen = self.facts.hazard.as_ref().filter(|seen| seen.state.unit == draft.unit);
        let seen = seen.ok_or_else(|| Refusal::new("transfer-hazard-unknown"))?;
        if !seen.state.stage.code().is_open() {
            return Err(Refusal::new("transfer-hazard-closed"));
        }
        if draft.former.is_some() && !self.facts.former_came_back {
            return Err(Refusal::new("transfer-former"));
        }
        let department = draft.department.ok_or_else(|| Refusal::new("field-choose").on("department"))?;
        let named = self.facts.department.clone();
        let named = named.ok_or_else(|| Refusal::new("transfer-department-unknown").on("department"))?;
        let due = self.due_on("reply_by", draft.reply_by, REPLY_MOST)?;
        let request = self.wording().said("request", &draft.request, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&request) {
            return Err(Refusal::new("transfer-request-filler").with("text", &request).on("request"));
        }
        let photos = chosen(&draft.photos, seen)?;
        let core = Drafted {
            kind: draft.kind.into(),
            department,
            hazard: draft.hazard,
            hazard_number: seen.state.number,
            unit: seen.state.unit,
            township: seen.state.township,
            central: seen.state.central_now(),
            county: seen.state.county,
            category: seen.state.category.clone(),
            level: seen.state.level.map(Into::into),
            found_at: seen.state.found_at,
            reply_by: due.at,
            former: draft.former,
            by: self.by(),
        };
        let text = DraftedText {
            department: named,
            unit: seen.unit_name.clone(),
            place: seen.state.place.clone().unwrap_or_default(),
            found: seen.state.description.clone().unwrap_or_default(),
            request,
            photos,
        };
        Ok(vec![TransferEvent::Drafted(Parts::with_text(core, text))])
    }

    pub(super) fn submit(&self, letter: &TransferState) -> Decision {
        let Stage::Drafted {} = &letter.stage else {
            return Err(Self::wrong_stage(letter, "submit"));
        };
        Ok(vec![TransferEvent::Submitted(Parts::core(Acted { by: self.by() }))])
    }

    pub(super) fn sign(
        &self,
        letter: &TransferState,
        passed: bool,
        document_number: &str,
        note: &Note,
    ) -> Decision {
        let Stage::Signing {} = &letter.stage else {
            return Err(Self::wrong_stage(letter, "sign"));
        };
        if letter.letter.drafters().any(|doer| doer.is(self.context.standing)) {
            return Err(Refusal::new("transfer-another-signs"));
        }
        if !passed {
            let core = Acted { by: self.by() };
            return Ok(vec![TransferEvent::SentBack(Parts::with_text(core, self.wording().why(note)?))]);
        }
        self.still_ahead(letter)?;
        let text = SignedText {
            document_number: self.wording().maybe_said(
                "document_number",
                document_number,
                limits::NAME_CHARS,
            )?,
            note: self.wording().note(note)?.note,
        };
        let core = Signed { number: self.facts.next, by: self.by() };
        Ok(vec![TransferEvent::Signed(Parts::with_text(core, text))])
    }

    fn still_ahead(&self, letter: &TransferState) -> Result<(), Refusal> {
        if letter.letter.reply_by <= self.now {
            let date = letter.letter.reply_by.local_date();
            return Err(Refusal::new("transfer-day-past").with("date", date));
        }
        Ok(())
    }

    pub(super) fn send(
        &self,
        letter: &TransferState,
        channel: Channel,
        on: Option<Timestamp>,
        note: &Note,
    ) -> Decision {
        let Stage::Signed { signature } = &letter.stage else {
            return Err(Self::wrong_stage(letter, "send"));
        };
        self.still_ahead(letter)?;
        let missing = |_| Refusal::new("rules-missing").with("rule", REPLY_MOST);
        let core = Sent {
            channel: channel.into(),
            on: self.day(on, signature.at)?,
            receipt: self.due_by("transfer.receipt")?,
            reply: self.rules.due_at(letter.letter.reply_by, self.now.local_date()).map_err(missing)?,
            by: self.by(),
        };
        Ok(vec![TransferEvent::Sent(Parts::with_text(core, self.wording().note(note)?))])
    }

    /// As long as nobody answered.
    pub(super) fn withdraw(&self, letter: &TransferState, note: &Note) -> Decision {
        if !letter.is_unanswered() {
            return Err(Self::wrong_stage(letter, "withdraw"));
        }
        let core = Acted { by: self.by() };
        Ok(vec![TransferEvent::Withdrawn(Parts::with_text(core, self.wording().why(note)?))])
    }
}

/// Photos of this hazard alone, each once, as many as one act may carry.
fn chosen(photos: &[Photo], seen: &HazardSeen) -> Result<Vec<Photo>, Refusal> {
    let mut chosen: Vec<Photo> = Vec::new();
    for photo in photos {
        if !seen.photos.contains(photo) {
            return Err(Refusal::new("transfer-photo-foreign").on("chosen"));
        }
        if !chosen.contains(photo) {
            chosen.push(photo.clone());
        }
    }
    if chosen.len() > limits::PHOTOS_PER_ACT {
        return Err(Refusal::new("photos-too-many").with("most", limits::PHOTOS_PER_ACT).on("chosen"));
    }
    Ok(chosen)
}
