//! 认定、送审、审核、签发: what was found of each side, by whom, and who signs it.

use hazard::Note;
use journal::Parts;
use kernel::{Refusal, limits};

use super::{Decision, Judge};
use crate::case::{
    command::FindingDraft,
    event::{
        Acted, CaseEvent, Concluded, ConcludedText, Found, FoundText, Handling, Nothing, Owes, SentBack,
        Step, Verdict,
    },
    state::{CaseState, SideState, Stage},
};

/// Statements of one side, and rules of one finding, at most: what is held in the state stays small.
pub(crate) const HELD: usize = 20;

/// What is done to a person is decided by those who may: no handling of a unit holds it.
const PUNISHMENTS: [&str; 6] = ["处分", "记过", "降级", "撤职", "开除", "诫勉"];

impl Judge<'_> {
    pub(super) fn find(&self, case: &CaseState, draft: &FindingDraft) -> Decision {
        if !matches!(case.stage, Stage::Finding {}) {
            return Err(Self::wrong_stage(case, "find"));
        }
        let unit = draft.side.ok_or_else(|| Refusal::new("field-choose").on("side"))?;
        Self::side(case, unit)?;
        self.spoke_for_nobody(case)?;
        let verdict = draft.verdict.ok_or_else(|| Refusal::new("field-choose").on("verdict"))?;
        let facts = self.told("facts", &draft.facts)?;
        let basis = self.wording().maybe_said("basis", &draft.basis, limits::TEXT_CHARS)?;
        let rules = self.rules_named(&draft.rules)?;
        if rules.is_empty() && (basis.is_empty() || self.rules.is_filler(&basis)) {
            return Err(Refusal::new("accountability-basis").on("basis"));
        }
        let (handling, measures, measures_due) = match verdict {
            Verdict::Done => {
                let nothing = draft.handlings.is_empty() && draft.measures.trim().is_empty();
                if !nothing {
                    return Err(Refusal::new("accountability-done-needs-none").on("handlings"));
                }
                (String::new(), String::new(), None)
            }
            Verdict::Partly | Verdict::NotDone => self.consequences(draft)?,
        };
        let mut handlings = draft.handlings.clone();
        handlings.sort_unstable();
        handlings.dedup();
        let core = Found {
            side: unit,
            verdict: verdict.into(),
            rules,
            handlings: handlings.into_iter().map(Into::into).collect(),
            measures_due,
            by: self.by(),
        };
        let text = FoundText { facts, basis, handling, measures };
        Ok(vec![CaseEvent::Found(Parts::with_text(core, text))])
    }

    /// How a side is handled that did not do its duty, and what it puts right by when.
    fn consequences(
        &self,
        draft: &FindingDraft,
    ) -> Result<(String, String, Option<kernel::Timestamp>), Refusal> {
        if draft.handlings.is_empty() {
            return Err(Refusal::new("accountability-handling-missing").on("handlings"));
        }
        let handling = self.wording().maybe_said("handling", &draft.handling, limits::TEXT_CHARS)?;
        let wants_words =
            draft.handlings.iter().any(|one| matches!(one, Handling::HandedOver | Handling::Other));
        if wants_words && handling.is_empty() {
            return Err(Refusal::new("text-missing").on("handling"));
        }
        self.punishes_nobody("handling", &handling)?;
        let measures = self.told("measures", &draft.measures)?;
        self.punishes_nobody("measures", &measures)?;
        let due = draft.measures_due.ok_or_else(|| Refusal::new("field-required").on("measures_due"))?;
        if due <= self.now {
            let date = due.local_date();
            return Err(Refusal::new("accountability-measures-past").with("date", date).on("measures_due"));
        }
        Ok((handling, measures, Some(due)))
    }

    pub(super) fn punishes_nobody(&self, field: &'static str, text: &str) -> Result<(), Refusal> {
        match PUNISHMENTS.iter().find(|word| text.contains(**word)) {
            Some(word) => Err(Refusal::new("accountability-punishment").with("word", word).on(field)),
            None => Ok(()),
        }
    }

    fn rules_named(&self, named: &[String]) -> Result<Vec<String>, Refusal> {
        let mut rules = named.to_vec();
        rules.sort_unstable();
        rules.dedup();
        let known = |id: &String| self.rules.rules().any(|rule| *rule.id == **id);
        if rules.len() > HELD || !rules.iter().all(known) {
            return Err(Refusal::new("accountability-rule-unknown").on("rules"));
        }
        Ok(rules)
    }

    /// Whoever spoke for a side neither finds, nor reviews, nor signs.
    fn spoke_for_nobody(&self, case: &CaseState) -> Result<(), Refusal> {
        let spoke = case.sides.iter().flat_map(|one| &one.spoke).any(|doer| self.is(doer));
        if spoke { Err(Refusal::new("accountability-spoke")) } else { Ok(()) }
    }

    pub(super) fn submit(&self, case: &CaseState) -> Decision {
        if !matches!(case.stage, Stage::Finding {}) {
            return Err(Self::wrong_stage(case, "submit"));
        }
        let missing: Vec<&str> =
            case.sides.iter().filter(|one| one.finding.is_none()).map(|one| one.side.name.as_str()).collect();
        if !missing.is_empty() {
            return Err(Refusal::new("accountability-findings-missing").with("units", missing.join("、")));
        }
        Ok(vec![CaseEvent::Submitted(Parts::core(Acted { by: self.by() }))])
    }

    pub(super) fn review(&self, case: &CaseState, passed: bool, note: &Note) -> Decision {
        if !matches!(case.stage, Stage::Reviewing {}) {
            return Err(Self::wrong_stage(case, "review"));
        }
        if case.writers.iter().any(|writer| self.is(writer)) {
            return Err(Refusal::new("accountability-writer-may-not-review"));
        }
        self.spoke_for_nobody(case)?;
        if !passed {
            return self.send_back(Step::Review, note);
        }
        let core = Acted { by: self.by() };
        Ok(vec![CaseEvent::Reviewed(Parts::with_text(core, self.wording().note(note)?))])
    }

    fn send_back(&self, step: Step, note: &Note) -> Decision {
        let core = SentBack { step: step.into(), by: self.by() };
        Ok(vec![CaseEvent::SentBack(Parts::with_text(core, self.wording().why(note)?))])
    }

    pub(super) fn conclude(
        &self,
        case: &CaseState,
        passed: bool,
        (document_number, although): (&str, &str),
        note: &Note,
    ) -> Decision {
        let Stage::Signing { reviewer } = &case.stage else {
            return Err(Self::wrong_stage(case, "conclude"));
        };
        if case.writers.iter().chain([reviewer]).any(|doer| self.is(doer)) {
            return Err(Refusal::new("accountability-another-signs"));
        }
        self.spoke_for_nobody(case)?;
        if !passed {
            return self.send_back(Step::Sign, note);
        }
        let text = ConcludedText {
            document_number: self.wording().maybe_said(
                "document_number",
                document_number,
                limits::NAME_CHARS,
            )?,
            although: self.although(case, although)?,
            note: self.wording().note(note)?.note,
        };
        let owes = case.sides.iter().filter_map(|one| self.owes(one)).collect::<Result<Vec<_>, _>>()?;
        let nothing_left = owes.is_empty() && case.sides.iter().all(|one| !one.waits_for_handling());
        let core = Concluded {
            reading: self.facts.reading.clone(),
            although_missed: self.facts.missed.clone(),
            owes,
            post: self.facts.post.clone(),
            by: self.by(),
        };
        let concluded = CaseEvent::Concluded(Parts::with_text(core, text));
        let closed = nothing_left.then(|| CaseEvent::Closed(Parts::core(Nothing {})));
        Ok(std::iter::once(concluded).chain(closed).collect())
    }

    /// A side that missed a deadline may have done its duty; whoever signs that says why.
    fn although(&self, case: &CaseState, typed: &str) -> Result<String, Refusal> {
        // Where nothing was missed there is nothing to explain.
        if self.facts.missed.is_empty() {
            return Ok(String::new());
        }
        let names: Vec<&str> = self
            .facts
            .missed
            .iter()
            .filter_map(|unit| case.side(*unit))
            .map(|one| one.side.name.as_str())
            .collect();
        let refusal =
            || Refusal::new("accountability-although").with("units", names.join("、")).on("although");
        let text = self.wording().maybe_said("although", typed, limits::TEXT_CHARS)?;
        if text.is_empty() || self.rules.is_filler(&text) { Err(refusal()) } else { Ok(text) }
    }

    fn owes(&self, one: &SideState) -> Option<Result<Owes, Refusal>> {
        let due = one.finding.as_ref()?.measures_due?;
        if due <= self.now {
            let date = due.local_date();
            return Some(Err(Refusal::new("accountability-measures-past").with("date", date)));
        }
        let missing = |_| Refusal::new("rules-missing").with("rule", "clock.marks");
        let due = self.rules.due_at(due, self.now.local_date()).map_err(missing);
        Some(due.map(|due| Owes { side: one.side.unit, due }))
    }
}
