//! What may be asked of a person's record.

use std::sync::Arc;

use journal::{Context, Need, Parts};
use kernel::{
    Date, PersonId, Refusal, UnitId, limits,
    text::{narrow, person_name, visible},
};
use rules::RuleBook;
use serde::Serialize;
use storage::{StorageError, Tx, params};

use super::{
    Contact, Going, GuardRecord, Keeper, PersonEvent, PersonState, Post,
    event::{Corrected, Entered, Left, Moved, PostHeld, PostLeft, Returned},
    guard,
};
use crate::{UnitKind, identifiers, numbers_of_people::number_in};

/// What may be asked of a person's record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum PersonCommand {
    /// Enter somebody new.
    Enter {
        /// The unit they belong to.
        unit: UnitId,
        /// Who it is.
        contact: Contact,
        /// Posts from today on.
        posts: Vec<Post>,
    },
    /// Correct the contact.
    Correct(Contact),
    /// Move to another unit.
    Move(UnitId),
    /// Take a post.
    TakePost(Post),
    /// Leave a post.
    LeavePost(Post),
    /// Leave altogether.
    Leave(Date),
    /// Take a mistaken leave back.
    Return,
    /// Bring up to date what is known of them as a guard.
    Guard(Box<GuardRecord>),
}

/// What the decision must know.
#[derive(Clone, Debug, Default)]
pub struct PersonFacts {
    /// Of the open unit that is asked about; `None` when there is none.
    unit_kind: Option<UnitKind>,
    /// Why this person may not go or come back.
    kept: Option<Refusal>,
    /// The rules in force, where they are at hand.
    pub(super) rules: Option<RuleBook>,
}

#[cfg(test)]
impl PersonFacts {
    /// The unit is open and of this kind.
    pub(crate) const fn at_open(kind: UnitKind) -> Self {
        Self { unit_kind: Some(kind), kept: None, rules: None }
    }
}

pub(super) const fn need() -> Need {
    Need::Permission("person.manage")
}

pub(super) fn facts(
    tx: &mut Tx,
    state: Option<&PersonState>,
    command: &PersonCommand,
    keepers: &[Arc<dyn Keeper>],
    context: &Context<'_>,
) -> Result<PersonFacts, StorageError> {
    let person = PersonId::from(context.stream);
    let going = match command {
        PersonCommand::Leave(_) => Some(Going::Leave),
        PersonCommand::Move(unit) if state.is_some_and(|person| person.unit != *unit) => Some(Going::Move),
        PersonCommand::Return => Some(Going::Return),
        _ => None,
    };
    let mut kept = None;
    if let Some(going) = going {
        for keeper in keepers {
            if kept.is_none() {
                kept = keeper.refusal(tx, person, going, context.standing)?;
            }
        }
    }
    let unit = match command {
        PersonCommand::Enter { unit, .. } | PersonCommand::Move(unit) => *unit,
        PersonCommand::TakePost(_) | PersonCommand::Return => state.map_or(UnitId::NIL, |person| person.unit),
        PersonCommand::Correct(_)
        | PersonCommand::LeavePost(_)
        | PersonCommand::Guard(_)
        | PersonCommand::Leave(_) => return Ok(PersonFacts { kept, ..PersonFacts::default() }),
    };
    let sql = "SELECT kind FROM unit WHERE id = ?1 AND closed_on IS NULL";
    let kind = tx.first(sql, params![unit], |row| row.text(0))?;
    Ok(PersonFacts { unit_kind: kind.as_deref().and_then(UnitKind::named), kept, rules: None })
}

pub(super) fn decide(
    state: Option<&PersonState>,
    command: &PersonCommand,
    facts: &PersonFacts,
    today: Date,
) -> Result<Vec<PersonEvent>, Refusal> {
    let Some(person) = state else {
        return match command {
            PersonCommand::Enter { unit, contact, posts } => enter(*unit, contact, posts, facts, today),
            PersonCommand::Correct(_)
            | PersonCommand::Move(_)
            | PersonCommand::TakePost(_)
            | PersonCommand::LeavePost(_)
            | PersonCommand::Leave(_)
            | PersonCommand::Return
            | PersonCommand::Guard(_) => Err(Refusal::new("person-unknown")),
        };
    };
    // Looked up for leaving, moving and coming back alone.
    if let Some(kept) = &facts.kept {
        return Err(kept.clone());
    }
    if person.left.is_some() {
        return match command {
            // A closed unit has nobody; whoever works elsewhere by now is entered there.
            PersonCommand::Return if facts.unit_kind.is_none() => {
                Err(Refusal::new("person-return-unit-closed"))
            }
            PersonCommand::Return => Ok(vec![PersonEvent::Returned(Parts::core(Returned {}))]),
            _ => Err(Refusal::new("person-left")),
        };
    }
    match command {
        PersonCommand::Enter { .. } => Err(Refusal::new("person-exists")),
        PersonCommand::Correct(contact) => {
            let contact = checked(contact)?;
            Ok(vec![PersonEvent::Corrected(Parts::with_personal(Corrected {}, None, contact))])
        }
        PersonCommand::Move(unit) if *unit == person.unit => Ok(Vec::new()),
        PersonCommand::Move(_) if facts.unit_kind.is_none() => {
            Err(Refusal::new("unit-parent-unknown").on("unit"))
        }
        PersonCommand::Move(unit) => Ok(vec![PersonEvent::Moved(Parts::core(Moved { unit: *unit }))]),
        PersonCommand::TakePost(post) if person.posts.contains_key(post) => Ok(Vec::new()),
        PersonCommand::TakePost(post) => {
            let kind = facts.unit_kind.ok_or_else(|| Refusal::new("unit-parent-unknown").on("take"))?;
            fitting(*post, kind, "take")?;
            Ok(vec![PersonEvent::PostTaken(Parts::core(PostHeld { post: *post, since: today }))])
        }
        PersonCommand::LeavePost(post) if person.posts.contains_key(post) => {
            Ok(vec![PersonEvent::PostLeft(Parts::core(PostLeft { post: *post }))])
        }
        PersonCommand::LeavePost(_) => Ok(Vec::new()),
        PersonCommand::Leave(on) => Ok(vec![PersonEvent::Left(Parts::core(Left { on: *on }))]),
        PersonCommand::Return => Ok(Vec::new()),
        PersonCommand::Guard(_) if !person.posts.contains_key(&Post::Guard) => {
            Err(Refusal::new("person-no-guard"))
        }
        PersonCommand::Guard(record) => {
            let GuardRecord { facts, text, papers } = guard::checked(record, facts.rules.as_ref(), today)?;
            Ok(vec![PersonEvent::GuardFacts(Parts::with_personal(facts, Some(text), papers))])
        }
    }
}

fn enter(
    unit: UnitId,
    contact: &Contact,
    posts: &[Post],
    facts: &PersonFacts,
    today: Date,
) -> Result<Vec<PersonEvent>, Refusal> {
    let kind = facts.unit_kind.ok_or_else(|| Refusal::new("unit-parent-unknown").on("unit"))?;
    let contact = checked(contact)?;
    let mut posts: Vec<Post> = posts.to_vec();
    posts.sort_unstable();
    posts.dedup();
    posts.iter().try_for_each(|post| fitting(*post, kind, "posts"))?;
    let posts = posts.into_iter().map(|post| PostHeld { post, since: today }).collect();
    Ok(vec![PersonEvent::Entered(Parts::with_personal(Entered { unit, posts }, None, contact))])
}

/// A unit of this kind has the post.
fn fitting(post: Post, kind: UnitKind, field: &'static str) -> Result<(), Refusal> {
    if post.fits(kind) {
        return Ok(());
    }
    Err(Refusal::new("person-post-not-here").with("post", post.name()).with("kind", kind.name()).on(field))
}

fn checked(contact: &Contact) -> Result<Contact, Refusal> {
    let contact = Contact {
        name: person_name(&contact.name),
        phone: narrow(&visible(&contact.phone)).trim().to_owned(),
        identity: narrow(&visible(&contact.identity)).trim().to_uppercase(),
    };
    if contact.name.is_empty() {
        return Err(Refusal::new("person-name-missing").on("name"));
    }
    if contact.name.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new("text-too-long").with("most", limits::NAME_CHARS).on("name"));
    }
    if let Some(number) = number_in(&contact.name) {
        return Err(number.refusal().on("name"));
    }
    if !contact.phone.is_empty() && !identifiers::mobile(&contact.phone) {
        return Err(Refusal::new("phone-shape").on("phone"));
    }
    if !contact.identity.is_empty() && !identifiers::citizen_id(&contact.identity) {
        return Err(Refusal::new("identity-check").on("identity"));
    }
    Ok(contact)
}
