//! What a decision about a report must know besides its state.

use journal::Context;
use kernel::{StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use storage::{StorageError, Tx, params};

use crate::{SOURCE, command::PublicReportCommand, state::PublicReportState};

/// A place as a report is made there.
#[derive(Clone, Debug)]
pub(crate) struct PlaceSeen {
    /// Its name.
    pub name: String,
    /// It is in use, at this unit.
    pub open: bool,
}

/// A hazard as a report names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HazardSeen {
    /// Where it is.
    pub unit: UnitId,
    /// Its ledger number.
    pub number: hazard::Number,
    /// Somebody still has to do something about it.
    pub open: bool,
    /// Its source is this room.
    pub from_public: bool,
    /// Another report became it.
    pub taken: bool,
}

/// What a decision about a report must know besides its state.
#[derive(Clone)]
pub struct PublicReportFacts {
    /// The rules in force.
    pub(crate) rules: RuleBook,
    /// The school, as it stands in the tree, with its name.
    pub(crate) seat: Option<(Seat, String)>,
    /// The place.
    pub(crate) place: Option<PlaceSeen>,
    /// Reports made at the place today.
    pub(crate) today: usize,
    /// The next serial of the school this year.
    pub(crate) serial: u32,
    /// The hazard that is named.
    pub(crate) hazard: Option<HazardSeen>,
}

impl PublicReportFacts {
    /// Nothing looked up yet.
    pub const fn new(rules: RuleBook) -> Self {
        Self { rules, seat: None, place: None, today: 0, serial: 1, hazard: None }
    }
}

pub(crate) fn facts(
    tx: &mut Tx,
    rules: RuleBook,
    state: Option<&PublicReportState>,
    command: &PublicReportCommand,
    context: &Context<'_>,
) -> Result<PublicReportFacts, StorageError> {
    let mut facts = PublicReportFacts::new(rules);
    match (command, state) {
        (PublicReportCommand::Receive(asked), None) => {
            of_reception(tx, &mut facts, (asked.unit, asked.place), context.now)?;
        }
        (PublicReportCommand::TakeUp { hazard, .. }, _)
        | (PublicReportCommand::Answer { hazard: Some(hazard), .. }, _) => {
            facts.hazard = hazard_seen(tx, *hazard, context.stream)?;
        }
        (PublicReportCommand::Receive(_), Some(_))
        | (PublicReportCommand::Answer { hazard: None, .. }, _)
        | (PublicReportCommand::SendBack(_) | PublicReportCommand::Tick { .. }, _) => {}
    }
    Ok(facts)
}

/// What a reception leans on; a page reads the same to try a form before it stores a photo.
pub(crate) fn of_reception(
    tx: &mut Tx,
    facts: &mut PublicReportFacts,
    (unit, place): (UnitId, StreamId),
    now: Timestamp,
) -> Result<(), StorageError> {
    let seen = places::query::state(tx, place)?.map(|(state, _)| state).filter(|state| state.unit == unit);
    facts.place = seen.map(|state| PlaceSeen {
        name: places::words::named(state.name(), state.spot()),
        open: state.closed_at.is_none(),
    });
    let name = organisation::unit_names(tx, &[unit])?.remove(&unit).unwrap_or_default();
    facts.seat = organisation::seat(tx, unit)?.map(|seat| (seat, name));
    let today = Timestamp::at_start_of(now.local_date());
    let sql = "SELECT count(*) FROM public_report WHERE place_id = ?1 AND received_at >= ?2";
    facts.today = usize::try_from(tx.count(sql, params![place, today])?).unwrap_or(usize::MAX);
    let newest = "SELECT coalesce(max(serial), 0) FROM public_report WHERE unit_id = ?1 AND year = ?2";
    let last = tx.count(newest, params![unit, now.local_date().year()])?;
    facts.serial = u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1);
    Ok(())
}

fn hazard_seen(tx: &mut Tx, id: StreamId, but: StreamId) -> Result<Option<HazardSeen>, StorageError> {
    let Some(state) = hazard::query::state(tx, id)? else { return Ok(None) };
    let sql = "SELECT count(*) FROM public_report WHERE hazard_id = ?1 AND stage = 'taken-up' AND id <> ?2";
    Ok(Some(HazardSeen {
        unit: state.unit,
        number: state.number,
        open: state.stage.code().is_open(),
        from_public: state.source == SOURCE,
        taken: tx.count(sql, params![id, but])? > 0,
    }))
}
