//! The writer thread.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use kernel::{Clock, CommandId, IdSource, Problem, Refusal, StreamId, limits};
use storage::{Database, Dialect, StorageError, Tx, WriterLease};
use tokio::sync::{oneshot, watch};

use super::{
    Outcome, Phases, Shared, fenced,
    queues::{Next, Queues},
};
use crate::{
    Vault,
    chain::{Appender, ChainHead, Identity},
    done::{Done, done_before, remember},
    reaction::Reactions,
    subject::Authority,
    work::{Cached, NONE_AT_HAND, Registry, Run, StreamKey, UnitOfWork},
};

/// States kept between batches; when more gather, all are dropped.
const CACHE: usize = 20_000;

type Answer = Result<Outcome, Problem>;

pub(super) struct Job {
    pub work: UnitOfWork,
    pub digest: [u8; 32],
    pub answer: oneshot::Sender<Answer>,
}

pub(super) struct Writer {
    pub tx: Tx,
    pub head: ChainHead,
    pub identity: Identity,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<IdSource>,
    pub registry: Registry,
    pub reactions: Reactions,
    pub authority: Arc<dyn Authority>,
    pub vault: Arc<Vault>,
    pub cache: HashMap<StreamKey, Cached>,
    pub announce: watch::Sender<u64>,
    pub shared: Arc<Shared>,
    pub database: Database,
    pub lease: Option<WriterLease>,
    /// The server ended the connection while nothing was being committed: it is opened again before the next batch.
    pub lost: bool,
}

impl Writer {
    pub(super) fn serve(mut self, mut queues: Queues) {
        let mut rested = false;
        loop {
            let batch = match queues.next(rested) {
                Next::Batch(batch) => batch,
                Next::Rest => {
                    self.rest();
                    rested = true;
                    continue;
                }
                Next::End => return,
            };
            rested = false;
            let started = Instant::now();
            let commands = batch.iter().map(|job| job.work.commands.len()).sum();
            self.batch(batch);
            queues.learn(commands, started.elapsed());
            if self.cache.len() > CACHE {
                self.cache.clear();
            }
            self.announce.send_replace(self.head.position);
        }
    }

    /// Nobody asks: what is only kept for speed is given back.
    fn rest(&mut self) {
        self.cache = HashMap::new();
        if let Err(error) = self.tx.give_back() {
            tracing::warn!(%error, "the idle writer could not give its cache back");
        }
    }

    /// All in one transaction; if it has to be given up, everything again one by one.
    fn batch(&mut self, batch: Vec<Job>) {
        if self.shared.fenced.load(Ordering::SeqCst) {
            return answer_all(batch, &fenced());
        }
        // Nobody's command is to blame when there is no transaction, so nobody is tried alone.
        if let Err(error) = self.begin() {
            return answer_all(batch, &unwritten(&error));
        }
        let before = self.head;
        let attempt = catch_unwind(AssertUnwindSafe(|| self.attempt(&batch)))
            .unwrap_or_else(|_| Err(StorageError::Other("a command panicked".to_owned()).into()));
        match attempt {
            Ok(answers) => self.commit(before, batch, answers),
            Err(broken) => {
                self.undo(before);
                if batch.len() == 1 {
                    return answer_all(batch, &broken.problem());
                }
                for job in batch {
                    self.batch(vec![job]);
                }
            }
        }
    }

    /// Begins, as the only writer there is; on a new connection when the old one is gone.
    fn begin(&mut self) -> Result<(), StorageError> {
        let held = self.lease.as_mut().is_some_and(WriterLease::is_held);
        if !self.lost && held {
            match self.tx.begin() {
                Err(error) if self.tx.dialect() == Dialect::Sqlite => return Err(error),
                Err(error) => tracing::warn!(%error, "the writer opens its connection again"),
                Ok(()) => return Ok(()),
            }
        }
        self.lost = true;
        self.reopen()?;
        self.tx.begin()
    }

    /// Takes lease and connection anew, and goes on where the database stands.
    fn reopen(&mut self) -> Result<(), StorageError> {
        self.lease = None;
        let lease = self.database.lease()?;
        let mut tx = self.database.writer()?;
        let head = ChainHead::load(&mut tx, self.identity)?;
        if head.position < self.head.position || Identity::load(&mut tx)? != Some(self.identity) {
            tracing::error!("the database is another one than before: nothing more is written");
            self.shared.fenced.store(true, Ordering::SeqCst);
            return Err(StorageError::Connection("another database answers".to_owned()));
        }
        (self.lease, self.tx, self.head, self.lost) = (Some(lease), tx, head, false);
        self.cache.clear();
        Ok(())
    }

    fn attempt(&mut self, batch: &[Job]) -> Result<Vec<Answer>, Broken> {
        let started = Instant::now();
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
                    (&self.registry, &self.reactions),
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

    fn one(&mut self, job: &Job, done: &mut Done) -> Result<Answer, Broken> {
        let key = (job.work.command_id, job.work.actor.id);
        if let Some((digest, position)) = done.get(&key) {
            return Ok(if digest.as_slice() == job.digest {
                Ok(Outcome { position: *position, events: 0, touched: Vec::new(), repeated: true })
            } else {
                Err(Problem::Refused(Refusal::new("command-id-reused")))
            });
        }
        let mut run = run_of(
            (&self.registry, &self.reactions),
            &*self.authority,
            &self.vault,
            &self.ids,
            self.identity,
            &*self.clock,
            &mut self.cache,
        );
        if let Some(at) = job.work.at {
            if !self.identity.demonstration {
                return Ok(Err(Problem::Refused(Refusal::new("time-not-yours"))));
            }
            run.now = at;
        }
        let appender = Appender { vault: &self.vault, ids: &self.ids, now: run.now };
        let phases = &self.shared.phases;
        let mut pen = Pen { tx: &mut self.tx, head: &mut self.head, appender: &appender, phases };
        let several = job.work.commands.len() > 1;
        for (number, command) in job.work.commands.iter().enumerate() {
            job.work.takes_up(number);
            let deciding = Instant::now();
            let decided = command.run(&mut run, pen.tx, job.work.asker());
            phases.decide_us.fetch_add(micros(deciding), Ordering::Relaxed);
            match decided {
                Ok(()) => {}
                // A database fault poisons the transaction, and so does what an earlier command of the work wrote.
                Err(Problem::Fault(text)) => return Err(StorageError::Other(text).into()),
                Err(problem) if run.events > 0 => return Err(Broken::Refused(problem)),
                Err(problem) => return Ok(Err(problem)),
            }
            let reacts = !run.following.is_empty();
            pen.write_out(&mut run, several || reacts)?;
            pen.react(&mut run, job.work.command_id)?;
        }
        let since = Instant::now();
        job.work.takes_up(NONE_AT_HAND);
        let (overlay, events, touched) = (run.overlay, run.events, run.touched);
        if let Some(housekeeping) = &job.work.housekeeping {
            housekeeping(&mut self.tx)?;
        }
        if events > 0 {
            remember(&mut self.tx, job.work.actor, job.work.command_id, &job.digest, self.head.position)?;
            done.insert(key, (job.digest.to_vec(), self.head.position));
        }
        self.cache.extend(overlay);
        phases.write_us.fetch_add(micros(since), Ordering::Relaxed);
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
                answer_all(batch, &fenced());
            }
        }
    }

    fn undo(&mut self, before: ChainHead) {
        self.head = before;
        self.cache.clear();
        match self.tx.rollback() {
            Ok(()) => {}
            // A server rolls back what its lost client had begun.
            Err(error) if self.tx.dialect() == Dialect::Postgres => {
                tracing::warn!(%error, "the writer lost its connection");
                self.lost = true;
            }
            Err(error) => {
                tracing::error!(%error, "a transaction could not be rolled back");
                self.shared.fenced.store(true, Ordering::SeqCst);
            }
        }
    }
}

/// Writes what was decided.
struct Pen<'a> {
    tx: &'a mut Tx,
    head: &'a mut ChainHead,
    appender: &'a Appender<'a>,
    phases: &'a Phases,
}

impl Pen<'_> {
    /// Before the next command is decided: it asks for rows that this one writes, the next free number say. `now` sends
    /// it to the database at once, so that what it refuses is found before the next command is, on both databases.
    fn write_out(&mut self, run: &mut Run<'_>, now: bool) -> Result<(), StorageError> {
        let since = Instant::now();
        for write in std::mem::take(&mut run.writes) {
            write(self.tx, self.head, self.appender)?;
        }
        if now {
            self.tx.flush()?;
        }
        self.phases.write_us.fetch_add(micros(since), Ordering::Relaxed);
        Ok(())
    }

    /// What follows from what was written, and from that in turn. A refusal undoes the whole unit of work: its asker is
    /// told why.
    fn react(&mut self, run: &mut Run<'_>, command_id: CommandId) -> Result<(), Broken> {
        for _ in 0..limits::REACTION_DEPTH {
            let following = std::mem::take(&mut run.following);
            if following.is_empty() {
                return Ok(());
            }
            for next in following {
                let deciding = Instant::now();
                let decided = next.run(run, self.tx, command_id);
                self.phases.decide_us.fetch_add(micros(deciding), Ordering::Relaxed);
                decided.map_err(|problem| match problem {
                    Problem::Fault(text) => Broken::Storage(StorageError::Other(text)),
                    problem => Broken::Refused(problem),
                })?;
                self.write_out(run, true)?;
            }
        }
        if run.following.is_empty() {
            return Ok(());
        }
        Err(StorageError::Other("a reaction leads to reactions without end".to_owned()).into())
    }
}

/// Why a transaction is given up.
enum Broken {
    /// The database refused something.
    Storage(StorageError),
    /// A command was refused after an earlier one of the same unit of work had written.
    Refused(Problem),
}

impl From<StorageError> for Broken {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Broken {
    fn problem(&self) -> Problem {
        match self {
            Self::Storage(error) => unwritten(error),
            Self::Refused(problem) => problem.clone(),
        }
    }
}

fn answer_all(batch: Vec<Job>, problem: &Problem) {
    for job in batch {
        // The asker may have gone away.
        let _ = job.answer.send(Err(problem.clone()));
    }
}

fn unwritten(error: &StorageError) -> Problem {
    match error {
        StorageError::Unique(_) => Problem::Refused(Refusal::new("already-exists")),
        StorageError::Full(_) => Problem::Limit("DISK_FULL"),
        other => Problem::Fault(other.to_string()),
    }
}

fn run_of<'a>(
    (registry, reactions): (&'a Registry, &'a Reactions),
    authority: &'a dyn Authority,
    vault: &'a Arc<Vault>,
    ids: &'a Arc<IdSource>,
    identity: Identity,
    clock: &dyn Clock,
    cache: &'a mut HashMap<StreamKey, Cached>,
) -> Run<'a> {
    Run {
        registry,
        reactions,
        authority,
        vault,
        ids,
        identity,
        now: clock.now(),
        cache,
        overlay: HashMap::new(),
        writes: Vec::new(),
        following: Vec::new(),
        events: 0,
        touched: Vec::new(),
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
