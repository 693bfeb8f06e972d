//! The pages of importing. All of them are for whoever may manage units; a file is seen by nobody but its uploader.

pub(crate) mod check;
mod preview;
pub(crate) mod progress;
mod upload;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    routing::{get, post},
};
use journal::Permission;
use kernel::Problem;
use uuid::Uuid;
use web::{MenuEntry, RouteRule, Visit};

use crate::{import::Importer, texts};

/// What the pages need besides the desk: which files are being written at the moment.
#[derive(Clone, Debug, Default)]
pub struct IntakePages {
    running: Arc<Mutex<HashSet<Uuid>>>,
}

impl IntakePages {
    fn importer(&self, visit: &Visit) -> Importer {
        Importer::of(&visit.desk, &self.running)
    }
}

/// The routes of importing.
pub fn routes(pages: IntakePages) -> Router {
    Router::new()
        .route("/intake", get(upload::show).post(upload::submit))
        .route("/intake/template", get(upload::download))
        .route("/intake/{id}", get(preview::show))
        .route("/intake/{id}/mapping", post(preview::settle))
        .route("/intake/{id}/check", get(check::show))
        .route("/intake/{id}/apply", post(check::apply))
        .route("/intake/{id}/drop", post(preview::drop_file))
        .with_state(pages)
}

const MANAGE: &[Permission] = &["unit.manage"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/intake", MANAGE),
    RouteRule::new("POST", "/intake", MANAGE),
    RouteRule::new("GET", "/intake/template", MANAGE),
    RouteRule::new("GET", "/intake/{id}", MANAGE),
    RouteRule::new("POST", "/intake/{id}/mapping", MANAGE),
    RouteRule::new("GET", "/intake/{id}/check", MANAGE),
    RouteRule::new("POST", "/intake/{id}/apply", MANAGE),
    RouteRule::new("POST", "/intake/{id}/drop", MANAGE),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("intake", texts::intake_title, "/intake", "add", MANAGE)]
}

/// Where a file's page is.
fn href(id: Uuid) -> String {
    format!("/intake/{}", id.simple())
}

/// True for what belongs back on the form.
const fn is_for_the_form(problem: &Problem) -> bool {
    matches!(problem, Problem::Refused(_) | Problem::Invalid(_))
}
