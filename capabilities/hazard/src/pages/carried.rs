//! What a record shows of having been carried over from a ledger: a mark nobody can overlook, and the ledger's words.

use journal::{Recorded, first_event};
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Fact, Level, Mark};

use super::{facts::yuan, timeline::decoded};
use crate::{
    carried::{CarriedOver, CarriedPeople, CarriedText},
    event::{HazardEvent, Position},
    level::StageCode,
    texts, words,
};

/// What the first event knows of people: where the phone was that registered it, or the names of the ledger's row. The
/// names are shown to whoever sees the record, as those in its sentences are; the place is not.
pub(super) fn personal(
    tx: &mut Tx,
    vault: &journal::Vault,
    id: StreamId,
    events: &[Recorded],
) -> Result<(Option<Position>, CarriedPeople), Problem> {
    let [.., personal] = events.first().map(|first| first.header.digests).unwrap_or_default();
    if personal.is_none() {
        return Ok(Default::default());
    }
    let first = first_event(tx, id, Some(vault))?;
    Ok(match decoded(first.as_slice()).into_iter().next() {
        Some((_, HazardEvent::Registered(parts))) => {
            (parts.personal.and_then(|personal| personal.position), CarriedPeople::default())
        }
        Some((_, HazardEvent::CarriedOver(parts))) => (None, parts.personal.unwrap_or_default()),
        Some(_) | None => Default::default(),
    })
}

fn found(events: &[Recorded]) -> Option<(CarriedOver, CarriedText)> {
    // It can only be the first.
    decoded(events.get(..1)?).into_iter().find_map(|(_, event)| match event {
        HazardEvent::CarriedOver(parts) => Some((parts.core, parts.text.unwrap_or_default())),
        _ => None,
    })
}

/// What happened, for the timeline.
pub(super) fn sentence(lang: Lang, core: &CarriedOver, who: &str) -> String {
    match core.stage {
        StageCode::CarriedOver => texts::line_carried_closed(lang, who, core.row),
        stage => texts::line_carried_open(lang, who, core.row, words::stage(lang, stage)),
    }
}

/// The ledger's facts; empty for a hazard that was registered here.
pub(super) fn facts(lang: Lang, events: &[Recorded], people: &CarriedPeople) -> Vec<Fact> {
    let Some((core, text)) = found(events) else { return Vec::new() };
    let say = Say(lang);
    let day = |at: Option<kernel::Timestamp>| at.map(|at| say.date_of(at)).unwrap_or_default();
    let level = core.ledger_level.map(|level| words::level(lang, Some(level))).unwrap_or_default();
    let funds = match core.funds_cents {
        Some(cents) => format!("{} {} {}", yuan(cents), texts::plan_yuan(lang), text.funds),
        None => text.funds,
    };
    let mark = Mark::new(Level::Yellow, texts::carried_mark(lang));
    let mut facts = vec![Fact::mark(texts::carried_title(lang), mark)];
    let told = [
        (texts::carried_number(lang), core.ledger_number),
        (texts::carried_level(lang), level),
        (texts::carried_found_by(lang), people.found_by.clone()),
        (texts::plan_responsible(lang), people.responsible.clone()),
        (texts::plan_measures(lang), text.measures),
        (texts::plan_funds(lang), funds.trim().to_owned()),
        (texts::carried_due(lang), day(core.ledger_due)),
        (texts::plan_contingency(lang), text.contingency),
        (texts::carried_fixed(lang), day(core.fixed_at)),
        (texts::carried_accepted_by(lang), people.accepted_by.clone()),
        (texts::carried_closed(lang), day(core.closed_at)),
        (texts::carried_remark(lang), text.remark),
    ];
    let told = told.into_iter().filter(|(_, value)| !value.is_empty());
    facts.extend(told.map(|(name, value)| Fact::new(name, value)));
    facts
}
