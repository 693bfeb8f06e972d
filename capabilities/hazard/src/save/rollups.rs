//! How many stand where, and what happened on which day.

use journal::{Saving, Stamp};
use storage::{StorageError, Tally, Tx, params};

use super::level_name;
use crate::{Hazard, clocks::is_help, event::HazardEvent, evolve::evolve, state::HazardState};

const NOW: Tally = Tally { table: "hazard_now", keys: &["unit_id", "stage", "level", "category"] };
const TOTAL: Tally = Tally { table: "hazard_total", keys: &["stage", "level", "category"] };
const DAY: Tally = Tally { table: "hazard_day", keys: &["day", "unit_id", "fact", "level", "category"] };

/// The rollups, event by event, so that a rebuild arrives at the same rows.
pub(super) fn save(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    if let [(stamp, event)] = saving.events {
        save_now(tx, saving.old, saving.new)?;
        return save_day(tx, stamp, event, saving.new);
    }
    let mut before: Option<HazardState> = saving.old.cloned();
    for (stamp, event) in saving.events {
        let Some(after) = evolve(before.clone(), event, stamp) else { continue };
        save_now(tx, before.as_ref(), &after)?;
        save_day(tx, stamp, event, &after)?;
        before = Some(after);
    }
    Ok(())
}

/// How many stand where: one out of the old place, one into the new.
fn save_now(tx: &mut Tx, old: Option<&HazardState>, new: &HazardState) -> Result<(), StorageError> {
    let place = |s: &HazardState| (s.stage.code().name(), level_name(s), s.category.clone());
    let to = place(new);
    if let Some(from) = old.map(place) {
        if from == to {
            return Ok(());
        }
        step(tx, new, &from, -1)?;
    }
    step(tx, new, &to, 1)
}

fn step(
    tx: &mut Tx,
    state: &HazardState,
    (stage, level, category): &(&str, &str, String),
    by: i64,
) -> Result<(), StorageError> {
    tx.add(&NOW, params![state.unit, *stage, *level, category], by)?;
    tx.add(&TOTAL, params![*stage, *level, category], by)
}

/// What happened on which day. Lateness enters as the event of the clock.
fn save_day(
    tx: &mut Tx,
    stamp: &Stamp,
    event: &HazardEvent,
    state: &HazardState,
) -> Result<(), StorageError> {
    for (fact, amount) in day_facts(event, state) {
        let day = stamp.at.day_number();
        tx.add(&DAY, params![day, state.unit, fact, level_name(state), &state.category], amount)?;
    }
    Ok(())
}

/// The daily facts an event adds; days open are sorted into buckets of 1, 3, 7, 15, 30, 90 and more.
fn day_facts(event: &HazardEvent, state: &HazardState) -> Vec<(&'static str, i64)> {
    match event {
        HazardEvent::Registered(parts) if parts.core.repeats.is_some() => {
            vec![("registered", 1), ("repeated", 1)]
        }
        HazardEvent::Registered(_) => vec![("registered", 1)],
        HazardEvent::CarriedOver(_) => vec![("carried_over", 1)],
        HazardEvent::Closed(parts) => {
            let timely = if parts.core.on_time { "closed_on_time" } else { "closed_late" };
            vec![("closed", 1), (timely, 1), (bucket(parts.core.days), 1)]
        }
        HazardEvent::Revisited(parts) if !parts.core.sound => vec![("reopened", 1)],
        // Late is the county, not the hazard.
        HazardEvent::DeadlineWarned(parts) if is_help(&parts.core.clock) => Vec::new(),
        HazardEvent::DeadlineWarned(parts) if parts.core.mark >= 100 => {
            // A late look back 回头看 is no overdue hazard: that one is closed.
            vec![(if state.stage.code().is_open() { "overdue" } else { "revisit_overdue" }, 1)]
        }
        HazardEvent::Withdrawn(_) => vec![("withdrawn", 1)],
        HazardEvent::Revisited(_)
        | HazardEvent::DeadlineWarned(_)
        | HazardEvent::FixedOnSpot(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Assigned(_)
        | HazardEvent::TakenOn(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::Progressed(_)
        | HazardEvent::Rectified(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Accepted(_)
        | HazardEvent::Returned(_)
        | HazardEvent::HelpAsked(_)
        | HazardEvent::HelpAnswered(_)
        | HazardEvent::HelpDelivered(_)
        | HazardEvent::Urged(_)
        | HazardEvent::Escalated(_)
        | HazardEvent::ClimbAnswered(_)
        | HazardEvent::Readdressed(_)
        | HazardEvent::Corrected(_) => Vec::new(),
    }
}

const fn bucket(days: i64) -> &'static str {
    match days {
        ..=1 => "closed_in_1",
        2..=3 => "closed_in_3",
        4..=7 => "closed_in_7",
        8..=15 => "closed_in_15",
        16..=30 => "closed_in_30",
        31..=90 => "closed_in_90",
        91.. => "closed_in_more",
    }
}
