//! Who may be let go by whom: known where the accounts are, asked here.

use std::fmt::Debug;

use journal::Standing;
use kernel::{PersonId, Refusal};
use storage::{StorageError, Tx};

/// Whether somebody goes or comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// Their service ends, and their account stops.
    Leave,
    /// A mistaken leave is taken back.
    Return,
}

/// Says no when the actor may not let this person go. `access` implements it; the application ties the two.
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
