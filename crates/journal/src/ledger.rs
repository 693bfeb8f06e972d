//! A ledger bundle: some records with what proves them, for whoever has neither this program nor its database. A text
//! file of JSON lines that `tools/verify_ledger.py` reads.
//!
//! First a head (which platform, which records, where the chain begins and ends), then one line for every position
//! from the first event of the records to the newest of the journal, then the digest of all lines before. Events of
//! the records are there whole, without their sealed personal parts; of every other event only the digest of its
//! header, by which the chain goes on and which tells nothing. The line before the digest names the files beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use kernel::{StreamId, Timestamp, hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::{StorageError, Tx, params};

use crate::{
    Identity,
    envelope::{Header, actor_kind_name},
    read::{EVENT_COLUMNS, Raw, raw_event},
    replay::PAGE,
};

/// The form of the lines; a reader refuses one it does not know.
pub const LEDGER_FORMAT: &str = "xiaoan-ledger/1";

/// Why no bundle was written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// No event belongs to this record.
    #[error("no record is called {0}")]
    Unknown(StreamId),
    /// The platform was never founded.
    #[error("there is no platform here")]
    NoPlatform,
    /// Whatever the database answered.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file could not be written.
    #[error("the bundle could not be written: {0}")]
    Io(#[from] io::Error),
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerWritten {
    /// Events of the records.
    pub events: u64,
    /// The newest position, where the chain ends.
    pub head_position: u64,
    /// The chain there, as papers of the platform print it.
    pub head: String,
    /// The digest of all lines: who is told it another way knows that no line was left out.
    pub seal: String,
    /// Names of files that the events speak of.
    pub files: BTreeSet<String>,
}

/// Records that began with a word about one of these: the listing, the letters and cases of a hazard.
///
/// # Errors
/// Whatever the database answers.
pub fn streams_about(tx: &mut Tx, stream: StreamId) -> Result<Vec<StreamId>, StorageError> {
    let about = format!("%\"{stream}\"%");
    tx.query(
        "SELECT stream_id FROM event WHERE stream_version = 1 AND stream_id <> ?1 AND core_part LIKE ?2
         ORDER BY position",
        params![stream, &about],
        |row| row.id(0),
    )
}

/// Writes the bundle of these records as the journal is in this transaction. `is_file` knows which of the digests that
/// the events hold are names of files.
///
/// # Errors
/// [`LedgerError`]; what was written until then is of no use.
pub fn write_ledger(
    tx: &mut Tx,
    out: &mut dyn Write,
    streams: &[StreamId],
    at: Timestamp,
    is_file: &dyn Fn(&str) -> bool,
) -> Result<LedgerWritten, LedgerError> {
    let identity = Identity::load(tx)?.ok_or(LedgerError::NoPlatform)?;
    let known = known(tx, streams)?;
    let first = known.values().map(|stream| stream.first).min().unwrap_or(1);
    let end = chain_at(tx, None)?;
    let start = chain_at(tx, Some(first.saturating_sub(1)))?;
    let mut lines = Lines { out, digest: Sha256::new() };
    lines.write(&json!({
        "format": LEDGER_FORMAT,
        "node": identity.node.to_string(),
        "epoch": identity.epoch,
        "demonstration": identity.demonstration,
        "written_at": at.0,
        "records": known.iter().map(|(id, stream)| {
            json!({ "kind": stream.kind, "id": id.to_string(), "events": stream.events })
        }).collect::<Vec<_>>(),
        "start": { "position": start.0, "chain": start.1 },
        "head": { "position": end.0, "chain": end.1 },
    }))?;
    let mut written = LedgerWritten {
        events: 0,
        head_position: end.0,
        head: end.1,
        seal: String::new(),
        files: BTreeSet::new(),
    };
    let mut after = start.0;
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE position > ?1 ORDER BY position LIMIT ?2");
    while after < end.0 {
        let rows = tx.query(&sql, params![after, PAGE], raw_event)?;
        let Some(last) = rows.last() else { break };
        after = last.recorded.position;
        for raw in &rows {
            if known.contains_key(&raw.recorded.header.stream_id) {
                written.events += 1;
                named_files(&raw.recorded.parts.core, &mut written.files);
                named_files(raw.recorded.parts.text.as_deref().unwrap_or_default(), &mut written.files);
                lines.write(&whole(raw))?;
            } else {
                lines.write(&link(raw))?;
            }
        }
    }
    written.files.retain(|name| is_file(name));
    lines.write(&json!({ "files": written.files }))?;
    written.seal = hex::write(lines.digest.finalize());
    writeln!(lines.out, "{}", json!({ "sha256": written.seal }))?;
    Ok(written)
}

struct Known {
    kind: String,
    first: u64,
    events: u64,
}

fn known(tx: &mut Tx, streams: &[StreamId]) -> Result<BTreeMap<StreamId, Known>, LedgerError> {
    let mut known = BTreeMap::new();
    for stream in streams {
        let found = tx.first(
            "SELECT min(stream_kind), min(position), count(*) FROM event WHERE stream_id = ?1",
            params![*stream],
            |row| Ok((row.opt_text(0)?, row.opt_int(1)?, row.int(2)?)),
        )?;
        let Some((Some(kind), Some(first), events)) = found else {
            return Err(LedgerError::Unknown(*stream));
        };
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        known.insert(*stream, Known { kind, first: number(first), events: number(events) });
    }
    Ok(known)
}

/// A position and the chain there; without one the newest.
fn chain_at(tx: &mut Tx, position: Option<u64>) -> Result<(u64, String), StorageError> {
    let newest = position.unwrap_or(u64::MAX >> 1);
    let found = tx.first(
        "SELECT position, local_chain FROM event WHERE position <= ?1 ORDER BY position DESC LIMIT 1",
        params![newest],
        |row| Ok((row.int(0)?, row.blob(1)?)),
    )?;
    let (position, chain) = found.unwrap_or((0, vec![0; 32]));
    Ok((u64::try_from(position).unwrap_or(0), hex::write(chain)))
}

/// Lines, and the digest of what was written so far.
struct Lines<'o> {
    out: &'o mut dyn Write,
    digest: Sha256,
}

impl Lines<'_> {
    fn write(&mut self, line: &Value) -> io::Result<()> {
        let text = format!("{line}\n");
        self.digest.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }
}

/// An event of another record: enough for the chain to go on.
fn link(raw: &Raw) -> Value {
    let recorded = &raw.recorded;
    json!({
        "p": recorded.position,
        "at": recorded.recorded_at.0,
        "header": hex::write(recorded.header.digest()),
    })
}

fn whole(raw: &Raw) -> Value {
    let recorded = &raw.recorded;
    let salt = |part: usize| raw.salts.get(part).and_then(Option::as_ref).map(hex::write);
    // A part that was erased by law has lost its words and its salt, and keeps its digest in the header.
    let core = (!recorded.parts.core.is_empty()).then_some(recorded.parts.core.as_str());
    let text = recorded.parts.text.as_deref();
    json!({
        "p": recorded.position,
        "at": recorded.recorded_at.0,
        "event": header(&recorded.header),
        "core": { "salt": salt(0), "json": core },
        "text": { "salt": salt(1), "json": text },
    })
}

/// Every field that the header's digest covers, under its name.
fn header(header: &Header) -> Value {
    let [core, text, personal] = header.digests.map(|digest| digest.map(hex::write));
    json!({
        "event_id": header.event_id.to_string(),
        "node": header.node.to_string(),
        "epoch": header.epoch,
        "sequence": header.sequence,
        "stream_kind": header.stream_kind,
        "stream_id": header.stream_id.to_string(),
        "stream_version": header.stream_version,
        "event_type": header.event_type,
        "type_version": header.type_version,
        "unit_id": header.unit_id.to_string(),
        "unit_path": header.unit_path,
        "actor": header.actor.to_string(),
        "actor_kind": actor_kind_name(header.actor_kind),
        "cause": header.cause.to_string(),
        "command_id": header.command_id.to_string(),
        "rules": header.rules,
        "decided_at": header.decided_at.0,
        "core_digest": core,
        "text_digest": text,
        "personal_digest": personal,
        "algorithm": header.algorithm.number(),
    })
}

/// Files are called by 64 hex digits, wherever an event speaks of them.
fn named_files(part: &str, files: &mut BTreeSet<String>) {
    fn gather(value: &Value, files: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
                files.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, files)),
            Value::Object(fields) => fields.values().for_each(|value| gather(value, files)),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    if let Ok(value) = serde_json::from_str(part) {
        gather(&value, files);
    }
}
