//! The pages of cases and clarifications: two lists, the records with their acts, the paper.

mod acts;
mod answer;
mod ask;
mod choices;
mod clarification;
mod clarifications;
mod course;
mod export;
mod list;
mod open;
mod panel;
mod paper;
mod photo;
mod record;
mod sides;
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

pub use panel::{CasesAtUnit, ClarificationsAtUnit};

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct AccountabilityPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
}

impl AccountabilityPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of cases and clarifications.
pub fn routes(pages: AccountabilityPages) -> Router {
    Router::new()
        .route("/accountability", get(list::show).post(open::submit))
        .route("/accountability/new/{hazard}", get(open::show))
        .route("/accountability/export", get(export::cases))
        .route("/accountability/{id}", get(record::show))
        .route("/accountability/{id}/photos/{hash}", get(photo::show))
        .route("/accountability/{id}/{act}", post(acts::submit))
        .route("/clarifications", get(clarifications::show).post(ask::submit))
        .route("/clarifications/new/{hazard}", get(ask::show))
        .route("/clarifications/export", get(export::clarifications))
        .route("/clarifications/{id}", get(clarification::show))
        .route("/clarifications/{id}/paper", get(paper::show))
        .route("/clarifications/{id}/{act}", post(answer::submit))
        .with_state(pages)
}

const VIEW: &[Permission] = &["accountability.view"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/accountability", VIEW),
    RouteRule::new("POST", "/accountability", &["accountability.open"]),
    RouteRule::new("GET", "/accountability/new/{hazard}", &["accountability.open"]),
    RouteRule::new("GET", "/accountability/export", VIEW),
    RouteRule::new("GET", "/accountability/{id}", VIEW),
    RouteRule::new("GET", "/accountability/{id}/photos/{hash}", VIEW),
    RouteRule::new("POST", "/accountability/{id}/{act}", VIEW),
    RouteRule::new("GET", "/clarifications", VIEW),
    RouteRule::new("POST", "/clarifications", &["clarification.ask"]),
    RouteRule::new("GET", "/clarifications/new/{hazard}", &["clarification.ask"]),
    RouteRule::new("GET", "/clarifications/export", VIEW),
    RouteRule::new("GET", "/clarifications/{id}", VIEW),
    RouteRule::new("GET", "/clarifications/{id}/paper", VIEW),
    RouteRule::new("POST", "/clarifications/{id}/{act}", VIEW),
];

/// The acts of a case that have a form, by their names in addresses.
pub fn acts() -> impl Iterator<Item = &'static str> {
    crate::case::acts()
}

/// The acts of a clarification that have a form, by their names in addresses.
pub fn clarification_acts() -> impl Iterator<Item = &'static str> {
    ["draft", "answer"].into_iter()
}

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("accountability", texts::accountability_title, "/accountability", "book", VIEW)]
}

/// Where a case's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/accountability/{}", id.0.simple())
}

/// Where a clarification's page is.
pub(crate) fn clarification_href(id: StreamId) -> String {
    format!("/clarifications/{}", id.0.simple())
}
