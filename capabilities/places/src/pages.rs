//! The pages of places: the list, many added at once, one with its code and history, and the sheets to print.

mod export;
mod list;
mod new;
mod record;
mod sheets;

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use kernel::{StreamId, UnitId};
use language::Lang;
use rules::RuleBook;
use web::{
    MenuEntry, RouteRule,
    view::{Choice, Link},
};

use crate::{WHOLE, query::PlaceRow, texts, words};

pub(crate) use self::list::{SCHOOL, table as place_table};
pub use self::record::ACTS;

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct PlacePages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// `https://host` as sheets name the platform; without it the address of the request.
    pub public_url: Option<String>,
}

impl PlacePages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of places.
pub fn routes(pages: PlacePages) -> Router {
    Router::new()
        .route("/places", get(list::show).post(new::submit))
        .route("/places/export", get(export::show))
        .route("/places/new", get(new::show))
        .route("/places/sheets", get(sheets::show))
        .route("/places/{id}", get(record::show))
        .route("/places/{id}/{act}", post(record::submit))
        .with_state(pages)
}

const VIEW: &[Permission] = &["place.view"];
const MANAGE: &[Permission] = &["place.manage"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/places", VIEW),
    RouteRule::new("POST", "/places", MANAGE),
    RouteRule::new("GET", "/places/export", VIEW),
    RouteRule::new("GET", "/places/new", MANAGE),
    RouteRule::new("GET", "/places/sheets", VIEW),
    RouteRule::new("GET", "/places/{id}", VIEW),
    RouteRule::new("POST", "/places/{id}/{act}", VIEW),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("places", texts::places_title, "/places", "qr", VIEW)]
}

/// Where a place's page is.
pub fn href(id: StreamId) -> String {
    format!("/places/{}", id.0.simple())
}

/// Where the sheets of a unit are, all of them or the one of a place.
pub(crate) fn sheets_href(unit: UnitId, one: Option<StreamId>) -> String {
    let one = one.map(|id| format!("&chosen={}&size=1", id.0.simple())).unwrap_or_default();
    format!("/places/sheets?unit={}{one}", unit.0.simple())
}

fn kind_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    rules
        .point_kinds()
        .iter()
        .map(|kind| Choice::new(&*kind.code, hazard::words::pick(lang, &kind.name)))
        .collect()
}

fn unit_choices(units: &[(UnitId, String)]) -> Vec<Choice> {
    units.iter().map(|(id, name)| Choice::new(id.0.simple().to_string(), name)).collect()
}

pub(crate) fn new_link(lang: Lang, unit: Option<UnitId>) -> Link {
    let unit = unit.map(|unit| format!("?unit={}", unit.0.simple())).unwrap_or_default();
    Link::new(texts::place_add(lang), format!("/places/new{unit}"))
}

/// Inside or outside the buildings.
fn side(lang: Lang, outside: bool) -> &'static str {
    if outside { texts::place_outside(lang) } else { texts::place_inside(lang) }
}

/// The same of a row; all of a school is neither.
fn side_of(lang: Lang, row: &PlaceRow) -> &'static str {
    if row.kind == WHOLE { "" } else { side(lang, row.outside) }
}

fn named_kind(lang: Lang, rules: &RuleBook, kind: &str) -> String {
    words::kind(lang, rules, kind)
}
