//! The rows of a case.

use hazard::{Note, Photo};
use journal::{Parts, Saving, Subject};
use kernel::{PersonId, StreamId};
use storage::{StorageError, Tx, params};

use super::{
    event::CaseEvent,
    subject::Case,
    turn::{Turn, turns},
};

pub(super) fn save(tx: &mut Tx, saving: &Saving<'_, Case>) -> Result<(), StorageError> {
    let new = saving.new;
    let next = turns(new).iter().filter_map(|turn| turn.due).min();
    tx.write(
        "INSERT INTO accountability (id, version, shape, state, hazard_id, unit_id, county_id, stage, year, serial,
            opened_at, concluded_at, ended_at, next_due, words)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            stage = excluded.stage, concluded_at = excluded.concluded_at, ended_at = excluded.ended_at,
            next_due = excluded.next_due, words = excluded.words",
        params![
            saving.id,
            saving.version,
            Case::SHAPE,
            saving.state,
            new.hazard,
            new.unit,
            new.office(),
            new.stage.code().name(),
            new.number.year,
            new.number.serial,
            new.opened_at,
            new.conclusion.as_ref().map(|conclusion| conclusion.at),
            new.stage.ended(),
            next,
            &words(saving),
        ],
    )?;
    if saving.old.is_none() {
        for one in &new.sides {
            tx.write(
                "INSERT INTO accountability_side (case_id, unit_id, role) VALUES (?1, ?2, ?3)",
                params![saving.id, one.side.unit, one.side.role.name()],
            )?;
        }
    }
    if saving.old.map(turns).as_ref() != Some(&turns(new)) {
        save_due(tx, saving.id, &turns(new))?;
    }
    for (_, event) in saving.events {
        for photo in photos(event) {
            tx.write(
                "INSERT INTO accountability_photo (case_id, hash) VALUES (?1, ?2)
                 ON CONFLICT (case_id, hash) DO NOTHING",
                params![saving.id, &photo.0],
            )?;
        }
    }
    Ok(())
}

/// What a search looks through: number, the units as they were called, the consequence.
fn words(saving: &Saving<'_, Case>) -> String {
    let new = saving.new;
    let names = new.sides.iter().map(|one| one.side.name.as_str());
    let said = [new.what.as_deref(), new.link.as_deref()].into_iter().flatten();
    let words: Vec<&str> = names.chain(said).collect();
    format!("{} {} {}", new.number, new.hazard_number, words.join(" "))
}

/// A few rows each: what was there is put aside. Cases and clarifications wait in one table.
pub(crate) fn save_due(tx: &mut Tx, id: StreamId, turns: &[Turn]) -> Result<(), StorageError> {
    tx.write("DELETE FROM accountability_due WHERE stream_id = ?1", params![id])?;
    for turn in turns {
        let barred = named(&turn.barred);
        tx.write(
            "INSERT INTO accountability_due (stream_id, act, side_id, unit_id, due_at, barred_people)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, turn.act.name(), turn.side, turn.unit, turn.due, barred.as_deref()],
        )?;
    }
    Ok(())
}

fn named(people: &[PersonId]) -> Option<String> {
    let ids: Vec<String> = people.iter().map(|person| person.0.simple().to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The photos an event brought.
pub(crate) fn photos(event: &CaseEvent) -> &[Photo] {
    const fn of(text: &Option<Note>) -> &[Photo] {
        match text {
            Some(note) => note.photos.as_slice(),
            None => &[],
        }
    }
    use CaseEvent as E;
    match event {
        E::Opened(parts) => parts.text.as_ref().map_or(&[], |text| text.photos.as_slice()),
        E::Handled(parts) => parts.text.as_ref().map_or(&[], |text| text.photos.as_slice()),
        E::Stated(Parts { text, .. }) => of(text),
        E::Reviewed(Parts { text, .. }) | E::CalledOff(Parts { text, .. }) => of(text),
        E::SentBack(Parts { text, .. }) => of(text),
        E::MeasuresReported(Parts { text, .. }) => of(text),
        E::MeasuresChecked(Parts { text, .. }) => of(text),
        E::Extended(Parts { text, .. }) => of(text),
        E::SilenceRecorded(_)
        | E::Found(_)
        | E::Submitted(_)
        | E::Concluded(_)
        | E::Closed(_)
        | E::DeadlineWarned(_) => &[],
    }
}

/// The rows of clarifications are theirs: among those of what is due each kind clears its own.
pub(super) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    tx.write("DELETE FROM accountability_due WHERE stream_id IN (SELECT id FROM accountability)", params![])?;
    tx.write("DELETE FROM accountability", params![])?;
    tx.write("DELETE FROM accountability_side", params![])?;
    tx.write("DELETE FROM accountability_photo", params![])
}
