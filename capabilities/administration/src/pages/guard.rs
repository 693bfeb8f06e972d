//! What stands before every page: a bound device that lay idle asks for its number, and nobody works before agreeing
//! to the notice.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use access::{SessionDigest, SessionKind, record_phone_locked};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use kernel::{ActorId, Timestamp};
use outbound::Door;
use storage::Tx;
use web::{Address, Visit, address, panel::UnitPanel, see_other};

use super::needs_notice;
use crate::condition::Survey;

/// Bound devices remembered; beyond that all are asked again.
const DEVICES: usize = 20_000;

/// What the pages need besides the desk.
#[derive(Clone, Default)]
pub struct AdministrationPages {
    public_url: Option<String>,
    door: Option<Door>,
    survey: Option<Arc<dyn Survey>>,
    seen: Arc<Mutex<HashMap<SessionDigest, Timestamp>>>,
    panels: Arc<Vec<Arc<dyn UnitPanel>>>,
}

impl AdministrationPages {
    /// `public_url` is `https://host` as telephones reach the platform; without it the address of the request.
    pub fn new(public_url: Option<String>) -> Self {
        Self { public_url, ..Self::default() }
    }

    /// The way out, against which the addresses of channels are checked.
    #[must_use]
    pub fn going_out_by(mut self, door: Door) -> Self {
        self.door = Some(door);
        self
    }

    /// Who looks at how the platform is.
    #[must_use]
    pub fn surveyed_by(mut self, survey: Arc<dyn Survey>) -> Self {
        self.survey = Some(survey);
        self
    }

    pub(super) fn survey(&self) -> Option<Arc<dyn Survey>> {
        self.survey.clone()
    }

    /// What other rooms say on the page of a unit, in this order.
    #[must_use]
    pub fn with_panels(mut self, panels: Vec<Arc<dyn UnitPanel>>) -> Self {
        self.panels = Arc::new(panels);
        self
    }

    pub(super) fn panels(&self) -> Arc<Vec<Arc<dyn UnitPanel>>> {
        Arc::clone(&self.panels)
    }

    /// Shut when nobody named one.
    pub(super) fn door(&self) -> Door {
        self.door.clone().unwrap_or_else(Door::shut)
    }

    pub(super) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// True when the device was used a short time ago; counts as use then.
    fn is_awake(&self, digest: &SessionDigest, now: Timestamp) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get_mut(digest) {
            Some(last) if now.since_ms(*last) < access::limits::DEVICE_PIN_IDLE_MS => {
                *last = (*last).max(now);
                true
            }
            Some(_) | None => false,
        }
    }

    /// It asks for the number from now on; true when it did not before.
    fn lock(&self, digest: &SessionDigest) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(digest).is_some()
    }

    /// The number was right, or the device was bound a moment ago.
    pub(super) fn wake(&self, digest: SessionDigest, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= DEVICES {
            seen.clear();
        }
        seen.insert(digest, now);
    }
}

/// Paths that are open before the number and the notice.
fn is_open(path: &str) -> bool {
    const OPEN: [&str; 8] = [
        "/static/",
        "/administration/style/",
        "/sign-in",
        "/sign-out",
        "/preferences",
        "/notice",
        "/device/pin",
        "/bind/",
    ];
    OPEN.iter().any(|open| path.starts_with(open))
}

/// Leaves a row in the log of sign-ins. The phone is locked all the same when it cannot be left.
async fn note_locked(visit: &Visit, account: ActorId, address: String) {
    let now = visit.now();
    let work = move |tx: &mut Tx| record_phone_locked(tx, account, &address, now);
    if let Err(problem) = visit.desk.handle.housekeep(work).await {
        tracing::error!(%problem, "a locked phone could not be recorded");
    }
}

/// A layer around all routes, inside the one that hands out the desk:
/// `.layer(middleware::from_fn_with_state(pages, administration::pages::guard)).layer(Extension(desk))`.
pub async fn guard(State(pages): State<AdministrationPages>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.uri.path() == "/sign-out" {
        // A guard has no password to come back with: his telephone is locked, and stays bound.
        if let Ok(visit) = Visit::from_request_parts(&mut parts, &()).await
            && visit.session().kind == SessionKind::Device
        {
            let (session, from) = (visit.session(), Address::of(&parts.extensions));
            if pages.lock(&session.digest) {
                note_locked(&visit, session.account, from.0).await;
            }
            return see_other("/device/pin");
        }
    }
    let request = Request::from_parts(parts, body);
    if is_open(request.uri().path()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // Whoever is not signed in is the business of the route itself.
    if let Ok(visit) = Visit::from_request_parts(&mut parts, &()).await {
        let back = match parts.method {
            Method::GET => parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            _ => "/".to_owned(),
        };
        let session = visit.session();
        if session.kind == SessionKind::Device && !pages.is_awake(&session.digest, visit.now()) {
            return see_other(&address("/device/pin", &[("to", &back)]));
        }
        if needs_notice(&visit.viewer) {
            return see_other(&address("/notice", &[("to", &back)]));
        }
    }
    next.run(Request::from_parts(parts, body)).await
}
