//! The pages: the cockpit, the schools with what is open at each, and both as files.

mod export;
mod schools;
mod show;

use std::sync::{Arc, PoisonError, RwLock};

use axum::{Router, routing::get};
use journal::Permission;
use kernel::Timestamp;
use rules::RuleBook;
use storage::Tx;
use web::{MenuEntry, RouteRule, Visit};

use crate::{
    day::Day,
    facts::{Facts, facts},
    texts,
};

/// What the pages need besides the desk.
#[derive(Clone)]
pub struct CockpitPages {
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
}

impl CockpitPages {
    fn rules(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The routes of the cockpit.
pub fn routes(pages: CockpitPages) -> Router {
    Router::new()
        .route("/cockpit", get(show::show))
        .route("/cockpit/export", get(export::board))
        .route("/cockpit/schools", get(schools::show))
        .route("/cockpit/schools/export", get(export::schools))
        .with_state(pages)
}

const VIEW: &[Permission] = &["cockpit.view"];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/cockpit", VIEW),
    RouteRule::new("GET", "/cockpit/export", VIEW),
    RouteRule::new("GET", "/cockpit/schools", VIEW),
    RouteRule::new("GET", "/cockpit/schools/export", VIEW),
];

/// The place in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry::new("cockpit", texts::cockpit_title, "/cockpit", "cockpit", VIEW)]
}

/// Everything of a day. One that has passed is read beside the pages: it looks at all that has changed since.
async fn read(visit: &Visit, rules: RuleBook, day: Day) -> Result<Facts, kernel::Problem> {
    let viewer = visit.viewer.clone();
    let all = move |tx: &mut Tx| facts(tx, &viewer, &rules, day);
    if day.is_past() { visit.read_long(all).await } else { visit.read(all).await }
}

/// As addresses name a day that has passed; nothing for today.
fn as_of(day: Day) -> String {
    if day.is_past() { day.date.to_string() } else { String::new() }
}

/// The cockpit as it is shown to somebody, read and counted: for measuring.
///
/// # Errors
/// Whatever the database answers.
pub fn counted(
    tx: &mut Tx,
    viewer: &access::Viewer,
    rules: &RuleBook,
    now: Timestamp,
) -> Result<usize, kernel::Problem> {
    let facts = facts(tx, viewer, rules, Day::today(now))?;
    let board = crate::board::Sight { lang: language::Lang::ZhCn, rules, facts: &facts }.board();
    Ok(board.schools.len() + board.groups.iter().map(|group| group.lines.len()).sum::<usize>())
}
