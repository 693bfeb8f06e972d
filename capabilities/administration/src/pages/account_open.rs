//! Opening an account for somebody who has none.

use access::{Account, AccountCommand, account_of_person};
use axum::{extract::Query, http::StatusCode, response::Response};
use kernel::{ActorId, PersonId, Problem, UnitId};
use language::Say;
use organisation::{PersonBrief, UnitBrief, people_of_unit, unit_brief};
use serde::Deserialize;
use web::{
    Failed, Flash, FormData, FormState, Posted, Visit, address, see_other, see_other_saying,
    view::{Choice, Link},
};

use super::{
    account::href,
    common::{ask, is_for_the_form, unit_choices, units_with},
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OpenQuery {
    unit: String,
    person: String,
}

/// The unit and those of its people who have no account.
struct Seen {
    unit: UnitBrief,
    people: Vec<PersonBrief>,
}

async fn see(visit: &Visit, unit: UnitId) -> Result<Seen, Problem> {
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let brief = unit_brief(tx, unit)?.ok_or(Problem::NotFound)?;
            if !viewer.may_over(tx, "account.manage", unit)? {
                return Err(Problem::NotFound);
            }
            let mut people = Vec::new();
            for person in people_of_unit(tx, &vault, unit)? {
                if account_of_person(tx, person.id)?.is_none() {
                    people.push(person);
                }
            }
            Ok(Seen { unit: brief, people })
        })
        .await
}

pub(super) async fn show(visit: Visit, Query(query): Query<OpenQuery>) -> Result<Response, Failed> {
    visit.need_any(&["account.manage"])?;
    match UnitId::parse(&query.unit) {
        Some(unit) => {
            let seen = see(&visit, unit).await?;
            let person = PersonId::parse(&query.person).map(|id| id.to_string()).unwrap_or_default();
            Ok(compose(&visit, &seen, visit.form().with("person", person)).answer(StatusCode::OK))
        }
        None => Ok(pick(&visit, visit.form()).await?.answer(StatusCode::OK)),
    }
}

/// First the unit, then the person: both work without a script.
async fn pick(visit: &Visit, form: FormState) -> Result<Page, Problem> {
    let viewer = visit.viewer.clone();
    let units = visit.read(move |tx| units_with(tx, &viewer, "account.manage")).await?;
    let lang = visit.lang();
    let mut page = Page::new(visit.shell(texts::account_open(lang)).at("accounts").back_to("/accounts"));
    page.lead = texts::account_open_pick(lang).to_owned();
    page.left.push(Block::form(FormCard {
        id: "pick",
        action: "/accounts/new".to_owned(),
        fields: vec![Field::select("unit", texts::account_unit_choice(lang), unit_choices(visit, &units))],
        button: texts::account_unit_next(lang).to_owned(),
        form: form.label("unit", texts::account_unit_choice(lang)),
        ..FormCard::default()
    }));
    page.right.push(Block::Links {
        title: texts::many_title(lang).to_owned(),
        links: vec![Link::new(texts::many_open(lang), super::account_many::PATH)],
    });
    Ok(page)
}

fn compose(visit: &Visit, seen: &Seen, form: FormState) -> Page {
    let lang = visit.lang();
    let unit = seen.unit.id.0.simple().to_string();
    let shell = visit.shell(texts::account_open(lang)).for_unit(&seen.unit.name, visit.now());
    let mut page = Page::new(shell.at("accounts").back_to(address("/accounts", &[("unit", &unit)])));
    if seen.people.is_empty() {
        page.left.push(Block::Prose {
            title: String::new(),
            lines: vec![texts::account_open_nobody(lang, &seen.unit.name)],
        });
        let links = vec![Link::new(texts::people_new(lang), format!("/units/{unit}/people/new"))];
        page.left.push(Block::Links { title: texts::unit_acts(lang).to_owned(), links });
        return page;
    }
    let people = seen.people.iter().map(|person| {
        let posts = person.posts.iter().map(|post| web::names::post(lang, *post));
        let hint = Say(lang).list(posts);
        let label = if hint.is_empty() { person.name.clone() } else { format!("{} · {hint}", person.name) };
        Choice::new(person.id.to_string(), label)
    });
    page.left.push(Block::form(FormCard {
        id: "open",
        told: vec![texts::account_open_told(lang).to_owned()],
        action: address("/accounts/new", &[("unit", &unit)]),
        fields: vec![
            Field::select("person", texts::account_person_choice(lang), people.collect()),
            Field::text("login", texts::account_login(lang)).hint(texts::account_login_hint(lang)).max(40),
        ],
        button: texts::account_open(lang).to_owned(),
        form: form
            .label("person", texts::account_person_choice(lang))
            .label("login", texts::account_login(lang)),
        ..FormCard::default()
    }));
    page
}

/// The unit was chosen, or is asked for again.
async fn picked(visit: &Visit, form: &FormData) -> Result<Response, Failed> {
    let mut read = form.reader();
    let unit = read.id::<UnitId>("unit").required().get();
    match (read.finish(), unit) {
        (Ok(()), Some(unit)) => {
            Ok(see_other(&address("/accounts/new", &[("unit", &unit.0.simple().to_string())])))
        }
        (Ok(()), None) => Err(Problem::NotFound.into()),
        (Err(problem), _) => {
            let state = visit.form().keep(form).failed(&problem, &visit.desk.sentences);
            Ok(pick(visit, state).await?.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub(super) async fn submit(Query(query): Query<OpenQuery>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["account.manage"])?;
    let Some(unit) = UnitId::parse(&query.unit) else { return picked(&visit, &form).await };
    let seen = see(&visit, unit).await?;
    let id = ActorId(command_id.0);
    let done = async {
        let mut read = form.reader();
        let person = read.id::<PersonId>("person").required().get();
        let login = read.text("login").narrow().required().max(40).get();
        read.finish()?;
        let person = person.ok_or_else(|| Problem::Invalid(Vec::new()))?;
        if !seen.people.iter().any(|known| known.id == person) {
            return Err(kernel::Refusal::new("account-person-unknown").on("person").into());
        }
        ask::<Account>(&visit, command_id, id, None, AccountCommand::Open { person, login, home: unit }).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::account_opened(visit.lang())))),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, &seen, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
