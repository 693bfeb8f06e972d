//! Decisions about cases. Pure: state, command, facts and the instant in; events or a refusal out.

mod carry;
mod find;
mod open;

use hazard::{Note, Wording};
use journal::{Context, Doer, Parts};
use kernel::{PersonId, Refusal, Timestamp, UnitId, limits};
use rules::{DueBy, RuleBook};

use super::{
    clocks::{Span, spans},
    command::CaseCommand,
    event::{Acted, CaseEvent, DeadlineWarned, Extended, SilenceRecorded, Stated},
    facts::CaseFacts,
    state::{CaseState, SideState, Stage, StageCode},
};

pub(crate) use find::HELD;

/// What a decision leans on.
struct Judge<'a> {
    rules: &'a RuleBook,
    facts: &'a CaseFacts,
    context: &'a Context<'a>,
    now: Timestamp,
}

type Decision = Result<Vec<CaseEvent>, Refusal>;

pub(super) fn decide(
    state: Option<&CaseState>,
    command: &CaseCommand,
    facts: &CaseFacts,
    context: &Context<'_>,
) -> Decision {
    let judge = Judge { rules: &facts.rules, facts, context, now: context.now };
    let Some(case) = state else {
        return match command {
            CaseCommand::Open(draft) => judge.open(draft),
            _ => Err(Refusal::new("accountability-unknown")),
        };
    };
    match command {
        CaseCommand::Open(_) => Err(Judge::wrong_stage(case, "open")),
        CaseCommand::State { side, note } => judge.state(case, *side, note),
        CaseCommand::Find(draft) => judge.find(case, draft),
        CaseCommand::Submit => judge.submit(case),
        CaseCommand::Review { passed, note } => judge.review(case, *passed, note),
        CaseCommand::Conclude { passed, document_number, although, note } => {
            judge.conclude(case, *passed, (document_number, although), note)
        }
        CaseCommand::Handle { side, document_number, note } => {
            judge.handle(case, *side, document_number, note)
        }
        CaseCommand::ReportMeasures { side, note } => judge.report(case, *side, note),
        CaseCommand::CheckMeasures { side, passed, note } => judge.check(case, *side, *passed, note),
        CaseCommand::Extend(note) => judge.extend(case, note),
        CaseCommand::CallOff(note) => judge.call_off(case, note),
        CaseCommand::Tick { clock } => Ok(judge.tick(case, clock)),
    }
}

impl Judge<'_> {
    fn by(&self) -> Option<PersonId> {
        self.context.standing.person
    }

    const fn wording(&self) -> Wording<'_> {
        Wording(self.rules)
    }

    fn due_by(&self, rule: &str, started: Timestamp) -> Result<DueBy, Refusal> {
        let missing = |_| Refusal::new("rules-missing").with("rule", rule);
        self.rules.due_by(rule, started, self.now.local_date()).map_err(missing)
    }

    fn is(&self, doer: &Doer) -> bool {
        doer.is(self.context.standing)
    }

    /// Words that must say something, and are no filler.
    fn told(&self, field: &'static str, text: &str) -> Result<String, Refusal> {
        let text = self.wording().said(field, text, limits::TEXT_CHARS)?;
        if self.rules.is_filler(&text) {
            return Err(Refusal::new("accountability-filler").with("text", &text).on(field));
        }
        Ok(text)
    }

    fn wrong_stage(case: &CaseState, act: &'static str) -> Refusal {
        Refusal::new("accountability-wrong-stage").with("stage", case.stage.code().name()).with("act", act)
    }

    fn side(case: &CaseState, unit: UnitId) -> Result<&SideState, Refusal> {
        case.side(unit).ok_or_else(|| Refusal::new("accountability-no-side").on("side"))
    }

    /// Whoever answers for a side writes for it; what came on paper the county's office writes down, with the paper.
    fn on_behalf(&self, note: &Note) -> Result<bool, Refusal> {
        if self.facts.acts_for {
            return Ok(false);
        }
        if !self.context.standing.may(access::names::ACCOUNTABILITY_FIND) {
            return Err(Refusal::new("accountability-not-your-side").on("side"));
        }
        if note.photos.is_empty() {
            return Err(Refusal::new("accountability-paper-missing").on("photos"));
        }
        Ok(true)
    }

    /// What comes late counts all the same, until the findings have gone to be reviewed.
    fn state(&self, case: &CaseState, unit: UnitId, note: &Note) -> Decision {
        let late = match &case.stage {
            Stage::Stating {} => false,
            Stage::Finding {} => true,
            _ => return Err(Self::wrong_stage(case, "state")),
        };
        let side = Self::side(case, unit)?;
        if case.writers.iter().any(|writer| self.is(writer)) {
            return Err(Refusal::new("accountability-wrote"));
        }
        if side.spoke.len() >= HELD {
            return Err(Refusal::new("accountability-statements-many").with("most", HELD));
        }
        let core = Stated { side: unit, on_behalf: self.on_behalf(note)?, late, by: self.by() };
        Ok(vec![CaseEvent::Stated(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// Once, counted from the end of the first span.
    fn extend(&self, case: &CaseState, note: &Note) -> Decision {
        if !case.stage.code().is_open() {
            return Err(Self::wrong_stage(case, "extend"));
        }
        if case.extended {
            return Err(Refusal::new("accountability-extended-once"));
        }
        let investigation = self.due_by("accountability.investigation.more", case.investigation.at)?;
        let core = Extended { investigation, by: self.by() };
        Ok(vec![CaseEvent::Extended(Parts::with_text(core, self.wording().why(note)?))])
    }

    fn call_off(&self, case: &CaseState, note: &Note) -> Decision {
        if !case.stage.code().is_open() {
            return Err(Self::wrong_stage(case, "call-off"));
        }
        let core = Acted { by: self.by() };
        Ok(vec![CaseEvent::CalledOff(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// The highest mark reached, once. When the time to speak is over, silence is written down and no more.
    fn tick(&self, case: &CaseState, clock: &str) -> Vec<CaseEvent> {
        let Some(Span { name, started, due }) = spans(case).into_iter().find(|span| span.name == clock)
        else {
            return Vec::new();
        };
        let mark = due.mark_at(started, self.now);
        if mark <= case.marks.get(name).copied().unwrap_or(0) {
            return Vec::new();
        }
        let warned = CaseEvent::DeadlineWarned(Parts::core(DeadlineWarned { clock: name.to_owned(), mark }));
        let over = case.stage.code() == StageCode::Stating && name == "statement" && mark >= 100;
        if !over {
            return vec![warned];
        }
        let silent = case.sides.iter().filter(|one| one.spoke.is_empty()).map(|one| one.side.unit);
        let core = SilenceRecorded { sides: silent.collect() };
        vec![warned, CaseEvent::SilenceRecorded(Parts::core(core))]
    }
}
