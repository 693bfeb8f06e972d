//! One entry of the register, with what happened to it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hazard::{Note, pages::Names};
use journal::{Payload, Recorded, UnitOfWork, WorkLane, events_of_stream};
use kernel::{Problem, StreamId, limits};
use language::{Lang, Say};
use web::{
    Failed, Flash, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Fact, Level, Link, Mark, Moment},
};

use super::{LIST, draft, href, kind_choices, labelled};
use crate::{
    department::{Department, DepartmentCommand, DepartmentEvent, DepartmentState, DepartmentText},
    pages::TransferPages,
    query::department,
    texts, words,
};

/// The acts behind `/departments/{id}/{act}`.
pub const ACTS: [&str; 3] = ["change", "close", "reopen"];

struct Seen {
    id: StreamId,
    state: DepartmentState,
    version: u64,
    events: Vec<Recorded>,
    names: Names,
    drafts: bool,
}

async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let (state, version) = department(tx, id)?.ok_or(Problem::NotFound)?;
            let may = viewer.permissions_over(tx, state.county)?;
            if !may.has("transfer.draft") && !may.has("transfer.sign") {
                return Err(Problem::NotFound);
            }
            let events = events_of_stream(tx, id, None)?;
            let actors: Vec<_> = events.iter().map(Recorded::actor).collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            Ok(Seen { id, state, version, events, names, drafts: may.has("transfer.draft") })
        })
        .await
}

#[derive(Template)]
#[template(path = "transfer/department.html")]
struct EntryPage {
    shell: Shell,
    closed: Option<Mark>,
    facts: Vec<Fact>,
    /// Forms of whoever keeps the register.
    drafts: bool,
    action: String,
    version: u64,
    kinds: Vec<Choice>,
    form: FormState,
    why: FormState,
    moments: Vec<Moment>,
    letters: Link,
}

pub(in crate::pages) async fn show(
    visit: Visit,
    State(pages): State<TransferPages>,
    Path(id): Path<StreamId>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let (form, why) = (prefilled(visit.form(), &seen), visit.form());
    Ok(web::page(&compose(&visit, &pages, &seen, form, why)))
}

fn prefilled(form: FormState, seen: &Seen) -> FormState {
    let text = seen.state.text.clone().unwrap_or_default();
    form.with("kind", &seen.state.kind)
        .with("name", text.name)
        .with("office", text.office)
        .with("telephone", text.telephone)
}

fn compose(visit: &Visit, pages: &TransferPages, seen: &Seen, form: FormState, why: FormState) -> EntryPage {
    let (lang, rules) = (visit.lang(), pages.rules());
    let text = seen.state.text.clone().unwrap_or_default();
    let mut facts =
        vec![Fact::new(texts::department_kind(lang), words::department_kind(lang, &rules, &seen.state.kind))];
    facts.extend(text_facts(lang, &text));
    let to = format!("/transfers?stage=all&department={}", seen.id.0.simple());
    EntryPage {
        closed: seen
            .state
            .closed_at
            .map(|at| Mark::new(Level::Yellow, texts::department_closed_since(lang, Say(lang).date_of(at)))),
        facts,
        drafts: seen.drafts,
        action: href(seen.id),
        version: seen.version,
        kinds: kind_choices(lang, &rules),
        form,
        why,
        moments: moments(lang, seen),
        letters: Link::new(texts::department_letters(lang), to),
        shell: visit.shell(text.name).at("departments").back_to(LIST),
    }
}

fn text_facts(lang: Lang, text: &DepartmentText) -> Vec<Fact> {
    let fact = |name: &str, value: &str| (!value.is_empty()).then(|| Fact::new(name, value));
    [
        fact(texts::department_office(lang), &text.office),
        fact(texts::department_telephone(lang), &text.telephone),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What happened to the entry, newest first.
fn moments(lang: Lang, seen: &Seen) -> Vec<Moment> {
    let moment = |recorded: &Recorded| {
        let header = &recorded.header;
        let event = DepartmentEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
        let who = seen.names.actor(lang, recorded.actor());
        let said = |text: &Option<DepartmentText>| {
            let text = text.clone().unwrap_or_default();
            let parts = [text.name, text.office, text.telephone];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let (sentence, note) = match &event {
            DepartmentEvent::Added(parts) => (texts::line_department_added(lang, who), said(&parts.text)),
            DepartmentEvent::Changed(parts) => (texts::line_department_changed(lang, who), said(&parts.text)),
            DepartmentEvent::Closed(parts) => (texts::line_department_closed(lang, who), why(&parts.text)),
            DepartmentEvent::Reopened(parts) => {
                (texts::line_department_reopened(lang, who), why(&parts.text))
            }
        };
        Some(Moment { note, ..Moment::new(Say(lang).date_time(header.decided_at), sentence) })
    };
    seen.events.iter().rev().filter_map(moment).collect()
}

fn why(note: &Option<Note>) -> String {
    note.as_ref().map(|note| note.note.clone()).unwrap_or_default()
}

pub(in crate::pages) async fn submit(
    State(pages): State<TransferPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let seen = see(&visit, id).await?;
    let note = || -> Result<Note, Problem> {
        let mut read = form.reader();
        let note = read.text("note").max(limits::TEXT_CHARS).lines().get();
        read.finish()?;
        Ok(Note { note, photos: Vec::new() })
    };
    let done = async {
        let command = match act.as_str() {
            "change" => DepartmentCommand::Change(draft(&form)),
            "close" => DepartmentCommand::Close(note()?),
            "reopen" => DepartmentCommand::Reopen(note()?),
            _ => return Err(Problem::NotFound),
        };
        let version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match version {
            Some(version) => work.ask_seen::<Department>(id, version, command),
            None => work.ask::<Department>(id, command),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::department_saved(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = state.failed(&problem, &visit.desk.sentences);
            let (form, why) = match act.as_str() {
                "change" => (state, visit.form()),
                _ => (prefilled(visit.form(), &seen), state),
            };
            let page = compose(&visit, &pages, &seen, form, why);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
