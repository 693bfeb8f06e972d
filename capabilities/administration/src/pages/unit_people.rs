//! The people of a unit: on its page, and as a file.

use std::sync::Arc;

use axum::{
    extract::{Path, Query},
    response::Response,
};
use documents::Head;
use exports::{Asking, Format};
use journal::Vault;
use kernel::{PersonId, Problem, UnitId};
use language::{Lang, Say};
use organisation::{PersonState, people_of_unit, person_contact};
use serde::Deserialize;
use storage::{Tx, params};
use web::{
    Failed, Visit,
    view::{Cell, Column, Table},
};

use super::common::visible_unit;
use crate::{
    export::{self, Sheet},
    exporters::PeopleExport,
    texts,
    view::Block,
};

/// Somebody at the unit; the telephone is masked, or not there at all.
pub(crate) struct PersonLine {
    href: String,
    name: String,
    posts: Vec<organisation::Post>,
    phone: String,
}

impl PersonLine {
    pub(super) fn name(&self, lang: Lang) -> &str {
        if self.name.is_empty() { texts::person_erased(lang) } else { &self.name }
    }

    pub(super) fn holds(&self, post: organisation::Post) -> bool {
        self.posts.contains(&post)
    }

    /// As a row of a file.
    pub(crate) fn cells(&self, lang: Lang) -> [String; 3] {
        [self.name(lang).to_owned(), self.posts(lang), self.phone.clone()]
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
    // Posts stand in their order: who answers for the school comes first.
    people.sort_by_key(|person| {
        person.posts.iter().min().copied().map_or((true, None), |post| (false, Some(post)))
    });
    Ok(people)
}

/// Up to `most` of those who are there now after somebody, by id, and where the next begin.
pub(crate) fn part(
    tx: &mut Tx,
    vault: &Vault,
    (unit, after): (UnitId, PersonId),
    most: usize,
) -> Result<(Vec<PersonLine>, Option<PersonId>), Problem> {
    let sql =
        "SELECT id, state FROM person WHERE unit_id = ?1 AND active = TRUE AND id > ?2 ORDER BY id LIMIT ?3";
    let mut found = tx.query(sql, params![unit, after, most.saturating_add(1)], |row| {
        Ok((row.id::<PersonId>(0)?, row.text(1)?))
    })?;
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|(id, _)| *id);
    let mut people = Vec::with_capacity(found.len());
    for (id, state) in found {
        let state: PersonState =
            serde_json::from_str(&state).map_err(|e| Problem::Fault(format!("person {id}: {e}")))?;
        let contact = person_contact(tx, vault, id)?.unwrap_or_default();
        people.push(PersonLine {
            href: super::person::href(id),
            name: contact.name,
            posts: state.posts.into_keys().collect(),
            phone: masked(&contact.phone),
        });
    }
    Ok((people, next))
}

/// The heads of the same list as a file.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    export::headings(&[
        (texts::person_name(lang), 14),
        (texts::person_posts(lang), 30),
        (texts::person_phone(lang), 16),
    ])
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

/// As they are shown, in the order of the page: telephones stay masked. More than anybody waits for are written behind
/// the page.
pub(super) async fn export(
    visit: Visit,
    Path(id): Path<UnitId>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["person.view"])?;
    let (lang, viewer, vault) = (visit.lang(), visit.viewer.clone(), visit.desk.vault.clone());
    let asking = Asking {
        menu: "units",
        list: Arc::new(PeopleExport::new(vault.clone())),
        format: Format::asked(&query.format)?,
        filter: id.0.simple().to_string(),
        back: super::units::href(id),
    };
    // Both rights over the same unit: what is seen, and where it may be taken out.
    visit
        .read(move |tx| {
            let (_, _, over) = visible_unit(tx, &viewer, id, &["person.view"])?;
            if over.has("export") { Ok(()) } else { Err(Problem::Forbidden) }
        })
        .await?;
    if let Some(offer) = asking.too_long(&visit).await? {
        return Ok(offer);
    }
    let people = visit.read(move |tx| read(tx, &vault, id)).await?;
    asking.noted(&visit).await?;
    let sheet = Sheet { stem: "people", title: texts::unit_people(lang), heads: heads(lang) };
    let produce = move |_: &mut Tx, sink: export::Sink<'_>| {
        for person in &people {
            if !sink(&person.cells(lang)) {
                break;
            }
        }
        Ok(())
    };
    Ok(export::answer(&visit, &query.format, sheet, produce).await?)
}
