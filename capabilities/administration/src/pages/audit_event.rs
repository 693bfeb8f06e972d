//! One event of the journal: its envelope, its digests, its parts; never the personal one.

use access::visible;
use axum::{extract::Path, http::StatusCode, response::Response};
use journal::events_after;
use kernel::{Part, Problem};
use language::{Lang, Say};
use storage::params;
use web::{Failed, Visit, view::Fact};

use super::audit::unit_words;
use crate::{
    audit::{self, Names},
    texts,
    view::{Block, Page},
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) async fn show(visit: Visit, Path(position): Path<u64>) -> Result<Response, Failed> {
    visit.need_any(&["audit.view"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let (recorded, names, chains, text) = visit
        .read(move |tx| {
            let before = position.checked_sub(1).ok_or(Problem::NotFound)?;
            let found = events_after(tx, before, 1, None)?;
            let recorded = found.into_iter().find(|r| r.position == position).ok_or(Problem::NotFound)?;
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
            let text = visible(tx, Part::Text, &viewer, view, unit)?;
            let chains = tx.first(
                "SELECT origin_chain, local_chain FROM event WHERE position = ?1",
                params![position],
                |row| Ok((row.blob(0)?, row.blob(1)?)),
            )?;
            let names = Names::of(tx, &vault, std::slice::from_ref(&recorded))?;
            Ok((recorded, names, chains.unwrap_or_default(), text))
        })
        .await?;
    let lang = visit.lang();
    let header = &recorded.header;
    let what = audit::sentence(&visit.desk.sentences, lang, header, &recorded.parts, &names);
    let mut page = Page::new(visit.shell(texts::audit_event_title(lang, position)).at("audit").back_to("/audit"));
    page.lead = texts::who_did(lang, names.actor(lang, header.actor), what);
    page.left.push(Block::Facts {
        title: texts::audit_envelope(lang).to_owned(),
        facts: vec![
            Fact::new(texts::audit_when(lang), Say(lang).date_time(header.decided_at)),
            Fact::new(texts::audit_recorded(lang), Say(lang).date_time(recorded.recorded_at)),
            Fact::new(texts::audit_unit(lang), unit_words(header, &names)),
            Fact::new(texts::audit_path(lang), header.unit_path.replace('/', " › ")),
            Fact::new(texts::audit_type(lang), format!("{} v{}", header.event_type, header.type_version)),
            Fact::new(
                texts::audit_stream(lang),
                format!("{} {} · {}", header.stream_kind, header.stream_id, header.stream_version),
            ),
            Fact::new(texts::audit_event_id(lang), header.event_id.to_string()),
            Fact::new(texts::audit_command(lang), header.command_id.to_string()),
            Fact::new(texts::audit_origin(lang), format!("{} · {} · {}", header.node, header.epoch, header.sequence)),
            Fact::new(texts::audit_rules(lang), or_none(lang, &header.rules)),
        ],
    });
    let parts = &recorded.parts;
    let text_part = match (&parts.text, text) {
        (_, false) if header.digests.get(1).is_some_and(Option::is_some) => texts::audit_not_yours(lang).to_owned(),
        (Some(part), true) => part.clone(),
        _ => texts::audit_no_part(lang).to_owned(),
    };
    let personal = match header.digests.get(2) {
        Some(Some(_)) => texts::audit_personal(lang),
        _ => texts::audit_no_part(lang),
    };
    page.left.push(Block::Facts {
        title: texts::audit_parts(lang).to_owned(),
        facts: vec![
            Fact::new(texts::audit_core(lang), &parts.core),
            Fact::new(texts::audit_text(lang), text_part),
            Fact::new(texts::audit_personal_name(lang), personal),
        ],
    });
    page.left.push(Block::Facts { title: texts::audit_digests(lang).to_owned(), facts: digests(lang, header, &chains) });
    Ok(page.answer(StatusCode::OK))
}

fn or_none(lang: Lang, text: &str) -> String {
    if text.is_empty() { texts::audit_no_part(lang).to_owned() } else { text.to_owned() }
}

fn digests(lang: Lang, header: &journal::Header, chains: &(Vec<u8>, Vec<u8>)) -> Vec<Fact> {
    let [core, text, personal] = header.digests.map(|digest| digest.map(|d| hex(&d)).unwrap_or_default());
    vec![
        Fact::new(texts::audit_header_digest(lang), hex(&header.digest())),
        Fact::new(texts::audit_core(lang), or_none(lang, &core)),
        Fact::new(texts::audit_text(lang), or_none(lang, &text)),
        Fact::new(texts::audit_personal_name(lang), or_none(lang, &personal)),
        Fact::new(texts::audit_origin_chain(lang), hex(&chains.0)),
        Fact::new(texts::audit_local_chain(lang), hex(&chains.1)),
    ]
}
