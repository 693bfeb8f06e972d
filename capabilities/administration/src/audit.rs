//! The journal read as a list of what people did: by position, newest first, never its personal parts.

use std::collections::HashMap;

use access::{AccessRead, AccountEvent};
use journal::{Header, Payload, Recorded, StoredParts, Vault, Whose, events_at};
use kernel::{ActorId, Date, PersonId, Problem, StreamId, Timestamp, UnitId};
use language::{Lang, Say};
use notify::ChannelEvent;
use organisation::{PersonEvent, UnitEvent};
use storage::{Param, Tx};
use web::Sentences;

use crate::{texts, words};

/// The kinds of stream the list can be narrowed to; each has a text `stream-<kind>`.
pub(crate) const KINDS: [&str; 17] = [
    "unit",
    "person",
    "account",
    "hazard",
    "supervision",
    "accountability",
    "clarification",
    "transfer",
    "department",
    "adjustment",
    "place",
    "public_report",
    "gate",
    "guard_report",
    "guard_standard",
    "channel",
    "reader",
];

/// Held reports stand in no list, not even here: hour, school and author together say which child it is about. That
/// their reader opened one is in the log of reads.
pub(crate) const UNLISTED: &str = "held";

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditFilter {
    pub actor: Option<ActorId>,
    pub unit: Option<UnitId>,
    /// A kind of stream: one of [`KINDS`].
    pub kind: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Positions before this one; 0 begins with the newest.
    pub before: u64,
}

/// A condition with its parameters, numbered from 1.
type Condition = (String, Vec<Param<'static>>);

/// Events that scope and filter let through, newest first. `scope` is a condition on `unit_id`.
pub(crate) fn events(
    tx: &mut Tx,
    scope: &Condition,
    filter: &AuditFilter,
    limit: usize,
) -> Result<Vec<Recorded>, Problem> {
    let (whose, condition) = narrowed(scope, filter);
    let before = if filter.before > 0 { filter.before } else { u64::MAX };
    let positions = journal::newest_positions(tx, whose, &condition, before, limit)?;
    Ok(events_at(tx, &positions)?)
}

/// How many there are, counted no further than `most`.
pub(crate) fn counted(
    tx: &mut Tx,
    scope: &Condition,
    filter: &AuditFilter,
    most: i64,
) -> Result<i64, Problem> {
    let (whose, condition) = narrowed(scope, filter);
    Ok(journal::counted(tx, whose, &condition, most)?)
}

fn narrowed(scope: &Condition, filter: &AuditFilter) -> (Whose, Condition) {
    let mut params: Vec<Param<'static>> = scope.1.clone();
    let mut parts = vec![scope.0.clone()];
    let mut and = |text: &str, value: Param<'static>| {
        params.push(value);
        parts.push(text.replace('?', &format!("?{}", params.len())));
    };
    and("stream_kind <> ?", Param::from(UNLISTED));
    let kind = KINDS.into_iter().find(|kind| *kind == filter.kind);
    if let Some(kind) = kind {
        and("stream_kind = ?", Param::from(kind));
    }
    if let Some(from) = filter.from {
        and("decided_at >= ?", Param::from(Timestamp::at_start_of(from)));
    }
    if let Some(to) = filter.to {
        and("decided_at <= ?", Param::from(Timestamp::at_end_of(to)));
    }
    // Both together: what the actor did, of that what concerns the unit.
    let whose = match (filter.actor, filter.unit) {
        (Some(actor), unit) => {
            if let Some(unit) = unit {
                and("(stream_id = ? OR unit_id = ?)", Param::from(unit));
            }
            Whose::Actor(actor)
        }
        (None, Some(unit)) => Whose::Unit(unit),
        (None, None) => Whose::Any,
    };
    (whose, (parts.join(" AND "), params))
}

/// Names for the sentences of some events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    actors: HashMap<ActorId, (String, String)>,
    units: HashMap<UnitId, String>,
    /// Whose data were read.
    people: HashMap<PersonId, String>,
}

impl Names {
    pub(crate) fn of(tx: &mut Tx, vault: &Vault, events: &[Recorded]) -> Result<Self, Problem> {
        let mut actors: Vec<ActorId> = Vec::new();
        let mut units: Vec<UnitId> = Vec::new();
        for recorded in events {
            let header = &recorded.header;
            actors.push(header.actor);
            units.push(header.unit_id);
            if header.stream_kind == "account" {
                actors.push(header.stream_id.into());
            }
            units.extend(units_in(header, &recorded.parts));
        }
        Self::read(tx, vault, &actors, &units)
    }

    pub(crate) fn read(
        tx: &mut Tx,
        vault: &Vault,
        actors: &[ActorId],
        units: &[UnitId],
    ) -> Result<Self, Problem> {
        let mut names = access::actor_names(tx, vault, actors)?;
        let logins = access::actor_logins(tx, actors)?;
        let both = |(actor, login)| (actor, (login, names.remove(&actor).unwrap_or_default()));
        Ok(Self {
            actors: logins.into_iter().map(both).collect(),
            units: organisation::unit_names(tx, units)?,
            people: HashMap::new(),
        })
    }

    /// For rows of the log of reads: who looked, where, and at whom.
    pub(crate) fn of_reads(tx: &mut Tx, vault: &Vault, reads: &[(i64, AccessRead)]) -> Result<Self, Problem> {
        let subjects = || reads.iter().map(|(_, read)| read.subject);
        let actors: Vec<ActorId> =
            reads.iter().map(|(_, read)| read.account).chain(subjects().map(Into::into)).collect();
        let units: Vec<UnitId> = reads.iter().map(|(_, read)| read.unit).collect();
        let people: Vec<PersonId> = subjects().map(Into::into).collect();
        let people = organisation::person_names(tx, vault, &people)?;
        Ok(Self { people, ..Self::read(tx, vault, &actors, &units)? })
    }

    /// Whose record it was: a person, or somebody's account; empty for whole lists and other records.
    pub(crate) fn whom(&self, lang: Lang, subject: StreamId) -> String {
        if let Some(name) = self.people.get(&subject.into()) {
            return name.clone();
        }
        let account = ActorId::from(subject);
        let known = !account.is_nil() && self.actors.contains_key(&account);
        if known { self.actor(lang, account) } else { String::new() }
    }

    /// `zhang.san 张三`, or the platform.
    pub(crate) fn actor(&self, lang: Lang, actor: ActorId) -> String {
        if actor.is_nil() {
            return texts::who_platform(lang).to_owned();
        }
        match self.actors.get(&actor) {
            Some((login, name)) if name.is_empty() => login.clone(),
            Some((login, name)) => texts::who_login(lang, name, login),
            None => texts::who_unknown(lang).to_owned(),
        }
    }

    fn login(&self, stream: StreamId) -> &str {
        self.actors.get(&stream.into()).map_or("…", |(login, _)| login.as_str())
    }

    /// The unit's name, as it is now.
    pub(crate) fn unit(&self, unit: UnitId) -> &str {
        self.units.get(&unit).map_or("", String::as_str)
    }
}

/// Units that an event names besides its own.
fn units_in(header: &Header, parts: &StoredParts) -> Vec<UnitId> {
    let (kind, version) = (&header.event_type, header.type_version);
    match header.stream_kind.as_str() {
        "account" => match AccountEvent::decode(kind, version, parts) {
            Ok(AccountEvent::Granted(parts)) => vec![parts.core.unit],
            Ok(AccountEvent::Revoked(parts)) => vec![parts.core.unit],
            Ok(AccountEvent::Rehomed(parts)) => vec![parts.core.home],
            _ => Vec::new(),
        },
        "unit" => match UnitEvent::decode(kind, version, parts) {
            Ok(UnitEvent::Placed(parts)) => vec![parts.core.placement.parent],
            Ok(UnitEvent::Assigned(parts)) => vec![parts.core.to],
            Ok(UnitEvent::Unassigned(parts)) => vec![parts.core.to],
            _ => Vec::new(),
        },
        "person" => match PersonEvent::decode(kind, version, parts) {
            Ok(PersonEvent::Moved(parts)) => vec![parts.core.unit],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What happened, without who did it.
pub(crate) fn sentence(
    sentences: &Sentences,
    lang: Lang,
    header: &Header,
    parts: &StoredParts,
    names: &Names,
) -> String {
    let (kind, version) = (header.event_type.as_str(), header.type_version);
    let detailed = match header.stream_kind.as_str() {
        "account" => AccountEvent::decode(kind, version, parts)
            .ok()
            .and_then(|event| account(lang, &event, header, names)),
        "unit" => UnitEvent::decode(kind, version, parts).ok().and_then(|event| unit(lang, &event, names)),
        "person" => {
            PersonEvent::decode(kind, version, parts).ok().and_then(|event| person(lang, &event, names))
        }
        "channel" => {
            ChannelEvent::decode(kind, version, parts).ok().and_then(|event| channel(sentences, lang, &event))
        }
        _ => None,
    };
    detailed.unwrap_or_else(|| words::event(sentences, lang, kind))
}

fn account(lang: Lang, event: &AccountEvent, header: &Header, names: &Names) -> Option<String> {
    let login = names.login(header.stream_id);
    let role = |role: access::Role| web::names::role(lang, role.name());
    Some(match event {
        AccountEvent::Opened(_) => texts::did_opened(lang, login),
        AccountEvent::Rehomed(parts) => texts::did_rehomed(lang, login, names.unit(parts.core.home)),
        AccountEvent::Granted(parts) => {
            let said = texts::did_granted(lang, login, names.unit(parts.core.unit), role(parts.core.role));
            if parts.core.warned { format!("{said}{}", texts::did_warned(lang)) } else { said }
        }
        AccountEvent::Revoked(parts) => {
            texts::did_revoked(lang, login, names.unit(parts.core.unit), role(parts.core.role))
        }
        AccountEvent::Suspended(parts) => {
            texts::did_suspended(lang, login, words::suspended(lang, parts.core.reason))
        }
        AccountEvent::Resumed(_) => texts::did_resumed(lang, login),
        AccountEvent::PasswordSet(parts) if parts.core.by_reset => texts::did_reset(lang, login),
        AccountEvent::PasswordSet(_)
        | AccountEvent::SecondFactorSet(_)
        | AccountEvent::SecondFactorReplaced(_)
        | AccountEvent::SecondFactorCleared(_)
        | AccountEvent::Locked(_)
        | AccountEvent::Unlocked(_)
        | AccountEvent::NoticeAgreed(_) => return None,
    })
}

fn unit(lang: Lang, event: &UnitEvent, names: &Names) -> Option<String> {
    let day = |day: Date| Say(lang).date(day);
    Some(match event {
        UnitEvent::Created(parts) => texts::did_created(lang, &parts.core.name, &parts.core.code),
        UnitEvent::Renamed(parts) => texts::did_renamed(lang, &parts.core.name),
        UnitEvent::Recoded(parts) => texts::did_recoded(lang, &parts.core.code),
        UnitEvent::Placed(parts) => {
            let place = &parts.core.placement;
            texts::did_placed(lang, day(place.from), names.unit(place.parent), words::line(lang, place.line))
        }
        UnitEvent::Rekinded(parts) => texts::did_rekinded(lang, web::names::unit_kind(lang, parts.core.kind)),
        UnitEvent::Assigned(parts) => {
            texts::did_assigned(lang, day(parts.core.from), names.unit(parts.core.to))
        }
        UnitEvent::Unassigned(parts) => {
            texts::did_unassigned(lang, names.unit(parts.core.to), day(parts.core.on))
        }
        UnitEvent::Closed(parts) => texts::did_closed(lang, day(parts.core.on)),
        UnitEvent::Described(_) | UnitEvent::CampusesDescribed(_) | UnitEvent::Reopened(_) => return None,
    })
}

/// Its name as it was given then; never an address.
fn channel(sentences: &Sentences, lang: Lang, event: &ChannelEvent) -> Option<String> {
    let text = match event {
        ChannelEvent::Added(parts) => parts.text.as_ref(),
        ChannelEvent::Changed(parts) => parts.text.as_ref(),
        ChannelEvent::Stopped(_)
        | ChannelEvent::Resumed(_)
        | ChannelEvent::Removed(_)
        | ChannelEvent::Tested(_) => None,
    };
    let did = words::event(sentences, lang, event.event_type().0);
    text.map(|text| texts::did_channel(lang, did, &text.label))
}

/// Never the name: that is personal. Posts are not.
fn person(lang: Lang, event: &PersonEvent, names: &Names) -> Option<String> {
    let post = |post: organisation::Post| web::names::post(lang, post);
    Some(match event {
        PersonEvent::Entered(parts) if !parts.core.posts.is_empty() => {
            texts::did_entered(lang, Say(lang).list(parts.core.posts.iter().map(|held| post(held.post))))
        }
        PersonEvent::Moved(parts) => texts::did_moved(lang, names.unit(parts.core.unit)),
        PersonEvent::PostTaken(parts) => texts::did_post_taken(lang, post(parts.core.post)),
        PersonEvent::PostLeft(parts) => texts::did_post_left(lang, post(parts.core.post)),
        PersonEvent::Entered(_)
        | PersonEvent::Corrected(_)
        | PersonEvent::Left(_)
        | PersonEvent::Returned(_)
        | PersonEvent::GuardFacts(_) => return None,
    })
}
