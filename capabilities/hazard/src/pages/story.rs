//! The history of a hazard for other rooms' pages.

use std::collections::HashSet;

use journal::{Recorded, Vault};
use kernel::{ActorId, PersonId, StreamId};
use language::Lang;
use organisation::{person_names, unit_names};
use rules::RuleBook;
use storage::{StorageError, Tx};
use web::view::Moment;

use super::timeline::{Names, decoded, moments, people_in, units_in};

/// What these events of a hazard say, oldest first, for another room's page.
pub fn story(lang: Lang, rules: &RuleBook, id: StreamId, events: &[Recorded], names: &Names) -> Vec<Moment> {
    let mut moments = moments(lang, rules, id, &decoded(events), names);
    moments.reverse();
    moments
}

/// Who is who in these events of a hazard.
///
/// # Errors
/// Whatever the database answers.
pub fn names_in(tx: &mut Tx, vault: &Vault, events: &[Recorded]) -> Result<Names, StorageError> {
    let actors: Vec<ActorId> = events.iter().map(Recorded::actor).collect();
    let decoded = decoded(events);
    Ok(Names {
        actors: access::actor_names(tx, vault, &actors)?,
        people: person_names(tx, vault, &people_in(&decoded))?,
        units: unit_names(tx, &units_in(&decoded))?,
        hazards: HashSet::new(),
    })
}

/// Everybody whom these events of a hazard name besides whoever acted.
pub fn people_named(events: &[Recorded]) -> Vec<PersonId> {
    people_in(&decoded(events))
}
