//! The one step inside the writer: is the account still what was checked, is the code right, which page comes next?

use std::sync::Arc;

use journal::Vault;
use kernel::{ActorId, IdSource, Timestamp};
use storage::{StorageError, Tx};

use super::{Outcome, room::Try};
use crate::{
    guessing::{self, Failure, Source},
    password::Password,
    secret::{self, LockSettings, Secrets},
    session::{NewSession, SessionKind, SessionStage, SessionToken, open_session},
    sign_in_log::SignInResult,
    viewer::Viewer,
};

/// A sign-in whose password was checked.
pub(super) struct Admission {
    pub account: ActorId,
    /// The hash that the password fitted.
    pub verified: Option<String>,
    /// What was typed, in case it is a printed code.
    pub typed: Password,
    pub totp: Option<String>,
    pub agent: String,
    pub attempt: Try,
    pub source: Source,
    pub lock: LockSettings,
    pub vault: Arc<Vault>,
    pub ids: Arc<IdSource>,
    pub now: Timestamp,
}

pub(super) fn admit(tx: &mut Tx, a: &Admission) -> Result<Outcome, StorageError> {
    let secrets = secret::secrets(tx, a.account)?;
    // Tries that were hashed at the same time may have locked it meanwhile.
    let until = guessing::locked_until(tx, a.account, &secrets, &a.source)?;
    if until > a.now {
        a.attempt.failed(tx, Some(a.account), SignInResult::Locked, a.now)?;
        return Ok(Outcome::Locked { until, newly: None });
    }
    let by_password = a.verified.is_some() && a.verified == secrets.hash;
    let by_print =
        !by_password && secret::printed_code_fits(tx, &a.vault, a.account, a.typed.as_str(), a.now)?;
    let viewer = Viewer::load(tx, a.account)?;
    let (Some(viewer), true) = (viewer, by_password || by_print) else {
        let right = by_password || by_print;
        let result = if right { SignInResult::Suspended } else { SignInResult::WrongPassword };
        a.attempt.failed(tx, Some(a.account), result, a.now)?;
        return failed(tx, a.account, (&a.source, Failure::Password), a.lock, a.now);
    };
    let second_factor = match (secrets.totp_confirmed, &a.totp) {
        (false, _) => false,
        (true, None) => {
            // Failures are kept until the second factor was right as well.
            let token = open(tx, a, SessionStage::SecondFactor, false)?;
            return Ok(Outcome::NeedsSecondFactor(token));
        }
        (true, Some(code)) => {
            if !accept_code(tx, &a.vault, a.account, code, a.now)? {
                a.attempt.failed(tx, Some(a.account), SignInResult::WrongCode, a.now)?;
                return failed(tx, a.account, (&a.source, Failure::SecondFactor), a.lock, a.now);
            }
            true
        }
    };
    guessing::forget_source(tx, a.account, &a.source)?;
    let stage = next_stage(&secrets, &viewer, second_factor);
    let token = open(tx, a, stage, second_factor)?;
    Ok(outcome(stage, token))
}

fn open(
    tx: &mut Tx,
    a: &Admission,
    stage: SessionStage,
    second_factor: bool,
) -> Result<SessionToken, StorageError> {
    let new = NewSession {
        account: a.account,
        kind: SessionKind::Ordinary,
        stage,
        second_factor,
        agent: a.agent.clone(),
        address: a.attempt.address().to_owned(),
    };
    let full = stage == SessionStage::Full;
    let result = if full { SignInResult::SignedIn } else { SignInResult::Unfinished };
    a.attempt.went(tx, a.account, result, a.now)?;
    open_session(tx, &a.ids, &new, a.now)
}

/// A code of the second factor, or a recovery code.
pub(super) fn accept_code(
    tx: &mut Tx,
    vault: &Vault,
    account: ActorId,
    code: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    Ok(secret::accept_totp(tx, vault, account, code, now)?
        || secret::use_recovery_code(tx, vault, account, code)?)
}

pub(super) fn failed(
    tx: &mut Tx,
    account: ActorId,
    (source, failure): (&Source, Failure),
    lock: LockSettings,
    now: Timestamp,
) -> Result<Outcome, StorageError> {
    let until = guessing::record_failure(tx, account, source, failure, lock, now)?;
    Ok(until.map_or(Outcome::Wrong, |until| Outcome::Locked { until, newly: Some(account) }))
}

/// What comes next: first a password of one's own, then the second factor, then the pages.
pub(super) fn next_stage(secrets: &Secrets, viewer: &Viewer, second_factor: bool) -> SessionStage {
    if secrets.totp_confirmed && !second_factor {
        SessionStage::SecondFactor
    } else if secrets.must_change || secrets.hash.is_none() {
        SessionStage::Password
    } else if viewer.needs_second_factor() && !second_factor {
        SessionStage::Enrol
    } else {
        SessionStage::Full
    }
}

pub(super) fn outcome(stage: SessionStage, token: SessionToken) -> Outcome {
    match stage {
        SessionStage::SecondFactor => Outcome::NeedsSecondFactor(token),
        SessionStage::Password => Outcome::MustChangePassword(token),
        SessionStage::Enrol => Outcome::NeedsEnrolment(token),
        SessionStage::Full => Outcome::Ok(token),
    }
}
