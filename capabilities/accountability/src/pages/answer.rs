//! Acts on a clarification: 拟稿, 签发, 退回, 不予出具.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::Note;
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, limits};
use language::Lang;
use web::{Failed, Flash, FormData, FormState, Posted, see_other_saying};

use super::{
    AccountabilityPages,
    clarification::{again, see},
    clarification_href,
};
use crate::{
    clarification::{Answer, Clarification, ClarificationCommand},
    texts, words,
};

/// The three buttons of whoever signs.
const ANSWERS: [(&str, Answer); 3] =
    [("sign", Answer::Sign), ("back", Answer::Back), ("refuse", Answer::Refuse)];

pub(super) async fn submit(
    State(pages): State<AccountabilityPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    // What he may not see is not there, whatever he posts.
    see(&visit, id).await?;
    let seen_version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let done = async {
        let command = asked(&act, &form)?;
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match seen_version {
            Some(version) => work.ask_seen::<Clarification>(id, version, command),
            None => work.ask::<Clarification>(id, command),
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => {
            let lang = visit.lang();
            let done = texts::act_done(lang, words::act_named(lang, &act));
            Ok(see_other_saying(&clarification_href(id), &Flash::done(done)))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_) | Problem::Stale(_))) => {
            if visit.prefs.json {
                return Err(problem.into());
            }
            let stale = matches!(problem, Problem::Stale(_));
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = if stale { state } else { state.failed(&problem, &visit.desk.sentences) };
            let seen = see(&visit, id).await?;
            Ok(again(&visit, &pages.rules(), &seen, &act, (state, stale)))
        }
        Err(other) => Err(other.into()),
    }
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("note", texts::form_note(lang))
        .label("statement", texts::form_conclusion(lang))
        .label("basis", texts::form_basis(lang))
        .label("document_number", texts::form_document_number(lang))
        .label("although", texts::form_although(lang))
}

fn asked(act: &str, form: &FormData) -> Result<ClarificationCommand, Problem> {
    use ClarificationCommand as C;
    let mut read = form.reader();
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let command = match act {
        "draft" => Some(C::Draft { statement: text("statement"), basis: text("basis") }),
        "answer" => {
            let said = read.text("note").max(limits::TEXT_CHARS).lines().opt();
            let note = Note { note: said.unwrap_or_default(), photos: Vec::new() };
            let answer = read.choice("verdict", &ANSWERS).required().get();
            answer.map(|answer| C::Answer {
                answer,
                document_number: text("document_number"),
                although: text("although"),
                note,
            })
        }
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    command.ok_or(Problem::NotFound)
}
