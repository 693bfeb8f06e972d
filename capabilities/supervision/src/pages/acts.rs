//! Acts on a listing: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::{Hazard, HazardCommand, Note, Photo, StageCode as HazardStage, pages::Brought};
use journal::{UnitOfWork, WorkLane};
use kernel::{PersonId, Problem, StreamId, Timestamp, UnitId, limits};
use language::Lang;
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying};

use super::{
    SupervisionPages, href,
    record::{Seen, again, overtaken, see},
};
use crate::{
    command::{CheckDraft, NoticeDraft, SupervisionCommand},
    event::Control,
    subject::Supervision,
    texts, words,
};

/// The two buttons of whoever judges.
const VERDICTS: [(&str, bool); 2] = [("pass", true), ("back", false)];

/// What a form asks of the listing, and of its hazard in the same unit of work.
struct Asked {
    listing: Vec<SupervisionCommand>,
    hazard: Vec<HazardCommand>,
}

pub(super) async fn submit(
    State(pages): State<SupervisionPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    let seen = see(&visit, id).await?;
    let seen_version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let files = form.take_files();
    let brought = Brought::take(&visit, &pages.store, &form, files, "photos").await?;
    let done = async {
        let asked = asked(&act, &form, brought.all()?, &seen)?;
        let mut work = UnitOfWork::new(visit.actor(), command_id);
        for (number, command) in asked.listing.into_iter().enumerate() {
            work = match (seen_version, number) {
                (Some(version), 0) => work.ask_seen::<Supervision>(id, version, command),
                _ => work.ask::<Supervision>(id, command),
            };
        }
        for command in asked.hazard {
            work = work.ask::<Hazard>(seen.record.state.hazard, command);
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => {
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

async fn refused(
    visit: &Visit,
    pages: &SupervisionPages,
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

/// What the fields are called, for the summary of errors.
fn labelled(form: FormState, act: &str, lang: Lang) -> FormState {
    let note = match act {
        "check" => texts::form_findings(lang),
        "control" => texts::form_control_note(lang),
        "apply" => texts::form_apply_note(lang),
        "waive" => texts::form_why(lang),
        _ => texts::form_note(lang),
    };
    form.label("note", note)
        .label("photos", texts::form_photos(lang))
        .label("measure", texts::form_measure(lang))
        .label("supervisor", texts::form_supervisor(lang))
        .label("deadline", texts::column_deadline(lang))
        .label("requirements", texts::form_requirements(lang))
        .label("copies", texts::form_copies(lang))
        .label("document_number", texts::form_document_number(lang))
        .label("on", texts::form_on(lang))
        .label("checkers", texts::form_checkers(lang))
        .label("others", texts::form_others(lang))
        .label("sheet", texts::form_sheet(lang))
        .label("due", texts::form_due(lang))
        .label("verdict", words::act_named(lang, act))
}

fn asked(act: &str, form: &FormData, photos: Vec<Photo>, seen: &Seen) -> Result<Asked, Problem> {
    use SupervisionCommand as C;
    let mut read = form.reader();
    let said = read.text("note").max(limits::TEXT_CHARS).lines().opt();
    let note = Note { note: said.unwrap_or_default(), photos };
    let document_number = form.value("document_number").unwrap_or_default().to_owned();
    let only = |command: C| Asked { listing: vec![command], hazard: Vec::new() };
    let asked = match act {
        "control" => {
            let measures: Vec<(&str, Control)> = Control::ALL.iter().map(|one| (one.name(), *one)).collect();
            let measure = read.choice("measure", &measures).required().get();
            measure.map(|measure| only(C::Control { measure, note }))
        }
        "draft" => {
            let draft = NoticeDraft {
                supervisor: read.id::<UnitId>("supervisor").required().get(),
                deadline: read.date("deadline").required().get().map(Timestamp::at_end_of),
                requirements: read.text("requirements").required().max(limits::TEXT_CHARS).lines().get(),
                copies: form.value("copies").unwrap_or_default().to_owned(),
            };
            let submits = form.value("verdict") == Some("submit");
            let listing = std::iter::once(C::Draft(draft)).chain(submits.then_some(C::Submit)).collect();
            Some(Asked { listing, hazard: Vec::new() })
        }
        "submit" => Some(only(C::Submit)),
        "review" => {
            let passed = read.choice("verdict", &VERDICTS).required().get();
            passed.map(|passed| only(C::Review { passed, note }))
        }
        "sign" => {
            let passed = read.choice("verdict", &VERDICTS).required().get();
            passed.map(|passed| only(C::Sign { passed, document_number, note }))
        }
        "waive" => Some(only(C::Waive(note))),
        "receive" => Some(only(C::Receive(note))),
        "apply" => Some(only(C::AskDelisting(note))),
        "sign-check" => Some(only(C::SignCheck)),
        _ => return proving(act, form, note, seen),
    };
    read.finish()?;
    asked.ok_or(Problem::NotFound)
}

/// 现场核查 and 签发摘牌, which the hazard goes along with.
fn proving(act: &str, form: &FormData, note: Note, seen: &Seen) -> Result<Asked, Problem> {
    use SupervisionCommand as C;
    let mut read = form.reader();
    let passed = read.choice("verdict", &VERDICTS).required().get();
    let asked = match act {
        "check" => {
            let on = read.date("on").required().get().map(Timestamp::at_start_of);
            let due = read.date("due").get().map(Timestamp::at_end_of);
            let ids = form.values("checkers").filter_map(PersonId::parse);
            let (checkers, sheet) = (ids.collect(), read.flag("sheet"));
            let others = form.value("others").unwrap_or_default().to_owned();
            passed.map(|passed| {
                let hazard = match passed {
                    true => Vec::new(),
                    false => vec![HazardCommand::Return { note: note.clone(), due }],
                };
                let check = CheckDraft { passed, on, checkers, others, sheet, note };
                Asked { listing: vec![C::Check(Box::new(check))], hazard }
            })
        }
        "delist" => {
            let document_number = form.value("document_number").unwrap_or_default().to_owned();
            passed.map(|passed| {
                let hazard = if passed { proved(seen, &note) } else { Vec::new() };
                Asked { listing: vec![C::Delist { passed, document_number, note }], hazard }
            })
        }
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    asked.ok_or(Problem::NotFound)
}

/// Off the list, the hazard is accepted, on the strength of the check, and closed.
fn proved(seen: &Seen, note: &Note) -> Vec<HazardCommand> {
    let accept = HazardCommand::Accept { on_site: true, note: note.clone() };
    let close = HazardCommand::Close(Note::default());
    match seen.hazard.as_ref().map(|hazard| hazard.stage.code()) {
        Some(HazardStage::AwaitingAcceptance) => vec![accept, close],
        Some(HazardStage::Accepted) => vec![close],
        _ => Vec::new(),
    }
}
