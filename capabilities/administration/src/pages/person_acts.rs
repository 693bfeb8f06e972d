//! Correcting a person's contact, taking and leaving posts, moving to another unit, leaving and coming back.

use axum::{extract::Path, http::StatusCode, response::Response};
use kernel::{CommandId, PersonId, Problem, Refusal, UnitId, limits};
use organisation::{Contact, Person, PersonCommand, PersonState, Post, person_contact};
use web::{Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying};

use super::{
    common::{ask, is_for_the_form, unit_name, visible_person},
    people::identity,
    person::href,
    person_move::{self, Luggage},
    unit_people::masked,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Contact,
    Move,
    Leave,
    Return,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Move => "move",
            Self::Leave => "leave",
            Self::Return => "return",
        }
    }
}

struct Seen {
    id: PersonId,
    state: PersonState,
    unit: String,
    contact: Contact,
    luggage: Option<Luggage>,
}

async fn see(visit: &Visit, id: PersonId) -> Result<Seen, Problem> {
    visit.need_any(&["person.manage"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    visit
        .read(move |tx| {
            let (state, _, _) = visible_person(tx, &viewer, id, &["person.manage"])?;
            let unit = unit_name(tx, state.unit)?;
            let contact = person_contact(tx, &vault, id)?.unwrap_or_default();
            let luggage = Luggage::read(tx, id)?;
            Ok(Seen { id, state, unit, contact, luggage })
        })
        .await
}

pub(super) async fn contact(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Contact).await
}
pub(super) async fn relocate(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Move).await
}
pub(super) async fn leave(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Leave).await
}
pub(super) async fn comes_back(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Failed> {
    open(&visit, id, Act::Return).await
}
pub(super) async fn submit_contact(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    submit(id, posted, Act::Contact).await
}
pub(super) async fn submit_move(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    submit(id, posted, Act::Move).await
}
pub(super) async fn submit_leave(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    submit(id, posted, Act::Leave).await
}
pub(super) async fn submit_return(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    submit(id, posted, Act::Return).await
}

async fn open(visit: &Visit, id: PersonId, act: Act) -> Result<Response, Failed> {
    let seen = see(visit, id).await?;
    let form = visit.form().with("name", &seen.contact.name).with("on", visit.now().local_date());
    Ok(compose(visit, &seen, act, form).await?.answer(StatusCode::OK))
}

async fn compose(visit: &Visit, seen: &Seen, act: Act, form: FormState) -> Result<Page, Problem> {
    let lang = visit.lang();
    let (title, button, told) = match act {
        Act::Contact => (
            texts::person_contact_edit(lang),
            texts::person_contact_save(lang),
            texts::person_contact_told(lang),
        ),
        Act::Move => {
            (texts::person_move(lang), texts::person_move_button(lang), texts::person_move_told(lang))
        }
        Act::Leave => {
            (texts::person_leave(lang), texts::person_leave_button(lang), texts::person_leave_told(lang))
        }
        Act::Return => {
            (texts::person_return(lang), texts::person_return_button(lang), texts::person_return_told(lang))
        }
    };
    let fields = match act {
        Act::Contact => contact_fields(visit, seen),
        Act::Move => person_move::fields(visit, seen.state.unit).await?,
        Act::Leave => vec![Field::date("on", texts::person_leave_on(lang), visit.now().local_date())],
        Act::Return => Vec::new(),
    };
    let goes_along = seen.luggage.as_ref().filter(|_| act == Act::Move).map(|luggage| luggage.told(lang));
    let shell = visit.shell(title).for_unit(&seen.unit, visit.now()).at("units").back_to(href(seen.id));
    let mut page = Page::new(shell);
    page.lead = seen.contact.name.clone();
    page.left.push(Block::form(FormCard {
        id: "act",
        told: std::iter::once(told.to_owned()).chain(goes_along).collect(),
        action: format!("{}/{}", href(seen.id), act.name()),
        fields,
        button: button.to_owned(),
        kind: if act == Act::Leave { "danger" } else { "" },
        form,
        ..FormCard::default()
    }));
    Ok(page)
}

fn contact_fields(visit: &Visit, seen: &Seen) -> Vec<Field> {
    let lang = visit.lang();
    let now = masked(&seen.contact.phone);
    let hint = if now.is_empty() {
        texts::person_phone_hint(lang).to_owned()
    } else {
        texts::person_phone_keep(lang, now)
    };
    let mut fields = vec![
        Field::text("name", texts::person_name(lang)),
        Field::text("phone", texts::person_phone(lang)).hint(hint).digits().max(11).optional(),
    ];
    if !seen.contact.phone.is_empty() {
        fields.push(Field::tick("clear_phone", texts::person_phone_clear(lang)));
    }
    if seen.state.posts.contains_key(&Post::Guard) {
        fields.push(identity(lang));
    }
    fields
}

fn command(visit: &Visit, seen: &Seen, act: Act, form: &FormData) -> Result<PersonCommand, Problem> {
    let mut read = form.reader();
    let command = match act {
        Act::Contact => {
            let name = read.text("name").required().max(limits::NAME_CHARS).get();
            let typed = read.text("phone").narrow().max(20).opt();
            let identity = read.text("identity").narrow().max(18).opt();
            if identity.is_some() && !seen.state.posts.contains_key(&Post::Guard) {
                read.note("identity", Refusal::new("person-identity-not-needed"));
            }
            let old = &seen.contact;
            let phone = match typed {
                Some(phone) => phone,
                None if read.flag("clear_phone") => String::new(),
                None => old.phone.clone(),
            };
            let identity = identity.unwrap_or_else(|| old.identity.clone());
            Some(PersonCommand::Correct(Contact { name, phone, identity }))
        }
        Act::Move => read.id::<UnitId>("unit").required().get().map(PersonCommand::Move),
        Act::Leave => {
            let today = visit.now().local_date();
            read.date("on").required().not_after(today).get().map(PersonCommand::Leave)
        }
        Act::Return => Some(PersonCommand::Return),
    };
    read.finish()?;
    command.ok_or_else(|| Problem::Invalid(Vec::new()))
}

async fn asked(
    visit: &Visit,
    command_id: CommandId,
    seen: &Seen,
    command: PersonCommand,
) -> Result<bool, Problem> {
    match command {
        PersonCommand::Move(to) => {
            let who = (seen.id, seen.state.unit, to);
            person_move::ask(visit, command_id, who, seen.luggage.as_ref()).await
        }
        other => ask::<Person>(visit, command_id, seen.id, None, other).await,
    }
}

async fn submit(id: PersonId, posted: Posted, act: Act) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let seen = see(&visit, id).await?;
    let done = async {
        let command = command(&visit, &seen, act, &form)?;
        asked(&visit, command_id, &seen, command).await
    };
    let lang = visit.lang();
    match done.await {
        Ok(false) => Ok(see_other_saying(&href(id), &Flash::done(texts::nothing_changed(lang)))),
        Ok(true) => {
            let flash = match act {
                Act::Contact => Flash::done(texts::person_corrected(lang)),
                Act::Move => person_move::done(lang, seen.luggage.as_ref()),
                Act::Leave => Flash::done(texts::person_left_done(lang)),
                Act::Return => Flash::done(texts::person_return_done(lang)),
            };
            Ok(see_other_saying(&href(id), &flash))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, &seen, act, state).await?.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a post or leaves one.
pub(super) async fn posts(Path(id): Path<PersonId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["person.manage"])?;
    let seen = see(&visit, id).await?;
    let lang = visit.lang();
    let (command, flash) =
        match (form.value("take").and_then(Post::named), form.value("leave").and_then(Post::named)) {
            (Some(post), _) => {
                let said = texts::person_post_taken(lang, &seen.contact.name, web::names::post(lang, post));
                (PersonCommand::TakePost(post), Flash::done(said))
            }
            (None, Some(post)) => {
                let said = texts::person_post_left(lang, &seen.contact.name, web::names::post(lang, post));
                (PersonCommand::LeavePost(post), Flash::done(said))
            }
            (None, None) => {
                return Ok(see_other_saying(&href(id), &Flash::warning(texts::person_post_choose(lang))));
            }
        };
    match ask::<Person>(&visit, command_id, id, None, command).await {
        Ok(_) => Ok(see_other_saying(&href(id), &flash)),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(super::person::refused(&visit, id, state).await?)
        }
        Err(other) => Err(other.into()),
    }
}
