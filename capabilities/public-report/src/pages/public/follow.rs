//! A report is followed by its ticket, typed or by its link: how far it is and what was answered, and nothing else.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use hazard::StageCode as HazardStage;
use kernel::{Problem, Timestamp};
use language::Say;
use serde::Deserialize;
use storage::{Lane, Tx};
use web::{
    Address, Desk, Failed, FormState, Prefs, PublicForm, Shell, see_other,
    view::{Fact, Level, Mark},
};

use super::view::{frame, fresh, gone};
use crate::{
    pages::ReportPages,
    query,
    state::{PublicReportState, Stage},
    texts,
    ticket::{self, Ticket},
    words,
};

#[derive(Template)]
#[template(path = "public_report/follow.html")]
struct FollowPage {
    shell: Shell,
    form: FormState,
}

#[derive(Template)]
#[template(path = "public_report/followed.html")]
struct FollowedPage {
    shell: Shell,
    /// It was sent a moment ago.
    received: bool,
    ticket: String,
    keep: String,
    mark: Mark,
    facts: Vec<Fact>,
    told: String,
}

/// What a ticket follows.
struct Followed {
    ticket: Ticket,
    /// Until when it follows.
    until: Timestamp,
    state: PublicReportState,
    hazard: Option<HazardStage>,
}

async fn look(
    desk: &Desk,
    pages: &ReportPages,
    (address, typed): (&str, &str),
) -> Result<Option<Followed>, Problem> {
    let now = desk.clock.now();
    pages.patience.asks(&desk.vault, address, now)?;
    let found = match Ticket::read(typed) {
        Some(ticket) => {
            let digest = ticket.digest(&desk.vault);
            let read = move |tx: &mut Tx| {
                let Some((id, until)) = ticket::find(tx, &digest, now)? else { return Ok(None) };
                let Some((state, _)) = query::state(tx, id)? else { return Ok(None) };
                let hazard = match state.stage.hazard() {
                    Some((hazard, _)) => hazard::query::state(tx, hazard)?.map(|state| state.stage.code()),
                    None => None,
                };
                Ok::<_, Problem>(Some(Followed { ticket, until, state, hazard }))
            };
            desk.readers.read(Lane::Interactive, read).await??
        }
        None => None,
    };
    if found.is_none() {
        pages.patience.tries(&desk.vault, address, now)?;
    }
    Ok(found)
}

pub(in crate::pages) async fn follow(Extension(desk): Extension<Desk>, prefs: Prefs) -> Response {
    let shell = frame(&desk, &prefs, texts::follow_title(prefs.lang));
    web::page(&FollowPage { shell, form: fresh(&prefs) })
}

pub(in crate::pages) async fn find(
    State(pages): State<ReportPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    PublicForm(form): PublicForm,
) -> Result<Response, Failed> {
    let typed = form.value("ticket").unwrap_or_default();
    match look(&desk, &pages, (&address.0, typed)).await? {
        Some(followed) => Ok(see_other(&followed.ticket.href())),
        None => Ok(gone(&desk, &prefs)),
    }
}

/// What stands after the `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct FollowedQuery {
    received: String,
}

pub(in crate::pages) async fn followed(
    State(pages): State<ReportPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    Path(ticket): Path<String>,
    Query(query): Query<FollowedQuery>,
) -> Result<Response, Failed> {
    let Some(followed) = look(&desk, &pages, (&address.0, &ticket)).await? else {
        return Ok(gone(&desk, &prefs));
    };
    let lang = prefs.lang;
    let state = &followed.state;
    let mut facts = vec![
        Fact::new(texts::column_unit(lang), state.unit_name.clone().unwrap_or_default()),
        Fact::new(texts::column_place(lang), state.place_name.clone().unwrap_or_default()),
        Fact::new(texts::column_received(lang), Say(lang).date_time(state.received_at)),
    ];
    if let Stage::Waiting { due, .. } = &state.stage {
        facts.push(Fact::new(texts::follow_due(lang), Say(lang).date_of(due.at)));
    }
    if let Some((_, Some(number))) = state.stage.hazard() {
        facts.push(Fact::new(texts::fact_hazard(lang), number.to_string()));
    }
    if let Stage::Answered { answer, .. } = &state.stage {
        facts.push(Fact::new(texts::fact_answer(lang), words::answer_coded(lang, answer)));
    }
    let mut shell = frame(&desk, &prefs, texts::followed_title(lang));
    shell.unit = state.unit_name.clone().unwrap_or_default();
    let fixed =
        matches!(followed.hazard, Some(HazardStage::Closed | HazardStage::Done | HazardStage::CarriedOver));
    let level = if fixed { Level::Done } else { Level::Blue };
    Ok(web::page(&FollowedPage {
        received: !query.received.is_empty(),
        ticket: followed.ticket.shown(),
        keep: texts::followed_keep(lang, Say(lang).date_of(followed.until)),
        mark: Mark::new(level, words::progress(lang, &state.stage, followed.hazard)),
        facts,
        told: state.stage.told().unwrap_or_default().to_owned(),
        shell,
    }))
}
