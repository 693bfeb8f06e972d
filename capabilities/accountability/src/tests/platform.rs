//! A county on a real database: a central school, a school, their people, and hazards with a history.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook, Viewer};
use hazard::{GradeAs, Hazard, HazardCommand, Level, PlanDraft, Registration};
use journal::{Engine, EngineBuilder, Handle, Identity, Outcome, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, Date, FixedClock, IdSource, PersonId, Problem, StreamId, Timestamp, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::Tx;
use supervision::Supervision;
use test_support::TestDb;

use super::support::{DAY, HOUR, RULES, START, note, photo};
use crate::{Case, CaseCommand, CaseDraft, Clarification, OpenCases, on_concluded};

const SETS: [storage::MigrationSet; 6] = [
    journal::MIGRATIONS,
    organisation::MIGRATIONS,
    access::MIGRATIONS,
    hazard::MIGRATIONS,
    supervision::MIGRATIONS,
    crate::MIGRATIONS,
];

pub struct Platform {
    engine: Option<Engine>,
    handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    ids: Arc<IdSource>,
    people: HashMap<&'static str, (ActorId, PersonId)>,
    pub county: UnitId,
    pub central: UnitId,
    pub school: UnitId,
    pub other: UnitId,
}

fn builder() -> EngineBuilder {
    let rules = Arc::new(RwLock::new(RULES.clone()));
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(
            Hazard::new(Arc::clone(&rules))
                .asking(vec![Arc::new(supervision::NotYetDelisted), Arc::new(OpenCases)]),
        )
        .subject(Supervision::new(Arc::clone(&rules)))
        .reaction::<Hazard>(supervision::on_hazard)
        .subject(Case::new(Arc::clone(&rules)))
        .subject(Clarification::new(rules))
        .reaction::<Case>(on_concluded)
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
        let handle = engine.handle();
        let nil = UnitId::NIL;
        let mut here = Self {
            engine: Some(engine),
            handle,
            db,
            clock,
            ids,
            people: HashMap::new(),
            county: nil,
            central: nil,
            school: nil,
            other: nil,
        };
        here.county = here.unit("530323", "县教育体育局", UnitKind::County, None);
        here.central = here.unit("2153000001", "中心学校", UnitKind::CentralSchool, Some(here.county));
        here.school = here.unit("2153000002", "第一小学", UnitKind::Primary, Some(here.central));
        here.other = here.unit("2153000003", "第二小学", UnitKind::Primary, Some(here.central));
        for (name, home, post, role) in [
            ("office1", here.county, Post::CountySafety, Role::CountySafetyOffice),
            ("office2", here.county, Post::CountySafety, Role::CountySafetyOffice),
            ("leader", here.county, Post::CountyLeader, Role::CountyLeader),
            ("central", here.central, Post::Head, Role::CentralSchool),
            ("head", here.school, Post::Head, Role::Head),
            ("officer", here.school, Post::SafetyOfficer, Role::SafetyOfficer),
            ("teacher", here.school, Post::Teacher, Role::Teacher),
            ("neighbour", here.other, Post::Head, Role::Head),
        ] {
            here.account(name, home, post, role);
        }
        here
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
        let actor = if who == "system" { Actor::SYSTEM } else { Actor::person(self.people[who].0) };
        let work = UnitOfWork::new(actor, self.new_id()).ask::<S>(id, command);
        let outcome = self.handle.execute_blocking(WorkLane::Interactive, work)?;
        self.clock.advance_ms(HOUR);
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
        self.ask::<Unit>("system", id, UnitCommand::Create(created)).unwrap();
        id
    }

    pub fn renamed(&self, unit: UnitId, name: &str) {
        self.ask::<Unit>("system", unit, UnitCommand::Rename(name.to_owned())).unwrap();
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        let enter = PersonCommand::Enter { unit: home, contact, posts: vec![post] };
        self.ask::<Person>("system", person, enter).unwrap();
        let open = AccountCommand::Open { person, login: login.to_owned(), home };
        self.ask::<Account>("system", account, open).unwrap();
        self.ask::<Account>("system", account, AccountCommand::Grant { role, unit: home }).unwrap();
        self.people.insert(login, (account, person));
    }

    pub fn person(&self, who: &str) -> PersonId {
        self.people[who].1
    }

    pub fn viewer(&self, who: &str) -> Viewer {
        let account = self.people[who].0;
        self.read(|tx| Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn hazard(&self, who: &str, id: StreamId, command: HazardCommand) -> Result<Outcome, Problem> {
        self.ask::<Hazard>(who, id, command)
    }

    /// A general hazard of the school that is being fixed within seven days.
    pub fn rectifying(&self) -> StreamId {
        let id: StreamId = self.new_id();
        let asked = Registration {
            unit: self.school,
            category: "H02".to_owned(),
            source: "self".to_owned(),
            description: "二楼楼梯栏杆松动".to_owned(),
            place: "教学楼二楼".to_owned(),
            photos: vec![photo(1)],
            position: None,
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: None,
        };
        self.hazard("officer", id, HazardCommand::Register(Box::new(asked))).unwrap();
        let grade = GradeAs { level: Level::General, answers: Vec::new(), reason: "局部松动".to_owned() };
        self.hazard("officer", id, HazardCommand::Grade(grade)).unwrap();
        let responsible = self.person("officer");
        let assign = HazardCommand::Assign { responsible, note: note("请尽快加固") };
        self.hazard("head", id, assign).unwrap();
        let plan = PlanDraft {
            responsible: Some(responsible),
            responsibility: "总务主任负责加固".to_owned(),
            funds: "日常维护经费列支".to_owned(),
            funds_cents: None,
            measures: "更换松动立柱并焊接加固".to_owned(),
            due: Some(Timestamp::at_end_of(self.clock.now().plus_ms(5 * DAY).local_date())),
            contingency: "加固前封闭楼梯并专人值守".to_owned(),
        };
        self.hazard("officer", id, HazardCommand::TakeOn(plan)).unwrap();
        id
    }

    pub fn rectified(&self, id: StreamId) {
        let done =
            HazardCommand::Rectify { note: note("加固完成"), spent_cents: None, reused: Vec::new() };
        self.hazard("officer", id, done).unwrap();
    }

    pub fn opening(&self, hazard: StreamId) -> CaseDraft {
        CaseDraft {
            hazard,
            unit: self.school,
            rectifying: vec![self.school],
            supervising: vec![self.central],
            happened_on: Some(Timestamp::at_start_of(START.local_date())),
            ..super::support::draft()
        }
    }

    pub fn opened(&self, hazard: StreamId) -> StreamId {
        let id: StreamId = self.new_id();
        self.ask::<Case>("leader", id, CaseCommand::Open(Box::new(self.opening(hazard)))).unwrap();
        id
    }

    pub fn case(&self, who: &str, id: StreamId, command: CaseCommand) -> Result<Outcome, Problem> {
        self.ask::<Case>(who, id, command)
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    /// Every derived row of this room.
    fn everything(&self) -> Vec<String> {
        let tables = [
            (
                "SELECT id, version, shape, state, hazard_id, unit_id, county_id, stage, year, serial, opened_at,
                    concluded_at, ended_at, next_due, words FROM accountability ORDER BY id",
                "uiituuutiiiiiit",
            ),
            ("SELECT case_id, unit_id, role FROM accountability_side ORDER BY case_id, unit_id", "uut"),
            (
                "SELECT stream_id, act, side_id, unit_id, due_at, barred_people FROM accountability_due
                 ORDER BY stream_id, act, side_id",
                "utuuit",
            ),
            ("SELECT case_id, hash FROM accountability_photo ORDER BY case_id, hash", "ut"),
            (
                "SELECT id, version, shape, state, hazard_id, unit_id, county_id, case_id, stage, year, serial,
                    begun_at, ended_at, next_due, words FROM clarification ORDER BY id",
                "uiituuuutiiiiit",
            ),
        ];
        let mut all = Vec::new();
        for (sql, kinds) in tables {
            all.extend(self.read(|tx| {
                tx.query(sql, &[], |row| {
                    let mut cells = Vec::new();
                    for (column, kind) in kinds.chars().enumerate() {
                        cells.push(match kind {
                            'u' => {
                                row.opt_id::<StreamId>(column)?.map_or_else(String::new, |id| id.to_string())
                            }
                            't' => row.opt_text(column)?.unwrap_or_default(),
                            _ => row.opt_int(column)?.map_or_else(String::new, |number| number.to_string()),
                        });
                    }
                    Ok(cells.join(" "))
                })
                .unwrap()
            }));
        }
        all
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
