//! The steps after the first page. Each ends the session it came with and opens a new one: a token that was known
//! before a step is worth nothing after it.

use std::sync::Arc;

use kernel::{Problem, Refusal, Timestamp};
use storage::{StorageError, Tx};

use super::{
    Outcome, SignInDesk,
    admit::{accept_code, failed, next_stage, outcome},
    room::Try,
};
use crate::{
    account::account_state,
    guessing::{self, Failure, Origin, Source},
    operational::operate,
    password::{Password, check_password, hash_password, verify_password},
    secret,
    session::{
        NewSession, Session, SessionStage, SessionToken, end_one, open_session, replace_session,
        revoke_sessions, session,
    },
    sign_in_log::{self, SignInResult},
    viewer::Viewer,
};

/// What the tables know before a password is changed, read before any hashing.
pub struct PasswordChange {
    current: Session,
    login: String,
    stored: secret::Secrets,
    source: Source,
    locked_until: Timestamp,
    /// Printed codes that open the account until a password is set.
    slips: Vec<Vec<u8>>,
}

impl SignInDesk {
    /// Takes the code of the second factor, or a recovery code. Afterwards call [`crate::SessionCache::bump`].
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub fn second_factor(&self, current: &Session, code: &str, from: &Origin) -> Result<Outcome, Problem> {
        let (mut current, code, lock, from) =
            (current.clone(), code.to_owned(), self.settings.lock, from.clone());
        current.address.clone_from(&from.address);
        let attempt = Try::new(&self.room, &from);
        let (vault, ids) = (Arc::clone(&self.parts.vault), Arc::clone(&self.parts.ids));
        let now = self.parts.clock.now();
        operate(&*self.parts.writer, move |tx| {
            let secrets = secret::secrets(tx, current.account)?;
            let source = Source::of(tx, &vault, current.account, &from, now)?;
            let until = guessing::locked_until(tx, current.account, &secrets, &source)?;
            if until > now {
                attempt.failed(tx, Some(current.account), SignInResult::Locked, now)?;
                replace_session(tx, &current.digest, now)?;
                return Ok(Outcome::Locked { until, newly: None });
            }
            if session(tx, &current.digest)?.is_none() || !secrets.totp_confirmed {
                return Ok(Outcome::Wrong);
            }
            if !accept_code(tx, &vault, current.account, &code, now)? {
                attempt.failed(tx, Some(current.account), SignInResult::WrongCode, now)?;
                let answer = failed(tx, current.account, (&source, Failure::SecondFactor), lock, now)?;
                if matches!(answer, Outcome::Locked { .. }) {
                    replace_session(tx, &current.digest, now)?;
                }
                return Ok(answer);
            }
            guessing::forget_source(tx, current.account, &source)?;
            go_on(tx, &ids, &current, true, now)
        })
    }

    /// Looks up what a change of the password needs to know. A few queries; give the reader back before
    /// [`Self::change_password`].
    ///
    /// # Errors
    /// [`Problem::NotFound`]; whatever the database answers.
    pub fn look_up_change(&self, tx: &mut Tx, current: &Session) -> Result<PasswordChange, Problem> {
        let account = current.account;
        let Some((state, _)) = account_state(tx, account)? else { return Err(Problem::NotFound) };
        let stored = secret::secrets(tx, account)?;
        // Whoever is signed in is no stranger: only his own failures count.
        let source = Source::session(&self.parts.vault, &current.digest);
        let locked_until = guessing::locked_until(tx, account, &stored, &source)?;
        let slips = secret::printed_codes(tx, account)?;
        let (current, login) = (current.clone(), state.login);
        Ok(PasswordChange { current, login, stored, source, locked_until, slips })
    }

    /// Sets a new password (up to three hashes of some 20 milliseconds each). A finished session must give the old
    /// one; a first password or a reset need not. All other sessions end. Afterwards have
    /// `AccountCommand::RecordPasswordSet` asked and call [`crate::SessionCache::bump`].
    ///
    /// # Errors
    /// The rule that the password breaks; [`Problem::Forbidden`] before the second factor was given.
    pub fn change_password(
        &self,
        change: PasswordChange,
        old: Option<&Password>,
        new: &Password,
    ) -> Result<Outcome, Problem> {
        let PasswordChange { current, login, stored, source, locked_until, slips } = change;
        let (now, account) = (self.parts.clock.now(), current.account);
        if stored.totp_confirmed && !current.second_factor {
            return Err(Problem::Forbidden);
        }
        if locked_until > now {
            return Ok(Outcome::Locked { until: locked_until, newly: None });
        }
        let free = current.stage == SessionStage::Password && (stored.must_change || stored.hash.is_none());
        if !free {
            let fits = old.is_some_and(|old| verify_password(stored.hash.as_deref(), old));
            if !fits {
                let lock = self.settings.lock;
                let why = Failure::Password;
                return operate(&*self.parts.writer, move |tx| {
                    failed(tx, account, (&source, why), lock, now)
                });
            }
        }
        check_password(&login, new)?;
        // Whoever printed or found the slip would keep the account.
        if secret::is_printed(&self.parts.vault, account, new.as_str(), &slips) {
            return Err(Refusal::new("password-is-slip").on("password").into());
        }
        if stored.hash.is_some() && verify_password(stored.hash.as_deref(), new) {
            return Err(Refusal::new("password-unchanged").on("password").into());
        }
        let hash = hash_password(new, &self.parts.ids)?;
        let ids = Arc::clone(&self.parts.ids);
        let checked = stored.hash;
        operate(&*self.parts.writer, move |tx| {
            let gone = session(tx, &current.digest)?.is_none();
            // Somebody reset or changed it meanwhile: what was checked is no longer so.
            if gone || secret::secrets(tx, account)?.hash != checked {
                return Ok(Outcome::Wrong);
            }
            secret::store_password(tx, account, &hash, false, now)?;
            revoke_sessions(tx, account, Some(&current.digest), now)?;
            go_on(tx, &ids, &current, current.second_factor, now)
        })
    }

    /// Knows the browser of a finished sign-in from now on, so that strangers who guess do not lock it out. The answer is
    /// its new cookie; `presented` is the one it came with.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub fn know_device(
        &self,
        token: &SessionToken,
        presented: Option<&str>,
    ) -> Result<Option<String>, Problem> {
        let (digest, presented) = (token.digest(), presented.map(str::to_owned));
        let (vault, ids) = (Arc::clone(&self.parts.vault), Arc::clone(&self.parts.ids));
        let now = self.parts.clock.now();
        operate(&*self.parts.writer, move |tx| {
            let Some(session) = session(tx, &digest)? else { return Ok(None) };
            let account = session.account;
            guessing::know_device(tx, (&vault, &ids), account, presented.as_deref(), now).map(Some)
        })
    }

    /// Signs out. Afterwards call [`crate::SessionCache::forget`].
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub fn sign_out(&self, current: &Session) -> Result<(), Problem> {
        let (account, digest, now) = (current.account, current.digest, self.parts.clock.now());
        let how = SignInResult::SignedOut;
        operate(&*self.parts.writer, move |tx| end_one(tx, account, &digest, how, now))?;
        Ok(())
    }
}

/// Ends the session at hand and opens the next; the step that finishes a sign-in is told in its log.
pub(super) fn go_on(
    tx: &mut Tx,
    ids: &kernel::IdSource,
    current: &Session,
    second_factor: bool,
    now: Timestamp,
) -> Result<Outcome, StorageError> {
    replace_session(tx, &current.digest, now)?;
    let Some(viewer) = Viewer::load(tx, current.account)? else { return Ok(Outcome::Wrong) };
    let secrets = secret::secrets(tx, current.account)?;
    let stage = next_stage(&secrets, &viewer, second_factor);
    let new = NewSession {
        account: current.account,
        kind: current.kind,
        stage,
        second_factor,
        agent: current.agent.clone(),
        address: current.address.clone(),
    };
    if stage == SessionStage::Full && current.stage != SessionStage::Full {
        let whose = (Some(current.account), current.address.as_str());
        sign_in_log::write(tx, now, SignInResult::SignedIn, whose, 0)?;
    }
    Ok(outcome(stage, open_session(tx, ids, &new, now)?))
}
