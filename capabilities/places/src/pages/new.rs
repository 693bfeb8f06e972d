//! 批量新增: the usual places of a school ticked in one form, and others a line each.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, Refusal, UnitId, limits};
use language::Lang;
use rules::RuleBook;
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Link},
};

use super::{PlacePages, unit_choices};
use crate::{
    Place, PlaceCommand, PlaceDraft, WHOLE, code,
    query::{names_in_use, units, whole_of},
    texts,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    unit: String,
}

#[derive(Template)]
#[template(path = "places/new.html")]
struct NewPage {
    shell: Shell,
    form: FormState,
    units: Vec<Choice>,
    /// The unit, once it is known.
    unit: String,
    unit_name: String,
    kinds: Vec<Choice>,
    /// What is there already, in words.
    known: String,
    /// The general code comes with the first places.
    whole: bool,
    nowhere: Option<Link>,
}

/// What is known of the unit before anything is added there.
struct There {
    units: Vec<(UnitId, String)>,
    unit: Option<(UnitId, String)>,
    names: Vec<String>,
    has_whole: bool,
}

async fn there(visit: &Visit, asked: Option<UnitId>) -> Result<There, Problem> {
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            let units = units(tx, &viewer, access::names::PLACE_MANAGE)?;
            let only = (units.len() == 1).then(|| units.first().map(|(id, _)| *id)).flatten();
            let wanted = asked.or(only);
            let unit = wanted.and_then(|wanted| units.iter().find(|(id, _)| *id == wanted).cloned());
            if asked.is_some() && unit.is_none() {
                return Err(Problem::NotFound);
            }
            let (names, has_whole) = match &unit {
                Some((id, _)) => (names_in_use(tx, *id)?, whole_of(tx, *id)?.is_some()),
                None => (Vec::new(), false),
            };
            Ok(There { units, unit, names, has_whole })
        })
        .await
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<PlacePages>,
    Query(query): Query<NewQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::MANAGE)?;
    let there = there(&visit, UnitId::parse(&query.unit)).await?;
    let form = visit.form();
    Ok(web::page(&compose(&visit, &pages.rules(), &there, form)))
}

fn compose(visit: &Visit, rules: &RuleBook, there: &There, form: FormState) -> NewPage {
    let lang = visit.lang();
    let usual = rules.point_kinds().iter().filter(|kind| *kind.code != *WHOLE && &*kind.code != "other");
    let name = |kind: &rules::PointKind| hazard::words::pick(lang, &kind.name).to_owned();
    let new = usual
        .filter(|kind| !there.names.iter().any(|known| **known == *kind.name.zh || *known == name(kind)));
    NewPage {
        kinds: new.map(|kind| Choice::new(&*kind.code, name(kind))).collect(),
        units: unit_choices(&there.units),
        unit: there.unit.as_ref().map(|(id, _)| id.0.simple().to_string()).unwrap_or_default(),
        unit_name: there.unit.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        known: match there.names.as_slice() {
            [] => String::new(),
            names => {
                texts::new_known(lang, language::Say(lang).list(names.iter().map(|name| called(lang, name))))
            }
        },
        whole: !there.has_whole,
        nowhere: there.units.is_empty().then(|| Link::new(texts::places_title(lang), "/places")),
        form,
        shell: visit.shell(texts::place_add(lang)).at("places").back_to("/places"),
    }
}

/// The places that the form names.
fn drafts(
    lang: Lang,
    rules: &RuleBook,
    form: &FormData,
    has_whole: bool,
) -> Result<Vec<PlaceDraft>, Problem> {
    let known = |code: &str| rules.point_kinds().iter().find(|kind| *kind.code == *code);
    let draft = |kind: &rules::PointKind, name: String| PlaceDraft {
        kind: kind.code.to_string(),
        name,
        spot: String::new(),
        outside: kind.outside,
    };
    let named = |kind: &rules::PointKind| draft(kind, hazard::words::pick(lang, &kind.name).to_owned());
    let ticked = form.values("kinds").filter_map(known).filter(|kind| *kind.code != *WHOLE).map(named);
    let lines =
        form.value("others").unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    let others = lines.filter_map(|line| Some(draft(known("other")?, line.to_owned())));
    let mut drafts: Vec<PlaceDraft> = ticked.chain(others).collect();
    if drafts.len() > limits::PLACES_AT_ONCE {
        return Err(Refusal::new("place-too-many-at-once")
            .with("most", limits::PLACES_AT_ONCE)
            .on("others")
            .into());
    }
    if !has_whole {
        drafts.extend(known(WHOLE).map(named));
    }
    if drafts.is_empty() { Err(Refusal::new("place-none-chosen").on("kinds").into()) } else { Ok(drafts) }
}

pub(super) async fn submit(State(pages): State<PlacePages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(super::MANAGE)?;
    let (lang, rules) = (visit.lang(), pages.rules());
    let there = there(&visit, form.value("unit").and_then(UnitId::parse)).await?;
    let done = async {
        let (unit, _) = there.unit.clone().ok_or_else(|| Refusal::new("field-choose").on("unit"))?;
        let drafts = drafts(lang, &rules, &form, there.has_whole)?;
        let count = drafts.len();
        let mut work = UnitOfWork::new(visit.actor(), command_id);
        for (nth, draft) in drafts.into_iter().enumerate() {
            let (id, code) = code::drawn(&visit.desk.vault, command_id, nth);
            work = work.ask::<Place>(id, PlaceCommand::Add { unit, code, draft });
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await?;
        Ok((unit, count))
    };
    match done.await {
        Ok((unit, count)) => {
            let to = format!("/places?unit={}", unit.0.simple());
            Ok(see_other_saying(&to, &Flash::done(texts::new_done(lang, count))))
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = visit
                .form()
                .label("unit", texts::column_unit(lang))
                .label("kinds", texts::new_kinds(lang))
                .label("others", texts::new_others(lang))
                .label("name", texts::new_others(lang))
                .keep(&form)
                .failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &rules, &there, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

/// The name of a place among English words.
fn called(lang: Lang, name: &str) -> String {
    if lang == Lang::En { format!("“{name}”") } else { name.to_owned() }
}
