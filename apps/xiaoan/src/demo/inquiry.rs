//! Two cases 责任追究 at the end of the year that is told: one concluded, which clears the school and finds part of the
//! duty undone at its central school; one in which the sides are still being heard. What is said in them happened nowhere.

use accountability::{
    Authority, Case as Inquired, CaseCommand, CaseDraft, Consequence, FindingDraft, Handling, Verdict,
};
use anyhow::Result;
use hazard::{Level, Note, StageCode};
use journal::UnitOfWork;
use kernel::{Actor, StreamId, Timestamp};

use super::{
    case::Case,
    history::{History, Step},
};

/// Days before the end on which the first is opened.
const DAYS: i64 = 12;
/// Days for measures.
const MEASURES: i64 = 30;

/// One that was opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inquiry {
    /// The hazard's place among the cases of the history.
    hazard: usize,
    id: StreamId,
}

/// What happens next in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum InquiryStep {
    Open,
    /// The school speaks.
    School,
    /// Its central school speaks.
    Central,
    Find,
    Review,
    Conclude,
    Handle,
}

/// The steps of the concluded one with their days and hours.
const CONCLUDED: [(InquiryStep, i64, i64); 7] = [
    (InquiryStep::Open, 0, 10),
    (InquiryStep::School, 1, 9),
    (InquiryStep::Central, 2, 15),
    (InquiryStep::Find, 3, 10),
    (InquiryStep::Review, 4, 9),
    (InquiryStep::Conclude, 5, 11),
    (InquiryStep::Handle, 6, 16),
];

/// Those of the one that is still heard.
const HEARD: [(InquiryStep, i64, i64); 2] = [(InquiryStep::Open, 10, 10), (InquiryStep::School, 11, 14)];

impl History<'_> {
    /// When somebody looks for what they are about.
    pub(super) fn inquiries_begin(&self) -> Timestamp {
        self.end.plus_ms(-DAYS * Timestamp::DAY_MS)
    }

    /// Two hazards that were fixed in time and closed, of two schools that have a central school.
    pub(super) fn plan_inquiries(&mut self) {
        let fits = |case: &Case| {
            let school = self.world.schools.get(case.school);
            let settled = case.stage == StageCode::Closed && case.level == Level::General && !case.late;
            settled && school.is_some_and(|school| school.central.is_some_and(|at| at != case.school))
        };
        let found: Vec<usize> =
            (0..self.cases.len()).filter(|at| self.cases.get(*at).is_some_and(fits)).collect();
        let Some(first) = found.first().copied() else { return };
        let school = |at: usize| self.cases.get(at).map(|case| case.school);
        let second = found.iter().rev().copied().find(|at| school(*at) != school(first));
        let begin = self.inquiries_begin();
        for (at, steps) in [(Some(first), CONCLUDED.as_slice()), (second, HEARD.as_slice())] {
            for (step, day, hour) in steps {
                let when = begin.plus_ms(day * Timestamp::DAY_MS + hour * Timestamp::HOUR_MS);
                if let Some(at) = at {
                    self.later(when, at, Step::Inquire(*step));
                }
            }
        }
    }

    /// Does a step of the case that is about this hazard.
    pub(super) fn inquire(
        &mut self,
        now: Timestamp,
        at: usize,
        case: &Case,
        step: InquiryStep,
    ) -> Result<()> {
        use CaseCommand as C;
        if step == InquiryStep::Open {
            return self.open_inquiry(now, at, case);
        }
        let known = self.inquiries.iter().find(|inquiry| inquiry.hazard == at);
        let Some(Inquiry { id, .. }) = known.copied() else { return Ok(()) };
        let school = self.school(case)?;
        let central = school.central.and_then(|at| self.world.schools.get(at));
        let (Some(central), unit, head) = (central, school.id, school.staff.head) else { return Ok(()) };
        let (over, over_head) = (central.id, central.staff.head);
        let (person, commands) = match step {
            InquiryStep::Open => return Ok(()),
            InquiryStep::School => (
                head,
                vec![C::State {
                    side: unit,
                    note: said("登记当天设置警示并封闭，按方案期限完成整改，照片和台账齐全。"),
                }],
            ),
            InquiryStep::Central => (
                over_head,
                vec![C::State {
                    side: over, note: said("电话了解过进展，没有安排人员到校查看。")
                }],
            ),
            InquiryStep::Find => {
                let due = Timestamp::at_end_of(now.plus_ms((MEASURES + 4) * Timestamp::DAY_MS).local_date());
                let findings = [cleared(unit), partly(over, due)];
                let find = findings.into_iter().map(|draft| C::Find(Box::new(draft)));
                (self.office(case, 0), find.chain([C::Submit]).collect())
            }
            InquiryStep::Review => {
                (self.office(case, 1), vec![C::Review { passed: true, note: Note::default() }])
            }
            InquiryStep::Conclude => (self.leader(case), vec![conclusion()]),
            InquiryStep::Handle => {
                let note = said("已对中心学校负责人当面约谈，谈话记录双方签字存档。");
                let document_number = String::new();
                (self.office(case, 0), vec![C::Handle { side: over, document_number, note }])
            }
        };
        let actor = Actor::person(self.world.actor(person));
        let mut work = UnitOfWork::new(actor, self.ids.uuid(now).into());
        for command in commands {
            work = work.ask::<Inquired>(id, command);
        }
        self.sender.send_work(work, now, id, "inquire")
    }

    fn open_inquiry(&mut self, now: Timestamp, at: usize, case: &Case) -> Result<()> {
        let school = self.school(case)?;
        let central = school.central.and_then(|at| self.world.schools.get(at)).map(|central| central.id);
        let draft = CaseDraft {
            hazard: case.id,
            unit: school.id,
            authority: Some(Authority::Bureau),
            authority_name: String::new(),
            document_number: String::new(),
            consequence: Some(Consequence::Teaching),
            happened_on: Some(Timestamp::at_start_of(now.plus_ms(-2 * Timestamp::DAY_MS).local_date())),
            what: "演示用虚构情节：相邻部位再次出险，两个班停课半天，无人受伤。".to_owned(),
            link: "演示用虚构情节：出险部位与这条隐患同属一处，需查明整改和监管是否到位。".to_owned(),
            rectifying: vec![school.id],
            supervising: central.into_iter().collect(),
            photos: Vec::new(),
        };
        let id: StreamId = self.ids.uuid(now).into();
        self.inquiries.push(Inquiry { hazard: at, id });
        let actor = Actor::person(self.world.actor(self.leader(case)));
        self.sender.send::<Inquired>(actor, now, id, "inquire", CaseCommand::Open(Box::new(draft)))
    }
}

fn said(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

fn cleared(side: kernel::UnitId) -> FindingDraft {
    FindingDraft {
        side: Some(side),
        verdict: Some(Verdict::Done),
        facts: "学校当天封闭并在整改期限内完成整改，经复查合格，出险部位不在整改范围内。".to_owned(),
        rules: vec!["hazard.takeon".to_owned(), "hazard.rectify.general".to_owned()],
        ..FindingDraft::default()
    }
}

fn partly(side: kernel::UnitId, due: Timestamp) -> FindingDraft {
    FindingDraft {
        side: Some(side),
        verdict: Some(Verdict::Partly),
        facts: "对同一部位的反复问题没有到校查看，未督促学校扩大排查。".to_owned(),
        basis: "中心学校校园安全管理职责（演示用）".to_owned(),
        handlings: vec![Handling::Talk],
        measures: "对所属学校同类部位逐一到校查看，形成清单并督促整改。".to_owned(),
        measures_due: Some(due),
        ..FindingDraft::default()
    }
}

fn conclusion() -> CaseCommand {
    CaseCommand::Conclude {
        passed: true,
        document_number: "演示〔责〕1号".to_owned(),
        // Kept only where a deadline of the school was missed.
        although: "个别环节稍有延迟，封闭和警示一直到位，未影响整改。".to_owned(),
        note: Note::default(),
    }
}
