//! Who is served next.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crossbeam_channel::{Receiver, after, never, select};
use kernel::limits;

use super::{Shared, writer::Job};

/// Nanoseconds of one command before any was measured.
const GUESS: u64 = 100_000;

/// A writer that nobody asks for so long gives back what it only keeps for speed.
const IDLE: Duration = Duration::from_secs(20);

/// What the writer does next.
pub(super) enum Next {
    /// These units of work, in one transaction.
    Batch(Vec<Job>),
    /// Nothing has come for a while.
    Rest,
    /// The engine is being dropped; what still waits is answered by its channel closing.
    End,
}

/// The two lanes in front of the writer.
pub(super) struct Queues {
    interactive: Receiver<Job>,
    bulk: Receiver<Job>,
    stop: Receiver<()>,
    /// What one command has taken lately, in nanoseconds.
    pace: u64,
    shared: Arc<Shared>,
}

impl Drop for Queues {
    /// Closes every answer that still waits: a channel without a receiver keeps its messages as long as somebody
    /// could send.
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        while self.interactive.try_recv().is_ok() || self.bulk.try_recv().is_ok() {}
    }
}

impl Queues {
    pub(super) fn new(
        interactive: Receiver<Job>,
        bulk: Receiver<Job>,
        stop: Receiver<()>,
        shared: Arc<Shared>,
    ) -> Self {
        Self { interactive, bulk, stop, pace: GUESS, shared }
    }

    /// Waits for work: everything interactive that waits, or a slice of bulk when nobody waits. Somebody who has
    /// `rested` already waits as long as it takes.
    pub(super) fn next(&self, rested: bool) -> Next {
        if self.stop.try_recv().is_ok() {
            return Next::End;
        }
        let mut batch = Vec::new();
        drain(&self.interactive, &mut batch, limits::WRITER_BATCH, usize::MAX);
        if batch.is_empty() {
            let idle = if rested { never() } else { after(IDLE) };
            select! {
                recv(self.stop) -> _ => return Next::End,
                recv(self.interactive) -> job => match job {
                    Ok(job) => batch.push(job),
                    Err(_) => return Next::End,
                },
                recv(self.bulk) -> job => match job {
                    Ok(job) => {
                        batch.push(job);
                        drain(&self.bulk, &mut batch, limits::WRITER_BATCH, self.slice());
                    }
                    Err(_) => return Next::End,
                },
                recv(idle) -> _ => return Next::Rest,
            }
            let most = batch.len() + limits::WRITER_BATCH;
            drain(&self.interactive, &mut batch, most, usize::MAX);
        } else {
            // A full interactive lane may not starve the bulk lane for ever.
            let most = batch.len() + 1;
            drain(&self.bulk, &mut batch, most, usize::MAX);
        }
        Next::Batch(batch)
    }

    /// Learns how long commands take on this machine and database.
    pub(super) fn learn(&mut self, commands: usize, took: Duration) {
        let commands = u64::try_from(commands.max(1)).unwrap_or(u64::MAX);
        let each = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX) / commands;
        self.pace = (self.pace / 4 * 3).saturating_add(each / 4).max(1_000);
    }

    /// Commands that fit into [`limits::BULK_SLICE_MS`]. A single unit of work is never split.
    fn slice(&self) -> usize {
        usize::try_from(limits::BULK_SLICE_MS * 1_000_000 / self.pace).unwrap_or(usize::MAX)
    }
}

/// Adds waiting jobs until `batch` has `most` of them, or as many commands as asked for.
fn drain(queue: &Receiver<Job>, batch: &mut Vec<Job>, most: usize, commands: usize) {
    let mut waiting: usize = batch.iter().map(|job| job.work.commands.len()).sum();
    while batch.len() < most && waiting < commands {
        let Ok(job) = queue.try_recv() else { return };
        waiting += job.work.commands.len();
        batch.push(job);
    }
}
