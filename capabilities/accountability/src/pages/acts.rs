//! Acts on a case: one form post each, 303 on success, the same page with everything typed on refusal.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hazard::{Note, pages::Brought};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::Lang;
use web::{Failed, Flash, FormData, FormState, Posted, Reader, Visit, see_other_saying};

use super::{
    AccountabilityPages, href,
    record::{again, overtaken, see},
};
use crate::{
    case::{Case, CaseCommand, FindingDraft, Handling, Verdict},
    texts, words,
};

/// The two buttons of whoever judges.
const VERDICTS: [(&str, bool); 2] = [("pass", true), ("back", false)];

pub(super) async fn submit(
    State(pages): State<AccountabilityPages>,
    Path((id, act)): Path<(StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    // What he may not see is not there, whatever he posts.
    see(&visit, id).await?;
    let seen_version = form.value("_version").and_then(|v| v.parse::<u64>().ok());
    let files = form.take_files();
    let brought = Brought::take(&visit, &pages.store, &form, files, "photos").await?;
    let done = async {
        let mut read = form.reader();
        let said = read.text("note").max(limits::TEXT_CHARS).lines().opt();
        let note = Note { note: said.unwrap_or_default(), photos: brought.all()? };
        let command = asked(&act, &form, &mut read, note)?;
        read.finish()?;
        let command = command.ok_or(Problem::NotFound)?;
        let work = UnitOfWork::new(visit.actor(), command_id);
        let work = match seen_version {
            Some(version) => work.ask_seen::<Case>(id, version, command),
            None => work.ask::<Case>(id, command),
        };
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
    pages: &AccountabilityPages,
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
        "state" => texts::form_statement(lang),
        "extend" | "call-off" => texts::form_why(lang),
        "handle" => texts::form_handled(lang),
        "report" => texts::form_measures_done(lang),
        "check" => texts::form_check(lang),
        _ => texts::form_note(lang),
    };
    form.label("note", note)
        .label("photos", texts::form_papers(lang))
        .label("side", texts::form_side(lang))
        .label("verdict", texts::side_finding(lang))
        .label("facts", texts::form_facts(lang))
        .label("rules", texts::form_rules(lang))
        .label("basis", texts::form_basis(lang))
        .label("handlings", texts::form_handlings(lang))
        .label("handling", texts::form_handling(lang))
        .label("measures", texts::form_measures(lang))
        .label("measures_due", texts::form_measures_due(lang))
        .label("document_number", texts::form_document_number(lang))
        .label("although", texts::form_although(lang))
}

fn asked(
    act: &str,
    form: &FormData,
    read: &mut Reader<'_>,
    note: Note,
) -> Result<Option<CaseCommand>, Problem> {
    use CaseCommand as C;
    let document_number = form.value("document_number").unwrap_or_default().to_owned();
    let mut side = || read.id::<UnitId>("side").required().get();
    Ok(match act {
        "state" => side().map(|side| C::State { side, note }),
        "find" => finding(form, read).map(|draft| C::Find(Box::new(draft))),
        "submit" => Some(C::Submit),
        "review" => {
            let passed = read.choice("verdict", &VERDICTS).required().get();
            passed.map(|passed| C::Review { passed, note })
        }
        "conclude" => {
            let passed = read.choice("verdict", &VERDICTS).required().get();
            let although = form.value("although").unwrap_or_default().to_owned();
            passed.map(|passed| C::Conclude { passed, document_number, although, note })
        }
        "handle" => side().map(|side| C::Handle { side, document_number, note }),
        "report" => side().map(|side| C::ReportMeasures { side, note }),
        "check" => {
            let side = side();
            let passed = read.choice("verdict", &VERDICTS).required().get();
            side.zip(passed).map(|(side, passed)| C::CheckMeasures { side, passed, note })
        }
        "extend" => Some(C::Extend(note)),
        "call-off" => Some(C::CallOff(note)),
        _ => return Err(Problem::NotFound),
    })
}

fn finding(form: &FormData, read: &mut Reader<'_>) -> Option<FindingDraft> {
    let verdicts: Vec<(&str, Verdict)> = Verdict::ALL.iter().map(|one| (one.name(), *one)).collect();
    let handlings: Vec<(&str, Handling)> = Handling::ALL.iter().map(|one| (one.name(), *one)).collect();
    let side = read.id::<UnitId>("side").required().get();
    let verdict = read.choice("verdict", &verdicts).required().get();
    let handlings = read.many("handlings", &handlings).get();
    let measures_due = read.date("measures_due").get().map(Timestamp::at_end_of);
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    side.zip(verdict).map(|(side, verdict)| FindingDraft {
        side: Some(side),
        verdict: Some(verdict),
        facts: text("facts"),
        rules: form.values("rules").map(str::to_owned).collect(),
        basis: text("basis"),
        handlings,
        handling: text("handling"),
        measures: text("measures"),
        measures_due,
    })
}
