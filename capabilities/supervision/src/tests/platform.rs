//! Two counties on a real database, each with one school and with accounts as roles give them.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook};
use hazard::{GradeAs, Hazard, HazardCommand, Level, PlanDraft, Registration};
use journal::{
    Engine, EngineBuilder, Handle, Identity, Outcome, Recorded, Subject, UnitOfWork, Vault, WorkLane,
};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::{Param, Tx, params};
use test_support::TestDb;

use super::support::{
    DAY, HOUR, RULES, START, apply, check_draft, checked_as, control, note, notice, photo, receive, review,
    sign,
};
use crate::{
    CheckDraft, NotYetDelisted, NoticeDraft, Supervision, SupervisionCommand, SupervisionState, on_hazard,
    stream_of,
};

const SETS: [storage::MigrationSet; 5] = [
    journal::MIGRATIONS,
    organisation::MIGRATIONS,
    access::MIGRATIONS,
    hazard::MIGRATIONS,
    crate::MIGRATIONS,
];

/// A county with what is below it.
#[derive(Clone, Copy)]
pub struct County {
    pub county: UnitId,
    pub department: UnitId,
    pub central: UnitId,
    pub school: UnitId,
    /// Its people: `office1`, `office2`, `leader`, `head`, `officer`, `central`, each with this before the name.
    prefix: &'static str,
}

pub struct Platform {
    engine: Option<Engine>,
    handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    ids: Arc<IdSource>,
    people: HashMap<String, (ActorId, PersonId)>,
}

fn builder() -> EngineBuilder {
    let rules = Arc::new(RwLock::new(RULES.clone()));
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(Hazard::new(Arc::clone(&rules)).asking(vec![Arc::new(NotYetDelisted)]))
        .subject(Supervision::new(rules))
        .reaction::<Hazard>(on_hazard)
}

impl Platform {
    pub fn new(db: TestDb) -> (Self, County) {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(5));
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &SETS).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let lease = db.database().lease().unwrap();
        let engine = builder().start(db.database(), lease, clock.clone(), ids.clone()).unwrap();
        let handle = engine.handle();
        let mut platform = Self { engine: Some(engine), handle, db, clock, ids, people: HashMap::new() };
        let county = platform.settle("", "530323", "2153000001", "2153000002");
        (platform, county)
    }

    /// The writer ends, and another one begins with nothing remembered.
    pub fn restarted(mut self) -> Self {
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let engine =
            builder().start(self.db.database(), lease, self.clock.clone(), self.ids.clone()).unwrap();
        self.handle = engine.handle();
        self.engine = Some(engine);
        self
    }

    /// A county with a department, a central school and a school, and their people.
    pub fn settle(&mut self, prefix: &'static str, code: &str, central: &str, school: &str) -> County {
        let county = self.unit(code, "县教育体育局", UnitKind::County, None);
        let department =
            self.unit(&format!("{code}001"), "住房城乡建设局", UnitKind::Department, Some(county));
        let central = self.unit(central, "中心学校", UnitKind::CentralSchool, Some(county));
        let school = self.unit(school, "第一小学", UnitKind::Primary, Some(central));
        let here = County { county, department, central, school, prefix };
        for (name, home, post, role) in [
            ("office1", county, Post::CountySafety, Role::CountySafetyOffice),
            ("office2", county, Post::CountySafety, Role::CountySafetyOffice),
            ("leader", county, Post::CountyLeader, Role::CountyLeader),
            ("central", central, Post::Head, Role::CentralSchool),
            ("head", school, Post::Head, Role::Head),
            ("officer", school, Post::SafetyOfficer, Role::SafetyOfficer),
        ] {
            self.account(format!("{prefix}{name}"), home, post, role);
        }
        here
    }

    fn new_id<T: From<uuid::Uuid>>(&self) -> T {
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
        by: Actor,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<Outcome, Problem> {
        self.execute(self.work(by).ask::<S>(id, command))
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

    fn account(&mut self, login: String, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        self.set_up::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: vec![post] });
        self.set_up::<Account>(account, AccountCommand::Open { person, login: login.clone(), home });
        self.set_up::<Account>(account, AccountCommand::Grant { role, unit: home });
        self.people.insert(login, (account, person));
    }

    pub fn person(&self, at: County, who: &str) -> PersonId {
        self.people[&format!("{}{who}", at.prefix)].1
    }

    pub fn viewer(&self, at: County, who: &str) -> access::Viewer {
        let account = self.people[&format!("{}{who}", at.prefix)].0;
        self.read(|tx| access::Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn actor(&self, at: County, who: &str) -> Actor {
        Actor::person(self.people[&format!("{}{who}", at.prefix)].0)
    }

    pub fn hazard(
        &self,
        at: County,
        who: &str,
        id: StreamId,
        command: HazardCommand,
    ) -> Result<Outcome, Problem> {
        self.ask::<Hazard>(self.actor(at, who), id, command)
    }

    /// Asks the listing of a hazard.
    pub fn listing(
        &self,
        at: County,
        who: &str,
        hazard: StreamId,
        command: SupervisionCommand,
    ) -> Result<Outcome, Problem> {
        self.ask::<Supervision>(self.actor(at, who), stream_of(hazard), command)
    }

    pub fn registered(&self, at: County) -> StreamId {
        let id: StreamId = self.new_id();
        let asked = Registration {
            unit: at.school,
            category: "H02".to_owned(),
            source: "self".to_owned(),
            description: "教学楼承重墙开裂".to_owned(),
            place: "教学楼二楼".to_owned(),
            photos: vec![photo(1)],
            position: None,
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: None,
        };
        self.hazard(at, "officer", id, HazardCommand::Register(Box::new(asked))).unwrap();
        id
    }

    pub fn graded(&self, at: County) -> StreamId {
        let id = self.registered(at);
        self.hazard(at, "officer", id, grade(Level::Major)).unwrap();
        id
    }

    /// Assigned by the county, with a plan.
    pub fn taken_on(&self, at: County, id: StreamId) {
        let officer = self.person(at, "officer");
        let assign = HazardCommand::Assign { responsible: officer, note: note("请限期加固") };
        self.hazard(at, "office1", id, assign).unwrap();
        let plan = PlanDraft {
            responsible: Some(officer),
            responsibility: "总务主任负责加固".to_owned(),
            funds: "县级专项经费列支二十万元".to_owned(),
            funds_cents: Some(20_000_000),
            measures: "按加固设计方案逐面墙施工".to_owned(),
            due: Some(self.clock.now().plus_ms(30 * DAY)),
            contingency: "施工期间停用教学楼并值守".to_owned(),
        };
        self.hazard(at, "officer", id, HazardCommand::TakeOn(plan)).unwrap();
    }

    /// Drafted, reviewed and signed by three of the county.
    pub fn signed(&self, at: County, id: StreamId) {
        let draft = NoticeDraft { supervisor: Some(at.department), ..notice(self.clock.now()) };
        self.listing(at, "office1", id, SupervisionCommand::Draft(draft)).unwrap();
        self.listing(at, "office1", id, SupervisionCommand::Submit).unwrap();
        self.listing(at, "office2", id, review(true)).unwrap();
        self.listing(at, "leader", id, sign(true)).unwrap();
    }

    pub fn rectified(&self, at: County, id: StreamId) {
        self.hazard(at, "officer", id, rectify()).unwrap();
    }

    /// Received, controlled and fixed, and the delisting asked for.
    pub fn applied(&self, at: County, id: StreamId) {
        self.rectified(at, id);
        self.listing(at, "head", id, receive()).unwrap();
        self.listing(at, "head", id, control()).unwrap();
        self.listing(at, "head", id, apply()).unwrap();
    }

    pub fn check(&self, at: County, passed: bool) -> CheckDraft {
        let checkers = vec![self.person(at, "office1"), self.person(at, "office2")];
        CheckDraft { checkers, ..check_draft(self.clock.now(), passed) }
    }

    /// Looked at by both of the office, and signed by both.
    pub fn checked(&self, at: County, id: StreamId) {
        self.listing(at, "office1", id, checked_as(self.check(at, true))).unwrap();
        self.listing(at, "office2", id, SupervisionCommand::SignCheck).unwrap();
    }

    /// From the grading to the signature that is left.
    pub fn ready(&self, at: County) -> StreamId {
        let id = self.graded(at);
        self.taken_on(at, id);
        self.signed(at, id);
        self.applied(at, id);
        self.checked(at, id);
        id
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    pub fn state(&self, hazard: StreamId) -> Option<SupervisionState> {
        let sql = "SELECT state FROM supervision WHERE id = ?1";
        let json = self.read(|tx| tx.first(sql, params![stream_of(hazard)], |row| row.text(0)).unwrap());
        json.map(|json| serde_json::from_str(&json).unwrap())
    }

    pub fn events(&self, stream: StreamId) -> Vec<Recorded> {
        self.read(|tx| journal::events_of_stream(tx, stream, None).unwrap())
    }

    pub fn clock_due(&self, hazard: StreamId, name: &str) -> Option<Timestamp> {
        let sql = "SELECT due_at FROM clock WHERE stream_id = ?1 AND name = ?2";
        let found =
            self.read(|tx| tx.first(sql, params![stream_of(hazard), name], |row| row.int(0)).unwrap());
        found.map(Timestamp)
    }

    /// Rows as text: `kinds` names the columns' types, one letter each.
    pub fn rows(&self, sql: &str, params: &[Param], kinds: &str) -> Vec<String> {
        let cells = |row: &storage::Row<'_>| {
            let mut cells = Vec::new();
            for (column, kind) in kinds.chars().enumerate() {
                cells.push(match kind {
                    'u' => row.opt_id::<StreamId>(column)?.map_or_else(String::new, |id| id.to_string()),
                    't' => row.opt_text(column)?.unwrap_or_default(),
                    _ => row.opt_int(column)?.map_or_else(String::new, |number| number.to_string()),
                });
            }
            Ok(cells.join(" "))
        };
        self.read(|tx| tx.query(sql, params, cells).unwrap())
    }

    /// Every derived row of listings, and what the journal keeps of them.
    fn everything(&self) -> Vec<String> {
        let tables = [
            (
                "SELECT id, version, shape, state, hazard_id, unit_id, township_id, central_id, county_id, stage, year,
                    serial, given_year, given_serial, opened_at, signed_at, deadline, next_due, ended_at
                 FROM supervision ORDER BY id",
                "uiituuuuutiiiiiiiii",
            ),
            (
                "SELECT supervision_id, act, unit_id, due_at, only_people, barred_people FROM supervision_due
                 ORDER BY supervision_id, act",
                "utuitt",
            ),
            ("SELECT supervision_id, hash FROM supervision_photo ORDER BY supervision_id, hash", "ut"),
            (
                "SELECT stream_id, name, stream_kind, unit_id, started_at, due_at, next_at FROM clock
                 ORDER BY stream_id, name",
                "uttuiii",
            ),
            (
                "SELECT position, number, kind, measure, unit_id, stream_id, day, amount FROM evidence
                 ORDER BY position, number",
                "iittuuii",
            ),
        ];
        tables.iter().flat_map(|(sql, kinds)| self.rows(sql, &[], kinds)).collect()
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

pub fn grade(level: Level) -> HazardCommand {
    HazardCommand::Grade(GradeAs { level, answers: Vec::new(), reason: "专家现场鉴定".to_owned() })
}

pub fn rectify() -> HazardCommand {
    HazardCommand::Rectify { note: note("加固完成"), spent_cents: Some(18_000_000), reused: Vec::new() }
}

pub fn accept() -> HazardCommand {
    HazardCommand::Accept { on_site: true, note: note("现场核查合格") }
}

pub fn close() -> HazardCommand {
    HazardCommand::Close(note("摘牌销号"))
}

/// The code of a refusal; what is answered otherwise fails the test.
pub fn refused(answer: Result<Outcome, Problem>) -> &'static str {
    match answer {
        Err(Problem::Refused(refusal)) => refusal.code,
        Err(Problem::Forbidden) => "forbidden",
        other => panic!("{other:?}"),
    }
}
