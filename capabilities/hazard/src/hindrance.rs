//! What another room says against proving a hazard: a listed one is accepted and closed by taking it off the list, and
//! hazards do not know what a list is. The application hands over who is asked.

use kernel::{Refusal, StreamId};
use storage::{StorageError, Tx};

/// Whoever may stand in the way of accepting and closing a major hazard.
pub trait Hindrance: Send + Sync {
    /// Why it cannot be accepted or closed now; nothing when it can.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn against(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError>;
}
