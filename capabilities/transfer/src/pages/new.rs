//! A letter is begun: from the record of the hazard it is about.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use hazard::{HazardState, Photo};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Empty, Fact, Group, Link},
};

use super::{
    TransferPages,
    fields::{self, Offered},
    href,
};
use crate::{
    command::{LetterDraft, TransferCommand},
    event::Kind,
    query::{DepartmentRow, open_departments, state},
    subject::Transfer,
    texts,
};

/// Which hazard, and after which letter that came back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    pub hazard: String,
    pub after: String,
}

#[derive(Template)]
#[template(path = "transfer/new.html")]
struct NewPage {
    shell: Shell,
    form: FormState,
    hazard: String,
    after: String,
    facts: Vec<Fact>,
    kinds: Vec<Choice>,
    departments: Vec<Group>,
    offered: Vec<Offered>,
    reply_hint: String,
    reply_latest: String,
    /// The form writes the letter anew instead of beginning it.
    button: &'static str,
    /// Nobody is in the register yet.
    none: Option<Link>,
}

/// What a page needs that begins a letter.
struct Begun {
    hazard: HazardState,
    unit_name: String,
    register: Vec<DepartmentRow>,
    former: Option<String>,
}

async fn begun(visit: &Visit, hazard: StreamId, former: Option<StreamId>) -> Result<Begun, Problem> {
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            let seen = hazard::query::state(tx, hazard)?.ok_or(Problem::NotFound)?;
            let may = viewer.permissions_over(tx, seen.unit)?;
            if !may.has("transfer.draft") || !may.has("hazard.view") {
                return Err(Problem::NotFound);
            }
            let former = match former {
                Some(former) => state(tx, former)?.filter(|(letter, _)| letter.hazard == hazard),
                None => None,
            };
            let names = organisation::unit_names(tx, &[seen.unit])?;
            let register = open_departments(tx, seen.county.unwrap_or(seen.unit))?;
            Ok(Begun {
                unit_name: names.get(&seen.unit).cloned().unwrap_or_default(),
                hazard: seen,
                register,
                former: former.and_then(|(letter, _)| letter.letter.department_name),
            })
        })
        .await
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<TransferPages>,
    Query(query): Query<NewQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::DRAFT)?;
    if query.hazard.is_empty() {
        return Ok(web::page(&nowhere(&visit)));
    }
    let hazard = StreamId::parse(&query.hazard).ok_or(Problem::NotFound)?;
    let former = StreamId::parse(&query.after);
    let begun = begun(&visit, hazard, former).await?;
    let rules = pages.rules();
    let form = prefilled(visit.form(), &rules, &begun, visit.now());
    Ok(web::page(&compose(&visit, &rules, (hazard, former), &begun, form)))
}

#[derive(Template)]
#[template(path = "transfer/nowhere.html")]
struct NowherePage {
    shell: Shell,
    empty: Empty,
}

/// No hazard was named that the letter could be about.
fn nowhere(visit: &Visit) -> NowherePage {
    let lang = visit.lang();
    NowherePage {
        empty: Empty {
            sentence: texts::new_nowhere(lang).to_owned(),
            act: Some(Link::new(texts::new_to_hazards(lang), "/hazards")),
            icon: "hazard",
        },
        shell: visit.shell(texts::new_title(lang)).at("transfers").back_to("/transfers"),
    }
}

/// With the department that the category names, and the usual day.
fn prefilled(form: FormState, rules: &RuleBook, begun: &Begun, now: Timestamp) -> FormState {
    let proposed = fields::departments(Lang::ZhCn, rules, &begun.hazard.category, &begun.register);
    let known = rules.category(&begun.hazard.category);
    let leads = |row: &&DepartmentRow| {
        known.is_some_and(|known| known.departments.first().is_some_and(|code| **code == *row.kind))
    };
    let mut form = form.with("kind", Kind::Notice.name());
    if begun.register.iter().any(|row| leads(&row))
        && let Some(first) = proposed.first().and_then(|group| group.choices.first())
    {
        form = form.with("department", &first.value);
    }
    match rules.deadline("transfer.reply", now) {
        Ok(due) => form.with("reply_by", due.value.local_date()),
        Err(_) => form,
    }
}

/// How late the day of the reply may be, as a hint and as a value of a field.
pub(super) fn latest(lang: Lang, rules: &RuleBook, now: Timestamp, rule: &str) -> (String, String) {
    match rules.deadline(rule, now) {
        Ok(due) => {
            let day = due.value.local_date();
            (texts::form_day_hint(lang, Say(lang).date(day)), day.to_string())
        }
        Err(_) => Default::default(),
    }
}

fn compose(
    visit: &Visit,
    rules: &RuleBook,
    (hazard, former): (StreamId, Option<StreamId>),
    begun: &Begun,
    form: FormState,
) -> NewPage {
    let (lang, now) = (visit.lang(), visit.now());
    let (reply_hint, reply_latest) = latest(lang, rules, now, "transfer.reply.max");
    let add = Link::new(texts::form_department_add(lang), "/departments/new");
    NewPage {
        facts: facts(lang, rules, begun),
        kinds: fields::kinds(lang),
        departments: fields::departments(lang, rules, &begun.hazard.category, &begun.register),
        offered: fields::photos(hazard, &begun.hazard.photos),
        hazard: hazard.0.simple().to_string(),
        after: former.map(|former| former.0.simple().to_string()).unwrap_or_default(),
        reply_hint,
        reply_latest,
        button: texts::form_draft(lang),
        none: begun.register.is_empty().then_some(add),
        form,
        shell: visit
            .shell(texts::new_title(lang))
            .for_unit(&begun.unit_name, now)
            .at("transfers")
            .back_to(format!("/hazards/{}", hazard.0.simple())),
    }
}

/// What goes into the letter by itself.
fn facts(lang: Lang, rules: &RuleBook, begun: &Begun) -> Vec<Fact> {
    let hazard = &begun.hazard;
    let mut facts = vec![
        Fact::new(texts::column_unit(lang), &begun.unit_name),
        Fact::new(texts::fact_hazard(lang), hazard.number.to_string()),
        Fact::new(texts::fact_category(lang), hazard::words::category(lang, rules, &hazard.category)),
        Fact::new(texts::fact_level(lang), hazard::words::level(lang, hazard.level)),
        Fact::new(texts::fact_place(lang), hazard.place.clone().unwrap_or_default()),
        Fact::new(texts::fact_found(lang), hazard.description.clone().unwrap_or_default()),
        Fact::new(texts::fact_found_on(lang), Say(lang).date_of(hazard.found_at)),
    ];
    if let Some(former) = &begun.former {
        facts.push(Fact::new(texts::fact_former(lang), former));
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// A draft as a form sends it, for a letter about this hazard of this school.
pub(super) fn read(
    form: &FormData,
    (hazard, unit): (StreamId, UnitId),
    former: Option<StreamId>,
) -> Result<LetterDraft, Problem> {
    let mut read = form.reader();
    let kinds: Vec<(&str, Kind)> = Kind::ALL.iter().map(|one| (one.name(), *one)).collect();
    let kind = read.choice("kind", &kinds).required().get();
    let department = read.id::<StreamId>("department").required().get();
    let request = read.text("request").required().max(limits::TEXT_CHARS).lines().get();
    let reply_by = read.date("reply_by").required().get().map(Timestamp::at_end_of);
    let photos = form.values("chosen").map(|hash| Photo(hash.to_owned())).collect();
    read.finish()?;
    let kind = kind.ok_or(Problem::NotFound)?;
    Ok(LetterDraft { unit, hazard, kind, department, request, reply_by, photos, former })
}

pub(super) async fn submit(State(pages): State<TransferPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let hazard = form.value("hazard").and_then(StreamId::parse).ok_or(Problem::NotFound)?;
    let former = form.value("after").and_then(StreamId::parse);
    let begun = begun(&visit, hazard, former).await?;
    // Sent twice, it is one letter.
    let id = StreamId(command_id.0);
    let done = async {
        let draft = read(&form, (hazard, begun.hazard.unit), former)?;
        let mut work = UnitOfWork::new(visit.actor(), command_id)
            .ask::<Transfer>(id, TransferCommand::Draft(Box::new(draft)));
        if form.value("verdict") == Some("submit") {
            work = work.ask::<Transfer>(id, TransferCommand::Submit);
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::new_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            if visit.prefs.json {
                return Err(problem.into());
            }
            let state = fields::labelled(visit.form(), "draft", visit.lang()).keep(&form);
            let state = state.failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &pages.rules(), (hazard, former), &begun, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
