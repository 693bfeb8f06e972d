//! Which hazards had a photo.

use attachments::FileHash;
use kernel::{StreamId, UnitId};
use storage::{Row, StorageError, Tx, params};

use crate::{event::OtherHazard, level::Number};

/// Photos of a unit's hazards but for one, those of the newest first; at most `most`.
pub(crate) fn photos_of_unit(
    tx: &mut Tx,
    unit: UnitId,
    but: StreamId,
    most: usize,
) -> Result<Vec<(FileHash, OtherHazard)>, StorageError> {
    let sql = "SELECT h.id, h.year, h.serial, p.hash FROM hazard h JOIN hazard_photo p ON p.hazard_id = h.id
         WHERE h.unit_id = ?1 AND h.id <> ?2 ORDER BY h.registered_at DESC, h.id DESC, p.hash LIMIT ?3";
    let found = tx.query(sql, params![unit, but, most], |row| Ok((row.text(3)?, other(row, false)?)))?;
    Ok(found.into_iter().filter_map(|(hash, other)| Some((hash.parse().ok()?, other))).collect())
}

/// The newest hazard of another unit that has this very file.
pub(crate) fn elsewhere(
    tx: &mut Tx,
    unit: UnitId,
    photo: FileHash,
) -> Result<Option<OtherHazard>, StorageError> {
    let sql = "SELECT h.id, h.year, h.serial FROM hazard_photo p JOIN hazard h ON h.id = p.hazard_id
         WHERE p.hash = ?1 AND h.unit_id <> ?2 ORDER BY h.registered_at DESC, h.id DESC LIMIT 1";
    tx.first(sql, params![&photo.to_string(), unit], |row| other(row, true))
}

fn other(row: &Row<'_>, elsewhere: bool) -> Result<OtherHazard, StorageError> {
    Ok(OtherHazard { hazard: row.id(0)?, number: Number::read(row, 1)?, elsewhere })
}
