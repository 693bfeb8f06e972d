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
use kernel::{Actor, Clock, Problem, StreamId, Timestamp, limits};
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
    pub fn new(handle: Handle, readers: Readers, clock: Arc<dyn Clock>) -> Self {
        Self { handle, readers, clock, kinds: HashMap::new(), idle: Mutex::new(HashMap::new()) }
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
        let mut heads = self.handle.heads();
        let timers = Arc::new(self);
        let mut steady = Steady::new(timers.clock.now());
        loop {
            heads.mark_unchanged();
            if !steady.goes_on(timers.clock.now(), tokio::time::Instant::now()) {
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
                () = tokio::time::sleep(nap) => {}
                changed = heads.changed(), if nap > GATHER => {
                    if changed.is_err() {
                        return;
                    }
                    tokio::select! {
                        () = &mut shutdown => return,
                        () = tokio::time::sleep(GATHER) => {}
                    }
                }
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

/// How long a clock that jumped ahead has to go on from there before it is believed.
const DOUBT: Duration = Duration::from_secs(3_600);

/// Compares the clock with what the machine counts by itself, which nobody sets.
struct Steady {
    clock: Timestamp,
    counted: tokio::time::Instant,
    /// Where a jump led, and when.
    doubted: Option<(Timestamp, tokio::time::Instant)>,
}

impl Steady {
    fn new(clock: Timestamp) -> Self {
        Self { clock, counted: tokio::time::Instant::now(), doubted: None }
    }

    /// False as long as the clock stands far ahead of what was counted since it was last right: a machine that jumps
    /// years ahead must not warn about every open hazard. One that slept over the holidays jumps too, for what is
    /// counted stands still meanwhile: within what a start allows, a clock that goes on from there for an hour is right.
    fn goes_on(&mut self, clock: Timestamp, counted: tokio::time::Instant) -> bool {
        let ahead = |from: Timestamp, since: tokio::time::Instant| {
            let passed = counted.saturating_duration_since(since).as_millis();
            clock.since_ms(from.plus_ms(i64::try_from(passed).unwrap_or(i64::MAX)))
        };
        let believed = ahead(self.clock, self.counted) <= limits::CLOCK_JUMP_MS;
        if !believed {
            let steady =
                self.doubted.filter(|(from, since)| ahead(*from, *since).abs() <= limits::CLOCK_BACK_MS);
            let (_, since) = *self.doubted.insert(steady.unwrap_or((clock, counted)));
            let waited = counted.saturating_duration_since(since) >= DOUBT;
            if !waited || clock.since_ms(self.clock) > limits::CLOCK_AHEAD_MS {
                return false;
            }
        }
        *self = Self { clock, counted, doubted: None };
        true
    }
}

fn nap(at: Timestamp, now: Timestamp) -> Duration {
    u64::try_from(at.since_ms(now)).map_or(Duration::ZERO, Duration::from_millis).min(NAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_ahead_is_not_believed_until_it_is_right_again() {
        let (at, counted) = (Timestamp(1_000_000), tokio::time::Instant::now());
        let later = |seconds: u64| counted + Duration::from_secs(seconds);
        let mut steady = Steady { clock: at, counted, doubted: None };
        assert!(steady.goes_on(at.plus_ms(30_500), later(30)));
        assert!(!steady.goes_on(at.plus_ms(400 * Timestamp::DAY_MS), later(60)));
        assert!(!steady.goes_on(at.plus_ms(400 * Timestamp::DAY_MS + 30_000), later(90)));
        assert!(steady.goes_on(at.plus_ms(120_000), later(120)), "set right");
        // An hour more, as a machine that slept for a while may show, and an hour less.
        assert!(steady.goes_on(at.plus_ms(Timestamp::HOUR_MS), later(150)));
        assert!(steady.goes_on(at.plus_ms(180_000), later(180)));
    }

    #[test]
    fn a_machine_that_slept_over_the_holidays_goes_on_after_an_hour() {
        let (at, counted) = (Timestamp(1_000_000), tokio::time::Instant::now());
        let later = |seconds: u64| counted + Duration::from_secs(seconds);
        let woken = |seconds: u64, days: i64| {
            at.plus_ms(days * Timestamp::DAY_MS + i64::try_from(seconds).unwrap() * 1_000)
        };
        for (days, holds) in [(8, false), (400, true)] {
            let mut steady = Steady { clock: at, counted, doubted: None };
            assert!(!steady.goes_on(woken(60, days), later(60)));
            assert!(!steady.goes_on(woken(1_800, days), later(1_800)));
            assert_eq!(!steady.goes_on(woken(3_700, days), later(3_700)), holds, "{days} days");
        }
        let mut steady = Steady { clock: at, counted, doubted: None };
        assert!(!steady.goes_on(woken(60, 8), later(60)));
        assert!(!steady.goes_on(woken(3_700, 12), later(3_700)), "it jumped again");
        assert!(!steady.goes_on(woken(3_800, 12), later(3_800)));
        assert!(steady.goes_on(woken(7_400, 12), later(7_400)));
    }
}
