//! What a unit that is closed would leave behind: known where it lies, asked here.

use std::fmt::Debug;

use kernel::{Refusal, UnitId};
use storage::{StorageError, Tx};

/// Says no when a room still has something at a unit that is to be closed. Rooms above this one implement it; the
/// application ties them together.
pub trait Remains: Debug + Send + Sync {
    /// Looks it up inside the writer's transaction; the rule that says no, if one does.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn at(&self, tx: &mut Tx, unit: UnitId) -> Result<Option<Refusal>, StorageError>;
}
