//! The desk where people sign in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use journal::Vault;
use kernel::{ActorId, Clock, IdSource, Problem, Timestamp};
use storage::{StorageError, Tx};

use super::admit::{self, Admission};
use crate::{
    account::account_by_login,
    limits,
    operational::{OperationalWriter, operate},
    password::{Password, verify_password},
    secret::{self, LockSettings, Secrets},
    session::SessionToken,
    throttle::Throttle,
};

/// Who wants to sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// As it was typed.
    pub login: String,
    /// As it was typed; a printed code for the first time.
    pub password: Password,
    /// The second factor or a recovery code, when it was asked for on the same page.
    pub totp: Option<String>,
    /// Where the request came from, as the trusted proxies tell it.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// What the desk answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Unknown login, wrong password, wrong code, suspended: one and the same answer.
    Wrong,
    /// Too many failures. A login nobody has gets the same answer.
    Locked {
        /// Until when.
        until: Timestamp,
        /// This try locked it: have `AccountCommand::RecordLocked` asked by the system.
        newly: Option<ActorId>,
    },
    /// Too many tries from here or for this login; nothing was checked.
    TooOften,
    /// The password was right; the token opens only the page for the code.
    NeedsSecondFactor(SessionToken),
    /// The token opens only the page for a new password.
    MustChangePassword(SessionToken),
    /// A role needs a second factor and there is none: the token opens only its enrolment.
    NeedsEnrolment(SessionToken),
    /// Signed in.
    Ok(SessionToken),
}

/// What may be set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInSettings {
    /// Locking.
    pub lock: LockSettings,
}

/// What the desk is made of.
#[derive(Clone)]
pub struct SignInParts {
    /// Writes secrets and sessions.
    pub writer: Arc<dyn OperationalWriter>,
    /// Seals second factors, hashes codes.
    pub vault: Arc<Vault>,
    /// Random bytes.
    pub ids: Arc<IdSource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the tables know of a login, read before any hashing.
pub struct Candidate {
    pub(super) found: Option<(ActorId, Secrets)>,
}

/// The desk where people sign in.
pub struct SignInDesk {
    pub(super) parts: SignInParts,
    pub(super) settings: SignInSettings,
    by_login: Throttle,
    by_address: Throttle,
    /// Failures of logins that nobody has, so that a lock tells nothing either.
    ghosts: Mutex<HashMap<String, (i64, Timestamp)>>,
}

impl SignInDesk {
    /// A desk with empty memory.
    pub fn new(parts: SignInParts, settings: SignInSettings) -> Self {
        // The first unknown login must not take longer than the second.
        crate::password::prepare();
        Self {
            parts,
            settings,
            // Ten tries at once for a name, then one every six seconds; an address may be a whole school's.
            by_login: Throttle::new(10, 6 * Timestamp::SECOND_MS),
            by_address: Throttle::new(60, Timestamp::SECOND_MS),
            ghosts: Mutex::default(),
        }
    }

    /// Looks the login up. One or two queries; give the reader back before [`Self::decide`].
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn look_up(&self, tx: &mut Tx, login: &str) -> Result<Candidate, StorageError> {
        let Some(account) = account_by_login(tx, login)? else { return Ok(Candidate { found: None }) };
        let secrets = secret::secrets(tx, account.id)?;
        Ok(Candidate { found: Some((account.id, secrets)) })
    }

    /// Checks the password (some 20 milliseconds of work) and opens a session or says what is missing.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub fn decide(&self, candidate: Candidate, request: &SignIn) -> Result<Outcome, Problem> {
        let now = self.parts.clock.now();
        let login: String =
            request.login.trim().to_ascii_lowercase().chars().take(limits::LOGIN_MOST + 1).collect();
        let here = self.by_address.allow(&request.address, now);
        if !here || !self.by_login.allow(&login, now) {
            return Ok(Outcome::TooOften);
        }
        match candidate.found {
            Some((account, secrets)) => self.known(account, secrets, request, now),
            None => Ok(self.unknown(login, request, now)),
        }
    }

    /// Both in one, for callers that may keep the reader meanwhile.
    ///
    /// # Errors
    /// As [`Self::look_up`] and [`Self::decide`].
    pub fn sign_in(&self, tx: &mut Tx, request: &SignIn) -> Result<Outcome, Problem> {
        let candidate = self.look_up(tx, &request.login)?;
        self.decide(candidate, request)
    }

    fn known(
        &self,
        account: ActorId,
        secrets: Secrets,
        request: &SignIn,
        now: Timestamp,
    ) -> Result<Outcome, Problem> {
        if secrets.locked_until > now {
            return Ok(Outcome::Locked { until: secrets.locked_until, newly: None });
        }
        let right = verify_password(secrets.hash.as_deref(), &request.password);
        let admission = Admission {
            account,
            verified: secrets.hash.filter(|_| right),
            typed: request.password.clone(),
            totp: request.totp.clone().filter(|code| !code.trim().is_empty()),
            agent: request.agent.clone(),
            lock: self.settings.lock,
            vault: Arc::clone(&self.parts.vault),
            ids: Arc::clone(&self.parts.ids),
            now,
        };
        operate(&*self.parts.writer, move |tx| admit::admit(tx, &admission))
    }

    /// The same work and the same answers as for a login that somebody has.
    fn unknown(&self, login: String, request: &SignIn, now: Timestamp) -> Outcome {
        if let Some(until) = self.ghost_lock(&login, now) {
            return Outcome::Locked { until, newly: None };
        }
        verify_password(None, &request.password);
        let lock = self.settings.lock;
        let mut ghosts = self.ghosts.lock().unwrap_or_else(PoisonError::into_inner);
        if ghosts.len() >= limits::THROTTLE_KEYS {
            ghosts.clear();
        }
        let ghost = ghosts.entry(login).or_insert((0, Timestamp(0)));
        ghost.0 += 1;
        if ghost.0 < lock.failures {
            return Outcome::Wrong;
        }
        *ghost = (0, now.plus_ms(lock.lock_ms));
        Outcome::Locked { until: ghost.1, newly: None }
    }

    fn ghost_lock(&self, login: &str, now: Timestamp) -> Option<Timestamp> {
        let ghosts = self.ghosts.lock().unwrap_or_else(PoisonError::into_inner);
        ghosts.get(login).map(|(_, until)| *until).filter(|until| *until > now)
    }
}
