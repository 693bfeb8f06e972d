//! The plan of the five fixed, as events leave it.

use journal::Parts;
use kernel::{PersonId, Timestamp};
use rules::DueBy;

use crate::{
    event::{FixedOnSpot, FixedOnSpotText, ResponsibleChanged, ResponsibleChangedText, TakenOn, TakenOnText},
    state::Plan,
};

pub(super) fn plan_taken(parts: &Parts<TakenOn, TakenOnText>, at: Timestamp) -> Plan {
    let text = parts.text.as_ref();
    Plan {
        responsible: Some(parts.core.responsible),
        responsibility: text.map(|t| t.responsibility.clone()),
        funds: text.map(|t| t.funds.clone()),
        funds_cents: parts.core.funds_cents,
        measures: text.map(|t| t.measures.clone()),
        contingency: text.map(|t| t.contingency.clone()),
        since: at,
        due: parts.core.due.clone(),
        counted_from: at,
        late: false,
        earlier: Vec::new(),
        waited_ms: 0,
    }
}

/// The plan in other hands.
pub(super) fn handed(plan: Plan, parts: &Parts<ResponsibleChanged, ResponsibleChangedText>) -> Plan {
    Plan {
        responsible: Some(parts.core.responsible),
        responsibility: parts.text.as_ref().map(|text| text.responsibility.clone()),
        earlier: and(plan.earlier, plan.responsible),
        ..plan
    }
}

/// With one more, once.
pub(super) fn and(mut people: Vec<PersonId>, one: Option<PersonId>) -> Vec<PersonId> {
    people.extend(one.filter(|one| !people.contains(one)));
    people
}

pub(super) fn plan_on_spot(parts: &Parts<FixedOnSpot, FixedOnSpotText>, at: Timestamp) -> Plan {
    let text = parts.text.as_ref();
    Plan {
        responsible: parts.core.by,
        responsibility: text.map(|t| t.responsibility.clone()),
        funds: text.map(|t| t.funds.clone()),
        funds_cents: 0,
        measures: text.map(|t| t.measures.clone()),
        contingency: text.map(|t| t.contingency.clone()),
        since: at,
        due: DueBy { at, rule: String::new(), marks: Vec::new(), calendar_fallback: false },
        counted_from: at,
        late: false,
        earlier: Vec::new(),
        waited_ms: 0,
    }
}
