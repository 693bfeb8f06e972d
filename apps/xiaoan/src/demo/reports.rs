//! Codes of places on every school's walls, and what the public reports by them in the year that is told: what becomes a
//! hazard, what a school answers without one, and what still waits.

use anyhow::Result;
use hazard::Note;
use kernel::{Actor, StreamId, Timestamp};
use places::{Place, PlaceCommand, PlaceDraft};
use public_report::{Answer, PublicReport, PublicReportCommand, Reception};

use super::{
    case::{Case, Running},
    dice::Dice,
    history::{History, Step},
};

/// Places that every school has: kind, name.
const PLACES: [(&str, &str); 5] = [
    ("whole", "全校"),
    ("gate", "校门"),
    ("classrooms", "教学楼"),
    ("playground", "操场"),
    ("canteen", "食堂"),
];
/// Categories with the place at which somebody sees such a thing.
const SEEN_AT: [(&str, usize); 6] = [("H03", 4), ("H04", 1), ("H09", 3), ("H11", 1), ("H12", 1), ("H01", 2)];
/// What is reported and becomes no hazard: where, what, the answer, its words.
const ANSWERED: [(usize, &str, Answer, &str); 5] = [
    (
        1,
        "放学时门口电动车停得太多",
        Answer::NotFound,
        "当天放学后到校门口查看，车辆已经离开，已请值班人员留意",
    ),
    (0, "作业太多，孩子睡得晚", Answer::NotSafety, "这属于教学安排，请与班主任或教务处联系"),
    (3, "操场边的树叶没有打扫", Answer::NotSafety, "已请总务处安排打扫，地面平整没有安全隐患"),
    (4, "食堂价格能不能便宜一点", Answer::NotSafety, "伙食费标准由膳食委员会商定，请与总务处联系"),
    (2, "测试测试看看有没有人管", Answer::Void, "内容看不出具体情况，如确有问题请重新上报"),
];
/// What waits for an answer.
const WAITING: [(usize, &str); 4] = [
    (2, "二楼走廊栏杆晃动"),
    (1, "校门口井盖有响声，边上缺了一角"),
    (3, "篮球架底座的螺丝松了"),
    (4, "食堂门口地面总是湿的，容易滑倒"),
];
/// Reports of so many last days may still wait.
const LEFT_OPEN_DAYS: i64 = 12;

/// What happens next to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReportStep {
    /// The school answers.
    Answer,
    /// The county sends the answer back.
    SendBack,
    /// The school answers once more.
    AnswerAgain,
    /// The time to answer reaches a mark.
    Bell,
}

/// A report that becomes no hazard.
#[derive(Clone)]
pub(super) struct Report {
    id: StreamId,
    school: usize,
    which: usize,
    dice: Dice,
}

impl History<'_> {
    /// Every school enters its places and prints their codes.
    pub(super) fn put_up_codes(&mut self, at: Timestamp) -> Result<()> {
        let world = self.world;
        for school in &world.schools {
            let officer = Actor::person(world.actor(school.staff.officer));
            let mut here = Vec::with_capacity(PLACES.len());
            for (kind, name) in PLACES {
                let id = StreamId(self.ids.uuid(at));
                let draft = PlaceDraft {
                    kind: kind.to_owned(),
                    name: name.to_owned(),
                    spot: String::new(),
                    outside: matches!(kind, "gate" | "playground"),
                };
                let code = places::code::of(self.ids.bytes());
                let add = PlaceCommand::Add { unit: school.id, code, draft };
                self.sender.send::<Place>(officer, at, id, "place", add)?;
                here.push(id);
            }
            self.places.push(here);
        }
        Ok(())
    }

    fn receive_report(
        &mut self,
        now: Timestamp,
        school: usize,
        place: usize,
        words: &str,
        category: &str,
    ) -> Result<StreamId> {
        let id = StreamId(self.ids.uuid(now));
        let unit = self.world.schools.get(school).map(|school| school.id);
        let place = self.places.get(school).and_then(|here| here.get(place)).copied();
        let (Some(unit), Some(place)) = (unit, place) else { return Ok(id) };
        let asked = Reception {
            unit,
            place,
            category: category.to_owned(),
            spot: String::new(),
            words: words.to_owned(),
            photos: Vec::new(),
            telephone: false,
        };
        let receive = PublicReportCommand::Receive(Box::new(asked));
        self.sender.send::<PublicReport>(Actor::SYSTEM, now, id, "report", receive)?;
        Ok(id)
    }

    /// What the public found came in by the code of a place, and was registered at once.
    pub(super) fn came_of_report(&mut self, now: Timestamp, case: &Case, words: &str) -> Result<()> {
        let place = SEEN_AT.iter().find(|(code, _)| **code == *case.code).map_or(0, |(_, place)| *place);
        let report = self.receive_report(now, case.school, place, words, &case.code)?;
        let Some(school) = self.world.schools.get(case.school) else { return Ok(()) };
        let officer = Actor::person(self.world.actor(school.staff.officer));
        let words = "已到现场核实，登记为安全隐患，正在安排整改".to_owned();
        let take = PublicReportCommand::TakeUp { hazard: case.id, words };
        self.sender.send::<PublicReport>(officer, now, report, "take up", take)
    }

    /// Now and then somebody reports what is no hazard, or what nobody has looked at yet.
    pub(super) fn may_be_reported(&mut self, now: Timestamp, number: u64, school: usize) -> Result<()> {
        let mut dice = self.dice.fork("report", number);
        let recent = self.end.since_ms(now) < LEFT_OPEN_DAYS * Timestamp::DAY_MS;
        if !dice.chance(if recent { 0.12 } else { 0.012 }) {
            return Ok(());
        }
        let waits = recent && dice.chance(0.75);
        let most = if waits { WAITING.len() } else { ANSWERED.len() };
        let which = usize::try_from(dice.between(0, i64::try_from(most).unwrap_or(1) - 1)).unwrap_or(0);
        let (place, words) = match (waits, WAITING.get(which), ANSWERED.get(which)) {
            (true, Some((place, words)), _) | (false, _, Some((place, words, ..))) => (*place, *words),
            _ => return Ok(()),
        };
        let id = self.receive_report(now, school, place, words, "")?;
        let at = self.reports.len();
        self.reports.push(Report { id, school, which, dice });
        let due = self.due("public-report.answer", now)?;
        for when in self.alarms.rings(Running { name: "answer", started: now, due }) {
            self.later(when, at, Step::Report(ReportStep::Bell));
        }
        if !waits {
            self.report_later(now, 9.0, at, ReportStep::Answer);
        }
        Ok(())
    }

    fn report_later(&mut self, now: Timestamp, hours: f64, at: usize, step: ReportStep) {
        let Some(report) = self.reports.get_mut(at) else { return };
        let hours = report.dice.lognormal(hours, 0.4);
        let when = self.calendar.later(now, hours, &mut report.dice);
        self.later(when, at, Step::Report(step));
    }

    /// Does a step of a report.
    pub(super) fn report_step(&mut self, now: Timestamp, at: usize, step: ReportStep) -> Result<()> {
        let Some(report) = self.reports.get(at).cloned() else { return Ok(()) };
        let Some(school) = self.world.schools.get(report.school) else { return Ok(()) };
        let officer = Actor::person(self.world.actor(school.staff.officer));
        let Some((_, _, answer, words)) = ANSWERED.get(report.which).copied() else { return Ok(()) };
        let answered = |answer, words: &str| PublicReportCommand::Answer {
            answer,
            hazard: None,
            words: words.to_owned(),
        };
        match step {
            ReportStep::Answer => {
                let answer_now = answered(answer, words);
                self.sender.send::<PublicReport>(officer, now, report.id, "answer report", answer_now)?;
                // The county looks at what was called void.
                if answer == Answer::Void {
                    self.report_later(now, 12.0, at, ReportStep::SendBack);
                }
                Ok(())
            }
            ReportStep::SendBack => {
                let office = self.world.office.first().copied().unwrap_or(0);
                let office = Actor::person(self.world.actor(office));
                let note = Note { note: "请到现场看一看再答复".to_owned(), photos: Vec::new() };
                let back = PublicReportCommand::SendBack(note);
                self.sender.send::<PublicReport>(office, now, report.id, "send report back", back)?;
                let due = self.due("public-report.again", now)?;
                for when in self.alarms.rings(Running { name: "answer", started: now, due }) {
                    self.later(when, at, Step::Report(ReportStep::Bell));
                }
                self.report_later(now, 6.0, at, ReportStep::AnswerAgain);
                Ok(())
            }
            ReportStep::AnswerAgain => {
                let again =
                    answered(Answer::NotFound, "已到教学楼逐层查看，没有发现异常，欢迎再告诉我们具体位置");
                self.sender.send::<PublicReport>(officer, now, report.id, "answer report again", again)
            }
            ReportStep::Bell => {
                let tick = PublicReportCommand::Tick { clock: "answer".to_owned() };
                self.sender.send::<PublicReport>(Actor::SYSTEM, now, report.id, "tick report", tick)
            }
        }
    }
}
