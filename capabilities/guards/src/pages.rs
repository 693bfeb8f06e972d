//! The pages of guards: staffing of each campus, a school's page, the roster, the kit of the gate, the standard in force,
//! and the report to the government.

mod export;
mod kit;
mod list;
mod panel;
mod paper;
mod person;
mod record;
mod reports;
mod roster;
mod school;
mod standard;

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use kernel::{PersonId, Refusal, StreamId, UnitId};
use rules::RuleBook;
use web::{FormState, MenuEntry, RouteRule, Sentences};

use crate::texts;

pub use self::panel::GuardsAtUnit;
pub(crate) use self::{
    roster::{expiry_level, left},
    standard::county_of,
};

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct GuardsPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
}

impl GuardsPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of guards.
pub fn routes(pages: GuardsPages) -> Router {
    Router::new()
        .route("/guards", get(list::show))
        .route("/guards/export", get(export::staffing))
        .route("/guards/schools/{id}", get(school::show))
        .route("/guards/schools/{id}/{act}", post(school::submit))
        .route("/guards/roster", get(roster::show))
        .route("/guards/roster/export", get(export::roster))
        .route("/guards/people/{id}", get(person::show).post(person::submit))
        .route("/guards/kit", get(kit::list))
        .route("/guards/kit/{id}/{campus}", get(kit::show).post(kit::submit))
        .route("/guards/standard", get(standard::show).post(standard::submit))
        .route("/guards/standard/{act}", post(standard::decide))
        .route("/guards/reports", get(reports::list).post(reports::begin))
        .route("/guards/reports/new", get(reports::new))
        .route("/guards/reports/{id}", get(record::show))
        .route("/guards/reports/{id}/paper", get(paper::show))
        .route("/guards/reports/{id}/export", get(export::report))
        .route("/guards/reports/{id}/{act}", post(record::submit))
        .with_state(pages)
}

pub(crate) const VIEW: &[Permission] = &["guards.view"];
pub(crate) const ROSTER: &[Permission] = &["guards.roster"];
const CHECK: &[Permission] = &["guards.check"];
const DRAFT: &[Permission] = &["guards.draft"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/guards", VIEW),
    RouteRule::new("GET", "/guards/export", VIEW),
    RouteRule::new("GET", "/guards/schools/{id}", VIEW),
    RouteRule::new("POST", "/guards/schools/{id}/{act}", &["guards.declare", "unit.describe"]),
    RouteRule::new("GET", "/guards/roster", ROSTER),
    RouteRule::new("GET", "/guards/roster/export", ROSTER),
    RouteRule::new("GET", "/guards/people/{id}", ROSTER),
    RouteRule::new("POST", "/guards/people/{id}", &["person.manage"]),
    RouteRule::new("GET", "/guards/kit", CHECK),
    RouteRule::new("GET", "/guards/kit/{id}/{campus}", CHECK),
    RouteRule::new("POST", "/guards/kit/{id}/{campus}", CHECK),
    RouteRule::new("GET", "/guards/standard", VIEW),
    RouteRule::new("POST", "/guards/standard", &["guards.draft", "guards.sign"]),
    RouteRule::new("POST", "/guards/standard/{act}", &["guards.sign"]),
    RouteRule::new("GET", "/guards/reports", VIEW),
    RouteRule::new("POST", "/guards/reports", DRAFT),
    RouteRule::new("GET", "/guards/reports/new", DRAFT),
    RouteRule::new("GET", "/guards/reports/{id}", VIEW),
    RouteRule::new("GET", "/guards/reports/{id}/paper", VIEW),
    RouteRule::new("GET", "/guards/reports/{id}/export", VIEW),
    RouteRule::new("POST", "/guards/reports/{id}/{act}", &["guards.draft", "guards.sign"]),
];

/// The acts on a report that have a form, and those on a school's page.
pub fn acts() -> impl Iterator<Item = &'static str> {
    crate::report::ACTS.into_iter()
}

/// The acts behind `/guards/standard/{act}`.
pub const STANDARD_ACTS: [&str; 2] = ["choose", "decline"];

/// The acts behind `/guards/schools/{id}/{act}`.
pub const SCHOOL_ACTS: [&str; 2] = ["declare", "campuses"];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![
        MenuEntry::new("guards", texts::guards_title, "/guards", "shield", VIEW),
        MenuEntry::new("kit", texts::kit_title, "/guards/kit", "shield", CHECK),
    ]
}

/// Where a school's page is.
pub(crate) fn school_href(unit: UnitId) -> String {
    format!("/guards/schools/{}", unit.0.simple())
}

/// Where a guard's page is.
pub(crate) fn person_href(person: PersonId) -> String {
    format!("/guards/people/{}", person.0.simple())
}

/// Where the kit of a campus is looked at.
pub(crate) fn kit_href(unit: UnitId, campus: u16) -> String {
    format!("/guards/kit/{}/{campus}", unit.0.simple())
}

/// Where a report is.
pub(crate) fn report_href(id: StreamId) -> String {
    format!("/guards/reports/{}", id.0.simple())
}

/// What is wrong with one field of a form with rows: its name is known only while the program runs.
struct Wrong {
    field: String,
    refusal: Refusal,
}

impl Wrong {
    fn new(field: impl Into<String>, refusal: Refusal) -> Self {
        Self { field: field.into(), refusal }
    }

    /// The form with everything that is wrong, in its order.
    fn told(all: &[Self], form: FormState, sentences: &Sentences) -> FormState {
        all.iter().fold(form, |form, one| form.wrong(&one.field, &one.refusal, sentences))
    }
}
