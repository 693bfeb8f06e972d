//! Looking people up.

use std::collections::HashMap;

use journal::Vault;
use kernel::{PersonId, UnitId, text::name_key};
use storage::{StorageError, Tx, in_lists, params};

use super::{Contact, Post};

/// What a list or a choice needs of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonBrief {
    /// The person.
    pub id: PersonId,
    /// Their name; empty when it was erased.
    pub name: String,
    /// Posts at the unit, the responsible ones first.
    pub posts: Vec<Post>,
}

fn open(vault: &Vault, id: PersonId, sealed: Option<Vec<u8>>) -> Contact {
    sealed
        .and_then(|sealed| vault.open(&sealed, id.0.as_bytes()).ok())
        .and_then(|json| serde_json::from_slice(&json).ok())
        .unwrap_or_default()
}

/// The contact of a person. The caller answers for [`kernel::Part::Personal`] being visible to whoever asks, and
/// logs the read.
///
/// # Errors
/// Whatever the database answers.
pub fn person_contact(tx: &mut Tx, vault: &Vault, id: PersonId) -> Result<Option<Contact>, StorageError> {
    let sealed = tx.first("SELECT sealed FROM person WHERE id = ?1", params![id], |row| row.opt_blob(0))?;
    Ok(sealed.map(|sealed| open(vault, id, sealed)))
}

/// Names of people, for sentences; those who were erased are missing.
///
/// # Errors
/// Whatever the database answers.
pub fn person_names(
    tx: &mut Tx,
    vault: &Vault,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, String>, StorageError> {
    let mut names = HashMap::new();
    for (marks, values) in in_lists(ids) {
        let rows =
            tx.query(&format!("SELECT id, sealed FROM person WHERE id IN ({marks})"), &values, |row| {
                Ok((row.id::<PersonId>(0)?, row.opt_blob(1)?))
            })?;
        for (id, sealed) in rows {
            let contact = open(vault, id, sealed);
            if !contact.name.is_empty() {
                names.insert(id, contact.name);
            }
        }
    }
    Ok(names)
}

/// Somebody of a unit other than `but` who has this name, whatever blanks are in it, and this telephone if both have one: whoever is about to be
/// entered again.
///
/// # Errors
/// Whatever the database answers.
pub fn same_person(
    tx: &mut Tx,
    vault: &Vault,
    unit: UnitId,
    contact: &Contact,
    but: PersonId,
) -> Result<Option<PersonId>, StorageError> {
    let sql = "SELECT id, sealed FROM person WHERE unit_id = ?1 AND id <> ?2 AND active = TRUE ORDER BY id";
    let people = tx.query(sql, params![unit, but], |row| Ok((row.id::<PersonId>(0)?, row.opt_blob(1)?)))?;
    let wanted = name_key(&contact.name);
    let same = |known: &Contact| {
        let phones = [&known.phone, &contact.phone];
        name_key(&known.name) == wanted
            && (phones.iter().any(|phone| phone.is_empty()) || known.phone == contact.phone)
    };
    Ok(people.into_iter().find(|(id, sealed)| same(&open(vault, *id, sealed.clone()))).map(|(id, _)| id))
}

/// The post somebody signs with: the most responsible of those held.
///
/// # Errors
/// Whatever the database answers.
pub fn first_post(tx: &mut Tx, person: PersonId) -> Result<Option<Post>, StorageError> {
    let sql = "SELECT post FROM person_post WHERE person_id = ?1";
    let posts = tx.query(sql, params![person], |row| row.text(0))?;
    Ok(posts.iter().filter_map(|post| Post::named(post)).min())
}

/// People who belong to a unit, with their posts; the responsible ones first.
///
/// # Errors
/// Whatever the database answers.
pub fn people_of_unit(tx: &mut Tx, vault: &Vault, unit: UnitId) -> Result<Vec<PersonBrief>, StorageError> {
    let rows = tx.query(
        "SELECT p.id, p.sealed, t.post FROM person p LEFT JOIN person_post t ON t.person_id = p.id
         WHERE p.unit_id = ?1 AND p.active = TRUE ORDER BY p.id, t.post NULLS LAST",
        params![unit],
        |row| Ok((row.id::<PersonId>(0)?, row.opt_blob(1)?, row.opt_text(2)?)),
    )?;
    let mut people: Vec<PersonBrief> = Vec::new();
    for (id, sealed, post) in rows {
        let post = post.as_deref().and_then(Post::named);
        match people.last_mut() {
            Some(person) if person.id == id => person.posts.extend(post),
            _ => {
                let name = open(vault, id, sealed).name;
                people.push(PersonBrief { id, name, posts: post.into_iter().collect() });
            }
        }
    }
    for person in &mut people {
        person.posts.sort_unstable();
    }
    people.sort_by_key(|p| (p.posts.first().copied().map_or(usize::MAX, |post| post as usize), p.id));
    Ok(people)
}
