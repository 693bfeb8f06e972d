//! Reading the `clock` table.

use kernel::{CommandId, StreamId, Timestamp};
use sha2::{Digest, Sha256};
use storage::{StorageError, Tx, params};
use uuid::Builder;

/// Rows read at a time.
pub(crate) const PAGE: usize = 500;

/// A clock with the time at which something must be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub at: Timestamp,
    pub stream: StreamId,
    pub name: String,
    pub kind: String,
}

impl Due {
    /// Before every clock.
    pub(crate) const FIRST: Self =
        Self { at: Timestamp(i64::MIN), stream: StreamId::NIL, name: String::new(), kind: String::new() };

    /// The same for the same clock at the same time, so that firing twice acts once.
    pub(crate) fn command_id(&self) -> CommandId {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"xiaoan/timer/1")
            .chain_update(self.stream.0.as_bytes())
            .chain_update(self.at.0.to_be_bytes())
            .chain_update(self.name.as_bytes())
            .finalize()
            .into();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        CommandId(Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The clocks after one, up to a time, in order.
pub(crate) fn page(tx: &mut Tx, after: &Due, until: Timestamp) -> Result<Vec<Due>, StorageError> {
    tx.query(
        "SELECT next_at, stream_id, name, stream_kind FROM clock
         WHERE next_at IS NOT NULL AND next_at <= ?4 AND next_at >= ?1
           AND (next_at > ?1 OR stream_id > ?2 OR (stream_id = ?2 AND name > ?3))
         ORDER BY next_at NULLS LAST, stream_id, name LIMIT ?5",
        params![after.at, after.stream, &after.name, until, PAGE],
        |row| Ok(Due { at: row.time(0)?, stream: row.id(1)?, name: row.text(2)?, kind: row.text(3)? }),
    )
}
