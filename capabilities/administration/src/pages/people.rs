//! Entering somebody at a unit.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use kernel::{PersonId, Problem, Refusal, UnitId, limits};
use language::Lang;
use organisation::{Contact, Person, PersonCommand, Post, UnitKind, UnitState};
use serde::Deserialize;
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying, view::Choice};

use super::{
    common::{ask, is_for_the_form, visible_unit},
    units,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PostQuery {
    post: String,
}

async fn unit_of(visit: &Visit, id: UnitId) -> Result<UnitState, Problem> {
    visit.need_any(&["person.manage"])?;
    let viewer = visit.viewer.clone();
    visit.read(move |tx| visible_unit(tx, &viewer, id, &["person.manage"]).map(|(unit, ..)| unit)).await
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<UnitId>,
    Query(query): Query<PostQuery>,
) -> Result<Response, Failed> {
    let unit = unit_of(&visit, id).await?;
    let guard = query.post == Post::Guard.name();
    let form = if guard { visit.form().with("posts", Post::Guard.name()) } else { visit.form() };
    Ok(compose(&visit, id, &unit, form, guard).answer(StatusCode::OK))
}

fn compose(visit: &Visit, id: UnitId, unit: &UnitState, form: FormState, guard: bool) -> Page {
    let lang = visit.lang();
    let title = if guard { texts::people_new_guard(lang) } else { texts::people_new(lang) };
    let mut page =
        Page::new(visit.shell(title).for_unit(&unit.name, visit.now()).at("units").back_to(units::href(id)));
    let mut fields = vec![
        Field::text("name", texts::person_name(lang)),
        Field::text("phone", texts::person_phone(lang))
            .hint(texts::person_phone_hint(lang))
            .digits()
            .max(11)
            .optional(),
    ];
    if guard {
        fields.push(identity(lang));
    } else {
        fields.push(Field::checks("posts", texts::person_posts(lang), post_choices(lang, unit.kind)));
    }
    // Asked only of whoever seems to be here already.
    if form.error("another").is_some() {
        fields.push(Field::tick("another", texts::person_another(lang)));
    }
    let post = if guard { "?post=guard" } else { "" };
    page.left.push(Block::form(FormCard {
        id: "new",
        told: vec![texts::people_new_told(lang).to_owned()],
        action: format!("{}/people/new{post}", units::href(id)),
        fields,
        button: title.to_owned(),
        form: form
            .label("name", texts::person_name(lang))
            .label("phone", texts::person_phone(lang))
            .label("another", texts::person_another(lang)),
        ..FormCard::default()
    }));
    page
}

/// Only where the law asks for a check of the background.
pub(super) fn identity(lang: Lang) -> Field {
    Field::text("identity", texts::person_identity(lang))
        .hint(texts::person_identity_hint(lang))
        .max(18)
        .optional()
}

/// All posts that such a unit has but the guard's, who is entered apart.
fn post_choices(lang: Lang, kind: UnitKind) -> Vec<Choice> {
    let others = Post::ALL.iter().filter(|post| **post != Post::Guard && post.fits(kind));
    others.map(|post| Choice::new(post.name(), web::names::post(lang, *post))).collect()
}

fn command(unit: UnitId, form: &FormData, guard: bool) -> Result<PersonCommand, Problem> {
    let known: Vec<(&str, Post)> = Post::ALL.iter().map(|post| (post.name(), *post)).collect();
    let mut read = form.reader();
    let name = read.text("name").required().max(limits::NAME_CHARS).get();
    let phone = read.text("phone").narrow().max(20).get();
    let identity = read.text("identity").narrow().max(18).get();
    let posts = if guard { vec![Post::Guard] } else { read.many("posts", &known).get() };
    if !identity.is_empty() && !posts.contains(&Post::Guard) {
        read.note("identity", Refusal::new("person-identity-not-needed"));
    }
    read.finish()?;
    Ok(PersonCommand::Enter { unit, contact: Contact { name, phone, identity }, posts })
}

/// Who has the same name and telephone here is most likely the same person, unless somebody says it is another one.
async fn not_twice(
    visit: &Visit,
    form: &FormData,
    command: &PersonCommand,
    person: PersonId,
) -> Result<(), Problem> {
    let PersonCommand::Enter { unit, contact, .. } = command else { return Ok(()) };
    if form.reader().flag("another") {
        return Ok(());
    }
    let (vault, unit, contact) = (visit.desk.vault.clone(), *unit, contact.clone());
    let name = contact.name.clone();
    let same =
        visit.read(move |tx| Ok(organisation::same_person(tx, &vault, unit, &contact, person)?)).await?;
    match same {
        Some(_) => Err(Refusal::new("person-twice").with("name", name).on("another").into()),
        None => Ok(()),
    }
}

pub(super) async fn submit(
    Path(id): Path<UnitId>,
    Query(query): Query<PostQuery>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let unit = unit_of(&visit, id).await?;
    let guard = query.post == Post::Guard.name();
    let person = PersonId(command_id.0);
    let done = async {
        let command = command(id, &form, guard)?;
        not_twice(&visit, &form, &command, person).await?;
        ask::<Person>(&visit, command_id, person, None, command).await
    };
    match done.await {
        Ok(_) => {
            let flash = Flash::done(texts::people_new_done(visit.lang(), &unit.name));
            Ok(see_other_saying(&super::person::href(person), &flash))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, id, &unit, state, guard).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
