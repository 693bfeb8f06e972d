//! The pages of importing. What a file holds decides who may bring it; a file is seen by nobody but its uploader.

pub(crate) mod check;
mod photos;
pub(crate) mod preview;
mod problems;
pub(crate) mod progress;
mod tables;
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

use crate::{
    content::Content,
    import::{Importer, Tools},
    texts,
};

/// What the pages need besides the desk: rules, photos, and which files are being written at the moment.
#[derive(Clone, Debug)]
pub struct IntakePages {
    tools: Tools,
    running: Arc<Mutex<HashSet<Uuid>>>,
}

impl IntakePages {
    /// Nothing is being written yet.
    pub fn new(tools: Tools) -> Self {
        Self { tools, running: Arc::default() }
    }

    fn importer(&self, visit: &Visit) -> Importer {
        Importer::of(&visit.desk, &self.tools, &self.running)
    }
}

/// What the visitor may bring.
fn contents(visit: &Visit) -> Vec<Content> {
    Content::ALL.into_iter().filter(|content| visit.viewer.may(content.permission())).collect()
}

/// The routes of importing.
pub fn routes(pages: IntakePages) -> Router {
    Router::new()
        .route("/intake", get(upload::show).post(upload::submit))
        .route("/intake/template", get(upload::download))
        .route("/intake/{id}", get(preview::show))
        .route("/intake/{id}/mapping", post(preview::settle))
        .route("/intake/{id}/photos", post(photos::submit))
        .route("/intake/{id}/check", get(check::show))
        .route("/intake/{id}/problems", get(problems::file))
        .route("/intake/{id}/apply", post(check::apply))
        .route("/intake/{id}/drop", post(preview::drop_file))
        .with_state(pages)
}

const RUN: &[Permission] = &["intake.run"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/intake", RUN),
    RouteRule::new("POST", "/intake", RUN),
    RouteRule::new("GET", "/intake/template", RUN),
    RouteRule::new("GET", "/intake/{id}", RUN),
    RouteRule::new("POST", "/intake/{id}/mapping", RUN),
    RouteRule::new("POST", "/intake/{id}/photos", RUN),
    RouteRule::new("GET", "/intake/{id}/check", RUN),
    RouteRule::new("GET", "/intake/{id}/problems", RUN),
    RouteRule::new("POST", "/intake/{id}/apply", RUN),
    RouteRule::new("POST", "/intake/{id}/drop", RUN),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("intake", texts::intake_title, "/intake", "import", RUN)]
}

/// Where a file's page is.
fn href(id: Uuid) -> String {
    format!("/intake/{}", id.simple())
}

/// True for what belongs back on the form.
const fn is_for_the_form(problem: &Problem) -> bool {
    matches!(problem, Problem::Refused(_) | Problem::Invalid(_))
}
