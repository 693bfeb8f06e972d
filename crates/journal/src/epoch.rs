//! Epochs: a restored or cloned platform goes on under a new one, so that a restore shows as a restore and never as
//! tampering, and two copies of one backup are never taken for one another.

use std::collections::BTreeMap;

use kernel::{Clock, IdSource, Timestamp};
use storage::{StorageError, Tx, params};

use crate::{
    ChainHead, Identity,
    envelope::Digest32,
    verify::{VerifyProblem, VerifyReport},
};

/// The epoch a platform is founded with.
pub(crate) const FIRST: u32 = 1;

/// An epoch that was opened on what an earlier one had written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Its number; grows with every restore, by more than one.
    pub number: u32,
    /// When.
    pub opened_at: Timestamp,
    /// The last position written before, 0 for none.
    pub continues_position: u64,
    /// The head of this platform's chain at that position.
    pub continues_head: Digest32,
}

/// Opens a new epoch on a restored or cloned platform and names the head it continues from. The step is drawn: two
/// restores of one backup must not write different events under the same number. The caller holds the writer lease.
///
/// # Errors
/// Whatever the database answers; a platform that was never founded.
pub fn open_epoch(tx: &mut Tx, clock: &dyn Clock, ids: &IdSource) -> Result<Identity, StorageError> {
    let old = Identity::load(tx)?
        .ok_or_else(|| StorageError::Other("there is no platform to continue".to_owned()))?;
    let head = ChainHead::load(tx, old)?;
    let step = u32::from(u16::from_be_bytes(ids.bytes())) + 1;
    let new = Identity { epoch: old.epoch.saturating_add(step), ..old };
    tx.begin()?;
    tx.execute("UPDATE platform SET epoch = ?1", params![new.epoch])?;
    tx.execute(
        "INSERT INTO platform_epoch (epoch, opened_at, continues_position, continues_head) VALUES (?1, ?2, ?3, ?4)",
        params![new.epoch, clock.now(), head.position, &head.local],
    )?;
    tx.commit()?;
    Ok(new)
}

/// Every epoch after the first, oldest first.
///
/// # Errors
/// Whatever the database answers.
pub fn epochs(tx: &mut Tx) -> Result<Vec<Epoch>, StorageError> {
    tx.query(
        "SELECT epoch, opened_at, continues_position, continues_head FROM platform_epoch ORDER BY epoch",
        params![],
        |row| {
            Ok(Epoch {
                number: u32::try_from(row.int(0)?).unwrap_or(u32::MAX),
                opened_at: row.time(1)?,
                continues_position: u64::try_from(row.int(2)?).unwrap_or(0),
                continues_head: crate::chain::digest(&row.blob(3)?)?,
            })
        },
    )
}

/// Compares the epochs of this platform's events with those that were opened, while the journal is walked.
pub(crate) struct EpochWalk {
    opened: Vec<Epoch>,
    /// This platform's chain where an epoch says that it continues.
    heads: BTreeMap<u64, Digest32>,
    /// Position of the first own event of each epoch.
    first: BTreeMap<u32, u64>,
}

impl EpochWalk {
    pub(crate) fn new(tx: &mut Tx) -> Result<Self, StorageError> {
        let opened = epochs(tx)?;
        let heads = opened.iter().map(|epoch| (epoch.continues_position, [0; 32])).collect();
        Ok(Self { opened, heads, first: BTreeMap::new() })
    }

    /// An event stands at `position`, and the chain at `local` behind it.
    pub(crate) fn step(&mut self, position: u64, own_epoch: Option<u32>, local: &Digest32) {
        if let Some(head) = self.heads.get_mut(&position) {
            *head = *local;
        }
        if let Some(epoch) = own_epoch {
            self.first.entry(epoch).or_insert(position);
        }
    }

    pub(crate) fn end(self, identity: Option<Identity>, report: &mut VerifyReport) {
        let mut found = |epoch, reason: &str| {
            report.found(VerifyProblem::Epoch { epoch, reason: reason.to_owned() });
        };
        for epoch in &self.opened {
            if self.heads.get(&epoch.continues_position) != Some(&epoch.continues_head) {
                found(epoch.number, "it continues a chain that is not this one");
            }
            if self.first.get(&epoch.number).is_some_and(|first| *first <= epoch.continues_position) {
                found(epoch.number, "it has events from before it was opened");
            }
        }
        for number in self.first.keys().filter(|number| **number != FIRST) {
            if !self.opened.iter().any(|epoch| epoch.number == *number) {
                found(*number, "it has events and was never opened");
            }
        }
        let newest = self.opened.last().map_or(FIRST, |epoch| epoch.number);
        if let Some(identity) = identity
            && identity.epoch != newest
        {
            found(identity.epoch, "the platform is in it, and it is not the one opened last");
        }
        report.epochs = self.opened;
    }
}
