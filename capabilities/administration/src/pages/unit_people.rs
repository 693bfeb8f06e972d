//! The people of a unit: on its page, and as a file.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use journal::Vault;
use kernel::{Problem, UnitId};
use language::{Lang, Say};
use organisation::{people_of_unit, person_contact};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Visit,
    view::{Cell, Column, Table},
};

use super::common::visible_unit;
use crate::{
    export::{self, Sheet},
    texts,
    view::Block,
};

/// Somebody at the unit; the telephone is masked, or not there at all.
pub(super) struct PersonLine {
    href: String,
    name: String,
    posts: Vec<organisation::Post>,
    phone: String,
}

impl PersonLine {
    fn name(&self, lang: Lang) -> &str {
        if self.name.is_empty() { texts::person_erased(lang) } else { &self.name }
    }

    fn posts(&self, lang: Lang) -> String {
        Say(lang).list(self.posts.iter().map(|post| web::names::post(lang, *post)))
    }
}

/// `138****5678`, or nothing.
pub(super) fn masked(phone: &str) -> String {
    if phone.is_empty() { String::new() } else { organisation::identifiers::masked_mobile(phone) }
}

/// Everybody who is there now. Whoever asks may see the people of this unit.
pub(super) fn read(tx: &mut Tx, vault: &Vault, unit: UnitId) -> Result<Vec<PersonLine>, Problem> {
    let mut people = Vec::new();
    for person in people_of_unit(tx, vault, unit)? {
        let contact = person_contact(tx, vault, person.id)?.unwrap_or_default();
        people.push(PersonLine {
            href: super::person::href(person.id),
            name: person.name,
            posts: person.posts,
            phone: masked(&contact.phone),
        });
    }
    Ok(people)
}

pub(super) fn block(lang: Lang, people: &[PersonLine]) -> Block {
    let cells = |person: &PersonLine| {
        let name = Cell::link(person.name(lang), &person.href);
        vec![name, Cell::text(person.posts(lang)), Cell::text(&person.phone)]
    };
    Block::Grid {
        title: texts::unit_people(lang).to_owned(),
        table: Table {
            caption: texts::unit_people(lang).to_owned(),
            columns: vec![
                Column::new(texts::person_name(lang)),
                Column::new(texts::person_posts(lang)),
                Column::new(texts::person_phone(lang)),
            ],
            rows: people.iter().map(cells).collect(),
        },
        none: texts::unit_nobody(lang).to_owned(),
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleQuery {
    format: String,
}

/// As they are shown: telephones stay masked.
pub(super) async fn export(
    visit: Visit,
    Path(id): Path<UnitId>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["person.view"])?;
    let (lang, viewer, vault) = (visit.lang(), visit.viewer.clone(), visit.desk.vault.clone());
    // Both rights over the same unit: what is seen, and where it may be taken out.
    let people = visit
        .read(move |tx| {
            let (_, _, over) = visible_unit(tx, &viewer, id, &["person.view"])?;
            if !over.has("export") {
                return Err(Problem::Forbidden);
            }
            read(tx, &vault, id)
        })
        .await?;
    visit.taking_out("person.export", id, id).await?;
    let heads =
        [(texts::person_name(lang), 14), (texts::person_posts(lang), 30), (texts::person_phone(lang), 16)];
    let sheet = Sheet::new("people", texts::unit_people(lang), &heads);
    let produce = move |_: &mut Tx, sink: export::Sink<'_>| {
        for person in &people {
            if !sink(&[person.name(lang).to_owned(), person.posts(lang), person.phone.clone()]) {
                break;
            }
        }
        Ok(())
    };
    Ok(export::answer(&visit, &query.format, sheet, produce).await?)
}
