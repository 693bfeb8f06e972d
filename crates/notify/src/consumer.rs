//! Reads the journal by cursor and puts what events tell into the outbox, in one transaction with the cursor.

use std::collections::BTreeMap;

use journal::{Recorded, events_after};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use organisation::{Line as UnitLine, UnitKind, ancestors, unit_brief};
use storage::{StorageError, Tx, params};

use crate::{
    ChannelState, Notifier, NotifierParts, Outcome, SentRow, Tiding, channel::working_channels,
    message::gathered, outbox::Waiting,
};

/// The name of the cursor.
const CURSOR: &str = "notify";

/// What one look at the journal found.
struct Found {
    /// Where the cursor stood; `None` before the first look.
    from: Option<u64>,
    to: u64,
    more: bool,
    waiting: Vec<Waiting>,
    skipped: Vec<SentRow>,
}

/// Tidings that are not sent, by channel and reason.
type Skipped = BTreeMap<(StreamId, Outcome), Vec<Waiting>>;

impl Notifier {
    /// Looks at the next events; true when more wait.
    ///
    /// # Errors
    /// Whatever the database answers; then neither cursor nor outbox has moved.
    pub async fn read_events(&self, now: Timestamp) -> Result<bool, Problem> {
        let found = self.read(move |parts, tx| look(parts, tx, now)).await?;
        if found.from == Some(found.to) {
            return Ok(false);
        }
        let more = found.more;
        self.write(move |tx| {
            if !advance(tx, found.from, found.to)? {
                return Ok(());
            }
            found.waiting.iter().try_for_each(|tiding| tiding.put(tx, now))?;
            found.skipped.iter().try_for_each(|row| row.put(tx))
        })
        .await?;
        Ok(more)
    }
}

/// Moves the cursor; false when somebody else moved it meanwhile, and then nothing else may be written.
fn advance(tx: &mut Tx, from: Option<u64>, to: u64) -> Result<bool, StorageError> {
    let moved = match from {
        Some(from) => tx.execute(
            "UPDATE cursor SET position = ?3 WHERE name = ?1 AND position = ?2",
            params![CURSOR, from, to],
        )?,
        None => tx.execute(
            "INSERT INTO cursor (name, position) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
            params![CURSOR, to],
        )?,
    };
    Ok(moved == 1)
}

fn look(parts: &NotifierParts, tx: &mut Tx, now: Timestamp) -> Result<Found, Problem> {
    let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
    let head = unsigned(tx.count("SELECT max(position) FROM event", params![])?);
    let at = "SELECT position FROM cursor WHERE name = ?1";
    let from = tx.first(at, params![CURSOR], |row| row.int(0))?.map(unsigned);
    let mut found = Found { from, to: head, more: false, waiting: Vec::new(), skipped: Vec::new() };
    // What happened before the platform had channels at all is told to nobody.
    let Some(from) = from else { return Ok(found) };
    let channels = working_channels(tx)?;
    if channels.is_empty() || from >= head {
        found.to = head.max(from);
        return Ok(found);
    }
    let events = events_after(tx, from, limits::TIDING_EVENTS, None)?;
    found.to = events.last().map_or(head, |last| last.position);
    found.more = found.to < head;
    let mut skipped = Skipped::new();
    for event in &events {
        told(parts, tx, event, &channels, now, &mut found.waiting, &mut skipped)?;
    }
    found.skipped = records(parts, tx, &channels, &skipped, now)?;
    Ok(found)
}

/// Distributes what an event tells among the channels.
fn told(
    parts: &NotifierParts,
    tx: &mut Tx,
    event: &Recorded,
    channels: &[(StreamId, ChannelState)],
    now: Timestamp,
    waiting: &mut Vec<Waiting>,
    skipped: &mut Skipped,
) -> Result<(), Problem> {
    let header = &event.header;
    let mut number = 0;
    for source in parts.sources.iter().filter(|source| source.kind() == header.stream_kind) {
        for tiding in source.tidings(tx, event)? {
            number += 1;
            let units = addressed(tx, &tiding)?;
            let takes = |(_, channel): &&(StreamId, ChannelState)| {
                channel.takes(tiding.topic)
                    && units.contains(&channel.unit)
                    && channel.since <= header.decided_at
            };
            for (channel, _) in channels.iter().filter(takes) {
                let one = Waiting {
                    id: parts.ids.uuid(now),
                    channel: *channel,
                    mark: Waiting::mark_of_event(header.event_id, number),
                    epoch: parts.handle.identity().epoch,
                    position: event.position,
                    topic: tiding.topic,
                    happened_at: header.decided_at,
                    line: tiding.line.clone(),
                    tries: 0,
                };
                match not_now(parts, event, now) {
                    None => waiting.push(one),
                    Some(outcome) => skipped.entry((*channel, outcome)).or_default().push(one),
                }
            }
        }
    }
    Ok(())
}

/// Why something is not told any more.
fn not_now(parts: &NotifierParts, event: &Recorded, now: Timestamp) -> Option<Outcome> {
    let (here, header) = (parts.handle.identity(), &event.header);
    if header.node == here.node && header.epoch != here.epoch {
        return Some(Outcome::Restored);
    }
    (now.since_ms(header.decided_at) > limits::TIDING_MAX_AGE_MS).then_some(Outcome::TooOld)
}

/// The unit, and those above it up to the county when the tiding is theirs too.
fn addressed(tx: &mut Tx, tiding: &Tiding) -> Result<Vec<UnitId>, Problem> {
    let mut units = vec![tiding.unit];
    if !tiding.upwards {
        return Ok(units);
    }
    for line in [UnitLine::Management, UnitLine::Territory] {
        let above = ancestors(tx, tiding.unit, line)?;
        // What lies beyond the county is the network's business.
        let near = above.iter().filter(|a| !matches!(a.kind, UnitKind::City | UnitKind::Province));
        units.extend(near.map(|ancestor| ancestor.id));
    }
    Ok(units)
}

/// One record for each channel and reason, however many tidings were skipped.
fn records(
    parts: &NotifierParts,
    tx: &mut Tx,
    channels: &[(StreamId, ChannelState)],
    skipped: &Skipped,
    now: Timestamp,
) -> Result<Vec<SentRow>, Problem> {
    let mut rows = Vec::new();
    for ((id, outcome), tidings) in skipped {
        let Some((_, state)) = channels.iter().find(|(channel, _)| channel == id) else { continue };
        let unit = unit_brief(tx, state.unit)?.map(|unit| unit.name).unwrap_or_default();
        let message = gathered(&unit, tidings, parts.public_url.as_deref());
        rows.push(SentRow {
            topics: message.topics,
            items: i64::try_from(message.items).unwrap_or(i64::MAX),
            body: message.text,
            ..SentRow::about(&parts.ids, now, (*id, state), *outcome)
        });
    }
    Ok(rows)
}
