//! The subject of the tests, and a platform around it.

use std::sync::Arc;

use journal::{
    Authority, ClockSpec, Context, Engine, EngineBuilder, Evidence, Handle, Identity, Need, Outcome, Parts,
    Saving, Stamp, Standing, Subject, UnitOfWork, Vault, VerifyReport, WorkLane,
};
use kernel::{
    Actor, ActorId, CommandId, FixedClock, IdSource, Problem, Refusal, StreamId, Timestamp, UnitId,
};
use storage::{Database, MigrationSet, Step, StorageError, TableClass, Tx, params};
use uuid::Uuid;

pub(crate) use crate::jar_state::{Amount, JarCommand, JarEvent, JarState, Name, Note, Place};

pub(crate) const NOW: Timestamp = Timestamp(1_780_000_000_000);
pub(crate) const KEY: [u8; 32] = [7; 32];

pub(crate) struct Jar;

pub(crate) const TABLES: MigrationSet = MigrationSet {
    room: "jar",
    tables: &[("jar", TableClass::Derived), ("jar_total", TableClass::Derived)],
    steps: &[Step {
        name: "001",
        sql: "
CREATE TABLE jar (id {uuid} NOT NULL PRIMARY KEY, version {int} NOT NULL, shape {int} NOT NULL, state {text} NOT NULL,
    first_position {int} NOT NULL, last_position {int} NOT NULL, label {text}, saves {int} NOT NULL) {strict};
CREATE UNIQUE INDEX jar_label ON jar (label);
CREATE TABLE jar_total (unit_id {uuid} NOT NULL PRIMARY KEY, amount {int} NOT NULL) {strict};",
    }],
};

impl Subject for Jar {
    const KIND: &'static str = "jar";
    const TABLE: &'static str = "jar";
    const SHAPE: i64 = 1;
    type State = JarState;
    type Event = JarEvent;
    type Command = JarCommand;
    /// What lies in all jars of the unit.
    type Facts = i64;

    fn need(&self, _: Option<&JarState>, command: &JarCommand) -> Need {
        match command {
            JarCommand::SystemOnly => Need::System,
            _ => Need::Permission("jar.use"),
        }
    }

    fn unit(&self, state: Option<&JarState>, command: &JarCommand) -> UnitId {
        match command {
            JarCommand::Put(unit, ..) => *unit,
            _ => state.map_or(UnitId::NIL, JarState::unit),
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&JarState>,
        command: &JarCommand,
        _: &Context<'_>,
    ) -> Result<i64, StorageError> {
        if *command == JarCommand::BadSql {
            tx.count("SELECT nothing FROM nowhere", params![])?;
        }
        tx.count("SELECT amount FROM jar_total WHERE unit_id = ?1", params![self.unit(state, command)])
    }

    fn decide(
        &self,
        state: Option<&JarState>,
        command: &JarCommand,
        facts: &i64,
        _: &Context<'_>,
    ) -> Result<Vec<JarEvent>, Refusal> {
        let there = state.map_or(0, JarState::count);
        let filled = |n, note: Option<String>| {
            JarEvent::Filled(Parts {
                core: Amount { n },
                text: note.map(|note| Note { note }),
                personal: None,
            })
        };
        let taken = |n| JarEvent::Taken(Parts { core: Amount { n }, text: None, personal: None });
        match command {
            JarCommand::Put(_, n, _) if facts + n > 1_000_000 => Err(Refusal::new("unit-full")),
            JarCommand::Put(_, n, note) => Ok(vec![filled(*n, note.clone())]),
            JarCommand::Take(n) if *n > there => Err(Refusal::new("jar-too-little").with("there", there)),
            JarCommand::Take(n) => Ok(vec![taken(*n)]),
            JarCommand::Churn(amounts) => {
                Ok(amounts.iter().flat_map(|n| [taken(*n), filled(*n, None)]).collect())
            }
            JarCommand::Own(name) => Ok(vec![JarEvent::Owned(Parts::with_personal(
                Amount { n: 1 },
                Some(Note { note: "登记".to_owned() }),
                Name { name: name.clone() },
            ))]),
            JarCommand::Move(unit) => Ok(vec![JarEvent::Moved(Parts::core(Place { unit: *unit }))]),
            JarCommand::Label(label) => Ok(vec![filled(0, Some(format!("#{label}")))]),
            JarCommand::Nothing => Ok(Vec::new()),
            JarCommand::PanicInDecide => panic!("on purpose, in decide"),
            JarCommand::PanicInSave => Ok(vec![filled(13, Some("#panic".to_owned()))]),
            JarCommand::BadSql | JarCommand::SystemOnly => Ok(vec![filled(1, None)]),
        }
    }

    fn rules(&self, facts: &i64) -> String {
        format!("base@{facts}")
    }

    fn evolve(state: Option<JarState>, event: &JarEvent, stamp: &Stamp) -> Option<JarState> {
        JarState::after(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        tx.write(
            "INSERT INTO jar (id, version, shape, state, first_position, last_position, label, saves)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, 1)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
                last_position = excluded.last_position, label = excluded.label, saves = jar.saves + 1",
            params![saving.id, saving.version, Self::SHAPE, saving.state, saving.position, saving.new.label()],
        )?;
        assert_ne!(saving.new.label().map(String::as_str), Some("panic"), "on purpose, in save");
        let old = saving.old.map(|old| (old.unit(), -old.count()));
        for (unit, amount) in old.into_iter().chain([(saving.new.unit(), saving.new.count())]) {
            tx.write(
                "INSERT INTO jar_total (unit_id, amount) VALUES (?1, ?2)
                 ON CONFLICT (unit_id) DO UPDATE SET amount = jar_total.amount + excluded.amount",
                params![unit, amount],
            )?;
        }
        Ok(())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM jar", params![])?;
        tx.write("DELETE FROM jar_total", params![])
    }

    fn clocks(state: &JarState) -> Vec<ClockSpec> {
        state.clocks()
    }

    fn unit_of(state: &JarState) -> UnitId {
        state.unit()
    }

    fn evidence(event: &JarEvent, state: &JarState) -> Vec<Evidence> {
        state.evidence(event)
    }
}

/// Everybody but the stranger may use jars.
pub(crate) struct Open;

pub(crate) const STRANGER: ActorId = ActorId(Uuid::from_u128(666));

impl Authority for Open {
    fn standing(&self, _: &mut Tx, actor: Actor, unit: UnitId) -> Result<Standing, StorageError> {
        let permissions: Arc<[_]> = if actor.id == STRANGER { [].into() } else { ["jar.use"].into() };
        let unit_path = format!("/县/校{}", unit.0.as_u128() % 100);
        Ok(Standing { actor, person: None, home: None, grants: Vec::new(), permissions, unit_path })
    }
}

/// An answer that is still to come.
pub(crate) type Waiting = tokio::sync::oneshot::Receiver<Result<Outcome, Problem>>;

pub(crate) struct World {
    pub database: Database,
    pub engine: Option<Engine>,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<IdSource>,
}

pub(crate) fn builder() -> EngineBuilder {
    EngineBuilder::new(Arc::new(Vault::new(&KEY)), Arc::new(Open)).subject(Jar)
}

pub(crate) fn id(n: u128) -> StreamId {
    StreamId(Uuid::from_u128(n))
}

pub(crate) fn unit(n: u128) -> UnitId {
    UnitId(Uuid::from_u128(1_000 + n))
}

pub(crate) fn person(n: u128) -> Actor {
    Actor::person(ActorId(Uuid::from_u128(5_000 + n)))
}

pub(crate) fn work(command: u128) -> UnitOfWork {
    UnitOfWork::new(person(1), CommandId(Uuid::from_u128(command)))
}

pub(crate) fn put(n: i64) -> JarCommand {
    JarCommand::Put(unit(1), n, None)
}

impl World {
    pub(crate) fn new(database: &Database, seed: u64) -> Self {
        let clock = Arc::new(FixedClock::new(NOW));
        let mut world =
            Self { database: database.clone(), engine: None, clock, ids: Arc::new(IdSource::seeded(seed)) };
        let lease = database.lease().unwrap();
        let mut tx = database.writer().unwrap();
        storage::migrate(&mut tx, &[journal::MIGRATIONS, TABLES]).unwrap();
        Identity::load_or_found(&mut tx, &*world.clock, &world.ids, true).unwrap();
        drop(lease);
        world.start();
        world
    }

    pub(crate) fn start(&mut self) {
        self.start_with(builder());
    }

    pub(crate) fn start_with(&mut self, builder: EngineBuilder) {
        let lease = self.database.lease().unwrap();
        self.engine =
            Some(builder.start(&self.database, lease, self.clock.clone(), self.ids.clone()).unwrap());
    }

    pub(crate) fn stop(&mut self) {
        self.engine = None;
    }

    pub(crate) fn handle(&self) -> Handle {
        self.engine.as_ref().unwrap().handle()
    }

    pub(crate) fn run(&self, work: UnitOfWork) -> Result<Outcome, Problem> {
        self.handle().execute_blocking(WorkLane::Interactive, work)
    }

    pub(crate) fn reader(&self) -> Tx {
        self.database.reader().unwrap()
    }

    pub(crate) fn verified(&self) -> VerifyReport {
        journal::verify(&mut self.reader(), &builder(), &|_| ()).unwrap()
    }

    pub(crate) fn assert_sound(&self) {
        let report = self.verified();
        assert_eq!((report.problem_count, report.problems), (0, Vec::new()));
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        self.reader().count(&format!("SELECT COUNT(*) FROM {table}"), params![]).unwrap()
    }

    /// Version and amount of a jar.
    pub(crate) fn jar(&self, jar: StreamId) -> Option<(i64, i64)> {
        let row = self.reader().first("SELECT version, state FROM jar WHERE id = ?1", params![jar], |row| {
            Ok((row.int(0)?, row.text(1)?))
        });
        row.unwrap()
            .map(|(version, json)| (version, serde_json::from_str::<JarState>(&json).unwrap().count()))
    }

    /// What is given becomes one batch; its answers.
    pub(crate) fn batched(&self, works: Vec<UnitOfWork>) -> Vec<Result<Outcome, Problem>> {
        let works = works.into_iter().map(|work| (WorkLane::Interactive, work)).collect();
        self.gathered(works).into_iter().map(|answer| answer.blocking_recv().unwrap()).collect()
    }

    /// Keeps the writer busy until all is sent, so that it becomes one batch; of the bulk lane only the first.
    pub(crate) fn gathered(&self, works: Vec<(WorkLane, UnitOfWork)>) -> Vec<Waiting> {
        let handle = self.handle();
        // The first job holds the writer until told; what gathers behind it is one batch.
        let (begun, beginning) = std::sync::mpsc::channel::<()>();
        let (go_on, gate) = std::sync::mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let plug = work(u128::MAX).ask::<Jar>(id(u128::MAX), JarCommand::Nothing).housekeeping(move |_| {
            begun.send(()).unwrap();
            gate.lock().unwrap().recv().unwrap();
            Ok(())
        });
        let plug = handle.send(WorkLane::Interactive, plug).unwrap();
        beginning.recv().unwrap();
        let waiting = works.into_iter().map(|(lane, work)| handle.send(lane, work).unwrap()).collect();
        go_on.send(()).unwrap();
        plug.blocking_recv().unwrap().unwrap();
        waiting
    }
}

/// A journal with every kind of event, several units, and commands that yield several events.
pub(crate) fn lived_in(world: &World, seed: u128) {
    let mut number = seed;
    let mut next = || {
        number += 1;
        work(number)
    };
    for jar in 1..=6_u128 {
        world.clock.advance_ms(3_600_000);
        let note = (jar % 2 == 0).then(|| format!("第{jar}次检查，楼道堆放杂物"));
        world.run(next().ask::<Jar>(id(jar), JarCommand::Put(unit(jar % 3), 90, note))).unwrap();
        world.run(next().ask::<Jar>(id(jar), JarCommand::Own(format!("张三{jar}")))).unwrap();
        let churn = JarCommand::Churn(vec![90, 5, 1]);
        let moved = JarCommand::Move(unit(7));
        world.run(next().ask::<Jar>(id(jar), churn).ask::<Jar>(id(jar), moved)).unwrap();
        world.run(next().ask::<Jar>(id(jar), JarCommand::Take(if jar > 3 { 90 } else { 30 }))).unwrap();
        world.run(next().ask::<Jar>(id(jar), JarCommand::Label(format!("label {jar}")))).unwrap();
    }
    world
        .run(next().ask::<Jar>(id(1), JarCommand::Put(unit(7), 500, None)).ask::<Jar>(id(2), put(1)))
        .unwrap();
}
