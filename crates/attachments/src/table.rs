//! What is known of a stored photo besides its bytes: its thumbnail, its size, how it looks to a machine.

use kernel::Timestamp;
use storage::{MigrationSet, Step, StorageError, TableClass, Tx, in_lists, params};

use crate::{FileHash, Look, StoredPhoto};

/// The table of stored photos.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "attachments",
    tables: &[("attachment", TableClass::Operational)],
    steps: &[
        Step {
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
        },
        // The hashes of its crops; none of a plain picture, and not known yet of what was stored before.
        Step {
            name: "002-cropped",
            sql: "
ALTER TABLE attachment ADD COLUMN cropped {blob};
CREATE INDEX attachment_unlooked ON attachment (hash) WHERE cropped IS NULL;
",
        },
    ],
};

/// Where a room names photos: whatever is named nowhere is cleared away after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The table.
    pub table: &'static str,
    /// Its column of names.
    pub column: &'static str,
}

/// Remembers a photo that was stored; again renews its grace, and its look where an earlier version kept none.
///
/// # Errors
/// Whatever the database answers.
pub fn remember(tx: &mut Tx, photo: &StoredPhoto, at: Timestamp) -> Result<(), StorageError> {
    let (hash, thumbnail) = (photo.hash.to_string(), photo.thumb_hash.to_string());
    tx.write(
        "INSERT INTO attachment (hash, thumbnail, width, height, bytes, perceptual, stored_at, cropped)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hash) DO UPDATE SET stored_at = excluded.stored_at,
             perceptual = excluded.perceptual, cropped = excluded.cropped",
        params![
            &hash,
            &thumbnail,
            photo.width,
            photo.height,
            photo.bytes,
            &photo.look.whole().to_be_bytes(),
            at,
            &photo.look.crops()
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

/// A photo to compare with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The photo.
    pub hash: FileHash,
    /// Its small picture.
    pub thumbnail: FileHash,
    /// How it looks.
    pub look: Look,
}

/// Those of the photos whose look is known, in no order.
///
/// # Errors
/// Whatever the database answers.
pub fn compared(tx: &mut Tx, photos: &[FileHash]) -> Result<Vec<Compared>, StorageError> {
    let names: Vec<String> = photos.iter().map(FileHash::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut found = Vec::with_capacity(names.len());
    for (marks, values) in in_lists(&names) {
        let sql = format!(
            "SELECT hash, thumbnail, perceptual, cropped FROM attachment
             WHERE hash IN ({marks}) AND cropped IS NOT NULL"
        );
        found.extend(tx.query(&sql, &values, |row| {
            Ok((row.text(0)?, row.text(1)?, Look::kept(&row.blob(2)?, &row.blob(3)?)))
        })?);
    }
    let whole = |(hash, thumbnail, look): (String, String, Option<Look>)| {
        Some(Compared { hash: hash.parse().ok()?, thumbnail: thumbnail.parse().ok()?, look: look? })
    };
    Ok(found.into_iter().filter_map(whole).collect())
}

/// Photos stored before their look was kept, with their thumbnails; at most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn unlooked(tx: &mut Tx, most: usize) -> Result<Vec<(FileHash, FileHash)>, StorageError> {
    let sql = "SELECT hash, thumbnail FROM attachment WHERE cropped IS NULL ORDER BY hash LIMIT ?1";
    let names = tx.query(sql, params![most], |row| Ok((row.text(0)?, row.text(1)?)))?;
    Ok(names.iter().filter_map(|(hash, small)| Some((hash.parse().ok()?, small.parse().ok()?))).collect())
}

/// Keeps how a photo looks that was stored before; one that cannot be read any more looks like nothing.
///
/// # Errors
/// Whatever the database answers.
pub fn looked(tx: &mut Tx, hash: FileHash, look: Option<Look>) -> Result<(), StorageError> {
    let hash = hash.to_string();
    let crops = look.map(|look| look.crops()).unwrap_or_default();
    tx.write(
        "UPDATE attachment SET cropped = ?2 WHERE hash = ?1 AND cropped IS NULL",
        params![&hash, &crops],
    )?;
    match look {
        Some(look) => tx.write(
            "UPDATE attachment SET perceptual = ?2 WHERE hash = ?1",
            params![&hash, &look.whole().to_be_bytes()],
        ),
        None => Ok(()),
    }
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
