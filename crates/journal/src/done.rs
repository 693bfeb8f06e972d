//! Which units of work were done before.

use std::collections::HashMap;

use kernel::{Actor, CommandId};
use storage::{StorageError, Tx, params};

use crate::envelope::Digest32;

/// The marks and values of an `IN` list, filled up to a power of two so that there are few different statements.
pub(crate) fn listed<T: Copy>(ids: &[T]) -> (String, Vec<storage::Param<'static>>)
where
    storage::Param<'static>: From<T>,
{
    let width = ids.len().next_power_of_two();
    let marks = (1..=width).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let filler = ids.last().copied().into_iter().cycle();
    (marks, ids.iter().copied().chain(filler).take(width).map(storage::Param::from).collect())
}

/// Units of work that were done before: digest and position.
pub(crate) type Done = HashMap<(CommandId, kernel::ActorId), (Vec<u8>, u64)>;

/// Which of `ids` were done before.
pub(crate) fn done_before(tx: &mut Tx, ids: &[CommandId]) -> Result<Done, StorageError> {
    let mut done = HashMap::new();
    for chunk in ids.chunks(128) {
        let (marks, values) = listed(chunk);
        let sql = format!(
            "SELECT command_id, actor_id, digest, position FROM command_done WHERE command_id IN ({marks})"
        );
        let rows = tx.query(&sql, &values, |row| {
            Ok(((row.id(0)?, row.id(1)?), (row.blob(2)?, u64::try_from(row.int(3)?).unwrap_or(0))))
        })?;
        done.extend(rows);
    }
    Ok(done)
}

/// Records that a unit of work was done.
pub(crate) fn remember(
    tx: &mut Tx,
    actor: Actor,
    command: CommandId,
    digest: &Digest32,
    position: u64,
) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO command_done (actor_id, command_id, digest, position) VALUES (?1, ?2, ?3, ?4)",
        params![actor.id, command, digest, position],
    )
}
