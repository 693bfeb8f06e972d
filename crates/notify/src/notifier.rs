//! The notifier: reads what happened, writes what shall be told, sends it, forgets what is old.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use journal::{Handle, UnitOfWork, Vault, WorkLane};
use kernel::{Actor, Clock, CommandId, Date, IdSource, Problem, Steadiness, Timestamp};
use outbound::Door;
use storage::{Lane, Readers, StorageError, Tx};

use crate::{Source, outbox, sent};

/// The longest nap: tidings that are tried again and the daily message fall due without a commit.
const NAP: Duration = Duration::from_secs(15);
/// How long to let commits gather before looking at the journal again.
const GATHER: Duration = Duration::from_secs(2);
/// How often old rows are swept away.
const SWEEP_MS: i64 = Timestamp::HOUR_MS;

/// What a notifier is made of.
pub struct NotifierParts {
    /// The way to ask the writer.
    pub handle: Handle,
    /// The way to read.
    pub readers: Readers,
    /// Opens the channels' secrets.
    pub vault: Arc<Vault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether it may be believed: old rows are swept away by it.
    pub steadiness: Arc<Steadiness>,
    /// Ids of rows.
    pub ids: Arc<IdSource>,
    /// The way out.
    pub door: Door,
    /// How browsers reach the platform, for links; none without it.
    pub public_url: Option<String>,
    /// The rooms that have something to tell.
    pub sources: Vec<Box<dyn Source>>,
    /// Whether people work on a day.
    pub working_day: Box<dyn Fn(Date) -> bool + Send + Sync>,
}

/// Tells the channels what happened. Its rounds are called one after the other, never two at a time.
pub struct Notifier {
    pub(crate) parts: Arc<NotifierParts>,
    swept: AtomicI64,
}

impl Notifier {
    /// Nothing read yet.
    pub fn new(parts: NotifierParts) -> Self {
        Self { parts: Arc::new(parts), swept: AtomicI64::new(0) }
    }

    /// Works until `shutdown` is ready; what is on its way then is finished first.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut commits = self.parts.handle.commits();
        loop {
            commits.look();
            let nap = match self.round(self.parts.clock.now()).await {
                Ok(true) => GATHER,
                Ok(false) => NAP,
                Err(problem) => {
                    tracing::warn!(%problem, "tidings could not be sent and are tried again");
                    NAP
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                goes_on = commits.rest(nap, GATHER) => if !goes_on { return },
            }
        }
    }

    /// One round of everything; true when there is more to do at once.
    ///
    /// # Errors
    /// The first fault; what was written stays written.
    pub async fn round(&self, now: Timestamp) -> Result<bool, Problem> {
        let more = self.read_events(now).await?;
        self.daily(now).await?;
        let sent = self.deliver(now).await?;
        let due = now.since_ms(Timestamp(self.swept.load(Ordering::Relaxed))) >= SWEEP_MS;
        if due && self.parts.steadiness.trusts(now) {
            self.write(move |tx| {
                outbox::sweep(tx, now)?;
                sent::sweep(tx, now)
            })
            .await?;
            self.swept.store(now.0, Ordering::Relaxed);
        }
        Ok(more || sent > 0)
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&NotifierParts, &mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let parts = Arc::clone(&self.parts);
        self.parts.readers.read(Lane::Interactive, move |tx| read(&parts, tx)).await?
    }

    pub(crate) async fn write(
        &self,
        write: impl Fn(&mut Tx) -> Result<(), StorageError> + Send + 'static,
    ) -> Result<(), Problem> {
        let work = UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(write);
        self.parts.handle.execute(WorkLane::Bulk, work).await.map(|_| ())
    }
}
