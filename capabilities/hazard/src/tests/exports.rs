//! Exports in the background on both databases, driven round by round.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, RwLock},
};

use access::{Account, AccountCommand, Role, RoleBook, SuspendReason, Viewer};
use documents::{ReadLimits, read_table};
use exports::{
    Asked, ExportParts, ExportRunner, Exports, Format, Job, Stage, Wanted, ask, jobs, one, remove,
};
use journal::{Engine, EngineBuilder, Handle, Identity, Subject, UnitOfWork, Vault, WorkLane};
use kernel::{
    Actor, ActorId, Clock, FixedClock, IdSource, PersonId, Steadiness, StreamId, Timestamp, UnitId, limits,
};
use language::Lang;
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Unit, UnitCommand, UnitKind,
};
use storage::{MigrationSet, Readers, StorageError, Tx, migrate};
use test_support::{TestDb, both_databases};
use uuid::Uuid;

use super::support::{RULES, START, registration};
use crate::{Hazard, HazardCommand, HazardExport, Registration};

/// A county with two schools, and accounts as they are in life.
struct House {
    handle: Handle,
    readers: Readers,
    clock: Arc<FixedClock>,
    ids: Arc<IdSource>,
    exports: Arc<Exports>,
    county: UnitId,
    schools: [UnitId; 2],
    office: ActorId,
    head: ActorId,
    _engine: Engine,
    db: TestDb,
}

impl House {
    fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(3));
        let mut tx = db.database().writer().unwrap();
        let sets = [
            journal::MIGRATIONS,
            organisation::MIGRATIONS,
            access::MIGRATIONS,
            crate::MIGRATIONS,
            ::exports::MIGRATIONS,
        ];
        migrate(&mut tx, &sets).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, true).unwrap();
        drop(tx);
        let rules = Arc::new(RwLock::new(RULES.clone()));
        let engine = EngineBuilder::new(Arc::new(Vault::new(&[7; 32])), Arc::new(RoleBook::new()))
            .subject(Unit::default())
            .subject(Person::new(vec![Arc::new(access::RankKeeper)]))
            .subject(Account)
            .subject(Hazard::new(Arc::clone(&rules)))
            .start(db.database(), db.database().lease().unwrap(), clock.clone(), Arc::clone(&ids))
            .unwrap();
        let exports = Exports::new(db.directory().join("exports"))
            .register(HazardExport::new(rules, Arc::new(Vault::new(&[7; 32]))));
        let mut house = Self {
            handle: engine.handle(),
            readers: Readers::open(db.database(), 1).unwrap(),
            clock,
            ids,
            exports: Arc::new(exports),
            county: UnitId::NIL,
            schools: [UnitId::NIL; 2],
            office: ActorId::NIL,
            head: ActorId::NIL,
            _engine: engine,
            db,
        };
        house.settle();
        house
    }

    fn settle(&mut self) {
        self.county = self.unit("530323", "师宗县教育体育局", UnitKind::County, &[]);
        let above = [(Line::Management, self.county), (Line::Territory, self.county)];
        self.schools = [("2153000002", "丹凤第一小学"), ("2153000003", "丹凤第二小学")]
            .map(|(code, name)| self.unit(code, name, UnitKind::Primary, &above));
        self.office = self.account("office", self.county, Role::CountySafetyOffice);
        self.head = self.account("head", self.schools[0], Role::Head);
        for (school, amount) in self.schools.into_iter().zip([3, 2]) {
            for number in 0..amount {
                let id: StreamId = self.new_id();
                let place = format!("第{number}间");
                let asked = Registration { unit: school, place, ..registration() };
                let work = UnitOfWork::new(Actor::person(self.office), self.new_id());
                let work = work.ask::<Hazard>(id, HazardCommand::Register(Box::new(asked)));
                self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
                self.clock.advance_ms(1_000);
            }
        }
    }

    fn new_id<T: From<Uuid>>(&self) -> T {
        self.ids.new_id(&*self.clock)
    }

    fn ask<S: Subject>(&self, id: impl Into<StreamId>, command: S::Command) {
        let work = UnitOfWork::new(Actor::SYSTEM, self.new_id()).ask::<S>(id, command);
        self.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
    }

    fn unit(&self, code: &str, name: &str, kind: UnitKind, above: &[(Line, UnitId)]) -> UnitId {
        let (id, from) = (self.new_id::<UnitId>(), self.clock.now().local_date());
        let place = |(line, parent): &(Line, UnitId)| Placement { line: *line, parent: *parent, from };
        let created = NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            attributes: Attributes::default(),
            placements: above.iter().map(place).collect(),
            code_exception: None,
        };
        self.ask::<Unit>(id, UnitCommand::Create(created));
        id
    }

    fn account(&self, login: &str, home: UnitId, role: Role) -> ActorId {
        let (id, person) = (self.new_id::<ActorId>(), self.new_id::<PersonId>());
        let contact = Contact { name: login.to_owned(), ..Contact::default() };
        self.ask::<Person>(person, PersonCommand::Enter { unit: home, contact, posts: Vec::new() });
        self.ask::<Account>(id, AccountCommand::Open { person, login: login.to_owned(), home });
        self.ask::<Account>(id, AccountCommand::Grant { role, unit: home });
        id
    }

    fn runner(&self) -> ExportRunner {
        ExportRunner::new(ExportParts {
            handle: self.handle.clone(),
            readers: self.readers.clone(),
            clock: self.clock.clone(),
            steadiness: Arc::new(Steadiness::by_hand()),
            ids: Arc::clone(&self.ids),
            exports: Arc::clone(&self.exports),
        })
    }

    fn round(&self, runner: &ExportRunner) -> bool {
        wait(runner.round()).unwrap()
    }

    fn written<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> Result<T, StorageError> + Send + 'static,
    ) -> T {
        access::operate(&self.handle, work).unwrap()
    }

    fn order(&self, account: ActorId, format: Format) -> Uuid {
        let id: Uuid = self.new_id();
        let filter = r#"{"stage":"all"}"#.to_owned();
        let asked = Asked { id, account, kind: HazardExport::KIND, filter, format, lang: Lang::ZhCn };
        let now = self.clock.now();
        assert!(self.written(move |tx| ask(tx, &asked, now)));
        id
    }

    fn job(&self, account: ActorId, id: Uuid) -> Option<Job> {
        one(&mut self.db.database().reader().unwrap(), account, id).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.db.directory().join("exports"));
        entries.map(|all| all.map(|one| one.unwrap().path()).collect()).unwrap_or_default()
    }

    /// As a process that is killed at it leaves a job.
    fn killed_at(&self, id: Uuid) {
        let sql = "UPDATE export_job SET stage = 'running', tries = tries + 1, file = 'half' WHERE id = ?1";
        self.written(move |tx| tx.write(sql, storage::params![id]));
        fs::create_dir_all(self.db.directory().join("exports")).unwrap();
        fs::write(self.db.directory().join("exports/half.part"), b"half").unwrap();
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn lines(job: &Job, house: &House) -> Vec<Vec<String>> {
    let bytes = fs::read(house.exports.path(&job.file)).unwrap();
    let name = format!("a.{}", job.format.name());
    let sheet = read_table(&bytes, &name, ReadLimits::default()).unwrap().remove(0);
    sheet.rows.into_iter().map(|row| row.cells).collect()
}

both_databases! {
    fn each_gets_what_it_may_see_in_a_file_of_its_own(db: TestDb) {
        let house = House::new(db);
        let runner = house.runner();
        assert!(!house.round(&runner), "nobody asked");
        let (all, own) = (house.order(house.office, Format::Csv), house.order(house.head, Format::Xlsx));
        assert!(house.round(&runner) && house.round(&runner) && !house.round(&runner));
        let (all, own) = (house.job(house.office, all).unwrap(), house.job(house.head, own).unwrap());
        for (job, rows) in [(&all, 5), (&own, 3)] {
            assert_eq!((job.stage, job.done, job.total), (Stage::Done, rows, rows), "{job:?}");
            assert_eq!(job.file.len(), 32);
            let viewer = Viewer::load(&mut house.db.database().reader().unwrap(), job.account).unwrap().unwrap();
            assert_eq!(job.rights, viewer.rights(), "with what was seen by then");
            let written = lines(job, &house);
            assert!(written.iter().flatten().any(|cell| cell.contains("演示数据")), "{written:?}");
            let schools = |name: &str| written.iter().filter(|row| row.iter().any(|c| c == name)).count() as u64;
            assert_eq!(schools("丹凤第一小学") + schools("丹凤第二小学"), rows, "{written:?}");
        }
        assert!(!lines(&own, &house).iter().flatten().any(|cell| cell == "丹凤第二小学"));
        assert_eq!(house.job(house.head, all.id), None, "another account's job is not there");
        assert_eq!(house.files().len(), 2);
    }

    fn rights_withdrawn_meanwhile_leave_no_file(db: TestDb) {
        let house = House::new(db);
        let id = house.order(house.head, Format::Csv);
        house.ask::<Account>(house.head, AccountCommand::Revoke { role: Role::Head, unit: house.schools[0] });
        assert!(house.round(&house.runner()));
        let job = house.job(house.head, id).unwrap();
        assert_eq!((job.stage, job.code.as_str()), (Stage::Failed, "export-rights"));
        assert!(house.files().is_empty());
    }

    fn what_was_given_makes_the_digest_and_not_its_order(db: TestDb) {
        let house = House::new(db);
        let rights = || Viewer::load(&mut house.db.database().reader().unwrap(), house.head).unwrap().unwrap().rights();
        let [first, second] = house.schools;
        let head = rights();
        assert_eq!(head.len(), 64);
        house.ask::<Account>(house.head, AccountCommand::Grant { role: Role::SafetyOfficer, unit: second });
        let both = rights();
        assert_ne!(both, head);
        house.ask::<Account>(house.head, AccountCommand::Revoke { role: Role::Head, unit: first });
        assert_ne!(rights(), both);
        house.ask::<Account>(house.head, AccountCommand::Grant { role: Role::Head, unit: first });
        assert_eq!(rights(), both, "given in another order");
        house.ask::<Account>(house.head, AccountCommand::Revoke { role: Role::SafetyOfficer, unit: second });
        assert_eq!(rights(), head);
    }

    fn files_from_before_rights_were_kept_are_written_anew(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        let before = MigrationSet { steps: &::exports::MIGRATIONS.steps[..1], ..::exports::MIGRATIONS };
        migrate(&mut tx, &[before]).unwrap();
        for (id, stage) in [(1, "done"), (2, "failed")] {
            let sql = "INSERT INTO export_job VALUES (?1, ?1, 'hazards', '', 'csv', 'en', ?2, '', 'a', 1, 5, 5, 1, 2, 3, 4)";
            tx.write(sql, storage::params![Uuid::from_u128(id), stage]).unwrap();
        }
        migrate(&mut tx, &[::exports::MIGRATIONS]).unwrap();
        let mut job = |id| {
            let id = Uuid::from_u128(id);
            one(&mut tx, ActorId(id), id).unwrap().unwrap()
        };
        let (done, failed) = (job(1), job(2));
        assert_eq!((done.stage, done.file.as_str(), done.tries), (Stage::Waiting, "", 0));
        assert_eq!((failed.stage, failed.file.as_str()), (Stage::Failed, "a"));
    }

    fn files_go_after_a_week_and_with_their_account(db: TestDb) {
        let house = House::new(db);
        let runner = house.runner();
        let (kept, gone) = (house.order(house.office, Format::Csv), house.order(house.head, Format::Csv));
        assert!(house.round(&runner) && house.round(&runner));
        house.ask::<Account>(house.head, AccountCommand::Suspend { reason: SuspendReason::Left });
        assert!(!house.round(&runner));
        assert_eq!(house.job(house.head, gone), None);
        assert_eq!(house.files().len(), 1);
        house.clock.advance_ms(limits::EXPORT_KEPT_MS - Timestamp::HOUR_MS);
        house.round(&runner);
        assert!(house.job(house.office, kept).is_some());
        house.clock.advance_ms(Timestamp::HOUR_MS);
        house.round(&runner);
        assert_eq!(house.job(house.office, kept), None);
        assert!(house.files().is_empty());
    }

    fn a_restart_begins_anew_once_and_then_gives_up(db: TestDb) {
        let house = House::new(db);
        let id = house.order(house.office, Format::Csv);
        house.killed_at(id);
        assert!(house.round(&house.runner()), "the next process begins it anew");
        let job = house.job(house.office, id).unwrap();
        assert_eq!((job.stage, job.tries, job.done), (Stage::Done, 2, 5));
        assert_eq!(house.files(), [house.exports.path(&job.file)], "half a file is cleared away");
        house.killed_at(id);
        assert!(!house.round(&house.runner()));
        let job = house.job(house.office, id).unwrap();
        assert_eq!((job.stage, job.code.as_str()), (Stage::Failed, "export-interrupted"));
        assert!(house.files().is_empty());
        let lost = house.order(house.office, Format::Csv);
        assert!(house.round(&house.runner()));
        fs::remove_file(&house.files()[0]).unwrap();
        assert!(!house.round(&house.runner()));
        assert_eq!(house.job(house.office, lost).unwrap().code, "export-file-gone");
    }

    fn told_to_stop_it_puts_the_file_at_hand_back(db: TestDb) {
        let house = House::new(db);
        let id = house.order(house.office, Format::Csv);
        house.killed_at(id);
        wait(house.runner().run(std::future::ready(())));
        let job = house.job(house.office, id).unwrap();
        assert_eq!((job.stage, job.tries), (Stage::Waiting, 0), "stopping is no failed try");
        assert!(house.files().is_empty());
    }

    fn asking_twice_asks_once_and_not_without_end(db: TestDb) {
        let house = House::new(db);
        let first = house.order(house.head, Format::Csv);
        for _ in 1..limits::EXPORT_JOBS {
            house.order(house.head, Format::Csv);
        }
        let (account, now) = (house.head, house.clock.now());
        let asked = |id: Uuid| Asked {
            id,
            account,
            kind: HazardExport::KIND,
            filter: String::new(),
            format: Format::Csv,
            lang: Lang::En,
        };
        let (again, more) = (asked(first), asked(house.new_id()));
        assert!(house.written(move |tx| ask(tx, &again, now)));
        assert!(!house.written({
            let more = more.clone();
            move |tx| ask(tx, &more, now)
        }));
        assert_eq!(jobs(&mut house.db.database().reader().unwrap(), account).unwrap().len(), limits::EXPORT_JOBS);
        let office = house.office;
        assert_eq!(house.written(move |tx| remove(tx, office, first)), None, "nobody else removes it");
        assert!(house.written(move |tx| remove(tx, account, first)).is_some());
        assert!(house.written(move |tx| ask(tx, &more, now)));
    }

    fn parts_meet_and_leave_nothing_out(db: TestDb) {
        let house = House::new(db);
        let exporter = house.exports.exporter(HazardExport::KIND).unwrap();
        let mut tx = house.db.database().reader().unwrap();
        let viewer = Viewer::load(&mut tx, house.office).unwrap().unwrap();
        for filter in [r#"{"stage":"all"}"#, r#"{"stage":"open","sort":"due"}"#, r#"{"stage":"all","q":"2026"}"#] {
            let read = |tx: &mut Tx, most: usize| {
                let (mut rows, mut after) = (Vec::new(), None);
                loop {
                    let now = house.clock.now();
                    let wanted = Wanted { filter, lang: Lang::ZhCn, now, after: after.as_deref(), most };
                    let part = exporter.part(tx, &viewer, wanted).unwrap();
                    assert!(part.rows.len() <= most);
                    rows.extend(part.rows);
                    after = part.next;
                    if after.is_none() {
                        return rows;
                    }
                }
            };
            let whole = read(&mut tx, 100);
            assert_eq!(whole.len(), 5, "{filter}");
            assert_eq!(read(&mut tx, 1), whole, "{filter}");
            assert_eq!(read(&mut tx, 2), whole, "{filter}");
            let counted = exporter.count(&mut tx, &viewer, filter, house.clock.now(), i64::MAX).unwrap();
            assert_eq!(counted, 5, "{filter}");
        }
    }
}
