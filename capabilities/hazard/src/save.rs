//! The rows that follow from a change: the record, the search text, the rollups.

use std::fmt::Write as _;

use journal::{Saving, Stamp, Subject};
use kernel::{StreamId, Timestamp};
use storage::{Param, StorageError, Tally, Tx, params, search};

use crate::{
    Hazard,
    clocks::is_help,
    event::{HazardEvent, Photo},
    evolve::evolve,
    facts::number_given,
    repetition::{self, place_key},
    state::{HazardState, Help, Stage},
    turn::{barred, owed, turn, watch},
};

pub(crate) fn save(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    match saving.old {
        None => {
            insert(tx, saving)?;
            repetition::found_earlier(tx, saving)?;
            number_given(tx, saving.new.unit, saving.new.number);
        }
        Some(old) => {
            update(tx, saving, old)?;
            repetition::judge_anew(tx, saving, old)?;
        }
    }
    save_photos(tx, saving)?;
    save_search(tx, saving)?;
    save_rollups(tx, saving)
}

/// Which photos belong to which hazard, so that a photo is shown without reading the whole history.
fn save_photos(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    for Photo(hash) in saving.events.iter().flat_map(|(_, event)| event.photos()) {
        tx.write(
            "INSERT INTO hazard_photo (hazard_id, hash) VALUES (?1, ?2) ON CONFLICT (hazard_id, hash) DO NOTHING",
            params![saving.id, hash],
        )?;
    }
    Ok(())
}

/// The text columns that name a state.
struct Columns {
    level: &'static str,
    stage: &'static str,
    escalation: &'static str,
    help: &'static str,
    closed_at: Option<Timestamp>,
}

fn columns(state: &HazardState) -> Columns {
    Columns {
        level: level_name(state),
        stage: state.stage.code().name(),
        escalation: state.escalation.map_or("", crate::Escalation::name),
        help: match state.help {
            None => "",
            Some(Help::Asked) => "asked",
            Some(Help::Supported) => "supported",
            Some(Help::Delivered) => "delivered",
        },
        closed_at: closed_at(&state.stage),
    }
}

/// An ungraded hazard has the empty level.
fn level_name(state: &HazardState) -> &'static str {
    state.level.map_or("", crate::Level::name)
}

const fn closed_at(stage: &Stage) -> Option<Timestamp> {
    match stage {
        Stage::Closed { since, .. } => Some(*since),
        Stage::Done { closed_at, .. } => Some(*closed_at),
        Stage::CarriedOver { closed_at, .. } => *closed_at,
        Stage::Registered { .. }
        | Stage::Graded { .. }
        | Stage::Assigned { .. }
        | Stage::Rectifying { .. }
        | Stage::ExtensionAsked { .. }
        | Stage::AwaitingAcceptance { .. }
        | Stage::Accepted { .. }
        | Stage::Withdrawn { .. } => None,
    }
}

/// What has no deadline sorts behind everything that has one.
const NEVER: Timestamp = Timestamp(253_402_300_799_000);
/// Characters of the description that a list shows.
pub(crate) const TITLE_CHARS: usize = 60;

/// Who may not do what the turn asks, as the due list looks for them.
fn barred_text(state: &HazardState) -> Option<String> {
    let ids: Vec<String> = barred(state).iter().map(|person| person.0.simple().to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn sort_at(state: &HazardState) -> Timestamp {
    state.due().map_or(NEVER, |due| due.at)
}

/// How often it was urged on at the step that is due now.
fn urged(state: &HazardState) -> i64 {
    state.urged.map_or(0, |urged| i64::from(urged.times))
}

/// The hazard that goes on instead of one that was withdrawn.
fn same_as(state: &HazardState) -> Option<StreamId> {
    match &state.stage {
        Stage::Withdrawn { same_as, .. } => same_as.map(|other| other.hazard),
        _ => None,
    }
}

/// The beginning of the description, for lists.
fn title(state: &HazardState) -> String {
    title_of(state.description.as_deref().unwrap_or_default())
}

/// The beginning of a description, as the row has it.
pub(crate) fn title_of(description: &str) -> String {
    description.chars().take(TITLE_CHARS).collect()
}

fn insert(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    let new = saving.new;
    let c = columns(new);
    let next = turn(new);
    tx.write(
        "INSERT INTO hazard (id, version, shape, state, row_number, unit_id, township_id, central_id, county_id, year,
            serial, category, level, source, stage, phase, registered_at, registered_by, due_at, sort_at, closed_at,
            title, place, turn_unit, turn_act, turn_person, escalation, help, watch_unit, watch_act,
            words, central_now, closed_now, responsible, turn_barred, help_unit, help_due,
            place_key, found_day, repeats_since, repeats_of, urged)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42)",
        params![
            saving.id,
            saving.version,
            Hazard::SHAPE,
            saving.state,
            // The position of the first event: the same after every rebuild.
            saving.position - (saving.version - 1),
            new.unit,
            new.township,
            new.central,
            new.county,
            new.number.year,
            new.number.serial,
            &new.category,
            c.level,
            &new.source,
            c.stage,
            new.stage.code().phase(),
            new.registered_at,
            new.registered_by,
            new.due().map(|due| due.at),
            sort_at(new),
            c.closed_at,
            &title(new),
            new.place.as_deref().unwrap_or_default(),
            next.map(|t| t.unit),
            next.map(|t| t.act.name()),
            next.and_then(|t| t.person),
            c.escalation,
            c.help,
            watch(new).map(|w| w.unit),
            watch(new).map(|w| w.act.name()),
            &search::plain(&searchable(new)),
            new.central_now(),
            new.unit_closed(),
            new.responsible(),
            barred_text(new).as_deref(),
            owed(new).map(|owed| owed.unit),
            owed(new).and_then(|owed| owed.due),
            &place_key(new.place.as_deref().unwrap_or_default()),
            new.found_at.day_number(),
            new.repeats_since,
            repetition::as_written(saving),
            urged(new)
        ],
    )
}

/// Only columns whose value changes are named: every index on a named column is written, changed or not.
fn update(tx: &mut Tx, saving: &Saving<'_, Hazard>, old: &HazardState) -> Result<(), StorageError> {
    let new = saving.new;
    let (was, is) = (columns(old), columns(new));
    let (turned, next) = (turn(old), turn(new));
    let title = title(new);
    let mut sets = Sets::new(saving);
    sets.when(old.category != new.category, "category", || Param::from(new.category.as_str()));
    sets.when(was.level != is.level, "level", || Param::from(is.level));
    sets.when(was.stage != is.stage, "stage", || Param::from(is.stage));
    let (before, phase) = (old.stage.code().phase(), new.stage.code().phase());
    sets.when(before != phase, "phase", || Param::from(phase));
    let central = new.central_now();
    sets.when(old.central_now() != central, "central_now", || Param::from(central));
    let responsible = new.responsible();
    sets.when(old.responsible() != responsible, "responsible", || Param::from(responsible));
    let closed = new.unit_closed();
    sets.when(old.unit_closed() != closed, "closed_now", || Param::from(closed));
    let due = new.due().map(|due| due.at);
    sets.when(old.due().map(|due| due.at) != due, "due_at", || Param::from(due));
    sets.when(sort_at(old) != sort_at(new), "sort_at", || Param::from(sort_at(new)));
    sets.when(was.closed_at != is.closed_at, "closed_at", || Param::from(is.closed_at));
    let at = next.map(|t| t.unit);
    sets.when(turned.map(|t| t.unit) != at, "turn_unit", || Param::from(at));
    let act = next.map(|t| t.act.name());
    sets.when(turned.map(|t| t.act.name()) != act, "turn_act", || Param::from(act));
    let person = next.and_then(|t| t.person);
    sets.when(turned.and_then(|t| t.person) != person, "turn_person", || Param::from(person));
    let (bars, kept_off) = (barred_text(old), barred_text(new));
    sets.when(bars != kept_off, "turn_barred", || Param::from(kept_off.as_deref()));
    let (watched, watches) = (watch(old), watch(new));
    let at = watches.map(|w| w.unit);
    sets.when(watched.map(|w| w.unit) != at, "watch_unit", || Param::from(at));
    let act = watches.map(|w| w.act.name());
    sets.when(watched.map(|w| w.act.name()) != act, "watch_act", || Param::from(act));
    sets.when(was.escalation != is.escalation, "escalation", || Param::from(is.escalation));
    let (owed_before, owes) = (owed(old), owed(new));
    let at = owes.map(|owes| owes.unit);
    sets.when(owed_before.map(|owed| owed.unit) != at, "help_unit", || Param::from(at));
    let due = owes.and_then(|owes| owes.due);
    sets.when(owed_before.and_then(|owed| owed.due) != due, "help_due", || Param::from(due));
    sets.when(was.help != is.help, "help", || Param::from(is.help));
    sets.when(old.description != new.description, "title", || Param::from(title.as_str()));
    sets.when(old.place != new.place, "place", || Param::from(new.place.as_deref().unwrap_or_default()));
    let place = place_key(new.place.as_deref().unwrap_or_default());
    sets.when(old.place != new.place, "place_key", || Param::from(place.as_str()));
    let since = new.repeats_since;
    sets.when(old.repeats_since != since, "repeats_since", || Param::from(since));
    sets.when(same_as(old) != same_as(new), "same_as", || Param::from(same_as(new)));
    sets.when(urged(old) != urged(new), "urged", || Param::from(urged(new)));
    let words = reworded(old, new).then(|| search::plain(&searchable(new)));
    if let Some(words) = &words {
        sets.when(true, "words", || Param::from(words.as_str()));
    }
    tx.write(&sets.sql(), &sets.params)
}

/// The columns an update names.
struct Sets<'a> {
    columns: String,
    params: Vec<Param<'a>>,
}

impl<'a> Sets<'a> {
    /// Version and state change with every event.
    fn new(saving: &Saving<'a, Hazard>) -> Self {
        let params = vec![Param::from(saving.id), Param::from(saving.version), Param::from(saving.state)];
        Self { columns: "version = ?2, state = ?3".to_owned(), params }
    }

    fn when(&mut self, changed: bool, column: &str, value: impl FnOnce() -> Param<'a>) {
        if changed {
            self.params.push(value());
            // Writing into a String cannot fail.
            let _ = write!(self.columns, ", {column} = ?{}", self.params.len());
        }
    }

    fn sql(&self) -> String {
        format!("UPDATE hazard SET {} WHERE id = ?1", self.columns)
    }
}

/// Searchable are number, what and where.
fn searchable(state: &HazardState) -> String {
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{} {} {}", state.number, words(&state.description), words(&state.place))
}

/// What [`searchable`] tells is no longer the same.
fn reworded(old: &HazardState, new: &HazardState) -> bool {
    old.description != new.description || old.place != new.place || old.number != new.number
}

fn save_search(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
    if saving.old.is_some_and(|old| !reworded(old, saving.new)) {
        return Ok(());
    }
    let text = searchable(saving.new);
    let row = match saving.old {
        None => i64::try_from(saving.position - (saving.version - 1)).unwrap_or(i64::MAX),
        Some(_) => tx.count("SELECT row_number FROM hazard WHERE id = ?1", params![saving.id])?,
    };
    let unit = search::Tag::of(saving.new.unit.0);
    search::put_tagged(tx, "hazard_search", row, &text, &[unit], saving.old.is_none())
}

const NOW: Tally = Tally { table: "hazard_now", keys: &["unit_id", "stage", "level", "category"] };
const TOTAL: Tally = Tally { table: "hazard_total", keys: &["stage", "level", "category"] };
const DAY: Tally = Tally { table: "hazard_day", keys: &["day", "unit_id", "fact", "level", "category"] };

/// The rollups, event by event, so that a rebuild arrives at the same rows.
fn save_rollups(tx: &mut Tx, saving: &Saving<'_, Hazard>) -> Result<(), StorageError> {
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

pub(crate) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    // The last serial of each unit is remembered.
    tx.forget();
    for table in ["hazard", "hazard_photo", "hazard_search", "hazard_now", "hazard_total", "hazard_day"] {
        tx.write(&format!("DELETE FROM {table}"), params![])?;
    }
    Ok(())
}
