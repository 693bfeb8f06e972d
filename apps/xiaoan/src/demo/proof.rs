//! From "it is fixed" to the end, and when each next step comes.

use anyhow::Result;
use hazard::{HazardCommand, Level, StageCode};
use kernel::Timestamp;

use super::{
    case::{Case, Fate, Judge, Running},
    history::{History, Step},
    listing::Listed,
    who, words,
};

impl History<'_> {
    pub(super) fn accept(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let person = who::accepts(self.world, self.school(case)?, case);
        let mut note = words::said(self.data, "accept", case);
        if case.is_major() || case.dice.chance(0.3) {
            note.photos = self
                .album
                .pair(&case.code, &mut case.dice)
                .map(|pair| vec![pair.after.clone()])
                .unwrap_or_default();
        }
        let on_site = case.is_major() || case.judge == Judge::School || case.dice.chance(0.5);
        self.ask(self.world.actor(person), now, case, "accept", HazardCommand::Accept { on_site, note })?;
        case.stage = StageCode::Accepted;
        let due = self.due("hazard.close", now)?;
        case.run(Some(Running { name: "close", started: now, due }));
        Ok(())
    }

    pub(super) fn send_back(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let person = who::accepts(self.world, self.school(case)?, case);
        let note = words::said(self.data, "returned", case);
        let (asked, due) = match (case.due > now, case.level) {
            (true, _) => (None, case.due),
            (false, Level::General) => (None, self.due("hazard.rectify.general", now)?),
            (false, Level::Larger) => (None, self.due("hazard.rectify.larger", now)?),
            (false, Level::Major) => {
                let due = self.calendar.end_of_day(now, 12);
                (Some(due), due)
            }
        };
        let command = HazardCommand::Return { note, due: asked };
        self.ask(self.world.actor(person), now, case, "return", command)?;
        case.late |= !case.fixed_on_time;
        case.due = due;
        case.counted_from = now;
        case.listed = case.listed.min(Listed::Received);
        case.returns += 1;
        case.fate.returned = false;
        case.stage = StageCode::Rectifying;
        case.run(Some(Running { name: "rectify", started: now, due }));
        Ok(())
    }

    pub(super) fn close(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let person = who::accepts(self.world, self.school(case)?, case);
        let note = words::said(self.data, "close", case);
        self.ask(self.world.actor(person), now, case, "close", HazardCommand::Close(note))?;
        case.stage = StageCode::Closed;
        let rule = match case.level {
            Level::General => "hazard.revisit.general",
            Level::Larger => "hazard.revisit.larger",
            Level::Major => "hazard.revisit.major",
        };
        let due = self.due(rule, now)?;
        case.run(Some(Running { name: "revisit", started: now, due }));
        Ok(())
    }

    pub(super) fn revisit(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        // Whoever could accept looks back.
        let person = who::accepts(self.world, self.school(case)?, case);
        let sound = !case.fate.recurs;
        let note = words::said(self.data, if sound { "revisit_ok" } else { "revisit_bad" }, case);
        self.ask(self.world.actor(person), now, case, "revisit", HazardCommand::Revisit { sound, note })?;
        if sound {
            case.stage = StageCode::Done;
            case.run(None);
            return Ok(());
        }
        case.fate = Fate { on_time: true, ..Fate::default() };
        case.stage = StageCode::Assigned;
        let due = self.due("hazard.takeon", now)?;
        case.run(Some(Running { name: "take-on", started: now, due }));
        Ok(())
    }

    /// Plans the step that carries the hazard on, and those beside it.
    pub(super) fn plan_next(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        if case.fate.stops_at == Some(case.stage) && !(case.fate.help && case.stage == StageCode::Rectifying)
        {
            return Ok(());
        }
        let pace = self.school(case)?.temper.pace();
        let (step, hours) = match case.stage {
            StageCode::Registered => {
                if case.fate.corrected {
                    let minutes = case.dice.between(8, 50);
                    self.later(now.plus_ms(minutes * Timestamp::MINUTE_MS), at, Step::Correct);
                }
                let step = if case.fate.withdrawn { Step::Withdraw } else { Step::Grade };
                (step, case.dice.lognormal(2.6, 0.9) * pace)
            }
            StageCode::Graded => (Step::Assign, case.dice.lognormal(3.2, 0.9) * pace),
            StageCode::Assigned => (Step::TakeOn, case.dice.lognormal(9.0, 0.8) * pace),
            StageCode::Rectifying => return self.plan_work(now, at, case),
            StageCode::ExtensionAsked => (Step::AnswerExtension, case.dice.lognormal(7.0, 0.7)),
            // The county's list goes on with it.
            StageCode::AwaitingAcceptance if case.is_major() && !case.fate.returned => return Ok(()),
            StageCode::AwaitingAcceptance => {
                let step = if case.fate.returned { Step::Return } else { Step::Accept };
                let median = if case.judge == Judge::School { 11.0 } else { 24.0 };
                (step, case.dice.lognormal(median, 0.8) * pace)
            }
            StageCode::Accepted => (Step::Close, case.dice.lognormal(4.0, 1.0)),
            StageCode::Closed => return self.plan_revisit(now, at, case),
            StageCode::Done | StageCode::Withdrawn | StageCode::CarriedOver => return Ok(()),
        };
        let when = self.calendar.later(now, hours.min(24.0 * 16.0), &mut case.dice);
        let when = if step == Step::Withdraw { self.in_time(now, when, case) } else { when };
        self.later(when, at, step);
        Ok(())
    }

    /// Before the clock's end, if it can be.
    fn in_time(&self, now: Timestamp, when: Timestamp, case: &Case) -> Timestamp {
        match case.clock {
            Some(clock) if when > clock.due => now.plus_ms(Timestamp::HOUR_MS / 2),
            Some(_) | None => when,
        }
    }

    fn plan_work(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let (step, when) = if case.fate.help {
            let share = case.dice.real(0.08, 0.3);
            (Step::AskHelp, self.calendar.before(now, case.due, share, &mut case.dice))
        } else if case.fate.extension && case.due > now {
            let share = case.dice.real(0.45, 0.72);
            (Step::AskExtension, self.calendar.before(now, case.due, share, &mut case.dice))
        } else {
            (Step::Rectify, self.fixed_at(now, case)?)
        };
        self.report(now, when, at, case);
        self.later(when, at, step);
        Ok(())
    }

    /// Weekly reports on major hazards, one in between on some others.
    fn report(&mut self, now: Timestamp, until: Timestamp, at: usize, case: &mut Case) {
        let often = match case.level {
            Level::Major => 7,
            Level::Larger => 6,
            Level::General if case.dice.chance(0.28) => 2,
            Level::General => return,
        };
        let mut when = now;
        for _ in 0..20 {
            when = self.calendar.at_work(when.plus_ms(often * Timestamp::DAY_MS), &mut case.dice);
            if when >= until {
                return;
            }
            self.later(when, at, Step::Progress);
            if case.level == Level::General {
                return;
            }
        }
    }

    fn fixed_at(&self, now: Timestamp, case: &mut Case) -> Result<Timestamp> {
        if case.due > now && (case.fate.on_time || case.returns > 0) {
            let share = case.dice.real(0.12, 0.9);
            return Ok(self.calendar.before(now, case.due, share, &mut case.dice));
        }
        let slow = self.school(case)?.temper.pace() > 1.0;
        let median = if slow { 75.0 } else { 30.0 };
        let hours = case.dice.lognormal(median, 0.8).clamp(2.0, 24.0 * 18.0);
        Ok(self.calendar.later(now.max(case.due), hours, &mut case.dice))
    }

    fn plan_revisit(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let Some(clock) = case.clock else { return Ok(()) };
        let when = if case.dice.chance(0.93) {
            let share = case.dice.real(0.15, 0.8);
            self.calendar.before(now, clock.due, share, &mut case.dice)
        } else {
            let hours = case.dice.lognormal(60.0, 0.6);
            self.calendar.later(clock.due, hours, &mut case.dice)
        };
        self.later(when, at, Step::Revisit);
        Ok(())
    }
}
