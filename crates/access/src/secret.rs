//! Secrets of accounts: working data that no event ever holds, so that a rebuild cannot lose them and an export
//! cannot show them. Every function here runs inside a transaction of the writer.

use journal::Vault;
use kernel::{ActorId, IdSource, Problem, Timestamp};
use storage::{Row, StorageError, Tx, params};

use crate::{guessing, limits, password::HashedPassword, totp};

/// Without 0, 1, I, L, O: read from paper and told over the telephone.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Single-use codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// Instead of a lost second factor.
    Recovery,
    /// Printed for the first sign-in, valid until a password was set.
    Printed,
}

impl CodeKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Printed => "printed",
        }
    }
}

/// What is kept of an account's secrets.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    pub hash: Option<String>,
    pub must_change: bool,
    pub failed: i64,
    pub locked_until: Timestamp,
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_confirmed: bool,
    pub totp_last_step: i64,
}

/// How an account's secrets stand, for its page: no secret in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretStatus {
    /// It has a password of its own.
    pub has_password: bool,
    /// A slip with a code was printed that nobody has used yet; until when it is good.
    pub slip_until: Option<Timestamp>,
    /// It must be changed at the next sign-in.
    pub must_change: bool,
    /// It is locked until then, for some source or for all strangers.
    pub locked_until: Option<Timestamp>,
    /// It has a second factor.
    pub second_factor: bool,
    /// Recovery codes left.
    pub recovery_codes: i64,
}

/// When whom an account is locked for, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockSettings {
    /// Failures in a row of one source.
    pub failures: i64,
    /// Failures of all strangers together.
    pub strangers: i64,
    /// For how long.
    pub lock_ms: i64,
}

impl Default for LockSettings {
    fn default() -> Self {
        Self { failures: 5, strangers: 50, lock_ms: 30 * Timestamp::MINUTE_MS }
    }
}

pub(crate) fn fault(problem: &Problem) -> StorageError {
    StorageError::Other(problem.to_string())
}

fn read(row: &Row<'_>) -> Result<Secrets, StorageError> {
    Ok(Secrets {
        hash: row.opt_text(0)?,
        must_change: row.bool(1)?,
        failed: row.int(2)?,
        locked_until: row.time(3)?,
        totp_sealed: row.opt_blob(4)?,
        totp_confirmed: row.bool(5)?,
        totp_last_step: row.int(6)?,
    })
}

pub(crate) fn secrets(tx: &mut Tx, account: ActorId) -> Result<Secrets, StorageError> {
    let found = tx.first(
        "SELECT hash, must_change, failed, locked_until, totp_sealed, totp_confirmed, totp_last_step
         FROM account_secret WHERE account_id = ?1",
        params![account],
        read,
    )?;
    Ok(found.unwrap_or_default())
}

/// How an account's secrets stand.
///
/// # Errors
/// Whatever the database answers.
pub fn secret_status(tx: &mut Tx, account: ActorId, now: Timestamp) -> Result<SecretStatus, StorageError> {
    let secrets = secrets(tx, account)?;
    let codes = "SELECT count(*) FROM account_code WHERE account_id = ?1 AND kind = ?2";
    let slip = "SELECT expires_at FROM account_code WHERE account_id = ?1 AND kind = ?2 AND expires_at > ?3";
    let slip = tx.first(slip, params![account, CodeKind::Printed.name(), now], |row| row.time(0))?;
    Ok(SecretStatus {
        has_password: secrets.hash.is_some(),
        slip_until: slip,
        must_change: secrets.must_change,
        locked_until: Some(secrets.locked_until.max(guessing::last_lock(tx, account)?))
            .filter(|until| *until > now),
        second_factor: secrets.totp_confirmed,
        recovery_codes: tx.count(codes, params![account, CodeKind::Recovery.name()])?,
    })
}

fn enter(tx: &mut Tx, account: ActorId) -> Result<(), StorageError> {
    tx.write(
        "INSERT INTO account_secret (account_id, hash, must_change, changed_at, failed, locked_until,
            totp_sealed, totp_confirmed, totp_last_step)
         VALUES (?1, NULL, TRUE, 0, 0, 0, NULL, FALSE, 0) ON CONFLICT (account_id) DO NOTHING",
        params![account],
    )
}

/// Stores a password. Printed codes lapse, a lock is lifted.
///
/// # Errors
/// Whatever the database answers.
pub fn store_password(
    tx: &mut Tx,
    account: ActorId,
    hash: &HashedPassword,
    must_change: bool,
    now: Timestamp,
) -> Result<(), StorageError> {
    enter(tx, account)?;
    tx.write(
        "UPDATE account_secret SET hash = ?2, must_change = ?3, changed_at = ?4 WHERE account_id = ?1",
        params![account, hash.as_str(), must_change, now],
    )?;
    guessing::forget_all(tx, account)?;
    clear_codes(tx, account, CodeKind::Printed)
}

/// Takes the password away and gives a code to print instead: for a new account and for a reset. All sessions end.
/// The caller has had `AccountCommand::RecordPasswordSet { by_reset: true }` accepted before.
///
/// # Errors
/// Whatever the database answers.
pub fn issue_printed_code(
    tx: &mut Tx,
    vault: &Vault,
    ids: &IdSource,
    account: ActorId,
    now: Timestamp,
) -> Result<String, StorageError> {
    enter(tx, account)?;
    tx.write(
        "UPDATE account_secret SET hash = NULL, must_change = TRUE, changed_at = ?2 WHERE account_id = ?1",
        params![account, now],
    )?;
    guessing::forget_all(tx, account)?;
    // Whose browsers those were is not certain any more.
    tx.write("DELETE FROM known_device WHERE account_id = ?1", params![account])?;
    clear_codes(tx, account, CodeKind::Printed)?;
    crate::session::revoke_sessions(tx, account, None, now)?;
    let code = new_code(ids);
    let expires = now.plus_ms(limits::PRINTED_CODE_MS);
    put_code(tx, vault, account, CodeKind::Printed, &code, Some(expires))?;
    Ok(shown(&code))
}

/// A code that was printed and not used opens nothing any more.
pub(crate) fn forget_printed_code(tx: &mut Tx, account: ActorId) -> Result<(), StorageError> {
    clear_codes(tx, account, CodeKind::Printed)
}

/// Clears a lost second factor; the next sign-in asks for a new one where a role needs it. All sessions end.
///
/// # Errors
/// Whatever the database answers.
pub fn clear_second_factor(tx: &mut Tx, account: ActorId, now: Timestamp) -> Result<(), StorageError> {
    tx.write(
        "UPDATE account_secret SET totp_sealed = NULL, totp_confirmed = FALSE, totp_last_step = 0
         WHERE account_id = ?1",
        params![account],
    )?;
    clear_codes(tx, account, CodeKind::Recovery)?;
    crate::session::revoke_sessions(tx, account, None, now).map(|_| ())
}

/// Lifts every lock before its time.
///
/// # Errors
/// Whatever the database answers.
pub fn unlock(tx: &mut Tx, account: ActorId) -> Result<(), StorageError> {
    guessing::forget_all(tx, account)
}

/// Sets what all strangers together failed, and until when they are locked out.
pub(crate) fn set_failures(
    tx: &mut Tx,
    account: ActorId,
    failed: i64,
    locked_until: Option<Timestamp>,
) -> Result<(), StorageError> {
    enter(tx, account)?;
    tx.write(
        "UPDATE account_secret SET failed = ?2, locked_until = ?3 WHERE account_id = ?1",
        params![account, failed, locked_until.unwrap_or(Timestamp(0))],
    )
}

/// Keeps a second factor whose first code was right; that code's step is used up.
pub(crate) fn store_totp(
    tx: &mut Tx,
    account: ActorId,
    sealed: &[u8],
    step: i64,
) -> Result<(), StorageError> {
    enter(tx, account)?;
    tx.write(
        "UPDATE account_secret SET totp_sealed = ?2, totp_confirmed = TRUE, totp_last_step = ?3 WHERE account_id = ?1",
        params![account, sealed, step],
    )
}

/// True when the code is right and new; its step and all before it are then used up.
pub(crate) fn accept_totp(
    tx: &mut Tx,
    vault: &Vault,
    account: ActorId,
    code: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let secrets = secrets(tx, account)?;
    let Some(sealed) = secrets.totp_sealed else { return Ok(false) };
    let secret = vault
        .open(&sealed, account.0.as_bytes())
        .map_err(|e| StorageError::Other(format!("second factor: {e}")))?;
    let step = totp::accepted_step(&secret, code, now, secrets.totp_last_step).map_err(|e| fault(&e))?;
    let Some(step) = step else { return Ok(false) };
    let used = tx.execute(
        "UPDATE account_secret SET totp_last_step = ?2 WHERE account_id = ?1 AND totp_last_step < ?2",
        params![account, step],
    )?;
    Ok(used == 1)
}

/// Makes the recovery codes of a second factor; older ones lapse.
pub(crate) fn renew_recovery_codes(
    tx: &mut Tx,
    vault: &Vault,
    ids: &IdSource,
    account: ActorId,
) -> Result<Vec<String>, StorageError> {
    clear_codes(tx, account, CodeKind::Recovery)?;
    let mut codes = Vec::with_capacity(limits::RECOVERY_CODES);
    for _ in 0..limits::RECOVERY_CODES {
        let code = new_code(ids);
        put_code(tx, vault, account, CodeKind::Recovery, &code, None)?;
        codes.push(shown(&code));
    }
    Ok(codes)
}

fn clear_codes(tx: &mut Tx, account: ActorId, kind: CodeKind) -> Result<(), StorageError> {
    tx.write("DELETE FROM account_code WHERE account_id = ?1 AND kind = ?2", params![account, kind.name()])
}

/// As it was typed, without what people put between groups. `None` when it cannot be a code.
fn normalised(typed: &str) -> Option<String> {
    let code: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let shaped = code.len() == limits::CODE_CHARS && code.bytes().all(|b| ALPHABET.contains(&b));
    shaped.then_some(code)
}

/// A keyed hash: with fifty random bits and the key outside the data directory, no slow hash is needed.
fn code_digest(vault: &Vault, account: ActorId, kind: CodeKind, code: &str) -> [u8; 32] {
    vault.lookup(kind.name(), &format!("{account}:{code}"))
}

fn put_code(
    tx: &mut Tx,
    vault: &Vault,
    account: ActorId,
    kind: CodeKind,
    code: &str,
    expires: Option<Timestamp>,
) -> Result<(), StorageError> {
    let digest = code_digest(vault, account, kind, code);
    tx.write(
        "INSERT INTO account_code (account_id, kind, digest, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![account, kind.name(), &digest, expires],
    )
}

/// The printed codes of an account that were not replaced by a password yet, as they are kept.
pub(crate) fn printed_codes(tx: &mut Tx, account: ActorId) -> Result<Vec<Vec<u8>>, StorageError> {
    tx.query(
        "SELECT digest FROM account_code WHERE account_id = ?1 AND kind = ?2",
        params![account, CodeKind::Printed.name()],
        |row| row.blob(0),
    )
}

/// True when what was typed is one of these.
pub(crate) fn is_printed(vault: &Vault, account: ActorId, typed: &str, kept: &[Vec<u8>]) -> bool {
    let Some(code) = normalised(typed) else { return false };
    let digest = code_digest(vault, account, CodeKind::Printed, &code);
    kept.iter().any(|known| known.as_slice() == digest)
}

/// True when the printed code is right; it stays until a password was set.
pub(crate) fn printed_code_fits(
    tx: &mut Tx,
    vault: &Vault,
    account: ActorId,
    typed: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let Some(code) = normalised(typed) else { return Ok(false) };
    let digest = code_digest(vault, account, CodeKind::Printed, &code);
    let found = tx.count(
        "SELECT count(*) FROM account_code WHERE account_id = ?1 AND kind = ?2 AND digest = ?3
            AND expires_at > ?4",
        params![account, CodeKind::Printed.name(), &digest, now],
    )?;
    Ok(found > 0)
}

/// True when the recovery code was right; it is gone then.
pub(crate) fn use_recovery_code(
    tx: &mut Tx,
    vault: &Vault,
    account: ActorId,
    typed: &str,
) -> Result<bool, StorageError> {
    let Some(code) = normalised(typed) else { return Ok(false) };
    let digest = code_digest(vault, account, CodeKind::Recovery, &code);
    let used = tx.execute(
        "DELETE FROM account_code WHERE account_id = ?1 AND kind = ?2 AND digest = ?3",
        params![account, CodeKind::Recovery.name(), &digest],
    )?;
    Ok(used == 1)
}

/// Evenly from the alphabet: bytes that would favour its beginning are thrown away.
fn new_code(ids: &IdSource) -> String {
    let fair = 255 - 255 % ALPHABET.len();
    let mut code = String::with_capacity(limits::CODE_CHARS);
    while code.len() < limits::CODE_CHARS {
        for byte in ids.bytes::<16>() {
            let at = usize::from(byte);
            if at < fair
                && code.len() < limits::CODE_CHARS
                && let Some(letter) = ALPHABET.get(at % ALPHABET.len())
            {
                code.push(char::from(*letter));
            }
        }
    }
    code
}

/// In two groups, for reading.
fn shown(code: &str) -> String {
    let (first, second) = code.split_at_checked(limits::CODE_CHARS / 2).unwrap_or((code, ""));
    format!("{first}-{second}")
}
