//! A listing on the table: the people of a county and a school, their permissions, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock, RwLock};

use access::Role;
use hazard::{Note, Photo};
use journal::{Context, Payload, Stamp, Standing, Subject};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    CheckDraft, Control, NoticeDraft, Number, Opening, StageCode, Supervision, SupervisionCommand,
    SupervisionEvent, SupervisionFacts, SupervisionState, Told, stream_of, subject::need, turns,
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

pub fn drafter() -> Standing {
    who(1, Role::CountySafetyOffice)
}
pub fn reviewer() -> Standing {
    who(2, Role::CountySafetyOffice)
}
pub fn leader() -> Standing {
    who(3, Role::CountyLeader)
}
pub fn second_leader() -> Standing {
    who(4, Role::CountyLeader)
}
pub fn head() -> Standing {
    who(5, Role::Head)
}
pub fn system() -> Standing {
    Standing { actor: Actor::SYSTEM, person: None, permissions: Arc::from([]), ..who(0, Role::Head) }
}

pub fn school() -> UnitId {
    UnitId(Uuid::from_u128(0x10))
}
pub fn county() -> UnitId {
    UnitId(Uuid::from_u128(0x13))
}
pub fn hazard_id() -> StreamId {
    StreamId(Uuid::from_u128(9))
}

pub fn photo(number: u8) -> Photo {
    Photo(format!("{number:064x}"))
}

pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: vec![photo(7)] }
}

pub fn opening() -> Opening {
    Opening {
        hazard: hazard_id(),
        hazard_number: hazard::Number { year: 2026, serial: 17 },
        unit: school(),
        township: Some(UnitId(Uuid::from_u128(0x11))),
        central: Some(UnitId(Uuid::from_u128(0x12))),
        county: Some(county()),
    }
}

pub fn open() -> SupervisionCommand {
    SupervisionCommand::Open(opening())
}

pub fn control() -> SupervisionCommand {
    SupervisionCommand::Control {
        measure: Control::StopUse, note: note("教学楼停用，学生转至综合楼")
    }
}

/// A notice that wants it fixed within 60 days.
pub fn notice(now: Timestamp) -> NoticeDraft {
    NoticeDraft {
        supervisor: Some(county()),
        deadline: Some(now.plus_ms(60 * DAY)),
        requirements: "限期加固承重墙，经专家验收后恢复使用".to_owned(),
        copies: "县住房城乡建设局".to_owned(),
    }
}

pub fn draft(now: Timestamp) -> SupervisionCommand {
    SupervisionCommand::Draft(notice(now))
}

pub fn review(passed: bool) -> SupervisionCommand {
    SupervisionCommand::Review { passed, note: note("要求要写到每一面墙") }
}

pub fn sign(passed: bool) -> SupervisionCommand {
    let document_number = "师教体督〔2026〕3号".to_owned();
    SupervisionCommand::Sign { passed, document_number, note: note("期限再与学校核对") }
}

pub fn waive() -> SupervisionCommand {
    SupervisionCommand::Waive(note("已当日拆除，无须挂牌"))
}

pub fn receive() -> SupervisionCommand {
    SupervisionCommand::Receive(note("已收到"))
}

pub fn apply() -> SupervisionCommand {
    SupervisionCommand::AskDelisting(note("加固完成，专家已验收"))
}

/// By the two of the office, on the day itself.
pub fn check_draft(now: Timestamp, passed: bool) -> CheckDraft {
    CheckDraft {
        passed,
        on: Some(Timestamp::at_start_of(now.local_date())),
        checkers: vec![person(1), person(2)],
        note: note("逐面墙查看"),
        ..CheckDraft::default()
    }
}

pub fn check(now: Timestamp, passed: bool) -> SupervisionCommand {
    checked_as(check_draft(now, passed))
}

pub fn checked_as(draft: CheckDraft) -> SupervisionCommand {
    SupervisionCommand::Check(Box::new(draft))
}

pub fn delist(passed: bool) -> SupervisionCommand {
    let document_number = "师教体督〔2026〕9号".to_owned();
    SupervisionCommand::Delist { passed, document_number, note: note("核查记录缺三楼") }
}

pub fn hear(told: Told) -> SupervisionCommand {
    SupervisionCommand::Hear(told)
}

pub fn tick(clock: &str) -> SupervisionCommand {
    SupervisionCommand::Tick { clock: clock.to_owned() }
}

/// As a person reads it: month, day, hour and minute in the platform's zone.
pub fn time(at: Timestamp) -> String {
    at.local().strftime("%m-%d %H:%M").to_string()
}

/// One listing, everything that happened to it, and the hour.
#[derive(Clone)]
pub struct Desk {
    pub now: Timestamp,
    pub state: Option<SupervisionState>,
    pub events: Vec<(Stamp, SupervisionEvent)>,
    pub facts: SupervisionFacts,
}

impl Desk {
    pub fn new() -> Self {
        let next = Number { year: 2026, serial: 1 };
        let facts = SupervisionFacts { next, may_supervise: true, ..SupervisionFacts::new(RULES.clone()) };
        Self { now: START, state: None, events: Vec::new(), facts }
    }

    fn subject() -> Supervision {
        Supervision::new(Arc::new(RwLock::new(RULES.clone())))
    }

    /// The answer, without acting on it: the permission first, as the journal asks.
    pub fn ask(
        &self,
        standing: &Standing,
        command: &SupervisionCommand,
    ) -> Result<Vec<SupervisionEvent>, Refusal> {
        if !standing.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        let context = Context { stream: stream_of(hazard_id()), now: self.now, standing };
        Self::subject().decide(self.state.as_ref(), command, &self.facts, &context)
    }

    pub fn refused(&self, standing: &Standing, command: &SupervisionCommand) -> Refusal {
        self.ask(standing, command).expect_err("a refusal was expected")
    }

    pub fn code(&self, standing: &Standing, command: &SupervisionCommand) -> &'static str {
        self.refused(standing, command).code
    }

    /// Writes an event down as the writer does.
    pub fn record(&mut self, actor: ActorId, event: SupervisionEvent) {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream: stream_of(hazard_id()),
            version: self.events.len() as u64 + 1,
            actor,
            at: self.now,
            unit: school(),
        };
        if matches!(event, SupervisionEvent::Signed(_)) {
            self.facts.next.serial += 1;
        }
        self.state = Supervision::evolve(self.state.take(), &event, &stamp);
        self.events.push((stamp, event));
    }

    /// Acts where it must work, and says which types of event came of it.
    pub fn act(&mut self, standing: &Standing, command: &SupervisionCommand) -> Vec<&'static str> {
        let events = self.ask(standing, command).unwrap_or_else(|refusal| {
            panic!("{command:?} at {:?}: {refusal:?}", self.state.as_ref().map(|s| s.stage.code()))
        });
        let names = events.iter().map(|event| event.event_type().0.trim_start_matches("supervision."));
        let names = names.collect();
        for event in events {
            self.record(standing.actor.id, event);
        }
        names
    }

    /// Acts; an hour passes.
    pub fn done(&mut self, standing: &Standing, command: &SupervisionCommand) -> Vec<&'static str> {
        let names = self.act(standing, command);
        self.now = self.now.plus_ms(HOUR);
        names
    }

    pub fn state(&self) -> &SupervisionState {
        self.state.as_ref().unwrap()
    }

    pub fn stage(&self) -> StageCode {
        self.state().stage.code()
    }

    /// What has to be done, by whose people, until when.
    pub fn waits_for(&self) -> Vec<String> {
        let said = |turn: crate::Turn| {
            let by = if turn.unit == school() { "school" } else { "county" };
            let until = turn.due.map(|due| format!(" until {}", time(due))).unwrap_or_default();
            format!("{} by the {by}{until}", turn.act.name())
        };
        turns(self.state()).into_iter().map(said).collect()
    }

    /// Lets every running clock be heard when it falls due, up to `until`; what was warned of.
    pub fn clocks_until(&mut self, until: Timestamp) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let clocks = Supervision::clocks(self.state()).into_iter();
            let next = clocks.filter_map(|clock| clock.next.map(|at| (at, clock.name))).min();
            let Some((at, name)) = next.filter(|(at, _)| *at <= until) else { break };
            self.now = self.now.max(at);
            assert!(!self.act(&system(), &tick(name)).is_empty(), "a due clock would spin: {name}");
            let Some((_, SupervisionEvent::DeadlineWarned(parts))) = self.events.last() else { panic!() };
            heard.push(format!("{} {}%", parts.core.clock, parts.core.mark));
        }
        self.now = self.now.max(until);
        heard
    }
}

pub fn owed() -> Desk {
    let mut desk = Desk::new();
    desk.done(&system(), &open());
    desk
}

pub fn drafted() -> Desk {
    let mut desk = owed();
    desk.done(&drafter(), &draft(desk.now));
    desk
}

pub fn reviewing() -> Desk {
    let mut desk = drafted();
    desk.done(&drafter(), &SupervisionCommand::Submit);
    desk
}

pub fn signing() -> Desk {
    let mut desk = reviewing();
    desk.done(&reviewer(), &review(true));
    desk
}

pub fn listed() -> Desk {
    let mut desk = signing();
    desk.done(&leader(), &sign(true));
    desk
}

/// Received, controlled and fixed, so that the school may apply.
pub fn rectified() -> Desk {
    let mut desk = listed();
    desk.done(&head(), &receive());
    desk.done(&head(), &control());
    desk.done(&system(), &hear(Told::Rectified));
    desk
}

pub fn applied() -> Desk {
    let mut desk = rectified();
    desk.done(&head(), &apply());
    desk
}

/// Written down by one of the two who were there; the other has not signed.
pub fn checking() -> Desk {
    let mut desk = applied();
    desk.done(&drafter(), &check(desk.now, true));
    desk
}

pub fn checked() -> Desk {
    let mut desk = checking();
    desk.done(&reviewer(), &SupervisionCommand::SignCheck);
    desk
}

pub fn delisted() -> Desk {
    let mut desk = checked();
    desk.done(&leader(), &delist(true));
    desk
}

pub fn waived() -> Desk {
    let mut desk = drafted();
    desk.done(&leader(), &waive());
    desk
}

pub fn ended() -> Desk {
    let mut desk = listed();
    desk.done(&system(), &hear(Told::Withdrawn));
    desk
}
