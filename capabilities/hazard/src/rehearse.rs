//! What an import may ask before it writes: where a row of a ledger would stand, or why it is refused.

use std::collections::HashMap;

use journal::{Context, Standing};
use kernel::{Actor, Refusal, StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use storage::{Param, StorageError, Tx};

use crate::{
    HazardFacts,
    carried::CarryOver,
    command::HazardCommand,
    decide::{carry_over_refusals, decide},
    event::HazardEvent,
    level::StageCode,
};

/// Ids looked up in one query.
const IDS_AT_ONCE: usize = 64;

/// Decides rows of a ledger without writing them. Units are looked up once.
pub struct Rehearsal {
    rules: RuleBook,
    now: Timestamp,
    units: HashMap<UnitId, Option<Seat>>,
}

impl Rehearsal {
    /// By the rules in force.
    pub fn new(rules: RuleBook, now: Timestamp) -> Self {
        let somewhere = Seat { institution: true, ..Seat::default() };
        Self { rules, now, units: HashMap::from([(UnitId::NIL, Some(somewhere))]) }
    }

    /// Where the row would stand, or everything that speaks against it. A responsible person counts as known; a row
    /// whose school was not found ([`UnitId::NIL`]) is looked at as if that were an open one.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn stage(
        &mut self,
        tx: &mut Tx,
        asked: &CarryOver,
    ) -> Result<Result<StageCode, Vec<Refusal>>, StorageError> {
        let unit = match self.units.get(&asked.unit) {
            Some(unit) => *unit,
            None => {
                let unit = organisation::seat(tx, asked.unit)?;
                self.units.insert(asked.unit, unit);
                unit
            }
        };
        let facts = HazardFacts {
            unit,
            serial: 1,
            person_at_unit: asked.responsible.is_some(),
            ..HazardFacts::new(self.rules.clone())
        };
        let standing = Standing {
            actor: Actor::SYSTEM,
            person: None,
            home: None,
            grants: Vec::new(),
            permissions: std::sync::Arc::from([]),
            unit_path: String::new(),
        };
        let context = Context { stream: StreamId::NIL, now: self.now, standing: &standing };
        let refusals = carry_over_refusals(asked, &facts, &context);
        if !refusals.is_empty() {
            return Ok(Err(refusals));
        }
        let command = HazardCommand::CarryOver(Box::new(asked.clone()));
        let decided = decide(None, &command, &facts, &context).map(|events| {
            let stage = events.iter().find_map(|event| match event {
                HazardEvent::CarriedOver(parts) => Some(parts.core.stage),
                _ => None,
            });
            stage.unwrap_or(StageCode::Registered)
        });
        Ok(decided.map_err(|refusal| vec![refusal]))
    }
}

/// Where the hazards among these stand; those that do not exist are missing.
///
/// # Errors
/// Whatever the database answers.
pub fn stages_of(tx: &mut Tx, ids: &[StreamId]) -> Result<HashMap<StreamId, StageCode>, StorageError> {
    let mut found = HashMap::new();
    let marks = (1..=IDS_AT_ONCE).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT id, stage FROM hazard WHERE id IN ({marks})");
    for some in ids.chunks(IDS_AT_ONCE) {
        let last = some.last().copied().unwrap_or(StreamId::NIL);
        let filled = some.iter().copied().chain(std::iter::repeat(last)).take(IDS_AT_ONCE);
        let params: Vec<Param<'_>> = filled.map(Param::from).collect();
        let rows = tx.query(&sql, &params, |row| Ok((row.id::<StreamId>(0)?, row.text(1)?)))?;
        found.extend(rows.into_iter().filter_map(|(id, stage)| Some((id, StageCode::named(&stage)?))));
    }
    Ok(found)
}
