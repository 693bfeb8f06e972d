//! The pages of listings: the county's list, the record of one with its acts, and the papers to be signed.

mod acts;
mod export;
mod list;
mod paper;
mod photo;
mod record;
mod timeline;

use std::sync::{Arc, PoisonError, RwLock};

use attachments::Store;
use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use kernel::StreamId;
use rules::RuleBook;
use web::{MenuEntry, RouteRule};

use crate::texts;

pub(crate) use self::list::{SCHOOL, table as listing_table};
pub use crate::offer::acts;

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct SupervisionPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
}

impl SupervisionPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of listings.
pub fn routes(pages: SupervisionPages) -> Router {
    Router::new()
        .route("/supervisions", get(list::show))
        .route("/supervisions/export", get(export::show))
        .route("/supervisions/{id}", get(record::show))
        .route("/supervisions/{id}/papers/{paper}", get(paper::show))
        .route("/supervisions/{id}/photos/{hash}", get(photo::show))
        .route("/supervisions/{id}/{act}", post(acts::submit))
        .with_state(pages)
}

const VIEW: &[Permission] = &["supervision.view"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/supervisions", VIEW),
    RouteRule::new("GET", "/supervisions/export", &["export"]),
    RouteRule::new("GET", "/supervisions/{id}", VIEW),
    RouteRule::new("GET", "/supervisions/{id}/papers/{paper}", VIEW),
    RouteRule::new("GET", "/supervisions/{id}/photos/{hash}", VIEW),
    RouteRule::new("POST", "/supervisions/{id}/{act}", VIEW),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("supervisions", texts::supervision_title, "/supervisions", "bell", VIEW)]
}

/// Where a listing's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/supervisions/{}", id.0.simple())
}
