//! The pages of the rules: what is in force, the calendar, what is filled in, adjustments and their records, and what the
//! rules said when something was decided.

mod acts;
mod adjustments;
mod as_of;
mod export;
mod fields;
mod list;
mod new;
mod record;
mod rule;
mod tables;
mod timeline;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use kernel::StreamId;
use language::Lang;
use web::{MenuEntry, RouteRule, view::Link};

use crate::{in_force::Ruling, texts, trial::OpenRecords};

pub use self::record::ACTS;

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct RulesPages {
    /// The rules in force, and the way to renew them.
    pub ruling: Ruling,
    /// The rooms whose open records a change is tried on.
    pub rooms: Vec<Arc<dyn OpenRecords>>,
}

/// The routes of the rules.
pub fn routes(pages: RulesPages) -> Router {
    Router::new()
        .route("/rules", get(list::show))
        .route("/rules/export", get(export::show))
        .route("/rules/calendar", get(tables::calendar))
        .route("/rules/prefill", get(tables::prefill))
        .route("/rules/as-of/{stamp}", get(as_of::show))
        .route("/rules/adjustments", get(adjustments::show).post(new::submit))
        .route("/rules/adjustments/new", get(new::show))
        .route("/rules/adjustments/{id}", get(record::show))
        .route("/rules/adjustments/{id}/{act}", post(acts::submit))
        .route("/rules/rule/{rule}", get(rule::show))
        .with_state(pages)
}

const VIEW: &[Permission] = &["rules.view"];
const DRAFT: &[Permission] = &["rules.manage"];
const WORK: &[Permission] = &["rules.manage", "rules.activate"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/rules", VIEW),
    RouteRule::new("GET", "/rules/export", VIEW),
    RouteRule::new("GET", "/rules/calendar", VIEW),
    RouteRule::new("GET", "/rules/prefill", VIEW),
    RouteRule::new("GET", "/rules/as-of/{stamp}", VIEW),
    RouteRule::new("GET", "/rules/adjustments", VIEW),
    RouteRule::new("POST", "/rules/adjustments", DRAFT),
    RouteRule::new("GET", "/rules/adjustments/new", DRAFT),
    RouteRule::new("GET", "/rules/adjustments/{id}", VIEW),
    RouteRule::new("POST", "/rules/adjustments/{id}/{act}", WORK),
    RouteRule::new("GET", "/rules/rule/{rule}", VIEW),
];

/// The place in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("rules", texts::rules_title, "/rules", "book", VIEW)]
}

/// Where an adjustment's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/rules/adjustments/{}", id.0.simple())
}

/// Where a rule's page is.
pub(crate) fn rule_href(rule: &str) -> String {
    format!("/rules/rule/{rule}")
}

/// Where the rules of a past decision are.
pub fn as_of_href(stamp: &str) -> String {
    format!("/rules/as-of/{}", stamp.replace('+', "%2B"))
}

/// Which of the pages one is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Rules,
    Calendar,
    Prefill,
    Adjustments,
}

/// The ways between them.
pub(crate) fn tabs(lang: Lang, here: Tab) -> Vec<Link> {
    [
        (Tab::Rules, texts::tab_rules(lang), "/rules"),
        (Tab::Calendar, texts::tab_calendar(lang), "/rules/calendar"),
        (Tab::Prefill, texts::tab_prefill(lang), "/rules/prefill"),
        (Tab::Adjustments, texts::tab_adjustments(lang), "/rules/adjustments"),
    ]
    .map(|(tab, label, href)| Link::new(label, href).current(tab == here))
    .into()
}
