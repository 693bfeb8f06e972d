//! What a link opens: one letter, for whoever has the ticket, without an account and without a script. It shows what the
//! letter states and what was answered, takes a receipt and an answer, and leads nowhere else.

mod patience;
mod view;

use axum::{
    Extension,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use hazard::pages::{PhotoQuery, stored};
use journal::{Context, Parts, Standing, UnitOfWork, WorkLane, events_of_stream};
use kernel::{Actor, CommandId, Problem, StreamId};
use storage::{Lane, Tx};
use web::{Address, Desk, Failed, FormData, FormLimits, FormState, LETTERS, Prefs, see_other};

use self::view::{gone, page};
use super::{
    TransferPages,
    acts::{answered, signatory},
    fields::labelled,
};
use crate::{
    command::{ReceiptDraft, TransferCommand},
    decide::decide,
    event::{TransferEvent, Way},
    facts::TransferFacts,
    query,
    state::{Stage, TransferState},
    subject::Transfer,
    ticket::{self, Opening, Ticket},
};

pub use self::patience::Patience;

/// A letter that a ticket opens now.
pub(super) struct Opened {
    pub ticket: Ticket,
    digest: [u8; 32],
    pub id: StreamId,
    link: u32,
    pub state: TransferState,
    pub events: Vec<TransferEvent>,
    /// Whose letter it is.
    pub office: String,
    /// Openings written down so far.
    noted: i64,
}

/// What the ticket opens. Nothing for one that never was, that is over, or that was stopped: the three are not told
/// apart. Whoever tries many that open nothing has to wait.
async fn opened(
    desk: &Desk,
    pages: &TransferPages,
    (address, ticket): (&str, &str),
) -> Result<Option<Opened>, Problem> {
    let now = desk.clock.now();
    pages.patience.asks(address, now)?;
    let found = match Ticket::read(ticket) {
        Some(ticket) => {
            let digest = ticket.digest(&desk.vault);
            let read = move |tx: &mut Tx| look(tx, ticket, digest);
            desk.readers.read(Lane::Interactive, read).await??
        }
        None => None,
    };
    let found = found.filter(|opened| opened.state.opens(opened.link, now));
    if found.is_none() {
        pages.patience.tries(address, now)?;
    }
    Ok(found)
}

fn look(tx: &mut Tx, ticket: Ticket, digest: [u8; 32]) -> Result<Option<Opened>, Problem> {
    let Some((id, link)) = ticket::find(tx, &digest)? else { return Ok(None) };
    let Some((state, _)) = query::state(tx, id)? else { return Ok(None) };
    // Without personal parts: whoever signed for the department is not shown to whoever has the link.
    let events = super::timeline::decoded(&events_of_stream(tx, id, None)?)
        .into_iter()
        .map(|(_, event)| event)
        .collect();
    let names = organisation::unit_names(tx, &[state.office()])?;
    let office = names.get(&state.office()).cloned().unwrap_or_default();
    let noted = ticket::counted(tx, id, link)?;
    Ok(Some(Opened { ticket, digest, id, link, state, events, office, noted }))
}

pub(super) async fn show(
    State(pages): State<TransferPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    (method, headers): (Method, HeaderMap),
    Path(ticket): Path<String>,
) -> Result<Response, Failed> {
    let Some(opened) = opened(&desk, &pages, (&address.0, &ticket)).await? else {
        return Ok(gone(&desk, &prefs));
    };
    // Whoever only asks whether there is something, or fetches it in case somebody looks, has not opened it.
    let fetched = ["sec-purpose", "purpose"].iter().any(|name| headers.contains_key(*name));
    if method == Method::GET && !fetched {
        note_opening(&desk, &opened, address.0).await?;
    }
    let form = blank(&desk, &prefs);
    Ok(page(StatusCode::OK, (&desk, &prefs), &pages.rules(), &opened, form))
}

/// The first opening is an event, 送达; each of the first ones is written down.
async fn note_opening(desk: &Desk, opened: &Opened, address: String) -> Result<(), Problem> {
    if opened.noted >= ticket::OPENINGS {
        return Ok(());
    }
    let (id, link) = (opened.id, opened.link);
    let noted = Opening { link, at: desk.clock.now(), address };
    let write = move |tx: &mut Tx| ticket::write_opening(tx, id, &noted);
    if opened.state.open_link.is_some_and(|open| open.opened) {
        return desk.handle.housekeep(write).await;
    }
    let work = UnitOfWork::new(Actor::SYSTEM, desk.ids.new_id(&*desk.clock))
        .ask::<Transfer>(id, TransferCommand::Opened { link })
        .housekeeping(write);
    desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
}

fn blank(desk: &Desk, prefs: &Prefs) -> FormState {
    // The address proves who may act; a token bound to nobody would prove nothing.
    FormState::new(prefs.lang, String::new()).command(desk.ids.new_id::<CommandId>(&*desk.clock))
}

/// A photo that the letter or an answer to it shows; no other one.
pub(super) async fn picture(
    State(pages): State<TransferPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    headers: HeaderMap,
    Path((ticket, hash)): Path<(String, String)>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response, Failed> {
    let Some(opened) = opened(&desk, &pages, (&address.0, &ticket)).await? else {
        return Ok(gone(&desk, &prefs));
    };
    let shown = opened.photos().any(|photo| photo.0 == hash);
    let sees = move |_: &mut Tx, _: &str| Ok(shown);
    Ok(hazard::pages::picture(&desk, &headers, &pages.store, (&hash, &query), sees).await?)
}

impl Opened {
    /// Photos that go along, and those of answers.
    fn photos(&self) -> impl Iterator<Item = &hazard::Photo> {
        let answers = self.events.iter().filter_map(|event| match event {
            TransferEvent::Replied(Parts { text, .. }) => text.as_ref(),
            _ => None,
        });
        self.state.letter.photos.iter().chain(answers.flat_map(|text| &text.photos))
    }

    /// Where its page is.
    pub fn href(&self) -> String {
        format!("{LETTERS}{}", self.ticket.shown())
    }
}

pub(super) async fn submit(
    State(pages): State<TransferPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    Path((ticket, act)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Failed> {
    // Before the body is read: whoever has no ticket has nothing read of him.
    let Some(opened) = opened(&desk, &pages, (&address.0, &ticket)).await? else {
        return Ok(gone(&desk, &prefs));
    };
    pages.patience.sends(&opened.digest, desk.clock.now())?;
    let mut form = FormData::read(request, FormLimits::LETTER).await?;
    let files = form.take_files();
    let done = async {
        // Tried without its photos first: a form that is refused leaves none of them behind.
        let asked = asked(&act, &form, opened.link, Vec::new())?;
        tried(&desk, &pages, &opened, &asked)?;
        FormData::left_out(&files)?;
        let (photos, problem) = stored(&desk, &pages.store, files).await?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let command = form.value("_command").and_then(CommandId::parse);
        let command = command.unwrap_or_else(|| desk.ids.new_id(&*desk.clock));
        let asked = self::asked(&act, &form, opened.link, photos)?;
        let work = UnitOfWork::new(Actor::SYSTEM, command).ask::<Transfer>(opened.id, asked);
        desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&opened.href())),
        Err(Problem::Refused(refusal)) if refusal.code == "transfer-link-gone" => Ok(gone(&desk, &prefs)),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            let state = labelled(blank(&desk, &prefs), &act, prefs.lang).keep(&form);
            let state = state.failed(&problem, &desk.sentences);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page(status, (&desk, &prefs), &pages.rules(), &opened, state))
        }
        Err(other) => Err(other.into()),
    }
}

fn asked(
    act: &str,
    form: &FormData,
    link: u32,
    photos: Vec<hazard::Photo>,
) -> Result<TransferCommand, Problem> {
    let mut read = form.reader();
    let asked = match act {
        "receive" => Some(TransferCommand::Receive(Box::new(ReceiptDraft {
            way: Way::Link,
            link: Some(link),
            on: None,
            signatory: signatory(form),
            photos: Vec::new(),
        }))),
        "reply" => answered(&mut read, form, (Way::Link, Some(link), None), photos)
            .map(|draft| TransferCommand::Reply(Box::new(draft))),
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    asked.ok_or(Problem::NotFound)
}

/// What the writer would answer now.
fn tried(
    desk: &Desk,
    pages: &TransferPages,
    opened: &Opened,
    asked: &TransferCommand,
) -> Result<(), Problem> {
    let standing = Standing {
        actor: Actor::SYSTEM,
        person: None,
        home: None,
        grants: Vec::new(),
        permissions: [].into(),
        unit_path: String::new(),
    };
    let context = Context { stream: opened.id, now: desk.clock.now(), standing: &standing };
    let facts = TransferFacts::new(pages.rules());
    Ok(decide(Some(&opened.state), asked, &facts, &context).map(|_| ())?)
}

/// The form that stands on the page.
pub(super) const fn awaited(state: &TransferState) -> &'static str {
    match &state.stage {
        Stage::Sent { .. } => "receive",
        Stage::Received { .. } => "reply",
        _ => "",
    }
}
