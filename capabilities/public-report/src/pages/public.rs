//! What the public sees: the form behind a place's code, and the page that follows a report. No account, no cookie, no
//! script.
//!
//! A stranger's page could make a browser send this form, and would gain nothing by it: nobody is signed in here, and
//! there is no right that could be abused. So the form carries no token against forgery but one of its own: place, id and
//! time under a keyed hash. Whoever sends has opened the form of that place before, each form is one report, and it is
//! good for a day.

mod follow;
mod patience;
mod send;
mod view;

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use journal::Vault;
use kernel::{CommandId, Problem, StreamId, Timestamp, hex, limits};
use places::PlaceState;
use storage::{Lane, Tx};
use web::{Address, Desk, Failed, FormState, Prefs};

use self::view::{Where, blank};
use super::ReportPages;

pub use self::patience::Patience;
pub(super) use self::{
    follow::{find, follow, followed},
    send::submit,
};

/// The place that a code points to.
pub(super) struct Found {
    pub id: StreamId,
    pub state: PlaceState,
    pub unit_name: String,
    /// The school takes reports there.
    pub open: bool,
    /// The code of the whole school, where the place itself is out of use.
    pub whole: Option<String>,
}

/// What the code points to; nothing for one that never was, or was stopped. Whoever tries many has to wait.
async fn found(
    desk: &Desk,
    pages: &ReportPages,
    (address, code): (&str, &str),
) -> Result<Option<Found>, Problem> {
    let now = desk.clock.now();
    pages.patience.asks(&desk.vault, address, now)?;
    let found = match places::code::read(code) {
        Some(code) => desk.readers.read(Lane::Interactive, move |tx| look(tx, &code)).await??,
        None => None,
    };
    if found.is_none() {
        pages.patience.tries(&desk.vault, address, now)?;
    }
    Ok(found)
}

fn look(tx: &mut Tx, code: &str) -> Result<Option<Found>, Problem> {
    let Some((id, state)) = places::query::by_code(tx, code)? else { return Ok(None) };
    let unit_name = organisation::unit_names(tx, &[state.unit])?.remove(&state.unit).unwrap_or_default();
    let there = organisation::seat(tx, state.unit)?.is_some_and(|seat| seat.institution && !seat.closed);
    let open = there && state.closed_at.is_none();
    let whole = if open || !there { None } else { places::query::whole_of(tx, state.unit)? };
    Ok(Some(Found { id, state, unit_name, open, whole }))
}

pub(super) async fn show(
    State(pages): State<ReportPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    Path(code): Path<String>,
) -> Result<Response, Failed> {
    let Some(found) = found(&desk, &pages, (&address.0, &code)).await? else {
        return Ok(view::unknown(&desk, &prefs));
    };
    if !found.open {
        return Ok(view::closed(&desk, &prefs, &found));
    }
    let here = Where { code: &code, found: &found };
    let form = blank(&desk, &prefs, &found);
    Ok(view::page(StatusCode::OK, (&desk, &prefs), &pages.rules(), here, form))
}

/// When a form was opened, for which place, under a keyed hash.
fn form_token(vault: &Vault, (form, place): (CommandId, StreamId), opened: Timestamp) -> String {
    let sealed = vault.lookup("public-report-form", &format!("{form}/{place}/{}", opened.0));
    format!("{}.{}", opened.0, hex::write(sealed))
}

/// The form was opened here, for this place, not too long ago.
fn is_ours(vault: &Vault, (form, place): (CommandId, StreamId), token: &str, now: Timestamp) -> bool {
    let Some(opened) = token.split_once('.').and_then(|(at, _)| at.parse().ok()).map(Timestamp) else {
        return false;
    };
    let age = now.since_ms(opened);
    let fresh = (0..=limits::REPORT_FORM_MS).contains(&age);
    // Compared by hashes of their own: the time it takes tells nothing of how much fits.
    let same = |text: &str| vault.lookup("public-report-form-compared", text);
    fresh && same(&form_token(vault, (form, place), opened)) == same(token)
}

/// A form with its token; after a refusal with the id it had, so that it stays one report.
fn tokened(desk: &Desk, found: &Found, form: FormState, id: CommandId) -> FormState {
    let token = form_token(&desk.vault, (id, found.id), desk.clock.now());
    form.command(id).with("_form", token)
}
