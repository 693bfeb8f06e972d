//! The pages of reports: what the public fills in and follows, and what the school and those above it see and answer.

mod acts;
mod export;
mod list;
mod photo;
mod public;
mod record;
mod timeline;

use std::sync::{Arc, PoisonError, RwLock};

use attachments::Store;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use hazard::pages::Confidant;
use journal::Permission;
use kernel::{StreamId, limits};
use language::Lang;
use rules::RuleBook;
use web::{MenuEntry, RouteRule, view::Choice};

use crate::texts;

pub(crate) use self::list::table as report_table;
pub use self::{public::Patience, record::ACTS};

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct ReportPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
    /// Holds what is no hazard for whoever is named to read it.
    pub confidant: Arc<dyn Confidant>,
    /// How often whoever has no account may ask and send.
    pub patience: Arc<Patience>,
}

impl ReportPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of reports.
pub fn routes(pages: ReportPages) -> Router {
    let small = Router::new()
        .route("/r/follow", get(public::follow).post(public::find))
        .route("/r/f/{ticket}", get(public::followed))
        .layer(DefaultBodyLimit::max(limits::PUBLIC_FORM_BYTES))
        .with_state(pages.clone());
    let form = Router::new()
        .route("/r/{code}", get(public::show).post(public::submit))
        .layer(DefaultBodyLimit::max(limits::REPORT_FORM_BYTES))
        .with_state(pages.clone());
    Router::new()
        .route("/reports", get(list::show))
        .route("/reports/export", get(export::show))
        .route("/reports/{id}", get(record::show))
        .route("/reports/{id}/photos/{hash}", get(photo::show))
        .route("/reports/{id}/{act}", post(acts::submit))
        .with_state(pages)
        .merge(small)
        .merge(form)
}

const VIEW: &[Permission] = &["report.view"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/reports", VIEW),
    RouteRule::new("GET", "/reports/export", VIEW),
    RouteRule::new("GET", "/reports/{id}", VIEW),
    RouteRule::new("GET", "/reports/{id}/photos/{hash}", VIEW),
    RouteRule::new("POST", "/reports/{id}/{act}", VIEW),
    RouteRule::public("GET", "/r/{code}"),
    RouteRule::public("POST", "/r/{code}"),
    RouteRule::public("GET", "/r/follow"),
    RouteRule::public("POST", "/r/follow"),
    RouteRule::public("GET", "/r/f/{ticket}"),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("reports", texts::reports_title, "/reports", "camera", VIEW)]
}

/// Where a report's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/reports/{}", id.0.simple())
}

/// Categories that may be chosen, in the order of the guard's form.
fn categories(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    let mut on: Vec<_> = rules.categories().iter().filter(|category| category.is_on()).collect();
    on.sort_by_key(|category| category.order);
    let choice = |category: &rules::Category| {
        let label = hazard::words::pick(lang, &category.name);
        Choice::new(&*category.code, label).icon(hazard::pages::icon(&category.icon))
    };
    on.into_iter().map(choice).collect()
}
