//! 登记: a category by its icon, a phrase by a tap, a photo, done. No typing needed.

mod read;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{CommandId, Problem, StreamId, UnitId};
use language::Lang;
use rules::{Category, RuleBook};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Group},
};

use self::read::{Photos, asked, lacking};
use super::{
    HazardPages,
    fields::{guide_items, guide_notice},
    href, institution,
    lacking::whole,
    reuse::{Proof, used_before},
    schools::{by_township, recent_places, schools},
    twice::{self, Already},
    withheld,
};
use crate::{Hazard, command::HazardCommand, facts::acting_unit, texts, words};

pub(super) use read::registration;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    category: String,
    unit: String,
}

#[derive(Template)]
#[template(path = "hazard/pick.html")]
struct PickPage {
    shell: Shell,
    categories: Vec<PickChoice>,
}

/// A category as a tile.
struct PickChoice {
    href: String,
    label: String,
    icon: String,
}

#[derive(Template)]
#[template(path = "hazard/register.html")]
struct RegisterPage {
    shell: Shell,
    form: FormState,
    category: String,
    change: String,
    /// His only school is not asked for.
    one_school: bool,
    schools: Vec<Group>,
    phrases: Vec<Choice>,
    places: Vec<Choice>,
    sources: Vec<Choice>,
    today: String,
    /// What would make it major, and so more than can be settled on the spot.
    guide: Vec<Choice>,
    guide_notice: String,
    already: Option<Already>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<HazardPages>,
    Query(query): Query<NewQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["hazard.register"])?;
    let rules = pages.rules();
    let lang = visit.lang();
    match rules.category(&query.category) {
        None => Ok(web::page(&pick(&visit, &rules, &query.unit))),
        Some(category) if !category.is_on() => withheld::show(&visit, &pages, category).await,
        Some(category) => {
            let mut form = visit
                .form()
                .with("category", &*category.code)
                .with("source", default_source(&visit))
                .with("found", visit.now().local_date());
            if !query.unit.is_empty() {
                form = form.with("unit", &query.unit);
            }
            let page = compose(&visit, &rules, category, form, lang).await?;
            Ok(web::page(&page))
        }
    }
}

/// Who comes from outside the school found it at a check; the school itself by looking.
fn default_source(visit: &Visit) -> &'static str {
    if visit.viewer.home.kind.is_institution() { "self" } else { "supervision" }
}

fn pick(visit: &Visit, rules: &RuleBook, unit: &str) -> PickPage {
    let lang = visit.lang();
    let unit = if unit.is_empty() { String::new() } else { format!("&unit={}", web::encoded(unit)) };
    let mut categories: Vec<&Category> = rules.categories().iter().collect();
    categories.sort_by_key(|c| c.order);
    PickPage {
        categories: categories
            .into_iter()
            .map(|c| PickChoice {
                href: format!("/hazards/new?category={}{unit}", c.code),
                label: words::pick(lang, &c.name).to_owned(),
                icon: icon(&c.icon),
            })
            .collect(),
        shell: visit.shell(texts::register_pick(lang)).at("register").back_to("/today"),
    }
}

/// The sprite's name of a category's icon. The rules speak of what is drawn, the sprite of what it stands for.
pub fn icon(name: &str) -> String {
    match name {
        "flame" => "fire",
        "ball" => "play",
        "bed" => "dorm",
        "bowl" => "food",
        "clipboard" => "duty",
        "cross" => "health",
        "dots" => "other",
        "flag" => "trip",
        "flask" => "lab",
        "gauge" => "boiler",
        "globe" => "net",
        "lock" => "held",
        "map-pin" => "street",
        "mountain" => "storm",
        "plug" => "power",
        "stairs" => "crowd",
        "waves" => "water",
        other => other,
    }
    .to_owned()
}

async fn compose(
    visit: &Visit,
    rules: &RuleBook,
    category: &Category,
    form: FormState,
    lang: Lang,
) -> Result<RegisterPage, Problem> {
    let viewer = visit.viewer.clone();
    let chosen = UnitId::parse(form.value("unit"));
    let (schools, groups, places) = visit
        .read(move |tx| {
            let schools = schools(tx, &viewer)?;
            let unit =
                chosen.or_else(|| (schools.len() == 1).then(|| schools.first().map(|s| s.id)).flatten());
            let places = match unit {
                Some(unit) => recent_places(tx, unit)?,
                None => Vec::new(),
            };
            let groups = by_township(tx, &viewer, lang, &schools)?;
            Ok((schools, groups, places))
        })
        .await?;
    let one = (schools.len() == 1).then(|| schools.first().cloned()).flatten();
    let form = match one {
        Some(unit) if form.value("unit").is_empty() => form.with("unit", unit.id.0),
        _ => form,
    };
    Ok(RegisterPage {
        category: words::pick(lang, &category.name).to_owned(),
        change: "/hazards/new".to_owned(),
        one_school: schools.len() == 1,
        schools: groups,
        phrases: category
            .sub_items
            .iter()
            .map(|phrase| Choice::new(&*phrase.zh, words::pick(lang, phrase)))
            .chain(std::iter::once(Choice::new("", texts::register_phrase_other(lang))))
            .collect(),
        places: place_choices(lang, &places),
        sources: rules.sources().iter().map(|s| Choice::new(&*s.code, words::pick(lang, &s.name))).collect(),
        today: visit.now().local_date().to_string(),
        guide: guide_items(lang, rules, &category.code),
        guide_notice: guide_notice(lang, rules, &category.code),
        already: None,
        shell: frame(visit, &category.code, form.value("unit")),
        form,
    })
}

/// The places that were written there lately, and none of them.
fn place_choices(lang: Lang, places: &[String]) -> Vec<Choice> {
    let other = (!places.is_empty()).then(|| Choice::new("", texts::register_place_other(lang)));
    places.iter().map(|place| Choice::new(place, place)).chain(other).collect()
}

/// The switches for language and type size lead back to the form, whose draft the browser keeps.
fn frame(visit: &Visit, category: &str, unit: &str) -> Shell {
    let mut shell = visit.shell(texts::register_title(visit.lang())).at("register").back_to("/hazards/new");
    let unit = if unit.is_empty() { String::new() } else { format!("&unit={}", web::encoded(unit)) };
    shell.path = format!("/hazards/new?category={category}{unit}");
    shell
}

pub(super) async fn submit(State(pages): State<HazardPages>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    visit.need_any(&["hazard.register"])?;
    let rules = pages.rules();
    let lang = visit.lang();
    // Before any photo is kept.
    if let Some(category) = withheld::topic(&rules, &form) {
        return withheld::take(&visit, &pages, category, &form, command_id).await;
    }
    let files = form.take_files();
    let id: StreamId = StreamId(command_id.0);
    let photos = Photos::take(&visit, &pages, &form, files).await?;
    let lacking = lacking(&form, photos.sent());
    let done = async {
        let mut registration = asked(&rules, &form, &photos)?;
        let (viewer, now, wanted) = (visit.viewer.clone(), visit.now(), registration.clone());
        let before = visit
            .read(move |tx| {
                institution(tx, &viewer, wanted.unit)?;
                twice::before(tx, id, &wanted, viewer.account, now)
            })
            .await?;
        if let Some((other, state)) = before.alike {
            let already = Already::alike(&visit, other, &state);
            if form.value("sure") != Some(already.sure.as_str()) {
                return Ok(Taken::Asked(already));
            }
        }
        let spot = registration.on_the_spot.is_some();
        if let Some(fix) = &mut registration.on_the_spot {
            let (before, after) = (registration.photos.clone(), fix.photos.clone());
            let proof = Proof { hazard: id, unit: registration.unit, before, after };
            fix.reused = used_before(&visit, &pages.store, proof).await?;
        }
        let work = UnitOfWork::new(visit.actor(), command_id)
            .ask::<Hazard>(id, HazardCommand::Register(Box::new(registration)));
        match (visit.desk.handle.execute(WorkLane::Interactive, work).await, before.made) {
            (Ok(outcome), _) if outcome.repeated => Ok(Taken::Repeated),
            (Ok(_), _) => Ok(Taken::Done { spot }),
            (Err(Problem::Refused(_)), Some(state)) => Ok(Taken::Asked(Already::changed(&visit, id, &state))),
            (Err(problem), _) => Err(problem),
        }
    };
    match done.await {
        Ok(Taken::Asked(already)) => ask(&visit, &pages, &form, &photos, already).await,
        Ok(taken) => {
            let found = visit.read(move |tx| registered(tx, id)).await?;
            let (number, next) = found.unwrap_or_default();
            let text = match taken {
                Taken::Repeated => texts::register_already(lang, number),
                Taken::Done { spot: true } => texts::register_done_spot(lang, number),
                Taken::Done { .. } | Taken::Asked(_) => texts::register_done(lang, number, next),
            };
            Ok(see_other_saying(&href(id), &Flash::done(text)))
        }
        Err(problem) => refused(&visit, &pages, &form, &photos, command_id, whole(problem, lacking)).await,
    }
}

/// The number that was given, and the unit that grades it.
fn registered(tx: &mut Tx, id: StreamId) -> Result<Option<(String, String)>, Problem> {
    let Some(state) = crate::query::state(tx, id)? else { return Ok(None) };
    let next = match acting_unit(tx, &state)? {
        Some(unit) => organisation::unit_brief(tx, unit)?.map(|unit| unit.name).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Some((state.number.to_string(), next)))
}

/// What the fields are called, for the summary of errors.
fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("unit", texts::register_where(lang))
        .label("photos", texts::register_photos(lang))
        .label("phrase", texts::register_phrase(lang))
        .label("place", texts::register_place(lang))
        .label("place_used", texts::register_place_recent(lang))
        .label("description", texts::register_description(lang))
        .label("guide", texts::form_guide(lang))
        .label("after_photos", texts::register_after(lang))
        .label("fix_note", texts::register_fix(lang))
        .label("source", texts::register_source(lang))
        .label("found", texts::register_found(lang))
}

/// What became of a form.
enum Taken {
    Done {
        spot: bool,
    },
    /// The very same form again: what it made is shown.
    Repeated,
    /// Nothing was registered; the form comes back with what was registered before.
    Asked(Already),
}

/// The form again, under what was registered before. A form that became a hazard becomes a new one.
async fn ask(
    visit: &Visit,
    pages: &HazardPages,
    form: &FormData,
    photos: &Photos,
    already: Already,
) -> Result<Response, Failed> {
    let rules = &pages.rules();
    let category = rules.category(form.value("category").unwrap_or_default()).ok_or(Problem::NotFound)?;
    let kept = visit.form().keep(form).command(visit.desk.ids.new_id(&*visit.desk.clock));
    let kept = photos.again(visit, pages, kept).await?;
    let mut page = compose(visit, rules, category, kept, visit.lang()).await?;
    page.already = Some(already);
    Ok(web::page_with(StatusCode::CONFLICT, &page))
}

async fn refused(
    visit: &Visit,
    pages: &HazardPages,
    form: &FormData,
    photos: &Photos,
    command: CommandId,
    problem: Problem,
) -> Result<Response, Failed> {
    let rules = &pages.rules();
    let category = rules.category(form.value("category").unwrap_or_default());
    match (&problem, category) {
        // The rules changed since the form was looked at, or the words showed only once control characters were gone.
        (Problem::Refused(refusal), _) if refusal.code == "hazard-text-restricted" => {
            let code = refusal.args.iter().find(|(name, _)| *name == "category").map(|(_, v)| v.as_str());
            match code.and_then(|code| rules.category(code)) {
                Some(category) => withheld::take(visit, pages, category, form, command).await,
                None => Err(problem.into()),
            }
        }
        (Problem::Refused(refusal), Some(category)) if refusal.code == "hazard-category-restricted" => {
            withheld::take(visit, pages, category, form, command).await
        }
        // A program gets the fields by name instead of a page.
        (Problem::Refused(_) | Problem::Invalid(_), Some(category)) if !visit.prefs.json => {
            let lang = visit.lang();
            let state = labelled(visit.form(), lang).keep(form).failed(&problem, &visit.desk.sentences);
            let state = photos.again(visit, pages, state).await?;
            let page = compose(visit, rules, category, state, lang).await?;
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        _ => Err(problem.into()),
    }
}
