//! A hazard as a row of a table: what one sorts, sends on, and asks people about.

use std::{collections::HashMap, sync::Arc};

use documents::{Cell, Head};
use journal::{Vault, events_of_stream};
use kernel::{Date, PersonId, Timestamp, UnitId};
use language::Lang;
use organisation::{person_names, unit_brief};
use rules::RuleBook;
use storage::{StorageError, Tx};

use crate::{
    event::HazardEvent,
    facts::acting_unit,
    pages::timeline::decoded,
    query::{HazardRow, repeats, state},
    state::{HazardState, Stage},
    texts, words,
};

/// The headings, with widths in characters.
pub(crate) fn heads(lang: Lang) -> Vec<Head> {
    [
        (texts::hazard_number(lang), 12),
        (texts::record_unit(lang), 24),
        (texts::record_category(lang), 16),
        (texts::record_level(lang), 8),
        (texts::record_stage(lang), 10),
        (texts::list_column_turn(lang), 28),
        (texts::record_description(lang), 48),
        (texts::record_place(lang), 24),
        (texts::record_source(lang), 12),
        (texts::export_found_on(lang), 12),
        (texts::export_registered_on(lang), 12),
        (texts::plan_responsible(lang), 12),
        (texts::plan_due(lang), 12),
        (texts::export_due_now(lang), 12),
        (texts::export_late(lang), 14),
        (texts::export_closed_on(lang), 12),
        (texts::export_repeats(lang), 14),
    ]
    .map(|(label, width)| Head::new(label, width))
    .into()
}

/// Writes rows; remembers the names it has read. Whoever may see a hazard sees who answers for it, as on its page.
pub(crate) struct Ledger {
    lang: Lang,
    rules: RuleBook,
    vault: Arc<Vault>,
    people: HashMap<PersonId, String>,
    units: HashMap<UnitId, String>,
}

impl Ledger {
    pub(crate) fn new(lang: Lang, rules: RuleBook, vault: Arc<Vault>) -> Self {
        Self { lang, rules, vault, people: HashMap::new(), units: HashMap::new() }
    }

    /// One row.
    pub(crate) fn cells(
        &mut self,
        tx: &mut Tx,
        row: &HazardRow,
        now: Timestamp,
    ) -> Result<Vec<Cell>, StorageError> {
        let lang = self.lang;
        let text = |text: &str| Cell::from(language::plain(text).to_string());
        let day = |at: Option<Timestamp>| Cell::from(at.map(Timestamp::local_date));
        let state = state(tx, row.id)?;
        let plan = match &state {
            Some(state) => plan(tx, row, state)?,
            None => Plan::default(),
        };
        let responsible = match plan.responsible {
            Some(person) => self.person(tx, person)?,
            None => String::new(),
        };
        let acting = match &state {
            Some(state) => acting_unit(tx, state)?,
            None => None,
        };
        let turn = match row.turn {
            Some((act, unit)) => {
                format!("{} {}", self.unit(tx, acting.unwrap_or(unit))?, words::act(lang, act))
            }
            None => String::new(),
        };
        let repeats = if row.repeated { repeats(tx, row.id)? } else { None };
        Ok(vec![
            text(&row.number.to_string()),
            text(&row.unit_name),
            text(&words::category(lang, &self.rules, &row.category)),
            text(&words::level(lang, row.level)),
            text(&words::stage(lang, row.stage)),
            text(&turn),
            text(&row.title),
            text(&row.place),
            text(&words::source(lang, &self.rules, &row.source)),
            day(state.as_ref().map(|state| state.found_at)),
            day(Some(row.registered_at)),
            text(&responsible),
            Cell::from(plan.due),
            day(row.due_at.filter(|_| row.stage.is_open())),
            text(&late(lang, row, now)),
            day(row.closed_at),
            text(&repeats.map(|earlier| earlier.number.to_string()).unwrap_or_default()),
        ])
    }

    fn person(&mut self, tx: &mut Tx, person: PersonId) -> Result<String, StorageError> {
        if let Some(name) = self.people.get(&person) {
            return Ok(name.clone());
        }
        let name = person_names(tx, &self.vault, &[person])?.remove(&person).unwrap_or_default();
        self.people.insert(person, name.clone());
        Ok(name)
    }

    fn unit(&mut self, tx: &mut Tx, unit: UnitId) -> Result<String, StorageError> {
        if let Some(name) = self.units.get(&unit) {
            return Ok(name.clone());
        }
        let name = unit_brief(tx, unit)?.map(|brief| brief.name).unwrap_or_default();
        self.units.insert(unit, name.clone());
        Ok(name)
    }
}

/// 已逾期, and how far it has climbed; nothing where nothing is late.
fn late(lang: Lang, row: &HazardRow, now: Timestamp) -> String {
    let late = row.stage.is_open() && row.due_at.is_some_and(|due| due < now);
    let late = late.then(|| texts::record_overdue(lang).to_owned());
    let climbed = row.escalation.map(|step| words::climb(lang, step));
    late.into_iter().chain(climbed).collect::<Vec<_>>().join(" · ")
}

/// Who answers for the rectification, and by when: not the deadline of whatever comes next.
#[derive(Default)]
struct Plan {
    responsible: Option<PersonId>,
    due: Option<Date>,
}

fn plan(tx: &mut Tx, row: &HazardRow, state: &HazardState) -> Result<Plan, StorageError> {
    if let Some(plan) = state.stage.plan() {
        return Ok(Plan { responsible: plan.responsible, due: Some(plan.due.at.local_date()) });
    }
    match &state.stage {
        Stage::Assigned { responsible, .. } => Ok(Plan { responsible: *responsible, due: None }),
        // The state of what is done has no plan any more; its history has.
        Stage::Done { .. } => Ok(remembered(&events_of_stream(tx, row.id, None)?)),
        _ => Ok(Plan::default()),
    }
}

/// The plan as the events left it.
fn remembered(events: &[journal::Recorded]) -> Plan {
    let mut plan = Plan::default();
    for (_, event) in decoded(events) {
        match event {
            HazardEvent::TakenOn(parts) => {
                plan.responsible = Some(parts.core.responsible);
                plan.due = Some(parts.core.due.at.local_date());
            }
            HazardEvent::ExtensionGranted(parts) => plan.due = Some(parts.core.due.at.local_date()),
            HazardEvent::Returned(parts) => plan.due = Some(parts.core.due.at.local_date()),
            _ => {}
        }
    }
    plan
}
