//! The writer: one thread, one transaction for a batch of waiting units of work, one fsync for all of them.

mod commits;
mod queues;
mod writer;

use std::{
    any::TypeId,
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use crossbeam_channel::{Sender, TrySendError, bounded};
use kernel::{Actor, Clock, CommandId, IdSource, Problem, StreamId, limits};
use storage::{Database, StorageError, Tx, WriterLease};
use tokio::sync::{oneshot, watch};

use crate::{
    Vault,
    chain::{ChainHead, Identity},
    reaction::{Reaction, Reactions},
    replay::Replays,
    subject::{Authority, Subject},
    work::{NONE_AT_HAND, RefusedAt, Registry, UnitOfWork},
};
pub use commits::Commits;
use queues::Queues;
use writer::{Job, Writer};

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
    reactions: Reactions,
    replays: Vec<Box<dyn Replays>>,
    vault: Arc<Vault>,
    authority: Arc<dyn Authority>,
}

impl EngineBuilder {
    /// Nothing registered yet.
    pub fn new(vault: Arc<Vault>, authority: Arc<dyn Authority>) -> Self {
        let (registry, reactions) = (Registry::default(), Reactions::default());
        Self { registry, reactions, replays: Vec::new(), vault, authority }
    }

    /// Registers a kind of stream.
    #[must_use]
    pub fn subject<S: Subject>(mut self, subject: S) -> Self {
        let subject = Arc::new(subject);
        self.registry.by_type.insert(TypeId::of::<S>(), subject.clone());
        self.replays.push(Box::new(subject));
        self
    }

    /// Registers what follows from the events of a kind of stream.
    #[must_use]
    pub fn reaction<S: Subject>(mut self, reaction: Reaction<S>) -> Self {
        self.reactions.add(reaction);
        self
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Every type of event that a registered kind writes, with its version: what must have words wherever events are
    /// shown.
    pub fn event_types(&self) -> Vec<(&'static str, u16)> {
        self.replays.iter().flat_map(|subject| subject.event_types()).collect()
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
        let shared = Arc::new(Shared {
            phases: Phases::default(),
            fenced: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let writer = Writer {
            tx,
            head,
            identity,
            clock,
            ids,
            registry: self.registry,
            reactions: self.reactions,
            authority: self.authority,
            vault: self.vault,
            cache: HashMap::new(),
            announce,
            shared: shared.clone(),
            database: database.clone(),
            lease: Some(lease),
            lost: false,
        };
        let ending = shared.clone();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.serve(Queues::new(interactive_jobs, bulk_jobs, stopped, ending)))
            .map_err(EngineError::Thread)?;
        let handle = Handle { interactive, bulk, heads, shared, identity };
        Ok(Engine { handle, stop, thread: Some(thread) })
    }
}

struct Shared {
    phases: Phases,
    fenced: AtomicBool,
    /// Set before the queues are emptied for the last time.
    ended: AtomicBool,
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
        let (mut job, answer) = self.job(work)?;
        let mut batches = self.heads.clone();
        loop {
            batches.mark_unchanged();
            match self.queue(lane).try_send(job) {
                Ok(()) => break,
                Err(TrySendError::Disconnected(_)) => return Err(ended()),
                Err(TrySendError::Full(_)) if lane == WorkLane::Interactive => return Err(full()),
                // A bulk sender waits for its turn; that is what slows an import down instead of the pages.
                Err(TrySendError::Full(back)) => job = back,
            }
            batches.changed().await.map_err(|_| ended())?;
        }
        self.alive()?;
        answer.await.map_err(|_| ended())?
    }

    /// The same; says which command was at hand when it was refused. Nothing of the unit of work is written then.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn execute_naming(&self, lane: WorkLane, mut work: UnitOfWork) -> Result<Outcome, RefusedAt> {
        let at_hand = Arc::new(AtomicUsize::new(NONE_AT_HAND));
        work.at_hand = Some(Arc::clone(&at_hand));
        self.execute(lane, work).await.map_err(|problem| {
            let number = at_hand.load(Ordering::Acquire);
            RefusedAt { command: (number != NONE_AT_HAND).then_some(number), problem }
        })
    }

    /// As [`Self::execute`], for callers that are not async.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn execute_blocking(&self, lane: WorkLane, work: UnitOfWork) -> Result<Outcome, Problem> {
        self.send(lane, work)?.blocking_recv().map_err(|_| ended())?
    }

    /// Asks without waiting for the answer, which comes through the receiver. In the bulk lane it blocks while the
    /// queue is full: not from async code.
    ///
    /// # Errors
    /// [`Problem::Limit`] when too many wait.
    pub fn send(
        &self,
        lane: WorkLane,
        work: UnitOfWork,
    ) -> Result<oneshot::Receiver<Result<Outcome, Problem>>, Problem> {
        let (job, receiver) = self.job(work)?;
        match lane {
            WorkLane::Interactive => self.interactive.try_send(job).map_err(|error| match error {
                TrySendError::Full(_) => full(),
                TrySendError::Disconnected(_) => ended(),
            })?,
            WorkLane::Bulk => self.bulk.send(job).map_err(|_| ended())?,
        }
        self.alive()?;
        Ok(receiver)
    }

    fn job(&self, work: UnitOfWork) -> Result<(Job, oneshot::Receiver<Result<Outcome, Problem>>), Problem> {
        if work.commands.len() > limits::COMMANDS_PER_UNIT_OF_WORK {
            return Err(Problem::Limit("COMMANDS_PER_UNIT_OF_WORK"));
        }
        if self.shared.fenced.load(Ordering::SeqCst) {
            return Err(fenced());
        }
        let (answer, receiver) = oneshot::channel();
        Ok((Job { digest: work.digest(), work, answer }, receiver))
    }

    /// A job that slipped into a queue after the writer had emptied it would wait for ever.
    fn alive(&self) -> Result<(), Problem> {
        if self.shared.ended.load(Ordering::SeqCst) { Err(ended()) } else { Ok(()) }
    }

    fn queue(&self, lane: WorkLane) -> &Sender<Job> {
        match lane {
            WorkLane::Interactive => &self.interactive,
            WorkLane::Bulk => &self.bulk,
        }
    }

    /// Writes to operational or secret tables: sessions, cursors, password hashes.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn housekeep(
        &self,
        write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static,
    ) -> Result<(), Problem> {
        let work = UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(write);
        self.execute(WorkLane::Interactive, work).await.map(|_| ())
    }

    /// The position of the newest committed event, as it grows.
    pub fn heads(&self) -> watch::Receiver<u64> {
        self.heads.clone()
    }

    /// Commits as they come, for whoever works beside the writer.
    pub fn commits(&self) -> Commits {
        Commits::new(self.heads.clone())
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

fn full() -> Problem {
    Problem::Limit("WRITER_QUEUE")
}
