//! A letter on the table: the people of a county and a school, their permissions, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock, RwLock};

use access::Role;
use hazard::{Level, Note, Photo};
use journal::{Context, Payload, Stamp, Standing, Subject};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    Answer, Channel, Kind, LetterDraft, Number, ReceiptDraft, ReplyDraft, Signatory, StageCode, Transfer,
    TransferCommand, TransferEvent, TransferFacts, TransferState, Urging, Way, facts::HazardSeen,
    subject::need, turn,
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
pub fn colleague() -> Standing {
    who(2, Role::CountySafetyOffice)
}
pub fn leader() -> Standing {
    who(3, Role::CountyLeader)
}
/// A leader who also works in the safety office: he may draft and sign, and not the same letter.
pub fn both() -> Standing {
    let all: Vec<_> = drafter().permissions.iter().chain(leader().permissions.iter()).copied().collect();
    Standing { permissions: Arc::from(all), ..who(4, Role::CountyLeader) }
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
pub fn letter_id() -> StreamId {
    StreamId(Uuid::from_u128(10))
}
pub fn department_id() -> StreamId {
    StreamId(Uuid::from_u128(11))
}

pub fn photo(number: u8) -> Photo {
    Photo(format!("{number:064x}"))
}

pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

/// A hazard of the school as a journal has it: the state of one that was registered and graded.
pub fn hazard() -> HazardSeen {
    let json = serde_json::json!({
        "number": { "year": 2026, "serial": 17 }, "unit": school(), "township": null, "central": null,
        "county": county(), "category": "H12", "level": "general", "source": "self",
        "description": "校门口流动摊点占道，无证售卖食品", "place": "校门外五十米", "photos": [photo(1), photo(2)],
        "found_at": START, "registered_at": START, "registered_by": ActorId(Uuid::from_u128(0x2005)),
        "stage": "graded", "since": START, "due": { "at": START.plus_ms(DAY) },
        "returns": 0, "extensions": 0, "recurrences": 0,
    });
    let state: hazard::HazardState = serde_json::from_value(json).unwrap();
    assert_eq!(state.level, Some(Level::General));
    HazardSeen { state, unit_name: "第一小学".to_owned(), photos: vec![photo(1), photo(2)] }
}

pub fn draft_of(now: Timestamp) -> LetterDraft {
    LetterDraft {
        unit: school(),
        hazard: hazard_id(),
        kind: Kind::HandOver,
        department: Some(department_id()),
        request: "请依法查处校门口无证摊点，并告知处理结果".to_owned(),
        reply_by: Some(Timestamp::at_end_of(now.plus_ms(10 * DAY).local_date())),
        photos: vec![photo(1)],
        former: None,
    }
}

pub fn draft(now: Timestamp) -> TransferCommand {
    TransferCommand::Draft(Box::new(draft_of(now)))
}

pub fn sign(passed: bool) -> TransferCommand {
    let document_number = "师教体函〔2026〕3号".to_owned();
    TransferCommand::Sign { passed, document_number, note: note("请写明具体点位") }
}

pub fn send(now: Timestamp, channel: Channel) -> TransferCommand {
    TransferCommand::Send { channel, on: Some(now), note: note("已交收发室") }
}

pub fn signatory() -> Signatory {
    Signatory { office: "食品股".to_owned(), name: "王某某".to_owned(), post: "股长".to_owned() }
}

/// By the link, or written down on that day.
pub fn receipt(way: Way, link: Option<u32>, now: Timestamp) -> ReceiptDraft {
    ReceiptDraft { way, link, on: Some(now), signatory: signatory(), photos: Vec::new() }
}

pub fn receive(way: Way, link: Option<u32>, now: Timestamp) -> TransferCommand {
    TransferCommand::Receive(Box::new(receipt(way, link, now)))
}

pub fn answer_of(answer: Answer, way: Way, link: Option<u32>, now: Timestamp) -> ReplyDraft {
    ReplyDraft {
        way,
        link,
        on: Some(now),
        answer,
        promise: (answer == Answer::TakenOn).then(|| now.plus_ms(20 * DAY)),
        words: "已安排执法人员到现场清理".to_owned(),
        whose: if answer == Answer::NotOurs { "城市管理局".to_owned() } else { String::new() },
        signatory: signatory(),
        photos: vec![photo(8)],
    }
}

pub fn reply(answer: Answer, way: Way, link: Option<u32>, now: Timestamp) -> TransferCommand {
    TransferCommand::Reply(Box::new(answer_of(answer, way, link, now)))
}

pub fn ask_again(now: Timestamp) -> TransferCommand {
    TransferCommand::AskAgain { until: Some(now.plus_ms(5 * DAY)), note: note("请补充处罚结果") }
}

pub fn withdraw() -> TransferCommand {
    TransferCommand::Withdraw(note("学校已经自行解决"))
}

pub fn urge() -> TransferCommand {
    TransferCommand::Urge { how: Urging::Telephone, note: note("对方说本周内回函") }
}

pub fn tick(clock: &str) -> TransferCommand {
    TransferCommand::Tick { clock: clock.to_owned() }
}

/// As a person reads it: month, day, hour and minute in the platform's zone.
pub fn time(at: Timestamp) -> String {
    at.local().strftime("%m-%d %H:%M").to_string()
}

/// One letter, everything that happened to it, and the hour.
#[derive(Clone)]
pub struct Desk {
    pub now: Timestamp,
    pub state: Option<TransferState>,
    pub events: Vec<(Stamp, TransferEvent)>,
    pub facts: TransferFacts,
}

impl Desk {
    pub fn new() -> Self {
        let facts = TransferFacts {
            next: Number { year: 2026, serial: 1 },
            hazard: Some(hazard()),
            department: Some("县市场监督管理局".to_owned()),
            ..TransferFacts::new(RULES.clone())
        };
        Self { now: START, state: None, events: Vec::new(), facts }
    }

    fn subject() -> Transfer {
        Transfer::new(Arc::new(RwLock::new(RULES.clone())))
    }

    /// The answer, without acting on it: the permission first, as the journal asks.
    pub fn ask(&self, standing: &Standing, command: &TransferCommand) -> Result<Vec<TransferEvent>, Refusal> {
        if !standing.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        let context = Context { stream: letter_id(), now: self.now, standing };
        Self::subject().decide(self.state.as_ref(), command, &self.facts, &context)
    }

    pub fn code(&self, standing: &Standing, command: &TransferCommand) -> &'static str {
        self.ask(standing, command).expect_err("a refusal was expected").code
    }

    /// Writes an event down as the writer does.
    pub fn record(&mut self, actor: ActorId, event: TransferEvent) {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream: letter_id(),
            version: self.events.len() as u64 + 1,
            actor,
            at: self.now,
            unit: school(),
        };
        self.state = Transfer::evolve(self.state.take(), &event, &stamp);
        self.events.push((stamp, event));
    }

    /// Acts where it must work, and says which types of event came of it.
    pub fn act(&mut self, standing: &Standing, command: &TransferCommand) -> Vec<&'static str> {
        let events = self.ask(standing, command).unwrap_or_else(|refusal| {
            panic!("{command:?} at {:?}: {refusal:?}", self.state.as_ref().map(|s| s.stage.code()))
        });
        let names = events.iter().map(|event| event.event_type().0.trim_start_matches("transfer."));
        let names = names.collect();
        for event in events {
            self.record(standing.actor.id, event);
        }
        names
    }

    /// Acts; an hour passes.
    pub fn done(&mut self, standing: &Standing, command: &TransferCommand) -> Vec<&'static str> {
        let names = self.act(standing, command);
        self.now = self.now.plus_ms(HOUR);
        names
    }

    pub fn state(&self) -> &TransferState {
        self.state.as_ref().unwrap()
    }

    pub fn stage(&self) -> StageCode {
        self.state().stage.code()
    }

    /// What the office has to do or ask for, until when.
    pub fn waits_for(&self) -> String {
        let Some(turn) = turn(self.state()) else { return String::new() };
        let until = turn.due.map(|due| format!(" until {}", time(due))).unwrap_or_default();
        format!("{}{until}", turn.act.name())
    }

    /// Lets every running clock be heard when it falls due, up to `until`; what was warned of.
    pub fn clocks_until(&mut self, until: Timestamp) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let clocks = Transfer::clocks(self.state()).into_iter();
            let next = clocks.filter_map(|clock| clock.next.map(|at| (at, clock.name))).min();
            let Some((at, name)) = next.filter(|(at, _)| *at <= until) else { break };
            self.now = self.now.max(at);
            assert!(!self.act(&system(), &tick(name)).is_empty(), "a due clock would spin: {name}");
            let Some((_, TransferEvent::DeadlineWarned(parts))) = self.events.last() else { panic!() };
            heard.push(format!("{} {}%", parts.core.clock, parts.core.mark));
        }
        self.now = self.now.max(until);
        heard
    }
}

pub fn drafted() -> Desk {
    let mut desk = Desk::new();
    desk.done(&drafter(), &draft(desk.now));
    desk
}

pub fn signing() -> Desk {
    let mut desk = drafted();
    desk.done(&drafter(), &TransferCommand::Submit);
    desk
}

pub fn signed() -> Desk {
    let mut desk = signing();
    desk.done(&leader(), &sign(true));
    desk
}

/// Sent on paper: there is no link.
pub fn sent() -> Desk {
    let mut desk = signed();
    desk.done(&drafter(), &send(desk.now, Channel::Paper));
    desk
}

/// Sent by a link that opens it.
pub fn linked() -> Desk {
    let mut desk = signed();
    desk.done(&drafter(), &send(desk.now, Channel::Link));
    desk.done(&drafter(), &TransferCommand::MakeLink);
    desk
}

pub fn received() -> Desk {
    let mut desk = linked();
    desk.done(&system(), &receive(Way::Link, Some(1), desk.now));
    desk
}

pub fn answered(answer: Answer) -> Desk {
    let mut desk = received();
    desk.done(&system(), &reply(answer, Way::Link, Some(1), desk.now));
    desk
}

pub fn withdrawn() -> Desk {
    let mut desk = linked();
    desk.done(&drafter(), &withdraw());
    desk
}
