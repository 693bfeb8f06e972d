//! 申请情况澄清: a page of its own, from the record of the hazard.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use hazard::HazardState;
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId};
use language::Lang;
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Link},
};

use super::{choices, clarification_href};
use crate::{
    clarification::{Clarification, ClarificationCommand, ClarificationDraft, Purpose},
    texts,
};

#[derive(Template)]
#[template(path = "accountability/ask.html")]
struct AskPage {
    shell: Shell,
    form: FormState,
    hazard: Link,
    title: String,
    purposes: Vec<Choice>,
    id: String,
}

fn ground(tx: &mut Tx, viewer: &access::Viewer, id: &str) -> Result<(StreamId, HazardState), Problem> {
    let id = StreamId::parse(id).ok_or(Problem::NotFound)?;
    let hazard = hazard::query::state(tx, id)?.ok_or(Problem::NotFound)?;
    let may = viewer.may_over(tx, "clarification.ask", hazard.unit)?;
    if may { Ok((id, hazard)) } else { Err(Problem::NotFound) }
}

pub(super) async fn show(visit: Visit, Path(hazard): Path<String>) -> Result<Response, Failed> {
    visit.need_any(&["clarification.ask"])?;
    let viewer = visit.viewer.clone();
    let ground = visit.read(move |tx| ground(tx, &viewer, &hazard)).await?;
    let form = visit.form();
    Ok(web::page(&compose(&visit, &ground, form)))
}

fn compose(visit: &Visit, (id, hazard): &(StreamId, HazardState), form: FormState) -> AskPage {
    let lang = visit.lang();
    let back = format!("/hazards/{}", id.0.simple());
    AskPage {
        form,
        hazard: Link::new(texts::record_hazard(lang, hazard.number), back.clone()),
        title: hazard.description.clone().unwrap_or_else(|| texts::erased(lang).to_owned()),
        purposes: choices::purposes(lang),
        id: id.0.simple().to_string(),
        shell: visit.shell(texts::ask_title(lang)).at("accountability").back_to(back),
    }
}

pub(super) async fn submit(posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["clarification.ask"])?;
    let (viewer, asked) = (visit.viewer.clone(), form.value("hazard").unwrap_or_default().to_owned());
    let ground = visit.read(move |tx| ground(tx, &viewer, &asked)).await?;
    // Sent twice, it asks once.
    let id = StreamId(command_id.0);
    let done = async {
        let command = ClarificationCommand::Ask(Box::new(draft(&form, &ground)?));
        let work = UnitOfWork::new(visit.actor(), command_id).ask::<Clarification>(id, command);
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&clarification_href(id), &Flash::done(texts::ask_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            if visit.prefs.json {
                return Err(problem.into());
            }
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = state.failed(&problem, &visit.desk.sentences);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(&visit, &ground, state)))
        }
        Err(other) => Err(other.into()),
    }
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("purpose", texts::form_purpose(lang))
        .label("recipient", texts::form_recipient(lang))
        .label("claim", texts::form_claim(lang))
}

fn draft(form: &FormData, (id, hazard): &(StreamId, HazardState)) -> Result<ClarificationDraft, Problem> {
    let purposes: Vec<(&str, Purpose)> = Purpose::ALL.iter().map(|one| (one.name(), *one)).collect();
    let mut read = form.reader();
    let purpose = read.choice("purpose", &purposes).required().get();
    read.finish()?;
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    Ok(ClarificationDraft {
        hazard: *id,
        unit: hazard.unit,
        purpose,
        recipient: text("recipient"),
        claim: text("claim"),
    })
}
