//! Writes that are no facts: secrets, sessions, the access log. They take the writer's thread, but no event.

use std::sync::{Arc, Mutex, PoisonError};

use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, CommandId, Problem};
use storage::{StorageError, Tx};

/// A piece of work inside a transaction of the writer. It may run again when another of the batch fails; only its
/// last run counts.
pub type OperationalWork = Box<dyn Fn(&mut Tx) -> Result<(), StorageError> + Send>;

/// Runs work inside a transaction of the writer and answers when it is on the disk.
pub trait OperationalWriter: Send + Sync {
    /// Runs it.
    ///
    /// # Errors
    /// Whatever the work or the database answers; then nothing was written.
    fn write(&self, work: OperationalWork) -> Result<(), Problem>;
}

/// Waits for the writer: call it from a blocking thread, where the hashing belongs anyway.
impl OperationalWriter for Handle {
    fn write(&self, work: OperationalWork) -> Result<(), Problem> {
        let work = UnitOfWork::new(Actor::SYSTEM, CommandId::NIL).housekeeping(work);
        self.execute_blocking(WorkLane::Interactive, work).map(|_| ())
    }
}

/// The same with an answer.
///
/// # Errors
/// As [`OperationalWriter::write`].
pub fn operate<T: Send + 'static>(
    writer: &dyn OperationalWriter,
    work: impl Fn(&mut Tx) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, Problem> {
    let answer = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&answer);
    writer.write(Box::new(move |tx| {
        let value = work(tx)?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(())
    }))?;
    let value = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    value.ok_or_else(|| Problem::Fault("the writer did not run a piece of work".to_owned()))
}
