//! Replaying: does the past still add up, and can the present be made from it again?

use std::collections::HashMap;

use kernel::{NodeId, Part, StreamId, Timestamp};
use sha2::{Digest, Sha256};
use storage::{StorageError, Tx, params};

use crate::{
    Vault,
    envelope::{Digest32, digest_part, link_local, link_origin},
    payload::Payload,
    read::{EVENT_COLUMNS, Raw, opened, raw_event, write_clocks, write_evidence},
    subject::{Saving, Stamp, Subject},
};

const PAGE: usize = 2_000;
/// Problems that a report lists; more are only counted.
const LISTED: usize = 50;

/// One thing that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyProblem {
    /// A position is missing.
    Gap {
        /// The position that should have come.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// A part does not match its digest.
    PartAltered {
        /// Where.
        position: u64,
        /// Which part.
        part: Part,
    },
    /// The chain of this platform breaks here: this event or one before it was altered, removed or reordered.
    LocalChain {
        /// Where.
        position: u64,
    },
    /// The chain of the node that made it breaks here.
    OriginChain {
        /// Where.
        position: u64,
    },
    /// A record is not what its events make of it.
    Record {
        /// Kind of stream.
        kind: &'static str,
        /// The stream.
        stream: StreamId,
        /// In words.
        reason: String,
    },
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct VerifyReport {
    /// Events read.
    pub events: u64,
    /// Records compared.
    pub records: u64,
    /// Problems in all.
    pub problem_count: u64,
    /// The first of them.
    pub problems: Vec<VerifyProblem>,
    /// The head of this platform's chain.
    pub head: Digest32,
    /// Hash over all records: equal on two platforms that hold the same facts.
    pub state_digest: Digest32,
}

impl VerifyReport {
    fn found(&mut self, problem: VerifyProblem) {
        self.problem_count += 1;
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }
}

/// A subject whatever its type, for replaying.
pub(crate) trait Replays: Send + Sync {
    fn kind(&self) -> &'static str;
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
                _ => return Ok(()),
            }
        }
    }

    fn needs_rebuild(&self, tx: &mut Tx) -> Result<bool, StorageError> {
        let sql = format!("SELECT 1 FROM {} WHERE shape <> ?1 LIMIT 1", S::TABLE);
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
        let mut states: HashMap<StreamId, S::State> = HashMap::new();
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

/// Applies one recorded event again.
trait Apply<S: Subject> {
    fn apply(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        states: &mut HashMap<StreamId, S::State>,
        raw: Raw,
    ) -> Result<(), StorageError>;
}

impl<S: Subject> Apply<S> for std::sync::Arc<S> {
    fn apply(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        ids: &kernel::IdSource,
        states: &mut HashMap<StreamId, S::State>,
        raw: Raw,
    ) -> Result<(), StorageError> {
        let recorded = opened(raw, Some(vault));
        let id = recorded.header.stream_id;
        let unreadable = |e: &dyn std::fmt::Display| StorageError::Other(format!("{} {id}: {e}", S::KIND));
        let event =
            S::Event::decode(&recorded.header.event_type, recorded.header.type_version, &recorded.parts)
                .map_err(|e| unreadable(&e))?;
        let stamp = stamp_of(&recorded);
        let old = states.remove(&id);
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
        states.insert(id, new);
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

type Folded = Result<Option<(String, i64)>, String>;

fn fold<S: Subject>(tx: &mut Tx, id: StreamId, vault: &Vault) -> Result<Folded, StorageError> {
    let mut state = None;
    let mut version = 0;
    for recorded in crate::events_of_stream(tx, id, Some(vault))? {
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

/// Walks the whole journal and every record, and says what does not add up. `progress` hears the events read.
///
/// # Errors
/// Whatever the database answers.
pub fn verify(
    tx: &mut Tx,
    engine: &crate::EngineBuilder,
    progress: &dyn Fn(u64),
) -> Result<VerifyReport, StorageError> {
    let mut report = VerifyReport::default();
    let mut walk = Walk { local: [0; 32], origins: HashMap::new() };
    loop {
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE position > ?1 ORDER BY position LIMIT ?2");
        let page = tx.query(&sql, params![report.events, PAGE], raw_event)?;
        let full = page.len() == PAGE;
        for raw in page {
            walk.step(raw, engine.vault(), &mut report);
        }
        progress(report.events);
        if !full {
            break;
        }
    }
    report.head = walk.local;
    let mut hasher = Sha256::new();
    for subject in engine.subjects() {
        hasher.update(subject.kind().as_bytes());
        subject.compare(tx, engine.vault(), &mut hasher, &mut report)?;
    }
    report.state_digest = hasher.finalize().into();
    Ok(report)
}

struct Walk {
    local: Digest32,
    origins: HashMap<(NodeId, u32), Digest32>,
}

impl Walk {
    fn step(&mut self, raw: Raw, vault: &Vault, report: &mut VerifyReport) {
        let position = raw.recorded.position;
        let expected = report.events + 1;
        if position != expected {
            report.found(VerifyProblem::Gap { expected, found: position });
        }
        report.events = position;
        check_parts(&raw, vault, report);
        let header = &raw.recorded.header;
        let digest = header.digest();
        let at: Timestamp = raw.recorded.recorded_at;
        let local = link_local(&self.local, position, at, &digest);
        if raw.local_chain != local {
            report.found(VerifyProblem::LocalChain { position });
        }
        let origin = self.origins.entry((header.node, header.epoch)).or_insert([0; 32]);
        let linked = link_origin(origin, &digest);
        if raw.origin_chain != linked {
            report.found(VerifyProblem::OriginChain { position });
        }
        // Going on from what is stored finds every break once instead of everything after the first.
        self.local = raw.local_chain.try_into().unwrap_or(local);
        *origin = raw.origin_chain.try_into().unwrap_or(linked);
    }
}

fn check_parts(raw: &Raw, vault: &Vault, report: &mut VerifyReport) {
    let personal = raw
        .sealed
        .as_ref()
        .map(|sealed| vault.open(sealed, raw.recorded.header.event_id.0.as_bytes()).unwrap_or_default());
    let core = (!raw.recorded.parts.core.is_empty()).then(|| raw.recorded.parts.core.clone().into_bytes());
    let text = raw.recorded.parts.text.clone().map(String::into_bytes);
    let parts = [(Part::Core, core), (Part::Text, text), (Part::Personal, personal)];
    for (((part, bytes), salt), digest) in parts.iter().zip(&raw.salts).zip(&raw.recorded.header.digests) {
        // A part that was lawfully erased, or never travelled here, leaves its digest behind.
        let Some(bytes) = bytes else { continue };
        let fits = salt
            .as_deref()
            .and_then(|salt| <&[u8; 16]>::try_from(salt).ok())
            .is_some_and(|salt| Some(digest_part(*part, salt, bytes)) == *digest);
        if !fits {
            report.found(VerifyProblem::PartAltered { position: raw.recorded.position, part: *part });
        }
    }
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
