//! What a decision about a case must know besides its state.

use access::RoleBook;
use journal::{Authority as _, Context};
use kernel::{StreamId, UnitId};
use rules::RuleBook;
use storage::{StorageError, Tx, params};
use supervision::Number;

use super::{
    command::{CaseCommand, CaseDraft},
    event::Verdict,
    state::{CaseState, SideState, StageCode},
};
use crate::reading::{History, Reading, post_of, reading};

/// What must be known of the hazard a case is opened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfHazard {
    pub number: hazard::Number,
    pub unit: UnitId,
    pub county: Option<UnitId>,
}

/// What a decision about a case must know besides its state.
#[derive(Clone)]
pub struct CaseFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The number of the next case of the county this year.
    pub(crate) next: Number,
    /// The hazard it is opened on; `None` when there is none.
    pub(crate) hazard: Option<OfHazard>,
    /// A case on this hazard that is not concluded.
    pub(crate) open: Option<Number>,
    /// Units named as sides that exist, with their names.
    pub(crate) named: Vec<(UnitId, String)>,
    /// Whoever asks answers for the side he names.
    pub(crate) acts_for: bool,
    /// Sides found to have done their duty that missed a deadline all the same.
    pub(crate) missed: Vec<UnitId>,
    /// How far the journal was read.
    pub(crate) reading: Reading,
    /// The post of whoever asks.
    pub(crate) post: String,
}

impl CaseFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            next: Number { year: 0, serial: 0 },
            hazard: None,
            open: None,
            named: Vec::new(),
            acts_for: false,
            missed: Vec::new(),
            reading: Reading { position: 0, digest: String::new() },
            post: String::new(),
        }
    }
}

pub(super) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    state: Option<&CaseState>,
    command: &CaseCommand,
    context: &Context<'_>,
) -> Result<CaseFacts, StorageError> {
    let mut facts = CaseFacts::new(rules);
    match (state, command) {
        (None, CaseCommand::Open(draft)) => of_opening(tx, &mut facts, draft, context)?,
        (Some(_), CaseCommand::State { side, .. } | CaseCommand::ReportMeasures { side, .. }) => {
            facts.acts_for = answers_for(tx, context, *side)?;
        }
        (Some(state), CaseCommand::Conclude { passed: true, .. }) => {
            facts.missed = missed(tx, state, context)?;
            facts.reading = reading(tx)?;
            if let Some(person) = context.standing.person {
                facts.post = post_of(tx, person)?;
            }
        }
        _ => {}
    }
    Ok(facts)
}

fn of_opening(
    tx: &mut Tx,
    facts: &mut CaseFacts,
    draft: &CaseDraft,
    context: &Context<'_>,
) -> Result<(), StorageError> {
    let Some(hazard) = hazard::query::state(tx, draft.hazard)? else { return Ok(()) };
    let office = hazard.county.unwrap_or(hazard.unit);
    facts.next = next_number(tx, office, context.now.local_date().year())?;
    facts.open = open_case(tx, draft.hazard)?;
    for unit in draft.rectifying.iter().chain(&draft.supervising) {
        if let Some(brief) = organisation::unit_brief(tx, *unit)? {
            facts.named.push((*unit, brief.name));
        }
    }
    facts.hazard = Some(OfHazard { number: hazard.number, unit: hazard.unit, county: hazard.county });
    Ok(())
}

/// Somebody of the unit itself answers for it: whoever is above it does not.
fn answers_for(tx: &mut Tx, context: &Context<'_>, side: UnitId) -> Result<bool, StorageError> {
    let there = RoleBook::new().standing(tx, context.standing.actor, side)?;
    let granted = there.grants.iter().any(|grant| grant.unit == side);
    Ok(granted && !there.is_system() && there.may(access::names::ACCOUNTABILITY_ANSWER))
}

/// Sides found to have done their duty for which a deadline was missed, as the journal tells it.
fn missed(tx: &mut Tx, state: &CaseState, context: &Context<'_>) -> Result<Vec<UnitId>, StorageError> {
    let history = History::read(tx, state.hazard)?;
    let late = |one: &&SideState| {
        one.verdict() == Some(Verdict::Done) && history.missed(one.side.unit, context.now) > 0
    };
    Ok(state.sides.iter().filter(late).map(|one| one.side.unit).collect())
}

fn next_number(tx: &mut Tx, county: UnitId, year: i16) -> Result<Number, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM accountability WHERE county_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![county, year])?;
    Ok(Number { year, serial: u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1) })
}

/// The case of a hazard that is not concluded.
pub(crate) fn open_case(tx: &mut Tx, hazard: StreamId) -> Result<Option<Number>, StorageError> {
    let stages: Vec<String> = StageCode::ALL
        .iter()
        .filter(|stage| stage.is_open())
        .map(|stage| format!("'{}'", stage.name()))
        .collect();
    let sql = format!(
        "SELECT year, serial FROM accountability WHERE hazard_id = ?1 AND stage IN ({}) ORDER BY id LIMIT 1",
        stages.join(", ")
    );
    tx.first(&sql, params![hazard], |row| crate::query::number(row, 0))
}
