//! What is not registered as a hazard: a category that is switched off, and words that look like bullying, abuse or
//! self-harm. The page says whom to call. Where somebody is named to read such words, they are handed over to be held
//! for him; otherwise nothing is stored. No photo is stored either way.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, CommandId, Problem, UnitId, limits};
use language::Lang;
use rules::{Category, RuleBook};
use storage::Tx;
use web::{
    Failed, FormData, FormState, Shell, Visit,
    view::{Group, Link},
};

use super::{
    HazardPages, institution,
    register::registration,
    schools::{by_township, schools},
};
use crate::texts;

/// Words to be held for the reader of a unit.
#[derive(Clone, Copy)]
pub struct Withheld<'a> {
    /// Who wrote them.
    pub by: Actor,
    /// The form they came with.
    pub form: CommandId,
    /// Where they were written.
    pub unit: UnitId,
    /// What was written.
    pub text: &'a str,
}

/// Whoever holds what is no hazard. Hazards do not know who that is; the application hands it over.
pub trait Confidant: Send + Sync {
    /// The reader for a unit by his post, or nothing when nobody is named.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn reader(&self, tx: &mut Tx, lang: Lang, unit: UnitId) -> Result<Option<String>, Problem>;

    /// The work of holding.
    fn hold(&self, words: Withheld<'_>) -> Option<UnitOfWork>;

    /// The line on the due list of a reader; nothing for everybody else.
    ///
    /// # Errors
    /// Whatever the database answers.
    fn due(&self, tx: &mut Tx, lang: Lang, account: ActorId) -> Result<Option<Link>, Problem>;
}

/// Nobody holds anything.
pub struct NoConfidant;

impl Confidant for NoConfidant {
    fn reader(&self, _: &mut Tx, _: Lang, _: UnitId) -> Result<Option<String>, Problem> {
        Ok(None)
    }

    fn hold(&self, _: Withheld<'_>) -> Option<UnitOfWork> {
        None
    }

    fn due(&self, _: &mut Tx, _: Lang, _: ActorId) -> Result<Option<Link>, Problem> {
        Ok(None)
    }
}

#[derive(Template)]
#[template(path = "hazard/restricted.html")]
struct RestrictedPage {
    shell: Shell,
    sentence: String,
    /// What became of what was written.
    kept: String,
    phones: Vec<Link>,
    writing: Option<Writing>,
}

/// The form 写给指定的人.
struct Writing {
    form: FormState,
    category: String,
    one_school: bool,
    schools: Vec<Group>,
    told: String,
}

/// The category under which a form is not registered: its own when that is switched off, or the one its words look
/// like.
pub(super) fn topic<'r>(rules: &'r RuleBook, form: &FormData) -> Option<&'r Category> {
    let chosen = rules.category(form.value("category").unwrap_or_default())?;
    if chosen.is_on() { given_away(rules, form).map(|(category, _)| category) } else { Some(chosen) }
}

/// What the words of a form look like, and the wording that gave it away.
fn given_away<'r>(rules: &'r RuleBook, form: &FormData) -> Option<(&'r Category, &'r str)> {
    // Field by field, as the decision looks at them: words of two fields together mean nothing.
    let value = |field: &str| form.value(field).unwrap_or_default();
    let what = format!("{}。{}", value("phrase"), value("description"));
    let texts = [what.as_str(), value("place"), value("place_used"), value("fix_note")];
    let (topic, phrase) = texts.into_iter().find_map(|text| rules.restricted_phrase(text))?;
    Some((rules.category(&topic.category)?, phrase))
}

/// All words of a form, as its reader shall see them.
fn written(form: &FormData) -> String {
    let fields = ["phrase", "description", "place_used", "place", "fix_note"];
    let said = fields.into_iter().filter_map(|field| form.value(field)).map(str::trim);
    said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The page of a category that is switched off.
pub(super) async fn show(
    visit: &Visit,
    pages: &HazardPages,
    category: &Category,
) -> Result<Response, Failed> {
    let nothing = texts::restricted_nothing(visit.lang()).to_owned();
    let writing = writing(visit, pages, category, visit.form()).await?;
    Ok(web::page(&compose(visit, category, writing, nothing).await?))
}

/// What was written, where.
fn asked(form: &FormData, category: &Category) -> Result<(UnitId, String), Problem> {
    if category.is_on() {
        return Ok((registration(form)?.unit, written(form)));
    }
    let mut read = form.reader();
    let unit = read.id::<UnitId>("unit").required().get();
    read.text("description").required().max(limits::TEXT_CHARS).lines().get();
    read.finish()?;
    Ok((unit.unwrap_or(UnitId::NIL), written(form)))
}

/// Has a form held for the reader of its unit, and answers it. `category` is what [`topic`] found.
pub(super) async fn take(
    visit: &Visit,
    pages: &HazardPages,
    category: &Category,
    form: &FormData,
    command: CommandId,
) -> Result<Response, Failed> {
    let rules = pages.rules();
    let chosen = rules.category(form.value("category").unwrap_or_default()).unwrap_or(category);
    let (unit, text) = match asked(form, chosen) {
        Ok(asked) => asked,
        Err(problem @ Problem::Invalid(_)) if !chosen.is_on() => {
            let named = visit
                .form()
                .label("unit", texts::register_where(visit.lang()))
                .label("description", texts::restricted_write_what(visit.lang()));
            let state = named.keep(form).failed(&problem, &visit.desk.sentences);
            let writing = writing(visit, pages, chosen, state).await?;
            let unsaved = texts::restricted_unsaved(visit.lang()).to_owned();
            let page = compose(visit, chosen, writing, unsaved).await?;
            return Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
        Err(problem) => return Err(problem.into()),
    };
    let (viewer, confidant, lang) = (visit.viewer.clone(), pages.confidant.clone(), visit.lang());
    let reader = visit
        .read(move |tx| {
            institution(tx, &viewer, unit)?;
            confidant.reader(tx, lang, unit)
        })
        .await?;
    let words = Withheld { by: visit.actor(), form: command, unit, text: &text };
    let kept = match reader.and_then(|reader| Some((reader, pages.confidant.hold(words)?))) {
        None => None,
        Some((reader, work)) => match visit.desk.handle.execute(WorkLane::Interactive, work).await {
            Ok(_) => Some(reader),
            // The reader was taken away in this very moment.
            Err(Problem::Refused(_)) => None,
            Err(problem) => return Err(problem.into()),
        },
    };
    let status = if kept.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let said = match (kept, given_away(&rules, form).filter(|_| chosen.is_on())) {
        (Some(reader), _) => texts::restricted_kept(lang, reader),
        (None, Some((_, phrase))) => texts::restricted_unsaved_because(lang, phrase),
        (None, None) => texts::restricted_unsaved(lang).to_owned(),
    };
    Ok(web::page_with(status, &compose(visit, category, None, said).await?))
}

/// The form, when somebody would read it.
async fn writing(
    visit: &Visit,
    pages: &HazardPages,
    category: &Category,
    form: FormState,
) -> Result<Option<Writing>, Problem> {
    let (viewer, confidant, lang) = (visit.viewer.clone(), pages.confidant.clone(), visit.lang());
    let (schools, groups, reader) = visit
        .read(move |tx| {
            let schools = schools(tx, &viewer)?;
            let unit = match schools.as_slice() {
                [] => return Ok((Vec::new(), Vec::new(), None)),
                [one] => one.id,
                // Who looks after many schools writes to the reader of the one he then chooses; his own office's
                // reader says whether there is anybody.
                [..] => viewer.home.id,
            };
            let reader = confidant.reader(tx, lang, unit)?;
            let groups = by_township(tx, &viewer, lang, &schools)?;
            Ok((schools, groups, reader))
        })
        .await?;
    let Some(reader) = reader else { return Ok(None) };
    let form = match schools.as_slice() {
        [one] if form.value("unit").is_empty() => form.with("unit", one.id.0),
        _ => form,
    };
    Ok(Some(Writing {
        told: if schools.len() == 1 {
            texts::restricted_write_told(lang, reader)
        } else {
            texts::restricted_write_told_many(lang).to_owned()
        },
        category: category.code.to_string(),
        one_school: schools.len() == 1,
        schools: groups,
        form,
    }))
}

async fn compose(
    visit: &Visit,
    category: &Category,
    writing: Option<Writing>,
    kept: String,
) -> Result<RestrictedPage, Problem> {
    let lang = visit.lang();
    let instead = category.instead.as_ref();
    let mut phones: Vec<Link> = instead
        .map(|i| i.phones.iter().map(|p| Link::new(&**p, format!("tel:{p}"))).collect())
        .unwrap_or_default();
    phones.extend(unit_phones(visit).await?);
    let sentence = instead.map_or("", |i| match lang {
        Lang::ZhCn => &i.zh,
        Lang::En => &i.en,
    });
    Ok(RestrictedPage {
        sentence: sentence.to_owned(),
        kept,
        phones,
        writing,
        shell: visit.shell(texts::restricted_title(lang)).at("register").back_to("/hazards/new"),
    })
}

/// The telephones of the viewer's unit and of its county.
async fn unit_phones(visit: &Visit) -> Result<Vec<Link>, Problem> {
    let home = visit.viewer.home.id;
    let units = visit
        .read(move |tx| {
            let county = organisation::ancestors(tx, home, organisation::Line::Management)?
                .into_iter()
                .find(|a| a.kind == organisation::UnitKind::County)
                .map(|a| a.id);
            let mut named = Vec::new();
            for unit in std::iter::once(home).chain(county.filter(|county| *county != home)) {
                named.extend(organisation::unit_state(tx, unit)?.map(|(state, _)| state));
            }
            Ok(named)
        })
        .await?;
    let known = units.iter().filter(|unit| !unit.attributes.telephone.is_empty());
    let link = |unit: &organisation::UnitState| {
        let number = &unit.attributes.telephone;
        Link::new(format!("{} {number}", unit.name), format!("tel:{number}"))
    };
    Ok(known.map(link).collect())
}
