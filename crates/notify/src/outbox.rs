//! Tidings that wait, and those that are done: kept a while, so that none is made twice.

use kernel::{EventId, IdSource, StreamId, Timestamp, UnitId, limits};
use storage::{Param, StorageError, Tx, params};
use uuid::Uuid;

use crate::{Line, Topic};

/// Where a tiding stands.
pub(crate) mod place {
    /// To be sent when it is due.
    pub const WAITING: &str = "waiting";
    /// On its way; found so at the beginning of a round, the platform was stopped meanwhile.
    pub const SENDING: &str = "sending";
    /// Sent, given up or skipped.
    pub const DONE: &str = "done";
}

/// A tiding for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub id: Uuid,
    pub channel: StreamId,
    /// What made it; the same thing never makes it twice.
    pub mark: String,
    pub epoch: u32,
    /// The event's place in the journal; 0 when no event made it.
    pub position: u64,
    pub topic: Topic,
    pub happened_at: Timestamp,
    pub line: Line,
    pub tries: u32,
}

impl Waiting {
    pub(crate) fn mark_of_event(event: EventId, number: usize) -> String {
        format!("event:{event}:{number}")
    }

    /// Puts it into the outbox, unless it was there before.
    pub(crate) fn put(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
        tx.write(
            "INSERT INTO notify_outbox (id, channel_id, mark, epoch, position, topic, happened_at, made_at, sentence,
                path, state, due_at, tries)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?8, 0) ON CONFLICT (channel_id, mark) DO NOTHING",
            params![
                self.id,
                self.channel,
                &self.mark,
                self.epoch,
                self.position,
                self.topic.name(),
                self.happened_at,
                now,
                &self.line.sentence,
                &self.line.path,
                place::WAITING
            ],
        )
    }

    pub(crate) fn claim(&self, tx: &mut Tx) -> Result<(), StorageError> {
        let sql = "UPDATE notify_outbox SET state = ?2, tries = tries + 1 WHERE id = ?1";
        tx.write(sql, params![self.id, place::SENDING])
    }

    pub(crate) fn again(&self, tx: &mut Tx, due: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE notify_outbox SET state = ?2, due_at = ?3 WHERE id = ?1";
        tx.write(sql, params![self.id, place::WAITING, due])
    }

    pub(crate) fn done(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("UPDATE notify_outbox SET state = ?2 WHERE id = ?1", params![self.id, place::DONE])
    }
}

/// Puts a test message into the outbox, for the transaction in which `ChannelCommand::Test` was accepted.
///
/// # Errors
/// Whatever the database answers.
pub fn put_test(
    tx: &mut Tx,
    ids: &IdSource,
    channel: StreamId,
    epoch: u32,
    sentence: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id = ids.uuid(now);
    let line = Line { sentence: sentence.to_owned(), path: String::new() };
    let mark = format!("test:{id}");
    let topic = Topic::Test;
    Waiting { id, channel, mark, epoch, position: 0, topic, happened_at: now, line, tries: 0 }.put(tx, now)
}

/// How many tidings wait for the channels of a unit.
///
/// # Errors
/// Whatever the database answers.
pub fn waiting_of_unit(tx: &mut Tx, unit: UnitId) -> Result<i64, StorageError> {
    tx.count(
        "SELECT count(*) FROM notify_outbox o JOIN channel c ON c.id = o.channel_id
         WHERE o.state <> ?2 AND c.unit_id = ?1",
        params![unit, place::DONE],
    )
}

/// Channels with something due, longest waiting first. One that failed waits with everything it has.
pub(crate) fn due_channels(tx: &mut Tx, now: Timestamp) -> Result<Vec<StreamId>, StorageError> {
    tx.query(
        "SELECT o.channel_id FROM notify_outbox o WHERE o.state = ?1
           AND NOT EXISTS (SELECT 1 FROM notify_sent s WHERE s.channel_id = o.channel_id AND s.at > ?3)
         GROUP BY o.channel_id HAVING max(o.due_at) <= ?2 ORDER BY min(o.made_at), o.channel_id LIMIT ?4",
        params![place::WAITING, now, now.plus_ms(-limits::CHANNEL_GAP_MS), limits::CHANNELS_PER_ROUND],
        |row| row.id(0),
    )
}

/// Channels with tidings that were on their way when the platform was stopped.
pub(crate) fn interrupted_channels(tx: &mut Tx) -> Result<Vec<StreamId>, StorageError> {
    let sql = "SELECT DISTINCT channel_id FROM notify_outbox WHERE state = ?1 ORDER BY channel_id LIMIT ?2";
    tx.query(sql, params![place::SENDING, limits::CHANNELS_PER_ROUND], |row| row.id(0))
}

/// Channels with tidings of another epoch that still wait.
pub(crate) fn foreign_channels(tx: &mut Tx, epoch: u32) -> Result<Vec<StreamId>, StorageError> {
    tx.query(
        "SELECT DISTINCT channel_id FROM notify_outbox WHERE state <> ?1 AND epoch <> ?2
         ORDER BY channel_id LIMIT ?3",
        params![place::DONE, epoch, limits::CHANNELS_PER_ROUND],
        |row| row.id(0),
    )
}

/// Tidings of a channel in a place, oldest first, as many as fit into one message.
pub(crate) fn of_channel(tx: &mut Tx, channel: StreamId, place: &str) -> Result<Vec<Waiting>, StorageError> {
    let params: [Param<'_>; 3] =
        [Param::from(channel), Param::from(place), Param::from(limits::MESSAGE_TIDINGS)];
    tx.query(
        "SELECT id, mark, epoch, position, topic, happened_at, sentence, path, tries FROM notify_outbox
         WHERE channel_id = ?1 AND state = ?2 ORDER BY made_at, position, id LIMIT ?3",
        &params,
        |row| {
            Ok(Waiting {
                id: row.id(0)?,
                channel,
                mark: row.text(1)?,
                epoch: u32::try_from(row.int(2)?).unwrap_or(0),
                position: u64::try_from(row.int(3)?).unwrap_or(0),
                topic: Topic::named(&row.text(4)?).unwrap_or(Topic::Test),
                happened_at: row.time(5)?,
                line: Line { sentence: row.text(6)?, path: row.text(7)? },
                tries: u32::try_from(row.int(8)?).unwrap_or(u32::MAX),
            })
        },
    )
}

/// True when the same thing made a tiding for the channel before.
pub(crate) fn known(tx: &mut Tx, channel: StreamId, mark: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM notify_outbox WHERE channel_id = ?1 AND mark = ?2";
    Ok(tx.count(sql, params![channel, mark])? > 0)
}

/// Forgets what was done long ago.
pub(crate) fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    tx.write(
        "DELETE FROM notify_outbox WHERE state = ?1 AND made_at < ?2",
        params![place::DONE, now.plus_ms(-limits::TIDING_KEPT_MS)],
    )
}
