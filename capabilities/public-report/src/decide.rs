//! Decisions about reports. Pure: state, command, facts and the instant in; events or a refusal out.

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{PersonId, Refusal, StreamId, Timestamp, limits};
use rules::DueBy;

use crate::{
    clocks::{ANSWER, TELEPHONE, answering},
    command::{PublicReportCommand, Reception},
    event::{
        Answer, Answered, Nothing, Number, PublicReportEvent, Received, ReceivedText, SentBack, TakenUp,
        Told, Warned,
    },
    facts::{HazardSeen, PublicReportFacts},
    state::{PublicReportState, Stage, Telephone},
};

type Decision = Result<Vec<PublicReportEvent>, Refusal>;

/// What a decision leans on.
struct Judge<'a> {
    facts: &'a PublicReportFacts,
    context: &'a Context<'a>,
    now: Timestamp,
}

pub(crate) fn decide(
    state: Option<&PublicReportState>,
    command: &PublicReportCommand,
    facts: &PublicReportFacts,
    context: &Context<'_>,
) -> Decision {
    use PublicReportCommand as C;
    let judge = Judge { facts, context, now: context.now };
    match (state, command) {
        (None, C::Receive(asked)) => judge.receive(asked),
        (None, _) => Err(Refusal::new("public-report-unknown")),
        (Some(_), C::Receive(_)) => Err(Refusal::new("public-report-sent-before")),
        (Some(report), C::TakeUp { hazard, words }) => judge.take_up(report, *hazard, words),
        (Some(report), C::Answer { answer, hazard, words }) => judge.answer(report, *answer, *hazard, words),
        (Some(report), C::SendBack(note)) => judge.send_back(report, note),
        (Some(report), C::Tick { clock }) => Ok(judge.tick(report, clock)),
    }
}

impl Judge<'_> {
    const fn by(&self) -> Option<PersonId> {
        self.context.standing.person
    }

    const fn wording(&self) -> Wording<'_> {
        Wording(&self.facts.rules)
    }

    fn due_by(&self, rule: &str) -> Result<DueBy, Refusal> {
        let missing = |_| Refusal::new("rules-missing").with("rule", rule);
        self.facts.rules.due_by(rule, self.now, self.now.local_date()).map_err(missing)
    }

    fn receive(&self, asked: &Reception) -> Decision {
        let (seat, unit) = self.facts.seat.as_ref().ok_or_else(|| Refusal::new("unit-unknown"))?;
        let place = self.facts.place.as_ref().filter(|place| place.open);
        let place = place.filter(|_| seat.institution && !seat.closed);
        let place = place.ok_or_else(|| Refusal::new("public-report-place-closed"))?;
        if self.facts.today >= limits::REPORTS_PER_PLACE_A_DAY {
            return Err(Refusal::new("public-report-place-full"));
        }
        let category = self.category(&asked.category)?;
        let text = ReceivedText {
            unit: unit.clone(),
            place: place.name.clone(),
            spot: self.wording().maybe_said("spot", &asked.spot, limits::NAME_CHARS)?,
            words: self.wording().maybe_said("words", &asked.words, limits::TEXT_CHARS)?,
            photos: asked.photos.clone(),
        };
        if text.photos.len() > limits::REPORT_PHOTOS {
            return Err(Refusal::new("photos-too-many").with("most", limits::REPORT_PHOTOS).on("photos"));
        }
        let says_nothing = text.words.is_empty() || self.facts.rules.is_filler(&text.words);
        if says_nothing && text.photos.is_empty() {
            return Err(Refusal::new("public-report-says-nothing").on("words"));
        }
        let core = Received {
            number: Number { year: self.now.local_date().year(), serial: self.facts.serial },
            unit: asked.unit,
            place: asked.place,
            township: seat.township,
            central: seat.central,
            county: seat.county,
            category,
            telephone: asked.telephone,
            due: self.due_by("public-report.answer")?,
        };
        Ok(vec![PublicReportEvent::Received(Parts::with_text(core, text))])
    }

    /// The category, if it may be chosen; H16, H17 and H22 are never stored here.
    fn category(&self, code: &str) -> Result<Option<String>, Refusal> {
        if code.is_empty() {
            return Ok(None);
        }
        let known =
            self.facts.rules.category(code).ok_or_else(|| Refusal::new("field-choose").on("category"))?;
        if known.is_on() {
            Ok(Some(known.code.to_string()))
        } else {
            Err(Refusal::new("hazard-category-restricted").with("category", code).on("category"))
        }
    }

    /// What is written for the public: no filler, no number of anybody.
    fn told(&self, words: &str) -> Result<Told, Refusal> {
        let words = self.wording().said("words", words, limits::TEXT_CHARS)?;
        if self.facts.rules.is_filler(&words) {
            return Err(Refusal::new("hazard-why-filler").with("text", &words).on("words"));
        }
        Ok(Told { words })
    }

    /// The answer is owed, and a telephone goes so long after it.
    fn answering(&self, report: &PublicReportState, act: &'static str) -> Result<Option<Timestamp>, Refusal> {
        if !matches!(report.stage, Stage::Waiting { .. }) {
            let stage = report.stage.code().name();
            return Err(Refusal::new("public-report-wrong-stage").with("stage", stage).with("act", act));
        }
        match report.telephone {
            Telephone::Kept => Ok(Some(self.due_by("public-report.telephone")?.at)),
            Telephone::None | Telephone::Erased => Ok(None),
        }
    }

    /// The hazard that is named, at the school of the report.
    fn hazard_of(&self, report: &PublicReportState) -> Result<HazardSeen, Refusal> {
        let seen = self.facts.hazard.filter(|hazard| hazard.unit == report.unit);
        seen.ok_or_else(|| Refusal::new("public-report-hazard-unknown").on("hazard"))
    }

    fn take_up(&self, report: &PublicReportState, hazard: StreamId, words: &str) -> Decision {
        let forget = self.answering(report, "take-up")?;
        let seen = self.hazard_of(report)?;
        // The registration stands before this in the same unit of work: nothing else is taken for it.
        if !seen.from_public || !seen.open || seen.taken {
            return Err(Refusal::new("public-report-hazard-unknown").on("hazard"));
        }
        let core = TakenUp { hazard, hazard_number: seen.number, forget, by: self.by() };
        Ok(vec![PublicReportEvent::TakenUp(Parts::with_text(core, self.told(words)?))])
    }

    fn answer(
        &self,
        report: &PublicReportState,
        answer: Answer,
        hazard: Option<StreamId>,
        words: &str,
    ) -> Decision {
        let forget = self.answering(report, "answer")?;
        let (hazard, hazard_number) = match answer {
            Answer::Known => {
                let id = hazard.ok_or_else(|| Refusal::new("field-choose").on("hazard"))?;
                let seen = self.hazard_of(report)?;
                if !seen.open {
                    return Err(Refusal::new("public-report-hazard-closed").on("hazard"));
                }
                (Some(id), Some(seen.number))
            }
            Answer::NotSafety | Answer::NotFound | Answer::Void => (None, None),
        };
        let core = Answered { answer: answer.into(), hazard, hazard_number, forget, by: self.by() };
        Ok(vec![PublicReportEvent::Answered(Parts::with_text(core, self.told(words)?))])
    }

    /// Once: a school that was sent back and answers again has the last word, which everybody above it reads.
    fn send_back(&self, report: &PublicReportState, note: &Note) -> Decision {
        if !matches!(report.stage, Stage::Answered { .. }) {
            let stage = report.stage.code().name();
            return Err(Refusal::new("public-report-wrong-stage")
                .with("stage", stage)
                .with("act", "send-back"));
        }
        if report.sent_back_at.is_some() {
            return Err(Refusal::new("public-report-sent-back-before"));
        }
        let core = SentBack { due: self.due_by("public-report.again")?, by: self.by() };
        Ok(vec![PublicReportEvent::SentBack(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// The highest mark reached, once; a clock that was heard too late warns of nothing.
    fn tick(&self, report: &PublicReportState, clock: &str) -> Vec<PublicReportEvent> {
        match clock {
            ANSWER => {
                let unheard = answering(report).and_then(|span| span.unheard(&report.marks, self.now));
                let warned = unheard.map(|mark| PublicReportEvent::Warned(Parts::core(Warned { mark })));
                warned.into_iter().collect()
            }
            TELEPHONE => {
                let over = report.forget.is_some_and(|forget| forget <= self.now);
                match (report.telephone, over) {
                    (Telephone::Kept, true) => {
                        vec![PublicReportEvent::TelephoneErased(Parts::core(Nothing {}))]
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }
}
