//! The guard: a page that takes a [`Visit`] is for people who are signed in, a form that takes a [`Posted`] was sent
//! from one of our own pages.

use std::{convert::Infallible, sync::Arc};

use access::{AccessRead, Lookup, SessionKind, SessionToken, SignedIn, Viewer};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use journal::{Permission, Standing};
use kernel::{Actor, CommandId, Problem, StreamId, Timestamp, UnitId};
use language::{Lang, Say};
use storage::{Lane, Tx};

use crate::{
    Desk, Failed, FormData, FormState, MenuEntry, NavItem, Prefs, Shell, csrf, encoded, names,
    prefs::PageBefore, see_other,
};

/// The cookie that holds the session's token.
pub const SESSION_COOKIE: &str = "xa_session";

/// Somebody who is signed in, looking at a page.
#[derive(Clone)]
pub struct Visit {
    /// Everything the application has.
    pub desk: Desk,
    /// Who looks.
    pub viewer: Arc<Viewer>,
    /// How he likes it.
    pub prefs: Prefs,
    signed_in: SignedIn,
}

impl Visit {
    /// A guard reads outdoors, often without his glasses: his pages are in large type until he chooses otherwise.
    fn of(desk: Desk, viewer: Arc<Viewer>, prefs: Prefs, signed_in: SignedIn) -> Self {
        let prefs = prefs.suiting(viewer.is_guard());
        Self { desk, viewer, prefs, signed_in }
    }

    /// Who looks, as decisions ask it, with what he may do over the unit in question: a page tries with it what the
    /// writer would answer.
    pub fn standing(&self, over: access::PermissionSet) -> Standing {
        Standing {
            actor: self.actor(),
            person: Some(self.viewer.person),
            home: Some(self.viewer.home.id),
            grants: Vec::new(),
            permissions: over.iter().collect(),
            unit_path: String::new(),
        }
    }

    /// The viewer's language.
    pub const fn lang(&self) -> Lang {
        self.prefs.lang
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    /// Who acts, for the writer.
    pub fn actor(&self) -> Actor {
        match self.session().kind {
            SessionKind::Device => Actor::device(self.viewer.account),
            SessionKind::Ordinary => Actor::person(self.viewer.account),
        }
    }

    /// The session behind this visit.
    pub const fn session(&self) -> &access::Session {
        &self.signed_in.session
    }

    /// The page is not for a bound phone: whoever holds it has shown six digits and no password.
    ///
    /// # Errors
    /// [`Problem::Forbidden`].
    pub fn need_password(&self) -> Result<(), Problem> {
        if self.session().kind == SessionKind::Device { Err(Problem::Forbidden) } else { Ok(()) }
    }

    /// The visit behind a request, where somebody is signed in. For the pages that say what went wrong.
    pub(crate) async fn behind(
        desk: &Desk,
        prefs: &Prefs,
        headers: &HeaderMap,
    ) -> Result<Option<Self>, Problem> {
        let Some(signed_in) = signed_in(desk, headers).await? else { return Ok(None) };
        let viewer = signed_in.viewer().cloned();
        Ok(viewer.map(|viewer| Self::of(desk.clone(), viewer, prefs.clone(), signed_in)))
    }

    /// The page is for whoever has one of these permissions somewhere.
    ///
    /// # Errors
    /// [`Problem::Forbidden`].
    pub fn need_any(&self, permissions: &[Permission]) -> Result<(), Problem> {
        if permissions.iter().any(|p| self.viewer.may(p)) { Ok(()) } else { Err(Problem::Forbidden) }
    }

    /// Reads everything a page needs in one snapshot.
    ///
    /// # Errors
    /// Whatever `read` or the database answers.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.desk.readers.read(Lane::Interactive, read).await?
    }

    /// The same for what takes long, such as a whole list: beside the readers that serve pages.
    ///
    /// # Errors
    /// Whatever `read` or the database answers.
    pub async fn read_long<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.desk.readers.read(Lane::Long, read).await?
    }

    /// Leaves a row in the access log: a list that names people is taken out. On the disk before anything is answered.
    /// `subject` is whom or what the list is about, `unit` where; the reason is the address and `told`, how the list was
    /// narrowed in words: those are what the log of reads shows, for nobody reads addresses.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub async fn taking_out(
        &self,
        what: &'static str,
        subject: impl Into<StreamId>,
        unit: UnitId,
        told: &str,
    ) -> Result<(), Problem> {
        self.taking_out_of(what, subject, unit, format!("{} · {told}", self.prefs.path)).await
    }

    /// The same with a reason of its own, where the address does not say what is taken.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub async fn taking_out_of(
        &self,
        what: &'static str,
        subject: impl Into<StreamId>,
        unit: UnitId,
        why: String,
    ) -> Result<(), Problem> {
        let entry = AccessRead {
            at: self.now(),
            account: self.viewer.account,
            what: what.to_owned(),
            subject: subject.into(),
            unit,
            why,
        };
        let write = move |tx: &mut Tx| access::record_reads(tx, std::slice::from_ref(&entry)).map(|_| ());
        self.desk.handle.housekeep(write).await
    }

    /// The frame of a page: navigation, names, language.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        let lang = self.lang();
        let mut shell = Shell::public(&self.prefs, title).for_unit(&self.viewer.home.name, self.now());
        shell.home.clone_from(&self.viewer.home.name);
        let may = |entry: &&MenuEntry| entry.permissions.iter().any(|p| self.viewer.may(p));
        let shown: Vec<&MenuEntry> = self.desk.menu.iter().filter(may).collect();
        // Whoever has few of the places meant for a phone has his first other ones there.
        let mut room = Shell::BOTTOM.saturating_sub(shown.iter().filter(|entry| entry.on_phone).count());
        for entry in shown {
            let item = NavItem::new(entry.key, (entry.label)(lang), entry.href, entry.icon);
            if entry.on_phone {
                shell.bottom.push(item.clone());
            } else if room > 0 {
                room -= 1;
                shell.bottom.push(item.clone());
            }
            shell.nav.push(item);
        }
        shell.user = Some(self.viewer.login.clone());
        shell.roles = self.roles();
        shell.device = self.session().kind == SessionKind::Device;
        shell.csrf = self.csrf_token();
        shell.demo = self.desk.handle.identity().demonstration;
        shell.idle_seconds = Some(self.desk.idle_seconds);
        shell
    }

    /// An empty form of this page: token and id of the act.
    pub fn form(&self) -> FormState {
        FormState::new(self.lang(), self.csrf_token()).command(self.desk.ids.new_id(&*self.desk.clock))
    }

    /// What the viewer is, each role once.
    fn roles(&self) -> String {
        let mut roles: Vec<access::Role> = self.viewer.grants.iter().map(|grant| grant.held.role).collect();
        roles.sort_unstable();
        roles.dedup();
        Say(self.lang()).list(roles.into_iter().map(|role| names::role(self.lang(), role.name())))
    }

    fn csrf_token(&self) -> String {
        csrf::token(&self.desk.csrf_secret, &self.session().csrf, self.desk.ids.bytes())
    }
}

/// The sign-in behind a request, finished or not.
pub(crate) async fn signed_in(desk: &Desk, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let Some(token) = cookie(headers, SESSION_COOKIE).and_then(SessionToken::from_cookie) else {
        return Ok(None);
    };
    let now = desk.clock.now();
    match desk.sessions.cached(&token, now) {
        Lookup::Hit(signed_in) => Ok(Some(signed_in)),
        Lookup::Expired => Ok(None),
        Lookup::Miss => {
            let asked = desk.clone();
            Ok(desk.readers.read(Lane::Interactive, move |tx| asked.sessions.load(tx, &token, now)).await??)
        }
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

pub(crate) fn desk_of(parts: &Parts) -> Result<Desk, Problem> {
    let desk = parts.extensions.get::<Desk>().cloned();
    desk.ok_or_else(|| Problem::Fault("the router was assembled without a desk".to_owned()))
}

/// Where somebody goes on who has to sign in first: to the page asked for; after a form, to the page it stands on, where
/// the browser kept what was typed.
fn back_to(parts: &Parts) -> String {
    let asked = || parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    if parts.method.is_safe() {
        return asked();
    }
    parts.extensions.get::<PageBefore>().and_then(|before| before.0.clone()).unwrap_or_else(asked)
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let failed = |problem: Problem| Failed(problem).into_response();
        let desk = desk_of(parts).map_err(failed)?;
        let prefs: Result<Prefs, Infallible> = Prefs::from_request_parts(parts, state).await;
        let Ok(prefs) = prefs;
        let signed_in = signed_in(&desk, &parts.headers).await.map_err(failed)?;
        let viewer = signed_in.as_ref().and_then(|s| s.viewer().cloned());
        match (signed_in, viewer) {
            (Some(signed_in), Some(viewer)) => Ok(Self::of(desk, viewer, prefs, signed_in)),
            // Half signed in: the sign-in page knows the next step.
            (Some(_), None) => Err(see_other("/sign-in")),
            (None, _) if prefs.json => Err(failed(Problem::Forbidden)),
            (None, _) => Err(see_other(&format!("/sign-in?to={}", encoded(&back_to(parts))))),
        }
    }
}

/// A form sent by somebody who is signed in, from one of our own pages.
pub struct Posted {
    /// Who sent it.
    pub visit: Visit,
    /// What was sent.
    pub form: FormData,
    /// The id of the act: sending twice acts once.
    pub command_id: CommandId,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        // Before the body is read: whoever sends too much shall not have it read either.
        visit.desk.count_post(visit.session().account).map_err(|problem| Failed(problem).into_response())?;
        let headers = parts.headers.clone();
        let form = FormData::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(IntoResponse::into_response)?;
        csrf::verify(&visit.desk.csrf_secret, &visit.session().csrf, &headers, Some(&form))
            .map_err(|problem| Failed(problem).into_response())?;
        let command_id = form
            .value("_command")
            .and_then(CommandId::parse)
            .unwrap_or_else(|| visit.desk.ids.new_id(&*visit.desk.clock));
        Ok(Self { visit, form, command_id })
    }
}
