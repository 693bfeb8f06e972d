//! Appending: positions, sequences and both hash chains.

use kernel::{Clock, IdSource, NodeId, Part, Timestamp};
use storage::{StorageError, Tx, params};

use crate::{
    Vault,
    envelope::{Digest32, Header, Salted, actor_kind_name, digest_part, link_local, link_origin},
    payload::Encoded,
};

/// Which platform this is, and since which restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// This platform.
    pub node: NodeId,
    /// Grows with each restore or clone.
    pub epoch: u32,
    /// Holds demonstration data: every page, print and export says so.
    pub demonstration: bool,
}

impl Identity {
    /// Reads it, or founds the platform.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn load_or_found(
        tx: &mut Tx,
        clock: &dyn Clock,
        ids: &IdSource,
        demonstration: bool,
    ) -> Result<Self, StorageError> {
        if let Some(found) = Self::load(tx)? {
            return Ok(found);
        }
        let identity = Self { node: ids.new_id(clock), epoch: crate::epoch::FIRST, demonstration };
        tx.begin()?;
        tx.execute(
            "INSERT INTO platform (single, node, epoch, created_at, demonstration) VALUES (1, ?1, ?2, ?3, ?4)",
            params![identity.node, identity.epoch, clock.now(), demonstration],
        )?;
        tx.commit()?;
        Ok(identity)
    }

    /// Reads it, if the platform was founded.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn load(tx: &mut Tx) -> Result<Option<Self>, StorageError> {
        tx.first("SELECT node, epoch, demonstration FROM platform", params![], |row| {
            Ok(Self {
                node: row.id(0)?,
                epoch: u32::try_from(row.int(1)?).unwrap_or(u32::MAX),
                demonstration: row.bool(2)?,
            })
        })
    }
}

/// Where the chains stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// Position of the newest event, 0 for none.
    pub position: u64,
    /// Sequence of the newest event of this node and epoch.
    pub sequence: u64,
    /// This platform's chain.
    pub local: Digest32,
    /// The chain of this node and epoch.
    pub origin: Digest32,
}

impl ChainHead {
    /// The start of a journal.
    pub const START: Self = Self { position: 0, sequence: 0, local: [0; 32], origin: [0; 32] };

    /// Reads where the chains stand.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn load(tx: &mut Tx, identity: Identity) -> Result<Self, StorageError> {
        let newest = tx.first(
            "SELECT position, local_chain FROM event ORDER BY position DESC LIMIT 1",
            params![],
            |row| Ok((row.int(0)?, row.blob(1)?)),
        )?;
        let Some((position, local)) = newest else { return Ok(Self::START) };
        let own = tx.first(
            // What is older than the epoch need not be looked through: a restore has written nothing yet.
            "SELECT sequence, origin_chain FROM event WHERE node = ?1 AND epoch = ?2 AND position >
                (SELECT coalesce(max(continues_position), 0) FROM platform_epoch WHERE epoch = ?2)
             ORDER BY position DESC LIMIT 1",
            params![identity.node, identity.epoch],
            |row| Ok((row.int(0)?, row.blob(1)?)),
        )?;
        let (sequence, origin) = own.unwrap_or((0, vec![0; 32]));
        Ok(Self {
            position: u64::try_from(position).unwrap_or(0),
            sequence: u64::try_from(sequence).unwrap_or(0),
            local: digest(&local)?,
            origin: digest(&origin)?,
        })
    }
}

pub(crate) fn digest(bytes: &[u8]) -> Result<Digest32, StorageError> {
    bytes.try_into().map_err(|_| StorageError::Other("a stored digest has the wrong length".to_owned()))
}

/// What the appender needs besides the header.
pub(crate) struct Appender<'a> {
    pub vault: &'a Vault,
    pub ids: &'a IdSource,
    pub now: Timestamp,
}

impl Appender<'_> {
    /// Gives the event its position and links, and writes it.
    pub(crate) fn append(
        &self,
        tx: &mut Tx,
        head: &mut ChainHead,
        header: &mut Header,
        encoded: &Encoded,
    ) -> Result<(), StorageError> {
        let salted = |part: Part, json: Option<&String>| -> Option<Salted> {
            json.map(|json| {
                let salt = self.ids.bytes();
                Salted { salt, digest: digest_part(part, &salt, json.as_bytes()) }
            })
        };
        let core = salted(Part::Core, Some(&encoded.core));
        let text = salted(Part::Text, encoded.text.as_ref());
        let personal = salted(Part::Personal, encoded.personal.as_ref());
        header.digests = [core, text, personal].map(|s| s.map(|s| s.digest));
        header.sequence = head.sequence + 1;
        let position = head.position + 1;
        let digest = header.digest();
        let origin = link_origin(&head.origin, &digest);
        let local = link_local(&head.local, position, self.now, &digest);
        let sealed = encoded
            .personal
            .as_ref()
            .map(|json| self.vault.seal(json.as_bytes(), header.event_id.0.as_bytes(), self.ids))
            .transpose()
            .map_err(|e| StorageError::Other(e.to_string()))?;
        let row =
            EventRow { header, encoded, sealed, salts: [core, text, personal], position, origin, local };
        row.insert(tx, self.now)?;
        *head = ChainHead { position, sequence: header.sequence, local, origin };
        Ok(())
    }
}

struct EventRow<'a> {
    header: &'a Header,
    encoded: &'a Encoded,
    sealed: Option<Vec<u8>>,
    salts: [Option<Salted>; 3],
    position: u64,
    origin: Digest32,
    local: Digest32,
}

impl EventRow<'_> {
    fn insert(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
        let h = self.header;
        let [core, text, personal] = &self.salts;
        let salt = |s: &'_ Option<Salted>| -> Option<[u8; 16]> { s.map(|s| s.salt) };
        let (core_salt, text_salt, personal_salt) = (salt(core), salt(text), salt(personal));
        let [core_digest, text_digest, personal_digest] = &h.digests;
        tx.write(
            "INSERT INTO event (position, event_id, node, epoch, sequence, stream_kind, stream_id, stream_version,
                event_type, type_version, unit_id, unit_path, actor_id, actor_kind, cause, command_id, rules,
                decided_at, recorded_at, hash_algorithm, core_part, core_salt, core_digest, text_part, text_salt,
                text_digest, personal_part, personal_salt, personal_digest, origin_chain, local_chain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)",
            params![
                self.position,
                h.event_id,
                h.node,
                h.epoch,
                h.sequence,
                &h.stream_kind,
                h.stream_id,
                h.stream_version,
                &h.event_type,
                h.type_version,
                h.unit_id,
                &h.unit_path,
                h.actor,
                actor_kind_name(h.actor_kind),
                h.cause,
                h.command_id,
                &h.rules,
                h.decided_at,
                now,
                h.algorithm.number(),
                &self.encoded.core,
                core_salt.as_ref(),
                core_digest.as_ref(),
                self.encoded.text.as_ref(),
                text_salt.as_ref(),
                text_digest.as_ref(),
                self.sealed.as_ref(),
                personal_salt.as_ref(),
                personal_digest.as_ref(),
                &self.origin,
                &self.local,
            ],
        )
    }
}
