//! Sends what waits: claims it, sends it, records what came of it. Found on its way at the beginning of a round, the
//! platform was stopped in between; that is recorded, and it is sent again.

use futures_util::{StreamExt, stream};
use kernel::{Problem, StreamId, Timestamp};
use organisation::unit_brief;
use outbound::{Letter, OutboundError, retry_after};
use storage::{StorageError, Tx};

use crate::{
    ChannelKind, ChannelState, ChannelStatus, Notifier, NotifierParts, Outcome, SentRow,
    channel::{channel, secret},
    message::{LANG, Message, gathered},
    outbox::{self, Waiting, place},
    robot, texts,
};

/// Messages on their way at the same time.
const AT_ONCE: usize = 8;

/// A message for one channel, with the tidings in it.
struct Parcel {
    id: StreamId,
    channel: ChannelState,
    unit: String,
    tidings: Vec<Waiting>,
    message: Message,
    /// Address and signing secret of a robot.
    secret: Option<(String, Option<String>)>,
}

/// What came of a try: nothing, or a code and whether trying again is in vain.
type Heard = Result<(), (String, bool)>;

/// What a round has to do.
#[derive(Default)]
struct Work {
    /// Not to be sent any more, or already under way when the platform was stopped.
    settle: Vec<(Parcel, Outcome)>,
    send: Vec<Parcel>,
}

impl Notifier {
    /// Sends what is due; says how many messages went out or were settled otherwise.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn deliver(&self, now: Timestamp) -> Result<usize, Problem> {
        let work = self.read(move |parts, tx| gather(parts, tx, now)).await?;
        let count = work.settle.len() + work.send.len();
        if !work.settle.is_empty() {
            let rows: Vec<Settled> =
                work.settle.iter().map(|(p, outcome)| settled(&self.parts, p, *outcome, now)).collect();
            self.write(move |tx| rows.iter().try_for_each(|row| row.write(tx, now))).await?;
        }
        if work.send.is_empty() {
            return Ok(count);
        }
        let claimed: Vec<Waiting> = work.send.iter().flat_map(|parcel| parcel.tidings.clone()).collect();
        self.write(move |tx| claimed.iter().try_for_each(|tiding| tiding.claim(tx))).await?;
        let mut sending = stream::iter(work.send)
            .map(|parcel| async {
                let heard = send(&self.parts, &parcel, now).await;
                (parcel, heard)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((parcel, heard)) = sending.next().await {
            let rows = tried(&self.parts, &parcel, &heard, now);
            self.write(move |tx| rows.iter().try_for_each(|row| row.write(tx, now))).await?;
        }
        Ok(count)
    }
}

/// Tidings with the record about them, and when they are tried again.
struct Settled {
    row: SentRow,
    tidings: Vec<Waiting>,
    again: Option<i64>,
}

impl Settled {
    fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
        self.row.put(tx)?;
        self.tidings.iter().try_for_each(|tiding| match self.again {
            Some(wait) => tiding.again(tx, now.plus_ms(wait)),
            None => tiding.done(tx),
        })
    }
}

fn gather(parts: &NotifierParts, tx: &mut Tx, now: Timestamp) -> Result<Work, Problem> {
    let mut work = Work::default();
    let here = parts.handle.identity();
    // From before a restore: waiting or under way, it may have been sent by the platform that was.
    for id in outbox::foreign_channels(tx, here.epoch)? {
        for place in [place::WAITING, place::SENDING] {
            let mut tidings = outbox::of_channel(tx, id, place)?;
            tidings.retain(|tiding| tiding.epoch != here.epoch);
            work.settle.extend(parcel(parts, tx, id, tidings)?.map(|parcel| (parcel, Outcome::Restored)));
        }
    }
    if !work.settle.is_empty() {
        return Ok(work);
    }
    for id in outbox::interrupted_channels(tx)? {
        let tidings = outbox::of_channel(tx, id, place::SENDING)?;
        work.settle.extend(parcel(parts, tx, id, tidings)?.map(|parcel| (parcel, Outcome::Interrupted)));
    }
    if !work.settle.is_empty() {
        return Ok(work);
    }
    for id in outbox::due_channels(tx, now)? {
        let tidings = outbox::of_channel(tx, id, place::WAITING)?;
        let Some(parcel) = parcel(parts, tx, id, tidings)? else { continue };
        if here.demonstration || parts.door.is_shut() {
            work.settle.push((parcel, Outcome::Demonstration));
        } else if parcel.channel.status == ChannelStatus::On {
            work.send.push(parcel);
        } else {
            work.settle.push((parcel, Outcome::Stopped));
        }
    }
    Ok(work)
}

fn parcel(
    parts: &NotifierParts,
    tx: &mut Tx,
    id: StreamId,
    tidings: Vec<Waiting>,
) -> Result<Option<Parcel>, Problem> {
    let Some((state, _)) = channel(tx, id)? else { return Ok(None) };
    if tidings.is_empty() {
        return Ok(None);
    }
    let unit = unit_brief(tx, state.unit)?.map(|unit| unit.name).unwrap_or_default();
    let message = gathered(&unit, &tidings, parts.public_url.as_deref());
    let secret = secret(tx, &parts.vault, id)?;
    Ok(Some(Parcel { id, channel: state, unit, tidings, message, secret }))
}

async fn send(parts: &NotifierParts, parcel: &Parcel, now: Timestamp) -> Heard {
    let kind = parcel.channel.kind;
    let failed = |error: OutboundError| (error.code(), error.is_lasting());
    if kind == ChannelKind::Mail {
        // The same for the same tidings, so that a second copy may be dropped; another when more have joined.
        let last = parcel.tidings.last().map(|tiding| tiding.id.simple().to_string()).unwrap_or_default();
        let id = format!("{last}.{}", parcel.message.items);
        let subject = texts::message_subject(LANG, &parcel.unit, parcel.message.items);
        let letter = Letter {
            to: parcel.channel.mailboxes.clone(),
            subject: language::plain(&subject).to_string(),
            text: parcel.message.text.clone(),
            id,
            at: now,
        };
        return parts.door.mail(&letter).await.map_err(failed);
    }
    let Some((address, signing)) = &parcel.secret else { return Err(("no-secret".to_owned(), true)) };
    let address = match signing {
        Some(secret) if kind == ChannelKind::Dingtalk => robot::signed(address, secret, now),
        _ => address.clone(),
    };
    let answer = parts.door.post_json(&address, robot::body(&parcel.message.text)).await.map_err(failed)?;
    robot::heard(kind, &answer.body)
}

/// The records about a try. Tidings that have had all their tries are given up; the others wait.
fn tried(parts: &NotifierParts, parcel: &Parcel, heard: &Heard, now: Timestamp) -> Vec<Settled> {
    let record = |outcome: Outcome, tidings: Vec<Waiting>, code: &str, again: Option<i64>| {
        let tries = tidings.iter().map(|tiding| tiding.tries.saturating_add(1)).max().unwrap_or(0);
        let message = gathered(&parcel.unit, &tidings, parts.public_url.as_deref());
        Settled { row: row(parts, parcel, &message, outcome, (code, tries), now), tidings, again }
    };
    let Err((code, lasting)) = heard else {
        return vec![record(Outcome::Sent, parcel.tidings.clone(), "", None)];
    };
    let last = |tiding: &Waiting| *lasting || retry_after(tiding.tries.saturating_add(1)).is_none();
    let (over, again): (Vec<Waiting>, Vec<Waiting>) = parcel.tidings.iter().cloned().partition(last);
    let mut records = Vec::new();
    if !over.is_empty() {
        records.push(record(Outcome::GivenUp, over, code, None));
    }
    if !again.is_empty() {
        // The channel waits as long as its most often tried tiding.
        let tries = again.iter().map(|tiding| tiding.tries.saturating_add(1)).max().unwrap_or(1);
        records.push(record(Outcome::Failed, again, code, retry_after(tries)));
    }
    records
}

/// The record about what was not sent, or what nobody knows about.
fn settled(parts: &NotifierParts, parcel: &Parcel, outcome: Outcome, now: Timestamp) -> Settled {
    let tries = parcel.tidings.iter().map(|tiding| tiding.tries).max().unwrap_or(0);
    Settled {
        row: row(parts, parcel, &parcel.message, outcome, ("", tries), now),
        tidings: parcel.tidings.clone(),
        again: (outcome == Outcome::Interrupted).then_some(0),
    }
}

fn row(
    parts: &NotifierParts,
    parcel: &Parcel,
    message: &Message,
    outcome: Outcome,
    (code, tries): (&str, u32),
    now: Timestamp,
) -> SentRow {
    SentRow {
        topics: message.topics.clone(),
        items: i64::try_from(message.items).unwrap_or(i64::MAX),
        body: message.text.clone(),
        code: code.to_owned(),
        tries,
        ..SentRow::about(&parts.ids, now, (parcel.id, &parcel.channel), outcome)
    }
}
