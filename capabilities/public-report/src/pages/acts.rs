//! Acts on a report: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::{Hazard, HazardCommand, Note, Registration, Wording};
use journal::{UnitOfWork, WorkLane};
use kernel::{CommandId, Problem, StreamId, limits};
use language::Lang;
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying};

use super::{
    ReportPages, href,
    record::{Seen, again, see, telling},
};
use crate::{
    SOURCE, command::PublicReportCommand, event::Answer, subject::PublicReport, telephone, texts, words,
};

pub(super) async fn submit(
    State(pages): State<ReportPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let seen = see(&visit, id).await?;
    if act == "telephone" {
        return reveal(&visit, &pages, &seen, &form).await;
    }
    let done = async {
        let work = asked(&visit, &seen, &act, &form, command_id)?;
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => {
            let lang = visit.lang();
            let done = texts::act_done(lang, words::act(lang, &act));
            Ok(see_other_saying(&href(id), &Flash::done(done)))
        }
        Err(problem) => refused(&visit, &pages, (id, &act), &form, problem).await,
    }
}

async fn refused(
    visit: &Visit,
    pages: &ReportPages,
    (id, act): (StreamId, &str),
    form: &FormData,
    problem: Problem,
) -> Result<Response, Failed> {
    let of_form = matches!(problem, Problem::Refused(_) | Problem::Invalid(_));
    if !of_form || visit.prefs.json {
        return Err(problem.into());
    }
    let seen = see(visit, id).await?;
    let state = labelled(visit.form(), visit.lang()).keep(form).failed(&problem, &visit.desk.sentences);
    Ok(again(visit, &pages.rules(), &seen, act, state))
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("category", texts::form_category(lang))
        .label("description", texts::form_description(lang))
        .label("place", texts::form_place(lang))
        .label("words", texts::form_words(lang))
        .label("answer", texts::form_answer(lang))
        .label("hazard", texts::form_hazard(lang))
        .label("note", texts::form_why(lang))
}

fn asked(
    visit: &Visit,
    seen: &Seen,
    act: &str,
    form: &FormData,
    command: CommandId,
) -> Result<UnitOfWork, Problem> {
    use PublicReportCommand as C;
    let (id, state) = (seen.record.id, &seen.record.state);
    let mut work = UnitOfWork::new(visit.actor(), command);
    let mut read = form.reader();
    let asked = match act {
        "take-up" => {
            // A form sent twice is one hazard.
            let hazard = StreamId(command.0);
            let category = read.text("category").required().max(limits::NAME_CHARS).get();
            let description =
                read.text("description").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
            let registration = Registration {
                unit: state.unit,
                category,
                source: SOURCE.to_owned(),
                description,
                place: read.text("place").max(limits::NAME_CHARS).opt().unwrap_or_default(),
                photos: state.photos.clone(),
                position: None,
                found_at: Some(state.received_at),
                number: None,
                answers: Vec::new(),
                on_the_spot: None,
            };
            work = work.ask::<Hazard>(hazard, HazardCommand::Register(Box::new(registration)));
            C::TakeUp { hazard, words: read.text("words").required().max(limits::TEXT_CHARS).lines().get() }
        }
        "answer" => {
            let answers: Vec<(&str, Answer)> = Answer::ALL.iter().map(|one| (one.name(), *one)).collect();
            let answer = read.choice("answer", &answers).required().get().unwrap_or(Answer::Void);
            C::Answer {
                answer,
                hazard: form.value("hazard").and_then(StreamId::parse),
                words: read.text("words").required().max(limits::TEXT_CHARS).lines().get(),
            }
        }
        "send-back" => C::SendBack(note(form)?),
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    let version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    Ok(match version {
        Some(version) => work.ask_seen::<PublicReport>(id, version, asked),
        None => work.ask::<PublicReport>(id, asked),
    })
}

fn note(form: &FormData) -> Result<Note, Problem> {
    let mut read = form.reader();
    let note = read.text("note").required().max(limits::TEXT_CHARS).lines().get();
    read.finish()?;
    Ok(Note { note, photos: Vec::new() })
}

/// 查看电话: with a reason, written into the log of reads before the page is answered. It stands on that answer alone.
async fn reveal(
    visit: &Visit,
    pages: &ReportPages,
    seen: &Seen,
    form: &FormData,
) -> Result<Response, Failed> {
    let (id, unit) = (seen.record.id, seen.record.state.unit);
    if !seen.record.may.has(access::names::REPORT_TELEPHONE) {
        return Err(Problem::NotFound.into());
    }
    let rules = pages.rules();
    let why = async { Ok::<_, Problem>(Wording(&rules).why(&note(form)?)?.note) };
    let why = match why.await {
        Ok(why) => why,
        Err(problem) => return refused(visit, pages, (id, "telephone"), form, problem).await,
    };
    visit.taking_out_of("public_report.telephone", id, unit, why).await?;
    let vault = visit.desk.vault.clone();
    let kept = visit.read(move |tx| Ok(telephone::telephone(tx, &vault, id)?)).await?;
    let said = kept.unwrap_or_else(|| texts::telephone_erased(visit.lang()).to_owned());
    Ok(telling(visit, &rules, seen, said))
}
