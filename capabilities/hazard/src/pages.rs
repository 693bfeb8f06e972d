//! The pages of hazards. Each route says who may call it; every list takes the viewer's scope.

mod acts;
mod alike;
mod batch;
mod beside;
mod brought;
mod carried;
mod export;
mod facts;
mod fields;
pub(crate) mod filter;
mod lacking;
mod list;
pub(crate) mod notices;
mod panel;
mod photo;
mod print;
mod record;
mod register;
mod reminder;
mod reuse;
mod schools;
mod story;
pub(crate) mod timeline;
mod today;
mod twice;
mod views;
mod withheld;

use std::sync::{Arc, PoisonError, RwLock};

use access::Viewer;
use attachments::Store;
use axum::{
    Router,
    routing::{get, post},
};
use kernel::{Problem, StreamId, UnitId, limits};
use organisation::{Line, UnitKind};
use rules::RuleBook;
use storage::Tx;
use web::{MenuEntry, RouteRule};

use crate::{
    query::{HazardRecord, Reach, record},
    state::HazardState,
    texts,
};

pub use crate::offer::acts;
pub use beside::{Beside, Companion, Errands};
pub use brought::{Brought, stored};
pub use panel::HazardsAtUnit;
pub use photo::{PhotoQuery, picture};
pub use register::icon;
pub use story::{names_in, people_named, story};
pub use timeline::Names;
pub use today::seats;
pub use withheld::{Confidant, NoConfidant, Withheld};

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct HazardPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// Where photos are kept.
    pub store: Arc<Store>,
    /// Holds what is no hazard for whoever is named to read it.
    pub confidant: Arc<dyn Confidant>,
    /// Rooms with something beside a record.
    pub companions: Vec<Arc<dyn Companion>>,
}

impl HazardPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of hazards.
pub fn routes(pages: HazardPages) -> Router {
    Router::new()
        .route("/today", get(today::show))
        .route("/today/export", get(today::export))
        .route("/hazards", get(list::show).post(register::submit))
        .route("/hazards/export", get(export::show))
        .route("/hazards/batch", get(batch::show).post(batch::submit))
        .route("/hazards/new", get(register::show))
        .route("/hazards/views", get(views::show).post(views::save))
        .route("/hazards/views/delete", post(views::delete))
        .route("/hazards/{id}", get(record::show))
        .route("/hazards/{id}/print", get(print::show))
        .route("/hazards/{id}/papers/{paper}", get(notices::show))
        .route("/hazards/{id}/photos/{hash}", get(photo::show))
        .route("/hazards/{id}/{act}", post(acts::submit))
        .with_state(pages)
}

/// Who decides about hazards of others.
const BATCH: &[&str] = &["hazard.assign", "hazard.close", "hazard.central", "hazard.county"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/today", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("GET", "/hazards", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("GET", "/today/export", &["export"]),
    RouteRule::new("POST", "/hazards", &["hazard.register"]),
    RouteRule::new("GET", "/hazards/export", &["export"]),
    RouteRule::new("GET", "/hazards/batch", BATCH),
    RouteRule::new("POST", "/hazards/batch", BATCH),
    RouteRule::new("GET", "/hazards/new", &["hazard.register"]),
    RouteRule::new("GET", "/hazards/views", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("POST", "/hazards/views", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("POST", "/hazards/views/delete", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("GET", "/hazards/{id}", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("GET", "/hazards/{id}/print", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("GET", "/hazards/{id}/papers/{paper}", notices::ISSUERS),
    RouteRule::new("GET", "/hazards/{id}/photos/{hash}", &["hazard.view", "hazard.view_own"]),
    RouteRule::new("POST", "/hazards/{id}/{act}", &["hazard.view", "hazard.view_own"]),
];

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    let view: &[&str] = &["hazard.view", "hazard.view_own"];
    vec![
        MenuEntry::new("today", texts::today_title, "/today", "today", view).bottom(),
        MenuEntry::new("hazards", texts::list_title, "/hazards", "hazard", view).bottom(),
        MenuEntry::new("register", texts::list_register, "/hazards/new", "add", &["hazard.register"])
            .bottom(),
    ]
}

/// What the viewer may see of hazards: every list and every count of them takes it.
///
/// # Errors
/// Whatever the database answers.
pub fn reach(tx: &mut Tx, viewer: &Viewer) -> Result<Reach, Problem> {
    let scope = viewer.scope("hazard.view");
    if scope.is_nothing() {
        return Ok(if viewer.may("hazard.view_own") {
            Reach::Own(viewer.account, viewer.person, viewer.scope("hazard.view_own"))
        } else {
            Reach::Units(Vec::new())
        });
    }
    // Hazards are at institutions alone: who reaches all of those needs no narrowing.
    if viewer.reaches_institutions("hazard.view") {
        return Ok(Reach::Everything);
    }
    Ok(match scope {
        access::Scope::Everything => Reach::Everything,
        access::Scope::Units(roots) => {
            let territorial =
                roots.iter().any(|root| matches!(root.line, Some(Line::Territory | Line::Management)));
            let listed = access::Scope::Units(roots.clone()).listed(tx, limits::SCOPE_UNITS_LISTED)?;
            match listed {
                // A school sees its own; superiors also see what was registered while a school lay below them, even
                // when none does any more.
                Some(units) if !territorial || is_school(tx, &units)? => Reach::Units(units),
                Some(_) | None => Reach::Below(roots),
            }
        }
    })
}

/// One unit alone, which is nobody's superior.
fn is_school(tx: &mut Tx, units: &[UnitId]) -> Result<bool, Problem> {
    let [only] = units else { return Ok(false) };
    let unit = organisation::unit_brief(tx, *only)?;
    Ok(unit.is_some_and(|unit| unit.kind.is_institution() && unit.kind != UnitKind::CentralSchool))
}

/// The record, if the viewer may see it; what he may not see is not there.
pub(crate) fn visible_record(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<HazardRecord, Problem> {
    let record = record(tx, id)?.ok_or(Problem::NotFound)?;
    may_see(tx, viewer, &record.state)?;
    Ok(record)
}

/// A hazard as it stands, without its history, for whoever may see it.
pub(crate) fn visible_state(tx: &mut Tx, viewer: &Viewer, id: StreamId) -> Result<HazardState, Problem> {
    let state = crate::query::state(tx, id)?.ok_or(Problem::NotFound)?;
    may_see(tx, viewer, &state)?;
    Ok(state)
}

fn may_see(tx: &mut Tx, viewer: &Viewer, state: &HazardState) -> Result<(), Problem> {
    let over = viewer.permissions_over(tx, state.unit)?;
    let own = over.has("hazard.view_own") && state.registered_by == viewer.account;
    let formerly = match viewer.scope("hazard.view") {
        access::Scope::Everything => true,
        access::Scope::Units(roots) => roots.iter().any(|root| match root.line {
            Some(Line::Management) => state.central == Some(root.unit),
            Some(Line::Territory) => state.township == Some(root.unit),
            Some(Line::Assignment) | None => false,
        }),
    };
    let named = over.has("hazard.view_own") && state.responsible() == Some(viewer.person);
    if over.has("hazard.view") || own || named || formerly { Ok(()) } else { Err(Problem::NotFound) }
}

/// Where a hazard's page is.
pub(crate) fn href(id: StreamId) -> String {
    format!("/hazards/{}", id.0.simple())
}

/// The unit named in an address, if it is an institution the viewer may register for.
pub(crate) fn institution(
    tx: &mut Tx,
    viewer: &Viewer,
    unit: UnitId,
) -> Result<organisation::UnitBrief, Problem> {
    let brief = organisation::unit_brief(tx, unit)?.ok_or(Problem::NotFound)?;
    if viewer.may_over(tx, "hazard.register", unit)? { Ok(brief) } else { Err(Problem::NotFound) }
}
