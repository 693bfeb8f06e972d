//! An adjustment on the table: the people of a county, their permissions, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock};

use access::Role;
use hazard::Note;
use journal::{Context, Need, Stamp, Standing};
use kernel::{Actor, ActorId, Date, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    Adjustment, AdjustmentCommand, AdjustmentEvent, AdjustmentFacts, AdjustmentState, Change, Draft,
    NewValue, Number, decide::decide, subject::need,
};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const DAY: i64 = Timestamp::DAY_MS;

/// Somebody with what `roles.toml` gives the role.
pub fn who(number: u128, role: Role) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(0x2000 + number))),
        person: Some(PersonId(Uuid::from_u128(0x1000 + number))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(role.permissions().iter().collect::<Vec<_>>()),
        unit_path: String::new(),
    }
}

pub fn drafter() -> Standing {
    who(1, Role::CountySafetyOffice)
}
pub fn leader() -> Standing {
    who(3, Role::CountyLeader)
}
/// A leader who also works in the safety office.
pub fn both() -> Standing {
    let all: Vec<_> = drafter().permissions.iter().chain(leader().permissions.iter()).copied().collect();
    Standing { permissions: Arc::from(all), ..who(4, Role::CountyLeader) }
}
pub fn head() -> Standing {
    who(5, Role::Head)
}

pub fn county() -> UnitId {
    UnitId(Uuid::from_u128(0x13))
}

pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

pub fn on(text: &str) -> Date {
    text.parse().unwrap()
}

/// 一般隐患整改期限 another way.
pub fn rectify_in(span: &str) -> Change {
    Change::Value {
        rule: "hazard.rectify.general".to_owned(),
        variant: "default".to_owned(),
        value: NewValue::Span(span.to_owned()),
    }
}

pub fn draft_of(changes: Vec<Change>) -> Draft {
    Draft {
        county: county(),
        from: Some(on("2026-03-09")),
        changes,
        reason: note("去年一般隐患多数三天内改完，缩短期限"),
    }
}

pub fn draft(changes: Vec<Change>) -> AdjustmentCommand {
    AdjustmentCommand::Draft(draft_of(changes))
}

pub fn activate() -> AdjustmentCommand {
    AdjustmentCommand::Activate { concerned: Vec::new(), note: Note::default() }
}

pub fn end(day: &str) -> AdjustmentCommand {
    AdjustmentCommand::End { on: Some(on(day)), note: note("汛期加固工程集中，恢复原期限") }
}

/// One adjustment, step by step.
pub struct Desk {
    pub state: Option<AdjustmentState>,
    pub events: Vec<AdjustmentEvent>,
    pub facts: AdjustmentFacts,
    pub now: Timestamp,
}

impl Desk {
    pub fn new() -> Self {
        let mut facts = AdjustmentFacts::new(RULES.clone(), RULES.clone());
        facts.next = Number { year: 2026, serial: 1 };
        Self { state: None, events: Vec::new(), facts, now: START }
    }

    pub fn ask(&self, by: &Standing, command: &AdjustmentCommand) -> Result<Vec<AdjustmentEvent>, Refusal> {
        match need(command) {
            Need::Permission(permission) if by.may(permission) => {}
            _ => return Err(Refusal::new("forbidden")),
        }
        let context = Context { now: self.now, standing: by, stream: StreamId(Uuid::from_u128(1)) };
        decide(self.state.as_ref(), command, &self.facts, &context)
    }

    pub fn refused(&self, by: &Standing, command: &AdjustmentCommand) -> &'static str {
        self.ask(by, command).expect_err("a refusal was expected").code
    }

    pub fn done(&mut self, by: &Standing, command: &AdjustmentCommand) {
        for event in self.ask(by, command).unwrap() {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: StreamId(Uuid::from_u128(1)),
                version: self.events.len() as u64 + 1,
                actor: ActorId::NIL,
                at: self.now,
                unit: county(),
            };
            self.state = <Adjustment as journal::Subject>::evolve(self.state.take(), &event, &stamp);
            self.events.push(event);
        }
        self.now = self.now.plus_ms(Timestamp::HOUR_MS);
    }

    pub fn after(steps: &[(Standing, AdjustmentCommand)]) -> Self {
        let mut desk = Self::new();
        for (by, command) in steps {
            desk.done(by, command);
        }
        desk
    }
}

pub fn waiting() -> Desk {
    Desk::after(&[(drafter(), draft(vec![rectify_in("5d")]))])
}

pub fn active() -> Desk {
    let mut desk = waiting();
    desk.done(&leader(), &activate());
    desk
}
