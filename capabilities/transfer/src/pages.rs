//! The pages of letters: the office's list, the record of one with its acts, the paper to be signed, the register of
//! departments, and the page a link opens.

mod acts;
mod departments;
mod export;
mod fields;
mod link;
mod list;
mod made;
mod new;
mod paper;
mod photo;
mod record;
mod timeline;

use std::sync::{Arc, PoisonError, RwLock};

use attachments::Store;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use journal::Permission;
use kernel::{StreamId, limits};
use rules::RuleBook;
use web::{MenuEntry, RouteRule};

use crate::texts;

pub use self::departments::{ACTS as DEPARTMENT_ACTS, href as department_href};
pub use self::link::Patience;
pub(crate) use self::list::{SCHOOL, called, of_which, table as letter_table};
pub use crate::offer::acts;

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct TransferPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
    /// `https://host` as links name the platform; without it the address of the request.
    pub public_url: Option<String>,
    /// How often a link, and an address without a link that opens anything, may ask.
    pub patience: Arc<Patience>,
}

impl TransferPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of letters.
pub fn routes(pages: TransferPages) -> Router {
    let by_link = Router::new()
        .route("/t/{ticket}", get(link::show))
        .route("/t/{ticket}/photos/{hash}", get(link::picture))
        .route("/t/{ticket}/{act}", post(link::submit))
        .layer(DefaultBodyLimit::max(limits::LETTER_FORM_BYTES))
        .with_state(pages.clone());
    Router::new()
        .route("/transfers", get(list::show).post(new::submit))
        .route("/transfers/export", get(export::show))
        .route("/transfers/new", get(new::show))
        .route("/transfers/{id}", get(record::show))
        .route("/transfers/{id}/letter", get(paper::show))
        .route("/transfers/{id}/photos/{hash}", get(photo::show))
        .route("/transfers/{id}/{act}", post(acts::submit))
        .route("/departments", get(departments::list).post(departments::add))
        .route("/departments/export", get(departments::export))
        .route("/departments/new", get(departments::new))
        .route("/departments/{id}", get(departments::show))
        .route("/departments/{id}/{act}", post(departments::submit))
        .with_state(pages)
        .merge(by_link)
}

const VIEW: &[Permission] = &["transfer.view"];
const DRAFT: &[Permission] = &["transfer.draft"];
const WORK: &[Permission] = &["transfer.draft", "transfer.sign"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/transfers", VIEW),
    RouteRule::new("POST", "/transfers", DRAFT),
    RouteRule::new("GET", "/transfers/export", &["export"]),
    RouteRule::new("GET", "/transfers/new", DRAFT),
    RouteRule::new("GET", "/transfers/{id}", VIEW),
    RouteRule::new("GET", "/transfers/{id}/letter", VIEW),
    RouteRule::new("GET", "/transfers/{id}/photos/{hash}", VIEW),
    RouteRule::new("POST", "/transfers/{id}/{act}", VIEW),
    RouteRule::new("GET", "/departments", WORK),
    RouteRule::new("POST", "/departments", DRAFT),
    RouteRule::new("GET", "/departments/export", WORK),
    RouteRule::new("GET", "/departments/new", DRAFT),
    RouteRule::new("GET", "/departments/{id}", WORK),
    RouteRule::new("POST", "/departments/{id}/{act}", DRAFT),
    RouteRule::public("GET", "/t/{ticket}"),
    RouteRule::public("GET", "/t/{ticket}/photos/{hash}"),
    RouteRule::public("POST", "/t/{ticket}/{act}"),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![
        MenuEntry::new("transfers", texts::transfer_title, "/transfers", "report", VIEW),
        MenuEntry::new("departments", texts::departments_title, "/departments", "book", WORK),
    ]
}

/// Where a letter's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/transfers/{}", id.0.simple())
}

/// Where a letter about a hazard is begun, after another one came back.
pub(crate) fn new_href(hazard: StreamId, former: Option<StreamId>) -> String {
    let after = former.map(|former| format!("&after={}", former.0.simple())).unwrap_or_default();
    format!("/transfers/new?hazard={}{after}", hazard.0.simple())
}
