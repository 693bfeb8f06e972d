//! A county with one school on a real database, with real accounts.

use std::{collections::HashMap, sync::Arc};

use access::{Account, AccountCommand, Role, RoleBook};
use journal::{Engine, EngineBuilder, Handle, Identity, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::Tx;
use test_support::TestDb;

use crate::{Held, HeldCommand, Reader, ReaderCommand, reader_stream};

const SETS: [storage::MigrationSet; 4] =
    [journal::MIGRATIONS, organisation::MIGRATIONS, access::MIGRATIONS, crate::MIGRATIONS];

pub struct Platform {
    engine: Option<Engine>,
    handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub vault: Arc<Vault>,
    ids: Arc<IdSource>,
    pub county: UnitId,
    pub school: UnitId,
    pub people: HashMap<&'static str, (ActorId, PersonId)>,
}

fn builder(vault: &Arc<Vault>) -> EngineBuilder {
    EngineBuilder::new(Arc::clone(vault), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(Reader)
        .subject(Held)
}

impl Platform {
    pub fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(Timestamp(1_788_915_600_000)));
        let ids = Arc::new(IdSource::seeded(4));
        let vault = Arc::new(Vault::new(&[8; 32]));
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &SETS).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let lease = db.database().lease().unwrap();
        let engine = builder(&vault).start(db.database(), lease, clock.clone(), ids.clone()).unwrap();
        let (county, school, people) = (UnitId::NIL, UnitId::NIL, HashMap::new());
        let handle = engine.handle();
        let mut platform =
            Self { engine: Some(engine), handle, db, clock, vault, ids, county, school, people };
        platform.county = platform.unit("530323", "师宗县教育体育局", UnitKind::County, None);
        platform.school =
            platform.unit("2153000002", "丹凤第一小学", UnitKind::Primary, Some(platform.county));
        let (county, school) = (platform.county, platform.school);
        platform.account("office", county, Post::CountySafety, Role::CountySafetyOffice);
        platform.account("leader", county, Post::CountyLeader, Role::CountyLeader);
        platform.account("system", county, Post::Administrator, Role::SystemAdministrator);
        platform.account("head", school, Post::Head, Role::Head);
        platform.account("moral", school, Post::MoralEducation, Role::Teacher);
        platform.account("teacher", school, Post::Teacher, Role::Teacher);
        platform.account("guard", school, Post::Guard, Role::Guard);
        platform
    }

    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock as &dyn Clock)
    }

    pub fn execute(&self, work: UnitOfWork) -> Result<(), Problem> {
        self.handle.execute_blocking(WorkLane::Interactive, work).map(|_| ())
    }

    pub fn ask<S: Subject>(
        &self,
        by: Actor,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<(), Problem> {
        self.execute(UnitOfWork::new(by, self.new_id()).ask::<S>(id, command))
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
        self.ask::<Unit>(Actor::SYSTEM, id, UnitCommand::Create(created)).unwrap();
        id
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        let enter = PersonCommand::Enter { unit: home, contact, posts: vec![post] };
        self.ask::<Person>(Actor::SYSTEM, person, enter).unwrap();
        let open = AccountCommand::Open { person, login: login.to_owned(), home };
        self.ask::<Account>(Actor::SYSTEM, account, open).unwrap();
        self.ask::<Account>(Actor::SYSTEM, account, AccountCommand::Grant { role, unit: home }).unwrap();
        self.people.insert(login, (account, person));
    }

    pub fn id(&self, who: &str) -> ActorId {
        self.people[who].0
    }

    pub fn actor(&self, who: &str) -> Actor {
        Actor::person(self.id(who))
    }

    pub fn name(&self, by: &str, unit: UnitId, whom: &str) -> Result<(), Problem> {
        let command = ReaderCommand::Name { unit, account: self.id(whom) };
        self.ask::<Reader>(self.actor(by), reader_stream(unit), command)
    }

    /// Writes a text as somebody of the school; the id of what is held, the newest.
    pub fn write(&self, by: &str, text: &str) -> Result<StreamId, Problem> {
        let work = crate::hold(&self.vault, self.actor(by), self.new_id(), self.school, text);
        self.execute(work)?;
        let newest = "SELECT id FROM held_report ORDER BY written_at DESC, serial DESC LIMIT 1";
        Ok(self.read(|tx| tx.first(newest, &[], |row| row.id(0)).unwrap().unwrap()))
    }

    pub fn held(&self, by: &str, id: StreamId, command: HeldCommand) -> Result<(), Problem> {
        self.ask::<Held>(self.actor(by), id, command)
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    /// Verifies the past, makes every row again, and verifies once more.
    pub fn verified_and_rebuilt(&mut self) {
        let before = self.rows();
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let mut tx = self.db.database().writer().unwrap();
        let engine = builder(&self.vault);
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        tx.begin().unwrap();
        journal::rebuild(&mut tx, &engine, &self.ids, &|_| {}).unwrap();
        tx.commit().unwrap();
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        drop(tx);
        drop(lease);
        assert_eq!(self.rows(), before, "a rebuild makes the same rows");
    }

    fn rows(&self) -> Vec<String> {
        self.read(|tx| {
            let report = "SELECT state, year, serial FROM held_report ORDER BY id";
            let mut rows = tx
                .query(report, &[], |row| Ok(format!("{} {} {}", row.text(0)?, row.int(1)?, row.int(2)?)))
                .unwrap();
            let reader = "SELECT state FROM held_reader ORDER BY id";
            rows.extend(tx.query(reader, &[], |row| row.text(0)).unwrap());
            rows
        })
    }

    /// Everything the database keeps, as bytes: the files of SQLite, or every row of every table.
    pub fn everything(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if !self.db.is_postgres() {
            for entry in std::fs::read_dir(self.db.directory()).unwrap() {
                bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
            }
            return bytes;
        }
        for (table, _) in SETS.iter().flat_map(|set| set.tables) {
            let sql = format!("SELECT CAST(whole AS TEXT) FROM {table} AS whole");
            for row in self.read(|tx| tx.query(&sql, &[], |row| row.text(0)).unwrap()) {
                bytes.extend(row.bytes());
            }
        }
        bytes
    }
}

/// True when the text, or its bytes written as hexadecimal digits, is among the bytes.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    [text, &hex].iter().any(|text| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}
