//! The router: every room's routes behind one guard, with the rule of who may call each.

use std::sync::Arc;

use access::{SessionCache, SessionLimits, SignInDesk, SignInParts, SignInSettings};
use axum::{Extension, Router, response::Response, routing::get};
use hazard::pages::HazardPages;
use kernel::Timestamp;
use web::{Desk, DeskParts, Face, Lookup, RouteRule, Sentences, Visit, see_other};

use crate::{platform::Platform, settings::Settings};

/// The rules of all routes.
pub fn route_rules() -> Vec<RouteRule> {
    let own = [RouteRule::new("GET", "/", &[])];
    own.into_iter()
        .chain(web::sign_in::ROUTE_RULES.iter().copied())
        .chain(hazard::pages::ROUTE_RULES.iter().copied())
        .collect()
}

/// What every page needs, from a platform.
pub fn desk(platform: &Platform, settings: &Settings) -> Desk {
    let limits = SessionLimits {
        idle_ms: i64::from(settings.idle_minutes) * Timestamp::MINUTE_MS,
        ..SessionLimits::default()
    };
    let parts = SignInParts {
        writer: Arc::new(platform.handle.clone()),
        vault: Arc::clone(&platform.vault),
        ids: Arc::clone(&platform.ids),
        clock: Arc::clone(&platform.clock),
    };
    Desk::new(DeskParts {
        handle: platform.handle.clone(),
        readers: platform.readers.clone(),
        vault: Arc::clone(&platform.vault),
        clock: Arc::clone(&platform.clock),
        ids: Arc::clone(&platform.ids),
        sentences: Sentences::new([hazard::words::sentence as Lookup]),
        sessions: SessionCache::new(limits),
        sign_in: SignInDesk::new(parts, SignInSettings::default()),
        menu: hazard::pages::menu(),
        csrf_secret: platform.csrf_secret,
        tls: settings.tls.is_some()
            || settings.public_url.as_ref().is_some_and(|u| u.starts_with("https://")),
        idle_seconds: settings.idle_minutes * 60,
    })
}

/// The application.
pub fn router(platform: &Platform, settings: &Settings) -> Router {
    let desk = desk(platform, settings);
    let pages = HazardPages { rules: Arc::clone(&platform.rules), store: Arc::clone(&platform.store) };
    let face = Face {
        sentences: desk.sentences.clone(),
        demo: platform.handle.identity().demonstration,
        tls: desk.tls,
        public_origin: settings.public_url.clone(),
    };
    let routes = Router::new()
        .route("/", get(home))
        .merge(web::sign_in::routes(desk.clone()))
        .merge(hazard::pages::routes(pages))
        .layer(Extension(desk));
    web::assemble(routes, face)
}

/// The first page depends on who comes.
async fn home(_: Visit) -> Response {
    see_other("/today")
}
