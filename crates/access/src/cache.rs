//! Sessions in memory, so that a page needs no query while nothing about accounts changes.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::Timestamp;
use storage::{StorageError, Tx};

use crate::{
    limits,
    roles::Role,
    secret,
    session::{Session, SessionDigest, SessionKind, SessionLimits, SessionStage, SessionToken, session},
    viewer::Viewer,
};

/// Who asks, by his session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session; its stage is the one in force now, which may be lower than the stored one.
    pub session: Session,
    viewer: Arc<Viewer>,
}

impl SignedIn {
    /// Who looks, once the sign-in is complete. An unfinished one sees nothing but its next step.
    pub fn viewer(&self) -> Option<&Arc<Viewer>> {
        (self.session.stage == SessionStage::Full).then_some(&self.viewer)
    }

    /// Whose sign-in it is, finished or not: for greeting by login, never for showing data.
    pub fn login(&self) -> &str {
        &self.viewer.login
    }
}

/// What the memory knows of a token.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// Known and live.
    Hit(SignedIn),
    /// Ask [`SessionCache::load`].
    Miss,
    /// It has run out.
    Expired,
}

struct Entry {
    signed_in: SignedIn,
    version: u64,
    flushed: Timestamp,
}

/// Sessions in memory, bounded.
pub struct SessionCache {
    session_limits: SessionLimits,
    most: usize,
    version: AtomicU64,
    entries: Mutex<HashMap<SessionDigest, Entry>>,
}

impl SessionCache {
    /// Empty.
    pub fn new(session_limits: SessionLimits) -> Self {
        Self::bounded(session_limits, limits::SESSIONS_CACHED)
    }

    /// Empty, for at most `most` sessions.
    pub fn bounded(session_limits: SessionLimits, most: usize) -> Self {
        Self { session_limits, most: most.max(2), version: AtomicU64::new(0), entries: Mutex::default() }
    }

    /// How long sessions live here.
    pub const fn session_limits(&self) -> SessionLimits {
        self.session_limits
    }

    /// Something about accounts, units or people was committed, or sessions were revoked: everybody is read afresh.
    pub fn bump(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<SessionDigest, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the memory knows; a hit counts as being seen.
    pub fn cached(&self, token: &SessionToken, now: Timestamp) -> Lookup {
        let digest = token.digest();
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&digest) else { return Lookup::Miss };
        if !entry.signed_in.session.is_live(&self.session_limits, now) {
            entries.remove(&digest);
            return Lookup::Expired;
        }
        if entry.version != self.version.load(Ordering::SeqCst) {
            return Lookup::Miss;
        }
        let session = &mut entry.signed_in.session;
        session.last_seen = session.last_seen.max(now);
        Lookup::Hit(entry.signed_in.clone())
    }

    /// Reads the session and who looks, and remembers both. The transaction must begin after this call.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn load(
        &self,
        tx: &mut Tx,
        token: &SessionToken,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StorageError> {
        // Taken before anything is read: a change meanwhile makes the entry old from the start.
        let version = self.version.load(Ordering::SeqCst);
        let digest = token.digest();
        let Some(mut session) = session(tx, &digest)? else {
            self.entries().remove(&digest);
            return Ok(None);
        };
        let flushed = session.last_seen;
        if let Some(entry) = self.entries().get(&digest) {
            session.last_seen = session.last_seen.max(entry.signed_in.session.last_seen);
        }
        let viewer = match Viewer::load(tx, session.account)? {
            Some(viewer) if session.is_live(&self.session_limits, now) && fits(&session, &viewer) => viewer,
            Some(_) | None => {
                self.entries().remove(&digest);
                return Ok(None);
            }
        };
        if session.stage == SessionStage::Full && viewer.needs_second_factor() && !session.second_factor {
            // A role was given since that needs more than this session has shown.
            let confirmed = secret::secrets(tx, session.account)?.totp_confirmed;
            session.stage = if confirmed { SessionStage::SecondFactor } else { SessionStage::Enrol };
        }
        session.last_seen = session.last_seen.max(now);
        let signed_in = SignedIn { session, viewer: Arc::new(viewer) };
        let mut entries = self.entries();
        if entries.len() >= self.most && !entries.contains_key(&digest) {
            make_room(&mut entries);
        }
        entries.insert(digest, Entry { signed_in: signed_in.clone(), version, flushed });
        Ok(Some(signed_in))
    }

    /// Forgets a session, after signing out.
    pub fn forget(&self, digest: &SessionDigest) {
        self.entries().remove(digest);
        self.bump();
    }

    /// Whose `last_seen` is due to be written, at most once in [`limits::LAST_SEEN_FLUSH_MS`] each. Hand the result
    /// to [`crate::flush_last_seen`] in an operational write.
    pub fn due(&self) -> Vec<(SessionDigest, Timestamp)> {
        let mut due = Vec::new();
        for (digest, entry) in self.entries().iter_mut() {
            let seen = entry.signed_in.session.last_seen;
            if seen.since_ms(entry.flushed) >= limits::LAST_SEEN_FLUSH_MS {
                entry.flushed = seen;
                due.push((*digest, seen));
            }
        }
        due
    }

    /// How many sessions are in memory.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// True when none is.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }
}

/// A bound phone is for a guard's work. Once its account may do more, six digits are too little: it signs in with a
/// password, and the phone is silent until the account is a guard's again.
fn fits(session: &Session, viewer: &Viewer) -> bool {
    session.kind != SessionKind::Device || viewer.grants.iter().all(|grant| grant.held.role == Role::Guard)
}

/// Drops the half that was not seen for longest. They are read again when they come back.
fn make_room(entries: &mut HashMap<SessionDigest, Entry>) {
    let mut seen: Vec<(Timestamp, SessionDigest)> =
        entries.iter().map(|(digest, entry)| (entry.signed_in.session.last_seen, *digest)).collect();
    seen.sort_unstable();
    for (_, digest) in seen.iter().take(seen.len() / 2 + 1) {
        entries.remove(digest);
    }
}
