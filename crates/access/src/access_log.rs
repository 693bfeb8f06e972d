//! Who read which personal data, when and why. A chain of its own: a row that was altered, removed or reordered shows.

use kernel::{ActorId, StreamId, Timestamp, UnitId};
use sha2::{Digest, Sha256};
use storage::{Param, StorageError, Tx, params};

use crate::limits;

/// Rows verified at a time.
const PAGE: usize = 2_000;

/// One read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRead {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub account: ActorId,
    /// What kind of thing: `person.contact`.
    pub what: String,
    /// Whose record.
    pub subject: StreamId,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Why, or by which page; cut to [`limits::REASON_CHARS`].
    pub why: String,
}

/// Where the chain of the access log stands. Kept elsewhere, it shows a log whose end was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessLogHead {
    /// Number of the newest row, 0 for none.
    pub number: i64,
    /// Its link.
    pub chain: [u8; 32],
}

impl AccessLogHead {
    /// Of an empty log.
    pub const START: Self = Self { number: 0, chain: [0; 32] };
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessLogReport {
    /// Where the chain stands as far as it holds.
    pub head: AccessLogHead,
    /// The first row that does not fit what comes before it.
    pub broken_at: Option<i64>,
    /// The head that was kept elsewhere is part of this chain; `true` when none was given.
    pub holds_known: bool,
}

impl AccessLogReport {
    /// True when nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.broken_at.is_none() && self.holds_known
    }
}

fn link(before: &[u8; 32], number: i64, read: &AccessRead) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"xiaoan/access-log/1");
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(read.at.0.to_be_bytes());
    hasher.update(read.account.0.as_bytes());
    hasher.update(read.subject.0.as_bytes());
    hasher.update(read.unit.0.as_bytes());
    for text in [&read.what, &read.why] {
        // With its length before it, no text can pass for the beginning of the next.
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().into()
}

/// Where the chain stands.
///
/// # Errors
/// Whatever the database answers.
pub fn access_log_head(tx: &mut Tx) -> Result<AccessLogHead, StorageError> {
    let newest =
        tx.first("SELECT number, chain FROM access_log ORDER BY number DESC LIMIT 1", params![], |row| {
            Ok((row.int(0)?, row.blob(1)?))
        })?;
    let Some((number, chain)) = newest else { return Ok(AccessLogHead::START) };
    let chain = chain
        .try_into()
        .map_err(|_| StorageError::Other(format!("access log {number}: a link has the wrong length")))?;
    Ok(AccessLogHead { number, chain })
}

/// Writes reads, in order. Write them before the page is answered.
///
/// # Errors
/// Whatever the database answers.
pub fn record_reads(tx: &mut Tx, reads: &[AccessRead]) -> Result<AccessLogHead, StorageError> {
    let mut head = access_log_head(tx)?;
    for read in reads {
        let mut read = read.clone();
        read.why = read.why.chars().take(limits::REASON_CHARS).collect();
        read.what = read.what.chars().take(limits::REASON_CHARS).collect();
        let number = head.number + 1;
        head = AccessLogHead { number, chain: link(&head.chain, number, &read) };
        tx.write(
            "INSERT INTO access_log (number, read_at, account_id, what, subject_id, unit_id, why, chain)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                number,
                read.at,
                read.account,
                &read.what,
                read.subject,
                read.unit,
                &read.why,
                &head.chain
            ],
        )?;
    }
    Ok(head)
}

/// Rows after a number, oldest first.
///
/// # Errors
/// Whatever the database answers.
pub fn reads_after(tx: &mut Tx, number: i64, limit: usize) -> Result<Vec<(i64, AccessRead)>, StorageError> {
    Ok(page(tx, number, limit)?.into_iter().map(|(number, read, _)| (number, read)).collect())
}

/// What the list of reads is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ReadFilter {
    /// Reads of this account.
    pub account: Option<ActorId>,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Until then.
    pub to: Option<Timestamp>,
}

/// A condition with its parameters, numbered from 1.
type Condition = (String, Vec<Param<'static>>);

fn narrowed(scope: &Condition, filter: &ReadFilter) -> Condition {
    let mut params = scope.1.clone();
    let mut parts = vec![scope.0.clone()];
    let asked = [
        ("account_id =", filter.account.map(Param::from)),
        ("read_at >=", filter.from.map(Param::from)),
        ("read_at <=", filter.to.map(Param::from)),
    ];
    for (text, value) in asked.into_iter().filter_map(|(text, value)| Some((text, value?))) {
        params.push(value);
        parts.push(format!("{text} ?{}", params.len()));
    }
    (parts.join(" AND "), params)
}

/// Rows before a number (0: the newest), newest first, of the units that `scope` names: a condition on `unit_id`
/// with its parameters numbered from 1.
///
/// # Errors
/// Whatever the database answers.
pub fn reads_listed(
    tx: &mut Tx,
    scope: &Condition,
    filter: &ReadFilter,
    before: i64,
    limit: usize,
) -> Result<Vec<(i64, AccessRead)>, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(if before > 0 { before } else { i64::MAX }));
    params.push(Param::from(limit));
    let sql = format!(
        "SELECT number, read_at, account_id, what, subject_id, unit_id, why FROM access_log
         WHERE {condition} AND number < ?{} ORDER BY number DESC LIMIT ?{}",
        params.len() - 1,
        params.len()
    );
    tx.query(&sql, &params, |row| {
        let read = AccessRead {
            at: row.time(1)?,
            account: row.id(2)?,
            what: row.text(3)?,
            subject: row.id(4)?,
            unit: row.id(5)?,
            why: row.text(6)?,
        };
        Ok((row.int(0)?, read))
    })
}

/// How many rows [`reads_listed`] would list; counted no further than `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn reads_counted(
    tx: &mut Tx,
    scope: &Condition,
    filter: &ReadFilter,
    most: i64,
) -> Result<i64, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(most));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM access_log WHERE {condition} LIMIT ?{}) AS found",
        params.len()
    );
    tx.count(&sql, &params)
}

type Linked = (i64, AccessRead, Vec<u8>);

fn page(tx: &mut Tx, after: i64, limit: usize) -> Result<Vec<Linked>, StorageError> {
    tx.query(
        "SELECT number, read_at, account_id, what, subject_id, unit_id, why, chain FROM access_log
         WHERE number > ?1 ORDER BY number LIMIT ?2",
        params![after, limit],
        |row| {
            let read = AccessRead {
                at: row.time(1)?,
                account: row.id(2)?,
                what: row.text(3)?,
                subject: row.id(4)?,
                unit: row.id(5)?,
                why: row.text(6)?,
            };
            Ok((row.int(0)?, read, row.blob(7)?))
        },
    )
}

/// Recomputes the chain; `known` is a head that was kept elsewhere.
///
/// # Errors
/// Whatever the database answers.
pub fn verify_access_log(tx: &mut Tx, known: Option<AccessLogHead>) -> Result<AccessLogReport, StorageError> {
    let mut head = AccessLogHead::START;
    let mut holds_known = known.is_none_or(|known| known == AccessLogHead::START);
    loop {
        // Rows numbered 0 or less would stand outside the chain.
        let after = if head.number == 0 { i64::MIN } else { head.number };
        let rows = page(tx, after, PAGE)?;
        if rows.is_empty() {
            return Ok(AccessLogReport { head, broken_at: None, holds_known });
        }
        for (number, read, chain) in rows {
            let expected = link(&head.chain, head.number + 1, &read);
            if number != head.number + 1 || chain != expected {
                return Ok(AccessLogReport { head, broken_at: Some(number), holds_known });
            }
            head = AccessLogHead { number, chain: expected };
            holds_known |= known == Some(head);
        }
    }
}
