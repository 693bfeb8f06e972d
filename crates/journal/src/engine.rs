//! The writer: one thread, one transaction for a batch of waiting units of work, one fsync for all of them.

use std::{
    any::TypeId,
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Instant,
};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, select};
use kernel::{Clock, CommandId, IdSource, Problem, Refusal, StreamId, limits};
use storage::{Database, StorageError, Tx, WriterLease};
use tokio::sync::{oneshot, watch};

use crate::{
    Vault,
    chain::{Appender, ChainHead, Identity},
    replay::Replays,
    subject::{Authority, Subject},
    work::{Cached, Done, Registry, Run, StreamKey, UnitOfWork, done_before, remember},
};

/// States kept between batches; when more gather, all are dropped.
const CACHE: usize = 20_000;

/// Who goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkLane {
    /// Somebody waits at a page.
    Interactive,
    /// Imports, obligations of a year, batches from peers: in slices of [`limits::BULK_SLICE_MS`].
    Bulk,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Position of its last event, or of the journal's head when nothing had to happen.
    pub position: u64,
    /// Events written.
    pub events: usize,
    /// The streams it touched with their versions afterwards; empty for a repeated unit of work.
    pub touched: Vec<(StreamId, u64)>,
    /// The same unit of work had been done before.
    pub repeated: bool,
}

/// Why the writer could not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database said no.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The operating system gave no thread.
    #[error("no thread: {0}")]
    Thread(std::io::Error),
}

/// Microseconds spent in each phase since the start, for `xiaoan bench`.
#[derive(Debug, Default)]
pub struct Phases {
    /// Batches committed.
    pub batches: AtomicU64,
    /// Units of work answered.
    pub works: AtomicU64,
    /// Loading states and facts, deciding, evolving.
    pub decide_us: AtomicU64,
    /// Appending, saving, evidence, clocks.
    pub write_us: AtomicU64,
    /// Commit with fsync.
    pub commit_us: AtomicU64,
}

/// Gathers what a platform is made of.
pub struct EngineBuilder {
    registry: Registry,
    replays: Vec<Box<dyn Replays>>,
    vault: Arc<Vault>,
    authority: Arc<dyn Authority>,
}

impl EngineBuilder {
    /// Nothing registered yet.
    pub fn new(vault: Arc<Vault>, authority: Arc<dyn Authority>) -> Self {
        Self { registry: Registry::default(), replays: Vec::new(), vault, authority }
    }

    /// Registers a kind of stream.
    #[must_use]
    pub fn subject<S: Subject>(mut self, subject: S) -> Self {
        let subject = Arc::new(subject);
        self.registry.by_type.insert(TypeId::of::<S>(), subject.clone());
        self.replays.push(Box::new(subject));
        self
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn subjects(&self) -> &[Box<dyn Replays>] {
        &self.replays
    }

    /// True when a record was written by a version with another shape of state.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn needs_rebuild(&self, tx: &mut Tx) -> Result<bool, StorageError> {
        for subject in &self.replays {
            if subject.needs_rebuild(tx)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Starts the writer thread on a migrated database whose lease is held.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub fn start(
        self,
        database: &Database,
        lease: WriterLease,
        clock: Arc<dyn Clock>,
        ids: Arc<IdSource>,
    ) -> Result<Engine, EngineError> {
        let mut tx = database.writer()?;
        let identity = Identity::load(&mut tx)?
            .ok_or_else(|| StorageError::Other("the platform was not founded yet".to_owned()))?;
        let head = ChainHead::load(&mut tx, identity)?;
        let (interactive, interactive_jobs) = bounded(limits::WRITER_QUEUE);
        let (bulk, bulk_jobs) = bounded(limits::WRITER_QUEUE);
        let (stop, stopped) = bounded(1);
        let (announce, heads) = watch::channel(head.position);
        let shared = Arc::new(Shared { phases: Phases::default(), fenced: AtomicBool::new(false) });
        let writer = Writer {
            tx,
            head,
            identity,
            clock,
            ids,
            registry: self.registry,
            authority: self.authority,
            vault: self.vault,
            cache: HashMap::new(),
            announce,
            shared: shared.clone(),
            _lease: lease,
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                writer.serve(&Queues { interactive: interactive_jobs, bulk: bulk_jobs, stop: stopped })
            })
            .map_err(EngineError::Thread)?;
        let handle = Handle { interactive, bulk, heads, shared, identity };
        Ok(Engine { handle, stop, thread: Some(thread) })
    }
}

struct Shared {
    phases: Phases,
    fenced: AtomicBool,
}

/// The running writer. Dropping it finishes the batch at hand and gives the lease back.
pub struct Engine {
    handle: Handle,
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// The way to ask it.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A writer that already ended needs no telling.
        let _ = self.stop.try_send(());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer ended in a panic");
        }
    }
}

/// The way to ask the writer. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    interactive: Sender<Job>,
    bulk: Sender<Job>,
    heads: watch::Receiver<u64>,
    shared: Arc<Shared>,
    identity: Identity,
}

impl Handle {
    /// Asks, and waits until it is on the disk.
    ///
    /// # Errors
    /// Whatever the rules, the rights or the database answer; [`Problem::Limit`] when too many wait.
    pub async fn execute(&self, lane: WorkLane, work: UnitOfWork) -> Result<Outcome, Problem> {
        self.send(lane, work)?.await.map_err(|_| ended())?
    }

    /// The same for callers that are not async.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn execute_blocking(&self, lane: WorkLane, work: UnitOfWork) -> Result<Outcome, Problem> {
        self.send(lane, work)?.blocking_recv().map_err(|_| ended())?
    }

    /// Asks without waiting; the answer comes through the receiver.
    ///
    /// # Errors
    /// [`Problem::Limit`] when too many wait.
    pub fn send(
        &self,
        lane: WorkLane,
        work: UnitOfWork,
    ) -> Result<oneshot::Receiver<Result<Outcome, Problem>>, Problem> {
        if work.commands.len() > limits::COMMANDS_PER_UNIT_OF_WORK {
            return Err(Problem::Limit("COMMANDS_PER_UNIT_OF_WORK"));
        }
        if self.shared.fenced.load(Ordering::SeqCst) {
            return Err(fenced());
        }
        let (answer, receiver) = oneshot::channel();
        let job = Job { digest: work.digest(), work, answer };
        match lane {
            WorkLane::Interactive => {
                self.interactive.try_send(job).map_err(|_| Problem::Limit("WRITER_QUEUE"))?
            }
            // A bulk sender waits for its turn; that is what slows an import down instead of the pages.
            WorkLane::Bulk => self.bulk.send(job).map_err(|_| ended())?,
        }
        Ok(receiver)
    }

    /// The position of the newest committed event, as it grows.
    pub fn heads(&self) -> watch::Receiver<u64> {
        self.heads.clone()
    }

    /// Which platform this is.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Where the writer's time went.
    pub fn phases(&self) -> &Phases {
        &self.shared.phases
    }
}

fn ended() -> Problem {
    Problem::Fault("the writer has ended".to_owned())
}

fn fenced() -> Problem {
    Problem::Fault("a commit failed; the platform must be restarted before it writes again".to_owned())
}

type Answer = Result<Outcome, Problem>;

struct Job {
    work: UnitOfWork,
    digest: [u8; 32],
    answer: oneshot::Sender<Answer>,
}

struct Writer {
    tx: Tx,
    head: ChainHead,
    identity: Identity,
    clock: Arc<dyn Clock>,
    ids: Arc<IdSource>,
    registry: Registry,
    authority: Arc<dyn Authority>,
    vault: Arc<Vault>,
    cache: HashMap<StreamKey, Cached>,
    announce: watch::Sender<u64>,
    shared: Arc<Shared>,
    _lease: WriterLease,
}

impl Writer {
    fn serve(mut self, queues: &Queues) {
        while let Some(batch) = queues.next_batch() {
            if self.shared.fenced.load(Ordering::SeqCst) {
                for job in batch {
                    let _ = job.answer.send(Err(fenced()));
                }
                continue;
            }
            self.batch(batch);
            if self.cache.len() > CACHE {
                self.cache.clear();
            }
            self.announce.send_replace(self.head.position);
        }
    }

    /// All in one transaction; if the database refuses something, everything again one by one.
    fn batch(&mut self, batch: Vec<Job>) {
        let before = self.head;
        match self.attempt(&batch) {
            Ok(answers) => self.commit(before, batch, answers),
            Err(error) => {
                self.undo(before);
                if batch.len() == 1 {
                    for job in batch {
                        let _ = job.answer.send(Err(unwritten(&error)));
                    }
                    return;
                }
                for job in batch {
                    self.batch(vec![job]);
                }
            }
        }
    }

    fn attempt(&mut self, batch: &[Job]) -> Result<Vec<Answer>, StorageError> {
        let started = Instant::now();
        self.tx.begin()?;
        let ids: Vec<CommandId> = batch.iter().map(|job| job.work.command_id).collect();
        let mut done = done_before(&mut self.tx, &ids)?;
        self.prefetch(batch)?;
        let phases = &self.shared.phases;
        phases.decide_us.fetch_add(micros(started), Ordering::Relaxed);
        let mut answers = Vec::with_capacity(batch.len());
        for job in batch {
            answers.push(self.one(job, &mut done)?);
        }
        let flushing = Instant::now();
        self.tx.flush()?;
        self.shared.phases.write_us.fetch_add(micros(flushing), Ordering::Relaxed);
        Ok(answers)
    }

    /// Loads the states that the batch asks for, one query for each kind.
    fn prefetch(&mut self, batch: &[Job]) -> Result<(), StorageError> {
        let mut wanted: HashMap<&'static str, (Vec<StreamId>, usize, usize)> = HashMap::new();
        for (at, job) in batch.iter().enumerate() {
            for (number, command) in job.work.commands.iter().enumerate() {
                let key = command.key();
                if !self.cache.contains_key(&key) {
                    wanted.entry(key.0).or_insert((Vec::new(), at, number)).0.push(key.1);
                }
            }
        }
        for (ids, at, number) in wanted.into_values() {
            if let Some(command) = batch.get(at).and_then(|job| job.work.commands.get(number)) {
                let mut run = run_of(
                    &self.registry,
                    &*self.authority,
                    &self.vault,
                    &self.ids,
                    self.identity,
                    &*self.clock,
                    &mut self.cache,
                );
                command.prefetch(&mut run, &mut self.tx, &ids)?;
            }
        }
        Ok(())
    }

    fn one(&mut self, job: &Job, done: &mut Done) -> Result<Answer, StorageError> {
        let key = (job.work.command_id, job.work.actor.id);
        if let Some((digest, position)) = done.get(&key) {
            return Ok(if digest.as_slice() == job.digest {
                Ok(Outcome { position: *position, events: 0, touched: Vec::new(), repeated: true })
            } else {
                Err(Problem::Refused(Refusal::new("command-id-reused")))
            });
        }
        let started = Instant::now();
        let mut run = run_of(
            &self.registry,
            &*self.authority,
            &self.vault,
            &self.ids,
            self.identity,
            &*self.clock,
            &mut self.cache,
        );
        let decided = decide_all(&mut run, &mut self.tx, &job.work);
        let (overlay, writes, events, touched, now) =
            (run.overlay, run.writes, run.events, run.touched, run.now);
        let decided_at = Instant::now();
        self.shared.phases.decide_us.fetch_add(micros(started), Ordering::Relaxed);
        if let Err(problem) = decided {
            // A refusal wrote nothing; a database fault poisons the transaction.
            return match problem {
                Problem::Fault(text) => Err(StorageError::Other(text)),
                other => Ok(Err(other)),
            };
        }
        let appender = Appender { vault: &self.vault, ids: &self.ids, now };
        for write in writes {
            write(&mut self.tx, &mut self.head, &appender)?;
        }
        if events > 0 {
            remember(&mut self.tx, job.work.actor, job.work.command_id, &job.digest, self.head.position)?;
            done.insert(key, (job.digest.to_vec(), self.head.position));
        }
        self.cache.extend(overlay);
        self.shared.phases.write_us.fetch_add(micros(decided_at), Ordering::Relaxed);
        Ok(Ok(Outcome { position: self.head.position, events, touched, repeated: false }))
    }

    fn commit(&mut self, before: ChainHead, batch: Vec<Job>, answers: Vec<Answer>) {
        let started = Instant::now();
        let committed = self.tx.commit();
        let phases = &self.shared.phases;
        phases.commit_us.fetch_add(micros(started), Ordering::Relaxed);
        phases.batches.fetch_add(1, Ordering::Relaxed);
        phases.works.fetch_add(batch.len() as u64, Ordering::Relaxed);
        match committed {
            Ok(()) => {
                for (job, answer) in batch.into_iter().zip(answers) {
                    // The asker may have gone away; what was done stays done.
                    let _ = job.answer.send(answer);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed: nothing more is written until the platform is restarted");
                self.shared.fenced.store(true, Ordering::SeqCst);
                self.undo(before);
                for job in batch {
                    let _ = job.answer.send(Err(fenced()));
                }
            }
        }
    }

    fn undo(&mut self, before: ChainHead) {
        self.head = before;
        self.cache.clear();
        if let Err(error) = self.tx.rollback() {
            tracing::error!(%error, "a transaction could not be rolled back");
            self.shared.fenced.store(true, Ordering::SeqCst);
        }
    }
}

fn unwritten(error: &StorageError) -> Problem {
    match error {
        StorageError::Unique(_) => Problem::Refused(Refusal::new("already-exists")),
        StorageError::Full(_) => Problem::Limit("DISK_FULL"),
        other => Problem::Fault(other.to_string()),
    }
}

fn decide_all(run: &mut Run<'_>, tx: &mut Tx, work: &UnitOfWork) -> Result<(), Problem> {
    for command in &work.commands {
        let decided = catch_unwind(AssertUnwindSafe(|| command.run(run, tx, work)));
        match decided {
            Ok(result) => result?,
            Err(_) => return Err(Problem::Fault("a command panicked".to_owned())),
        }
    }
    Ok(())
}

fn run_of<'a>(
    registry: &'a Registry,
    authority: &'a dyn Authority,
    vault: &'a Arc<Vault>,
    ids: &'a Arc<IdSource>,
    identity: Identity,
    clock: &dyn Clock,
    cache: &'a mut HashMap<StreamKey, Cached>,
) -> Run<'a> {
    Run {
        registry,
        authority,
        vault,
        ids,
        identity,
        now: clock.now(),
        cache,
        overlay: HashMap::new(),
        writes: Vec::new(),
        events: 0,
        touched: Vec::new(),
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Units of work of the bulk lane in one transaction: at about 100 microseconds each, well under
/// [`limits::BULK_SLICE_MS`].
const BULK_WORKS: usize = 64;

struct Queues {
    interactive: Receiver<Job>,
    bulk: Receiver<Job>,
    stop: Receiver<()>,
}

impl Queues {
    /// Waits for work: everything interactive that waits, or a slice of bulk when nobody waits. `None` when the
    /// engine is being dropped.
    fn next_batch(&self) -> Option<Vec<Job>> {
        let mut batch = drain(&self.interactive, limits::WRITER_BATCH);
        if batch.is_empty() {
            select! {
                recv(self.stop) -> _ => return None,
                recv(self.interactive) -> job => batch.push(job.ok()?),
                recv(self.bulk) -> job => {
                    batch.push(job.ok()?);
                    batch.extend(drain(&self.bulk, BULK_WORKS - 1));
                }
            }
            batch.extend(drain(&self.interactive, limits::WRITER_BATCH));
        } else {
            // A full interactive lane may not starve the bulk lane for ever.
            batch.extend(drain(&self.bulk, 1));
        }
        Some(batch)
    }
}

fn drain(queue: &Receiver<Job>, most: usize) -> Vec<Job> {
    let mut jobs = Vec::new();
    while jobs.len() < most {
        match queue.try_recv() {
            Ok(job) => jobs.push(job),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
        }
    }
    jobs
}
