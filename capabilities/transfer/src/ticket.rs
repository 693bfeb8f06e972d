//! Tickets: what stands in a link and opens one letter. Only a keyed hash is kept; whether a ticket opens the letter is
//! the letter's own state. Every function here runs inside a transaction of the writer or of a reader.

use journal::Vault;
use kernel::{IdSource, StreamId, Timestamp, hex};
use storage::{StorageError, Tx, params};

/// The domain of the keyed hash.
const DOMAIN: &str = "transfer-ticket";
/// Random bytes of a ticket: 160 bits.
const BYTES: usize = 20;
/// Openings of one link that are written down; who opens it more often is not counted on.
pub const OPENINGS: i64 = 50;
/// For how long openings are kept: two years, as the log of sign-ins.
const OPENINGS_KEPT_MS: i64 = 730 * Timestamp::DAY_MS;

/// What stands in a link. It is shown once and written nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// A new one.
    pub fn new(ids: &IdSource) -> Self {
        Self(hex::write(ids.bytes::<BYTES>()))
    }

    /// As it stands in an address; anything that cannot be one is none.
    pub fn read(text: &str) -> Option<Self> {
        let shaped = text.len() == 2 * BYTES && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        shaped.then(|| Self(text.to_owned()))
    }

    /// For the one page that shows it.
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it, and counted by.
    pub fn digest(&self, vault: &Vault) -> [u8; 32] {
        vault.lookup(DOMAIN, &self.0)
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ticket(..)")
    }
}

/// Keeps the ticket of a letter's newest link; the one before it is forgotten. Repeatable.
///
/// # Errors
/// Whatever the database answers.
pub fn keep(
    tx: &mut Tx,
    digest: &[u8; 32],
    (letter, link): (StreamId, u32),
    expires: Timestamp,
) -> Result<(), StorageError> {
    forget(tx, letter)?;
    tx.write(
        "INSERT INTO transfer_ticket (digest, transfer_id, link, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![digest, letter, link, expires],
    )
}

/// A letter's ticket opens nothing any more.
///
/// # Errors
/// Whatever the database answers.
pub fn forget(tx: &mut Tx, letter: StreamId) -> Result<(), StorageError> {
    tx.write("DELETE FROM transfer_ticket WHERE transfer_id = ?1", params![letter])
}

/// The letter and the number of its link, if the ticket is known.
///
/// # Errors
/// Whatever the database answers.
pub fn find(tx: &mut Tx, digest: &[u8; 32]) -> Result<Option<(StreamId, u32)>, StorageError> {
    let found = tx.first(
        "SELECT transfer_id, link FROM transfer_ticket WHERE digest = ?1",
        params![digest],
        |row| Ok((row.id::<StreamId>(0)?, row.int(1)?)),
    )?;
    Ok(found.and_then(|(letter, link)| Some((letter, u32::try_from(link).ok()?))))
}

/// An opening of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Which link.
    pub link: u32,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub address: String,
}

/// How many openings of a link are written down.
///
/// # Errors
/// Whatever the database answers.
pub fn counted(tx: &mut Tx, letter: StreamId, link: u32) -> Result<i64, StorageError> {
    let sql = "SELECT count(*) FROM transfer_opening WHERE transfer_id = ?1 AND link = ?2";
    tx.count(sql, params![letter, link])
}

/// Writes an opening down, as long as there is room.
///
/// # Errors
/// Whatever the database answers.
pub fn write_opening(tx: &mut Tx, letter: StreamId, opening: &Opening) -> Result<(), StorageError> {
    let nth = counted(tx, letter, opening.link)?;
    if nth >= OPENINGS {
        return Ok(());
    }
    tx.write(
        "INSERT INTO transfer_opening (transfer_id, link, nth, at, address) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![letter, opening.link, nth, opening.at, opening.address.as_str()],
    )
}

/// Openings of a letter's links, oldest first.
///
/// # Errors
/// Whatever the database answers.
pub fn openings(tx: &mut Tx, letter: StreamId) -> Result<Vec<Opening>, StorageError> {
    let sql = "SELECT link, at, address FROM transfer_opening WHERE transfer_id = ?1 ORDER BY link, nth";
    tx.query(sql, params![letter], |row| {
        Ok(Opening { link: u32::try_from(row.int(0)?).unwrap_or(0), at: row.time(1)?, address: row.text(2)? })
    })
}

/// Deletes tickets that open nothing any more and openings that are old. Once in a while.
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_tickets(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    tx.write("DELETE FROM transfer_ticket WHERE expires_at < ?1", params![now.plus_ms(-Timestamp::DAY_MS)])?;
    tx.write("DELETE FROM transfer_opening WHERE at < ?1", params![now.plus_ms(-OPENINGS_KEPT_MS)])
}
