//! A county on a real database: two schools, one of them at two campuses, and accounts as roles give them.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook, Viewer};
use journal::{Engine, EngineBuilder, Handle, Identity, Outcome, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, GuardFacts, GuardPapers, GuardRecord, GuardText, Line, NewUnit, Person,
    PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::Tx;
use test_support::TestDb;

use super::support::*;
use crate::{Gate, Report, Standard};

const SETS: [storage::MigrationSet; 4] =
    [journal::MIGRATIONS, organisation::MIGRATIONS, access::MIGRATIONS, crate::MIGRATIONS];

pub struct Platform {
    engine: Option<Engine>,
    handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    ids: Arc<IdSource>,
    pub vault: Arc<Vault>,
    pub county: UnitId,
    pub central: UnitId,
    pub school: UnitId,
    pub other: UnitId,
    people: HashMap<&'static str, (ActorId, PersonId)>,
}

fn builder() -> EngineBuilder {
    let rules = Arc::new(RwLock::new(RULES.clone()));
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]).ruled(RULES.clone()))
        .subject(Account)
        .subject(Gate::new(Arc::clone(&rules)))
        .subject(Standard::new(Arc::clone(&rules)))
        .subject(Report::new(rules))
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
        let nil = UnitId::NIL;
        let mut platform = Self {
            handle: engine.handle(),
            engine: Some(engine),
            db,
            clock,
            ids,
            vault: Arc::new(Vault::new(&[9; 32])),
            county: nil,
            central: nil,
            school: nil,
            other: nil,
            people: HashMap::new(),
        };
        platform.settle();
        platform
    }

    fn settle(&mut self) {
        self.county = self.unit("530323", "县教育体育局", UnitKind::County, None, (None, None, None));
        let none = (None, None, None);
        self.central = self.unit("2153000001", "中心学校", UnitKind::CentralSchool, Some(self.county), none);
        let heads = (Some(1480), Some(120), Some(0));
        self.school = self.unit("2153000002", "第一小学", UnitKind::Primary, Some(self.central), heads);
        let heads = (Some(600), Some(40), None);
        self.other = self.unit("3153000003", "第一中学", UnitKind::Junior, Some(self.county), heads);
        for (name, home, post, role) in [
            ("office", self.county, Post::CountySafety, Role::CountySafetyOffice),
            ("leader", self.county, Post::CountyLeader, Role::CountyLeader),
            ("central", self.central, Post::Head, Role::CentralSchool),
            ("head", self.school, Post::Head, Role::Head),
            ("neighbour", self.other, Post::Head, Role::Head),
            ("guard", self.school, Post::Guard, Role::Guard),
        ] {
            self.account(name, home, post, role);
        }
    }

    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock as &dyn Clock)
    }

    /// An hour passes when it was done.
    fn execute(&self, work: UnitOfWork) -> Result<Outcome, Problem> {
        let outcome = self.handle.execute_blocking(WorkLane::Interactive, work)?;
        self.clock.advance_ms(Timestamp::HOUR_MS);
        Ok(outcome)
    }

    pub fn ask<S: Subject>(
        &self,
        who: &str,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<Outcome, Problem> {
        let work = UnitOfWork::new(Actor::person(self.people[who].0), self.new_id());
        self.execute(work.ask::<S>(id, command))
    }

    fn set_up<S: Subject>(&self, id: impl Into<StreamId>, command: S::Command) {
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id()).ask::<S>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
    }

    fn unit(
        &self,
        code: &str,
        name: &str,
        kind: UnitKind,
        under: Option<UnitId>,
        (pupils, staff, boarders): (Option<u32>, Option<u32>, Option<u32>),
    ) -> UnitId {
        let id: UnitId = self.new_id();
        let from = Date::constant(2025, 9, 1);
        let place = |parent| Placement { line: Line::Management, parent, from };
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes { pupils, staff, boarders, ..Attributes::default() },
            placements: under.into_iter().map(place).collect(),
            code_exception: None,
        };
        self.set_up::<Unit>(id, UnitCommand::Create(created));
        id
    }

    fn enter(&self, name: &str, home: UnitId, post: Post) -> PersonId {
        let person: PersonId = self.new_id();
        let contact = Contact { name: format!("示例{name}"), ..Contact::default() };
        self.set_up::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: vec![post] });
        person
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let person = self.enter(login, home, post);
        let account: ActorId = self.new_id();
        self.set_up::<Account>(account, AccountCommand::Open { person, login: login.to_owned(), home });
        self.set_up::<Account>(account, AccountCommand::Grant { role, unit: home });
        self.people.insert(login, (account, person));
    }

    /// A guard who counts, at a campus.
    pub fn guard(&self, home: UnitId, campus: Option<u16>) -> PersonId {
        let person = self.enter("保安", home, Post::Guard);
        let facts = GuardFacts { campus, ..counting() };
        self.set_up::<Person>(person, PersonCommand::Guard(Box::new(record(facts))));
        person
    }

    pub fn person(&self, who: &str) -> PersonId {
        self.people[who].1
    }

    pub fn viewer(&self, who: &str) -> Viewer {
        let account = self.people[who].0;
        self.read(|tx| Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    fn rows(&self, sql: &str, kinds: &str) -> Vec<String> {
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
        self.read(|tx| tx.query(sql, &[], cells).unwrap())
    }

    fn everything(&self) -> Vec<String> {
        let tables = [
            ("SELECT id, version, shape, state, unit_id FROM gate ORDER BY id", "uiitu"),
            (
                "SELECT unit_id, campus, full_time, part_time, as_of, at FROM gate_declaration ORDER BY unit_id, campus",
                "uiiiti",
            ),
            (
                "SELECT unit_id, campus, piece, amount, condition, expires FROM gate_kit
                 ORDER BY unit_id, campus, piece",
                "uititt",
            ),
            ("SELECT unit_id, campus, looked_at FROM gate_kit_look ORDER BY unit_id, campus", "uii"),
            ("SELECT id, version, shape, state, county_id FROM guard_standard ORDER BY id", "uiitu"),
            (
                "SELECT id, version, shape, state, county_id, stage, addressee, begun_at, begun_year, year, serial,
                    signed_at, required, evidenced, lacking, schools FROM guard_report ORDER BY id",
                "uiituttiiiiiiiii",
            ),
            (
                "SELECT report_id, nth, unit_id, line, names FROM guard_report_line ORDER BY report_id, nth",
                "uiutt",
            ),
            (
                "SELECT person_id, unit_id, campus, known, full_time, employer, shift, certified, since, until,
                    certified_until, background_on, health_on, health_until, trained_on FROM guard ORDER BY person_id",
                "uuibbttbttttttt",
            ),
            (
                "SELECT unit_id, number, name, pupils, boarders, staff FROM unit_campus ORDER BY unit_id, number",
                "uitiii",
            ),
        ];
        tables.iter().flat_map(|(sql, kinds)| self.rows(sql, kinds)).collect()
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
        assert_eq!(journal::verify(&mut tx, &engine, &|_| {}).unwrap().problems, []);
        drop(tx);
        drop(lease);
        assert_eq!(self.everything(), before, "a rebuild makes the same rows");
    }
}

/// Facts of a guard who counts.
pub fn counting() -> GuardFacts {
    GuardFacts {
        certified: true,
        full_time: true,
        since: Some(day(2025, 9, 1)),
        certified_until: Some(day(2026, 3, 20)),
        background_on: Some(day(2025, 8, 20)),
        ..GuardFacts::default()
    }
}

pub fn record(facts: GuardFacts) -> GuardRecord {
    let papers = GuardPapers { certificate: "滇保20240001".to_owned(), born: Some(day(1980, 5, 1)) };
    GuardRecord { facts, text: GuardText::default(), papers }
}

/// The code of a refusal; what is answered otherwise fails the test.
pub fn refused(answer: Result<Outcome, Problem>) -> &'static str {
    match answer {
        Err(Problem::Refused(refusal)) => refusal.code,
        Err(Problem::Forbidden) => "forbidden",
        other => panic!("{other:?}"),
    }
}
