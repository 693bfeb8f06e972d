//! 签收、回函、请求续报: what comes back, by the link or written down by the office 代录.

use hazard::{Note, Photo};
use journal::Parts;
use kernel::{Refusal, Timestamp, limits};

use super::{Decision, Judge, letter::REPLY_MOST};
use crate::{
    command::{ReceiptDraft, ReplyDraft, Signatory},
    event::{Answer, AskedAgain, Author, Received, ReceivedText, Replied, RepliedText, TransferEvent, Way},
    state::{Stage, TransferState},
};

/// Replies to one letter: whoever asks more often writes another one.
pub(crate) const REPLIES: u32 = 5;
/// The rule that bounds how far away the day of a promise may lie.
pub(crate) const PROMISE_MOST: &str = "transfer.promise.max";

impl Judge<'_> {
    /// The link speaks for the department only while it opens the letter, and nobody but the platform brings what came
    /// by it; for the office it is not a way.
    fn comes_rightly(&self, letter: &TransferState, way: Way, link: Option<u32>) -> Result<(), Refusal> {
        let by_link = self.context.standing.is_system();
        let opens = link.is_some_and(|link| letter.opens(link, self.now));
        match (way, by_link) {
            (Way::Link, true) if opens => Ok(()),
            (Way::Link, true) => Err(Refusal::new("transfer-link-gone")),
            (Way::Paper | Way::Telephone | Way::Meeting, false) => Ok(()),
            (Way::Link, false) | (Way::Paper | Way::Telephone | Way::Meeting, true) => {
                Err(Refusal::new("field-choose").on("way"))
            }
        }
    }

    /// What comes by the link comes today.
    fn came_on(&self, way: Way, on: Option<Timestamp>, sent: Timestamp) -> Result<Timestamp, Refusal> {
        if way == Way::Link {
            return Ok(Timestamp::at_start_of(self.now.local_date()));
        }
        self.day(on, sent)
    }

    fn author(&self, signatory: &Signatory) -> Result<(String, Author), Refusal> {
        let said = |field, text: &str| self.wording().said(field, text, limits::NAME_CHARS);
        let office = said("office", &signatory.office)?;
        let author = Author { name: said("name", &signatory.name)?, post: said("post", &signatory.post)? };
        Ok((office, author))
    }

    fn brought(&self, photos: &[Photo]) -> Result<Vec<Photo>, Refusal> {
        let note = Note { note: String::new(), photos: photos.to_vec() };
        Ok(self.wording().note(&note)?.photos)
    }

    pub(super) fn receive(&self, letter: &TransferState, draft: &ReceiptDraft) -> Decision {
        self.comes_rightly(letter, draft.way, draft.link)?;
        let Stage::Sent { dispatch } = &letter.stage else {
            return Err(Self::wrong_stage(letter, "receive"));
        };
        let on = self.came_on(draft.way, draft.on, dispatch.on)?;
        let (office, author) = self.author(&draft.signatory)?;
        let text = ReceivedText { office, photos: self.brought(&draft.photos)? };
        let core = Received { way: draft.way.into(), on, by: self.by() };
        Ok(vec![TransferEvent::Received(Parts::with_personal(core, Some(text), author))])
    }

    pub(super) fn reply(&self, letter: &TransferState, draft: &ReplyDraft) -> Decision {
        self.comes_rightly(letter, draft.way, draft.link)?;
        let (Stage::Sent { dispatch } | Stage::Received { dispatch }) = &letter.stage else {
            return Err(Self::wrong_stage(letter, "reply"));
        };
        let on = self.came_on(draft.way, draft.on, dispatch.on)?;
        let promise = match draft.answer {
            Answer::TakenOn => Some(self.due_on("promise", draft.promise, PROMISE_MOST)?),
            Answer::Done | Answer::NotOurs => None,
        };
        let words = self.wording().said("words", &draft.words, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&words) {
            return Err(Refusal::new("transfer-words-filler").with("text", &words).on("words"));
        }
        let whose = match draft.answer {
            Answer::NotOurs => self.wording().maybe_said("whose", &draft.whose, limits::NAME_CHARS)?,
            Answer::TakenOn | Answer::Done => String::new(),
        };
        let (office, author) = self.author(&draft.signatory)?;
        let photos = self.brought(&draft.photos)?;
        if draft.way == Way::Paper && photos.is_empty() {
            return Err(Refusal::new("transfer-scan-missing").on("photos"));
        }
        let text = RepliedText { office, words, whose, photos };
        let core = Replied { answer: draft.answer, way: draft.way.into(), on, promise, by: self.by() };
        Ok(vec![TransferEvent::Replied(Parts::with_personal(core, Some(text), author))])
    }

    /// A promise comes due, or a result is not enough.
    pub(super) fn ask_again(
        &self,
        letter: &TransferState,
        until: Option<Timestamp>,
        note: &Note,
    ) -> Decision {
        if !matches!(letter.stage, Stage::TakenOn { .. } | Stage::Done { .. }) {
            return Err(Self::wrong_stage(letter, "ask-again"));
        }
        if letter.replies >= REPLIES {
            return Err(Refusal::new("transfer-replies-many").with("most", REPLIES));
        }
        let core = AskedAgain { reply: self.due_on("until", until, REPLY_MOST)?, by: self.by() };
        Ok(vec![TransferEvent::AskedAgain(Parts::with_text(core, self.wording().why(note)?))])
    }
}
