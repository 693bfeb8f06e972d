//! A school that changes its central school takes along what still waits for somebody: the new one accepts, looks back
//! and holds the talks, the old one is asked no more. Where a school is closed, those above it look back.
//!
//! Looked for at the start, and of every unit whose place in the tree has changed since: by comparing, so that nothing
//! is missed however the tree came to be what it is.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, Clock, IdSource, Problem, StreamId, UnitId};
use storage::{Lane, Readers, StorageError, Tx, params};

use crate::{
    Hazard, HazardCommand,
    facts::{Addressee, addressees},
    turn::Act,
};

/// The longest nap: a wake-up that was lost costs no more than this.
const NAP: Duration = Duration::from_secs(30);
/// How long to let commits gather before looking at the tree again.
const GATHER: Duration = Duration::from_secs(2);
/// Hazards readdressed in one commit.
const ROUND: usize = 200;

/// Readdresses hazards whose unit hangs under another central school now, or is closed.
pub struct Follow {
    handle: Handle,
    readers: Readers,
    clock: Arc<dyn Clock>,
    ids: Arc<IdSource>,
    /// Whom hazards of each unit are addressed to by now.
    settled: Mutex<HashMap<UnitId, Addressee>>,
}

impl Follow {
    /// Nothing looked at yet.
    pub fn new(handle: Handle, readers: Readers, clock: Arc<dyn Clock>, ids: Arc<IdSource>) -> Self {
        Self { handle, readers, clock, ids, settled: Mutex::new(HashMap::new()) }
    }

    /// Looks after every change until `shutdown` is ready.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut commits = self.handle.commits();
        loop {
            commits.look();
            let nap = match self.round().await {
                Ok(0) => NAP,
                // More may wait.
                Ok(_) => Duration::ZERO,
                Err(problem) => {
                    tracing::warn!(%problem, "hazards of moved schools could not be readdressed; tried again");
                    NAP
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                goes_on = commits.rest(nap, GATHER) => if !goes_on { return },
            }
        }
    }

    /// Readdresses what the tree says has to be, some at a time; how many hazards were, 0 when none is left.
    ///
    /// # Errors
    /// Whatever the database or the writer answers; the next round looks again.
    pub async fn round(&self) -> Result<usize, Problem> {
        let settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (astray, looked_at) = self.readers.read(Lane::Long, move |tx| astray(tx, &settled)).await??;
        let mut written = 0;
        if !astray.is_empty() {
            let work = UnitOfWork::new(Actor::SYSTEM, self.ids.new_id(&*self.clock));
            let work = astray.iter().fold(work, |work, id| work.ask::<Hazard>(*id, HazardCommand::Readdress));
            written = self.handle.execute(WorkLane::Bulk, work).await?.events;
        }
        self.settled.lock().unwrap_or_else(PoisonError::into_inner).extend(looked_at);
        Ok(written)
    }
}

/// Hazards to be readdressed, the first ones, and the units of which these are all.
type Astray = (Vec<StreamId>, Vec<(UnitId, Addressee)>);

fn astray(tx: &mut Tx, settled: &HashMap<UnitId, Addressee>) -> Result<Astray, StorageError> {
    let (mut found, mut looked_at) = (Vec::new(), Vec::new());
    for (unit, to) in addressees(tx)? {
        if settled.get(&unit) == Some(&to) {
            continue;
        }
        let left = ROUND - found.len();
        let here = astray_at(tx, unit, to, left)?;
        let all = here.len() < left;
        found.extend(here);
        if !all {
            break;
        }
        looked_at.push((unit, to));
    }
    Ok((found, looked_at))
}

/// Hazards of a unit that wait for somebody and are addressed otherwise; what [`HazardCommand::Readdress`] changes.
fn astray_at(tx: &mut Tx, unit: UnitId, to: Addressee, most: usize) -> Result<Vec<StreamId>, StorageError> {
    let other = "coalesce(central_now, ?4) <> coalesce(?3, ?4)";
    tx.query(
        &format!(
            "SELECT id FROM hazard WHERE unit_id = ?1 AND phase = 'open' AND turn_unit IS NOT NULL
                AND (closed_now <> ?2 OR {other})
             UNION ALL
             SELECT id FROM hazard WHERE unit_id = ?1 AND phase = 'ended' AND turn_act = ?5
                AND (closed_now <> ?2 OR (turn_unit <> unit_id AND {other}))
             LIMIT ?6"
        ),
        params![unit, to.closed, to.central, UnitId::NIL, Act::Revisit.name(), most],
        |row| row.id(0),
    )
}
