//! What a record shows of having been carried over from a ledger: a mark nobody can overlook, and the ledger's words.

use journal::{Recorded, events_of_stream};
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Fact, Level, Mark};

use super::{facts::yuan, timeline::decoded};
use crate::{
    carried::{CarriedOver, CarriedPeople, CarriedText},
    event::HazardEvent,
    level::StageCode,
    texts, words,
};

/// The names of the ledger's row; shown to whoever sees the record, as the names in its sentences are.
pub(super) fn people(
    tx: &mut Tx,
    vault: &journal::Vault,
    id: StreamId,
    events: &[Recorded],
) -> Result<CarriedPeople, Problem> {
    if found(events).is_none() {
        return Ok(CarriedPeople::default());
    }
    let opened = events_of_stream(tx, id, Some(vault))?;
    let named = |(_, event): (&Recorded, HazardEvent)| match event {
        HazardEvent::CarriedOver(parts) => parts.personal,
        _ => None,
    };
    Ok(decoded(&opened).into_iter().find_map(named).unwrap_or_default())
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
