//! From finding to fixing: each step asks its command and remembers what follows.

use anyhow::Result;
use hazard::{
    Answer, Extension, GradeAs, GuideItemAnswered, Hazard, HazardCommand, Level, Note, PlanDraft, StageCode,
};
use kernel::{Actor, Timestamp};

use super::{
    case::{Case, Running},
    history::{History, Step},
    who, words,
};

impl History<'_> {
    /// Does a step, if the hazard still stands where it belongs.
    pub(super) fn step(&mut self, now: Timestamp, at: usize, case: &mut Case, step: Step) -> Result<()> {
        let fits = match step {
            Step::Grade | Step::Withdraw => case.stage == StageCode::Registered,
            Step::Assign => case.stage == StageCode::Graded,
            Step::TakeOn => case.stage == StageCode::Assigned,
            Step::Progress | Step::Rectify | Step::AskExtension | Step::AskHelp => {
                case.stage == StageCode::Rectifying
            }
            Step::AnswerExtension => case.stage == StageCode::ExtensionAsked,
            Step::AnswerHelp => case.help_asked,
            Step::DeliverHelp => case.help_promised,
            Step::Accept | Step::Return => case.stage == StageCode::AwaitingAcceptance,
            Step::Close => case.stage == StageCode::Accepted,
            Step::Revisit => case.stage == StageCode::Closed,
            Step::Correct => case.stage.is_open(),
            Step::List(_) | Step::Bell(_) | Step::HelpBell(_) | Step::Letter(_) | Step::Inquire(_) => true,
            Step::SignStaffing | Step::Tick(_) | Step::Report(_) => false,
        };
        if !fits {
            return Ok(());
        }
        match step {
            Step::Grade => self.grade(now, case)?,
            Step::Assign => self.assign(now, case)?,
            Step::TakeOn => self.take_on(now, case)?,
            Step::Progress => {
                self.progress(now, case)?;
                return self.reported(now, at, case);
            }
            Step::Correct => return self.correct(now, case),
            Step::Inquire(step) => return self.inquire(now, at, case, step),
            Step::Withdraw => self.withdraw(now, case)?,
            Step::AskHelp => return self.ask_help(now, at, case),
            Step::AnswerHelp => self.answer_help(now, at, case)?,
            Step::DeliverHelp => return self.deliver_help(now, case),
            Step::AskExtension => self.ask_extension(now, case)?,
            Step::AnswerExtension => self.answer_extension(now, case)?,
            Step::Rectify => self.rectify(now, case)?,
            Step::Accept => self.accept(now, case)?,
            Step::Return => self.send_back(now, case)?,
            Step::Close => self.close(now, case)?,
            Step::Revisit => self.revisit(now, case)?,
            Step::List(step) => return self.list_step(now, at, case, step),
            Step::Bell(clock) => return self.bell(now, case, clock),
            Step::HelpBell(clock) => return self.help_bell(now, case, clock),
            Step::Letter(step) => return self.letter_step(now, at, case, step),
            Step::SignStaffing | Step::Tick(_) | Step::Report(_) => {}
        }
        if matches!(step, Step::TakeOn | Step::Return) {
            self.reported(now, at, case)?;
        }
        let found_major = step == Step::Grade || (step == Step::Revisit && case.stage.is_open());
        if case.is_major() && found_major {
            self.begin_listing(now, at, case)?;
        }
        self.apply_when_received(now, at, case);
        self.plan_next(now, at, case)
    }

    fn grade(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(who::officer(self.school(case)?, &mut case.dice));
        let guide = self.rules.guide(&case.code).filter(|guide| guide.loaded);
        let answers = guide.map_or_else(Vec::new, |guide| {
            let answer = |item: &rules::GuideItem| GuideItemAnswered {
                item: item.id.to_string(),
                met: *item.id == *case.matter.guide_item,
            };
            guide.items.iter().map(answer).collect()
        });
        let occasion = match case.level {
            Level::General => "grade",
            Level::Larger => "grade_larger",
            Level::Major => "grade_major",
        };
        let reason = case.dice.word(self.data.notes(occasion)).to_owned();
        let command = HazardCommand::Grade(GradeAs { level: case.level, answers, reason });
        self.ask(actor, now, case, "grade", command)?;
        case.graded = true;
        case.stage = StageCode::Graded;
        let due = self.due("hazard.assign", now)?;
        case.run(Some(Running { name: "assign", started: now, due }));
        Ok(())
    }

    fn assign(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let school = self.school(case)?;
        let person = if case.is_major() {
            who::county(self.world, &mut case.dice)
        } else {
            who::leader(school, &mut case.dice)
        };
        let responsible = if case.is_major() {
            school.staff.head
        } else {
            who::responsible(school, &case.code, &mut case.dice)
        };
        let note = words::said(self.data, "assign", case);
        let command = HazardCommand::Assign { responsible: self.world.person(responsible), note };
        self.ask(self.world.actor(person), now, case, "assign", command)?;
        case.responsible = responsible;
        case.stage = StageCode::Assigned;
        let due = self.due("hazard.takeon", now)?;
        case.run(Some(Running { name: "take-on", started: now, due }));
        Ok(())
    }

    fn take_on(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(who::officer(self.school(case)?, &mut case.dice));
        let days = match case.level {
            Level::General => case.dice.between(2, 7),
            Level::Larger => case.dice.between(8, 28),
            Level::Major => case.dice.between(20, 70),
        };
        let due = self.calendar.end_of_day(now, days);
        let draft = words::plan(self.data, case, self.category(case)?);
        let responsible = Some(self.world.person(case.responsible));
        let command = HazardCommand::TakeOn(PlanDraft { responsible, due: Some(due), ..draft });
        self.ask(actor, now, case, "take-on", command)?;
        case.since = now;
        case.counted_from = now;
        case.due = due;
        case.late = false;
        case.stage = StageCode::Rectifying;
        case.run(Some(Running { name: "rectify", started: now, due }));
        Ok(())
    }

    fn progress(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let note = words::said(self.data, "progress", case);
        self.ask(self.world.actor(case.responsible), now, case, "progress", HazardCommand::Progress(note))
    }

    fn correct(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(self.school(case)?.staff.officer);
        if case.is_major() && case.graded {
            return Ok(());
        }
        let command = HazardCommand::Correct {
            category: case.code.clone(),
            description: format!("{}{}（已现场核实）", case.matter.place, case.matter.item),
            place: case.matter.place.clone(),
        };
        self.ask(actor, now, case, "correct", command)
    }

    fn withdraw(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        if case.overdue(now) {
            return Ok(());
        }
        let actor = self.world.actor(self.school(case)?.staff.officer);
        let duplicate = case.dice.chance(0.6);
        let note = words::said(self.data, if duplicate { "duplicate" } else { "mistaken" }, case);
        self.ask(actor, now, case, "withdraw", HazardCommand::Withdraw { duplicate, same_as: None, note })?;
        case.stage = StageCode::Withdrawn;
        case.run(None);
        Ok(())
    }

    fn ask_help(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(self.school(case)?.staff.officer);
        let note = words::said(self.data, "help", case);
        self.ask(actor, now, case, "ask-help", HazardCommand::AskHelp(note))?;
        case.fate.help = false;
        case.help_asked = true;
        let hours = case.dice.lognormal(30.0, 0.6);
        let answered = self.calendar.later(now, hours, &mut case.dice);
        self.later(answered, at, Step::AnswerHelp);
        self.help_bells(now, at, "answer-help", "hazard.help.answer")
    }

    fn answer_help(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(who::county(self.world, &mut case.dice));
        let support = case.dice.chance(0.75);
        let note = words::said(self.data, if support { "support" } else { "back" }, case);
        let answer = if support { Answer::Support } else { Answer::Return };
        case.help_asked = false;
        let command = HazardCommand::AnswerHelp { answer, until: None, note };
        self.ask(actor, now, case, "answer-help", command)?;
        if !support {
            return Ok(());
        }
        case.help_promised = true;
        let hours = case.dice.lognormal(60.0, 0.8);
        let delivered = self.calendar.later(now, hours, &mut case.dice);
        self.later(delivered, at, Step::DeliverHelp);
        self.help_bells(now, at, "deliver-help", "hazard.help.deliver")
    }

    fn deliver_help(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let actor = self.world.actor(who::county(self.world, &mut case.dice));
        let note = words::said(self.data, "delivered", case);
        case.help_promised = false;
        self.ask(actor, now, case, "deliver-help", HazardCommand::DeliverHelp(note))
    }

    /// The clock of a request rings at each of its marks; where it was answered by then, nothing comes of it.
    fn help_bells(&mut self, now: Timestamp, at: usize, clock: &'static str, rule: &str) -> Result<()> {
        let running = Running { name: clock, started: now, due: self.due(rule, now)? };
        for when in self.alarms.rings(running) {
            self.later(when, at, Step::HelpBell(clock));
        }
        Ok(())
    }

    fn help_bell(&mut self, now: Timestamp, case: &Case, clock: &str) -> Result<()> {
        let command = HazardCommand::Tick { clock: clock.to_owned() };
        self.sender.send::<Hazard>(Actor::SYSTEM, now, case.id, "tick", command)
    }

    fn ask_extension(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        case.fate.extension = false;
        let days = case.dice.between(2, 6) * if case.level == Level::General { 1 } else { 3 };
        let mut until = self.calendar.end_of_day(case.due, days);
        if case.level == Level::General {
            until = until.min(self.due("hazard.rectify.general.max", case.since)?);
        }
        let Some((asker, answers)) = who::extension(self.world, self.school(case)?, case) else {
            return Ok(());
        };
        if until <= case.due || until <= now {
            return Ok(());
        }
        let note = words::said(self.data, "extend", case);
        let command = HazardCommand::AskExtension { until, note };
        self.ask(self.world.actor(asker), now, case, "ask-extension", command)?;
        case.asker = answers;
        case.until = until;
        case.stage = StageCode::ExtensionAsked;
        Ok(())
    }

    fn answer_extension(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let possible = case.until > now && (case.is_major() || !case.overdue(now));
        let grant = possible && case.dice.chance(0.78);
        let note = words::said(self.data, if grant { "grant" } else { "refuse" }, case);
        let answer = if grant { Extension::Grant } else { Extension::Refuse };
        let actor = self.world.actor(case.asker);
        self.ask(actor, now, case, "answer-extension", HazardCommand::AnswerExtension { answer, note })?;
        case.stage = StageCode::Rectifying;
        if grant {
            case.due = case.until;
            case.extensions += 1;
            case.run(Some(Running { name: "rectify", started: case.counted_from, due: case.due }));
        }
        Ok(())
    }

    fn rectify(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let text = case.dice.word(self.data.notes("fixing")).to_owned();
        let photos = self.album.pair(&case.code, &mut case.dice).map(|pair| vec![pair.after.clone()]);
        let note: Note =
            words::note(words::filled(&text, &case.code, &case.matter), photos.unwrap_or_default());
        let spent_cents = case.dice.chance(0.55).then(|| case.dice.between(2, 90) * 1_000);
        let actor = self.world.actor(case.responsible);
        self.ask(
            actor,
            now,
            case,
            "rectify",
            HazardCommand::Rectify { note, spent_cents, reused: Vec::new() },
        )?;
        case.fixer = case.responsible;
        case.fixed_on_time = now <= case.due && !case.late;
        case.judge = who::judge(self.school(case)?, case.fixer, case.is_major());
        case.help_asked = false;
        case.help_promised = false;
        case.stage = StageCode::AwaitingAcceptance;
        let rule = if case.is_major() { "hazard.acceptance.major" } else { "hazard.acceptance" };
        let due = self.due(rule, now)?;
        case.run(Some(Running { name: "accept", started: now, due }));
        Ok(())
    }
}
