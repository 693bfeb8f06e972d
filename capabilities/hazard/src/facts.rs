//! What a decision about a hazard must know besides its state.

use std::collections::HashMap;

use journal::Context;
use kernel::{PersonId, Refusal, StreamId, Timestamp, UnitId};
use organisation::{Line, Seat, UnitKind};
use rules::RuleBook;
use storage::{Question, StorageError, Tx, params};
use uuid::Uuid;

use crate::{
    command::{HazardCommand, Registration},
    event::NamedHazard,
    level::Number,
    repetition::{Earlier, Found, Spot, before},
    state::HazardState,
    turn::{Act, LEFT_TO_CENTRAL, turn},
};

/// What a decision about a hazard must know besides its state.
#[derive(Clone)]
pub struct HazardFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The unit of a new hazard, or of one that shall follow it; `None` when there is no such unit.
    pub(crate) unit: Option<Seat>,
    /// The next serial of that unit and year.
    pub(crate) serial: u32,
    /// The ledger number asked for is in use.
    pub(crate) number_taken: bool,
    /// The person named belongs to the unit, or to the central school where that works for it.
    pub(crate) person_at_unit: bool,
    /// Somebody at the unit other than who fixed it and who answers for it, or did, has an account that may accept;
    /// where more time is asked for, somebody other than who asks that may grant it.
    pub(crate) second_person: bool,
    /// The hazard of the unit found before it, of the same place and category.
    pub(crate) earlier: Option<Earlier>,
    /// The other hazard of the unit that a duplicate is said to be the same as, if it is there and was not withdrawn.
    pub(crate) same_as: Option<NamedHazard>,
    /// Why a major hazard can be neither accepted nor closed now.
    pub(crate) hindrance: Option<Refusal>,
    /// Why it cannot be withdrawn now.
    pub(crate) kept: Option<Refusal>,
}

impl HazardFacts {
    /// Nothing looked up yet.
    pub fn new(rules: RuleBook) -> Self {
        Self {
            rules,
            unit: None,
            serial: 0,
            number_taken: false,
            person_at_unit: false,
            second_person: false,
            earlier: None,
            same_as: None,
            hindrance: None,
            kept: None,
        }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    state: Option<&HazardState>,
    command: &HazardCommand,
    context: &Context<'_>,
) -> Result<HazardFacts, StorageError> {
    let mut facts = HazardFacts::new(rules);
    match command {
        HazardCommand::Register(asked) => of_registration(tx, &mut facts, asked, context)?,
        HazardCommand::CarryOver(asked) => {
            facts.unit = organisation::seat(tx, asked.unit)?;
            facts.serial = serial(tx, asked.unit, asked.found_at)?;
            facts.person_at_unit = match asked.responsible {
                Some(person) => belongs(tx, person, asked.unit)?,
                None => false,
            };
        }
        HazardCommand::Assign { responsible, .. } | HazardCommand::ChangeResponsible { responsible, .. } => {
            facts.person_at_unit = answers_there(tx, *responsible, state)?;
        }
        HazardCommand::TakeOn(draft) => {
            facts.person_at_unit = match draft.responsible {
                Some(person) => answers_there(tx, person, state)?,
                None => false,
            };
        }
        HazardCommand::AskExtension { .. } => {
            let asker = context.standing.person.into_iter().collect::<Vec<_>>();
            facts.second_person =
                access::another_may(tx, unit_of(state), Act::AnswerExtension.permission(), &asker)?;
        }
        HazardCommand::Rectify { .. } => {
            let plan = state.and_then(|state| state.stage.plan());
            let earlier = plan.into_iter().flat_map(|plan| plan.responsible.iter().chain(&plan.earlier));
            let not = context.standing.person.iter().chain(earlier).copied().collect();
            facts.second_person = second_person(tx, unit_of(state), not)?;
        }
        HazardCommand::Correct { category, place, .. } => {
            let spot = Spot::new(unit_of(state), category, place);
            let turn = Found {
                day: state.map_or(context.now, |state| state.found_at).day_number(),
                registered_at: state.map_or(context.now, |state| state.registered_at),
                id: context.stream,
            };
            facts.earlier = before(tx, &spot, turn)?;
        }
        HazardCommand::Withdraw { same_as: Some(other), .. } => {
            facts.same_as = standing_at(tx, *other, context.stream, unit_of(state))?;
        }
        HazardCommand::Readdress => facts.unit = organisation::seat(tx, unit_of(state))?,
        HazardCommand::Grade(_)
        | HazardCommand::Progress(_)
        | HazardCommand::AnswerExtension { .. }
        | HazardCommand::Accept { .. }
        | HazardCommand::Return { .. }
        | HazardCommand::Close(_)
        | HazardCommand::Revisit { .. }
        | HazardCommand::Withdraw { .. }
        | HazardCommand::AskHelp(_)
        | HazardCommand::AnswerHelp { .. }
        | HazardCommand::DeliverHelp(_)
        | HazardCommand::Urge(_)
        | HazardCommand::AnswerClimb(_)
        | HazardCommand::Tick { .. } => {}
    }
    Ok(facts)
}

fn of_registration(
    tx: &mut Tx,
    facts: &mut HazardFacts,
    asked: &Registration,
    context: &Context<'_>,
) -> Result<(), StorageError> {
    let found_at = asked.found_at.unwrap_or(context.now);
    facts.unit = organisation::seat(tx, asked.unit)?;
    facts.serial = serial(tx, asked.unit, found_at)?;
    facts.number_taken = match asked.number {
        Some(number) => number_taken(tx, asked.unit, number)?,
        None => false,
    };
    let spot = Spot::new(asked.unit, &asked.category, &asked.place);
    let turn = Found { day: found_at.day_number(), registered_at: context.now, id: context.stream };
    facts.earlier = before(tx, &spot, turn)?;
    if asked.on_the_spot.is_some() {
        facts.second_person = second_person(tx, asked.unit, context.standing.person.into_iter().collect())?;
    }
    Ok(())
}

/// Another hazard of the unit that was not withdrawn.
fn standing_at(
    tx: &mut Tx,
    id: StreamId,
    but: StreamId,
    unit: UnitId,
) -> Result<Option<NamedHazard>, StorageError> {
    let sql = "SELECT id, year, serial FROM hazard
         WHERE id = ?1 AND id <> ?2 AND unit_id = ?3 AND stage <> 'withdrawn'";
    tx.first(sql, params![id, but, unit], NamedHazard::read)
}

/// The next number of a unit's ledger of that year.
fn serial(tx: &mut Tx, unit: UnitId, found_at: Timestamp) -> Result<u32, StorageError> {
    let year = found_at.local_date().year();
    let last = tx.remembered(&last_serial(unit, year), |tx| {
        let newest = "SELECT coalesce(max(serial), 0) FROM hazard WHERE unit_id = ?1 AND year = ?2";
        let last = tx.count(newest, params![unit, year])?;
        Ok(u32::try_from(last).unwrap_or(u32::MAX))
    })?;
    Ok(last.saturating_add(1))
}

/// Every registration reads it and makes it wrong, so the writer keeps it up itself: see [`number_given`].
fn last_serial(unit: UnitId, year: i16) -> Question {
    let year = Uuid::from_u128(u128::from(year.unsigned_abs()));
    Question { name: "last serial", of: [unit.0, year, Uuid::nil()], tables: &[] }
}

/// A hazard was written under this number.
pub(crate) fn number_given(tx: &mut Tx, unit: UnitId, number: Number) {
    tx.correct(&last_serial(unit, number.year), |last: &u32| number.serial.max(*last));
}

fn unit_of(state: Option<&HazardState>) -> UnitId {
    state.map_or(UnitId::NIL, |s| s.unit)
}

fn number_taken(tx: &mut Tx, unit: UnitId, number: Number) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM hazard WHERE unit_id = ?1 AND year = ?2 AND serial = ?3";
    Ok(tx.count(sql, params![unit, number.year, number.serial])? > 0)
}

/// Belongs to the unit; or to the central school that runs it, where nobody of its own could take a hazard on.
fn answers_there(tx: &mut Tx, person: PersonId, state: Option<&HazardState>) -> Result<bool, StorageError> {
    if belongs(tx, person, unit_of(state))? {
        return Ok(true);
    }
    let central = state.and_then(HazardState::central_now);
    let Some(central) = central else { return Ok(false) };
    Ok(!somebody_takes_on(tx, unit_of(state))? && belongs(tx, person, central)?)
}

/// The unit whose people act next: the central school where the school has nobody for it.
pub(crate) fn acting_unit(tx: &mut Tx, state: &HazardState) -> Result<Option<UnitId>, StorageError> {
    let Some(turn) = turn(state) else { return Ok(None) };
    let left = LEFT_TO_CENTRAL.iter().find(|(_, acts)| acts.contains(&turn.act));
    let (Some((decides, _)), Some(central)) = (left, state.central_now()) else { return Ok(Some(turn.unit)) };
    let theirs = turn.unit == state.unit && !access::another_may(tx, turn.unit, decides.permission(), &[])?;
    Ok(Some(if theirs { central } else { turn.unit }))
}

/// Somebody at the unit can take a hazard on; otherwise the central school works for it.
pub(crate) fn somebody_takes_on(tx: &mut Tx, unit: UnitId) -> Result<bool, StorageError> {
    access::another_may(tx, unit, Act::TakeOn.permission(), &[])
}

fn belongs(tx: &mut Tx, person: PersonId, unit: UnitId) -> Result<bool, StorageError> {
    let question =
        Question { name: "person of unit", of: [person.0, unit.0, Uuid::nil()], tables: &["person"] };
    let known = tx.remembered(&question, |tx| {
        let sql = "SELECT count(*) FROM person WHERE id = ?1 AND unit_id = ?2 AND active = TRUE";
        Ok(tx.count(sql, params![person, unit])? > 0)
    })?;
    Ok(*known)
}

/// 第二人: somebody else at the school who can sign in and accept.
fn second_person(tx: &mut Tx, unit: UnitId, not: Vec<PersonId>) -> Result<bool, StorageError> {
    access::another_may(tx, unit, access::names::HAZARD_ACCEPT, &not)
}

/// What a unit's place in the tree says about whom its hazards are addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// The central school that runs it.
    pub central: Option<UnitId>,
    /// Nobody is there any more.
    pub closed: bool,
}

/// Of every unit at once; the same as [`organisation::seat`] says of each.
pub(crate) fn addressees(tx: &mut Tx) -> Result<Vec<(UnitId, Addressee)>, StorageError> {
    let above = tx.query(
        "SELECT s.unit_id, s.ancestor_id FROM unit_scope s JOIN unit u ON u.id = s.ancestor_id
         WHERE s.line = ?1 AND u.kind = ?2 AND s.ancestor_id <> s.unit_id ORDER BY s.depth DESC",
        params![Line::Management.name(), UnitKind::CentralSchool.name()],
        |row| Ok((row.id::<UnitId>(0)?, row.id::<UnitId>(1)?)),
    )?;
    // The nearest comes last and stays.
    let centrals: HashMap<UnitId, UnitId> = above.into_iter().collect();
    tx.query("SELECT id, closed_on FROM unit ORDER BY id", params![], |row| {
        let unit: UnitId = row.id(0)?;
        let closed = row.opt_text(1)?.is_some();
        Ok((unit, Addressee { central: centrals.get(&unit).copied(), closed }))
    })
}
