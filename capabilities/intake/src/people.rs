//! Heads and safety officers of a row, compared with who is known there.

use std::collections::{HashMap, hash_map::Entry};

use journal::Vault;
use kernel::{PersonId, Problem, UnitId, text::name_key};
use organisation::{Contact, PersonBrief, Post, identifiers::masked_mobile, people_of_unit, person_contact};
use storage::Tx;

use crate::{
    field::Field,
    plan::{Change, Step},
    row::{Draft, Somebody},
};

/// People of units, looked up once each.
#[derive(Default)]
pub(crate) struct Staff(HashMap<UnitId, Vec<PersonBrief>>);

impl Staff {
    pub fn of(&mut self, tx: &mut Tx, vault: &Vault, unit: UnitId) -> Result<&[PersonBrief], Problem> {
        Ok(match self.0.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(empty) => empty.insert(people_of_unit(tx, vault, unit)?),
        })
    }

    /// Who is meant: of several of one name the one with this telephone, and somebody new only if the file gives another.
    pub fn named(
        &mut self,
        tx: &mut Tx,
        vault: &Vault,
        unit: UnitId,
        meant: &Contact,
    ) -> Result<Named, Problem> {
        let wanted = name_key(&meant.name);
        let people = self.of(tx, vault, unit)?.iter();
        let named: Vec<PersonBrief> =
            people.filter(|person| name_key(&person.name) == wanted).cloned().collect();
        let count = named.len();
        for person in named {
            let contact = person_contact(tx, vault, person.id)?.unwrap_or_default();
            if count == 1 || contact.phone == meant.phone {
                return Ok(Named::One(person, contact));
            }
        }
        Ok(if count > 0 && meant.phone.is_empty() { Named::Several(count) } else { Named::Nobody })
    }
}

/// Whom a row of people means.
pub(crate) enum Named {
    /// Nobody who is known.
    Nobody,
    /// This one, with what is known of him.
    One(PersonBrief, Contact),
    /// So many have the name, and the row does not say which it is.
    Several(usize),
}

/// Who stood in earlier rows of a file, by school, name and telephone.
#[derive(Default)]
pub(crate) struct Seen(HashMap<(UnitId, String, String), u32>);

impl Seen {
    /// The earlier row with the same person at the same school.
    pub fn before(&mut self, unit: UnitId, meant: &Contact, row: u32) -> Option<u32> {
        let key = (unit, name_key(&meant.name), meant.phone.clone());
        Some(*self.0.entry(key).or_insert(row)).filter(|first| *first != row)
    }
}

/// Stands for a number that is known and not shown.
pub(crate) const OTHER_NUMBER: &str = "other";

/// Another telephone than the one that is known, which is not shown; nothing where the file gives none.
pub(crate) fn another_number(
    person: PersonId,
    known: Contact,
    phone: &str,
    field: Field,
) -> Option<(Change, Step)> {
    if phone.is_empty() || known.phone == phone {
        return None;
    }
    let old = if known.phone.is_empty() { "" } else { OTHER_NUMBER };
    let change = Change::new(field, old, &masked_mobile(phone));
    Some((change, Step::Correct(person, Contact { phone: phone.to_owned(), ..known })))
}

/// What is to be done about the people of a row. Nobody loses a post by an import: the fields come back whose post
/// somebody else holds and will hold beside whom the file names.
pub(crate) fn compare(
    tx: &mut Tx,
    vault: &Vault,
    unit: Option<UnitId>,
    draft: &Draft,
    found: (&mut Vec<Change>, &mut Vec<Step>),
) -> Result<Vec<Field>, Problem> {
    let wanted = [
        (Post::Head, Field::HeadName, Field::HeadPhone, draft.head.as_ref()),
        (Post::SafetyOfficer, Field::OfficerName, Field::OfficerPhone, draft.officer.as_ref()),
    ];
    if wanted.iter().all(|(.., somebody)| somebody.is_none()) {
        return Ok(Vec::new());
    }
    let known = match unit {
        Some(unit) => people_of_unit(tx, vault, unit)?,
        None => Vec::new(),
    };
    let (changes, steps) = found;
    let mut held = Vec::new();
    for (post, name_field, phone_field, somebody) in wanted {
        let Some(somebody) = somebody else { continue };
        let wanted = name_key(&somebody.name);
        let person = known.iter().find(|person| name_key(&person.name) == wanted);
        if person.is_none_or(|person| !person.posts.contains(&post)) {
            let holders = known.iter().filter(|person| person.posts.contains(&post));
            let holders: Vec<&str> = holders.map(|person| person.name.as_str()).collect();
            changes.push(Change::new(name_field, &holders.join(" / "), &somebody.name));
            held.extend((!holders.is_empty()).then_some(name_field));
        }
        match person {
            None => enter(post, somebody, steps),
            Some(person) => {
                if !person.posts.contains(&post) {
                    steps.push(Step::Take(person.id, post));
                }
                correct(tx, vault, person, (phone_field, somebody), (changes, steps))?;
            }
        }
    }
    Ok(held)
}

/// Somebody new; who holds both posts is entered once.
fn enter(post: Post, somebody: &Somebody, steps: &mut Vec<Step>) {
    let again = steps.iter_mut().find_map(|step| match step {
        Step::Enter(contact, posts) if name_key(&contact.name) == name_key(&somebody.name) => {
            Some((contact, posts))
        }
        _ => None,
    });
    match again {
        Some((contact, posts)) => {
            posts.push(post);
            if contact.phone.is_empty() {
                contact.phone.clone_from(&somebody.phone);
            }
        }
        None => {
            let contact = Contact {
                name: somebody.name.clone(),
                phone: somebody.phone.clone(),
                identity: String::new(),
            };
            steps.push(Step::Enter(contact, vec![post]));
        }
    }
}

/// Another telephone number. The one that is known is not shown: whoever imports need not be one who may see it.
fn correct(
    tx: &mut Tx,
    vault: &Vault,
    person: &PersonBrief,
    (field, somebody): (Field, &Somebody),
    (changes, steps): (&mut Vec<Change>, &mut Vec<Step>),
) -> Result<(), Problem> {
    if somebody.phone.is_empty() {
        return Ok(());
    }
    let Some(contact) = person_contact(tx, vault, person.id)? else { return Ok(()) };
    let queued = steps.iter().any(|step| matches!(step, Step::Correct(id, _) if *id == person.id));
    if !queued && let Some((change, step)) = another_number(person.id, contact, &somebody.phone, field) {
        changes.push(change);
        steps.push(step);
    }
    Ok(())
}
