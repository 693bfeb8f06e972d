//! The machine under the journal: it can die, and it can refuse a statement or a commit.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use journal::UnitOfWork;
use kernel::{Actor, ActorId, CommandId, FixedClock, IdSource, StreamId, Timestamp};
use storage::{Database, Location, StorageError, Tx, params};
use test_support::TestDb;

use super::{history::Row, model::ModelJar};
use crate::jar::*;

/// Tables in which a mine can lie: whatever the writer fills for an event.
pub(crate) const PLACES: &[&str] = &["event", "jar", "jar_total", "clock", "evidence", "command_done"];

/// What was on the disk when the machine died.
#[derive(Clone)]
pub(crate) struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
}

impl Image {
    fn taken(path: &Path) -> Self {
        let log = std::fs::read(log_of(path)).unwrap_or_default();
        Self { database: std::fs::read(path).unwrap(), log }
    }

    /// The power went while the log was written: from `cut` on it is missing, or never left the cache.
    pub(crate) fn torn(mut self, cut: usize, missing: bool) -> Self {
        if missing {
            self.log.truncate(cut);
        } else {
            self.log.iter_mut().skip(cut).for_each(|byte| *byte = 0);
        }
        self
    }

    pub(crate) fn log_len(&self) -> usize {
        self.log.len()
    }

    fn written(&self, path: &Path) {
        std::fs::write(path, &self.database).unwrap();
        if !self.log.is_empty() {
            std::fs::write(log_of(path), &self.log).unwrap();
        }
    }
}

fn log_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}

/// A work without commands; it is nobody's, so it leaves no trace.
fn nobodys(write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static) -> UnitOfWork {
    UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(write)
}

/// The commit fails: a reference that is only checked then leads nowhere.
pub(crate) fn refused_commit() -> UnitOfWork {
    nobodys(|tx| tx.execute("INSERT INTO child (id) VALUES (1)", params![]).map(|_| ()))
}

/// The `steps`th row written to `place` from here on is refused, once: when the batch is tried again one by one,
/// the mine is gone. The second work takes it away if nobody stepped on it.
pub(crate) fn mine(place: &'static str, steps: i64) -> [UnitOfWork; 2] {
    let laid = AtomicBool::new(false);
    let lay = nobodys(move |tx| {
        if laid.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        tx.execute("INSERT INTO mine (place, steps) VALUES (?1, ?2)", params![place, steps]).map(|_| ())
    });
    [lay, nobodys(|tx| tx.execute("DELETE FROM mine", params![]).map(|_| ()))]
}

/// The last statement of a work fails, each time it is tried.
pub(crate) fn faulty(work: UnitOfWork) -> UnitOfWork {
    work.housekeeping(|tx| tx.count("SELECT nothing FROM nowhere", params![]).map(|_| ()))
}

fn prepare(database: &Database) {
    let mut tx = database.writer().unwrap();
    tx.batch(
        "CREATE TABLE parent (id BIGINT NOT NULL PRIMARY KEY);
         CREATE TABLE child (id BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TABLE mine (place TEXT NOT NULL PRIMARY KEY, steps BIGINT NOT NULL);",
    )
    .unwrap();
    let server = matches!(database.location(), Location::Postgres { .. });
    if server {
        tx.batch(
            "CREATE FUNCTION step() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
                UPDATE mine SET steps = steps - 1 WHERE place = TG_TABLE_NAME;
                IF EXISTS (SELECT 1 FROM mine WHERE steps = 0) THEN RAISE EXCEPTION 'a mine'; END IF;
                RETURN NEW;
             END $$",
        )
        .unwrap();
    }
    for place in PLACES {
        let trigger = if server {
            format!(
                "CREATE TRIGGER step_{place} AFTER INSERT ON {place} FOR EACH ROW EXECUTE FUNCTION step()"
            )
        } else {
            format!(
                "CREATE TRIGGER step_{place} AFTER INSERT ON {place} BEGIN
                    UPDATE mine SET steps = steps - 1 WHERE place = '{place}';
                    SELECT RAISE(ABORT, 'a mine') FROM mine WHERE steps = 0;
                 END"
            )
        };
        tx.batch(&trigger).unwrap();
    }
}

/// A platform just founded. Made once in a process: every seed on files begins with a copy of it.
fn founded() -> &'static Image {
    static FOUNDED: OnceLock<Image> = OnceLock::new();
    FOUNDED.get_or_init(|| {
        let db = TestDb::new_sqlite_in_memory();
        World::new(db.database(), 0).stop();
        prepare(db.database());
        Image::taken(&db.directory().join("test.db"))
    })
}

pub(crate) struct Machine {
    pub world: World,
    db: TestDb,
    seed: u64,
    life: u64,
}

impl Machine {
    pub(crate) fn new(db: TestDb, seed: u64) -> Self {
        let world = if db.is_postgres() {
            let mut world = World::new(db.database(), seed);
            world.stop();
            prepare(db.database());
            world
        } else {
            founded().written(&db.directory().join("test.db"));
            let (clock, ids) = (Arc::new(FixedClock::new(NOW)), Arc::new(IdSource::seeded(seed)));
            World { database: db.database().clone(), engine: None, clock, ids }
        };
        let mut machine = Self { world, db, seed, life: 0 };
        machine.restart();
        machine
    }

    pub(crate) fn on_files(&self) -> bool {
        !self.db.is_postgres()
    }

    fn path(&self) -> PathBuf {
        let Location::Sqlite(path) = self.world.database.location() else { panic!("no files") };
        path.clone()
    }

    /// Length of the write-ahead log; 0 where there is none.
    pub(crate) fn log_len(&self) -> usize {
        let log = self.on_files().then(|| std::fs::metadata(log_of(&self.path())).ok()).flatten();
        log.map_or(0, |log| usize::try_from(log.len()).unwrap())
    }

    pub(crate) fn image(&self) -> Image {
        Image::taken(&self.path())
    }

    /// The platform ends and starts on the same files.
    pub(crate) fn restart(&mut self) {
        self.world.stop();
        self.life += 1;
        // Ids of a new process are not those of the old one over again.
        self.world.ids = Arc::new(IdSource::seeded(self.seed << 16 | self.life));
        self.world.start();
        if self.on_files() && self.life.is_multiple_of(2) {
            // A cache this small writes pages into the log before the commit, so a death finds half a transaction.
            let small = nobodys(|tx| tx.batch("PRAGMA cache_size = 10"));
            self.world.run(small).unwrap();
        }
    }

    /// Whatever the old process still did after `image` never reached this disk.
    pub(crate) fn rise_from(&mut self, image: &Image) {
        self.world.stop();
        std::fs::remove_file(self.path()).unwrap();
        let path = self.db.directory().join(format!("life-{}.db", self.life));
        image.written(&path);
        self.world.database = Database::new(Location::Sqlite(path)).unwrap();
        self.restart();
    }

    /// A work at which the machine dies, in the middle of the transaction. On files what then lay on the disk is put
    /// into the cell; a server notices that nobody is there any more, and rolls back.
    pub(crate) fn death(&self) -> (UnitOfWork, Arc<Mutex<Option<Image>>>) {
        let cell = Arc::new(Mutex::new(None));
        let found = cell.clone();
        let path = self.on_files().then(|| self.path());
        let work = nobodys(move |tx| {
            match &path {
                Some(path) => {
                    found.lock().unwrap().get_or_insert_with(|| Image::taken(path));
                }
                None => {
                    tx.count("SELECT COUNT(pg_terminate_backend(pg_backend_pid()))", params![])?;
                }
            }
            Err(StorageError::Connection("the machine died".to_owned()))
        });
        (work, cell)
    }

    /// Every derived row is what the events make of it; and then they are made again for good.
    pub(crate) fn made_again(&mut self) {
        let before = self.world.verified().state_digest;
        self.world.stop();
        let lease = self.world.database.lease().unwrap();
        let mut tx = self.world.database.writer().unwrap();
        let rooms = [journal::MIGRATIONS, TABLES];
        tx.begin().unwrap();
        let wrong = journal::misderived(&mut tx, &builder(), &self.world.ids, &rooms, &|_| ()).unwrap();
        assert_eq!(wrong, []);
        tx.commit().unwrap();
        drop((tx, lease));
        self.world.start();
        assert_eq!(self.world.verified().state_digest, before);
    }

    pub(crate) fn head(&self) -> u64 {
        u64::try_from(self.world.count("event")).unwrap()
    }

    pub(crate) fn found(&self) -> Found {
        let mut tx = self.world.reader();
        let report = journal::verify(&mut tx, &builder(), &|_| ()).unwrap();
        assert_eq!((report.problem_count, report.problems), (0, Vec::new()));
        Found { rows: rows(&mut tx), done: done(&mut tx), jars: jars(&mut tx) }
    }
}

/// What a reader finds, after the journal has agreed with itself.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    pub rows: Vec<Row>,
    pub done: Vec<(CommandId, ActorId, u64)>,
    pub jars: BTreeMap<StreamId, ModelJar>,
}

fn rows(tx: &mut Tx) -> Vec<Row> {
    tx.query(
        "SELECT position, stream_id, stream_version, event_type, command_id, actor_id, decided_at, recorded_at
         FROM event ORDER BY position",
        params![],
        |row| {
            assert_eq!(row.int(6)?, row.int(7)?, "decided and recorded by one reading of the clock");
            Ok(Row {
                position: u64::try_from(row.int(0)?).unwrap(),
                stream: row.id(1)?,
                version: u64::try_from(row.int(2)?).unwrap(),
                event_type: row.text(3)?,
                command: row.id(4)?,
                actor: row.id(5)?,
                at: Timestamp(row.int(6)?),
            })
        },
    )
    .unwrap()
}

fn done(tx: &mut Tx) -> Vec<(CommandId, ActorId, u64)> {
    let sql = "SELECT command_id, actor_id, position FROM command_done ORDER BY position";
    tx.query(sql, params![], |row| Ok((row.id(0)?, row.id(1)?, u64::try_from(row.int(2)?).unwrap()))).unwrap()
}

fn jars(tx: &mut Tx) -> BTreeMap<StreamId, ModelJar> {
    let rows = tx.query("SELECT id, version, state FROM jar", params![], |row| {
        let state: JarState = serde_json::from_str(&row.text(2)?).unwrap();
        let version = u64::try_from(row.int(1)?).unwrap();
        let (amount, unit, label) = (state.count(), state.unit(), state.label().cloned());
        Ok((row.id(0)?, ModelJar { version, amount, unit, label }))
    });
    rows.unwrap().into_iter().collect()
}
