//! The county's list in the year that is told: each major hazard is controlled, listed, checked and taken off.

use anyhow::Result;
use hazard::{Hazard, HazardCommand, Note, Photo, StageCode};
use journal::UnitOfWork;
use kernel::{Actor, Timestamp};
use supervision::{CheckDraft, Control, NoticeDraft, Supervision, SupervisionCommand, stream_of};

use super::{
    case::{Case, Running},
    history::{History, Step},
};

/// How far a listing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Listed {
    /// Not major, or not graded yet.
    #[default]
    No,
    /// 待拟稿
    Owed,
    /// 待审核
    Drafted,
    /// 待签发
    Reviewed,
    /// 已签发
    Signed,
    /// 已签收
    Received,
    /// 已申请摘牌
    Applied,
    /// 待第二人签字
    Checked,
    /// 待签发摘牌
    CheckSigned,
}

/// What happens next on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ListStep {
    Control,
    Draft,
    Review,
    Sign,
    Receive,
    Apply,
    Check,
    SignCheck,
    Delist,
}

impl History<'_> {
    /// A hazard was found to be major, or came back.
    pub(super) fn begin_listing(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        case.listed = Listed::Owed;
        self.bells(now, at, "control", "hazard.major.control")?;
        self.bells(now, at, "notice", "hazard.major.notice")?;
        let hours = case.dice.real(0.5, 9.0);
        self.later(after(now, hours), at, Step::List(ListStep::Control));
        self.list_later(now, 2.5, at, case, ListStep::Draft);
        Ok(())
    }

    /// The clock will ring at each of its marks; where its work is done by then, nothing comes of it.
    fn bells(&mut self, now: Timestamp, at: usize, clock: &'static str, rule: &str) -> Result<()> {
        let due = self.due(rule, now)?;
        let running = Running { name: clock, started: now, due };
        for when in self.alarms.rings(running) {
            self.later(when, at, Step::Bell(clock));
        }
        Ok(())
    }

    pub(super) fn bell(&mut self, now: Timestamp, case: &Case, clock: &str) -> Result<()> {
        let command = SupervisionCommand::Tick { clock: clock.to_owned() };
        self.sender.send::<Supervision>(Actor::SYSTEM, now, stream_of(case.id), "tick", command)
    }

    /// The school reported on the hazard, or was told to go on: the next week begins.
    pub(super) fn reported(&mut self, now: Timestamp, at: usize, case: &Case) -> Result<()> {
        if case.listed >= Listed::Signed {
            self.bells(now, at, "progress", "hazard.major.progress")
        } else {
            Ok(())
        }
    }

    fn list_later(&mut self, now: Timestamp, hours: f64, at: usize, case: &mut Case, step: ListStep) {
        let hours = case.dice.lognormal(hours, 0.4);
        let when = self.calendar.later(now, hours, &mut case.dice);
        self.later(when, at, Step::List(step));
    }

    /// The hazard was reported fixed: the school asks, as soon as it has the notice.
    pub(super) fn apply_when_received(&mut self, now: Timestamp, at: usize, case: &mut Case) {
        if case.listed == Listed::Received && case.stage == StageCode::AwaitingAcceptance {
            self.list_later(now, 3.0, at, case, ListStep::Apply);
        }
    }

    /// Does a step of the list, if the listing still stands where it belongs.
    pub(super) fn list_step(
        &mut self,
        now: Timestamp,
        at: usize,
        case: &mut Case,
        step: ListStep,
    ) -> Result<()> {
        let fixed = case.stage == StageCode::AwaitingAcceptance;
        match (step, case.listed) {
            (ListStep::Control, listed) if listed != Listed::No => self.control(now, case),
            (ListStep::Draft, Listed::Owed) => self.draft(now, at, case),
            (ListStep::Review, Listed::Drafted) => self.review(now, at, case),
            (ListStep::Sign, Listed::Reviewed) => self.sign(now, at, case),
            (ListStep::Receive, Listed::Signed) => {
                let note = self.note(case, "list_receive");
                self.by_school(now, case, "receive", SupervisionCommand::Receive(note))?;
                case.listed = Listed::Received;
                self.apply_when_received(now, at, case);
                Ok(())
            }
            (ListStep::Apply, Listed::Received) if fixed => self.apply(now, at, case),
            (ListStep::Check, Listed::Applied) if fixed => self.check(now, at, case),
            (ListStep::SignCheck, Listed::Checked) => {
                self.by(self.office(case, 1), now, case, "sign-check", SupervisionCommand::SignCheck)?;
                case.listed = Listed::CheckSigned;
                if case.fate.stops_at != Some(StageCode::Accepted) {
                    self.list_later(now, 5.0, at, case, ListStep::Delist);
                }
                Ok(())
            }
            (ListStep::Delist, Listed::CheckSigned) if fixed => self.delist(now, at, case),
            _ => Ok(()),
        }
    }

    fn control(&mut self, now: Timestamp, case: &mut Case) -> Result<()> {
        let measure = *case.dice.pick(Control::ALL).unwrap_or(&Control::StopUse);
        let note = self.note(case, "list_control");
        self.by_school(now, case, "control", SupervisionCommand::Control { measure, note })
    }

    fn draft(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let days = case.dice.between(45, 110);
        let draft = NoticeDraft {
            supervisor: Some(self.world.county),
            deadline: Some(self.calendar.end_of_day(now, days)),
            requirements: self.note(case, "list_requirements").note,
            copies: self.township(case)?,
        };
        let actor = Actor::person(self.world.actor(self.office(case, 0)));
        let work = UnitOfWork::new(actor, self.ids.uuid(now).into())
            .ask::<Supervision>(stream_of(case.id), SupervisionCommand::Draft(draft))
            .ask::<Supervision>(stream_of(case.id), SupervisionCommand::Submit);
        self.sender.send_work(work, now, stream_of(case.id), "draft")?;
        case.listed = Listed::Drafted;
        self.list_later(now, 3.0, at, case, ListStep::Review);
        Ok(())
    }

    fn review(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let command = SupervisionCommand::Review { passed: true, note: Note::default() };
        self.by(self.office(case, 1), now, case, "review", command)?;
        case.listed = Listed::Reviewed;
        self.list_later(now, 3.0, at, case, ListStep::Sign);
        Ok(())
    }

    fn sign(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let command = SupervisionCommand::Sign {
            passed: true,
            document_number: String::new(),
            note: self.note(case, "list_sign"),
        };
        self.by(self.leader(case), now, case, "sign", command)?;
        case.listed = Listed::Signed;
        self.bells(now, at, "receipt", "hazard.major.receipt")?;
        self.bells(now, at, "progress", "hazard.major.progress")?;
        self.list_later(now, 5.0, at, case, ListStep::Receive);
        Ok(())
    }

    fn apply(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let note = self.note(case, "list_apply");
        self.by_school(now, case, "apply", SupervisionCommand::AskDelisting(note))?;
        case.listed = Listed::Applied;
        self.bells(now, at, "check", "hazard.major.check")?;
        if case.fate.stops_at != Some(StageCode::AwaitingAcceptance) && !case.fate.returned {
            self.list_later(now, 12.0, at, case, ListStep::Check);
        }
        Ok(())
    }

    fn check(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let mut note = self.note(case, "list_check");
        note.photos = self.after(case);
        if note.photos.is_empty() {
            return Ok(());
        }
        let check = CheckDraft {
            passed: true,
            on: Some(Timestamp::at_start_of(now.local_date())),
            checkers: [0, 1].map(|number| self.world.person(self.office(case, number))).to_vec(),
            note,
            ..CheckDraft::default()
        };
        let command = SupervisionCommand::Check(Box::new(check));
        self.by(self.office(case, 0), now, case, "check", command)?;
        case.listed = Listed::Checked;
        self.bells(now, at, "delist", "hazard.major.delist")?;
        self.list_later(now, 1.0, at, case, ListStep::SignCheck);
        Ok(())
    }

    /// Off the list; the hazard is accepted and closed with it.
    fn delist(&mut self, now: Timestamp, at: usize, case: &mut Case) -> Result<()> {
        let actor = Actor::person(self.world.actor(self.leader(case)));
        let note = self.note(case, "list_delist");
        let delist =
            SupervisionCommand::Delist { passed: true, document_number: String::new(), note: note.clone() };
        let work = UnitOfWork::new(actor, self.ids.uuid(now).into())
            .ask::<Supervision>(stream_of(case.id), delist)
            .ask::<Hazard>(case.id, HazardCommand::Accept { on_site: true, note })
            .ask::<Hazard>(case.id, HazardCommand::Close(Note::default()));
        self.sender.send_work(work, now, stream_of(case.id), "delist")?;
        case.listed = Listed::No;
        case.stage = StageCode::Closed;
        let due = self.due("hazard.revisit.major", now)?;
        case.run(Some(Running { name: "revisit", started: now, due }));
        self.plan_next(now, at, case)
    }

    /// Somebody of the safety office, always the same two for one hazard.
    pub(super) fn office(&self, case: &Case, number: usize) -> usize {
        let office = &self.world.office;
        let first = usize::try_from(case.id.0.as_u128() % 97).unwrap_or(0);
        office.get((first + number) % office.len().max(1)).copied().unwrap_or(0)
    }

    pub(super) fn leader(&self, case: &Case) -> usize {
        let leaders = &self.world.leaders;
        let number = usize::try_from(case.id.0.as_u128() % 89).unwrap_or(0);
        leaders.get(number % leaders.len().max(1)).copied().unwrap_or(0)
    }

    /// Whose township hears of it.
    fn township(&self, case: &Case) -> Result<String> {
        let office = self.world.townships.get(self.school(case)?.township);
        Ok(office.map(|office| office.name.clone()).unwrap_or_default())
    }

    fn by(
        &mut self,
        person: usize,
        now: Timestamp,
        case: &Case,
        what: &'static str,
        command: SupervisionCommand,
    ) -> Result<()> {
        let actor = Actor::person(self.world.actor(person));
        self.sender.send::<Supervision>(actor, now, stream_of(case.id), what, command)
    }

    fn by_school(
        &mut self,
        now: Timestamp,
        case: &Case,
        what: &'static str,
        command: SupervisionCommand,
    ) -> Result<()> {
        let officer = self.school(case)?.staff.officer;
        self.by(officer, now, case, what, command)
    }

    fn note(&self, case: &mut Case, occasion: &str) -> Note {
        Note { note: case.dice.word(self.data.notes(occasion)).to_owned(), photos: Vec::new() }
    }

    fn after(&self, case: &mut Case) -> Vec<Photo> {
        let pair = self.album.pair(&case.code, &mut case.dice);
        pair.map(|pair| vec![pair.after.clone()]).unwrap_or_default()
    }
}

fn after(now: Timestamp, hours: f64) -> Timestamp {
    // A demonstration's minutes need no rounding rule.
    #[expect(clippy::cast_possible_truncation, reason = "some hours in minutes")]
    let minutes = (hours * 60.0) as i64;
    now.plus_ms(minutes * Timestamp::MINUTE_MS)
}
