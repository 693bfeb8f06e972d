//! What the answer to a command on an adjustment is.

mod check;

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{Date, Refusal};
use rules::RuleBook;

use crate::{
    change::Change,
    command::{AdjustmentCommand, Draft},
    event::{Acted, Activated, AdjustmentEvent, Concerned, Drafted, Ended, Number},
    facts::AdjustmentFacts,
    in_force::laid,
    state::{AdjustmentState, Stage, StageCode},
};

type Decision = Result<Vec<AdjustmentEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&AdjustmentState>,
    command: &AdjustmentCommand,
    facts: &AdjustmentFacts,
    context: &Context<'_>,
) -> Decision {
    let judge = Judge { facts, context };
    let Some(adjustment) = state else {
        return match command {
            AdjustmentCommand::Draft(draft) => judge.draft(draft),
            _ => Err(Refusal::new("adjustment-unknown")),
        };
    };
    match command {
        AdjustmentCommand::Draft(draft) => judge.redraft(adjustment, draft),
        AdjustmentCommand::SendBack(note) => judge.send_back(adjustment, note),
        AdjustmentCommand::Drop(note) => judge.drop(adjustment, note),
        AdjustmentCommand::Activate { concerned, note } => judge.activate(adjustment, concerned, note),
        AdjustmentCommand::End { on, note } => judge.end(adjustment, *on, note),
    }
}

struct Judge<'a> {
    facts: &'a AdjustmentFacts,
    context: &'a Context<'a>,
}

fn wrong_stage(adjustment: &AdjustmentState, act: &'static str) -> Refusal {
    Refusal::new("adjustment-wrong-stage").with("stage", adjustment.stage.code().name()).with("act", act)
}

impl Judge<'_> {
    fn wording(&self) -> Wording<'_> {
        Wording(&self.facts.rules)
    }

    fn today(&self) -> Date {
        self.context.now.local_date()
    }

    fn acted(&self) -> Acted {
        Acted { by: self.context.standing.person }
    }

    /// Nothing that was decided today already is decided by it.
    fn ahead(&self, day: Option<Date>, field: &'static str) -> Result<Date, Refusal> {
        let day = day.ok_or_else(|| Refusal::new("field-required").on(field))?;
        if day <= self.today() {
            return Err(Refusal::new("adjustment-from-tomorrow").with("date", day).on(field));
        }
        Ok(day)
    }

    fn checked(&self, draft: &Draft, number: Number) -> Result<(Drafted, Note), Refusal> {
        let from = self.ahead(draft.from, "from")?;
        let changes = check::changes(&draft.changes, from, &self.facts.rules)?;
        let reason = self.wording().why(&draft.reason)?;
        let by = self.context.standing.person;
        Ok((Drafted { number, county: draft.county, from, changes, by }, reason))
    }

    fn draft(&self, draft: &Draft) -> Decision {
        let (core, reason) = self.checked(draft, self.facts.next)?;
        Ok(vec![AdjustmentEvent::Drafted(Parts::with_text(core, reason))])
    }

    fn redraft(&self, adjustment: &AdjustmentState, draft: &Draft) -> Decision {
        match adjustment.stage {
            Stage::Waiting | Stage::SentBack => {}
            Stage::Dropped | Stage::Active { .. } | Stage::Ended { .. } => {
                return Err(wrong_stage(adjustment, "draft"));
            }
        }
        let draft = Draft { county: adjustment.county, ..draft.clone() };
        let (core, reason) = self.checked(&draft, adjustment.number)?;
        Ok(vec![AdjustmentEvent::Redrafted(Parts::with_text(core, reason))])
    }

    fn send_back(&self, adjustment: &AdjustmentState, note: &Note) -> Decision {
        if adjustment.stage.code() != StageCode::Waiting {
            return Err(wrong_stage(adjustment, "send_back"));
        }
        Ok(vec![AdjustmentEvent::SentBack(Parts::with_text(self.acted(), self.wording().why(note)?))])
    }

    fn drop(&self, adjustment: &AdjustmentState, note: &Note) -> Decision {
        match adjustment.stage {
            Stage::Waiting | Stage::SentBack => {
                let reason = self.wording().why(note)?;
                Ok(vec![AdjustmentEvent::Dropped(Parts::with_text(self.acted(), reason))])
            }
            Stage::Dropped | Stage::Active { .. } | Stage::Ended { .. } => {
                Err(wrong_stage(adjustment, "drop"))
            }
        }
    }

    /// Whoever drafts does not decide as well.
    fn second_person(&self, adjustment: &AdjustmentState) -> Result<(), Refusal> {
        match self.context.standing.person {
            Some(me) if !adjustment.drafters.contains(&me) => Ok(()),
            _ => Err(Refusal::new("adjustment-second-person")),
        }
    }

    fn activate(&self, adjustment: &AdjustmentState, concerned: &[Concerned], note: &Note) -> Decision {
        if adjustment.stage.code() != StageCode::Waiting {
            return Err(wrong_stage(adjustment, "activate"));
        }
        self.second_person(adjustment)?;
        self.ahead(Some(adjustment.from), "from")?;
        check::changes(&adjustment.changes, adjustment.from, &self.facts.rules)?;
        let stage = Stage::Active { at: self.context.now };
        let made = self.made(AdjustmentState { stage, ..adjustment.clone() })?;
        let cases = cases_that_agree(adjustment, &self.facts.rules, &made)?;
        let core = Activated {
            stamp: made.stamp(),
            from: adjustment.from,
            cases,
            concerned: concerned.to_vec(),
            by: self.context.standing.person,
        };
        let note = self.wording().note(note)?;
        Ok(vec![AdjustmentEvent::Activated(Parts::with_text(core, note))])
    }

    fn end(&self, adjustment: &AdjustmentState, on: Option<Date>, note: &Note) -> Decision {
        let Stage::Active { at } = adjustment.stage else {
            return Err(wrong_stage(adjustment, "end"));
        };
        let on = self.ahead(on, "on")?;
        let reason = self.wording().why(note)?;
        let made = self.made(AdjustmentState { stage: Stage::Ended { at, on }, ..adjustment.clone() })?;
        let core = Ended { on, stamp: made.stamp(), by: self.context.standing.person };
        Ok(vec![AdjustmentEvent::Ended(Parts::with_text(core, reason))])
    }

    /// The rules with this one among the others, in its place.
    fn made(&self, adjustment: AdjustmentState) -> Result<RuleBook, Refusal> {
        let number = adjustment.number.to_string();
        let mut all = self.facts.others.clone();
        let activated = |state: &AdjustmentState| state.activated().map(|(at, _)| at);
        let place = all.partition_point(|other| activated(other) <= activated(&adjustment));
        all.insert(place, adjustment);
        let made = laid(&self.facts.base, &all);
        match made.left_out.into_iter().find(|(left, _)| *left == number) {
            None => Ok(made.book),
            Some((_, why)) => Err(Refusal::new("adjustment-does-not-fit").with("why", why)),
        }
    }
}

/// Evaluates the cases of the rules: what an adjustment does not name answers as before. How many agreed.
pub(crate) fn cases_that_agree(
    adjustment: &AdjustmentState,
    before: &RuleBook,
    after: &RuleBook,
) -> Result<u32, Refusal> {
    let days = adjustment.changes.iter().any(|c| matches!(c, Change::Day { .. } | Change::Year { .. }));
    let named = |rule: &Option<String>| match rule {
        Some(rule) => adjustment.changes.iter().any(|change| change.rule() == Some(rule)),
        None => false,
    };
    let (was, is) = (before.run_cases(), after.run_cases());
    let odd = is.failures.iter().find(|failure| {
        let known = was.failures.iter().any(|old| (&old.file, old.line) == (&failure.file, failure.line));
        !known && !days && !named(&failure.rule)
    });
    match odd {
        None => Ok(u32::try_from(is.passed).unwrap_or(u32::MAX)),
        Some(failure) => Err(Refusal::new("adjustment-case").with("case", &failure.name)),
    }
}
