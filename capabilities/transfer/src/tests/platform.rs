//! A county on a real database with two schools, a department, and accounts as roles give them.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook};
use hazard::{Hazard, HazardCommand, Registration};
use journal::{Engine, EngineBuilder, Handle, Identity, Outcome, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::{Param, Tx, params};
use test_support::TestDb;

use super::{
    departments::entry,
    support::{HOUR, RULES, START, draft_of, photo, sign},
};
use crate::{
    Channel, Department, DepartmentCommand, DepartmentDraft, LetterDraft, Transfer, TransferCommand,
    TransferState,
};

const SETS: [storage::MigrationSet; 5] = [
    journal::MIGRATIONS,
    organisation::MIGRATIONS,
    access::MIGRATIONS,
    hazard::MIGRATIONS,
    crate::MIGRATIONS,
];

pub struct Platform {
    engine: Option<Engine>,
    pub handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub vault: Arc<Vault>,
    pub county: UnitId,
    pub school: UnitId,
    pub other: UnitId,
    people: HashMap<&'static str, (ActorId, PersonId)>,
}

fn builder() -> EngineBuilder {
    let rules = Arc::new(RwLock::new(RULES.clone()));
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(Hazard::new(Arc::clone(&rules)))
        .subject(Department::new(Arc::clone(&rules)))
        .subject(Transfer::new(rules))
}

impl Platform {
    pub fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(5));
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &SETS).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let lease = db.database().lease().unwrap();
        let engine = builder().start(db.database(), lease, clock.clone(), ids.clone()).unwrap();
        let mut platform = Self {
            handle: engine.handle(),
            engine: Some(engine),
            db,
            clock,
            ids,
            vault: Arc::new(Vault::new(&[9; 32])),
            county: UnitId::NIL,
            school: UnitId::NIL,
            other: UnitId::NIL,
            people: HashMap::new(),
        };
        platform.settle();
        platform
    }

    fn settle(&mut self) {
        self.county = self.unit("530323", "县教育体育局", UnitKind::County, None);
        let central = self.unit("2153000001", "中心学校", UnitKind::CentralSchool, Some(self.county));
        self.school = self.unit("2153000002", "第一小学", UnitKind::Primary, Some(central));
        self.other = self.unit("3153000003", "第一中学", UnitKind::Junior, Some(self.county));
        for (name, home, post, role) in [
            ("office", self.county, Post::CountySafety, Role::CountySafetyOffice),
            ("leader", self.county, Post::CountyLeader, Role::CountyLeader),
            ("central", central, Post::Head, Role::CentralSchool),
            ("head", self.school, Post::Head, Role::Head),
            ("guard", self.school, Post::Guard, Role::Guard),
            ("neighbour", self.other, Post::Head, Role::Head),
        ] {
            self.account(name, home, post, role);
        }
    }

    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock as &dyn Clock)
    }

    pub fn work(&self, by: Actor) -> UnitOfWork {
        UnitOfWork::new(by, self.new_id())
    }

    /// An hour passes when it was done.
    pub fn execute(&self, work: UnitOfWork) -> Result<Outcome, Problem> {
        let outcome = self.handle.execute_blocking(WorkLane::Interactive, work)?;
        self.clock.advance_ms(HOUR);
        Ok(outcome)
    }

    pub fn ask<S: Subject>(
        &self,
        who: &str,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<Outcome, Problem> {
        self.execute(self.work(self.actor(who)).ask::<S>(id, command))
    }

    fn set_up<S: Subject>(&self, id: impl Into<StreamId>, command: S::Command) {
        let work = self.work(Actor::SYSTEM).ask::<S>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
    }

    fn unit(&self, code: &str, name: &str, kind: UnitKind, under: Option<UnitId>) -> UnitId {
        let id: UnitId = self.new_id();
        let from = Date::constant(2025, 9, 1);
        let placements =
            under.into_iter().map(|parent| Placement { line: Line::Management, parent, from }).collect();
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes::default(),
            placements,
            code_exception: None,
        };
        self.set_up::<Unit>(id, UnitCommand::Create(created));
        id
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        self.set_up::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: vec![post] });
        self.set_up::<Account>(account, AccountCommand::Open { person, login: login.to_owned(), home });
        self.set_up::<Account>(account, AccountCommand::Grant { role, unit: home });
        self.people.insert(login, (account, person));
    }

    pub fn actor(&self, who: &str) -> Actor {
        if who == "platform" { Actor::SYSTEM } else { Actor::person(self.people[who].0) }
    }

    pub fn person(&self, who: &str) -> PersonId {
        self.people[who].1
    }

    pub fn viewer(&self, who: &str) -> access::Viewer {
        let account = self.people[who].0;
        self.read(|tx| access::Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    /// A hazard at one of the schools, with one photo.
    pub fn hazard(&self, who: &str, unit: UnitId) -> StreamId {
        let id: StreamId = self.new_id();
        let asked = Registration {
            unit,
            category: "H12".to_owned(),
            source: "self".to_owned(),
            description: "校门口流动摊点占道经营".to_owned(),
            place: "校门外五十米".to_owned(),
            photos: vec![photo(1)],
            position: None,
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: None,
        };
        self.ask::<Hazard>(who, id, HazardCommand::Register(Box::new(asked))).unwrap();
        id
    }

    /// An entry of the register.
    pub fn department(&self, name: &str) -> StreamId {
        let id: StreamId = self.new_id();
        let draft = DepartmentDraft { name: name.to_owned(), ..entry() };
        let add = DepartmentCommand::Add { county: self.county, draft };
        self.ask::<Department>("office", id, add).unwrap();
        id
    }

    /// A draft that fits.
    pub fn draft(&self, hazard: StreamId, unit: UnitId, department: StreamId) -> LetterDraft {
        LetterDraft { unit, hazard, department: Some(department), ..draft_of(self.clock.now()) }
    }

    /// A letter about a hazard of the first school, sent by a channel.
    pub fn sent(&self, hazard: StreamId, department: StreamId, channel: Channel) -> StreamId {
        let id = self.signed(hazard, department);
        let on = Some(self.clock.now());
        let send = TransferCommand::Send { channel, on, note: hazard::Note::default() };
        self.ask::<Transfer>("office", id, send).unwrap();
        id
    }

    pub fn signed(&self, hazard: StreamId, department: StreamId) -> StreamId {
        let id: StreamId = self.new_id();
        let draft = self.draft(hazard, self.school, department);
        self.ask::<Transfer>("office", id, TransferCommand::Draft(Box::new(draft))).unwrap();
        self.ask::<Transfer>("office", id, TransferCommand::Submit).unwrap();
        self.ask::<Transfer>("leader", id, sign(true)).unwrap();
        id
    }

    pub fn state(&self, id: StreamId) -> Option<TransferState> {
        self.read(|tx| crate::query::state(tx, id).unwrap().map(|(state, _)| state))
    }

    pub fn clock_due(&self, id: StreamId, name: &str) -> Option<Timestamp> {
        let sql = "SELECT due_at FROM clock WHERE stream_id = ?1 AND name = ?2";
        self.read(|tx| tx.first(sql, params![id, name], |row| row.int(0)).unwrap()).map(Timestamp)
    }

    /// Rows as text: `kinds` names the columns' types, one letter each.
    pub fn rows(&self, sql: &str, params: &[Param], kinds: &str) -> Vec<String> {
        let cells = |row: &storage::Row<'_>| {
            let mut cells = Vec::new();
            for (column, kind) in kinds.chars().enumerate() {
                cells.push(match kind {
                    'u' => row.opt_id::<StreamId>(column)?.map_or_else(String::new, |id| id.to_string()),
                    't' => row.opt_text(column)?.unwrap_or_default(),
                    'b' => row.bool(column)?.to_string(),
                    _ => row.opt_int(column)?.map_or_else(String::new, |number| number.to_string()),
                });
            }
            Ok(cells.join(" "))
        };
        self.read(|tx| tx.query(sql, params, cells).unwrap())
    }

    /// Every derived row of letters and departments.
    fn everything(&self) -> Vec<String> {
        let tables = [
            (
                "SELECT id, version, shape, state, hazard_id, unit_id, township_id, central_id, county_id, department_id,
                    kind, stage, department_name, unit_name, title, words, year, serial, begun_at, begun_year, sent_at,
                    sent_on, reply_by, answer, answered_on, turn_act, turn_due, turn_barred, ended_at
                 FROM transfer ORDER BY id",
                "uiituuuuuuttttttiiiiiiitititi",
            ),
            ("SELECT transfer_id, hash FROM transfer_photo ORDER BY transfer_id, hash", "ut"),
            (
                "SELECT id, version, shape, state, county_id, kind, name, office, telephone, closed FROM department
                 ORDER BY id",
                "uiitutttt b",
            ),
            (
                "SELECT stream_id, name, stream_kind, unit_id, started_at, due_at, next_at FROM clock
                 ORDER BY stream_id, name",
                "uttuiii",
            ),
        ];
        tables.iter().flat_map(|(sql, kinds)| self.rows(sql, &[], &kinds.replace(' ', ""))).collect()
    }

    /// Verifies the past, makes every row again, and verifies once more. Tickets are no facts and stay.
    pub fn verified_and_rebuilt(&mut self) {
        let tickets = |platform: &Self| {
            platform.rows("SELECT transfer_id, link FROM transfer_ticket ORDER BY transfer_id", &[], "ui")
        };
        let before = (self.everything(), tickets(self));
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let mut tx = self.db.database().writer().unwrap();
        let engine = builder();
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        tx.begin().unwrap();
        journal::rebuild(&mut tx, &engine, &self.ids, &|_| {}).unwrap();
        tx.commit().unwrap();
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        drop(tx);
        drop(lease);
        assert_eq!((self.everything(), tickets(self)), before, "a rebuild makes the same rows");
    }
}

/// The code of a refusal; what is answered otherwise fails the test.
pub fn refused(answer: Result<Outcome, Problem>) -> &'static str {
    match answer {
        Err(Problem::Refused(refusal)) => refusal.code,
        Err(Problem::Forbidden) => "forbidden",
        other => panic!("{other:?}"),
    }
}
