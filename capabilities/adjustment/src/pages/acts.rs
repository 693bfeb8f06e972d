//! Acts on an adjustment: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::Note;
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, limits};
use web::{Failed, Flash, FormData, Posted, Visit, see_other_saying};

use super::{
    RulesPages, fields, href, new,
    record::{Seen, again, see},
};
use crate::{command::AdjustmentCommand, subject::Adjustment, texts, words};

pub(super) async fn submit(
    State(pages): State<RulesPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let seen = see(&visit, &pages, id).await?;
    let version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let done = async {
        let command = asked(&visit, &pages, &act, &form, &seen)?;
        let rules_change =
            matches!(command, AdjustmentCommand::Activate { .. } | AdjustmentCommand::End { .. });
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match version {
            Some(version) => work.ask_seen::<Adjustment>(id, version, command),
            None => work.ask::<Adjustment>(id, command),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await?;
        if rules_change {
            // It is done whatever becomes of this, which is tried again within a minute.
            let renewed = pages.ruling.renew((&visit.desk.handle, &visit.desk.readers), visit.now()).await;
            drop(renewed);
        }
        Ok(())
    };
    match done.await {
        Ok(()) => {
            let lang = visit.lang();
            let done = texts::act_done(lang, words::act(lang, &act));
            Ok(see_other_saying(&href(id), &Flash::done(done)))
        }
        Err(problem) if visit.prefs.json => Err(problem.into()),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_) | Problem::Stale(_))) => {
            let seen = see(&visit, &pages, id).await?;
            let state = fields::labelled(visit.form(), visit.lang()).keep(&form);
            let stale = matches!(problem, Problem::Stale(_));
            let problem = match new::topic_of(&visit, &pages, &form) {
                Ok(topic) => fields::placed(problem, &topic),
                Err(_) => problem,
            };
            let state = if stale { state } else { state.failed(&problem, &visit.desk.sentences) };
            Ok(again(&visit, &pages, &seen, (&act, state, stale)))
        }
        Err(other) => Err(other.into()),
    }
}

fn asked(
    visit: &Visit,
    pages: &RulesPages,
    act: &str,
    form: &FormData,
    seen: &Seen,
) -> Result<AdjustmentCommand, Problem> {
    if act == "draft" {
        let topic = new::topic_of(visit, pages, form)?;
        return Ok(AdjustmentCommand::Draft(new::read(&topic, seen.record.state.county, form)?));
    }
    let mut read = form.reader();
    let note = read.text("note").max(limits::TEXT_CHARS).lines().get();
    let on = if act == "end" { read.date("on").required().get() } else { None };
    read.finish()?;
    let note = Note { note, photos: Vec::new() };
    Ok(match act {
        "activate" => {
            let concerned = seen.trial.as_ref().map(crate::Trial::concerned).unwrap_or_default();
            AdjustmentCommand::Activate { concerned, note }
        }
        "send-back" => AdjustmentCommand::SendBack(note),
        "drop" => AdjustmentCommand::Drop(note),
        "end" => AdjustmentCommand::End { on, note },
        _ => return Err(Problem::NotFound),
    })
}
