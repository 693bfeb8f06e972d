//! A small county on a real database: county, township, central school, school, and people.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, RwLock},
};

use journal::{
    Authority, Engine, EngineBuilder, Handle, Identity, Outcome, Permission, Standing, UnitOfWork, Vault,
    WorkLane,
};
use kernel::{Actor, ActorId, Clock, CommandId, FixedClock, IdSource, PersonId, Problem, StreamId, UnitId};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};
use storage::{StorageError, Tx, migrate, params};
use test_support::TestDb;

use super::support::{COUNTY, HEAD, RULES, START};
use crate::{Hazard, HazardCommand};

/// Accounts with their people and permissions, wherever they act.
#[derive(Default)]
pub struct People(Mutex<HashMap<ActorId, Account>>);

type Account = (&'static [Permission], Option<PersonId>);

impl Authority for People {
    fn standing(&self, tx: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        let known = self.0.lock().unwrap().get(&actor.id).copied();
        let (permissions, person) = known.unwrap_or((&[], None));
        let path = tx.first("SELECT path FROM unit WHERE id = ?1", params![unit], |row| row.text(0))?;
        Ok(Standing {
            actor,
            person,
            home: None,
            grants: Vec::new(),
            permissions: Arc::from(permissions),
            unit_path: path.unwrap_or_default(),
        })
    }
}

pub struct Platform {
    pub engine: Option<Engine>,
    pub handle: Handle,
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub people: Arc<People>,
    pub school: UnitId,
    pub central: UnitId,
    pub officer: (Actor, PersonId),
    pub head: (Actor, PersonId),
    pub county: Actor,
    /// The head's own account.
    pub head_account: ActorId,
}

fn builder(people: &Arc<People>) -> EngineBuilder {
    EngineBuilder::new(Arc::new(Vault::new(&[7; 32])), people.clone())
        .subject(Unit::asking(vec![Arc::new(crate::OpenHazards)]))
        .subject(Person::new(vec![Arc::new(access::RankKeeper), Arc::new(crate::OpenHazards)]))
        .subject(access::Account)
        .subject(Hazard::new(Arc::new(RwLock::new(RULES.clone()))))
}

impl Platform {
    pub fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(1));
        let people = Arc::new(People::default());
        let mut tx = db.database().writer().unwrap();
        let sets = [journal::MIGRATIONS, organisation::MIGRATIONS, access::MIGRATIONS, crate::MIGRATIONS];
        migrate(&mut tx, &sets).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let lease = db.database().lease().unwrap();
        let engine = builder(&people).start(db.database(), lease, clock.clone(), ids.clone()).unwrap();
        let nobody = (Actor::SYSTEM, PersonId::NIL);
        let handle = engine.handle();
        let (school, central, county) = (UnitId::NIL, UnitId::NIL, Actor::SYSTEM);
        let (officer, head) = (nobody, nobody);
        let mut platform = Self {
            engine: Some(engine),
            handle,
            db,
            clock,
            ids,
            people,
            school,
            central,
            officer,
            head,
            county,
            head_account: ActorId::NIL,
        };
        platform.settle();
        platform
    }

    fn settle(&mut self) {
        let county = self.unit("530323", "师宗县教育体育局", UnitKind::County, &[]);
        let township = self.unit("530323100", "丹凤街道", UnitKind::Township, &[(Line::Territory, county)]);
        let above = [(Line::Management, county), (Line::Territory, township)];
        self.central = self.unit("2153000001", "丹凤中心学校", UnitKind::CentralSchool, &above);
        let above = [(Line::Management, self.central), (Line::Territory, township)];
        self.school = self.unit("2153000002", "丹凤第一小学", UnitKind::Primary, &above);
        self.officer = self.somebody("王专干", Post::SafetyOfficer);
        self.head = self.somebody("李校长", Post::Head);
        self.head_account = self.open_account(self.head.1, "li.xiaozhang", access::Role::Head);
        self.county = self.account(COUNTY, None);
    }

    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock)
    }

    pub fn unit(&self, code: &str, name: &str, kind: UnitKind, above: &[(Line, UnitId)]) -> UnitId {
        let id: UnitId = self.new_id();
        let from = self.clock.now().local_date();
        let placements =
            above.iter().map(|(line, parent)| Placement { line: *line, parent: *parent, from }).collect();
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes::default(),
            placements,
            code_exception: None,
        };
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id::<CommandId>());
        self.execute(work.ask::<Unit>(id, UnitCommand::Create(created))).unwrap();
        id
    }

    /// Somebody of the central school who may do there what its people may.
    pub fn runs_central(&self) -> (Actor, PersonId) {
        let (_, id) = self.somebody_of(self.central, "赵中心校长", Post::Head);
        let permissions = access::Role::CentralSchool.permissions().iter().collect::<Vec<_>>();
        (self.account(Box::leak(permissions.into_boxed_slice()), Some(id)), id)
    }

    fn somebody(&self, name: &str, post: Post) -> (Actor, PersonId) {
        self.somebody_of(self.school, name, post)
    }

    fn somebody_of(&self, unit: UnitId, name: &str, post: Post) -> (Actor, PersonId) {
        let id: PersonId = self.new_id();
        let contact = Contact { name: name.to_owned(), phone: String::new(), identity: String::new() };
        let command = PersonCommand::Enter { unit, contact, posts: vec![post] };
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id::<CommandId>());
        self.execute(work.ask::<Person>(id, command)).unwrap();
        (self.account(HEAD, Some(id)), id)
    }

    /// An account of the platform's own for somebody at the school, to be counted by whoever looks for a second person.
    pub fn open_account(&self, person: PersonId, login: &str, role: access::Role) -> ActorId {
        let account: ActorId = self.new_id();
        let open = access::AccountCommand::Open { person, login: login.to_owned(), home: self.school };
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id::<CommandId>())
            .ask::<access::Account>(account, open)
            .ask::<access::Account>(account, access::AccountCommand::Grant { role, unit: self.school });
        self.execute(work).unwrap();
        account
    }

    fn account(&self, permissions: &'static [Permission], person: Option<PersonId>) -> Actor {
        let actor = Actor::person(self.new_id());
        self.people.0.lock().unwrap().insert(actor.id, (permissions, person));
        actor
    }

    pub fn execute(&self, work: UnitOfWork) -> Result<Outcome, Problem> {
        self.handle.execute_blocking(WorkLane::Interactive, work)
    }

    pub fn ask(&self, actor: Actor, id: StreamId, command: HazardCommand) -> Result<Outcome, Problem> {
        self.execute(UnitOfWork::new(actor, self.new_id::<CommandId>()).ask::<Hazard>(id, command))
    }

    /// Stops the writer and hands out what a repair tool would have.
    pub fn stopped<T>(&mut self, work: impl FnOnce(&mut Tx, &EngineBuilder, &IdSource) -> T) -> T {
        self.engine = None;
        let lease = self.db.database().lease().unwrap();
        let mut tx = self.db.database().writer().unwrap();
        let answer = work(&mut tx, &builder(&self.people), &self.ids);
        drop(tx);
        drop(lease);
        answer
    }

    /// Rows as text: `kinds` names the columns' types, one letter each.
    pub fn rows(&self, sql: &str, kinds: &str) -> Vec<String> {
        let mut tx = self.db.database().reader().unwrap();
        tx.query(sql, &[], |row| {
            let mut cells = Vec::new();
            for (column, kind) in kinds.chars().enumerate() {
                cells.push(match kind {
                    'u' => row.id::<StreamId>(column)?.to_string(),
                    't' => row.text(column)?,
                    'T' => row.opt_text(column)?.unwrap_or_default(),
                    'b' => row.bool(column)?.to_string(),
                    _ => row.opt_int(column)?.map_or_else(String::new, |number| number.to_string()),
                });
            }
            Ok(cells.join(" "))
        })
        .unwrap()
    }

    /// Every derived row of hazards.
    pub fn everything(&self) -> Vec<Vec<String>> {
        vec![
            self.rows(
                "SELECT id, version, shape, state, row_number, unit_id, township_id, central_id, county_id, year, serial,
                    category, level, source, stage, phase, registered_at, due_at, sort_at, closed_at, title, place,
                    turn_act, escalation, help FROM hazard ORDER BY id",
                "uiitiuuuuiitttttiiiittTtt",
            ),
            self.rows(
                "SELECT unit_id, stage, level, category, amount FROM hazard_now ORDER BY unit_id, stage, level, category",
                "uttti",
            ),
            self.rows("SELECT hazard_id, hash FROM hazard_photo ORDER BY hazard_id, hash", "ut"),
            self.rows("SELECT stage, level, category, amount FROM hazard_total ORDER BY stage, level, category", "ttti"),
            self.rows(
                "SELECT day, unit_id, fact, level, category, amount FROM hazard_day
                 ORDER BY day, unit_id, fact, level, category",
                "iuttti",
            ),
            self.rows(
                "SELECT changed_at, hazard_id, version, stage, phase, level, category, sort_at, closed_at, days
                 FROM hazard_before ORDER BY changed_at, hazard_id, version",
                "iuittttiii",
            ),
            self.rows(
                "SELECT stream_id, name, stream_kind, unit_id, started_at, due_at, next_at FROM clock
                 ORDER BY stream_id, name",
                "uttuiii",
            ),
            self.rows(
                "SELECT position, number, kind, measure, unit_id, stream_id, day, amount FROM evidence
                 ORDER BY position, number",
                "iittuuii",
            ),
        ]
    }
}
