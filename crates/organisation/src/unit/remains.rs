//! What a unit would leave behind that is closed or becomes another kind: known where it lies, asked here.

use std::fmt::Debug;

use kernel::{Refusal, UnitId};
use storage::{StorageError, Tx};

use super::UnitKind;

/// What may happen to a unit that another room has a say in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is closed.
    Closed,
    /// It goes on as this kind.
    Kind(UnitKind),
}

/// Says no when a room has something at a unit that could not stay there. Rooms above this one implement it; the
/// application ties them together.
pub trait Remains: Debug + Send + Sync {
    /// Looks it up inside the writer's transaction; the rule that says no, if one does.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn at(&self, tx: &mut Tx, unit: UnitId, ending: Ending) -> Result<Option<Refusal>, StorageError>;
}
