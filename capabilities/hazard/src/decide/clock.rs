//! What the platform itself records when a clock reaches a mark: a warning, then the climb 提醒 -> 约谈 -> 提级督办.

use journal::Parts;
use kernel::{Refusal, Timestamp};
use rules::{ClimbStep, DueBy, RuleValue};

use super::{Decision, Judge};
use crate::{
    clocks::{help_clock, reached, running},
    event::{Acted, ClimbAnswered, DeadlineWarned, Escalated, HazardEvent, Note},
    level::{Escalation, Level},
    state::HazardState,
    turn::{Act, turn, watch},
};

impl Judge<'_> {
    pub(super) fn tick(&self, hazard: &HazardState, clock: &str) -> Decision {
        if let Some((name, help)) = help_clock(hazard).filter(|(name, _)| *name == clock) {
            let mark = help.due.mark_at(help.since, self.now);
            return Ok(warned(hazard, name, mark, None).into_iter().collect());
        }
        let (Some((name, started)), Some(due)) = (running(hazard), hazard.due()) else {
            return Ok(Vec::new());
        };
        if name != clock {
            // The work went on before the clock was heard.
            return Ok(Vec::new());
        }
        let ladder = self.ladder(hazard)?;
        let overdue_days = overdue_days(due, self.now);
        let mark = due.mark_at(started, self.now);
        let climb_after_days = ladder.first().filter(|_| mark == 100).map(|step| step.after);
        let mut events: Vec<HazardEvent> = warned(hazard, name, mark, climb_after_days).into_iter().collect();
        if due.at < self.now && hazard.stage.code().is_open() {
            events.extend(self.climb(hazard, &ladder, overdue_days));
        }
        Ok(events)
    }

    fn ladder(&self, hazard: &HazardState) -> Result<Vec<ClimbStep>, Refusal> {
        let level = hazard.level.unwrap_or(Level::General).name();
        let id = format!("hazard.climb.{level}");
        match self.rules.value(&id, self.now.local_date()).map(|decision| decision.value) {
            Ok(RuleValue::Ladder(steps)) => Ok(steps),
            Ok(RuleValue::Duration(_) | RuleValue::Marks(_) | RuleValue::PerPlan | RuleValue::Choice(_))
            | Err(_) => Err(Refusal::new("rules-missing").with("rule", id)),
        }
    }

    /// 约谈 or 提级督办 was carried out; what was said and agreed is its record.
    pub(super) fn answer_climb(&self, hazard: &HazardState, note: &Note) -> Decision {
        let Some(watch) = watch(hazard) else { return Err(Self::wrong_stage(hazard, "answer-climb")) };
        let standing = self.context.standing;
        // A step of the central school may be taken by the county, not the other way round.
        let central =
            watch.act == Act::Talk && hazard.central_now().is_some() && standing.may("hazard.central");
        if !central && !standing.may("hazard.county") {
            return Err(Refusal::new("hazard-county-decides"));
        }
        let core = ClimbAnswered { step: watch.step, by: standing.person };
        // 无 is no record of a talk.
        self.fixed("note", &note.note)?;
        Ok(vec![HazardEvent::ClimbAnswered(Parts::with_text(core, self.wording().told(note)?))])
    }

    /// 催办: downwards only, not oneself, and not the same step twice a day.
    pub(super) fn urge(&self, hazard: &HazardState, note: &Note) -> Decision {
        let Some(turn) = turn(hazard).filter(|_| hazard.stage.code().is_open()) else {
            return Err(Self::wrong_stage(hazard, "urge"));
        };
        let standing = self.context.standing;
        let there = turn.unit == hazard.unit;
        let above = match () {
            () if standing.may("hazard.county") => Some(turn.unit) != hazard.county,
            () if standing.may("hazard.central") => there,
            () => there && turn.person.is_some() && standing.may("hazard.assign"),
        };
        if !above || (standing.person.is_some() && turn.person == standing.person) {
            return Err(Refusal::new("hazard-urge-self"));
        }
        if let Some(urged) = hazard.urged {
            let again = self.due_by("hazard.urge.again", urged.at)?.at;
            if self.now < again {
                return Err(Refusal::new("hazard-urged-lately").with("date", again.local_date()));
            }
        }
        let core = Acted { by: standing.person };
        Ok(vec![HazardEvent::Urged(Parts::with_text(core, self.wording().why(note)?))])
    }

    /// The highest step reached by now, once: a long downtime climbs in one move.
    fn climb(&self, hazard: &HazardState, ladder: &[ClimbStep], overdue_days: u32) -> Option<HazardEvent> {
        let reached = ladder.iter().rfind(|step| step.after <= overdue_days)?;
        let step = Escalation::named(&reached.step)?;
        if hazard.escalation.is_some_and(|known| known >= step) {
            return None;
        }
        let climb_after_days = ladder.iter().find(|step| step.after > overdue_days).map(|step| step.after);
        Some(HazardEvent::Escalated(Parts::core(Escalated { step, overdue_days, climb_after_days })))
    }
}

/// The warning of a mark that was not reached before.
fn warned(
    hazard: &HazardState,
    clock: &'static str,
    mark: u8,
    climb_after_days: Option<u32>,
) -> Option<HazardEvent> {
    let warning = DeadlineWarned { clock: clock.to_owned(), mark, climb_after_days };
    (mark > reached(hazard, clock)).then(|| HazardEvent::DeadlineWarned(Parts::core(warning)))
}

fn overdue_days(due: &DueBy, now: Timestamp) -> u32 {
    u32::try_from(now.since_ms(due.at).div_euclid(Timestamp::DAY_MS)).unwrap_or(0)
}
