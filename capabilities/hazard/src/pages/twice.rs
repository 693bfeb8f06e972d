//! A form that was sent before. The pages are not stored by browsers, so that Back fetches a new form: it has a new
//! id and, from the browser's memory, the old fields. One that did keep the page sends the old id.

use kernel::{ActorId, Problem, StreamId, Timestamp};
use storage::{Tx, params};
use web::{Visit, view::Link};

use super::href;
use crate::{command::Registration, query::state, save::title_of, state::HazardState, texts};

/// For how long the same hazard by the same account is asked about.
const MOMENT_MS: i64 = 10 * 60_000;

/// What is said above a form that was sent before.
pub(super) struct Already {
    /// What is the matter.
    pub sentence: String,
    /// The hazard that is there.
    pub link: Link,
    /// What the second button sends; nothing when there is no second button.
    pub sure: String,
}

impl Already {
    /// This very form became a hazard, with other words.
    pub(super) fn changed(visit: &Visit, id: StreamId, state: &HazardState) -> Self {
        let lang = visit.lang();
        Self {
            sentence: texts::register_changed(lang, state.number),
            link: Link::new(texts::register_see(lang, state.number), href(id)),
            sure: String::new(),
        }
    }

    /// The same was registered a moment ago.
    pub(super) fn alike(visit: &Visit, id: StreamId, state: &HazardState) -> Self {
        let lang = visit.lang();
        let at = language::Say(lang).date_time(state.registered_at);
        Self {
            sentence: texts::register_alike(lang, state.number, at),
            link: Link::new(texts::register_see(lang, state.number), href(id)),
            sure: id.to_string(),
        }
    }
}

/// What a form became that was sent before, and the hazard it repeats.
pub(super) struct Before {
    /// The hazard this very form became.
    pub made: Option<HazardState>,
    /// The same hazard, from another form.
    pub alike: Option<(StreamId, HazardState)>,
}

/// Looks for what the form `id` became, and otherwise for the same from another form.
pub(super) fn before(
    tx: &mut Tx,
    id: StreamId,
    asked: &Registration,
    by: ActorId,
    now: Timestamp,
) -> Result<Before, Problem> {
    let made = made(tx, id, by)?;
    let alike = if made.is_some() { None } else { alike(tx, asked, by, now)? };
    Ok(Before { made, alike })
}

/// What the form with this id became, if its sender registered it.
pub(super) fn made(tx: &mut Tx, id: StreamId, by: ActorId) -> Result<Option<HazardState>, Problem> {
    Ok(state(tx, id)?.filter(|state| state.registered_by == by))
}

/// The same unit, category, place and description, registered by the same account a few minutes ago.
fn alike(
    tx: &mut Tx,
    asked: &Registration,
    by: ActorId,
    now: Timestamp,
) -> Result<Option<(StreamId, HazardState)>, Problem> {
    let since = now.plus_ms(-MOMENT_MS);
    // Unit and time as one pair: of the last minutes a planner knows nothing yet, and would as soon walk through all that
    // the county registered in them. What the row says already is not read from the record.
    let typed = asked.description.trim();
    let ids: Vec<StreamId> = tx.query(
        "SELECT id FROM hazard WHERE unit_id = ?1 AND (unit_id, registered_at) >= (?1, ?2) AND registered_by = ?3
             AND category = ?4 AND place = ?5 AND (?6 = '' OR title = ?6)
         ORDER BY registered_at DESC, id DESC LIMIT 60",
        params![asked.unit, since, by, asked.category.as_str(), asked.place.trim(), &title_of(typed)],
        |row| row.id(0),
    )?;
    for id in ids {
        if let Some(state) = state(tx, id)?.filter(|state| same(asked, state)) {
            return Ok(Some((id, state)));
        }
    }
    Ok(None)
}

/// Where nothing was typed, the photos are the description.
fn same(asked: &Registration, state: &HazardState) -> bool {
    let place = state.place.as_deref().unwrap_or_default();
    let said = state.description.as_deref().unwrap_or_default();
    let typed = asked.description.trim();
    let described = if typed.is_empty() { asked.photos == state.photos } else { typed == said };
    place == asked.place.trim() && described
}
