//! Asks the writer without waiting for each answer, and looks at every answer in order.

use std::collections::VecDeque;

use anyhow::{Result, anyhow};
use journal::{Handle, Outcome, Subject, UnitOfWork, WorkLane};
use kernel::{Actor, CommandId, IdSource, Problem, StreamId, Timestamp};
use tokio::sync::oneshot::Receiver;

/// Answers that may be outstanding.
const OUTSTANDING: usize = 2_000;
/// Refusals that are told one by one.
const TOLD: usize = 20;

struct Waiting {
    answer: Receiver<Result<Outcome, Problem>>,
    stream: StreamId,
    what: &'static str,
    at: Timestamp,
}

/// The way to the writer.
pub(super) struct Sender<'a> {
    handle: &'a Handle,
    ids: &'a IdSource,
    waiting: VecDeque<Waiting>,
    refusals: Vec<String>,
    refused: u64,
    sent: u64,
    position: u64,
}

impl<'a> Sender<'a> {
    /// Nothing asked yet.
    pub(super) const fn new(handle: &'a Handle, ids: &'a IdSource) -> Self {
        Self { handle, ids, waiting: VecDeque::new(), refusals: Vec::new(), refused: 0, sent: 0, position: 0 }
    }

    /// Asks `command` of the stream as it happened at a time.
    pub(super) fn send<S: Subject>(
        &mut self,
        actor: Actor,
        at: Timestamp,
        stream: impl Into<StreamId>,
        what: &'static str,
        command: S::Command,
    ) -> Result<()> {
        let stream = stream.into();
        let id: CommandId = self.ids.uuid(at).into();
        self.send_work(UnitOfWork::new(actor, id).ask::<S>(stream, command), at, stream, what)
    }

    /// Asks several commands that happen together.
    pub(super) fn send_work(
        &mut self,
        work: UnitOfWork,
        at: Timestamp,
        stream: StreamId,
        what: &'static str,
    ) -> Result<()> {
        let work = work.told_at(at);
        let answer =
            self.handle.send(WorkLane::Bulk, work).map_err(|problem| anyhow!("{what}: {problem}"))?;
        self.sent += 1;
        self.waiting.push_back(Waiting { answer, stream, what, at });
        if self.waiting.len() > OUTSTANDING {
            self.look()?;
        }
        Ok(())
    }

    /// Looks at every answer still outstanding.
    pub(super) fn drain(&mut self) -> Result<()> {
        while !self.waiting.is_empty() {
            self.look()?;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<()> {
        let Some(Waiting { answer, stream, what, at }) = self.waiting.pop_front() else { return Ok(()) };
        match answer.blocking_recv().map_err(|_| anyhow!("the writer has ended"))? {
            Ok(outcome) => self.position = self.position.max(outcome.position),
            Err(problem) => {
                self.refused += 1;
                if self.refusals.len() < TOLD {
                    let local = at.local().strftime("%Y-%m-%d %H:%M:%S").to_string();
                    self.refusals
                        .push(format!("{stream} {what} at {local}: {} ({problem:?})", problem.code()));
                }
            }
        }
        Ok(())
    }

    /// Everything must have been accepted: a refusal is a fault of the generator.
    pub(super) fn all_accepted(&mut self, stage: &str) -> Result<()> {
        self.drain()?;
        if self.refused == 0 {
            return Ok(());
        }
        Err(anyhow!(
            "{stage}: {} of {} commands were refused:\n{}",
            self.refused,
            self.sent,
            self.refusals.join("\n")
        ))
    }

    /// Position of the newest event answered for.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }
}
