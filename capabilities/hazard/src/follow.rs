//! A school that changes its central school takes along what still waits for somebody: the new one accepts, looks back
//! and holds the talks, the old one is asked no more. Where a school is closed, those above it look back.
//!
//! Looked for at the start and whenever a unit has changed, by comparing, so that nothing is missed however the tree
//! came to be what it is.

use std::{
    collections::{HashMap, hash_map::Entry},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, Clock, IdSource, Problem, StreamId, UnitId};
use storage::{Lane, Readers, StorageError, Tx, params};

use crate::{
    Hazard, HazardCommand,
    facts::{UnitFacts, unit_facts},
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
    /// The tree for which everything is addressed rightly; -1 before the first look.
    tree: AtomicI64,
}

impl Follow {
    /// Nothing looked at yet.
    pub fn new(handle: Handle, readers: Readers, clock: Arc<dyn Clock>, ids: Arc<IdSource>) -> Self {
        Self { handle, readers, clock, ids, tree: AtomicI64::new(-1) }
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
        let known = self.tree.load(Ordering::Relaxed);
        let (tree, astray) = self
            .readers
            .read(Lane::Long, move |tx| {
                let tree = tree(tx)?;
                let astray = if tree == known { Vec::new() } else { astray(tx)? };
                Ok::<_, StorageError>((tree, astray))
            })
            .await??;
        let mut written = 0;
        if !astray.is_empty() {
            let work = UnitOfWork::new(Actor::SYSTEM, self.ids.new_id(&*self.clock));
            let work = astray.iter().fold(work, |work, id| work.ask::<Hazard>(*id, HazardCommand::Readdress));
            written = self.handle.execute(WorkLane::Bulk, work).await?.events;
        }
        // What a whole round could not change, another one cannot either.
        if astray.len() < ROUND || written == 0 {
            self.tree.store(tree, Ordering::Relaxed);
        }
        Ok(written)
    }
}

/// Grows with every change of a unit.
fn tree(tx: &mut Tx) -> Result<i64, StorageError> {
    tx.count("SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM unit", params![])
}

/// Hazards somebody has to do something about, addressed to others than the tree says; the first ones.
fn astray(tx: &mut Tx) -> Result<Vec<StreamId>, StorageError> {
    let mut units: HashMap<UnitId, Option<UnitFacts>> = HashMap::new();
    let mut found = Vec::new();
    let columns = "SELECT id, unit_id, central_now, turn_unit FROM hazard WHERE";
    let rows = tx.query(
        &format!(
            "{columns} phase = 'open' AND turn_unit IS NOT NULL UNION ALL
             {columns} (turn_unit <> unit_id OR phase <> 'open') AND phase <> 'open' AND turn_act = ?1"
        ),
        params![Act::Revisit.name()],
        |row| {
            let addressed = (row.opt_id::<UnitId>(2)?, row.opt_id::<UnitId>(3)?);
            Ok((row.id::<StreamId>(0)?, row.id::<UnitId>(1)?, addressed))
        },
    )?;
    for (id, unit, (central, turn)) in rows {
        let known = match units.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(unit_facts(tx, unit)?),
        };
        let Some(is) = known else { continue };
        if is.central != central || (is.closed && turn == Some(unit)) {
            found.push(id);
            if found.len() == ROUND {
                break;
            }
        }
    }
    Ok(found)
}
