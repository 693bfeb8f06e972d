//! A person's record as it stands. The state holds no name: that is sealed in a column of its own.

use std::{collections::BTreeMap, sync::Arc};

use journal::{Context, Need, Saving, Stamp, Subject};
use kernel::{Date, Refusal, UnitId};
use rules::RuleBook;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::{Contact, GuardFacts, Keeper, PersonCommand, PersonEvent, PersonFacts, Post, decide};

/// The kind of stream.
#[derive(Clone, Debug)]
pub struct Person {
    keepers: Vec<Arc<dyn Keeper>>,
    rules: Option<RuleBook>,
}

impl Person {
    /// With whoever says who may be let go; the first that says no is heard.
    pub const fn new(keepers: Vec<Arc<dyn Keeper>>) -> Self {
        Self { keepers, rules: None }
    }

    /// Nobody guards who is too young for it by the rules.
    #[must_use]
    pub fn ruled(self, rules: RuleBook) -> Self {
        Self { rules: Some(rules), ..self }
    }
}

/// A person's record as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonState {
    /// The unit they belong to.
    pub unit: UnitId,
    /// Posts held there, each since a day.
    pub posts: BTreeMap<Post, Date>,
    /// The last day, once they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Date>,
    /// What is known of them as a guard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardFacts>,
}

impl Subject for Person {
    const KIND: &'static str = "person";
    const TABLE: &'static str = "person";
    const SHAPE: i64 = 2;
    type State = PersonState;
    type Event = PersonEvent;
    type Command = PersonCommand;
    type Facts = PersonFacts;

    fn need(&self, _: Option<&PersonState>, _: &PersonCommand) -> Need {
        decide::need()
    }

    fn unit(&self, state: Option<&PersonState>, command: &PersonCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.unit,
            (None, PersonCommand::Enter { unit, .. }) => *unit,
            (None, _) => UnitId::NIL,
        }
    }

    fn also_at(&self, command: &PersonCommand) -> Vec<UnitId> {
        match command {
            PersonCommand::Move(unit) => vec![*unit],
            PersonCommand::Enter { .. }
            | PersonCommand::Correct(_)
            | PersonCommand::TakePost(_)
            | PersonCommand::LeavePost(_)
            | PersonCommand::Leave(_)
            | PersonCommand::Return
            | PersonCommand::Guard(_) => Vec::new(),
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&PersonState>,
        command: &PersonCommand,
        context: &Context<'_>,
    ) -> Result<PersonFacts, StorageError> {
        let mut facts = decide::facts(tx, state, command, &self.keepers, context)?;
        facts.rules.clone_from(&self.rules);
        Ok(facts)
    }

    fn decide(
        &self,
        state: Option<&PersonState>,
        command: &PersonCommand,
        facts: &PersonFacts,
        context: &Context<'_>,
    ) -> Result<Vec<PersonEvent>, Refusal> {
        decide::decide(state, command, facts, context.now.local_date())
    }

    fn evolve(state: Option<PersonState>, event: &PersonEvent, _: &Stamp) -> Option<PersonState> {
        match (state, event) {
            (None, PersonEvent::Entered(parts)) => Some(PersonState {
                unit: parts.core.unit,
                posts: parts.core.posts.iter().map(|held| (held.post, held.since)).collect(),
                left: None,
                guard: None,
            }),
            (None, _) => None,
            (Some(state), event) => Some(changed(state, event)),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        tx.write(
            "INSERT INTO person (id, version, shape, state, unit_id, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, unit_id = excluded.unit_id, active = excluded.active",
            params![saving.id, saving.version, Self::SHAPE, saving.state, new.unit, new.left.is_none()],
        )?;
        save_contact(tx, saving)?;
        save_guard(tx, saving)?;
        save_duty(tx, saving)?;
        if saving.old.is_some_and(|old| old.posts == new.posts && old.unit == new.unit) {
            return Ok(());
        }
        tx.write("DELETE FROM person_post WHERE person_id = ?1", params![saving.id])?;
        for (post, since) in &new.posts {
            let since = since.to_string();
            tx.write(
                "INSERT INTO person_post (person_id, unit_id, post, since) VALUES (?1, ?2, ?3, ?4)",
                params![saving.id, new.unit, post.name(), &since],
            )?;
        }
        Ok(())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM person", params![])?;
        tx.write("DELETE FROM guard", params![])?;
        tx.write("DELETE FROM person_post", params![])
    }

    fn unit_of(state: &PersonState) -> UnitId {
        state.unit
    }
}

fn changed(mut state: PersonState, event: &PersonEvent) -> PersonState {
    match event {
        PersonEvent::Entered(_) | PersonEvent::Corrected(_) => {}
        PersonEvent::Moved(parts) => {
            state.unit = parts.core.unit;
            state.posts.clear();
            // Campuses are of the school that was left.
            if let Some(guard) = state.guard.as_mut() {
                guard.campus = None;
            }
        }
        PersonEvent::PostTaken(parts) => {
            state.posts.insert(parts.core.post, parts.core.since);
        }
        PersonEvent::PostLeft(parts) => {
            state.posts.remove(&parts.core.post);
        }
        PersonEvent::Left(parts) => {
            state.left = Some(parts.core.on);
            state.posts.clear();
        }
        PersonEvent::Returned(_) => state.left = None,
        PersonEvent::GuardFacts(parts) => state.guard = Some(parts.core.clone()),
    }
    state
}

/// Seals the newest contact among the events; an erased one leaves the column as it is.
fn save_contact(tx: &mut Tx, saving: &Saving<'_, Person>) -> Result<(), StorageError> {
    let newest: Option<&Contact> = saving.events.iter().rev().find_map(|(_, event)| match event {
        PersonEvent::Entered(parts) => parts.personal.as_ref(),
        PersonEvent::Corrected(parts) => parts.personal.as_ref(),
        PersonEvent::Moved(_)
        | PersonEvent::PostTaken(_)
        | PersonEvent::PostLeft(_)
        | PersonEvent::Left(_)
        | PersonEvent::Returned(_)
        | PersonEvent::GuardFacts(_) => None,
    });
    let Some(contact) = newest else { return Ok(()) };
    let sealed = sealed(saving, contact)?;
    let lookup = |domain: &str, value: &str| (!value.is_empty()).then(|| saving.vault.lookup(domain, value));
    let phone = lookup("phone", &contact.phone);
    let identity = lookup("identity", &contact.identity);
    tx.write(
        "UPDATE person SET sealed = ?2, phone_lookup = ?3, id_lookup = ?4 WHERE id = ?1",
        params![saving.id, &sealed, phone.as_ref(), identity.as_ref()],
    )
}

fn sealed(saving: &Saving<'_, Person>, value: &impl Serialize) -> Result<Vec<u8>, StorageError> {
    let fault = |e: &dyn std::fmt::Display| StorageError::Other(format!("person {}: {e}", saving.id));
    let json = serde_json::to_vec(value).map_err(|e| fault(&e))?;
    saving.vault.seal(&json, saving.id.0.as_bytes(), saving.ids).map_err(|e| fault(&e))
}

/// Seals the newest words and papers of a guard; erased ones leave the column as it is.
fn save_guard(tx: &mut Tx, saving: &Saving<'_, Person>) -> Result<(), StorageError> {
    let newest = saving.events.iter().rev().find_map(|(_, event)| match event {
        PersonEvent::GuardFacts(parts) => parts.text.as_ref().zip(parts.personal.as_ref()),
        PersonEvent::Entered(_)
        | PersonEvent::Corrected(_)
        | PersonEvent::Moved(_)
        | PersonEvent::PostTaken(_)
        | PersonEvent::PostLeft(_)
        | PersonEvent::Left(_)
        | PersonEvent::Returned(_) => None,
    });
    let Some(both) = newest else { return Ok(()) };
    let sealed = sealed(saving, &both)?;
    tx.write("UPDATE person SET guard_sealed = ?2 WHERE id = ?1", params![saving.id, &sealed])
}

/// The row by which guards are counted: of whoever holds the post now.
fn save_duty(tx: &mut Tx, saving: &Saving<'_, Person>) -> Result<(), StorageError> {
    let on_post = |state: &PersonState| state.left.is_none() && state.posts.contains_key(&Post::Guard);
    let (new, old) = (saving.new, saving.old);
    if !on_post(new) {
        return match old {
            Some(old) if on_post(old) => {
                tx.write("DELETE FROM guard WHERE person_id = ?1", params![saving.id])
            }
            Some(_) | None => Ok(()),
        };
    }
    if old.is_some_and(|old| on_post(old) && old.guard == new.guard && old.unit == new.unit) {
        return Ok(());
    }
    let facts = new.guard.clone().unwrap_or_default();
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    tx.write(
        "INSERT INTO guard (person_id, unit_id, campus, known, full_time, employer, shift, certified, since, until,
            certified_until, background_on, health_on, health_until, trained_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (person_id) DO UPDATE SET unit_id = excluded.unit_id, campus = excluded.campus,
            known = excluded.known, full_time = excluded.full_time, employer = excluded.employer,
            shift = excluded.shift, certified = excluded.certified, since = excluded.since, until = excluded.until,
            certified_until = excluded.certified_until, background_on = excluded.background_on,
            health_on = excluded.health_on, health_until = excluded.health_until, trained_on = excluded.trained_on",
        params![
            saving.id,
            new.unit,
            facts.campus.map(i64::from),
            new.guard.is_some(),
            facts.full_time,
            facts.employer.name(),
            facts.shift.as_ref().map(|shift| shift.name()),
            facts.certified,
            day(facts.since).as_ref(),
            day(facts.until).as_ref(),
            day(facts.certified_until).as_ref(),
            day(facts.background_on).as_ref(),
            day(facts.health_on).as_ref(),
            day(facts.health_until).as_ref(),
            day(facts.trained_on).as_ref(),
        ],
    )
}
