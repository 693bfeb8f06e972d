//! Is this the key the platform was founded with? With another one every name stays shut, and what is sealed meanwhile
//! is lost when the right one comes back.

use kernel::NodeId;
use storage::{StorageError, Tx, params};

use crate::{Identity, Vault};

/// True when the vault's key is the platform's. The first time nothing is known: a part that was sealed here decides,
/// and the key is remembered by a keyed hash. The caller holds the writer lease.
///
/// # Errors
/// Whatever the database answers.
pub fn key_fits(tx: &mut Tx, vault: &Vault, identity: Identity) -> Result<bool, StorageError> {
    let mark = vault.lookup("platform/key", &identity.node.0.to_string());
    if let Some(known) = tx.first("SELECT mark FROM platform_key", params![], |row| row.blob(0))? {
        return Ok(known == mark);
    }
    if !opens_what_it_sealed(tx, vault, identity.node)? {
        return Ok(false);
    }
    tx.begin()?;
    tx.write("INSERT INTO platform_key (single, mark) VALUES (1, ?1)", params![&mark])?;
    tx.commit()?;
    Ok(true)
}

/// The newest part sealed here opens, or there is none.
fn opens_what_it_sealed(tx: &mut Tx, vault: &Vault, node: NodeId) -> Result<bool, StorageError> {
    let newest = "SELECT event_id, personal_part FROM event
         WHERE node = ?1 AND personal_part IS NOT NULL ORDER BY position DESC LIMIT 1";
    let sealed = tx.first(newest, params![node], |row| Ok((row.id::<kernel::EventId>(0)?, row.blob(1)?)))?;
    Ok(sealed.is_none_or(|(event, part)| vault.open(&part, event.0.as_bytes()).is_ok()))
}
