//! How far the journal was read when something was signed.

use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx};

use crate::{ChainHead, Identity};

/// How far the journal was read when something was signed, with the digest of its chain there: whoever has the paper can
/// compare both with the journal later. It stands in events: its fields are decoded for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The newest event that was read.
    pub position: u64,
    /// The chain of this platform there, in hexadecimal digits.
    pub digest: String,
}

/// Where the journal stands now.
///
/// # Errors
/// Whatever the database answers.
pub fn reading(tx: &mut Tx) -> Result<Reading, StorageError> {
    let Some(identity) = Identity::load(tx)? else { return Ok(Reading::default()) };
    let head = ChainHead::load(tx, identity)?;
    Ok(Reading { position: head.position, digest: kernel::hex::write(head.local) })
}
