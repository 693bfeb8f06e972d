//! Two kinds of page: naming the reader, for whoever heads a unit; and what is held, for the reader alone. For everybody
//! else a held report is not there.

mod held;
mod readers;

use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use web::{MenuEntry, RouteRule};

use crate::texts;

/// Where the reader finds what is held for him.
pub const HELD: &str = "/held";

/// The routes of what is held.
pub fn routes() -> Router {
    Router::new()
        .route("/readers", get(readers::list))
        .route("/readers/export", get(readers::export))
        .route("/readers/{unit}", get(readers::show).post(readers::name))
        .route("/readers/{unit}/end", post(readers::end))
        .route(HELD, get(held::list))
        .route("/held/{id}", get(held::show))
        .route("/held/{id}/open", post(held::open))
        .route("/held/{id}/close", post(held::close))
}

const NAMES: &[Permission] = &["restricted.name_reader"];
/// Any signed-in person; the page itself asks who is the reader.
const EVERYBODY: &[Permission] = &[];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/readers", NAMES),
    RouteRule::new("GET", "/readers/export", NAMES),
    RouteRule::new("GET", "/readers/{unit}", NAMES),
    RouteRule::new("POST", "/readers/{unit}", NAMES),
    RouteRule::new("POST", "/readers/{unit}/end", NAMES),
    RouteRule::new("GET", HELD, EVERYBODY),
    RouteRule::new("GET", "/held/{id}", EVERYBODY),
    RouteRule::new("POST", "/held/{id}/open", EVERYBODY),
    RouteRule::new("POST", "/held/{id}/close", EVERYBODY),
];

/// The places in the navigation. What is held has none: the due list leads its reader there.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("readers", texts::readers_title, "/readers", "held", NAMES)]
}
