//! Sessions: a random token outside, its hash inside.

use kernel::{ActorId, IdSource, Timestamp, hex};
use sha2::{Digest, Sha256};
use storage::{Row, StorageError, Tx, params};
use subtle::ConstantTimeEq;

use crate::{
    limits,
    sign_in_log::{self, SignInResult},
};

/// Hash of a token: what is stored and looked up.
pub type SessionDigest = [u8; 32];

/// 256 random bits, known to one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    fn new(ids: &IdSource) -> Self {
        Self(hex::write(ids.bytes::<32>()))
    }

    /// From a cookie; `None` for anything that cannot be one.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let shaped = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        shaped.then(|| Self(text.to_owned()))
    }

    /// For the cookie, and nowhere else.
    pub fn as_cookie(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn digest(&self) -> SessionDigest {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

kernel::named! {
    /// How far a sign-in has come. Only [`SessionStage::Full`] opens pages.
    pub enum SessionStage {
        /// The password was right, the second factor is missing.
        SecondFactor = "second_factor",
        /// A new password must be set first.
        Password = "password",
        /// A second factor must be set up first.
        Enrol = "enrol",
        /// Signed in.
        Full = "full",
    }
    /// How long a session lives.
    pub enum SessionKind {
        /// Ends when idle, and after half a day.
        Ordinary = "ordinary",
        /// A guard's bound device.
        Device = "device",
    }
}

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle_ms: i64,
    /// In all.
    pub absolute_ms: i64,
    /// A bound device, in all; it has no idle limit.
    pub device_ms: i64,
    /// Unfinished sign-ins.
    pub unfinished_ms: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle_ms: 30 * Timestamp::MINUTE_MS,
            absolute_ms: 12 * Timestamp::HOUR_MS,
            device_ms: 90 * Timestamp::DAY_MS,
            unfinished_ms: 15 * Timestamp::MINUTE_MS,
        }
    }
}

/// A session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of its token.
    pub digest: SessionDigest,
    /// Whose it is.
    pub account: ActorId,
    /// How long it lives.
    pub kind: SessionKind,
    /// How far the sign-in has come.
    pub stage: SessionStage,
    /// A second factor was given.
    pub second_factor: bool,
    /// Since when.
    pub created: Timestamp,
    /// The last request; in the table up to a minute old.
    pub last_seen: Timestamp,
    /// From which form tokens are made.
    pub csrf: [u8; 32],
    /// What the browser calls itself.
    pub agent: String,
    /// From where it was opened.
    pub address: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .field("kind", &self.kind)
            .field("stage", &self.stage)
            .field("last_seen", &self.last_seen)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// True while it has not run out.
    pub fn is_live(&self, limits: &SessionLimits, now: Timestamp) -> bool {
        let age = now.since_ms(self.created);
        let idle = now.since_ms(self.last_seen);
        match (self.stage, self.kind) {
            (SessionStage::SecondFactor | SessionStage::Password | SessionStage::Enrol, _) => {
                age < limits.unfinished_ms
            }
            (SessionStage::Full, SessionKind::Ordinary) => age < limits.absolute_ms && idle < limits.idle_ms,
            (SessionStage::Full, SessionKind::Device) => age < limits.device_ms,
        }
    }

    /// Compares a form token's secret without telling how much of it was right.
    pub fn csrf_is(&self, given: &[u8]) -> bool {
        self.csrf.as_slice().ct_eq(given).into()
    }
}

/// What a new session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub account: ActorId,
    /// How long it lives.
    pub kind: SessionKind,
    /// How far the sign-in has come.
    pub stage: SessionStage,
    /// A second factor was given.
    pub second_factor: bool,
    /// What the browser calls itself; cut to [`limits::AGENT_CHARS`].
    pub agent: String,
    /// From where; cut to [`limits::ADDRESS_CHARS`].
    pub address: String,
}

/// Opens a session; the oldest of the account give way when there are too many.
///
/// # Errors
/// Whatever the database answers.
pub fn open_session(
    tx: &mut Tx,
    ids: &IdSource,
    new: &NewSession,
    now: Timestamp,
) -> Result<SessionToken, StorageError> {
    let token = SessionToken::new(ids);
    let csrf: [u8; 32] = ids.bytes();
    let agent: String = new.agent.chars().filter(|c| !c.is_control()).take(limits::AGENT_CHARS).collect();
    let address: String = new.address.chars().take(limits::ADDRESS_CHARS).collect();
    tx.write(
        "INSERT INTO session (digest, account_id, kind, stage, second_factor, created_at, last_seen_at, csrf, agent,
            address, revoked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, NULL)",
        params![
            &token.digest(),
            new.account,
            new.kind.name(),
            new.stage.name(),
            new.second_factor,
            now,
            &csrf,
            &agent,
            &address
        ],
    )?;
    let sql =
        format!("{COLUMNS} WHERE account_id = ?1 AND revoked_at IS NULL ORDER BY created_at DESC, digest");
    let open = tx.query(&sql, params![new.account], read)?;
    for oldest in open.iter().skip(limits::SESSIONS_PER_ACCOUNT) {
        end(tx, oldest, SignInResult::Ended, now)?;
    }
    Ok(token)
}

/// How far at most the table is behind with when a session was last seen.
const SEEN_BEHIND_MS: i64 = 3 * limits::LAST_SEEN_FLUSH_MS;

const COLUMNS: &str = "SELECT digest, account_id, kind, stage, second_factor, created_at, last_seen_at, csrf, agent, address FROM session";

fn read(row: &Row<'_>) -> Result<Session, StorageError> {
    let odd = |what: &str| StorageError::Other(format!("a stored session has an unknown {what}"));
    let bytes = |blob: Vec<u8>| <[u8; 32]>::try_from(blob).map_err(|_| odd("length"));
    Ok(Session {
        digest: bytes(row.blob(0)?)?,
        account: row.id(1)?,
        kind: SessionKind::named(&row.text(2)?).ok_or_else(|| odd("kind"))?,
        stage: SessionStage::named(&row.text(3)?).ok_or_else(|| odd("stage"))?,
        second_factor: row.bool(4)?,
        created: row.time(5)?,
        last_seen: row.time(6)?,
        csrf: bytes(row.blob(7)?)?,
        agent: row.text(8)?,
        address: row.text(9)?,
    })
}

/// The session with a digest, unless it was revoked. Whether it is live is another question.
///
/// # Errors
/// Whatever the database answers.
pub fn session(tx: &mut Tx, digest: &SessionDigest) -> Result<Option<Session>, StorageError> {
    tx.first(&format!("{COLUMNS} WHERE digest = ?1 AND revoked_at IS NULL"), params![digest], read)
}

/// The live sessions of an account, newest first.
///
/// # Errors
/// Whatever the database answers.
pub fn sessions_of(
    tx: &mut Tx,
    account: ActorId,
    limits: &SessionLimits,
    now: Timestamp,
) -> Result<Vec<Session>, StorageError> {
    let sql =
        format!("{COLUMNS} WHERE account_id = ?1 AND revoked_at IS NULL ORDER BY created_at DESC, digest");
    let mut sessions = tx.query(&sql, params![account], read)?;
    sessions.retain(|session| session.is_live(limits, now));
    Ok(sessions)
}

/// Ends one session of an account. Then call [`crate::SessionCache::bump`].
///
/// # Errors
/// Whatever the database answers.
pub fn revoke_session(
    tx: &mut Tx,
    account: ActorId,
    digest: &SessionDigest,
    now: Timestamp,
) -> Result<bool, StorageError> {
    end_one(tx, account, digest, SignInResult::Ended, now)
}

/// Ends one session and says how.
pub(crate) fn end_one(
    tx: &mut Tx,
    account: ActorId,
    digest: &SessionDigest,
    how: SignInResult,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let Some(session) = session(tx, digest)?.filter(|session| session.account == account) else {
        return Ok(false);
    };
    end(tx, &session, how, now)?;
    Ok(true)
}

/// Ends a session that another takes the place of: nobody signed out.
pub(crate) fn replace_session(
    tx: &mut Tx,
    digest: &SessionDigest,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.write(
        "UPDATE session SET revoked_at = ?2 WHERE digest = ?1 AND revoked_at IS NULL",
        params![digest, now],
    )
}

/// Ends a session that was not ended before. What was never finished was no sign-in, and its end is none either.
fn end(tx: &mut Tx, session: &Session, how: SignInResult, now: Timestamp) -> Result<(), StorageError> {
    replace_session(tx, &session.digest, now)?;
    if session.stage != SessionStage::Full {
        return Ok(());
    }
    sign_in_log::write(tx, now, how, (Some(session.account), &session.address), 0)
}

/// Ends the sessions of an account, all or all but one. Then call [`crate::SessionCache::bump`].
///
/// # Errors
/// Whatever the database answers.
pub fn revoke_sessions(
    tx: &mut Tx,
    account: ActorId,
    except: Option<&SessionDigest>,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let sql = format!("{COLUMNS} WHERE account_id = ?1 AND revoked_at IS NULL ORDER BY created_at, digest");
    let mut open = tx.query(&sql, params![account], read)?;
    open.retain(|session| Some(&session.digest) != except);
    for session in &open {
        end(tx, session, SignInResult::Ended, now)?;
    }
    Ok(open.len() as u64)
}

/// Writes when sessions were last seen.
///
/// # Errors
/// Whatever the database answers.
pub fn flush_last_seen(tx: &mut Tx, seen: &[(SessionDigest, Timestamp)]) -> Result<(), StorageError> {
    for (digest, at) in seen {
        tx.write(
            "UPDATE session SET last_seen_at = ?2 WHERE digest = ?1 AND last_seen_at < ?2",
            params![digest, *at],
        )?;
    }
    Ok(())
}

/// How many were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSessions {
    /// Of browsers.
    pub ordinary: i64,
    /// Of bound phones.
    pub phones: i64,
}

/// Ends every session, every binding of a phone and every link for one, on a platform that was restored: what was ended
/// since the backup must not live again.
///
/// # Errors
/// Whatever the database answers.
pub fn end_every_session(tx: &mut Tx) -> Result<EndedSessions, StorageError> {
    tx.begin()?;
    let sql = "SELECT count(*) FROM session WHERE revoked_at IS NULL AND kind = ?1";
    let ordinary = tx.count(sql, params![SessionKind::Ordinary.name()])?;
    let phones = tx.count(sql, params![SessionKind::Device.name()])?;
    for table in ["session", "device_link", "device_pin", "totp_waiting", "known_device"] {
        tx.write(&format!("DELETE FROM {table}"), params![])?;
    }
    tx.commit()?;
    Ok(EndedSessions { ordinary, phones })
}

/// Ends sessions that ran out, which the log of sign-ins tells, and deletes those that can never be live again. Once a
/// minute, after [`flush_last_seen`]; `limits` are those that pages go by.
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_sessions(tx: &mut Tx, limits: &SessionLimits, now: Timestamp) -> Result<u64, StorageError> {
    let sql = format!(
        "{COLUMNS} WHERE revoked_at IS NULL AND stage = 'full' AND (created_at <= ?1
            OR (kind = 'ordinary' AND (created_at <= ?2 OR last_seen_at <= ?3))) ORDER BY created_at, digest"
    );
    // The table may be behind what the memory has seen: nobody who works is signed out by it.
    let idle = limits.idle_ms.saturating_add(SEEN_BEHIND_MS);
    let since = |ms: i64| now.plus_ms(-ms);
    let ran_out = params![since(limits.device_ms), since(limits.absolute_ms), since(idle)];
    for session in tx.query(&sql, ran_out, read)? {
        if !session.is_live(limits, now) {
            end(tx, &session, SignInResult::TimedOut, now)?;
        }
    }
    let longest = limits.absolute_ms.max(limits.device_ms);
    tx.execute(
        "DELETE FROM session WHERE created_at < ?1 OR revoked_at < ?2 OR (kind = 'ordinary' AND created_at < ?3)",
        params![now.plus_ms(-longest), now.plus_ms(-Timestamp::DAY_MS), now.plus_ms(-limits.absolute_ms)],
    )
}
