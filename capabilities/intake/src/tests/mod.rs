//! A small county that imports what its offices keep.

mod apply;
mod at_once;
mod browser;
mod cells;
mod dirty;
mod guards;
mod heading;
mod ledger;
mod names;
mod numbers;
mod pages;
mod photos;
mod staff;

use std::sync::{Arc, LazyLock, RwLock};

use access::{Account, AccountCommand, Role, RoleBook};
use hazard::Hazard;
use journal::{Engine, EngineBuilder, Handle, Identity, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, ActorId, Clock, FixedClock, IdSource, PersonId, Problem, Timestamp, UnitId};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
    UnitState, unit_by_code, unit_state,
};
use rules::RuleBook;
use storage::{Database, Readers, Tx};
use test_support::TestDb;
use uuid::Uuid;

use crate::{Action, Batch, Content, Importer, Options, Plan, Tools};

pub(super) static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());

/// 2026-09-21
const START: Timestamp = Timestamp(1_790_000_000_000);

pub(super) struct House {
    pub importer: Importer,
    pub handle: Handle,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
    pub vault: Arc<Vault>,
    pub database: Database,
    pub county: UnitId,
    pub township: UnitId,
    pub central: UnitId,
    pub school: UnitId,
    /// May manage all units and people.
    pub owner: ActorId,
    /// May not.
    pub teacher: ActorId,
    /// 县安全股: may import all of it.
    pub office: ActorId,
    pub tools: Tools,
    _files: tempfile::TempDir,
    _engine: Engine,
    _db: TestDb,
}

impl House {
    pub fn new() -> Self {
        Self::on(TestDb::new_sqlite())
    }

    pub fn on(db: TestDb) -> Self {
        let database = db.database().clone();
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(7));
        let vault = Arc::new(Vault::new(&[9; 32]));
        let mut tx = database.writer().unwrap();
        let sets = [
            journal::MIGRATIONS,
            organisation::MIGRATIONS,
            access::MIGRATIONS,
            attachments::MIGRATIONS,
            hazard::MIGRATIONS,
            crate::MIGRATIONS,
        ];
        storage::migrate(&mut tx, &sets).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let rules = Arc::new(RwLock::new(RULES.clone()));
        let files = tempfile::tempdir().unwrap();
        let store = Arc::new(attachments::Store::open(files.path()).unwrap());
        let tools = Tools { rules: Arc::clone(&rules), store };
        let engine = EngineBuilder::new(Arc::clone(&vault), Arc::new(RoleBook::new()))
            .subject(Unit::default().ruled(RULES.clone()))
            .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
            .subject(Account)
            .subject(Hazard::new(rules))
            .start(&database, database.lease().unwrap(), clock.clone(), Arc::clone(&ids))
            .unwrap();
        let handle = engine.handle();
        let readers = Readers::open(&database, 2).unwrap();
        let importer = Importer::new(
            handle.clone(),
            readers,
            Arc::clone(&vault),
            clock.clone(),
            Arc::clone(&ids),
            tools.clone(),
        );
        let nobody = ActorId::NIL;
        let (county, township, central, school) = (UnitId::NIL, UnitId::NIL, UnitId::NIL, UnitId::NIL);
        let mut house = Self {
            importer,
            handle,
            clock,
            ids,
            vault,
            database,
            county,
            township,
            central,
            school,
            owner: nobody,
            teacher: nobody,
            office: nobody,
            tools,
            _files: files,
            _engine: engine,
            _db: db,
        };
        house.settle();
        house
    }

    fn settle(&mut self) {
        self.county = self.unit("530323", "师宗县教育体育局", UnitKind::County, &[], 0);
        let below = [(Line::Territory, self.county)];
        self.township = self.unit("530323001", "丹凤街道", UnitKind::Township, &below, 0);
        self.unit("530323102", "雄壁镇", UnitKind::Township, &below, 0);
        let above = [(Line::Management, self.county), (Line::Territory, self.township)];
        self.central = self.unit("2153000001", "丹凤中心学校", UnitKind::CentralSchool, &above, 900);
        let above = [(Line::Management, self.central), (Line::Territory, self.township)];
        self.school = self.unit("2153000002", "丹凤第一小学", UnitKind::Primary, &above, 640);
        let contact =
            Contact { name: "李校长".to_owned(), phone: "13887400001".to_owned(), ..Contact::default() };
        self.person(self.school, contact, vec![Post::Head]);
        self.owner = self.account("importer", self.county, Role::SystemAdministrator);
        self.office = self.account("office", self.county, Role::CountySafetyOffice);
        self.teacher = self.account("teacher", self.school, Role::Teacher);
    }

    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock)
    }

    fn ask<S: Subject>(&self, id: impl Into<kernel::StreamId>, command: S::Command) {
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id()).ask::<S>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
    }

    pub fn unit(
        &self,
        code: &str,
        name: &str,
        kind: UnitKind,
        above: &[(Line, UnitId)],
        pupils: u32,
    ) -> UnitId {
        let id: UnitId = self.new_id();
        let from = self.clock.now().local_date();
        let place = |(line, parent): &(Line, UnitId)| Placement { line: *line, parent: *parent, from };
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes { pupils: Some(pupils), boarders: Some(0), ..Attributes::default() },
            placements: above.iter().map(place).collect(),
            code_exception: None,
        };
        self.ask::<Unit>(id, UnitCommand::Create(created));
        id
    }

    /// Closes a unit; its people leave first, and the schools below it go to the county.
    pub fn close(&self, unit: UnitId) {
        let below = "SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND depth = 1 AND line = ?2";
        let line = Line::Management;
        let schools: Vec<UnitId> = self
            .reader()
            .query(below, &[storage::Param::from(unit), storage::Param::from(line.name())], |row| row.id(0))
            .unwrap();
        for school in schools {
            let place = Placement { line, parent: self.county, from: self.clock.now().local_date() };
            self.ask::<Unit>(school, UnitCommand::Place(place));
        }
        let here = "SELECT id FROM person WHERE unit_id = ?1 AND active = TRUE";
        let people: Vec<PersonId> =
            self.reader().query(here, &[storage::Param::from(unit)], |row| row.id(0)).unwrap();
        for person in people {
            self.ask::<Person>(person, PersonCommand::Leave(self.clock.now().local_date()));
        }
        self.ask::<Unit>(unit, UnitCommand::Close(self.clock.now().local_date()));
    }

    /// Hangs a unit under another one.
    pub fn place(&self, unit: UnitId, parent: UnitId) {
        let placement = Placement { line: Line::Management, parent, from: self.clock.now().local_date() };
        self.ask::<Unit>(unit, UnitCommand::Place(placement));
    }

    pub fn person(&self, unit: UnitId, contact: Contact, posts: Vec<Post>) -> PersonId {
        let id: PersonId = self.new_id();
        self.ask::<Person>(id, PersonCommand::Enter { unit, contact, posts });
        id
    }

    fn account(&self, login: &str, home: UnitId, role: Role) -> ActorId {
        let id: ActorId = self.new_id();
        let contact = Contact { name: login.to_owned(), ..Contact::default() };
        let person = self.person(home, contact, Vec::new());
        self.ask::<Account>(id, AccountCommand::Open { person, login: login.to_owned(), home });
        self.ask::<Account>(id, AccountCommand::Grant { role, unit: home });
        id
    }

    pub fn reader(&self) -> Tx {
        self.database.reader().unwrap()
    }

    pub fn by_code(&self, code: &str) -> Option<UnitState> {
        let mut tx = self.reader();
        let brief = unit_by_code(&mut tx, code).unwrap()?;
        unit_state(&mut tx, brief.id).unwrap().map(|(state, _)| state)
    }

    /// Events in the journal.
    pub fn events(&self) -> i64 {
        self.reader().count("SELECT count(*) FROM event", &[]).unwrap()
    }

    /// Units of work that wrote the events after this many.
    pub fn works_since(&self, events: i64) -> i64 {
        let works = "SELECT count(DISTINCT command_id) FROM event WHERE position > ?1";
        self.reader().count(works, &[storage::Param::from(events)]).unwrap()
    }

    /// Confirmed, and not yet written.
    pub fn confirmed(&self, id: Uuid) -> Batch {
        let (batch, plan) = self.dry(id);
        assert_eq!(plan.problems, []);
        self.wait(self.importer.begin(batch.owner, id, &plan.digest())).unwrap();
        batch
    }

    /// Written after it was confirmed.
    pub fn carry_on(&self, batch: &Batch) -> Batch {
        self.wait(self.importer.carry_on(batch.owner, batch.id)).unwrap()
    }

    /// Runs something async from a test.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    pub fn upload(&self, name: &str, bytes: &[u8]) -> Result<Uuid, Problem> {
        self.bring(Content::Register, name, bytes)
    }

    pub fn bring(&self, content: Content, name: &str, bytes: &[u8]) -> Result<Uuid, Problem> {
        self.wait(self.importer.upload(self.who(content), content, name, bytes.to_vec()))
    }

    /// The register is brought by the system administrator here, the rest by the safety office.
    fn who(&self, content: Content) -> ActorId {
        if content == Content::Register { self.owner } else { self.office }
    }

    pub fn dry(&self, id: Uuid) -> (Batch, Plan) {
        let mine = self.wait(self.importer.dry_run(self.owner, id));
        mine.unwrap_or_else(|_| self.wait(self.importer.dry_run(self.office, id)).unwrap())
    }

    /// A CSV looked at.
    pub fn plan(&self, text: &str) -> Plan {
        let id = self.upload("名册.csv", text.as_bytes()).unwrap();
        self.dry(id).1
    }

    pub fn choose(&self, id: Uuid, options: Options) {
        let (batch, _) = self.dry(id);
        self.wait(self.importer.settle(batch.owner, id, batch.mapping(), options)).unwrap();
    }

    /// Looked at, confirmed, written.
    pub fn apply(&self, id: Uuid) -> Batch {
        let batch = self.confirmed(id);
        self.carry_on(&batch)
    }
}

/// Where and what: `C12 intake-number`.
pub(super) fn told(plan: &Plan) -> Vec<String> {
    plan.problems.iter().map(|p| format!("{} {}", p.address(), p.code)).collect()
}

/// New, changed, unchanged, problems, passed over.
pub(super) fn counts(plan: &Plan) -> [usize; 5] {
    let rows = [Action::Create, Action::Change, Action::Same].map(|action| plan.count(action));
    [rows[0], rows[1], rows[2], plan.problems.len(), plan.passed_over]
}

/// What differs, as the page says it.
pub(super) fn differences(plan: &Plan) -> Vec<String> {
    let line = |change: &crate::Change| format!("{}: {} → {}", change.field.name(), change.old, change.new);
    plan.rows.iter().flat_map(|row| row.changes.iter().map(line)).collect()
}

pub(super) const HEAD: &str = "学校名称,标识码,类型,所属乡镇,中心学校,在校生数,寄宿生\n";
