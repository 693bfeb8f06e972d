//! What happened to a unit, in sentences by date.

use std::collections::HashMap;

use journal::{Payload, Recorded, Vault};
use kernel::{ActorId, Date, Problem, Timestamp, UnitId};
use language::{Lang, Say};
use organisation::{Attributes, Placement, UnitEvent, UnitKind};
use storage::Tx;
use web::view::{Level, Moment};

use super::common::unit_name;
use crate::{texts, words};

/// The events of a unit with the names they need.
pub(super) struct History {
    events: Vec<Happened>,
    actors: HashMap<ActorId, String>,
    units: HashMap<UnitId, String>,
}

struct Happened {
    version: u64,
    at: Timestamp,
    actor: ActorId,
    event: UnitEvent,
}

/// Decodes the events and looks up whom and what they name.
pub(super) fn read(tx: &mut Tx, vault: &Vault, events: &[Recorded]) -> Result<History, Problem> {
    let events: Vec<Happened> = events
        .iter()
        .filter_map(|recorded| {
            let header = &recorded.header;
            let event = UnitEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
            let (version, at, actor) = (header.stream_version, header.decided_at, header.actor);
            Some(Happened { version, at, actor, event })
        })
        .collect();
    let actors: Vec<ActorId> = events.iter().map(|happened| happened.actor).collect();
    let mut units = HashMap::new();
    for above in events.iter().flat_map(|happened| above(&happened.event)) {
        if let std::collections::hash_map::Entry::Vacant(free) = units.entry(above) {
            free.insert(unit_name(tx, above)?);
        }
    }
    Ok(History { actors: access::actor_names(tx, vault, &actors)?, units, events })
}

/// The units above that an event names.
fn above(event: &UnitEvent) -> Vec<UnitId> {
    match event {
        UnitEvent::Created(parts) => parts.core.placements.iter().map(|placement| placement.parent).collect(),
        UnitEvent::Placed(parts) => vec![parts.core.placement.parent],
        UnitEvent::Assigned(parts) => vec![parts.core.to],
        UnitEvent::Unassigned(parts) => vec![parts.core.to],
        UnitEvent::Renamed(_)
        | UnitEvent::Recoded(_)
        | UnitEvent::Rekinded(_)
        | UnitEvent::Described(_)
        | UnitEvent::CampusesDescribed(_)
        | UnitEvent::Closed(_)
        | UnitEvent::Reopened(_) => Vec::new(),
    }
}

/// What a unit was before an event: its history says what changed.
#[derive(Default)]
struct Known {
    attributes: Attributes,
    code: String,
    kind: Option<UnitKind>,
}

impl History {
    /// Newest first.
    pub(super) fn moments(&self, lang: Lang) -> Vec<Moment> {
        self.since(lang, 0)
    }

    /// Each by the version of the unit that it made.
    pub(super) fn by_version(&self, lang: Lang) -> HashMap<u64, Moment> {
        let newest_first = self.moments(lang);
        self.events.iter().rev().map(|happened| happened.version).zip(newest_first).collect()
    }

    /// What came after a version, newest first.
    pub(super) fn since(&self, lang: Lang, seen: u64) -> Vec<Moment> {
        let mut known = Known::default();
        let mut moments = Vec::new();
        for Happened { version, at, actor, event } in &self.events {
            let who = if actor.is_nil() {
                texts::who_platform(lang).to_owned()
            } else {
                self.actors.get(actor).cloned().unwrap_or_else(|| texts::who_unknown(lang).to_owned())
            };
            let mut moment = Moment::new(Say(lang).date_time(*at), self.sentence(lang, event, &who));
            moment.note = self.note(lang, event, &mut known);
            if matches!(event, UnitEvent::Closed(_)) {
                moment.level = Level::Yellow;
            }
            if *version > seen {
                moments.push(moment);
            }
        }
        moments.reverse();
        moments
    }

    /// What changed, and why.
    fn note(&self, lang: Lang, event: &UnitEvent, known: &mut Known) -> String {
        let because = |reason: Option<&String>| {
            reason.map(|reason| format!("\n{}", texts::history_reason(lang, reason))).unwrap_or_default()
        };
        let excused = |reason: Option<&String>| {
            let said = |reason| texts::history_code_reason(lang, texts::unit_code_exception(lang), reason);
            reason.map(|reason| format!("\n{}", said(reason))).unwrap_or_default()
        };
        match event {
            UnitEvent::Created(parts) => {
                let core = &parts.core;
                known.attributes.clone_from(&core.attributes);
                known.code.clone_from(&core.code);
                known.kind = Some(core.kind);
                self.hung(lang, &core.placements)
            }
            UnitEvent::Recoded(parts) => {
                let code = std::mem::replace(&mut known.code, parts.core.code.clone());
                let change = match code == parts.core.code {
                    true => texts::history_code_stays(lang).to_owned(),
                    false => texts::history_change(lang, texts::units_code(lang), code, &parts.core.code),
                };
                let text = parts.text.as_ref();
                change
                    + &because(text.map(|text| &text.reason))
                    + &excused(text.and_then(|text| text.code_exception.as_ref()))
            }
            UnitEvent::Rekinded(parts) => {
                let named = |kind: Option<UnitKind>| {
                    kind.map(|kind| web::names::unit_kind(lang, kind)).unwrap_or_default()
                };
                let old = named(known.kind.replace(parts.core.kind));
                let change = texts::history_change(lang, texts::units_kind(lang), old, named(known.kind));
                let text = parts.text.as_ref();
                change
                    + &because(text.map(|text| &text.reason))
                    + &excused(text.and_then(|text| text.code_exception.as_ref()))
            }
            UnitEvent::Described(parts) => {
                let old = std::mem::replace(&mut known.attributes, parts.core.attributes.clone());
                changes(lang, &old, &parts.core.attributes)
            }
            UnitEvent::Reopened(parts) => {
                because(parts.text.as_ref().map(|text| &text.reason)).trim_start().to_owned()
            }
            UnitEvent::CampusesDescribed(parts) => {
                Say(lang).list(parts.core.campuses.iter().map(|campus| campus.name.clone()))
            }
            UnitEvent::Renamed(_)
            | UnitEvent::Placed(_)
            | UnitEvent::Assigned(_)
            | UnitEvent::Unassigned(_)
            | UnitEvent::Closed(_) => String::new(),
        }
    }

    fn sentence(&self, lang: Lang, event: &UnitEvent, who: &str) -> String {
        let day = |day: Date| Say(lang).date(day);
        match event {
            UnitEvent::Created(parts) => {
                texts::history_created(lang, who, &parts.core.name, &parts.core.code)
            }
            UnitEvent::Renamed(parts) => texts::history_renamed(lang, who, &parts.core.name),
            UnitEvent::Recoded(parts) => texts::history_recoded(lang, who, &parts.core.code),
            UnitEvent::Rekinded(parts) => {
                texts::history_rekinded(lang, who, web::names::unit_kind(lang, parts.core.kind))
            }
            UnitEvent::Described(_) => texts::history_described(lang, who),
            UnitEvent::CampusesDescribed(_) => texts::history_campuses(lang, who),
            UnitEvent::Placed(parts) => {
                let place = &parts.core.placement;
                let line = words::line(lang, place.line);
                texts::history_placed(lang, who, day(place.from), self.unit(place.parent), line)
            }
            UnitEvent::Assigned(parts) => {
                texts::history_assigned(lang, who, day(parts.core.from), self.unit(parts.core.to))
            }
            UnitEvent::Unassigned(parts) => {
                texts::history_unassigned(lang, who, self.unit(parts.core.to), day(parts.core.on))
            }
            UnitEvent::Closed(parts) => texts::history_closed(lang, who, day(parts.core.on)),
            UnitEvent::Reopened(_) => texts::history_reopened(lang, who),
        }
    }

    fn unit(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("…", String::as_str)
    }

    fn hung(&self, lang: Lang, placements: &[Placement]) -> String {
        let lines: Vec<String> = placements
            .iter()
            .map(|p| {
                texts::history_hung(
                    lang,
                    words::line(lang, p.line),
                    self.unit(p.parent),
                    Say(lang).day(p.from),
                )
            })
            .collect();
        lines.join("\n")
    }
}

/// Each fact that changed, before and after.
fn changes(lang: Lang, old: &Attributes, new: &Attributes) -> String {
    // Empty is said as 无: what was unknown is not what was 0.
    let count = |value: Option<u32>| value.map(|n| n.to_string()).unwrap_or_default();
    let private =
        |a: &Attributes| a.private.map(|_| words::ownership(lang, a.private).to_owned()).unwrap_or_default();
    let degrees = |v: Option<f64>| v.map(|v| format!("{v:.5}")).unwrap_or_default();
    let pairs = [
        (texts::units_pupils(lang), count(old.pupils), count(new.pupils)),
        (texts::units_boarders(lang), count(old.boarders), count(new.boarders)),
        (texts::units_staff(lang), count(old.staff), count(new.staff)),
        (texts::unit_classes(lang), count(old.classes), count(new.classes)),
        (texts::unit_ownership(lang), private(old), private(new)),
        (texts::unit_canteen(lang), words::canteen(lang, old.canteen), words::canteen(lang, new.canteen)),
        (texts::unit_address(lang), old.address.clone(), new.address.clone()),
        (texts::unit_telephone(lang), old.telephone.clone(), new.telephone.clone()),
        (texts::unit_latitude(lang), degrees(old.latitude), degrees(new.latitude)),
        (texts::unit_longitude(lang), degrees(old.longitude), degrees(new.longitude)),
    ];
    let named = |text: String| if text.is_empty() { texts::history_nothing(lang).to_owned() } else { text };
    let lines: Vec<String> = pairs
        .into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| texts::history_change(lang, name, named(old), named(new)))
        .collect();
    lines.join("\n")
}
