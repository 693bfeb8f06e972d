//! A county on a real database with two schools and a teaching point, and accounts as roles give them.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook};
use hazard::{Hazard, HazardCommand, Registration};
use journal::{Engine, EngineBuilder, Handle, Identity, Outcome, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, CommandId, Date, FixedClock, IdSource, PersonId, Problem, StreamId, UnitId,
};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use places::{Place, PlaceCommand, PlaceDraft};
use storage::{Tx, params};
use test_support::TestDb;

use super::support::{HOUR, RULES, START};
use crate::{
    PublicReport, PublicReportCommand, PublicReportState, Reception, SOURCE, telephone,
    ticket::{self, Ticket},
};

const SETS: [storage::MigrationSet; 6] = [
    journal::MIGRATIONS,
    organisation::MIGRATIONS,
    access::MIGRATIONS,
    hazard::MIGRATIONS,
    places::MIGRATIONS,
    crate::MIGRATIONS,
];

pub struct Platform {
    engine: Option<Engine>,
    pub handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub vault: Arc<Vault>,
    pub school: UnitId,
    pub other: UnitId,
    pub point: UnitId,
    people: HashMap<&'static str, ActorId>,
}

fn builder() -> EngineBuilder {
    let rules = Arc::new(RwLock::new(RULES.clone()));
    EngineBuilder::new(Arc::new(Vault::new(&[9; 32])), Arc::new(RoleBook::new()))
        .subject(Unit::default())
        .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
        .subject(Account)
        .subject(Hazard::new(Arc::clone(&rules)))
        .subject(Place::new(Arc::clone(&rules)))
        .subject(PublicReport::new(rules))
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
            school: UnitId::NIL,
            other: UnitId::NIL,
            point: UnitId::NIL,
            people: HashMap::new(),
        };
        platform.settle();
        platform
    }

    fn settle(&mut self) {
        let county = self.unit("530323", "县教育体育局", UnitKind::County, None);
        let central = self.unit("2153000001", "中心学校", UnitKind::CentralSchool, Some(county));
        self.school = self.unit("2153000002", "第一小学", UnitKind::Primary, Some(central));
        self.point = self.unit("2153000009", "山上教学点", UnitKind::TeachingPoint, Some(central));
        self.other = self.unit("3153000003", "第一中学", UnitKind::Junior, Some(county));
        for (name, home, post, role) in [
            ("office", county, Post::CountySafety, Role::CountySafetyOffice),
            ("leader", county, Post::CountyLeader, Role::CountyLeader),
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

    /// An hour passes when it was done.
    pub fn execute(&self, work: UnitOfWork) -> Result<Outcome, Problem> {
        let outcome = self.handle.execute_blocking(WorkLane::Interactive, work)?;
        self.clock.advance_ms(HOUR);
        Ok(outcome)
    }

    pub fn work(&self, who: &str) -> UnitOfWork {
        let actor = self.people.get(who).map_or(Actor::SYSTEM, |account| Actor::person(*account));
        UnitOfWork::new(actor, self.new_id())
    }

    pub fn ask<S: Subject>(
        &self,
        who: &str,
        id: impl Into<StreamId>,
        command: S::Command,
    ) -> Result<Outcome, Problem> {
        self.execute(self.work(who).ask::<S>(id, command))
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
        let work = self.work("platform").ask::<Unit>(id, UnitCommand::Create(created));
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        id
    }

    fn account(&mut self, login: &'static str, home: UnitId, post: Post, role: Role) {
        let (person, account): (PersonId, ActorId) = (self.new_id(), self.new_id());
        let contact = Contact { name: format!("示例{login}"), ..Contact::default() };
        let work = self
            .work("platform")
            .ask::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: vec![post] })
            .ask::<Account>(account, AccountCommand::Open { person, login: login.to_owned(), home })
            .ask::<Account>(account, AccountCommand::Grant { role, unit: home });
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
        self.people.insert(login, account);
    }

    pub fn viewer(&self, who: &str) -> access::Viewer {
        let account = self.people[who];
        self.read(|tx| access::Viewer::load(tx, account).unwrap().unwrap())
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Tx) -> T) -> T {
        read(&mut self.db.database().reader().unwrap())
    }

    /// A place of a school.
    pub fn place(&self, unit: UnitId) -> StreamId {
        let id: StreamId = self.new_id();
        let draft =
            PlaceDraft { kind: "gate".to_owned(), name: "东门".to_owned(), ..PlaceDraft::default() };
        let code = places::code::of(self.ids.bytes());
        self.ask::<Place>("central", id, PlaceCommand::Add { unit, code, draft: draft.clone() })
            .or_else(|_| {
                let code = places::code::of(self.ids.bytes());
                self.ask::<Place>("neighbour", id, PlaceCommand::Add { unit, code, draft })
            })
            .unwrap();
        id
    }

    /// What the public's form does: report, ticket and telephone in one unit of work.
    pub fn sent(
        &self,
        (unit, place): (UnitId, StreamId),
        words: &str,
        telephone: Option<&str>,
    ) -> (StreamId, Ticket) {
        let form: CommandId = self.new_id();
        let ticket = self.send(form, (unit, place), words, telephone).unwrap().1;
        (StreamId(form.0), ticket)
    }

    pub fn send(
        &self,
        form: CommandId,
        (unit, place): (UnitId, StreamId),
        words: &str,
        telephone: Option<&str>,
    ) -> Result<(Outcome, Ticket), Problem> {
        let id = StreamId(form.0);
        let asked = Reception {
            unit,
            place,
            category: String::new(),
            spot: String::new(),
            words: words.to_owned(),
            photos: Vec::new(),
            telephone: telephone.is_some(),
        };
        let ticket = Ticket::of(&self.vault, form);
        let digest = ticket.digest(&self.vault);
        let expires = RULES.deadline("public-report.ticket", self.clock.now()).unwrap().value;
        let sealed = telephone.map(|number| telephone::kept(&self.vault, &self.ids, id, number).unwrap());
        let work = UnitOfWork::new(Actor::SYSTEM, form)
            .ask::<PublicReport>(id, PublicReportCommand::Receive(Box::new(asked)))
            .housekeeping(move |tx: &mut Tx| {
                ticket::keep(tx, &digest, id, expires)?;
                sealed.as_ref().map_or(Ok(()), |sealed| telephone::write(tx, id, sealed))
            });
        Ok((self.execute(work)?, ticket))
    }

    /// A registration as a report's form makes it.
    pub fn registration(&self, unit: UnitId, source: &str) -> HazardCommand {
        HazardCommand::Register(Box::new(Registration {
            unit,
            category: "H02".to_owned(),
            source: source.to_owned(),
            description: "走廊栏杆晃动".to_owned(),
            place: "东门".to_owned(),
            photos: Vec::new(),
            position: None,
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: None,
        }))
    }

    /// Takes a report up as its page does; the hazard.
    pub fn take_up(&self, who: &str, report: StreamId, unit: UnitId) -> Result<StreamId, Problem> {
        let hazard: StreamId = self.new_id();
        let take =
            PublicReportCommand::TakeUp { hazard, words: "已登记为隐患，正在加固".to_owned() };
        let work = self
            .work(who)
            .ask::<Hazard>(hazard, self.registration(unit, SOURCE))
            .ask::<PublicReport>(report, take);
        self.execute(work).map(|_| hazard)
    }

    pub fn state(&self, id: StreamId) -> PublicReportState {
        self.read(|tx| crate::query::state(tx, id).unwrap().unwrap().0)
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.read(|tx| tx.count(sql, params![]).unwrap())
    }

    fn everything(&self) -> Vec<String> {
        self.read(|tx| {
            let reports =
                "SELECT state, stage, title, words, year, serial, turn_due, late, sent_back, hazard_id
                FROM public_report ORDER BY id";
            let mut rows = tx
                .query(reports, params![], |row| {
                    let texts = [row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?].join(" ");
                    let numbers = (row.int(4)?, row.int(5)?, row.opt_int(6)?, row.bool(7)?, row.bool(8)?);
                    Ok(format!("{texts} {numbers:?} {:?}", row.opt_id::<StreamId>(9)?))
                })
                .unwrap();
            let clocks = "SELECT stream_id, name, due_at, next_at FROM clock ORDER BY stream_id, name";
            rows.extend(
                tx.query(clocks, params![], |row| {
                    let clock = (row.text(1)?, row.int(2)?, row.opt_int(3)?);
                    Ok(format!("{} {clock:?}", row.id::<StreamId>(0)?))
                })
                .unwrap(),
            );
            rows
        })
    }

    /// Verifies the past, makes every row again, and verifies once more. Tickets and telephones are no facts and stay.
    pub fn verified_and_rebuilt(&mut self) {
        let kept = |platform: &Self| {
            ["public_report_ticket", "public_report_telephone"]
                .map(|table| platform.count(&format!("SELECT count(*) FROM {table}")))
        };
        let before = (self.everything(), kept(self));
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
        assert_eq!((self.everything(), kept(self)), before, "a rebuild makes the same rows");
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
