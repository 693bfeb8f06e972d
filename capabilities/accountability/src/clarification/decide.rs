//! Decisions about clarifications. Pure: state, command, facts and the instant in; events or a refusal out.

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{Refusal, limits};
use rules::RuleBook;

use super::{
    command::{Answer, ClarificationCommand, ClarificationDraft, Issue},
    event::{
        Acted, Asked, AskedText, ClarificationEvent, DeadlineWarned, DraftedText, Issued, Signed, SignedText,
    },
    facts::ClarificationFacts,
    state::{ClarificationState, Stage},
};

/// What a decision leans on.
struct Judge<'a> {
    rules: &'a RuleBook,
    facts: &'a ClarificationFacts,
    context: &'a Context<'a>,
}

type Decision = Result<Vec<ClarificationEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&ClarificationState>,
    command: &ClarificationCommand,
    facts: &ClarificationFacts,
    context: &Context<'_>,
) -> Decision {
    let judge = Judge { rules: &facts.rules, facts, context };
    match (state, command) {
        (None, ClarificationCommand::Ask(draft)) => judge.ask(draft),
        (None, ClarificationCommand::Issue(issue)) => Ok(judge.issue(issue)),
        // A conclusion is signed once.
        (Some(_), ClarificationCommand::Issue(_)) => Ok(Vec::new()),
        (None, _) => Err(Refusal::new("clarification-unknown")),
        (Some(state), ClarificationCommand::Ask(_)) => Err(wrong_stage(state, "ask")),
        (Some(state), ClarificationCommand::Draft { statement, basis }) => {
            judge.draft(state, statement, basis)
        }
        (Some(state), ClarificationCommand::Answer { answer, document_number, although, note }) => {
            match answer {
                Answer::Sign => judge.sign(state, document_number, although),
                Answer::Back => judge.send_back(state, note),
                Answer::Refuse => judge.refuse(state, note),
            }
        }
        (Some(state), ClarificationCommand::Tick { clock }) => Ok(judge.tick(state, clock)),
    }
}

fn wrong_stage(state: &ClarificationState, act: &'static str) -> Refusal {
    Refusal::new("clarification-wrong-stage").with("stage", state.code().name()).with("act", act)
}

impl Judge<'_> {
    const fn wording(&self) -> Wording<'_> {
        Wording(self.rules)
    }

    fn acted(&self) -> Acted {
        Acted { by: self.context.standing.person }
    }

    fn told(&self, field: &'static str, text: &str) -> Result<String, Refusal> {
        let text = self.wording().said(field, text, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&text) {
            return Err(Refusal::new("accountability-filler").with("text", &text).on(field));
        }
        Ok(text)
    }

    fn ask(&self, draft: &ClarificationDraft) -> Decision {
        let hazard = self.facts.hazard.as_ref().filter(|hazard| hazard.unit == draft.unit);
        let hazard = hazard.ok_or_else(|| Refusal::new("accountability-hazard"))?;
        if self.facts.open {
            return Err(Refusal::new("clarification-open-already"));
        }
        let purpose = draft.purpose.ok_or_else(|| Refusal::new("field-choose").on("purpose"))?;
        // Whoever asks for this has a dispute: its words are none to be kept out.
        let recipient = self.wording().claimed("recipient", &draft.recipient, limits::NAME_CHARS)?;
        if self.rules.is_filler(&recipient) {
            let refusal = Refusal::new("accountability-filler").with("text", &recipient);
            return Err(refusal.on("recipient"));
        }
        let claim = self.wording().claimed("claim", &draft.claim, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&claim) {
            return Err(Refusal::new("accountability-filler").with("text", &claim).on("claim"));
        }
        let missing = |_| Refusal::new("rules-missing").with("rule", "clarification.answer");
        let now = self.context.now;
        let core = Asked {
            hazard: draft.hazard,
            hazard_number: hazard.number,
            unit: hazard.unit,
            name: self.facts.name.clone(),
            county: hazard.county,
            purpose: purpose.into(),
            answer: self.rules.due_by("clarification.answer", now, now.local_date()).map_err(missing)?,
            by: self.context.standing.person,
        };
        let text = AskedText { recipient, claim };
        Ok(vec![ClarificationEvent::Asked(Parts::with_text(core, text))])
    }

    /// Written anew, as long as it is not signed.
    fn draft(&self, state: &ClarificationState, statement: &str, basis: &str) -> Decision {
        if !state.code().is_running() {
            return Err(wrong_stage(state, "draft"));
        }
        let statement = self.told("statement", statement)?;
        let basis = self.wording().maybe_said("basis", basis, limits::TEXT_CHARS)?;
        let text = DraftedText { statement, basis };
        Ok(vec![ClarificationEvent::Drafted(Parts::with_text(self.acted(), text))])
    }

    /// Whoever wrote it does not sign it.
    fn drafted(&self, state: &ClarificationState, act: &'static str) -> Result<(), Refusal> {
        let Stage::Drafted { drafters } = &state.stage else { return Err(wrong_stage(state, act)) };
        let wrote = drafters.iter().chain(&state.earlier).any(|doer| doer.is(self.context.standing));
        if wrote { Err(Refusal::new("clarification-another-signs")) } else { Ok(()) }
    }

    fn sign(&self, state: &ClarificationState, document_number: &str, although: &str) -> Decision {
        self.drafted(state, "sign")?;
        let document_number =
            self.wording().maybe_said("document_number", document_number, limits::NAME_CHARS)?;
        // Where nothing was missed there is nothing to explain.
        let although = match self.facts.missed {
            0 => String::new(),
            _ => self.wording().maybe_said("although", although, limits::TEXT_CHARS)?,
        };
        // A paper that says somebody did his duty may not pass over what he missed.
        if self.facts.missed > 0 && (although.is_empty() || self.rules.is_filler(&although)) {
            return Err(Refusal::new("clarification-although").with("n", self.facts.missed).on("although"));
        }
        let core = Signed {
            number: self.facts.next,
            reading: self.facts.reading.clone(),
            hands: self.facts.hands.clone(),
            missed: self.facts.missed,
            post: self.facts.post.clone(),
            by: self.context.standing.person,
        };
        let text = SignedText { document_number, although };
        Ok(vec![ClarificationEvent::Signed(Parts::with_text(core, text))])
    }

    fn send_back(&self, state: &ClarificationState, note: &Note) -> Decision {
        self.drafted(state, "sign")?;
        let note = self.wording().why(note)?;
        Ok(vec![ClarificationEvent::SentBack(Parts::with_text(self.acted(), note))])
    }

    fn refuse(&self, state: &ClarificationState, note: &Note) -> Decision {
        if !state.code().is_running() {
            return Err(wrong_stage(state, "refuse"));
        }
        let note = self.wording().why(note)?;
        Ok(vec![ClarificationEvent::Refused(Parts::with_text(self.acted(), note))])
    }

    fn issue(&self, issue: &Issue) -> Vec<ClarificationEvent> {
        let core = Issued {
            case: issue.case,
            case_number: issue.case_number,
            hazard: issue.hazard,
            hazard_number: issue.hazard_number,
            unit: issue.unit,
            name: issue.name.clone(),
            county: issue.county,
            rules: issue.rules.clone(),
            signed: Signed {
                number: self.facts.next,
                reading: issue.reading.clone(),
                hands: self.facts.hands.clone(),
                missed: self.facts.missed,
                post: issue.post.clone(),
                by: issue.by,
            },
        };
        let text = SignedText {
            document_number: issue.document_number.clone(),
            although: issue.although.clone().unwrap_or_default(),
        };
        vec![ClarificationEvent::Issued(Parts::with_text(core, text))]
    }

    fn tick(&self, state: &ClarificationState, clock: &str) -> Vec<ClarificationEvent> {
        let running = state.answer.as_ref().filter(|_| state.code().is_running() && clock == "answer");
        let Some(due) = running else { return Vec::new() };
        let mark = due.mark_at(state.begun_at, self.context.now);
        if mark <= state.marks.get(clock).copied().unwrap_or(0) {
            return Vec::new();
        }
        let core = DeadlineWarned { clock: clock.to_owned(), mark };
        vec![ClarificationEvent::DeadlineWarned(Parts::core(core))]
    }
}
