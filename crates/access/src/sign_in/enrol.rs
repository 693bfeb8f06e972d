//! Setting up a second factor: a secret waits, shown as often as the page is, until a code of it was right.

use std::sync::Arc;

use journal::Vault;
use kernel::{IdSource, Problem, Refusal, Timestamp};
use storage::{StorageError, Tx, params};

use super::{
    Outcome, SignInDesk,
    admit::{accept_code, failed},
    steps::go_on,
};
use crate::{
    guessing::{self, Failure, Source},
    limits,
    operational::operate,
    secret::{self, fault},
    session::{Session, SessionStage, revoke_sessions, session},
    totp::{self, Enrolment},
};

impl SignInDesk {
    /// The second factor this session is setting up: the same one at every display, so that a mistyped code does
    /// not force anybody to scan again. It counts when [`Self::confirm_enrolment`] saw its first code; unconfirmed,
    /// it lapses after [`limits::ENROLMENT_MS`] and with the session.
    ///
    /// # Errors
    /// Refused when there is one already and this session was not opened with it: a lost one is cleared by the security
    /// administrator.
    pub fn begin_enrolment(&self, current: &Session, login: &str) -> Result<Enrolment, Problem> {
        if !matches!(current.stage, SessionStage::Enrol | SessionStage::Full) {
            return Err(Problem::Forbidden);
        }
        let (current, fresh) = (current.clone(), totp::new_secret(&self.parts.ids));
        let (vault, ids) = (Arc::clone(&self.parts.vault), Arc::clone(&self.parts.ids));
        let now = self.parts.clock.now();
        let secret = operate(&*self.parts.writer, move |tx| {
            if secret::secrets(tx, current.account)?.totp_confirmed && !replaces(&current) {
                return Ok(None);
            }
            if let Some(sealed) = waiting(tx, &current, now)? {
                return open(&vault, &current, &sealed).map(Some);
            }
            wait(tx, (&vault, &ids), &current, &fresh, now)?;
            Ok(Some(fresh.to_vec()))
        })?;
        let secret = secret.ok_or_else(|| Refusal::new("second-factor-already-set"))?;
        Ok(totp::enrolment(&secret, login))
    }

    /// Takes the first code. The recovery codes are shown once. Afterwards have
    /// `AccountCommand::RecordSecondFactorSet` asked and call [`crate::SessionCache::bump`].
    ///
    /// # Errors
    /// Refused for a wrong code; nothing changes then.
    pub fn confirm_enrolment(
        &self,
        current: &Session,
        code: &str,
    ) -> Result<(Outcome, Vec<String>), Problem> {
        if !matches!(current.stage, SessionStage::Enrol | SessionStage::Full) {
            return Err(Problem::Forbidden);
        }
        let (current, code) = (current.clone(), code.to_owned());
        let (vault, ids) = (Arc::clone(&self.parts.vault), Arc::clone(&self.parts.ids));
        let now = self.parts.clock.now();
        let done = operate(&*self.parts.writer, move |tx| {
            if secret::secrets(tx, current.account)?.totp_confirmed || session(tx, &current.digest)?.is_none()
            {
                return Ok(None);
            }
            let Some(new) = confirmed(tx, &vault, &current, &code, now)? else { return Ok(None) };
            take(tx, (&vault, &ids), &current, &new, now).map(Some)
        })?;
        done.ok_or_else(|| Refusal::new("second-factor-wrong").on("code").into())
    }

    /// Puts another telephone in the place of the one that is bound: `old` is a code of that one, or a recovery code,
    /// since whoever finds a screen left open must not take an account over. Wrong ones count as at signing in. New
    /// recovery codes are shown once; the codes are empty when the outcome is [`Outcome::Wrong`] or
    /// [`Outcome::Locked`]. Afterwards as after [`Self::confirm_enrolment`].
    ///
    /// # Errors
    /// Refused for a wrong first code of the new one; nothing changes then.
    pub fn replace_second_factor(
        &self,
        current: &Session,
        old: &str,
        code: &str,
    ) -> Result<(Outcome, Vec<String>), Problem> {
        if !replaces(current) {
            return Err(Problem::Forbidden);
        }
        let (current, old, code) = (current.clone(), old.to_owned(), code.to_owned());
        let (vault, ids) = (Arc::clone(&self.parts.vault), Arc::clone(&self.parts.ids));
        let (now, lock) = (self.parts.clock.now(), self.settings.lock);
        let done = operate(&*self.parts.writer, move |tx| {
            let account = current.account;
            let secrets = secret::secrets(tx, account)?;
            // Whoever is signed in is no stranger: only his own failures count.
            let source = Source::session(&vault, &current.digest);
            let until = guessing::locked_until(tx, account, &secrets, &source)?;
            if until > now {
                return Ok(Some((Outcome::Locked { until, newly: None }, Vec::new())));
            }
            if !secrets.totp_confirmed || session(tx, &current.digest)?.is_none() {
                return Ok(None);
            }
            // Looked at first: a right old code is used up by looking.
            let Some(new) = confirmed(tx, &vault, &current, &code, now)? else { return Ok(None) };
            if !accept_code(tx, &vault, account, &old, now)? {
                let answer = failed(tx, account, (&source, Failure::SecondFactor), lock, now)?;
                return Ok(Some((answer, Vec::new())));
            }
            guessing::forget_source(tx, account, &source)?;
            take(tx, (&vault, &ids), &current, &new, now).map(Some)
        })?;
        done.ok_or_else(|| Refusal::new("second-factor-wrong").on("code").into())
    }
}

/// Signed in with the factor that is to be replaced.
fn replaces(current: &Session) -> bool {
    current.stage == SessionStage::Full && current.second_factor
}

/// The secret that waits, sealed, and the step of its first code; `None` for a wrong code.
fn confirmed(
    tx: &mut Tx,
    vault: &Vault,
    current: &Session,
    code: &str,
    now: Timestamp,
) -> Result<Option<(Vec<u8>, i64)>, StorageError> {
    let Some(sealed) = waiting(tx, current, now)? else { return Ok(None) };
    let waited = open(vault, current, &sealed)?;
    let step = totp::accepted_step(&waited, code, now, 0).map_err(|e| fault(&e))?;
    Ok(step.map(|step| (sealed, step)))
}

/// The secret counts from now on; every other session ends.
fn take(
    tx: &mut Tx,
    (vault, ids): (&Vault, &IdSource),
    current: &Session,
    (sealed, step): &(Vec<u8>, i64),
    now: Timestamp,
) -> Result<(Outcome, Vec<String>), StorageError> {
    let account = current.account;
    secret::store_totp(tx, account, sealed, *step)?;
    let codes = secret::renew_recovery_codes(tx, vault, ids, account)?;
    tx.write("DELETE FROM totp_waiting WHERE session_digest = ?1", params![&current.digest])?;
    revoke_sessions(tx, account, Some(&current.digest), now)?;
    Ok((go_on(tx, ids, current, true, now)?, codes))
}

/// The sealed secret that waits for this session, while it may.
fn waiting(tx: &mut Tx, current: &Session, now: Timestamp) -> Result<Option<Vec<u8>>, StorageError> {
    tx.first(
        "SELECT sealed FROM totp_waiting WHERE session_digest = ?1 AND made_at > ?2",
        params![&current.digest, now.plus_ms(-limits::ENROLMENT_MS)],
        |row| row.blob(0),
    )
}

fn wait(
    tx: &mut Tx,
    (vault, ids): (&Vault, &IdSource),
    current: &Session,
    fresh: &[u8],
    now: Timestamp,
) -> Result<(), StorageError> {
    let sealed = vault
        .seal(fresh, current.account.0.as_bytes(), ids)
        .map_err(|e| StorageError::Other(format!("second factor: {e}")))?;
    tx.write(
        "INSERT INTO totp_waiting (session_digest, sealed, made_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (session_digest) DO UPDATE SET sealed = excluded.sealed, made_at = excluded.made_at",
        params![&current.digest, &sealed, now],
    )
}

fn open(vault: &Vault, current: &Session, sealed: &[u8]) -> Result<Vec<u8>, StorageError> {
    vault
        .open(sealed, current.account.0.as_bytes())
        .map_err(|e| StorageError::Other(format!("second factor: {e}")))
}

/// Deletes secrets that can no longer be confirmed: too old, or of a session that is gone. Once a minute, after
/// [`crate::sweep_sessions`].
///
/// # Errors
/// Whatever the database answers.
pub fn sweep_enrolments(tx: &mut Tx, now: Timestamp) -> Result<u64, StorageError> {
    tx.execute(
        "DELETE FROM totp_waiting WHERE made_at <= ?1
            OR session_digest NOT IN (SELECT digest FROM session WHERE revoked_at IS NULL)",
        params![now.plus_ms(-limits::ENROLMENT_MS)],
    )
}
