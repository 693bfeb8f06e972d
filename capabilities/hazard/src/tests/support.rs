//! A hazard on the table: people, their permissions, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock, RwLock};

use journal::{Context, Payload, Permission, Stamp, Standing, Subject};
use kernel::{Actor, ActorId, EventId, PersonId, Refusal, StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    Answer, CarriedPeople, CarriedText, CarryOver, Extension, GradeAs, Hazard, HazardCommand, HazardEvent,
    HazardFacts, HazardState, Level, OnTheSpot, Photo, PlanDraft, Registration, event::Note,
};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);
pub const HOUR: i64 = Timestamp::HOUR_MS;
pub const DAY: i64 = Timestamp::DAY_MS;

/// As `roles.toml` has them.
pub const HEAD: &[Permission] = &[
    "hazard.register",
    "hazard.grade",
    "hazard.assign",
    "hazard.take_on",
    "hazard.rectify",
    "hazard.ask_extension",
    "hazard.decide_extension",
    "hazard.accept",
    "hazard.close",
    "hazard.revisit",
    "hazard.withdraw",
    "hazard.ask_help",
];
pub const CENTRAL: &[Permission] = &[
    "hazard.register",
    "hazard.grade",
    "hazard.assign",
    "hazard.decide_extension",
    "hazard.accept",
    "hazard.close",
    "hazard.revisit",
    "hazard.answer_help",
    "hazard.central",
];
pub const COUNTY: &[Permission] =
    &["hazard.register", "hazard.answer_help", "hazard.county", "hazard.carry_over"];

pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number))
}

pub fn who(number: u128, permissions: &[Permission]) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(0x2000 + number))),
        person: Some(person(number)),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(permissions),
        unit_path: String::new(),
    }
}

pub fn officer() -> Standing {
    who(1, HEAD)
}
pub fn head() -> Standing {
    who(2, HEAD)
}
pub fn central() -> Standing {
    who(3, CENTRAL)
}
pub fn county() -> Standing {
    who(4, COUNTY)
}
pub fn system() -> Standing {
    Standing { actor: Actor::SYSTEM, person: None, ..who(0, &[]) }
}

pub fn unit() -> UnitId {
    UnitId(Uuid::from_u128(0x10))
}

pub fn photo(number: u8) -> Photo {
    Photo(format!("{number:064x}"))
}

pub fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: vec![photo(7)] }
}

pub fn registration() -> Registration {
    Registration {
        unit: unit(),
        category: "H02".to_owned(),
        source: "self".to_owned(),
        description: "楼道应急灯不亮".to_owned(),
        place: "教学楼二楼".to_owned(),
        photos: vec![photo(1)],
        position: None,
        found_at: None,
        number: None,
        answers: Vec::new(),
        on_the_spot: None,
    }
}

pub fn register() -> HazardCommand {
    HazardCommand::Register(Box::new(registration()))
}

pub fn on_the_spot() -> HazardCommand {
    HazardCommand::Register(Box::new(Registration {
        on_the_spot: Some(OnTheSpot {
            note: "当场更换灯管".to_owned(),
            photos: vec![photo(2)],
            ..OnTheSpot::default()
        }),
        ..registration()
    }))
}

pub fn grade(level: Level) -> HazardCommand {
    HazardCommand::Grade(GradeAs { level, answers: Vec::new(), reason: "现场查看".to_owned() })
}

pub fn assign() -> HazardCommand {
    HazardCommand::Assign { responsible: person(1), note: note("请本周内更换") }
}

pub fn draft(due: Timestamp) -> PlanDraft {
    PlanDraft {
        responsible: Some(person(1)),
        responsibility: "总务主任负责更换".to_owned(),
        funds: "从日常维护经费列支三百元".to_owned(),
        funds_cents: Some(30_000),
        measures: "更换应急灯并逐盏测试".to_owned(),
        due: Some(due),
        contingency: "更换前安排专人夜间值守".to_owned(),
    }
}

pub fn take_on(due: Timestamp) -> HazardCommand {
    HazardCommand::TakeOn(draft(due))
}

pub fn rectify() -> HazardCommand {
    HazardCommand::Rectify { note: note("已更换并测试"), spent_cents: Some(28_000), reused: Vec::new() }
}

pub fn accept() -> HazardCommand {
    HazardCommand::Accept { on_site: true, note: note("现场查看合格") }
}

pub fn send_back() -> HazardCommand {
    HazardCommand::Return { note: note("两盏仍不亮"), due: None }
}

pub fn close() -> HazardCommand {
    HazardCommand::Close(note("对账销号"))
}

pub fn withdraw() -> HazardCommand {
    HazardCommand::Withdraw { duplicate: true, same_as: None, note: note("与前一条重复") }
}

pub fn ask_help() -> HazardCommand {
    HazardCommand::AskHelp(note("经费超出学校能力"))
}

pub fn support() -> HazardCommand {
    HazardCommand::AnswerHelp { answer: Answer::Support, until: None, note: note("县局统筹解决") }
}

pub fn deliver_help() -> HazardCommand {
    HazardCommand::DeliverHelp(note("下达专项经费五万元，安排施工队进校"))
}

pub fn extension(until: Timestamp) -> HazardCommand {
    HazardCommand::AskExtension { until, note: note("配件本周到货") }
}

pub fn grant() -> HazardCommand {
    HazardCommand::AnswerExtension { answer: Extension::Grant, note: note("同意") }
}

/// A row of a ledger, found a year ago, with nothing but what is wrong.
pub fn ledger_row() -> CarryOver {
    CarryOver {
        unit: unit(),
        category: "H02".to_owned(),
        level: None,
        source: String::new(),
        found_at: START.plus_ms(-300 * DAY),
        closed: false,
        due: None,
        responsible: None,
        funds_cents: None,
        fixed_at: None,
        closed_at: None,
        ledger_number: "AQ-017".to_owned(),
        row: 18,
        text: CarriedText {
            description: "楼道应急灯不亮".to_owned(),
            place: "教学楼二楼".to_owned(),
            ..CarriedText::default()
        },
        people: CarriedPeople { found_by: "赵督学".to_owned(), ..CarriedPeople::default() },
    }
}

/// The same with all five fixed and a deadline.
pub fn ledger_plan(due: Timestamp) -> CarryOver {
    let row = ledger_row();
    let draft = draft(due);
    CarryOver {
        level: Some(Level::General),
        due: Some(due),
        responsible: Some(person(1)),
        funds_cents: Some(30_000),
        text: CarriedText { measures: draft.measures, contingency: draft.contingency, ..row.text },
        ..row
    }
}

/// The same, fixed, accepted and closed by the ledger's word.
pub fn ledger_closed() -> CarryOver {
    let row = ledger_plan(START.plus_ms(-290 * DAY));
    let day = |days: i64| Some(START.plus_ms(-days * DAY));
    let text = CarriedText { photos: vec![photo(3)], after: vec![photo(4)], ..row.text };
    let people = CarriedPeople { accepted_by: "钱股长".to_owned(), ..row.people };
    CarryOver { closed: true, fixed_at: day(293), closed_at: day(292), text, people, ..row }
}

pub fn carry(row: CarryOver) -> HazardCommand {
    HazardCommand::CarryOver(Box::new(row))
}

pub fn correct(category: &str) -> HazardCommand {
    HazardCommand::Correct {
        category: category.to_owned(),
        description: "三楼应急灯不亮".to_owned(),
        place: "教学楼三楼".to_owned(),
    }
}

pub fn change_responsible() -> HazardCommand {
    HazardCommand::ChangeResponsible {
        responsible: PersonId(Uuid::from_u128(77)),
        responsibility: "由后勤主任负责更换，总务主任配合".to_owned(),
        reason: "原责任人调离".to_owned(),
    }
}

pub fn tick(clock: &str) -> HazardCommand {
    HazardCommand::Tick { clock: clock.to_owned() }
}

/// One hazard, everything that happened to it, and the hour.
#[derive(Clone)]
pub struct Desk {
    pub now: Timestamp,
    pub state: Option<HazardState>,
    pub events: Vec<(Stamp, HazardEvent)>,
    pub facts: HazardFacts,
}

impl Desk {
    pub fn new() -> Self {
        let unit = Seat {
            institution: true,
            closed: false,
            township: Some(UnitId(Uuid::from_u128(0x11))),
            central: Some(UnitId(Uuid::from_u128(0x12))),
            county: Some(UnitId(Uuid::from_u128(0x13))),
        };
        let facts = HazardFacts {
            unit: Some(unit),
            serial: 1,
            person_at_unit: true,
            second_person: true,
            ..HazardFacts::new(RULES.clone())
        };
        Self { now: START, state: None, events: Vec::new(), facts }
    }

    /// With these acts done an hour apart.
    pub fn after(acts: &[(Standing, HazardCommand)]) -> Self {
        let mut desk = Self::new();
        for (standing, command) in acts {
            desk.done(standing, command);
        }
        desk
    }

    /// Without a second person at the school.
    pub fn alone(mut self) -> Self {
        self.facts.second_person = false;
        self
    }

    pub fn subject() -> Hazard {
        Hazard::new(Arc::new(RwLock::new(RULES.clone())))
    }

    /// The answer, without acting on it.
    pub fn ask(&self, standing: &Standing, command: &HazardCommand) -> Result<Vec<HazardEvent>, Refusal> {
        let context = Context { stream: StreamId(Uuid::from_u128(9)), now: self.now, standing };
        Self::subject().decide(self.state.as_ref(), command, &self.facts, &context)
    }

    pub fn refused(&self, standing: &Standing, command: &HazardCommand) -> Refusal {
        self.ask(standing, command).expect_err("a refusal was expected")
    }

    pub fn code(&self, standing: &Standing, command: &HazardCommand) -> &'static str {
        self.refused(standing, command).code
    }

    /// Acts, and says which types of event came of it.
    pub fn act(
        &mut self,
        standing: &Standing,
        command: &HazardCommand,
    ) -> Result<Vec<&'static str>, Refusal> {
        let events = self.ask(standing, command)?;
        let names = events.iter().map(|event| event.event_type().0).collect();
        for event in events {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: StreamId(Uuid::from_u128(9)),
                version: self.events.len() as u64 + 1,
                actor: standing.actor.id,
                at: self.now,
                unit: unit(),
            };
            self.state = Hazard::evolve(self.state.take(), &event, &stamp);
            self.events.push((stamp, event));
        }
        Ok(names)
    }

    /// Acts where it must work; an hour passes.
    pub fn done(&mut self, standing: &Standing, command: &HazardCommand) -> Vec<&'static str> {
        let names = self.act(standing, command).unwrap_or_else(|refusal| {
            panic!("{command:?} at {:?}: {refusal:?}", self.state.as_ref().map(|s| s.stage.code()))
        });
        self.now = self.now.plus_ms(HOUR);
        names
    }

    pub fn state(&self) -> &HazardState {
        self.state.as_ref().unwrap()
    }

    pub fn due(&self) -> Timestamp {
        self.state().due().unwrap().at
    }

    /// The unit hangs under another central school now, and the platform has seen it.
    /// When the plan wants it done, whatever is waited for now.
    pub fn plan_due(&self) -> Timestamp {
        self.state().stage.plan().unwrap().due.at
    }

    pub fn hang_under(&mut self, central: Option<u128>) -> Vec<&'static str> {
        self.facts.unit.as_mut().unwrap().central = central.map(|id| UnitId(Uuid::from_u128(id)));
        self.done(&system(), &HazardCommand::Readdress)
    }

    /// Lets the running clock be heard until nothing more is due by `until`; the types that came of it.
    pub fn clocks_until(&mut self, until: Timestamp) -> Vec<String> {
        let mut heard = Vec::new();
        for _ in 0..100 {
            let clocks = Hazard::clocks(self.state()).into_iter();
            let next = clocks.filter_map(|clock| clock.next.map(|at| (at, clock.name))).min();
            let Some((at, name)) = next.filter(|(at, _)| *at <= until) else { break };
            self.now = self.now.max(at);
            let before = self.events.len();
            self.act(&system(), &tick(name)).unwrap();
            assert!(self.events.len() > before, "a due clock did nothing and would spin: {name} at {at:?}");
            heard.extend(self.events[before..].iter().map(|(_, event)| describe(event)));
        }
        self.now = self.now.max(until);
        heard
    }
}

fn describe(event: &HazardEvent) -> String {
    match event {
        HazardEvent::DeadlineWarned(p) => format!("{} {}%", p.core.clock, p.core.mark),
        HazardEvent::Escalated(p) => format!("{} after {} d", p.core.step.name(), p.core.overdue_days),
        other => other.event_type().0.to_owned(),
    }
}

/// Registered and graded by the safety officer.
pub fn graded(level: Level) -> Desk {
    Desk::after(&[(officer(), register()), (officer(), grade(level))])
}

pub fn assigned(level: Level) -> Desk {
    let mut desk = graded(level);
    let judge = if level == Level::Major { county() } else { head() };
    desk.done(&judge, &assign());
    desk
}

pub fn rectifying(level: Level) -> Desk {
    let mut desk = assigned(level);
    let due = desk.now.plus_ms(5 * DAY);
    desk.done(&officer(), &take_on(due));
    desk
}

pub fn awaiting(level: Level) -> Desk {
    let mut desk = rectifying(level);
    desk.done(&officer(), &rectify());
    desk
}

pub fn accepted(level: Level) -> Desk {
    let mut desk = awaiting(level);
    desk.done(if level == Level::Major { &ACCEPTING.1 } else { &ACCEPTING.0 }, &accept());
    desk
}

pub fn closed(level: Level) -> Desk {
    let mut desk = accepted(level);
    desk.done(if level == Level::Major { &ACCEPTING.1 } else { &ACCEPTING.0 }, &close());
    desk
}

/// Who accepts a general hazard, and who a major one.
static ACCEPTING: LazyLock<(Standing, Standing)> = LazyLock::new(|| (head(), county()));
