//! Clocks of hazards on a real journal, fired by hand under a clock that is moved by hand.

use std::sync::{Arc, RwLock};

use journal::{Authority, Engine, EngineBuilder, Identity, Standing, UnitOfWork, Vault, WorkLane, rebuild};
use kernel::{Actor, Clock, CommandId, FixedClock, IdSource, Steadiness, StreamId, Timestamp, UnitId};
use organisation::{Attributes, Line, NewUnit, Placement, Unit, UnitCommand, UnitKind};
use storage::{Readers, StorageError, Tx, migrate};
use test_support::{TestDb, both_databases};

use ::timers::Timers;

use crate::{GradeAs, Hazard, HazardCommand, Level, Registration};

/// 2026-03-02 09:00, a Monday.
const START: Timestamp = Timestamp(1_772_413_200_000);
const DAY: i64 = Timestamp::DAY_MS;

/// Only the platform itself acts here.
struct Nobody;

impl Authority for Nobody {
    fn standing(&self, _: &mut Tx, actor: Actor, _: UnitId) -> Result<Standing, StorageError> {
        let (person, home, unit_path) = (None, None, String::new());
        Ok(Standing { actor, person, home, grants: Vec::new(), permissions: Arc::from([]), unit_path })
    }
}

struct Platform {
    engine: Engine,
    db: TestDb,
    clock: Arc<FixedClock>,
    ids: Arc<IdSource>,
    school: UnitId,
}

fn builder() -> EngineBuilder {
    let rules = rules::RuleBook::embedded().unwrap();
    EngineBuilder::new(Arc::new(Vault::new(&[7; 32])), Arc::new(Nobody))
        .subject(Unit::default())
        .subject(Hazard::new(Arc::new(RwLock::new(rules))))
}

fn start(db: &TestDb, clock: &Arc<FixedClock>, ids: &Arc<IdSource>) -> Engine {
    let lease = db.database().lease().unwrap();
    builder().start(db.database(), lease, clock.clone(), ids.clone()).unwrap()
}

impl Platform {
    fn new(db: TestDb) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let ids = Arc::new(IdSource::seeded(1));
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &[journal::MIGRATIONS, organisation::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        Identity::load_or_found(&mut tx, &*clock, &ids, false).unwrap();
        drop(tx);
        let engine = start(&db, &clock, &ids);
        let mut platform = Self { engine, db, clock, ids, school: UnitId::NIL };
        let county = platform.unit("530323", UnitKind::County, None);
        platform.school = platform.unit("2153000002", UnitKind::Primary, Some(county));
        platform
    }

    fn unit(&self, code: &str, kind: UnitKind, above: Option<UnitId>) -> UnitId {
        let id: UnitId = self.ids.new_id(&*self.clock);
        let from = self.clock.now().local_date();
        let placement = |parent| Placement { line: Line::Management, parent, from };
        let created = NewUnit {
            code: code.to_owned(),
            name: code.to_owned(),
            kind,
            attributes: Attributes::default(),
            placements: above.into_iter().map(placement).collect(),
            code_exception: None,
        };
        self.execute(|work| work.ask::<Unit>(id, UnitCommand::Create(created)));
        id
    }

    fn execute(&self, ask: impl FnOnce(UnitOfWork) -> UnitOfWork) {
        let work = UnitOfWork::new(Actor::SYSTEM, self.ids.new_id::<CommandId>(&*self.clock));
        self.engine.handle().execute_blocking(WorkLane::Interactive, ask(work)).unwrap();
    }

    fn hazard(&self) -> StreamId {
        let id: StreamId = self.ids.new_id(&*self.clock);
        let registration = Registration {
            unit: self.school,
            category: "H02".to_owned(),
            source: "self".to_owned(),
            description: "楼道应急灯不亮".to_owned(),
            place: String::new(),
            photos: Vec::new(),
            position: None,
            found_at: None,
            number: None,
            answers: Vec::new(),
            on_the_spot: None,
        };
        self.execute(|work| work.ask::<Hazard>(id, HazardCommand::Register(Box::new(registration))));
        id
    }

    fn grade(&self, id: StreamId) {
        let grading = GradeAs { level: Level::General, answers: Vec::new(), reason: String::new() };
        self.execute(|work| work.ask::<Hazard>(id, HazardCommand::Grade(grading)));
    }

    fn timers(&self) -> Timers {
        let readers = Readers::open(self.db.database(), 1).unwrap();
        Timers::new(self.engine.handle(), readers, self.clock.clone(), by_hand()).register("hazard", tick)
    }

    fn events(&self, id: StreamId) -> Vec<String> {
        let mut tx = self.db.database().reader().unwrap();
        let events = journal::events_of_stream(&mut tx, id, None).unwrap();
        events.into_iter().map(|event| event.header.event_type).collect()
    }
}

fn by_hand() -> Arc<Steadiness> {
    Arc::new(Steadiness::by_hand())
}

fn tick(id: StreamId, clock: &str, work: UnitOfWork) -> UnitOfWork {
    work.ask::<Hazard>(id, HazardCommand::Tick { clock: clock.to_owned() })
}

/// Fires until nothing is due.
fn fire(timers: &Timers) -> usize {
    let mut acted = 0;
    for _ in 0..20 {
        match timers.run_due(100).unwrap() {
            0 => return acted,
            more => acted += more,
        }
    }
    panic!("the clocks spin");
}

const WARNED: &str = "hazard.deadline_warned";
const CLIMBED: &str = "hazard.escalated";

both_databases! {
    fn each_mark_and_step_once(db: TestDb) {
        let platform = Platform::new(db);
        let id = platform.hazard();
        let timers = platform.timers();
        assert_eq!(fire(&timers), 0);
        assert!(timers.next_at().unwrap().unwrap() > START);
        for _ in 0..30 {
            platform.clock.advance_ms(DAY / 2);
            fire(&timers);
        }
        let events = platform.events(id);
        let count = |name: &str| events.iter().filter(|event| *event == name).count();
        assert_eq!((count(WARNED), count(CLIMBED)), (3, 3), "{events:?}");
        assert_eq!(timers.next_at().unwrap(), None);
    }

    fn a_year_of_downtime_is_one_warning_and_one_step(db: TestDb) {
        let platform = Platform::new(db);
        let id = platform.hazard();
        platform.clock.advance_ms(365 * DAY);
        assert_eq!(fire(&platform.timers()), 1);
        assert_eq!(platform.events(id), ["hazard.registered", WARNED, CLIMBED]);
        // Another process that starts afterwards finds nothing to do.
        assert_eq!(fire(&platform.timers()), 0);
    }

    fn a_rebuild_fires_nothing_twice(db: TestDb) {
        let mut platform = Platform::new(db);
        let id = platform.hazard();
        platform.clock.advance_ms(2 * DAY);
        fire(&platform.timers());
        let (before, next) = (platform.events(id), platform.timers().next_at().unwrap());
        let Platform { engine, db, clock, ids, school } = platform;
        drop(engine);
        let mut tx = db.database().writer().unwrap();
        tx.begin().unwrap();
        rebuild(&mut tx, &builder(), &ids, &|_| {}).unwrap();
        tx.commit().unwrap();
        drop(tx);
        let engine = start(&db, &clock, &ids);
        platform = Platform { engine, db, clock, ids, school };
        assert_eq!(platform.timers().next_at().unwrap(), next);
        assert_eq!(fire(&platform.timers()), 0);
        assert_eq!(platform.events(id), before);
    }

    fn a_clock_with_nothing_to_do_does_not_spin(db: TestDb) {
        let platform = Platform::new(db);
        let id = platform.hazard();
        // Hears another clock than the one that is due, so the tick changes nothing.
        let readers = Readers::open(platform.db.database(), 1).unwrap();
        let deaf: ::timers::Make = |id, _, work| tick(id, "no such clock", work);
        let timers = Timers::new(platform.engine.handle(), readers, platform.clock.clone(), by_hand()).register("hazard", deaf);
        platform.clock.advance_ms(DAY);
        let before = platform.events(id);
        assert_eq!(timers.run_due(10).unwrap(), 0);
        assert_eq!(timers.next_at().unwrap(), None, "left alone until it shows another time");
        assert_eq!(timers.round(10).unwrap().asked, 0);
        assert_eq!(platform.events(id), before);
        // Its state changed, so it shows another time.
        platform.grade(id);
        assert!(timers.next_at().unwrap().is_some());
        platform.clock.advance_ms(DAY);
        assert_eq!(timers.round(10).unwrap().asked, 1);
    }

    fn firing_twice_acts_once(db: TestDb) {
        let platform = Platform::new(db);
        let id = platform.hazard();
        platform.clock.advance_ms(365 * DAY);
        let (one, other) = (platform.timers(), platform.timers());
        let fired = std::thread::scope(|scope| {
            let first = scope.spawn(|| one.run_due(10).unwrap());
            let second = scope.spawn(|| other.run_due(10).unwrap());
            first.join().unwrap() + second.join().unwrap()
        });
        // Both may have read the clock before either acted; the command's id makes it happen once.
        assert!(fired >= 1);
        assert_eq!(platform.events(id).len(), 3);
    }

    fn the_oldest_come_first_and_idle_ones_take_no_room(db: TestDb) {
        let platform = Platform::new(db);
        let mut streams = Vec::new();
        for _ in 0..5 {
            streams.push(platform.hazard());
            platform.clock.advance_ms(Timestamp::HOUR_MS);
        }
        platform.clock.advance_ms(300 * DAY);
        let timers = platform.timers();
        assert_eq!(timers.run_due(2).unwrap(), 2);
        let acted = |id: &StreamId| platform.events(*id).len() > 1;
        assert_eq!(streams.iter().map(acted).collect::<Vec<_>>(), [true, true, false, false, false]);
        assert_eq!(timers.run_due(2).unwrap(), 2);
        assert_eq!(timers.run_due(2).unwrap(), 1);
        assert_eq!(timers.run_due(2).unwrap(), 0);
    }

    fn clocks_of_unknown_kinds_stay_silent(db: TestDb) {
        let platform = Platform::new(db);
        platform.hazard();
        platform.clock.advance_ms(300 * DAY);
        let readers = Readers::open(platform.db.database(), 1).unwrap();
        let timers = Timers::new(platform.engine.handle(), readers, platform.clock.clone(), by_hand());
        assert_eq!(timers.run_due(10).unwrap(), 0);
        assert_eq!(timers.next_at().unwrap(), None);
    }

    fn the_loop_fires_and_ends(db: TestDb) {
        let platform = Platform::new(db);
        let id = platform.hazard();
        platform.clock.advance_ms(300 * DAY);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let timers = platform.timers();
        let mut heads = platform.engine.handle().heads();
        runtime.block_on(async {
            // Two units, the registration, a warning and a step.
            let fired = async { heads.wait_for(|head| *head >= 5).await.map(|_| ()).unwrap() };
            tokio::time::timeout(std::time::Duration::from_secs(20), timers.run(fired)).await.unwrap();
        });
        assert_eq!(platform.events(id).len(), 3);
    }
}
