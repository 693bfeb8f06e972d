//! One event of the journal: its envelope, its digests, its parts; never the personal one.

use std::collections::HashMap;

use access::{Viewer, visible};
use axum::{extract::Path, http::StatusCode, response::Response};
use journal::{Recorded, Vault, events_after};
use kernel::{Part, PersonId, Problem, UnitId};
use language::{Lang, Say};
use organisation::unit_brief;
use storage::{Tx, params};
use web::{Failed, Sentences, Visit, view::Fact};

use super::audit::unit_words;
use crate::{
    audit::{self, Names},
    fields, texts,
    view::{Block, Page},
};

/// The event with what the viewer may see of it.
struct Seen {
    recorded: Recorded,
    names: Names,
    /// Chain of the origin, chain of this platform.
    chains: (Vec<u8>, Vec<u8>),
    /// Names of the units and people that the parts name, by their ids.
    named: HashMap<UnitId, String>,
    /// Free text is open to the viewer.
    text: bool,
}

fn see(tx: &mut Tx, viewer: &Viewer, vault: &Vault, position: u64) -> Result<Seen, Problem> {
    let before = position.checked_sub(1).ok_or(Problem::NotFound)?;
    let found = events_after(tx, before, 1, None)?;
    let recorded = found.into_iter().find(|r| r.position == position).ok_or(Problem::NotFound)?;
    if recorded.header.stream_kind == audit::UNLISTED {
        return Err(Problem::NotFound);
    }
    let unit = recorded.header.unit_id;
    let everything = viewer.scope("audit.view") == access::Scope::Everything;
    if !everything && !viewer.may_over(tx, "audit.view", unit)? {
        return Err(Problem::NotFound);
    }
    // Free text belongs to whoever may see the record itself.
    let view = match recorded.header.stream_kind.as_str() {
        "hazard" => "hazard.view",
        "person" => "person.view",
        _ => "unit.view",
    };
    let text = visible(tx, Part::Text, viewer, view, unit)?;
    let sql = "SELECT origin_chain, local_chain FROM event WHERE position = ?1";
    let chains = tx.first(sql, params![position], |row| Ok((row.blob(0)?, row.blob(1)?)))?;
    let names = Names::of(tx, vault, std::slice::from_ref(&recorded))?;
    let mut named = HashMap::new();
    let ids = fields::ids(&recorded.parts.core);
    for id in &ids {
        if let Some(brief) = unit_brief(tx, *id)? {
            named.insert(*id, brief.name);
        }
    }
    let people: Vec<PersonId> = ids.iter().map(|id| PersonId(id.0)).collect();
    let people = organisation::person_names(tx, vault, &people)?;
    named.extend(people.into_iter().map(|(person, name)| (UnitId(person.0), name)));
    Ok(Seen { recorded, names, chains: chains.unwrap_or_default(), named, text })
}

pub(super) async fn show(visit: Visit, Path(position): Path<u64>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let seen = visit.read(move |tx| see(tx, &viewer, &vault, position)).await?;
    let lang = visit.lang();
    let header = &seen.recorded.header;
    let what = audit::sentence(&visit.desk.sentences, lang, header, &seen.recorded.parts, &seen.names);
    let title = texts::audit_event_title(lang, position);
    let mut page = Page::new(visit.shell(title).at("audit").back_to("/audit"));
    page.lead = texts::who_did(lang, seen.names.actor(lang, header.actor), what);
    let block = |title: &str, facts: Vec<Fact>| Block::Facts { title: title.to_owned(), facts };
    page.left = vec![
        block(texts::audit_envelope(lang), envelope(lang, &seen)),
        block(texts::audit_parts(lang), parts(&visit.desk.sentences, lang, &seen)),
        Block::Raw { title: texts::audit_raw(lang).to_owned(), texts: raw(&seen) },
        block(texts::audit_digests(lang), digests(lang, header, &seen.chains)),
    ];
    Ok(page.answer(StatusCode::OK))
}

fn envelope(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let header = &seen.recorded.header;
    let stream = format!("{} {} · {}", header.stream_kind, header.stream_id, header.stream_version);
    let origin = format!("{} · {} · {}", header.node, header.epoch, header.sequence);
    vec![
        Fact::new(texts::audit_when(lang), Say(lang).date_time(header.decided_at)),
        Fact::new(texts::audit_recorded(lang), Say(lang).date_time(seen.recorded.recorded_at)),
        Fact::new(texts::audit_unit(lang), or_none(lang, &unit_words(header, &seen.names))),
        Fact::new(texts::audit_path(lang), or_none(lang, &header.unit_path.replace('/', " › "))),
        Fact::new(texts::audit_type(lang), format!("{} v{}", header.event_type, header.type_version)),
        Fact::new(texts::audit_stream(lang), stream),
        Fact::new(texts::audit_event_id(lang), header.event_id.to_string()),
        Fact::new(texts::audit_command(lang), header.command_id.to_string()),
        Fact::new(texts::audit_origin(lang), origin),
        Fact::new(texts::audit_rules(lang), or_none(lang, &header.rules)),
    ]
}

/// What the event says, field by field; the personal part is named and not shown.
fn parts(sentences: &Sentences, lang: Lang, seen: &Seen) -> Vec<Fact> {
    let [_, text, personal] = seen.recorded.header.digests;
    let name = |id: UnitId| seen.named.get(&id).cloned().unwrap_or_default();
    let said = |part: &str| fields::said(sentences, lang, (&seen.recorded.header.event_type, part), &name);
    let mut facts = said(&seen.recorded.parts.core);
    match (text, &seen.recorded.parts.text) {
        (Some(_), _) if !seen.text => {
            facts.push(Fact::new(texts::audit_text(lang), texts::audit_not_yours(lang)));
        }
        (Some(_), Some(part)) => facts.extend(said(part)),
        (Some(_), None) => facts.push(Fact::new(texts::audit_text(lang), texts::audit_no_part(lang))),
        (None, _) => {}
    }
    if personal.is_some() {
        facts.push(Fact::new(texts::audit_personal_name(lang), texts::audit_personal(lang)));
    }
    if facts.is_empty() {
        facts.push(Fact::new(texts::audit_core(lang), texts::audit_no_part(lang)));
    }
    facts
}

/// The parts as they are stored, for whoever compares digests.
fn raw(seen: &Seen) -> Vec<String> {
    let text = seen.recorded.parts.text.clone().filter(|_| seen.text);
    std::iter::once(seen.recorded.parts.core.clone()).chain(text).collect()
}

fn or_none(lang: Lang, text: &str) -> String {
    if text.is_empty() { texts::audit_no_part(lang).to_owned() } else { text.to_owned() }
}

fn digests(lang: Lang, header: &journal::Header, chains: &(Vec<u8>, Vec<u8>)) -> Vec<Fact> {
    let [core, text, personal] =
        header.digests.map(|digest| digest.map(kernel::hex::write).unwrap_or_default());
    vec![
        Fact::new(texts::audit_header_digest(lang), kernel::hex::write(header.digest())),
        Fact::new(texts::audit_core(lang), or_none(lang, &core)),
        Fact::new(texts::audit_text(lang), or_none(lang, &text)),
        Fact::new(texts::audit_personal_name(lang), or_none(lang, &personal)),
        Fact::new(texts::audit_origin_chain(lang), kernel::hex::write(&chains.0)),
        Fact::new(texts::audit_local_chain(lang), kernel::hex::write(&chains.1)),
    ]
}
