//! The rows that follow from a change: the record, the search text, the rollups.

mod before;
mod rollups;

use std::fmt::Write as _;

use journal::{Saving, Subject};
use kernel::{StreamId, Timestamp};
use storage::{Param, StorageError, Tx, params, search};

use crate::{
    Hazard,
    event::Photo,
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
            before::keep(tx, saving, old)?;
            repetition::judge_anew(tx, saving, old)?;
        }
    }
    save_photos(tx, saving)?;
    save_search(tx, saving)?;
    rollups::save(tx, saving)
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
    /// How it was closed here: within its deadline, and after how many days.
    closing: Option<(bool, i64)>,
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
        closing: closing(&state.stage),
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

/// A ledger's word says nothing of it.
const fn closing(stage: &Stage) -> Option<(bool, i64)> {
    match stage {
        Stage::Closed { on_time, days, .. } | Stage::Done { on_time, days, .. } => Some((*on_time, *days)),
        Stage::Registered { .. }
        | Stage::Graded { .. }
        | Stage::Assigned { .. }
        | Stage::Rectifying { .. }
        | Stage::ExtensionAsked { .. }
        | Stage::AwaitingAcceptance { .. }
        | Stage::Accepted { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => None,
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
    let (timely, days) = is.closing.unzip();
    sets.when(was.closing != is.closing, "timely", || Param::from(timely));
    sets.when(was.closing != is.closing, "days", || Param::from(days));
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

pub(crate) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    // The last serial of each unit is remembered.
    tx.forget();
    for table in [
        "hazard",
        "hazard_photo",
        "hazard_search",
        "hazard_now",
        "hazard_total",
        "hazard_day",
        "hazard_before",
    ] {
        tx.write(&format!("DELETE FROM {table}"), params![])?;
    }
    Ok(())
}
