//! Copies the write-ahead log back into the database file beside the writer, so that no commit waits for it.
//!
//! Left to itself SQLite copies within the commit that crosses a threshold: tens of milliseconds under load. Here a
//! second connection copies while the writer goes on; only what came meanwhile is copied by the writer, because the
//! log starts anew only when nothing is left in it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;

use crate::StorageError;

/// Pages in the log before they are copied: 8 MiB. A longer log is copied less often, and holds commits up longer.
const PAGES: u32 = 2_048;
/// Pages that the writer may copy itself: a few milliseconds at most.
const REST: i64 = 256;
/// Copies in a row while the writer keeps adding.
const ROUNDS: usize = 8;

/// What the writer knows of its log.
pub(crate) struct Checkpoints {
    path: PathBuf,
    pages: Arc<AtomicU32>,
    copier: Option<Copier>,
}

struct Copier {
    wake: Option<Sender<()>>,
    /// Set by the copier when little is left, taken back by the writer.
    copied: Arc<AtomicBool>,
    busy: bool,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Counts the log's pages after every commit of `connection`, and keeps SQLite from copying by itself.
    pub(crate) fn watch(connection: &mut Connection, path: &Path) -> Result<Self, StorageError> {
        let pages = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&pages);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, now: std::ffi::c_int| {
            counted.store(u32::try_from(now).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { path: path.to_owned(), pages, copier: None })
    }

    /// Called after every commit.
    pub(crate) fn committed(&mut self, connection: &Connection) -> Result<(), StorageError> {
        if self.pages.load(Ordering::Relaxed) < PAGES {
            return Ok(());
        }
        if self.copier.is_none() {
            self.copier = Some(Copier::start(&self.path)?);
        }
        let Some(copier) = &mut self.copier else { return Ok(()) };
        if copier.copied.swap(false, Ordering::AcqRel) {
            copier.busy = false;
            copy(connection)?;
        } else if !copier.busy {
            copier.busy = copier.wake.as_ref().is_some_and(|wake| wake.try_send(()).is_ok());
        }
        Ok(())
    }
}

impl Copier {
    fn start(path: &Path) -> Result<Self, StorageError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let (wake, woken) = bounded(1);
        let copied = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&copied);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || serve(&connection, &woken, &done))
            .map_err(|e| StorageError::Connection(e.to_string()))?;
        Ok(Self { wake: Some(wake), copied, busy: false, thread: Some(thread) })
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the copier of the write-ahead log ended in a panic");
        }
    }
}

fn serve(connection: &Connection, woken: &Receiver<()>, done: &AtomicBool) {
    for () in woken {
        for _ in 0..ROUNDS {
            match copy(connection) {
                Ok(left) if left > REST => {}
                Ok(_) => break,
                Err(error) => {
                    // A full disk, say. The log keeps growing and the next commits ask again.
                    tracing::warn!(%error, "the write-ahead log could not be copied");
                    break;
                }
            }
        }
        done.store(true, Ordering::Release);
    }
}

/// Copies what no reader needs any more; returns how many pages are left.
fn copy(connection: &Connection) -> Result<i64, StorageError> {
    let (all, copied): (i64, i64) =
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))?;
    Ok(all - copied)
}
