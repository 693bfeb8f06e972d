//! A robot's address and signing secret: sealed, in no event, shown to nobody.

use journal::{Vault, VaultError};
use kernel::{IdSource, StreamId, Timestamp};
use storage::{StorageError, Tx, params};

/// An address and a signing secret, each sealed for one channel.
#[derive(Clone, Debug, Default)]
pub struct ChannelSecret {
    address: Option<Vec<u8>>,
    signing: Option<Vec<u8>>,
}

impl ChannelSecret {
    /// Seals them.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn sealed(
        vault: &Vault,
        ids: &IdSource,
        channel: StreamId,
        address: &str,
        signing: &str,
    ) -> Result<Self, VaultError> {
        let seal = |what: &str, text: &str| -> Result<Option<Vec<u8>>, VaultError> {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            vault.seal(text.as_bytes(), &context(what, channel), ids).map(Some)
        };
        Ok(Self { address: seal("address", address)?, signing: seal("signing", signing)? })
    }
}

/// What is sealed for one channel and purpose opens for no other.
fn context(what: &str, channel: StreamId) -> Vec<u8> {
    [what.as_bytes(), channel.0.as_bytes()].concat()
}

/// Keeps a new address with its signing secret, or without one.
///
/// # Errors
/// Whatever the database answers.
pub fn store_channel_secret(
    tx: &mut Tx,
    channel: StreamId,
    secret: &ChannelSecret,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO channel_secret (channel_id, address, signing, changed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (channel_id) DO UPDATE SET address = excluded.address, signing = excluded.signing,
            changed_at = excluded.changed_at",
        params![channel, secret.address.as_ref(), secret.signing.as_ref(), now],
    )
}

/// Forgets them.
///
/// # Errors
/// Whatever the database answers.
pub fn erase_channel_secret(tx: &mut Tx, channel: StreamId) -> Result<(), StorageError> {
    tx.write("DELETE FROM channel_secret WHERE channel_id = ?1", params![channel])
}

/// Address and signing secret as the courier needs them; `None` when there is no address, or another key sealed it.
pub(crate) fn secret(
    tx: &mut Tx,
    vault: &Vault,
    channel: StreamId,
) -> Result<Option<(String, Option<String>)>, StorageError> {
    let sealed = tx.first(
        "SELECT address, signing FROM channel_secret WHERE channel_id = ?1",
        params![channel],
        |row| Ok((row.opt_blob(0)?, row.opt_blob(1)?)),
    )?;
    let open = |what: &str, sealed: Option<Vec<u8>>| {
        let plain = vault.open(&sealed?, &context(what, channel)).ok()?;
        String::from_utf8(plain).ok()
    };
    let Some((address, signing)) = sealed else { return Ok(None) };
    Ok(open("address", address).map(|address| (address, open("signing", signing))))
}
