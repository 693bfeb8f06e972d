//! A case on the table: two sides, the county, their permissions, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock, RwLock};

use access::Role;
use hazard::{Note, Photo};
use journal::{Context, Payload, Stamp, Standing, Subject};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use supervision::Number;
use uuid::Uuid;

use crate::{
    Authority, Case, CaseCommand, CaseDraft, CaseEvent, CaseFacts, CaseState, Consequence, FindingDraft,
    Handling, StageCode, Verdict,
    case::{OfHazard, need, turns},
    reading::Reading,
};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const HOUR: i64 = Timestamp::HOUR_MS;
pub const DAY: i64 = Timestamp::DAY_MS;

pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number))
}

/// Somebody with what `roles.toml` gives the role.
pub fn who(number: u128, role: Role) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(0x2000 + number))),
        person: Some(person(number)),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(role.permissions().iter().collect::<Vec<_>>()),
        unit_path: String::new(),
    }
}

pub fn finder() -> Standing {
    who(1, Role::CountySafetyOffice)
}
pub fn reviewer() -> Standing {
    who(2, Role::CountySafetyOffice)
}
pub fn leader() -> Standing {
    who(3, Role::CountyLeader)
}
pub fn head() -> Standing {
    who(5, Role::Head)
}
pub fn central_head() -> Standing {
    who(6, Role::CentralSchool)
}
pub fn system() -> Standing {
    Standing { actor: Actor::SYSTEM, person: None, permissions: Arc::from([]), ..who(0, Role::Head) }
}

pub fn school() -> UnitId {
    UnitId(Uuid::from_u128(0x10))
}
pub fn central() -> UnitId {
    UnitId(Uuid::from_u128(0x12))
}
pub fn county() -> UnitId {
    UnitId(Uuid::from_u128(0x13))
}
pub fn hazard_id() -> StreamId {
    StreamId(Uuid::from_u128(9))
}
pub fn case_id() -> StreamId {
    StreamId(Uuid::from_u128(0x99))
}

pub fn photo(number: u8) -> Photo {
    Photo(format!("{number:064x}"))
}
pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: vec![photo(7)] }
}
pub fn said(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

pub fn draft() -> CaseDraft {
    CaseDraft {
        hazard: hazard_id(),
        unit: school(),
        authority: Some(Authority::Bureau),
        authority_name: String::new(),
        document_number: String::new(),
        consequence: Some(Consequence::Casualties),
        happened_on: Some(Timestamp::at_start_of(START.local_date())),
        what: "楼梯栏杆脱落，两名学生摔伤住院".to_owned(),
        link: "栏杆松动登记后一直没有加固".to_owned(),
        rectifying: vec![school()],
        supervising: vec![central()],
        photos: vec![photo(1)],
    }
}

pub fn opened_as(draft: CaseDraft) -> CaseCommand {
    CaseCommand::Open(Box::new(draft))
}
pub fn open() -> CaseCommand {
    opened_as(draft())
}
pub fn state_for(side: UnitId) -> CaseCommand {
    CaseCommand::State { side, note: said("接到通知当天即封闭楼梯并报修") }
}
pub fn done(side: UnitId) -> FindingDraft {
    FindingDraft {
        side: Some(side),
        verdict: Some(Verdict::Done),
        facts: "各时限均按期完成，并多次报告".to_owned(),
        rules: vec!["hazard.takeon".to_owned()],
        ..FindingDraft::default()
    }
}
pub fn partly(side: UnitId, now: Timestamp) -> FindingDraft {
    FindingDraft {
        verdict: Some(Verdict::Partly),
        facts: "催办后没有到校查看".to_owned(),
        basis: "中心学校安全监管职责清单第三条".to_owned(),
        rules: Vec::new(),
        handlings: vec![Handling::Talk],
        measures: "建立逾期隐患到校查看制度".to_owned(),
        measures_due: Some(now.plus_ms(30 * DAY)),
        ..done(side)
    }
}
pub fn find(draft: FindingDraft) -> CaseCommand {
    CaseCommand::Find(Box::new(draft))
}
pub fn review(passed: bool) -> CaseCommand {
    CaseCommand::Review { passed, note: said("事实部分还要核对") }
}
pub fn conclude(passed: bool, although: &str) -> CaseCommand {
    CaseCommand::Conclude {
        passed,
        document_number: "师教体责〔2026〕1号".to_owned(),
        although: although.to_owned(),
        note: said("请补充监管方的事实"),
    }
}
pub fn handle(side: UnitId, number: &str) -> CaseCommand {
    CaseCommand::Handle {
        side, document_number: number.to_owned(), note: note("已对负责人约谈并签字")
    }
}
pub fn report(side: UnitId) -> CaseCommand {
    CaseCommand::ReportMeasures { side, note: note("制度已印发，逾期隐患当日到校") }
}
pub fn check(side: UnitId, passed: bool) -> CaseCommand {
    CaseCommand::CheckMeasures { side, passed, note: said("抽查三所学校的记录") }
}
pub fn tick(clock: &str) -> CaseCommand {
    CaseCommand::Tick { clock: clock.to_owned() }
}

/// One case, everything that happened to it, and the hour.
#[derive(Clone)]
pub struct Desk {
    pub now: Timestamp,
    pub state: Option<CaseState>,
    pub events: Vec<(Stamp, CaseEvent)>,
    pub facts: CaseFacts,
    /// For which side whoever acts answers.
    pub answers: Vec<(PersonId, UnitId)>,
}

impl Desk {
    pub fn new() -> Self {
        let facts = CaseFacts {
            next: Number { year: 2026, serial: 1 },
            hazard: Some(OfHazard {
                number: hazard::Number { year: 2026, serial: 17 },
                unit: school(),
                county: Some(county()),
            }),
            named: [(school(), "第一小学"), (central(), "中心学校"), (county(), "县教育体育局")]
                .map(|(unit, name)| (unit, name.to_owned()))
                .to_vec(),
            reading: Reading { position: 12, digest: "ab".repeat(32) },
            post: "county_leader".to_owned(),
            ..CaseFacts::new(RULES.clone())
        };
        let answers = vec![(person(5), school()), (person(6), central())];
        Self { now: START, state: None, events: Vec::new(), facts, answers }
    }

    /// The answer, without acting on it: the permission first, as the journal asks.
    pub fn ask(&self, standing: &Standing, command: &CaseCommand) -> Result<Vec<CaseEvent>, Refusal> {
        if !standing.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        let side = match command {
            CaseCommand::State { side, .. } | CaseCommand::ReportMeasures { side, .. } => Some(*side),
            _ => None,
        };
        let mut facts = self.facts.clone();
        facts.acts_for =
            self.answers.iter().any(|(who, unit)| Some(*who) == standing.person && Some(*unit) == side);
        let context = Context { stream: case_id(), now: self.now, standing };
        let subject = Case::new(Arc::new(RwLock::new(RULES.clone())));
        subject.decide(self.state.as_ref(), command, &facts, &context)
    }

    pub fn refused(&self, standing: &Standing, command: &CaseCommand) -> Refusal {
        self.ask(standing, command).expect_err("a refusal was expected")
    }

    pub fn code(&self, standing: &Standing, command: &CaseCommand) -> &'static str {
        self.refused(standing, command).code
    }

    /// Acts where it must work; an hour passes. Says which types of event came of it.
    pub fn done(&mut self, standing: &Standing, command: &CaseCommand) -> Vec<&'static str> {
        let events = self.ask(standing, command).unwrap_or_else(|refusal| {
            panic!("{command:?} at {:?}: {refusal:?}", self.state.as_ref().map(|s| s.stage.code()))
        });
        let names = events.iter().map(|event| event.event_type().0.trim_start_matches("accountability."));
        let names = names.collect();
        for event in events {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: case_id(),
                version: self.events.len() as u64 + 1,
                actor: standing.actor.id,
                at: self.now,
                unit: school(),
            };
            self.state = Case::evolve(self.state.take(), &event, &stamp);
            self.events.push((stamp, event));
        }
        self.now = self.now.plus_ms(HOUR);
        names
    }

    pub fn state(&self) -> &CaseState {
        self.state.as_ref().unwrap()
    }

    pub fn stage(&self) -> StageCode {
        self.state().stage.code()
    }

    /// What has to be done, by whose people.
    pub fn waits_for(&self) -> Vec<String> {
        let by = |unit: UnitId| match unit {
            unit if unit == school() => "school",
            unit if unit == central() => "central",
            _ => "county",
        };
        turns(self.state())
            .into_iter()
            .map(|turn| format!("{} by {}", turn.act.name(), by(turn.unit)))
            .collect()
    }

    /// Lets every running clock be heard when it falls due, up to `until`; what came of it.
    pub fn clocks_until(&mut self, until: Timestamp) -> Vec<&'static str> {
        let mut heard = Vec::new();
        loop {
            let clocks = Case::clocks(self.state()).into_iter();
            let next = clocks.filter_map(|clock| clock.next.map(|at| (at, clock.name))).min();
            let Some((at, name)) = next.filter(|(at, _)| *at <= until) else { break };
            self.now = self.now.max(at);
            let names = self.done(&system(), &tick(name));
            assert!(!names.is_empty(), "a due clock would spin: {name}");
            heard.extend(names);
        }
        self.now = self.now.max(until);
        heard
    }
}

pub fn opened() -> Desk {
    let mut desk = Desk::new();
    desk.done(&leader(), &open());
    desk
}

/// Both sides have spoken.
pub fn finding() -> Desk {
    let mut desk = opened();
    desk.done(&head(), &state_for(school()));
    desk.done(&central_head(), &state_for(central()));
    desk
}

/// The school did its duty, the central school part of it.
pub fn reviewing() -> Desk {
    let mut desk = finding();
    desk.done(&finder(), &find(done(school())));
    desk.done(&finder(), &find(partly(central(), desk.now)));
    desk.done(&finder(), &CaseCommand::Submit);
    desk
}

pub fn signing() -> Desk {
    let mut desk = reviewing();
    desk.done(&reviewer(), &review(true));
    desk
}

pub fn carrying() -> Desk {
    let mut desk = signing();
    desk.done(&leader(), &conclude(true, ""));
    desk
}
