//! What a decision about an adjustment must know besides its state.

use journal::Context;
use kernel::UnitId;
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{command::AdjustmentCommand, event::Number, in_force::activated, state::AdjustmentState};

/// What a decision about an adjustment must know besides its state.
#[derive(Clone)]
pub struct AdjustmentFacts {
    /// Those of the program.
    pub(crate) base: RuleBook,
    /// Those in force, by which this is decided.
    pub(crate) rules: RuleBook,
    /// The number of the next adjustment of the county this year.
    pub(crate) next: Number,
    /// What is in force beside it, in the order of activation; only where it is activated or ended.
    pub(crate) others: Vec<AdjustmentState>,
}

impl AdjustmentFacts {
    /// Nothing looked up yet.
    pub const fn new(base: RuleBook, rules: RuleBook) -> Self {
        Self { base, rules, next: Number { year: 0, serial: 0 }, others: Vec::new() }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    (base, rules): (RuleBook, RuleBook),
    state: Option<&AdjustmentState>,
    command: &AdjustmentCommand,
    context: &Context<'_>,
) -> Result<AdjustmentFacts, StorageError> {
    let mut facts = AdjustmentFacts::new(base, rules);
    match (command, state) {
        (AdjustmentCommand::Draft(draft), None) => {
            facts.next = next_number(tx, draft.county, context.now.local_date().year())?;
        }
        (AdjustmentCommand::Activate { .. } | AdjustmentCommand::End { .. }, Some(state)) => {
            facts.others = activated(tx)?;
            facts.others.retain(|other| other.number != state.number || other.county != state.county);
        }
        _ => {}
    }
    Ok(facts)
}

fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM adjustment WHERE county_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}
