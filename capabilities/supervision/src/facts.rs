//! What a decision about a listing must know besides its state.

use journal::Context;
use kernel::{PersonId, UnitId};
use organisation::UnitKind;
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{command::SupervisionCommand, event::Number, state::SupervisionState};

/// What a decision about a listing must know besides its state.
#[derive(Clone)]
pub struct SupervisionFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The number of the next listing of the county this year.
    pub(crate) next: Number,
    /// The unit named as 督办单位 may be one: the county itself, or one of its departments.
    pub(crate) may_supervise: bool,
    /// Checkers that belong to the school or to the central school that runs it.
    pub(crate) of_the_school: Vec<PersonId>,
    /// Checkers that nobody knows, or that are gone.
    pub(crate) unknown: Vec<PersonId>,
}

impl SupervisionFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            next: Number { year: 0, serial: 0 },
            may_supervise: false,
            of_the_school: Vec::new(),
            unknown: Vec::new(),
        }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    state: Option<&SupervisionState>,
    command: &SupervisionCommand,
    context: &Context<'_>,
) -> Result<SupervisionFacts, StorageError> {
    let mut facts = SupervisionFacts::new(rules);
    let Some(state) = state else { return Ok(facts) };
    match command {
        SupervisionCommand::Sign { passed: true, .. } => {
            facts.next = next_number(tx, state.office(), context.now.local_date().year())?;
        }
        SupervisionCommand::Draft(draft) => {
            facts.may_supervise = match draft.supervisor {
                Some(unit) => may_supervise(tx, unit, state.office())?,
                None => false,
            };
        }
        SupervisionCommand::Check(check) => {
            for person in &check.checkers {
                match home(tx, *person)? {
                    None => facts.unknown.push(*person),
                    Some(home) if home == state.unit || Some(home) == state.central => {
                        facts.of_the_school.push(*person);
                    }
                    Some(_) => {}
                }
            }
        }
        SupervisionCommand::Open(_)
        | SupervisionCommand::Control { .. }
        | SupervisionCommand::Submit
        | SupervisionCommand::Review { .. }
        | SupervisionCommand::Sign { .. }
        | SupervisionCommand::Waive(_)
        | SupervisionCommand::Receive(_)
        | SupervisionCommand::AskDelisting(_)
        | SupervisionCommand::SignCheck
        | SupervisionCommand::Delist { .. }
        | SupervisionCommand::Hear(_)
        | SupervisionCommand::Tick { .. } => {}
    }
    Ok(facts)
}

fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest =
        "SELECT coalesce(max(given_serial), 0) FROM supervision WHERE county_id = ?1 AND given_year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}

/// 督办单位 may be the county itself, or one of its departments.
const SUPERVISORS: &str = "u.id = ?1 OR (u.closed_on IS NULL AND u.kind IN (?2, ?3)
    AND u.id IN (SELECT s.unit_id FROM unit_scope s WHERE s.ancestor_id = ?1))";

/// The kinds of [`SUPERVISORS`] besides the county.
const DEPARTMENTS: [&str; 2] = [UnitKind::Department.name(), UnitKind::PoliceStation.name()];

fn may_supervise(tx: &mut Tx, unit: UnitId, county: UnitId) -> Result<bool, StorageError> {
    let [department, station] = DEPARTMENTS;
    let sql = format!("SELECT count(*) FROM unit u WHERE u.id = ?4 AND ({SUPERVISORS})");
    Ok(tx.count(&sql, params![county, department, station, unit])? > 0)
}

/// All of them with their names, the county first; at most `most`.
pub(crate) fn supervisors(
    tx: &mut Tx,
    county: UnitId,
    most: usize,
) -> Result<Vec<(UnitId, String)>, StorageError> {
    let [department, station] = DEPARTMENTS;
    let sql = format!(
        "SELECT u.id, u.name FROM unit u WHERE {SUPERVISORS}
         ORDER BY CASE WHEN u.id = ?1 THEN 0 ELSE 1 END, u.kind, u.name LIMIT ?4"
    );
    tx.query(&sql, params![county, department, station, most], |row| Ok((row.id(0)?, row.text(1)?)))
}

fn home(tx: &mut Tx, person: PersonId) -> Result<Option<UnitId>, StorageError> {
    tx.first("SELECT unit_id FROM person WHERE id = ?1 AND active = TRUE", params![person], |row| row.id(0))
}
