//! A county on a real database with two schools, and accounts as roles give them.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook};
use journal::{Engine, EngineBuilder, Handle, Identity, Outcome, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use rules::RuleBook;
use storage::{Tx, params};
use test_support::TestDb;

use crate::{Place, PlaceCommand, PlaceDraft, PlaceState, code};

pub static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-03-02 09:00, a Monday.
pub const START: Timestamp = Timestamp(1_772_413_200_000);

pub struct Platform {
    engine: Option<Engine>,
    pub handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub county: UnitId,
    pub school: UnitId,
    pub other: UnitId,
    people: HashMap<&'static str, ActorId>,
}

fn builder() -> EngineBuilder {
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(Place::new(Arc::new(RwLock::new(RULES.clone()))))
}

impl Platform {
    pub fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(5));
        let mut tx = db.database().writer().unwrap();
        let sets = [journal::MIGRATIONS, organisation::MIGRATIONS, access::MIGRATIONS, crate::MIGRATIONS];
        storage::migrate(&mut tx, &sets).unwrap();
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
            ("central", central, Post::Head, Role::CentralSchool),
            ("head", self.school, Post::Head, Role::Head),
            ("guard", self.school, Post::Guard, Role::Guard),
            ("neighbour", self.other, Post::Head, Role::Head),
        ] {
            self.account(name, home, post, role);
        }
    }

    fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock as &dyn Clock)
    }

    pub fn ask<S: Subject>(
        &self,
        who: &str,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<Outcome, Problem> {
        let actor = self.people.get(who).map_or(Actor::SYSTEM, |account| Actor::person(*account));
        let work = UnitOfWork::new(actor, self.new_id()).ask::<S>(id, command);
        let outcome = self.handle.execute_blocking(WorkLane::Interactive, work)?;
        self.clock.advance_ms(Timestamp::MINUTE_MS);
        Ok(outcome)
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
        self.ask::<Unit>("platform", id, UnitCommand::Create(created)).unwrap();
        id
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        let enter = PersonCommand::Enter { unit: home, contact, posts: vec![post] };
        self.ask::<Person>("platform", person, enter).unwrap();
        let open = AccountCommand::Open { person, login: login.to_owned(), home };
        self.ask::<Account>("platform", account, open).unwrap();
        self.ask::<Account>("platform", account, AccountCommand::Grant { role, unit: home }).unwrap();
        self.people.insert(login, account);
    }

    pub fn viewer(&self, who: &str) -> access::Viewer {
        let account = self.people[who];
        self.read(|tx| access::Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    pub fn code(&self) -> String {
        code::of(self.ids.bytes())
    }

    pub fn add(&self, who: &str, unit: UnitId, kind: &str, name: &str) -> Result<StreamId, Problem> {
        let id: StreamId = self.new_id();
        let draft = PlaceDraft { kind: kind.to_owned(), name: name.to_owned(), ..PlaceDraft::default() };
        self.ask::<Place>(who, id, PlaceCommand::Add { unit, code: self.code(), draft })?;
        Ok(id)
    }

    pub fn state(&self, id: StreamId) -> PlaceState {
        self.read(|tx| crate::query::state(tx, id).unwrap().unwrap().0)
    }

    fn everything(&self) -> Vec<String> {
        self.read(|tx| {
            let places = "SELECT state, name, spot, code, closed FROM place ORDER BY id";
            let mut rows = tx
                .query(places, params![], |row| {
                    let cells =
                        [row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?, row.bool(4)?.to_string()];
                    Ok(cells.join(" "))
                })
                .unwrap();
            let codes = "SELECT code, place_id, stopped FROM place_code ORDER BY code";
            rows.extend(
                tx.query(codes, params![], |row| {
                    Ok(format!("{} {} {}", row.text(0)?, row.id::<StreamId>(1)?, row.bool(2)?))
                })
                .unwrap(),
            );
            rows
        })
    }

    /// Verifies the past, makes every row again, and verifies once more.
    pub fn verified_and_rebuilt(&mut self) {
        let before = self.everything();
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let mut tx = self.db.database().writer().unwrap();
        let engine = builder();
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        tx.begin().unwrap();
        journal::rebuild(&mut tx, &engine, &self.ids, &|_| {}).unwrap();
        tx.commit().unwrap();
        drop(tx);
        drop(lease);
        assert_eq!(self.everything(), before, "a rebuild makes the same rows");
    }
}

/// The code of a refusal; what is answered otherwise fails the test.
pub fn refused<T: std::fmt::Debug>(answer: Result<T, Problem>) -> &'static str {
    match answer {
        Err(Problem::Refused(refusal)) => refusal.code,
        Err(Problem::Forbidden) => "forbidden",
        other => panic!("{other:?}"),
    }
}
