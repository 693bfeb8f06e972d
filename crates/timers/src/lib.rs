//! Timers: whatever falls due in the `clock` table is asked of the writer, and the hazard, course or task itself
//! decides what that means.
//!
//! The table is derived from states, so a rebuild makes it again and fires nothing: what was done is in the journal.

mod due;

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, Clock, Problem, Steadiness, StreamId, Timestamp};
use storage::{Lane, Readers};

use crate::due::Due;

/// Puts the command for a due clock of a stream into the unit of work.
pub type Make = fn(StreamId, &str, UnitOfWork) -> UnitOfWork;

/// The longest nap: a clock that was set back or a wake-up that was lost costs no more than this.
const NAP: Duration = Duration::from_secs(30);
/// How long to let commits gather before looking at the clocks again.
const GATHER: Duration = Duration::from_secs(1);
/// Clocks asked in one go.
const ROUND: usize = 256;

/// Fires clocks when they fall due.
pub struct Timers {
    handle: Handle,
    readers: Readers,
    clock: Arc<dyn Clock>,
    steadiness: Arc<Steadiness>,
    kinds: HashMap<&'static str, Make>,
    /// Clocks that were asked and had nothing to do: they are left alone until they show another time.
    idle: Mutex<HashMap<(StreamId, String), Timestamp>>,
}

/// What one look at the clocks did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// Clocks that were asked.
    pub asked: usize,
    /// Those that made something happen.
    pub acted: usize,
}

impl Timers {
    /// Knows no kind of stream yet.
    pub fn new(handle: Handle, readers: Readers, clock: Arc<dyn Clock>, steadiness: Arc<Steadiness>) -> Self {
        Self { handle, readers, clock, steadiness, kinds: HashMap::new(), idle: Mutex::new(HashMap::new()) }
    }

    /// Says what a due clock of a kind of stream asks. Clocks of other kinds stay silent.
    #[must_use]
    pub fn register(mut self, kind: &'static str, make: Make) -> Self {
        self.kinds.insert(kind, make);
        self
    }

    /// Asks up to `limit` due clocks, oldest first, and waits for the answers; says how many made something happen.
    /// Blocks: not from async code.
    ///
    /// # Errors
    /// The first fault or limit that was answered; the other clocks were asked all the same.
    pub fn run_due(&self, limit: usize) -> Result<usize, Problem> {
        self.round(limit).map(|round| round.acted)
    }

    /// When the next clock falls due; in the past when one waits. Blocks: not from async code.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn next_at(&self) -> Result<Option<Timestamp>, Problem> {
        Ok(self.waiting(None, 1)?.first().map(|due| due.at))
    }

    /// Fires clocks as they fall due until `shutdown` is ready.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut commits = self.handle.commits();
        let timers = Arc::new(self);
        loop {
            commits.look();
            if !timers.steadiness.trusts(timers.clock.now()) {
                tracing::error!(
                    "the clock of this machine jumped ahead: no deadline is acted on until it is set right, or the \
                     platform is started anew"
                );
                tokio::select! {
                    () = &mut shutdown => return,
                    () = tokio::time::sleep(NAP) => continue,
                }
            }
            let nap = Arc::clone(&timers).step().await;
            tokio::select! {
                () = &mut shutdown => return,
                goes_on = commits.rest(nap, GATHER) => if !goes_on { return },
            }
        }
    }

    /// One round on a thread that may block; how long to sleep afterwards.
    async fn step(self: Arc<Self>) -> Duration {
        let done = tokio::task::spawn_blocking(move || {
            if self.round(ROUND)?.asked == ROUND {
                return Ok(Duration::ZERO);
            }
            Ok::<_, Problem>(self.next_at()?.map_or(NAP, |at| nap(at, self.clock.now())))
        });
        match done.await {
            Ok(Ok(nap)) => nap,
            Ok(Err(problem)) => {
                tracing::warn!(%problem, "clocks could not be fired and are tried again");
                NAP
            }
            Err(error) => {
                tracing::error!(%error, "firing clocks ended badly");
                NAP
            }
        }
    }

    /// As [`Self::run_due`], and says also how many were asked.
    ///
    /// # Errors
    /// As [`Self::run_due`].
    pub fn round(&self, limit: usize) -> Result<Round, Problem> {
        let due = self.waiting(Some(self.clock.now()), limit)?;
        let mut answers = Vec::with_capacity(due.len());
        for due in &due {
            let Some(make) = self.kinds.get(due.kind.as_str()) else { continue };
            let work = make(due.stream, &due.name, UnitOfWork::new(Actor::SYSTEM, due.command_id()));
            answers.push((due, self.handle.send(WorkLane::Bulk, work)?));
        }
        let mut round = Round { asked: answers.len(), acted: 0 };
        let mut worst = None;
        for (due, answer) in answers {
            let answer = answer
                .blocking_recv()
                .unwrap_or_else(|_| Err(Problem::Fault("the writer has ended".to_owned())));
            match self.heard(due, answer) {
                Ok(acted) => round.acted += usize::from(acted),
                Err(problem) => worst = worst.or(Some(problem)),
            }
        }
        worst.map_or(Ok(round), Err)
    }

    /// True when the clock made something happen. What wrote nothing is not asked again at the same time.
    fn heard(&self, due: &Due, answer: Result<journal::Outcome, Problem>) -> Result<bool, Problem> {
        match answer {
            Ok(outcome) if outcome.events > 0 => return Ok(true),
            Ok(_) => {}
            Err(problem @ (Problem::Fault(_) | Problem::Limit(_))) => return Err(problem),
            Err(
                problem @ (Problem::NotFound
                | Problem::Forbidden
                | Problem::Refused(_)
                | Problem::Invalid(_)
                | Problem::Stale(_)),
            ) => {
                tracing::warn!(%problem, stream = %due.stream, clock = due.name, "a clock was refused");
            }
        }
        let key = (due.stream, due.name.clone());
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).insert(key, due.at);
        Ok(false)
    }

    /// Up to `limit` clocks that would be asked, oldest first: those due by `until`, or any.
    fn waiting(&self, until: Option<Timestamp>, limit: usize) -> Result<Vec<Due>, Problem> {
        let until = until.unwrap_or(Timestamp(i64::MAX));
        let mut waiting = Vec::new();
        let mut after = Due::FIRST;
        let mut passed = Vec::new();
        loop {
            let from = after.clone();
            let page =
                self.readers.read_blocking(Lane::Interactive, move |tx| due::page(tx, &from, until))??;
            let full = page.len() == due::PAGE;
            let Some(last) = page.last() else { break };
            after = last.clone();
            for due in page {
                if !self.kinds.contains_key(due.kind.as_str()) {
                    continue;
                }
                if self.is_idle(&due) {
                    passed.push((due.stream, due.name));
                } else if waiting.len() < limit {
                    waiting.push(due);
                }
            }
            if waiting.len() >= limit {
                return Ok(waiting);
            }
            if !full {
                break;
            }
        }
        // Everything due was seen: a clock that no longer waits there need not be remembered.
        if until.0 != i64::MAX {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).retain(|key, _| passed.contains(key));
        }
        Ok(waiting)
    }

    fn is_idle(&self, due: &Due) -> bool {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.get(&(due.stream, due.name.clone())) == Some(&due.at)
    }
}

fn nap(at: Timestamp, now: Timestamp) -> Duration {
    u64::try_from(at.since_ms(now)).map_or(Duration::ZERO, Duration::from_millis).min(NAP)
}
