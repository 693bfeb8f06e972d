//! Who may be let go: by whom, known where the accounts are, and with what in hand, known where the work lies. Asked
//! here.

use std::fmt::Debug;

use journal::Standing;
use kernel::{PersonId, Refusal};
use storage::{StorageError, Tx};

/// How somebody goes or comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// Their service ends, and their account stops.
    Leave,
    /// They go on at another unit.
    Move,
    /// A mistaken leave is taken back.
    Return,
}

/// Says no when this person may not be let go. Rooms above this one implement it; the application ties them together.
pub trait Keeper: Debug + Send + Sync {
    /// Looks it up inside the writer's transaction; the rule that says no, if one does.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn refusal(
        &self,
        tx: &mut Tx,
        person: PersonId,
        going: Going,
        standing: &Standing,
    ) -> Result<Option<Refusal>, StorageError>;
}
