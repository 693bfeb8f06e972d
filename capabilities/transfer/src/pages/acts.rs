//! Acts on a letter: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use hazard::{Note, Photo, pages::Brought};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, Timestamp, limits};
use web::{Failed, Flash, FormData, FormState, Posted, Reader, Visit, see_other_saying};

use super::{
    TransferPages,
    fields::labelled,
    href, made, new,
    record::{Seen, again, overtaken, see},
};
use crate::{
    command::{ReceiptDraft, ReplyDraft, Signatory, TransferCommand},
    event::{Answer, Channel, Urging, Way},
    subject::Transfer,
    texts, ticket,
    ticket::Ticket,
    words,
};

/// The two buttons of whoever signs.
const VERDICTS: [(&str, bool); 2] = [("pass", true), ("back", false)];

pub(super) async fn submit(
    State(pages): State<TransferPages>,
    Path((id, act)): Path<(StreamId, String)>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    let seen = see(&visit, id).await?;
    let seen_version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let files = form.take_files();
    let brought = Brought::take(&visit, &pages.store, &form, files, "photos").await?;
    let done = async {
        let asked = asked(&act, &form, brought.all()?, &seen)?;
        let link = asked.iter().any(|command| matches!(command, TransferCommand::MakeLink));
        let ticket = link.then(|| Ticket::new(&visit.desk.ids));
        let mut work = UnitOfWork::new(visit.actor(), command_id);
        for (number, command) in asked.into_iter().enumerate() {
            work = match (seen_version, number) {
                (Some(version), 0) => work.ask_seen::<Transfer>(id, version, command),
                _ => work.ask::<Transfer>(id, command),
            };
        }
        work = keeping(work, &visit, &pages, &seen, ticket.as_ref());
        if act == "revoke-link" || act == "withdraw" {
            work = work.housekeeping(move |tx| ticket::forget(tx, id));
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ticket)
    };
    match done.await {
        Ok(Some(ticket)) => made::show(&visit, &pages, &headers, id, &ticket).await,
        Ok(None) => {
            let lang = visit.lang();
            let done = texts::act_done(lang, words::act_named(lang, &act));
            Ok(see_other_saying(&href(id), &Flash::done(done)))
        }
        Err(problem) => {
            let state = labelled(visit.form(), &act, visit.lang()).keep(&form);
            let again = brought.refused(&visit, &pages.store, (problem, state)).await?;
            refused(&visit, &pages, id, &act, again).await
        }
    }
}

/// The hash of a new ticket is written in the same transaction as the event that says there is a link.
fn keeping(
    work: UnitOfWork,
    visit: &Visit,
    pages: &TransferPages,
    seen: &Seen,
    ticket: Option<&Ticket>,
) -> UnitOfWork {
    let Some(ticket) = ticket else { return work };
    let digest = ticket.digest(&visit.desk.vault);
    let (id, link) = (seen.record.id, seen.record.state.links.saturating_add(1));
    let now = visit.now();
    let until = pages.rules().deadline("transfer.link", now).map_or(now, |due| due.value);
    work.housekeeping(move |tx| ticket::keep(tx, &digest, (id, link), until))
}

async fn refused(
    visit: &Visit,
    pages: &TransferPages,
    id: StreamId,
    act: &str,
    (problem, state): (Problem, FormState),
) -> Result<Response, Failed> {
    let (seen, rules) = (see(visit, id).await?, pages.rules());
    Ok(match problem {
        Problem::Stale(_) => overtaken(visit, &rules, &seen, act, state),
        problem => {
            let state = state.failed(&problem, &visit.desk.sentences);
            again(visit, &rules, &seen, act, state)
        }
    })
}

fn asked(
    act: &str,
    form: &FormData,
    photos: Vec<Photo>,
    seen: &Seen,
) -> Result<Vec<TransferCommand>, Problem> {
    use TransferCommand as C;
    let mut read = form.reader();
    let said = read.text("note").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    let note = Note { note: said, photos: photos.clone() };
    let asked = match act {
        "draft" => {
            let state = &seen.record.state;
            let draft = new::read(form, (state.hazard, state.unit), state.former)?;
            let submits = form.value("verdict") == Some("submit");
            let first = C::Draft(Box::new(draft));
            return Ok(std::iter::once(first).chain(submits.then_some(C::Submit)).collect());
        }
        "submit" => Some(vec![C::Submit]),
        "sign" => {
            let document_number = form.value("document_number").unwrap_or_default().to_owned();
            let passed = read.choice("verdict", &VERDICTS).required().get();
            passed.map(|passed| vec![C::Sign { passed, document_number, note }])
        }
        "send" => {
            let channels: Vec<(&str, Channel)> = Channel::ALL.iter().map(|one| (one.name(), *one)).collect();
            let on = read.date("on").required().get().map(Timestamp::at_start_of);
            let channel = read.choice("channel", &channels).required().get();
            channel.map(|channel| {
                // Whoever sends it by a link makes the link with it.
                let link = matches!(channel, Channel::Link | Channel::Both).then_some(C::MakeLink);
                std::iter::once(C::Send { channel, on, note }).chain(link).collect()
            })
        }
        "link" => Some(vec![C::MakeLink]),
        "revoke-link" => Some(vec![C::RevokeLink]),
        "receive" => received(&mut read, form, photos).map(|draft| vec![C::Receive(Box::new(draft))]),
        "reply" => replied(&mut read, form, photos).map(|draft| vec![C::Reply(Box::new(draft))]),
        "ask-again" => {
            let until = read.date("until").required().get().map(Timestamp::at_end_of);
            Some(vec![C::AskAgain { until, note }])
        }
        "withdraw" => Some(vec![C::Withdraw(note)]),
        "urge" => {
            let ways: Vec<(&str, Urging)> = Urging::ALL.iter().map(|one| (one.name(), *one)).collect();
            let how = read.choice("how", &ways).required().get();
            how.map(|how| vec![C::Urge { how, note }])
        }
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    asked.ok_or(Problem::NotFound)
}

/// 代录: how it came, and when.
fn came(read: &mut Reader<'_>) -> (Option<Way>, Option<Timestamp>) {
    let recorded = Way::ALL.iter().filter(|way| way.is_recorded_for());
    let ways: Vec<(&str, Way)> = recorded.map(|one| (one.name(), *one)).collect();
    let way = read.choice("way", &ways).required().get();
    (way, read.date("on").required().get().map(Timestamp::at_start_of))
}

/// Who of the department signed.
pub(super) fn signatory(form: &FormData) -> Signatory {
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    Signatory { office: typed("office"), name: typed("name"), post: typed("post") }
}

fn received(read: &mut Reader<'_>, form: &FormData, photos: Vec<Photo>) -> Option<ReceiptDraft> {
    let (way, on) = came(read);
    way.map(|way| ReceiptDraft { way, link: None, on, signatory: signatory(form), photos })
}

fn replied(read: &mut Reader<'_>, form: &FormData, photos: Vec<Photo>) -> Option<ReplyDraft> {
    let (way, on) = came(read);
    way.and_then(|way| answered(read, form, (way, None, on), photos))
}

/// What a form of an answer says, by whatever way it came.
pub(super) fn answered(
    read: &mut Reader<'_>,
    form: &FormData,
    (way, link, on): (Way, Option<u32>, Option<Timestamp>),
    photos: Vec<Photo>,
) -> Option<ReplyDraft> {
    let answers: Vec<(&str, Answer)> = Answer::ALL.iter().map(|one| (one.name(), *one)).collect();
    let answer = read.choice("answer", &answers).required().get();
    let promise = read.date("promise").get().map(Timestamp::at_end_of);
    let words = read.text("words").required().max(limits::TEXT_CHARS).lines().get();
    let whose = form.value("whose").unwrap_or_default().to_owned();
    let signatory = signatory(form);
    answer.map(|answer| ReplyDraft { way, link, on, answer, promise, words, whose, signatory, photos })
}
