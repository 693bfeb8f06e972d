//! What a decision about a clarification must know besides its state.

use journal::Context;
use kernel::{StreamId, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};
use supervision::Number;

use super::{
    command::{Answer, ClarificationCommand},
    state::ClarificationState,
};
use crate::{
    case::OfHazard,
    reading::{Hand, History, Reading, post_of, reading},
};

/// What a decision about a clarification must know besides its state.
#[derive(Clone)]
pub struct ClarificationFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The number of the next clarification of the county this year.
    pub(crate) next: Number,
    /// The hazard it is asked for; `None` when there is none.
    pub(crate) hazard: Option<OfHazard>,
    /// What the unit is called.
    pub(crate) name: String,
    /// One was asked for and is not answered.
    pub(crate) open: bool,
    /// Deadlines of the unit that were missed.
    pub(crate) missed: u32,
    /// How far the journal was read.
    pub(crate) reading: Reading,
    /// The offices that acted.
    pub(crate) hands: Vec<Hand>,
    /// The post of whoever asks.
    pub(crate) post: String,
}

impl ClarificationFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            next: Number { year: 0, serial: 0 },
            hazard: None,
            name: String::new(),
            open: false,
            missed: 0,
            reading: Reading { position: 0, digest: String::new() },
            hands: Vec::new(),
            post: String::new(),
        }
    }

    /// What the journal tells of a unit's part in a hazard.
    fn read(
        &mut self,
        tx: &mut Tx,
        history: &History,
        unit: UnitId,
        context: &Context<'_>,
    ) -> Result<(), StorageError> {
        self.missed = u32::try_from(history.missed(unit, context.now)).unwrap_or(u32::MAX);
        self.hands = history.hands(tx)?;
        Ok(())
    }
}

pub(super) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    state: Option<&ClarificationState>,
    command: &ClarificationCommand,
    context: &Context<'_>,
) -> Result<ClarificationFacts, StorageError> {
    let mut facts = ClarificationFacts::new(rules);
    let year = context.now.local_date().year();
    match (state, command) {
        (None, ClarificationCommand::Ask(draft)) => {
            if let Some(hazard) = hazard::query::state(tx, draft.hazard)? {
                facts.open = is_open(tx, draft.hazard, hazard.unit)?;
                facts.name = organisation::unit_brief(tx, hazard.unit)?.map(|u| u.name).unwrap_or_default();
                facts.hazard =
                    Some(OfHazard { number: hazard.number, unit: hazard.unit, county: hazard.county });
            }
        }
        (None, ClarificationCommand::Issue(issue)) => {
            facts.next = next_number(tx, issue.county.unwrap_or(issue.school), year)?;
            let history = History::read(tx, issue.hazard)?.up_to(issue.reading.position);
            facts.read(tx, &history, issue.unit, context)?;
        }
        (Some(state), ClarificationCommand::Answer { answer: Answer::Sign, .. }) => {
            facts.next = next_number(tx, state.office(), year)?;
            facts.reading = reading(tx)?;
            let history = History::read(tx, state.hazard)?;
            facts.read(tx, &history, state.unit, context)?;
            if let Some(person) = context.standing.person {
                facts.post = post_of(tx, person)?;
            }
        }
        _ => {}
    }
    Ok(facts)
}

fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM clarification WHERE county_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}

fn is_open(tx: &mut Tx, hazard: StreamId, unit: UnitId) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM clarification WHERE hazard_id = ?1 AND unit_id = ?2 AND ended_at IS NULL";
    Ok(tx.count(sql, params![hazard, unit])? > 0)
}
