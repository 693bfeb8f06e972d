//! Who signed in, tried to, and stopped being signed in: when, from which address, with what outcome. A chain of its
//! own like the log of reads; unlike it, rows end with [`limits::SIGN_IN_LOG_KEPT_MS`]. What was typed is never in it:
//! people type passwords into the field for the login.

use kernel::{ActorId, Timestamp, UnitId};
use sha2::{Digest, Sha256};
use storage::{Param, Row, StorageError, Tx, params};

use crate::{
    access_log::{AccessLogHead, AccessLogReport},
    limits,
};

/// Rows verified at a time.
const PAGE: usize = 2_000;

kernel::named! {
    /// What a row of the log of sign-ins says.
    pub enum SignInResult {
        /// Signed in.
        SignedIn = "signed_in",
        /// The password was right; a code, a password of one's own or a second factor is still missing.
        Unfinished = "unfinished",
        /// Wrong password.
        WrongPassword = "wrong_password",
        /// Wrong code of the second factor.
        WrongCode = "wrong_code",
        /// A login that nobody has.
        UnknownLogin = "unknown_login",
        /// The password was right, the account is suspended or its person has left.
        Suspended = "suspended",
        /// Refused without a look: too many failures before.
        Locked = "locked",
        /// A telephone was bound by its link.
        PhoneBound = "phone_bound",
        /// The number of a bound telephone was right.
        PhoneUnlocked = "phone_unlocked",
        /// The number of a bound telephone was wrong.
        WrongPin = "wrong_pin",
        /// Signed out; a bound telephone was locked.
        SignedOut = "signed_out",
        /// Ended by itself: unused for too long, or open for too long.
        TimedOut = "timed_out",
        /// Ended by somebody, by a new password, or because the account had too many.
        Ended = "ended",
        /// Failed tries that left no row of their own, and no row after them told of.
        PassedOver = "passed_over",
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInEntry {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub result: SignInResult,
    /// Whose account; `None` for a login that nobody has.
    pub account: Option<ActorId>,
    /// Where its person worked at the time.
    pub unit: Option<UnitId>,
    /// From where, as the trusted proxies tell it; empty where nobody asked.
    pub address: String,
    /// Failed tries since the row before that left no row of their own: there is room for so many only.
    pub passed_over: i64,
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct SignInFilter {
    /// Rows of this account.
    pub account: Option<ActorId>,
    /// Rows of this outcome.
    pub result: Option<SignInResult>,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Until then.
    pub to: Option<Timestamp>,
}

/// A condition with its parameters, numbered from 1.
type Condition = (String, Vec<Param<'static>>);

fn link(before: &[u8; 32], number: i64, entry: &SignInEntry) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"xiaoan/sign-in-log/1");
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(entry.at.0.to_be_bytes());
    // Nobody has the account or the unit that is all zeros.
    hasher.update(entry.account.unwrap_or(ActorId::NIL).0.as_bytes());
    hasher.update(entry.unit.unwrap_or(UnitId::NIL).0.as_bytes());
    hasher.update(entry.passed_over.to_be_bytes());
    for text in [entry.result.name(), &entry.address] {
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
pub fn sign_in_log_head(tx: &mut Tx) -> Result<AccessLogHead, StorageError> {
    let newest =
        tx.first("SELECT number, chain FROM sign_in_log ORDER BY number DESC LIMIT 1", params![], |row| {
            Ok((row.int(0)?, row.blob(1)?))
        })?;
    let Some((number, chain)) = newest else { return Ok(AccessLogHead::START) };
    let chain = chain
        .try_into()
        .map_err(|_| StorageError::Other(format!("sign-in log {number}: a link has the wrong length")))?;
    Ok(AccessLogHead { number, chain })
}

/// Writes a row about an account, or about a login that nobody has.
pub(crate) fn write(
    tx: &mut Tx,
    at: Timestamp,
    result: SignInResult,
    (account, address): (Option<ActorId>, &str),
    passed_over: i64,
) -> Result<(), StorageError> {
    let unit = match account {
        None => None,
        Some(account) => {
            tx.first("SELECT home_id FROM account WHERE id = ?1", params![account], |row| row.id(0))?
        }
    };
    let address = address.chars().take(limits::ADDRESS_CHARS).collect();
    let entry = SignInEntry { at, result, account, unit, address, passed_over };
    let head = sign_in_log_head(tx)?;
    let number = head.number + 1;
    tx.write(
        "INSERT INTO sign_in_log (number, at, result, account_id, unit_id, address, passed_over, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            number,
            entry.at,
            entry.result.name(),
            entry.account,
            entry.unit,
            &entry.address,
            entry.passed_over,
            &link(&head.chain, number, &entry)
        ],
    )
}

/// A bound telephone was locked by its owner.
///
/// # Errors
/// Whatever the database answers.
pub fn record_phone_locked(
    tx: &mut Tx,
    account: ActorId,
    address: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    write(tx, now, SignInResult::SignedOut, (Some(account), address), 0)
}

/// Tells of failed tries that left no row; writes nothing when there were none.
///
/// # Errors
/// Whatever the database answers.
pub fn record_passed_over(tx: &mut Tx, tries: i64, now: Timestamp) -> Result<(), StorageError> {
    if tries == 0 { Ok(()) } else { write(tx, now, SignInResult::PassedOver, (None, ""), tries) }
}

fn narrowed(scope: &Condition, filter: &SignInFilter) -> Condition {
    let mut params = scope.1.clone();
    // A login that nobody has is at no unit: whoever reads this log for some unit sees it.
    let mut parts = vec![format!("({} OR unit_id IS NULL)", scope.0)];
    let mut and = |text: &str, value: Param<'static>| {
        params.push(value);
        parts.push(format!("{text} ?{}", params.len()));
    };
    if let Some(account) = filter.account {
        and("account_id =", Param::from(account));
    }
    if let Some(result) = filter.result {
        and("result =", Param::from(result.name()));
    }
    if let Some(from) = filter.from {
        and("at >=", Param::from(from));
    }
    if let Some(to) = filter.to {
        and("at <=", Param::from(to));
    }
    (parts.join(" AND "), params)
}

/// Rows before a number (0: the newest), newest first, of the units that `scope` names: a condition on `unit_id` with
/// its parameters numbered from 1. Give it the scope of somebody who may read this log.
///
/// # Errors
/// Whatever the database answers.
pub fn sign_ins_listed(
    tx: &mut Tx,
    scope: &Condition,
    filter: &SignInFilter,
    before: i64,
    limit: usize,
) -> Result<Vec<(i64, SignInEntry)>, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(if before > 0 { before } else { i64::MAX }));
    params.push(Param::from(limit));
    let sql = format!(
        "{COLUMNS} WHERE {condition} AND number < ?{} ORDER BY number DESC LIMIT ?{}",
        params.len() - 1,
        params.len()
    );
    tx.query(&sql, &params, read)
}

/// How many rows [`sign_ins_listed`] would list; counted no further than `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn sign_ins_counted(
    tx: &mut Tx,
    scope: &Condition,
    filter: &SignInFilter,
    most: i64,
) -> Result<i64, StorageError> {
    let (condition, mut params) = narrowed(scope, filter);
    params.push(Param::from(most));
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM sign_in_log WHERE {condition} LIMIT ?{}) AS found",
        params.len()
    );
    tx.count(&sql, &params)
}

const COLUMNS: &str =
    "SELECT number, at, result, account_id, unit_id, address, passed_over, chain FROM sign_in_log";

fn read(row: &Row<'_>) -> Result<(i64, SignInEntry), StorageError> {
    let (number, result) = (row.int(0)?, row.text(2)?);
    let unknown = || StorageError::Other(format!("sign-in log {number}: the outcome {result} is unknown"));
    let entry = SignInEntry {
        at: row.time(1)?,
        result: SignInResult::named(&result).ok_or_else(unknown)?,
        account: row.opt_id(3)?,
        unit: row.opt_id(4)?,
        address: row.text(5)?,
        passed_over: row.int(6)?,
    };
    Ok((number, entry))
}

/// Recomputes the chain; `known` is a head that was kept elsewhere. The first row needs nothing before it when it is the
/// first of all, or so old that what stood before it was swept away.
///
/// # Errors
/// Whatever the database answers.
pub fn verify_sign_in_log(
    tx: &mut Tx,
    known: Option<AccessLogHead>,
    now: Timestamp,
) -> Result<AccessLogReport, StorageError> {
    let mut head = AccessLogHead::START;
    let mut holds_known = known.is_none_or(|known| known == AccessLogHead::START);
    let sql = format!("{COLUMNS} WHERE number > ?1 ORDER BY number LIMIT ?2");
    loop {
        // Rows numbered 0 or less would stand outside the chain.
        let after = if head.number == 0 { i64::MIN } else { head.number };
        let rows = tx.query(&sql, params![after, PAGE], |row| {
            // An outcome that no program writes is a row that was altered.
            Ok((row.int(0)?, read(row).ok(), row.time(1)?, row.blob(7)?))
        })?;
        if rows.is_empty() {
            return Ok(AccessLogReport { head, broken_at: None, holds_known });
        }
        for (number, entry, at, chain) in rows {
            let swept = head.number == 0 && number > 1 && at <= kept_since(now);
            let next = match <[u8; 32]>::try_from(chain) {
                Ok(chain) if swept => Some(chain),
                Ok(chain) if number == head.number + 1 => {
                    entry.map(|(_, entry)| link(&head.chain, number, &entry)).filter(|due| *due == chain)
                }
                Ok(_) | Err(_) => None,
            };
            let Some(chain) = next else {
                return Ok(AccessLogReport { head, broken_at: Some(number), holds_known });
            };
            head = AccessLogHead { number, chain };
            holds_known |= known == Some(head);
        }
    }
}

fn kept_since(now: Timestamp) -> Timestamp {
    now.plus_ms(-limits::SIGN_IN_LOG_KEPT_MS)
}

/// Deletes rows older than they are kept, but for the newest of them: the chain goes on from it. Once a minute.
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_sign_in_log(tx: &mut Tx, now: Timestamp) -> Result<u64, StorageError> {
    let newest_old = tx.first(
        "SELECT number FROM sign_in_log WHERE at <= ?1 ORDER BY at DESC, number DESC LIMIT 1",
        params![kept_since(now)],
        |row| row.int(0),
    )?;
    let Some(number) = newest_old else { return Ok(0) };
    tx.execute("DELETE FROM sign_in_log WHERE number < ?1", params![number])
}
