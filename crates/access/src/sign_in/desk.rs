//! The desk where people sign in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use journal::Vault;
use kernel::{ActorId, Clock, IdSource, Problem, Timestamp};
use storage::{StorageError, Tx};

use super::{
    admit::{self, Admission},
    room::{Try, TryRoom},
};
use crate::{
    account::account_by_login,
    guessing::{self, Origin, Source},
    limits,
    operational::{OperationalWriter, operate},
    password::{Password, verify_password},
    secret::{self, LockSettings, Secrets},
    session::SessionToken,
    sign_in_log::SignInResult,
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
    /// Where the request came from.
    pub from: Origin,
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
    pub(super) found: Option<Found>,
}

/// An account, and where it stands towards whoever wants to sign in.
pub(super) struct Found {
    account: ActorId,
    secrets: Secrets,
    source: Source,
    locked_until: Timestamp,
}

/// The desk where people sign in.
pub struct SignInDesk {
    pub(super) parts: SignInParts,
    pub(super) settings: SignInSettings,
    by_login: Throttle,
    by_strangers: Throttle,
    by_address: Throttle,
    pub(super) room: Arc<TryRoom>,
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
            // Ten tries at once for a name from one place, then one every six seconds. What all strangers together may
            // try is more than one address can use up, which may be a whole school's.
            by_login: Throttle::new(10, 6 * Timestamp::SECOND_MS),
            by_strangers: Throttle::new(120, Timestamp::SECOND_MS / 2),
            by_address: Throttle::new(60, Timestamp::SECOND_MS),
            room: Arc::new(TryRoom::new()),
            ghosts: Mutex::default(),
        }
    }

    /// Looks the login up. A few queries; give the reader back before [`Self::decide`].
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn look_up(&self, tx: &mut Tx, login: &str, from: &Origin) -> Result<Candidate, StorageError> {
        let Some(account) = account_by_login(tx, login)? else { return Ok(Candidate { found: None }) };
        let account = account.id;
        let secrets = secret::secrets(tx, account)?;
        let now = self.parts.clock.now();
        let source = Source::of(tx, &self.parts.vault, account, from, now)?;
        let locked_until = guessing::locked_until(tx, account, &secrets, &source)?;
        Ok(Candidate { found: Some(Found { account, secrets, source, locked_until }) })
    }

    /// Checks the password (some 20 milliseconds of work) and opens a session or says what is missing.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub fn decide(&self, candidate: Candidate, request: &SignIn) -> Result<Outcome, Problem> {
        let now = self.parts.clock.now();
        let login: String =
            request.login.trim().to_ascii_lowercase().chars().take(limits::LOGIN_MOST + 1).collect();
        let known = candidate.found.as_ref().is_some_and(|found| !found.source.stranger);
        let device = request.from.device.as_deref().unwrap_or_default();
        let allowed = if known {
            // No stranger's tries use up those of a browser that is known.
            self.by_login.allow(&format!("{login} {device}"), now)
        } else {
            let network = request.from.network();
            self.by_address.allow(&network, now)
                && self.by_login.allow(&format!("{login} {network}"), now)
                && self.by_strangers.allow(&login, now)
        };
        if !allowed {
            // A flood: nothing is written while it lasts.
            self.room.pass_over(1);
            return Ok(Outcome::TooOften);
        }
        match candidate.found {
            Some(found) => self.known(found, request, now),
            None => self.unknown(login, request, now),
        }
    }

    /// Both in one, for callers that may keep the reader meanwhile.
    ///
    /// # Errors
    /// As [`Self::look_up`] and [`Self::decide`].
    pub fn sign_in(&self, tx: &mut Tx, request: &SignIn) -> Result<Outcome, Problem> {
        let candidate = self.look_up(tx, &request.login, &request.from)?;
        self.decide(candidate, request)
    }

    /// How many failed tries left no row in the log of sign-ins since this was asked last; hand it to
    /// [`crate::record_passed_over`], or back to [`Self::pass_over`] when that failed. Once a minute.
    pub fn take_passed_over(&self) -> i64 {
        self.room.take_passed_over()
    }

    /// Tries that are still to be told of.
    pub fn pass_over(&self, tries: i64) {
        self.room.pass_over(tries);
    }

    fn known(&self, found: Found, request: &SignIn, now: Timestamp) -> Result<Outcome, Problem> {
        let Found { account, secrets, source, locked_until } = found;
        let attempt = Try::new(&self.room, &request.from);
        if locked_until > now {
            self.note(attempt, Some(account), SignInResult::Locked, now)?;
            return Ok(Outcome::Locked { until: locked_until, newly: None });
        }
        let right = verify_password(secrets.hash.as_deref(), &request.password);
        let admission = Admission {
            account,
            verified: secrets.hash.filter(|_| right),
            typed: request.password.clone(),
            totp: request.totp.clone().filter(|code| !code.trim().is_empty()),
            agent: request.agent.clone(),
            attempt,
            source,
            lock: self.settings.lock,
            vault: Arc::clone(&self.parts.vault),
            ids: Arc::clone(&self.parts.ids),
            now,
        };
        operate(&*self.parts.writer, move |tx| admit::admit(tx, &admission))
    }

    /// A try that changes nothing but the log.
    fn note(
        &self,
        attempt: Try,
        account: Option<ActorId>,
        result: SignInResult,
        now: Timestamp,
    ) -> Result<(), Problem> {
        operate(&*self.parts.writer, move |tx| attempt.failed(tx, account, result, now))
    }

    /// The same work and the same answers as for a login that somebody has.
    fn unknown(&self, login: String, request: &SignIn, now: Timestamp) -> Result<Outcome, Problem> {
        let attempt = Try::new(&self.room, &request.from);
        let here = format!("{login} {}", request.from.network());
        if let Some(until) = self.ghost_lock(&here, now).max(self.ghost_lock(&login, now)) {
            self.note(attempt, None, SignInResult::UnknownLogin, now)?;
            return Ok(Outcome::Locked { until, newly: None });
        }
        verify_password(None, &request.password);
        self.note(attempt, None, SignInResult::UnknownLogin, now)?;
        let lock = self.settings.lock;
        let here = self.ghost_failed(here, lock.failures, now);
        let all = self.ghost_failed(login, lock.strangers, now);
        Ok(here.max(all).map_or(Outcome::Wrong, |until| Outcome::Locked { until, newly: None }))
    }

    /// Counts a failure of a name nobody has; the end of the lock when it was one too many.
    fn ghost_failed(&self, key: String, most: i64, now: Timestamp) -> Option<Timestamp> {
        let mut ghosts = self.ghosts.lock().unwrap_or_else(PoisonError::into_inner);
        if ghosts.len() >= limits::THROTTLE_KEYS {
            ghosts.clear();
        }
        let ghost = ghosts.entry(key).or_insert((0, Timestamp(0)));
        ghost.0 += 1;
        if ghost.0 < most {
            return None;
        }
        *ghost = (0, now.plus_ms(self.settings.lock.lock_ms));
        Some(ghost.1)
    }

    fn ghost_lock(&self, key: &str, now: Timestamp) -> Option<Timestamp> {
        let ghosts = self.ghosts.lock().unwrap_or_else(PoisonError::into_inner);
        ghosts.get(key).map(|(_, until)| *until).filter(|until| *until > now)
    }
}
