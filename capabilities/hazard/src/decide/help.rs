//! 提请解决: what a school cannot do itself, the county's answer, and what it did of what it promised.

use journal::Parts;
use kernel::{Refusal, Timestamp};
use rules::DueBy;

use super::{Decision, Judge, MAJOR_MAX};
use crate::{
    command::Answer,
    event::{Acted, HazardEvent, HelpAnswered, HelpAsked, Note},
    level::{HelpSaid, StageCode},
    state::{HazardState, Help},
    turn::{Act, owed},
};

/// The rule within which the county answers.
const ANSWER: &str = "hazard.help.answer";
/// The rule within which it does what it promised, where it names no other day.
pub(crate) const DELIVER: &str = "hazard.help.deliver";

impl Judge<'_> {
    pub(super) fn ask_help(&self, hazard: &HazardState, note: &Note) -> Decision {
        match hazard.stage.code() {
            StageCode::Graded | StageCode::Assigned | StageCode::Rectifying => {}
            StageCode::Registered
            | StageCode::ExtensionAsked
            | StageCode::AwaitingAcceptance
            | StageCode::Accepted
            | StageCode::Closed
            | StageCode::Done
            | StageCode::Withdrawn
            | StageCode::CarriedOver => return Err(Self::wrong_stage(hazard, "ask-help")),
        }
        match owed(hazard).map(|owed| owed.act) {
            Some(Act::AnswerHelp) => return Err(Refusal::new("hazard-help-asked-already")),
            Some(_) => return Err(Refusal::new("hazard-help-promised-already")),
            // What was promised is done.
            None => {}
        }
        let core = HelpAsked { due: Some(self.due_by(ANSWER, self.now)?), by: self.by() };
        Ok(vec![HazardEvent::HelpAsked(Parts::with_text(core, self.wording().why(note)?))])
    }

    pub(super) fn answer_help(
        &self,
        hazard: &HazardState,
        answer: Answer,
        until: Option<Timestamp>,
        note: &Note,
    ) -> Decision {
        if hazard.help != Some(Help::Asked) || !hazard.stage.code().is_open() {
            return Err(Self::wrong_stage(hazard, "answer-help"));
        }
        // A date beside a refusal would be lost without a word.
        if answer == Answer::Return && until.is_some() {
            return Err(Refusal::new("hazard-help-return-date").on("until"));
        }
        let (answer, due) = match answer {
            Answer::Support => (HelpSaid::Supported, Some(self.promised(until)?)),
            Answer::Return => (HelpSaid::Returned, None),
        };
        let core = HelpAnswered { answer: answer.into(), due, by: self.by() };
        Ok(vec![HazardEvent::HelpAnswered(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// By when the county does what it promises: the day it names, within the longest time anything may take.
    fn promised(&self, until: Option<Timestamp>) -> Result<DueBy, Refusal> {
        let Some(until) = until else { return self.due_by(DELIVER, self.now) };
        if until <= self.now {
            return Err(Refusal::new("hazard-due-past").with("date", until.local_date()).on("until"));
        }
        self.bounded(until, MAJOR_MAX, self.now).map_err(|refusal| refusal.on("until"))?;
        self.due_at(until)
    }

    pub(super) fn deliver_help(&self, hazard: &HazardState, note: &Note) -> Decision {
        // Also while what was fixed waits to be proved: then nothing is owed, and what was done can be said all the same.
        if hazard.help != Some(Help::Supported) || hazard.help_clock.is_none() {
            return Err(Self::wrong_stage(hazard, "deliver-help"));
        }
        if !self.context.standing.may("hazard.county") {
            return Err(Refusal::new("hazard-county-decides"));
        }
        // 无 says nothing of what was done.
        self.fixed("note", &note.note)?;
        let note = self.wording().told(note)?;
        Ok(vec![HazardEvent::HelpDelivered(Parts::with_text(Acted { by: self.by() }, note))])
    }
}
