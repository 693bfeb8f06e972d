//! A report on the table: whoever asks about it, with what roles give, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock};

use access::Role;
use hazard::{Note, Photo};
use journal::{Context, Stamp, Standing};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    Answer, PublicReportCommand, PublicReportEvent, PublicReportFacts, PublicReportState, Reception,
    clocks::clocks,
    decide::decide,
    evolve::evolve,
    facts::{HazardSeen, PlaceSeen},
    subject::need,
};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const HOUR: i64 = Timestamp::HOUR_MS;
pub const DAY: i64 = Timestamp::DAY_MS;

/// Somebody with what `roles.toml` gives the role.
fn who(number: u128, role: Role) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(0x2000 + number))),
        person: Some(PersonId(Uuid::from_u128(0x1000 + number))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(role.permissions().iter().collect::<Vec<_>>()),
        unit_path: String::new(),
    }
}

pub fn officer() -> Standing {
    who(1, Role::SafetyOfficer)
}
pub fn office() -> Standing {
    who(2, Role::CountySafetyOffice)
}
pub fn guard() -> Standing {
    who(3, Role::Guard)
}
pub fn system() -> Standing {
    Standing { actor: Actor::SYSTEM, person: None, permissions: Arc::from([]), ..who(0, Role::Guard) }
}

pub fn school() -> UnitId {
    UnitId(Uuid::from_u128(0x10))
}
pub fn hazard_id() -> StreamId {
    StreamId(Uuid::from_u128(9))
}

pub fn photo(number: u8) -> Photo {
    Photo(format!("{number:064x}"))
}

pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

/// A report that fits.
pub fn told(telephone: bool) -> Reception {
    Reception {
        unit: school(),
        place: StreamId(Uuid::from_u128(0x20)),
        category: "H02".to_owned(),
        spot: "二楼东头".to_owned(),
        words: "走廊栏杆晃动".to_owned(),
        photos: vec![photo(1)],
        telephone,
    }
}

pub fn receive(telephone: bool) -> PublicReportCommand {
    PublicReportCommand::Receive(Box::new(told(telephone)))
}

pub fn take_up() -> PublicReportCommand {
    PublicReportCommand::TakeUp { hazard: hazard_id(), words: "已登记为隐患，正在加固".to_owned() }
}

pub fn answer(answer: Answer) -> PublicReportCommand {
    let hazard = (answer == Answer::Known).then(hazard_id);
    PublicReportCommand::Answer {
        answer, hazard, words: "周一早上到二楼看过，栏杆牢固".to_owned()
    }
}

pub fn send_back() -> PublicReportCommand {
    PublicReportCommand::SendBack(note("请再到三楼看一看"))
}

pub fn tick(clock: &str) -> PublicReportCommand {
    PublicReportCommand::Tick { clock: clock.to_owned() }
}

/// A report with everything it leans on.
#[derive(Clone)]
pub struct Desk {
    pub now: Timestamp,
    pub facts: PublicReportFacts,
    pub state: Option<PublicReportState>,
    pub events: Vec<PublicReportEvent>,
}

impl Desk {
    pub fn new() -> Self {
        let mut facts = PublicReportFacts::new(RULES.clone());
        facts.seat = Some((Seat { institution: true, ..Seat::default() }, "第一小学".to_owned()));
        facts.place = Some(PlaceSeen { name: "教学楼".to_owned(), open: true });
        facts.hazard = Some(HazardSeen {
            unit: school(),
            number: hazard::Number { year: 2026, serial: 17 },
            open: true,
            from_public: true,
            taken: false,
        });
        Self { now: START, facts, state: None, events: Vec::new() }
    }

    pub fn ask(
        &self,
        standing: &Standing,
        command: &PublicReportCommand,
    ) -> Result<Vec<PublicReportEvent>, Refusal> {
        if !standing.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        let context = Context { stream: StreamId(Uuid::from_u128(8)), now: self.now, standing };
        decide(self.state.as_ref(), command, &self.facts, &context)
    }

    /// It happens; an hour passes.
    pub fn done(&mut self, standing: &Standing, command: &PublicReportCommand) -> &mut Self {
        let events = self.ask(standing, command).unwrap();
        for event in &events {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: StreamId::NIL,
                version: 0,
                actor: standing.actor.id,
                at: self.now,
                unit: school(),
            };
            self.state = evolve(self.state.take(), event, &stamp);
        }
        self.events.extend(events);
        self.now = self.now.plus_ms(HOUR);
        self
    }

    pub fn refused(&self, standing: &Standing, command: &PublicReportCommand) -> &'static str {
        self.ask(standing, command).unwrap_err().code
    }

    pub fn state(&self) -> &PublicReportState {
        self.state.as_ref().unwrap()
    }

    /// The clocks ring until then, each when it is due.
    pub fn clocks_until(&mut self, end: Timestamp) -> &mut Self {
        loop {
            let running = clocks(self.state());
            let next = running.iter().filter_map(|clock| Some((clock.next?, clock.name))).min();
            let Some((at, name)) = next.filter(|(at, _)| *at <= end) else { break };
            self.now = self.now.max(at);
            let command = tick(name);
            if self.ask(&system(), &command).unwrap().is_empty() {
                break;
            }
            self.done(&system(), &command);
        }
        self.now = self.now.max(end);
        self
    }
}
