//! Does the past still add up?

use std::collections::HashMap;

use kernel::{NodeId, Part, StreamId, Timestamp};
use sha2::{Digest, Sha256};
use storage::{Row, StorageError, Tx, params};

use crate::{
    Epoch, Identity, Vault,
    envelope::{Digest32, digest_part, link_local, link_origin},
    epoch::EpochWalk,
    read::{EVENT_COLUMNS, Raw, raw_event},
    replay::PAGE,
};

/// Problems that a report lists; more are only counted.
pub(crate) const LISTED: usize = 50;

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
    /// A row that does not even have the form of an event.
    Unreadable {
        /// Where.
        position: u64,
        /// In words.
        reason: String,
    },
    /// Something was acknowledged at a position after the journal's end: its tail was cut off.
    Tail {
        /// The last position there is.
        head: u64,
        /// The position that was acknowledged.
        acknowledged: u64,
    },
    /// A part does not match its digest, or is gone without having been erased.
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
    /// An epoch does not follow from what was opened: a restore was hidden or made up.
    Epoch {
        /// Its number.
        epoch: u32,
        /// In words.
        reason: String,
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
    /// Restores this journal has seen, oldest first.
    pub epochs: Vec<Epoch>,
    /// The head of this platform's chain.
    pub head: Digest32,
    /// Hash over all records: equal on two platforms that hold the same facts.
    pub state_digest: Digest32,
}

impl VerifyReport {
    pub(crate) fn found(&mut self, problem: VerifyProblem) {
        self.problem_count += 1;
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }
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
    let mut report = verify_past(tx, Some(engine.vault()), progress)?;
    let mut hasher = Sha256::new();
    for subject in engine.subjects() {
        hasher.update(subject.kind().as_bytes());
        subject.compare(tx, engine.vault(), &mut hasher, &mut report)?;
    }
    report.state_digest = hasher.finalize().into();
    Ok(report)
}

/// Walks the journal alone and compares it with no record. Without a key the personal parts, which are sealed, are
/// passed over; both chains and every other part are checked.
///
/// # Errors
/// Whatever the database answers.
pub fn verify_past(
    tx: &mut Tx,
    vault: Option<&Vault>,
    progress: &dyn Fn(u64),
) -> Result<VerifyReport, StorageError> {
    let mut report = VerifyReport::default();
    let identity = Identity::load(tx)?;
    let own = identity.map(|identity| identity.node);
    let mut walk = Walk { local: [0; 32], origins: HashMap::new(), own, epochs: EpochWalk::new(tx)? };
    if tx.count("SELECT COUNT(*) FROM event WHERE position < 1", params![])? > 0 {
        report.found(VerifyProblem::Gap { expected: 1, found: 0 });
    }
    loop {
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE position > ?1 ORDER BY position LIMIT ?2");
        let page = tx.query(&sql, params![report.events, PAGE], |row| Ok(Stored::read(row)))?;
        let full = page.len() == PAGE;
        for stored in page {
            walk.step(stored, vault, &mut report);
        }
        progress(report.events);
        if !full {
            break;
        }
    }
    report.head = walk.local;
    walk.epochs.end(identity, &mut report);
    tail(tx, &mut report)?;
    Ok(report)
}

/// The chain cannot know how long it was; who was answered does.
fn tail(tx: &mut Tx, report: &mut VerifyReport) -> Result<(), StorageError> {
    let last = tx.count("SELECT MAX(position) FROM command_done", params![])?;
    let acknowledged = u64::try_from(last).unwrap_or(0);
    if acknowledged > report.events {
        report.found(VerifyProblem::Tail { head: report.events, acknowledged });
    }
    Ok(())
}

/// A row of the journal, whatever its state.
enum Stored {
    Whole(Box<Raw>),
    Broken { position: u64, local_chain: Option<Vec<u8>>, reason: String },
}

impl Stored {
    fn read(row: &Row<'_>) -> Self {
        match raw_event(row) {
            Ok(raw) => Self::Whole(Box::new(raw)),
            Err(error) => Self::Broken {
                position: row.int(0).ok().and_then(|p| u64::try_from(p).ok()).unwrap_or(0),
                local_chain: row.blob(30).ok(),
                reason: error.to_string(),
            },
        }
    }
}

struct Walk {
    local: Digest32,
    origins: HashMap<(NodeId, u32), Digest32>,
    /// This platform, whose own events always have their core.
    own: Option<NodeId>,
    epochs: EpochWalk,
}

impl Walk {
    fn step(&mut self, stored: Stored, vault: Option<&Vault>, report: &mut VerifyReport) {
        let position = match &stored {
            Stored::Whole(raw) => raw.recorded.position,
            Stored::Broken { position, .. } => *position,
        };
        let expected = report.events + 1;
        if position != expected {
            report.found(VerifyProblem::Gap { expected, found: position });
        }
        report.events = position;
        let raw = match stored {
            Stored::Whole(raw) => raw,
            Stored::Broken { local_chain, reason, .. } => {
                report.found(VerifyProblem::Unreadable { position, reason });
                self.local = local_chain.and_then(|chain| chain.try_into().ok()).unwrap_or(self.local);
                return;
            }
        };
        check_parts(&raw, vault, self.own, report);
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
        let own_epoch = (self.own == Some(header.node)).then_some(header.epoch);
        self.epochs.step(position, own_epoch, &self.local);
    }
}

fn check_parts(raw: &Raw, vault: Option<&Vault>, own: Option<NodeId>, report: &mut VerifyReport) {
    let header = &raw.recorded.header;
    let personal = raw
        .sealed
        .as_ref()
        .zip(vault)
        .map(|(sealed, vault)| vault.open(sealed, header.event_id.0.as_bytes()).unwrap_or_default());
    let unopened = raw.sealed.is_some() && vault.is_none();
    let core = (!raw.recorded.parts.core.is_empty()).then_some(raw.recorded.parts.core.as_bytes());
    let text = raw.recorded.parts.text.as_deref().map(str::as_bytes);
    let parts = [(Part::Core, core), (Part::Text, text), (Part::Personal, personal.as_deref())];
    for (((part, bytes), salt), digest) in parts.into_iter().zip(&raw.salts).zip(&header.digests) {
        if part == Part::Personal && unopened {
            continue;
        }
        let fits = match (bytes, salt.as_deref()) {
            (Some(bytes), Some(salt)) => {
                <&[u8; 16]>::try_from(salt).is_ok_and(|salt| Some(digest_part(part, salt, bytes)) == *digest)
            }
            // A part that never travelled here leaves its digest behind and no salt. Our own events were written
            // whole, and no command erases: when one does, its event will name the parts that may be gone.
            (None, None) => digest.is_none() || own != Some(header.node),
            _ => false,
        };
        if !fits {
            report.found(VerifyProblem::PartAltered { position: raw.recorded.position, part });
        }
    }
}
