//! Looking channels up.

use kernel::{StreamId, UnitId};
use storage::{Row, StorageError, Tx, params};

use super::{names::ChannelStatus, state::ChannelState};

fn read(row: &Row<'_>) -> Result<(StreamId, u64, ChannelState), StorageError> {
    let id: StreamId = row.id(0)?;
    let state = serde_json::from_str(&row.text(2)?)
        .map_err(|e| StorageError::Other(format!("channel {id}: its record cannot be read: {e}")))?;
    Ok((id, u64::try_from(row.int(1)?).unwrap_or(0), state))
}

/// A channel with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn channel(tx: &mut Tx, id: StreamId) -> Result<Option<(ChannelState, u64)>, StorageError> {
    let found = tx.first("SELECT id, version, state FROM channel WHERE id = ?1", params![id], read)?;
    Ok(found.map(|(_, version, state)| (state, version)))
}

/// The channels of a unit that were not removed, oldest first.
///
/// # Errors
/// Whatever the database answers.
pub fn channels_of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<(StreamId, ChannelState)>, StorageError> {
    let rows = tx.query(
        "SELECT id, version, state FROM channel WHERE unit_id = ?1 AND status <> ?2 ORDER BY id",
        params![unit, ChannelStatus::Removed.name()],
        read,
    )?;
    Ok(rows.into_iter().map(|(id, _, state)| (id, state)).collect())
}

/// Every channel that works.
pub(crate) fn working_channels(tx: &mut Tx) -> Result<Vec<(StreamId, ChannelState)>, StorageError> {
    let sql = "SELECT id, version, state FROM channel WHERE status = ?1 ORDER BY id";
    let rows = tx.query(sql, params![ChannelStatus::On.name()], read)?;
    Ok(rows.into_iter().map(|(id, _, state)| (id, state)).collect())
}
