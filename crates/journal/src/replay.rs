//! Replaying: the present made from the past again, to compare it or to replace it.

use std::collections::HashMap;

use kernel::StreamId;
use sha2::{Digest, Sha256};
use storage::{MigrationSet, StorageError, TableClass, Tx, params};

use crate::{
    Vault,
    payload::Payload,
    read::{EVENT_COLUMNS, Raw, opened, raw_event, write_clocks, write_evidence},
    subject::{Saving, Stamp, Subject},
    verify::{LISTED, VerifyProblem, VerifyReport},
};

pub(crate) const PAGE: usize = 2_000;
/// A subject whatever its type, for replaying.
pub(crate) trait Replays: Send + Sync {
    fn kind(&self) -> &'static str;
    fn event_types(&self) -> Vec<(&'static str, u16)>;
    fn compare(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        hasher: &mut Sha256,
        report: &mut VerifyReport,
    ) -> Result<(), StorageError>;
    fn rebuild(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        progress: &dyn Fn(u64),
    ) -> Result<u64, StorageError>;
    fn needs_rebuild(&self, tx: &mut Tx) -> Result<bool, StorageError>;
}

impl<S: Subject> Replays for std::sync::Arc<S> {
    fn kind(&self) -> &'static str {
        S::KIND
    }

    fn event_types(&self) -> Vec<(&'static str, u16)> {
        S::Event::types().into_iter().map(|(name, version, _)| (name, version)).collect()
    }

    fn compare(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        hasher: &mut Sha256,
        report: &mut VerifyReport,
    ) -> Result<(), StorageError> {
        let mut after = StreamId::NIL;
        loop {
            let sql =
                format!("SELECT id, version, state FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2", S::TABLE);
            let rows = tx.query(&sql, params![after, PAGE], |row| {
                Ok((row.id::<StreamId>(0)?, row.int(1)?, row.text(2)?))
            })?;
            for (id, version, json) in &rows {
                hasher.update(id.0.as_bytes());
                hasher.update(version.to_be_bytes());
                hasher.update(json.as_bytes());
                report.records += 1;
                let wrong = |reason: String| VerifyProblem::Record { kind: S::KIND, stream: *id, reason };
                match fold::<S>(tx, *id, vault)? {
                    Ok(Some((state, replayed))) if replayed == *version && state == *json => {}
                    Ok(Some((_, replayed))) => {
                        report.found(wrong(format!(
                            "record at version {version}, events make version {replayed}"
                        )));
                    }
                    Ok(None) => report.found(wrong("no events".to_owned())),
                    Err(reason) => report.found(wrong(reason)),
                }
            }
            match rows.last() {
                Some((id, _, _)) if rows.len() == PAGE => after = *id,
                _ => return missing::<S>(tx, report),
            }
        }
    }

    fn needs_rebuild(&self, tx: &mut Tx) -> Result<bool, StorageError> {
        let sql = format!("SELECT 1 FROM {} WHERE shape < ?1 OR shape > ?1 LIMIT 1", S::TABLE);
        Ok(tx.first(&sql, params![S::SHAPE], |row| row.int(0))?.is_some())
    }

    fn rebuild(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        progress: &dyn Fn(u64),
    ) -> Result<u64, StorageError> {
        self.clear(tx)?;
        tx.write("DELETE FROM clock WHERE stream_kind = ?1", params![S::KIND])?;
        let mut states = States::<S>::default();
        let (mut after, mut count) = (0_u64, 0_u64);
        loop {
            let sql = format!(
                "SELECT {EVENT_COLUMNS} FROM event WHERE position > ?1 AND stream_kind = ?2 ORDER BY position LIMIT ?3"
            );
            let page = tx.query(&sql, params![after, S::KIND, PAGE], raw_event)?;
            let full = page.len() == PAGE;
            for raw in page {
                after = raw.recorded.position;
                count += 1;
                self.apply(tx, vault, ids, &mut states, raw)?;
            }
            progress(count);
            if !full {
                return Ok(count);
            }
        }
    }
}

/// States kept in memory while records are made again; the others are read back from the rows just written. In debug
/// builds so few that every test reads some back.
const STATES_KEPT: usize = if cfg!(debug_assertions) { 3 } else { 20_000 };

/// The states that the events already applied have made.
struct States<S: Subject>(HashMap<StreamId, S::State>);

impl<S: Subject> Default for States<S> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<S: Subject> States<S> {
    /// The state before the event of this version; `None` before the first.
    fn take(&mut self, tx: &mut Tx, id: StreamId, version: u64) -> Result<Option<S::State>, StorageError> {
        if version <= 1 {
            return Ok(None);
        }
        if let Some(kept) = self.0.remove(&id) {
            return Ok(Some(kept));
        }
        let sql = format!("SELECT state FROM {} WHERE id = ?1", S::TABLE);
        let json = tx.first(&sql, params![id], |row| row.text(0))?;
        let read = json.map(|json| serde_json::from_str(&json)).transpose();
        read.map_err(|e| StorageError::Other(format!("{} {id}: {e}", S::KIND)))
    }

    /// Events of one stream lie near each other: what has not been needed for long is let go, all at once.
    fn keep(&mut self, id: StreamId, state: S::State) {
        if self.0.len() >= STATES_KEPT {
            self.0.clear();
        }
        self.0.insert(id, state);
    }
}

/// Applies one recorded event again.
trait Apply<S: Subject> {
    fn apply(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        states: &mut States<S>,
        raw: Raw,
    ) -> Result<(), StorageError>;
}

impl<S: Subject> Apply<S> for std::sync::Arc<S> {
    fn apply(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        states: &mut States<S>,
        raw: Raw,
    ) -> Result<(), StorageError> {
        let recorded = opened(raw, Some(vault));
        let id = recorded.header.stream_id;
        let unreadable = |e: &dyn std::fmt::Display| StorageError::Other(format!("{} {id}: {e}", S::KIND));
        let event =
            S::Event::decode(&recorded.header.event_type, recorded.header.type_version, &recorded.parts)
                .map_err(|e| unreadable(&e))?;
        let stamp = stamp_of(&recorded);
        let old = states.take(tx, id, recorded.header.stream_version)?;
        let Some(new) = S::evolve(old.clone(), &event, &stamp) else { return Ok(()) };
        let json = serde_json::to_string(&new).map_err(|e| unreadable(&e))?;
        let events = [(stamp, event)];
        self.save(
            tx,
            &Saving {
                id,
                version: recorded.header.stream_version,
                old: old.as_ref(),
                new: &new,
                state: &json,
                events: &events,
                position: recorded.position,
                vault,
                ids,
            },
        )?;
        write_clocks::<S>(tx, id, old.as_ref(), &new)?;
        let [(_, event)] = &events;
        write_evidence(tx, recorded.position, &recorded.header, &S::evidence(event, &new))?;
        states.keep(id, new);
        Ok(())
    }
}

fn stamp_of(recorded: &crate::Recorded) -> Stamp {
    Stamp {
        event_id: recorded.header.event_id,
        stream: recorded.header.stream_id,
        version: recorded.header.stream_version,
        actor: recorded.header.actor,
        at: recorded.header.decided_at,
        unit: recorded.header.unit_id,
    }
}

/// Streams that have events and no record.
fn missing<S: Subject>(tx: &mut Tx, report: &mut VerifyReport) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT e.stream_id FROM event e
         WHERE e.stream_kind = ?1 AND e.stream_version = 1 AND e.core_part IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM {} r WHERE r.id = e.stream_id)
         ORDER BY e.position LIMIT ?2",
        S::TABLE
    );
    for stream in tx.query(&sql, params![S::KIND, LISTED], |row| row.id(0))? {
        report.found(VerifyProblem::Record { kind: S::KIND, stream, reason: "no record".to_owned() });
    }
    Ok(())
}

type Folded = Result<Option<(String, i64)>, String>;

fn fold<S: Subject>(tx: &mut Tx, id: StreamId, vault: &Vault) -> Result<Folded, StorageError> {
    let mut state = None;
    let mut version = 0;
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE stream_id = ?1 ORDER BY stream_version");
    for raw in tx.query(&sql, params![id], |row| Ok(raw_event(row)))? {
        let recorded = match raw {
            Ok(raw) => opened(raw, Some(vault)),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let event = match S::Event::decode(
            &recorded.header.event_type,
            recorded.header.type_version,
            &recorded.parts,
        ) {
            Ok(event) => event,
            Err(error) => return Ok(Err(error.to_string())),
        };
        state = S::evolve(state, &event, &stamp_of(&recorded));
        version = i64::try_from(recorded.header.stream_version).unwrap_or(i64::MAX);
    }
    Ok(match state.map(|state| serde_json::to_string(&state)) {
        Some(Ok(json)) => Ok(Some((json, version))),
        Some(Err(error)) => Err(error.to_string()),
        None => Ok(None),
    })
}

/// Makes every record and derived row again from the journal; returns the events applied. The caller holds the
/// writer lease and a begun transaction.
///
/// # Errors
/// Whatever the database answers; an event that cannot be read.
pub fn rebuild(
    tx: &mut Tx,
    engine: &crate::EngineBuilder,
    ids: &kernel::IdSource,
    progress: &dyn Fn(u64),
) -> Result<u64, StorageError> {
    tx.write("DELETE FROM evidence", params![])?;
    let mut count = 0;
    for subject in engine.subjects() {
        count += subject.rebuild(tx, engine.vault(), ids, progress)?;
    }
    Ok(count)
}

/// Columns whose bytes differ each time they are written: what is sealed has a new nonce. Their names end so, which a
/// test holds every room to.
pub fn is_sealed(column: &str) -> bool {
    column == "sealed" || column.ends_with("_sealed")
}

/// Tables whose rows are not what the journal makes of them: makes all again and compares. The caller holds the
/// writer lease and a begun transaction, and rolls it back.
///
/// # Errors
/// Whatever the database answers; an event that cannot be read.
pub fn misderived(
    tx: &mut Tx,
    engine: &crate::EngineBuilder,
    ids: &kernel::IdSource,
    rooms: &[MigrationSet],
    progress: &dyn Fn(u64),
) -> Result<Vec<Misderived>, StorageError> {
    let derived =
        rooms.iter().flat_map(|room| room.tables).filter(|(_, class)| *class == TableClass::Derived);
    let mut before = Vec::new();
    for (table, _) in derived {
        before.push((*table, tx.amount_of(table, is_sealed)?));
    }
    rebuild(tx, engine, ids, progress)?;
    let mut wrong = Vec::new();
    for (table, found) in before {
        let made = tx.amount_of(table, is_sealed)?;
        if made != found {
            wrong.push(Misderived { table, found: found.rows, made: made.rows });
        }
    }
    Ok(wrong)
}

/// A table that is not what its events make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misderived {
    /// The table.
    pub table: &'static str,
    /// Rows it holds.
    pub found: u64,
    /// Rows the journal makes; the same number when only their content differs.
    pub made: u64,
}
