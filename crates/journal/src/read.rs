//! Reading the journal, and the neutral rows written beside it.

use kernel::{ActorId, EventId, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx, in_lists, params};

use crate::{
    Vault,
    envelope::{HashAlgorithm, Header, actor_kind_named},
    payload::StoredParts,
    subject::{Evidence, Subject},
};

/// An event as recorded on this platform.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its place in this platform's journal.
    pub position: u64,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// The envelope.
    pub header: Header,
    /// The parts that are here; `personal` opened if the key fits.
    pub parts: StoredParts,
}

pub(crate) const EVENT_COLUMNS: &str = "position, event_id, node, epoch, sequence, stream_kind, stream_id, \
    stream_version, event_type, type_version, unit_id, unit_path, actor_id, actor_kind, cause, command_id, rules, \
    decided_at, recorded_at, hash_algorithm, core_part, core_digest, text_part, text_digest, personal_part, \
    personal_digest, core_salt, text_salt, personal_salt, origin_chain, local_chain";

/// An event with everything its verification needs.
pub(crate) struct Raw {
    pub recorded: Recorded,
    pub sealed: Option<Vec<u8>>,
    pub salts: [Option<Vec<u8>>; 3],
    pub origin_chain: Vec<u8>,
    pub local_chain: Vec<u8>,
}

pub(crate) fn raw_event(row: &Row<'_>) -> Result<Raw, StorageError> {
    let bad = |what: &str| StorageError::Other(format!("event row: {what}"));
    let unsigned = |column: usize| -> Result<u64, StorageError> {
        u64::try_from(row.int(column)?).map_err(|_| bad("negative number"))
    };
    let digest = |column: usize| -> Result<Option<[u8; 32]>, StorageError> {
        row.opt_blob(column)?.map(|bytes| crate::chain::digest(&bytes)).transpose()
    };
    let header = Header {
        event_id: row.id(1)?,
        node: row.id(2)?,
        epoch: u32::try_from(row.int(3)?).map_err(|_| bad("epoch"))?,
        sequence: unsigned(4)?,
        stream_kind: row.text(5)?,
        stream_id: row.id(6)?,
        stream_version: unsigned(7)?,
        event_type: row.text(8)?,
        type_version: u16::try_from(row.int(9)?).map_err(|_| bad("type version"))?,
        unit_id: row.id(10)?,
        unit_path: row.text(11)?,
        actor: row.id(12)?,
        actor_kind: actor_kind_named(&row.text(13)?).ok_or_else(|| bad("actor kind"))?,
        cause: row.id(14)?,
        command_id: row.id(15)?,
        rules: row.text(16)?,
        decided_at: row.time(17)?,
        digests: [digest(21)?, digest(23)?, digest(25)?],
        algorithm: HashAlgorithm::from_number(row.int(19)?).ok_or_else(|| bad("hash algorithm"))?,
    };
    let parts =
        StoredParts { core: row.opt_text(20)?.unwrap_or_default(), text: row.opt_text(22)?, personal: None };
    Ok(Raw {
        recorded: Recorded { position: unsigned(0)?, recorded_at: row.time(18)?, header, parts },
        sealed: row.opt_blob(24)?,
        salts: [row.opt_blob(26)?, row.opt_blob(27)?, row.opt_blob(28)?],
        origin_chain: row.blob(29)?,
        local_chain: row.blob(30)?,
    })
}

/// Opens the personal part if there is one and the key fits; an erased or foreign one stays away.
pub(crate) fn opened(mut raw: Raw, vault: Option<&Vault>) -> Recorded {
    if let (Some(vault), Some(sealed)) = (vault, &raw.sealed) {
        raw.recorded.parts.personal = vault
            .open(sealed, raw.recorded.header.event_id.0.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
    }
    raw.recorded
}

/// All events of a stream, oldest first. Personal parts are opened only for a caller who hands over the vault.
///
/// # Errors
/// Whatever the database answers.
pub fn events_of_stream(
    tx: &mut Tx,
    stream: StreamId,
    vault: Option<&Vault>,
) -> Result<Vec<Recorded>, StorageError> {
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE stream_id = ?1 ORDER BY stream_version");
    tx.query(&sql, params![stream], |row| Ok(opened(raw_event(row)?, vault)))
}

/// The first event of a stream. Its personal part is opened only for a caller who hands over the vault.
///
/// # Errors
/// Whatever the database answers.
pub fn first_event(
    tx: &mut Tx,
    stream: StreamId,
    vault: Option<&Vault>,
) -> Result<Option<Recorded>, StorageError> {
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE stream_id = ?1 AND stream_version = 1");
    tx.first(&sql, params![stream], |row| Ok(opened(raw_event(row)?, vault)))
}

/// Up to `limit` events after a position, in order of position.
///
/// # Errors
/// Whatever the database answers.
pub fn events_after(
    tx: &mut Tx,
    position: u64,
    limit: usize,
    vault: Option<&Vault>,
) -> Result<Vec<Recorded>, StorageError> {
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE position > ?1 ORDER BY position LIMIT ?2");
    tx.query(&sql, params![position, limit], |row| Ok(opened(raw_event(row)?, vault)))
}

/// The events at some positions, newest first, without their personal parts. A position that nothing is at is left out.
///
/// # Errors
/// Whatever the database answers.
pub fn events_at(tx: &mut Tx, positions: &[u64]) -> Result<Vec<Recorded>, StorageError> {
    let mut found = Vec::with_capacity(positions.len());
    for (marks, values) in in_lists(positions) {
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE position IN ({marks})");
        found.extend(tx.query(&sql, &values, |row| Ok(opened(raw_event(row)?, None)))?);
    }
    found.sort_unstable_by_key(|recorded| std::cmp::Reverse(recorded.position));
    Ok(found)
}

/// Whose events are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's, everywhere.
    Any,
    /// What an account did.
    Actor(ActorId),
    /// What concerns a unit: its own record, and whatever happened there.
    Unit(UnitId),
}

/// Events that share one section of the indexes by unit and actor. Within a section they lie close together, so that
/// a commit touches a few pages of its newest section instead of one for each unit and actor of the whole past.
/// The number is written into the indexes.
const SECTION: u64 = 1_024;
/// Sections asked for at once, when the newer ones did not hold enough.
const SECTIONS: u64 = 64;

/// When the newest event was recorded here; `None` in an empty journal.
///
/// # Errors
/// Whatever the database answers.
pub fn recorded_last(tx: &mut Tx) -> Result<Option<Timestamp>, StorageError> {
    tx.first("SELECT recorded_at FROM event ORDER BY position DESC LIMIT 1", params![], |row| row.time(0))
}

/// Positions of the newest events before `before` that meet `condition` (its parameters numbered from 1), newest
/// first.
///
/// # Errors
/// Whatever the database answers.
pub fn newest_positions(
    tx: &mut Tx,
    whose: Whose,
    condition: &(String, Vec<Param<'static>>),
    before: u64,
    limit: usize,
) -> Result<Vec<u64>, StorageError> {
    let search = Positions { condition, before, limit };
    match whose {
        Whose::Any => search.find(tx, "position > 0", &[], limit),
        Whose::Actor(actor) => search.by_section(tx, "actor_id", actor.into()),
        Whose::Unit(unit) => {
            let mut found = search.by_section(tx, "unit_id", unit.into())?;
            // A unit's own entering belongs to the unit it was put under.
            found.extend(search.find(tx, "stream_id = ?", &[unit.into()], limit)?);
            found.sort_unstable_by(|a, b| b.cmp(a));
            found.dedup();
            found.truncate(limit);
            Ok(found)
        }
    }
}

/// How many events [`newest_positions`] would find; counted no further than `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn counted(
    tx: &mut Tx,
    whose: Whose,
    condition: &(String, Vec<Param<'static>>),
    most: i64,
) -> Result<i64, StorageError> {
    if whose != Whose::Any {
        // Only the search knows the sections of their indexes.
        let limit = usize::try_from(most).unwrap_or(usize::MAX);
        let found = newest_positions(tx, whose, condition, u64::MAX, limit)?;
        return Ok(i64::try_from(found.len()).unwrap_or(i64::MAX));
    }
    let (condition, mut params) = condition.clone();
    params.push(most.into());
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM event WHERE {condition} LIMIT ?{}) AS found",
        params.len()
    );
    tx.count(&sql, &params)
}

struct Positions<'a> {
    condition: &'a (String, Vec<Param<'static>>),
    before: u64,
    limit: usize,
}

impl Positions<'_> {
    fn by_section(&self, tx: &mut Tx, column: &str, id: Param<'static>) -> Result<Vec<u64>, StorageError> {
        let newest = tx.count("SELECT MAX(position) FROM event", params![])?;
        let last = u64::try_from(newest).unwrap_or(0).min(self.before.saturating_sub(1));
        let mut found = Vec::new();
        let mut above = last / SECTION + 1;
        let mut together = 1;
        while above > 0 && found.len() < self.limit {
            let from = above.saturating_sub(together);
            let sections: Vec<Param<'static>> = (from..above).map(Param::from).collect();
            let marks = vec!["?"; sections.len()].join(", ");
            let narrow = format!("(position / {SECTION}) IN ({marks}) AND {column} = ?");
            let values: Vec<Param<'static>> = sections.into_iter().chain([id]).collect();
            let rest = self.limit - found.len();
            found.extend(self.find(tx, &narrow, &values, rest)?);
            above = from;
            together = (together * 4).min(SECTIONS);
        }
        Ok(found)
    }

    /// `narrow` has a `?` for each of `values`.
    fn find(
        &self,
        tx: &mut Tx,
        narrow: &str,
        values: &[Param<'static>],
        limit: usize,
    ) -> Result<Vec<u64>, StorageError> {
        let (condition, mut params) = self.condition.clone();
        let mut numbered = String::with_capacity(narrow.len() + 8);
        let mut values = values.iter();
        for piece in narrow.split_inclusive('?') {
            numbered.push_str(piece);
            if piece.ends_with('?') {
                params.extend(values.next());
                numbered.push_str(&params.len().to_string());
            }
        }
        params.push(self.before.into());
        let before = params.len();
        params.push(limit.into());
        let sql = format!(
            "SELECT position FROM event WHERE {numbered} AND position < ?{before} AND {condition}
             ORDER BY position DESC LIMIT ?{}",
            params.len()
        );
        tx.query(&sql, &params, |row| Ok(u64::try_from(row.int(0)?).unwrap_or(0)))
    }
}

pub(crate) fn write_evidence(
    tx: &mut Tx,
    position: u64,
    header: &Header,
    rows: &[Evidence],
) -> Result<(), StorageError> {
    for (number, row) in rows.iter().enumerate() {
        tx.write(
            "INSERT INTO evidence (position, number, kind, measure, unit_id, stream_id, day, amount)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                position,
                number,
                row.kind,
                row.measure,
                header.unit_id,
                header.stream_id,
                header.decided_at.day_number(),
                row.amount
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn write_clocks<S: Subject>(
    tx: &mut Tx,
    id: StreamId,
    old: Option<&S::State>,
    new: &S::State,
) -> Result<(), StorageError> {
    let before = old.map(S::clocks).unwrap_or_default();
    let after = S::clocks(new);
    for gone in before.iter().filter(|b| !after.iter().any(|a| a.name == b.name)) {
        tx.write("DELETE FROM clock WHERE stream_id = ?1 AND name = ?2", params![id, gone.name])?;
    }
    // A stream that moved to another unit takes its clocks along.
    let moved = old.is_some_and(|old| S::unit_of(old) != S::unit_of(new));
    for clock in after.iter().filter(|a| moved || !before.contains(a)) {
        tx.write(
            "INSERT INTO clock (stream_id, name, stream_kind, unit_id, started_at, due_at, next_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (stream_id, name) DO UPDATE SET
                unit_id = excluded.unit_id, started_at = excluded.started_at,
                due_at = excluded.due_at, next_at = excluded.next_at",
            params![id, clock.name, S::KIND, S::unit_of(new), clock.started, clock.due, clock.next],
        )?;
    }
    Ok(())
}

/// Who acted, for the sentence of a timeline: nil is the platform itself.
impl Recorded {
    /// The account that acted.
    pub fn actor(&self) -> ActorId {
        self.header.actor
    }

    /// The event's id.
    pub fn id(&self) -> EventId {
        self.header.event_id
    }
}
