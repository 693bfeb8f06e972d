//! What happened at a unit 大事记, newest first: told from the journal by the rooms whose records it was, each for whoever
//! may see them. Read from the newest position back, some events at a time.

use std::{collections::HashMap, sync::Arc};

use access::actor_names;
use journal::{Recorded, Vault, Whose, events_at, newest_positions};
use kernel::{ActorId, Problem, StreamId, UnitId};
use language::{Lang, Say};
use storage::{Param, Tx};
use web::{
    Sentences, Trail,
    panel::{AtUnit, UnitPanel},
    view::{Link, Moment},
};

use super::{audit_query::kind_words, units::href};
use crate::{
    audit::{self, Names},
    texts,
    view::{Block, Happening},
};

/// Moments on one page.
const SHOWN: usize = 20;
/// Events read at once, and how often before the page goes on with what it has found.
const READ: usize = 60;
const TIMES: usize = 5;

/// Kinds that this room tells itself.
const OWN: [&str; 2] = ["unit", "person"];

/// Where one is in the course, as the address says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub kind: String,
    pub trail: String,
}

/// What happened, with names.
pub(super) struct Course {
    moments: Vec<Told>,
    kinds: Vec<&'static str>,
    asked: Option<&'static str>,
    trail: Trail,
    next: Option<u64>,
    names: Names,
    /// Who did it; empty for whoever may not know the people there.
    actors: HashMap<ActorId, String>,
}

struct Told {
    recorded: Recorded,
    /// The record, and where it is.
    about: Option<Link>,
}

/// Who tells which kind: this room itself where no panel is named.
struct Teller<'p> {
    kind: &'static str,
    panel: Option<&'p dyn UnitPanel>,
}

fn tellers<'p>(at: &AtUnit<'_>, panels: &'p [Arc<dyn UnitPanel>]) -> Vec<Teller<'p>> {
    let people = at.over.has("person.view");
    let own = OWN.into_iter().filter(|kind| *kind != "person" || people);
    let own = own.map(|kind| Teller { kind, panel: None });
    let others = panels
        .iter()
        .flat_map(|panel| panel.told(at).into_iter().map(move |kind| Teller { kind, panel: Some(&**panel) }));
    others.chain(own).collect()
}

/// Reads what happened, as far as the viewer may know it.
pub(super) fn read(
    tx: &mut Tx,
    vault: &Vault,
    at: &AtUnit<'_>,
    panels: &[Arc<dyn UnitPanel>],
    asked: &Asked,
) -> Result<Course, Problem> {
    let tellers = tellers(at, panels);
    let kind = tellers.iter().map(|teller| teller.kind).find(|kind| *kind == asked.kind);
    let wanted: Vec<&Teller<'_>> =
        tellers.iter().filter(|teller| kind.is_none_or(|kind| teller.kind == kind)).collect();
    let trail = Trail::parse(&asked.trail);
    let (moments, next) = gather(tx, at, &wanted, trail.here().parse().unwrap_or(u64::MAX))?;
    let events: Vec<Recorded> = moments.iter().map(|told| told.recorded.clone()).collect();
    let actors: Vec<ActorId> = events.iter().map(|event| event.header.actor).collect();
    let actors = if at.over.has("person.view") { actor_names(tx, vault, &actors)? } else { HashMap::new() };
    Ok(Course {
        kinds: tellers.iter().map(|teller| teller.kind).collect(),
        asked: kind,
        names: Names::of(tx, vault, &events)?,
        actors,
        moments,
        trail,
        next,
    })
}

/// A page of what may be told before a position, and where the next one begins.
fn gather(
    tx: &mut Tx,
    at: &AtUnit<'_>,
    wanted: &[&Teller<'_>],
    mut before: u64,
) -> Result<(Vec<Told>, Option<u64>), Problem> {
    let marks: Vec<String> = (1..=wanted.len()).map(|n| format!("?{n}")).collect();
    let kinds = wanted.iter().map(|teller| Param::from(teller.kind)).collect();
    let condition = (format!("stream_kind IN ({})", marks.join(", ")), kinds);
    let mut moments: Vec<Told> = Vec::new();
    let mut more = true;
    for _ in 0..TIMES {
        let positions = newest_positions(tx, Whose::Unit(at.id), &condition, before, READ)?;
        more = positions.len() == READ;
        before = positions.last().copied().unwrap_or(before);
        let events = events_at(tx, &positions)?;
        moments.extend(told(tx, at, wanted, events)?);
        if !more || moments.len() > SHOWN {
            break;
        }
    }
    if moments.len() <= SHOWN {
        // Where much happened that the viewer is not told, the next page goes on where this one stopped reading.
        return Ok((moments, more.then_some(before)));
    }
    moments.truncate(SHOWN);
    let next = moments.last().map(|told| told.recorded.position);
    Ok((moments, next))
}

/// Of some events those that the viewer is told, each with its record, in their order.
fn told(
    tx: &mut Tx,
    at: &AtUnit<'_>,
    wanted: &[&Teller<'_>],
    events: Vec<Recorded>,
) -> Result<Vec<Told>, Problem> {
    let mut records: HashMap<(&str, StreamId), Link> = HashMap::new();
    let mut withheld: Vec<u64> = Vec::new();
    for teller in wanted {
        let Some(panel) = teller.panel else { continue };
        let of_kind: Vec<&Recorded> =
            events.iter().filter(|event| event.header.stream_kind == teller.kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let mut ids: Vec<StreamId> = of_kind.iter().map(|event| event.header.stream_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = panel.records(tx, at, teller.kind, &ids)?;
        records.extend(found.into_iter().map(|(id, link)| ((teller.kind, id), link)));
        withheld.extend(panel.withheld(tx, at, &of_kind)?);
    }
    let shown = |recorded: Recorded| {
        let kind = recorded.header.stream_kind.clone();
        let teller = wanted.iter().find(|teller| teller.kind == kind)?;
        let about = records.get(&(teller.kind, recorded.header.stream_id)).cloned();
        let may = teller.panel.is_none() || about.is_some();
        (may && !withheld.contains(&recorded.position)).then_some(Told { recorded, about })
    };
    Ok(events.into_iter().filter_map(shown).collect())
}

impl Course {
    /// As a part of the page. What happened to the unit itself is told as its history tells it.
    pub(super) fn block(
        &self,
        sentences: &Sentences,
        lang: Lang,
        at: (UnitId, &HashMap<u64, Moment>),
    ) -> Block {
        let (unit, history) = at;
        let moments: Vec<Happening> =
            self.moments.iter().map(|told| self.happening(sentences, lang, told, history)).collect();
        let asked = self.asked.unwrap_or_default();
        let to = |kind: &str, trail: &str| {
            format!("{}#course", web::address(&href(unit), &[("happened", kind), ("after", trail)]))
        };
        let all = Link::new(texts::course_all(lang), to("", "")).current(self.asked.is_none());
        let each = self
            .kinds
            .iter()
            .map(|kind| Link::new(kind_words(lang, kind), to(kind, "")).current(self.asked == Some(kind)));
        let next = self.next.map(|position| position.to_string());
        Block::Course {
            title: texts::course_title(lang).to_owned(),
            tabs: std::iter::once(all).chain(each).collect(),
            pager: self.trail.pager(lang, (moments.len(), SHOWN), next, |trail| to(asked, trail)),
            moments,
            none: texts::course_none(lang).to_owned(),
        }
    }

    fn happening(
        &self,
        sentences: &Sentences,
        lang: Lang,
        told: &Told,
        history: &HashMap<u64, Moment>,
    ) -> Happening {
        let header = &told.recorded.header;
        let own = (header.stream_kind == "unit").then(|| history.get(&header.stream_version)).flatten();
        let (sentence, note) = match own {
            Some(moment) => (moment.sentence.clone(), moment.note.clone()),
            None => {
                let what = audit::sentence(sentences, lang, header, &told.recorded.parts, &self.names);
                (self.said(lang, header.actor, what), String::new())
            }
        };
        Happening {
            at: Say(lang).date_time(header.decided_at),
            kind: kind_words(lang, &header.stream_kind),
            sentence,
            about: told.about.clone(),
            note,
        }
    }

    /// With who did it, where that is somebody the viewer may know.
    fn said(&self, lang: Lang, actor: ActorId, what: String) -> String {
        match self.actors.get(&actor).filter(|name| !name.is_empty()) {
            Some(name) => texts::who_did(lang, name, what),
            None => what,
        }
    }
}
