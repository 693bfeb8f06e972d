//! What another room says against proving or withdrawing a hazard: a listed one is accepted and closed by taking it off
//! the list, one that somebody is held to account for is not withdrawn, and hazards know neither of them. The application
//! hands over who is asked.

use kernel::{Refusal, StreamId};
use storage::{StorageError, Tx};

/// Whoever may stand in the way of accepting and closing a major hazard, or of withdrawing any.
pub trait Hindrance: Send + Sync {
    /// Why it cannot be accepted or closed now; nothing when it can.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn against(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError>;

    /// Why it cannot be withdrawn now; nothing when it can.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn against_withdrawal(&self, tx: &mut Tx, hazard: StreamId) -> Result<Option<Refusal>, StorageError> {
        let _ = (tx, hazard);
        Ok(None)
    }
}
