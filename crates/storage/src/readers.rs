//! Readers: a few threads with a read-only connection each. Everything a page needs is read in one visit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use tokio::sync::oneshot;

use crate::{Database, StorageError, Tx};

/// Visits that may wait before the pool answers "busy".
const WAITING: usize = 1_024;
/// A reader that nobody asks for so long gives its cache back.
const IDLE: Duration = Duration::from_secs(20);

/// Gets the snapshot, or why there is none.
type Visit = Box<dyn FnOnce(Result<&mut Tx, StorageError>) + Send>;

/// Who waits with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Pages and look-ups.
    Interactive,
    /// Exports and reports, which page by key.
    Long,
}

/// Why a visit did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// Too many are waiting.
    #[error("too many readers are waiting")]
    Busy,
    /// The database said no.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ReadError> for kernel::Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy => Self::Limit("READERS_WAITING"),
            ReadError::Storage(error) => error.into(),
        }
    }
}

/// The pool. Cheap to clone; its threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Readers {
    interactive: Sender<Visit>,
    long: Sender<Visit>,
}

impl Readers {
    /// Opens `interactive` connections for pages and one for long reads.
    ///
    /// # Errors
    /// Whatever opening a connection or a thread answers.
    pub fn open(database: &Database, interactive: usize) -> Result<Self, StorageError> {
        let (sender, receiver) = bounded::<Visit>(WAITING);
        for number in 0..interactive.max(1) {
            spawn(database, receiver.clone(), format!("reader-{number}"))?;
        }
        let (long, long_receiver) = bounded::<Visit>(WAITING);
        spawn(database, long_receiver, "reader-long".to_owned())?;
        Ok(Self { interactive: sender, long })
    }

    /// Runs `visit` on a reader, inside one snapshot.
    ///
    /// # Errors
    /// [`ReadError::Busy`] when the queue is full; the database's error otherwise.
    pub async fn read<T: Send + 'static>(
        &self,
        lane: Lane,
        visit: impl FnOnce(&mut Tx) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let (answer, wait) = oneshot::channel();
        self.send(
            lane,
            Box::new(move |snapshot| {
                // The asker may have gone; then nobody wants the answer.
                let _ = answer.send(snapshot.map(visit));
            }),
        )?;
        let lost = || StorageError::Connection("the reader ended".to_owned());
        Ok(wait.await.map_err(|_| lost())??)
    }

    /// The same for callers that are not async.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T: Send + 'static>(
        &self,
        lane: Lane,
        visit: impl FnOnce(&mut Tx) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let (answer, wait) = bounded(1);
        self.send(
            lane,
            Box::new(move |snapshot| {
                let _ = answer.send(snapshot.map(visit));
            }),
        )?;
        let lost = || StorageError::Connection("the reader ended".to_owned());
        Ok(wait.recv().map_err(|_| lost())??)
    }

    fn send(&self, lane: Lane, visit: Visit) -> Result<(), ReadError> {
        let queue = match lane {
            Lane::Interactive => &self.interactive,
            Lane::Long => &self.long,
        };
        queue.try_send(visit).map_err(|_| ReadError::Busy)
    }
}

/// One reader's thread.
struct Reader {
    database: Database,
    tx: Tx,
}

impl Reader {
    fn visit(&mut self, visit: Visit) {
        if let Err(error) = self.begin() {
            visit(Err(error));
            return;
        }
        let tx = &mut self.tx;
        if catch_unwind(AssertUnwindSafe(|| visit(Ok(tx)))).is_err() {
            tracing::error!("a read panicked");
        }
        if let Err(error) = self.tx.rollback() {
            // The next visit opens a new connection.
            tracing::warn!(%error, "a snapshot could not be closed");
        }
    }

    /// Begins, on a new connection if the old one is gone: a server that was restarted must not leave readers dead.
    fn begin(&mut self) -> Result<(), StorageError> {
        let Err(first) = self.tx.begin() else { return Ok(()) };
        tracing::warn!(error = %first, "a reader opens its connection again");
        self.tx = self.database.reader()?;
        self.tx.begin()
    }
}

/// The next visit; `None` when nobody can ask any more.
fn next(visits: &Receiver<Visit>, reader: &mut Reader) -> Option<Visit> {
    match visits.recv_timeout(IDLE) {
        Ok(visit) => return Some(visit),
        Err(RecvTimeoutError::Disconnected) => return None,
        Err(RecvTimeoutError::Timeout) => {}
    }
    if let Err(error) = reader.tx.give_back() {
        tracing::warn!(%error, "an idle reader could not give its cache back");
    }
    visits.recv().ok()
}

fn spawn(database: &Database, visits: Receiver<Visit>, name: String) -> Result<(), StorageError> {
    let mut reader = Reader { tx: database.reader()?, database: database.clone() };
    std::thread::Builder::new()
        .name(name)
        .spawn(move || {
            while let Some(visit) = next(&visits, &mut reader) {
                reader.visit(visit);
            }
        })
        .map(|_| ())
        .map_err(|e| StorageError::Connection(e.to_string()))
}
