//! One place: its code, its acts, what happened to it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use hazard::{Note, pages::Names};
use journal::{Payload, Recorded, UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, limits};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Fact, Level, Link, Mark, Moment},
};

use super::{PlacePages, href, kind_choices, named_kind, sheets_href, side};
use crate::{
    Place, PlaceCommand, PlaceDraft, code,
    event::{PlaceEvent, PlaceText},
    query::{PlaceRecord, visible},
    state::PlaceState,
    texts, words,
};

/// The acts behind `/places/{id}/{act}`.
pub const ACTS: [&str; 5] = ["change", "reopen", "replace", "stop", "close"];
/// Pixels of the picture.
const PIXELS: u32 = 220;

struct Seen {
    record: PlaceRecord,
    unit_name: String,
    names: Names,
}

async fn see(visit: &Visit, id: StreamId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let record = visible(tx, &viewer, id)?;
            let actors: Vec<_> = record.events.iter().map(Recorded::actor).collect();
            let names = Names { actors: access::actor_names(tx, &vault, &actors)?, ..Names::default() };
            let units = organisation::unit_names(tx, &[record.state.unit])?;
            let unit_name = units.get(&record.state.unit).cloned().unwrap_or_default();
            Ok(Seen { record, unit_name, names })
        })
        .await
}

/// The acts that the viewer could do now, the usual one first.
fn offered(seen: &Seen) -> Vec<&'static str> {
    let state = &seen.record.state;
    let manages = seen.record.may.has(access::names::PLACE_MANAGE);
    let open = state.closed_at.is_none();
    let former = state.former.iter().any(|former| former.stopped_at.is_none());
    let may = |act: &&str| match *act {
        "change" | "replace" => manages && open,
        "close" => manages && open && !state.is_whole(),
        "reopen" => manages && !open,
        "stop" => former && seen.record.may.has(access::names::PLACE_COUNTY),
        _ => false,
    };
    ACTS.into_iter().filter(may).collect()
}

/// Which form the address asks for instead of the usual one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordQuery {
    act: String,
}

#[derive(Template)]
#[template(path = "places/record.html")]
struct RecordPage {
    shell: Shell,
    closed: Option<Mark>,
    facts: Vec<Fact>,
    qr: String,
    code: String,
    address: String,
    sheet: Link,
    act: &'static str,
    act_title: String,
    others: Vec<Link>,
    action: String,
    version: u64,
    kinds: Vec<Choice>,
    sides: Vec<Choice>,
    former: Vec<Choice>,
    form: FormState,
    moments: Vec<Moment>,
}

pub(super) async fn show(
    visit: Visit,
    headers: HeaderMap,
    State(pages): State<PlacePages>,
    Path(id): Path<StreamId>,
    Query(query): Query<RecordQuery>,
) -> Result<Response, Failed> {
    let seen = see(&visit, id).await?;
    let form = prefilled(visit.form(), &seen);
    Ok(web::page(&compose(&visit, (&pages, &headers), &seen, (form, &query.act))?))
}

fn prefilled(form: FormState, seen: &Seen) -> FormState {
    let state = &seen.record.state;
    form.with("kind", &state.kind)
        .with("name", state.name())
        .with("spot", state.spot())
        .with("side", if state.outside { "outside" } else { "inside" })
}

fn compose(
    visit: &Visit,
    (pages, headers): (&PlacePages, &HeaderMap),
    seen: &Seen,
    (form, asked): (FormState, &str),
) -> Result<RecordPage, Problem> {
    let (lang, rules) = (visit.lang(), pages.rules());
    let (state, id) = (&seen.record.state, seen.record.id);
    let origin = web::public_origin(pages.public_url.as_deref(), visit.desk.tls, headers);
    let address = code::address(&origin, &state.code);
    let choice = |value: &str, outside| Choice::new(value, side(lang, outside));
    let former = state.former.iter().filter(|former| former.stopped_at.is_none());
    let offers = offered(seen);
    let act = offers
        .iter()
        .copied()
        .find(|act| *act == asked)
        .or_else(|| offers.first().copied())
        .unwrap_or_default();
    let other = |name: &&str| *name != act;
    let link = |name: &str| Link::new(words::act(lang, name), format!("{}?act={name}#act", href(id)));
    Ok(RecordPage {
        closed: state
            .closed_at
            .map(|at| Mark::new(Level::Yellow, texts::place_closed_since(lang, Say(lang).date_of(at)))),
        facts: facts(lang, &rules, state),
        qr: web::qr(&address, PIXELS)?,
        code: code::shown(&state.code),
        address,
        sheet: Link::new(texts::sheets_print_one(lang), sheets_href(state.unit, Some(id))),
        act,
        act_title: words::act(lang, act),
        others: offers.iter().copied().filter(other).map(link).collect(),
        action: format!("{}/{act}", href(id)),
        version: seen.record.version,
        kinds: kind_choices(lang, &rules),
        sides: vec![choice("inside", false), choice("outside", true)],
        former: former.map(|former| Choice::new(&former.code, code::shown(&former.code))).collect(),
        form,
        moments: moments(lang, seen),
        shell: visit
            .shell(words::named(state.name(), state.spot()))
            .for_unit(&seen.unit_name, visit.now())
            .leading_to(seen.record.state.unit, seen.record.may)
            .at("places")
            .back_to("/places"),
    })
}

/// All of a school is neither inside nor outside.
fn facts(lang: Lang, rules: &RuleBook, state: &PlaceState) -> Vec<Fact> {
    let mut facts = vec![Fact::new(texts::place_kind(lang), named_kind(lang, rules, &state.kind))];
    if !state.spot().is_empty() {
        facts.push(Fact::new(texts::place_spot(lang), state.spot()));
    }
    if !state.is_whole() {
        facts.push(Fact::new(texts::place_side(lang), side(lang, state.outside)));
    }
    facts.push(Fact::new(texts::place_code(lang), code::shown(&state.code)));
    facts
}

/// What happened to the place, newest first.
fn moments(lang: Lang, seen: &Seen) -> Vec<Moment> {
    let moment = |recorded: &Recorded| {
        let header = &recorded.header;
        let event = PlaceEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
        let who = seen.names.actor(lang, recorded.actor());
        let said = |text: &Option<PlaceText>| {
            text.as_ref().map(|text| words::named(&text.name, &text.spot)).unwrap_or_default()
        };
        let why = |note: &Option<Note>| note.as_ref().map(|note| note.note.clone()).unwrap_or_default();
        let (sentence, note) = match &event {
            PlaceEvent::Added(parts) => (texts::line_added(lang, who), said(&parts.text)),
            PlaceEvent::Changed(parts) => (texts::line_changed(lang, who), said(&parts.text)),
            PlaceEvent::Closed(parts) => (texts::line_closed(lang, who), why(&parts.text)),
            PlaceEvent::Reopened(parts) => (texts::line_reopened(lang, who), why(&parts.text)),
            PlaceEvent::CodeReplaced(parts) => (
                texts::line_code_replaced(
                    lang,
                    who,
                    code::shown(&parts.core.former),
                    code::shown(&parts.core.code),
                ),
                why(&parts.text),
            ),
            PlaceEvent::CodeStopped(parts) => {
                (texts::line_code_stopped(lang, who, code::shown(&parts.core.code)), why(&parts.text))
            }
        };
        Some(Moment { note, ..Moment::new(Say(lang).date_time(header.decided_at), sentence) })
    };
    seen.record.events.iter().rev().filter_map(moment).collect()
}

fn asked(act: &str, form: &FormData, new_code: String) -> Result<PlaceCommand, Problem> {
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let note = || -> Result<Note, Problem> {
        let mut read = form.reader();
        let note = read.text("note").max(limits::TEXT_CHARS).lines().get();
        read.finish()?;
        Ok(Note { note, photos: Vec::new() })
    };
    Ok(match act {
        "change" => PlaceCommand::Change(PlaceDraft {
            kind: typed("kind"),
            name: typed("name"),
            spot: typed("spot"),
            outside: form.value("side") == Some("outside"),
        }),
        "close" => PlaceCommand::Close(note()?),
        "reopen" => PlaceCommand::Reopen(note()?),
        "replace" => PlaceCommand::ReplaceCode { code: new_code, note: note()? },
        "stop" => PlaceCommand::StopCode { code: typed("code"), note: note()? },
        _ => return Err(Problem::NotFound),
    })
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("kind", texts::place_kind(lang))
        .label("name", texts::place_name(lang))
        .label("spot", texts::place_spot(lang))
        .label("note", texts::form_why(lang))
        .label("code", texts::form_stop_code(lang))
}

pub(super) async fn submit(
    State(pages): State<PlacePages>,
    headers: HeaderMap,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let lang = visit.lang();
    let seen = see(&visit, id).await?;
    let done = async {
        let (_, new_code) = code::drawn(&visit.desk.vault, command_id, 0);
        let command = asked(&act, &form, new_code)?;
        let version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match version {
            Some(version) => work.ask_seen::<Place>(id, version, command),
            None => work.ask::<Place>(id, command),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::act_done(lang, words::act(lang, &act))))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = labelled(visit.form(), lang).keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, (&pages, &headers), &seen, (state, &act))?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
