//! Photos that came with forms nobody sent in: kept longer than any session, then cleared away, with their files.

use std::{collections::HashSet, pin::pin, sync::Arc, time::Duration};

use attachments::{FileHash, Naming, Store, Swept};
use journal::Handle;
use kernel::{Clock, Problem, Steadiness, limits};
use storage::{Lane, Readers, StorageError};

use crate::platform::Platform;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How long the platform is left alone after its start.
const FIRST: Duration = Duration::from_secs(15 * 60);

/// Every place where a photo may be named. One that is missing here loses its photos: a test compares.
pub(crate) const NAMED: &[Naming] = &[
    hazard::PHOTOS,
    intake::PHOTOS,
    supervision::PHOTOS,
    transfer::PHOTOS,
    accountability::PHOTOS,
    public_report::PHOTOS,
];

/// Clears photos away that nobody names.
pub(crate) struct PhotoSweep {
    handle: Handle,
    readers: Readers,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    steadiness: Arc<Steadiness>,
}

impl PhotoSweep {
    pub(crate) fn of(platform: &Platform, steadiness: &Arc<Steadiness>) -> Self {
        Self {
            handle: platform.handle.clone(),
            readers: platform.readers.clone(),
            store: Arc::clone(&platform.store),
            clock: Arc::clone(&platform.clock),
            steadiness: Arc::clone(steadiness),
        }
    }

    /// Looks every few hours until `shutdown` is ready.
    pub(crate) async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut nap = FIRST;
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(nap) => {}
            }
            nap = EVERY;
            match self.round().await {
                Ok(Swept { files: 0, .. }) => {}
                Ok(swept) => {
                    tracing::info!(swept.files, swept.bytes, "photos nobody names were cleared away")
                }
                Err(problem) => tracing::warn!(%problem, "photos could not be cleared away; tried again"),
            }
        }
    }

    /// Forgets what no room has named for so long, then removes its files. What is stored again meanwhile stays.
    ///
    /// # Errors
    /// Whatever the database, the writer or the disk answers; the next round goes on.
    pub(crate) async fn round(&self) -> Result<Swept, Problem> {
        let now = self.clock.now();
        if !self.steadiness.trusts(now) {
            return Ok(Swept::default());
        }
        let before = now.plus_ms(-limits::PHOTO_GRACE_MS);
        loop {
            let most = limits::PHOTOS_CLEARED_AT_ONCE;
            let unnamed = self
                .readers
                .read(Lane::Long, move |tx| attachments::unnamed(tx, NAMED, before, most))
                .await??;
            let last = unnamed.len() < most;
            if !unnamed.is_empty() {
                self.handle
                    .housekeep(move |tx| {
                        unnamed.iter().try_for_each(|hash| attachments::forget(tx, *hash, before))
                    })
                    .await?;
            }
            if last {
                break;
            }
        }
        self.look_at_older().await?;
        let kept = self.readers.read(Lane::Long, attachments::remembered).await?;
        let kept: HashSet<FileHash> =
            kept.map_err(|error: StorageError| Problem::from(error))?.into_iter().collect();
        let store = Arc::clone(&self.store);
        let swept = tokio::task::spawn_blocking(move || store.remove_unreferenced(&kept, before));
        Ok(swept.await.map_err(|e| Problem::Fault(e.to_string()))??)
    }

    /// Keeps how photos look that were stored by an earlier version, some in each round.
    async fn look_at_older(&self) -> Result<(), Problem> {
        for _ in 0..limits::PHOTOS_LOOKED_A_ROUND / limits::PHOTOS_LOOKED_AT_ONCE {
            let most = limits::PHOTOS_LOOKED_AT_ONCE;
            let older = self.readers.read(Lane::Long, move |tx| attachments::unlooked(tx, most)).await??;
            if older.is_empty() {
                break;
            }
            let store = Arc::clone(&self.store);
            let looked = tokio::task::spawn_blocking(move || {
                // One that cannot be read any more takes no part; `verify` tells of it.
                let look = |(hash, thumbnail)| (hash, store.look(thumbnail).ok());
                older.into_iter().map(look).collect::<Vec<_>>()
            });
            let looked = looked.await.map_err(|e| Problem::Fault(e.to_string()))?;
            self.handle
                .housekeep(move |tx| {
                    looked.iter().try_for_each(|(hash, look)| attachments::looked(tx, *hash, *look))
                })
                .await?;
        }
        Ok(())
    }
}
