//! 外发记录: every try, with what was sent and what came of it.

use kernel::{IdSource, StreamId, Timestamp, UnitId, limits};
use storage::{Param, Row, StorageError, Tx, params};
use uuid::Uuid;

use crate::{ChannelState, Topic};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What came of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Outcome {
            $($(#[$doc])* $variant,)*
        }

        impl Outcome {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name stored in tables; its text is the message `outcome-<name>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

outcomes! {
    /// The other side took it.
    Sent = "sent";
    /// In vain; it is tried again.
    Failed = "failed";
    /// In vain; it is not tried again.
    GivenUp = "given-up";
    /// The platform was stopped on the way, and nobody knows; it is tried again.
    Interrupted = "interrupted";
    /// Not sent: a demonstration sends nothing.
    Demonstration = "demonstration";
    /// Not sent: no news any more.
    TooOld = "too-old";
    /// Not sent: from before a restore, so it may have been sent then.
    Restored = "restored";
    /// Not sent: the channel was switched off.
    Stopped = "stopped";
}

impl Outcome {
    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }
}

/// A record of what was sent, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRow {
    /// The record.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Through which channel.
    pub channel: StreamId,
    /// Whose channel.
    pub unit: UnitId,
    /// What the channel was called then.
    pub label: String,
    /// What stood at the other end.
    pub kind: String,
    /// The other end's host.
    pub host: String,
    /// What it was about.
    pub topics: Vec<Topic>,
    /// How many tidings were in it.
    pub items: i64,
    /// What it said.
    pub body: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The code of the other side or of the door; empty when all went well.
    pub code: String,
    /// Which try it was; 0 when none was made.
    pub tries: u32,
}

impl SentRow {
    /// A record about a channel as it is now.
    pub(crate) fn about(
        ids: &IdSource,
        now: Timestamp,
        channel: (StreamId, &ChannelState),
        outcome: Outcome,
    ) -> Self {
        let (id, state) = channel;
        Self {
            id: ids.uuid(now),
            at: now,
            channel: id,
            unit: state.unit,
            label: state.label.clone(),
            kind: state.kind.name().to_owned(),
            host: state.host.clone(),
            topics: Vec::new(),
            items: 0,
            body: String::new(),
            outcome,
            code: String::new(),
            tries: 0,
        }
    }

    pub(crate) fn put(&self, tx: &mut Tx) -> Result<(), StorageError> {
        let topics = self.topics.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(",");
        tx.write(
            "INSERT INTO notify_sent (id, at, channel_id, unit_id, label, kind, host, topics, items, body, outcome,
                code, tries)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.id,
                self.at,
                self.channel,
                self.unit,
                &self.label,
                &self.kind,
                &self.host,
                &topics,
                self.items,
                &self.body,
                self.outcome.name(),
                &self.code,
                self.tries
            ],
        )
    }
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct SentFilter {
    /// One channel.
    pub channel: Option<StreamId>,
    /// One outcome.
    pub outcome: Option<Outcome>,
    /// The channels of one unit.
    pub unit: Option<UnitId>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Up to this instant.
    pub to: Option<Timestamp>,
    /// Older than this record.
    pub before: Option<(Timestamp, Uuid)>,
}

/// Scope and filter as one condition with its parameters.
fn narrowed(scope: &(String, Vec<Param<'static>>), filter: &SentFilter) -> (String, Vec<Param<'static>>) {
    let mut params: Vec<Param<'static>> = scope.1.clone();
    let mut parts = vec![scope.0.clone()];
    let mut and = |text: &str, value: Param<'static>| {
        params.push(value);
        parts.push(text.replace('?', &format!("?{}", params.len())));
    };
    if let Some(channel) = filter.channel {
        and("channel_id = ?", Param::from(channel));
    }
    if let Some(outcome) = filter.outcome {
        and("outcome = ?", Param::from(outcome.name()));
    }
    if let Some(unit) = filter.unit {
        and("unit_id = ?", Param::from(unit));
    }
    if let Some(from) = filter.from {
        and("at >= ?", Param::from(from));
    }
    if let Some(to) = filter.to {
        and("at <= ?", Param::from(to));
    }
    if let Some((at, id)) = filter.before {
        and("at <= ?", Param::from(at));
        let (at, id) = (Param::from(at), Param::from(id));
        params.extend([at, id]);
        parts.push(format!("(at < ?{} OR id < ?{})", params.len() - 1, params.len()));
    }
    (parts.join(" AND "), params)
}

/// Records that scope and filter let through, newest first. `scope` is a condition on `unit_id` whose parameters are
/// numbered from 1.
///
/// # Errors
/// Whatever the database answers.
pub fn sent_listed(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &SentFilter,
    limit: usize,
) -> Result<Vec<SentRow>, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(limit));
    let sql = format!(
        "SELECT id, at, channel_id, unit_id, label, kind, host, topics, items, body, outcome, code, tries
         FROM notify_sent WHERE {condition} ORDER BY at DESC, id DESC LIMIT ?{}",
        params.len()
    );
    tx.query(&sql, &params, row)
}

/// How many there are, counted no further than `most`. `scope` as for [`sent_listed`].
///
/// # Errors
/// Whatever the database answers.
pub fn sent_counted(
    tx: &mut Tx,
    scope: &(String, Vec<Param<'static>>),
    filter: &SentFilter,
    most: i64,
) -> Result<i64, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(most));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM notify_sent WHERE {condition} LIMIT ?{}) AS found",
        params.len()
    );
    tx.count(&sql, &params)
}

fn row(row: &Row<'_>) -> Result<SentRow, StorageError> {
    let (topics, outcome) = (row.text(7)?, row.text(10)?);
    Ok(SentRow {
        id: row.id(0)?,
        at: row.time(1)?,
        channel: row.id(2)?,
        unit: row.id(3)?,
        label: row.text(4)?,
        kind: row.text(5)?,
        host: row.text(6)?,
        topics: topics.split(',').filter_map(Topic::named).collect(),
        items: row.int(8)?,
        body: row.text(9)?,
        outcome: Outcome::named(&outcome)
            .ok_or_else(|| StorageError::Other(format!("outcome {outcome} is unknown")))?,
        code: row.text(11)?,
        tries: u32::try_from(row.int(12)?).unwrap_or(u32::MAX),
    })
}

/// Forgets what is older than two years.
pub(crate) fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    tx.write("DELETE FROM notify_sent WHERE at < ?1", params![now.plus_ms(-limits::SENT_KEPT_MS)])
}
