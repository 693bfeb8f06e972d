//! What is known of a stored photo besides its bytes: its thumbnail, its size, how it looks to a machine.

use kernel::Timestamp;
use storage::{MigrationSet, Step, StorageError, TableClass, Tx, params};

use crate::{FileHash, StoredPhoto};

/// The table of stored photos.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "attachments",
    tables: &[("attachment", TableClass::Operational)],
    steps: &[Step {
        name: "001-attachments",
        sql: "
CREATE TABLE attachment (
    hash {text} NOT NULL PRIMARY KEY,
    thumbnail {text} NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    bytes {int} NOT NULL,
    perceptual {blob} NOT NULL,
    stored_at {int} NOT NULL
) {strict};
",
    }],
};

/// Where a room names photos: whatever is named nowhere is cleared away after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The table.
    pub table: &'static str,
    /// Its column of names.
    pub column: &'static str,
}

/// Remembers a photo that was stored; again renews its grace.
///
/// # Errors
/// Whatever the database answers.
pub fn remember(tx: &mut Tx, photo: &StoredPhoto, at: Timestamp) -> Result<(), StorageError> {
    let (hash, thumbnail) = (photo.hash.to_string(), photo.thumb_hash.to_string());
    tx.write(
        "INSERT INTO attachment (hash, thumbnail, width, height, bytes, perceptual, stored_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (hash) DO UPDATE SET stored_at = excluded.stored_at",
        params![
            &hash,
            &thumbnail,
            photo.width,
            photo.height,
            photo.bytes,
            &photo.perceptual.to_be_bytes(),
            at
        ],
    )
}

/// The small picture of a photo.
///
/// # Errors
/// Whatever the database answers.
pub fn thumbnail(tx: &mut Tx, hash: FileHash) -> Result<Option<FileHash>, StorageError> {
    let name = hash.to_string();
    let found =
        tx.first("SELECT thumbnail FROM attachment WHERE hash = ?1", params![&name], |row| row.text(0))?;
    Ok(found.and_then(|name| name.parse().ok()))
}

/// Every photo and thumbnail that should be on the disk.
///
/// # Errors
/// Whatever the database answers.
pub fn remembered(tx: &mut Tx) -> Result<Vec<FileHash>, StorageError> {
    let names = tx.query("SELECT hash, thumbnail FROM attachment ORDER BY hash", params![], |row| {
        Ok([row.text(0)?, row.text(1)?])
    })?;
    let hash =
        |name: &String| name.parse().map_err(|_| StorageError::Other(format!("not a file name: {name}")));
    names.iter().flatten().map(hash).collect()
}

/// Photos last stored before `before` that no room names; at most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn unnamed(
    tx: &mut Tx,
    rooms: &[Naming],
    before: Timestamp,
    most: usize,
) -> Result<Vec<FileHash>, StorageError> {
    let (mut joined, mut nowhere) = (String::new(), String::new());
    for (at, Naming { table, column }) in rooms.iter().enumerate() {
        joined += &format!(" LEFT JOIN {table} n{at} ON n{at}.{column} = a.hash");
        nowhere += &format!(" AND n{at}.{column} IS NULL");
    }
    let sql = format!("SELECT a.hash FROM attachment a{joined} WHERE a.stored_at < ?1{nowhere} LIMIT ?2");
    let names = tx.query(&sql, params![before, most], |row| row.text(0))?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// Forgets a photo, unless it was stored again since `before`.
///
/// # Errors
/// Whatever the database answers.
pub fn forget(tx: &mut Tx, hash: FileHash, before: Timestamp) -> Result<(), StorageError> {
    let sql = "DELETE FROM attachment WHERE hash = ?1 AND stored_at < ?2";
    tx.write(sql, params![&hash.to_string(), before])
}
