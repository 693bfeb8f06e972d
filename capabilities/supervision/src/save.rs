//! The rows of a listing.

use hazard::{Note, Photo};
use journal::{Parts, Saving, Subject};
use kernel::PersonId;
use storage::{StorageError, Tx, params};

use crate::{event::SupervisionEvent, state::Stage, subject::Supervision, turn::turns};

pub(crate) fn save(tx: &mut Tx, saving: &Saving<'_, Supervision>) -> Result<(), StorageError> {
    let new = saving.new;
    let listing = new.stage.listing();
    let next = turns(new).iter().filter_map(|turn| turn.due).min();
    tx.write(
        "INSERT INTO supervision (id, version, shape, state, hazard_id, unit_id, township_id, central_id, county_id, stage,
            year, serial, given_year, given_serial, opened_at, signed_at, deadline, next_due, ended_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            township_id = excluded.township_id, central_id = excluded.central_id, county_id = excluded.county_id,
            stage = excluded.stage, year = excluded.year, serial = excluded.serial,
            given_year = excluded.given_year, given_serial = excluded.given_serial, opened_at = excluded.opened_at,
            signed_at = excluded.signed_at, deadline = excluded.deadline, next_due = excluded.next_due,
            ended_at = excluded.ended_at",
        params![
            saving.id,
            saving.version,
            Supervision::SHAPE,
            saving.state,
            new.hazard,
            new.unit,
            new.township,
            new.central,
            new.office(),
            new.stage.code().name(),
            listing.map(|listing| listing.number.year),
            listing.map(|listing| listing.number.serial),
            new.given.map(|given| given.year),
            new.given.map(|given| given.serial),
            new.opened_at,
            listing.map(|listing| listing.signed_at),
            new.stage.notice().map(|notice| notice.deadline),
            next,
            ended_at(&new.stage),
        ],
    )?;
    save_due(tx, saving)?;
    for (_, event) in saving.events {
        for photo in photos(event) {
            tx.write(
                "INSERT INTO supervision_photo (supervision_id, hash) VALUES (?1, ?2)
                 ON CONFLICT (supervision_id, hash) DO NOTHING",
                params![saving.id, &photo.0],
            )?;
        }
    }
    Ok(())
}

fn ended_at(stage: &Stage) -> Option<kernel::Timestamp> {
    match stage {
        Stage::Delisted { since, .. } | Stage::Waived { since } | Stage::Ended { since, .. } => Some(*since),
        Stage::Owed {}
        | Stage::Drafted { .. }
        | Stage::Reviewing { .. }
        | Stage::Signing { .. }
        | Stage::Listed { .. }
        | Stage::Applied { .. }
        | Stage::Checking { .. }
        | Stage::Checked { .. } => None,
    }
}

/// A few rows each: what was there is put aside.
fn save_due(tx: &mut Tx, saving: &Saving<'_, Supervision>) -> Result<(), StorageError> {
    if saving.old.map(turns).as_ref() == Some(&turns(saving.new)) {
        return Ok(());
    }
    tx.write("DELETE FROM supervision_due WHERE supervision_id = ?1", params![saving.id])?;
    for turn in turns(saving.new) {
        let (only, barred) = (named(&turn.only), named(&turn.barred));
        tx.write(
            "INSERT INTO supervision_due (supervision_id, act, unit_id, due_at, only_people, barred_people)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![saving.id, turn.act.name(), turn.unit, turn.due, only.as_deref(), barred.as_deref()],
        )?;
    }
    Ok(())
}

fn named(people: &[PersonId]) -> Option<String> {
    let ids: Vec<String> = people.iter().map(|person| person.0.simple().to_string()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The photos an event brought.
pub(crate) fn photos(event: &SupervisionEvent) -> &[Photo] {
    const fn of(text: &Option<Note>) -> &[Photo] {
        match text {
            Some(note) => note.photos.as_slice(),
            None => &[],
        }
    }
    use SupervisionEvent as E;
    match event {
        E::Controlled(Parts { text, .. }) => of(text),
        E::Reviewed(Parts { text, .. }) | E::Waived(Parts { text, .. }) | E::Received(Parts { text, .. }) => {
            of(text)
        }
        E::SentBack(Parts { text, .. }) => of(text),
        E::DelistingAsked(Parts { text, .. }) => of(text),
        E::Checked(Parts { text, .. }) => of(text),
        E::DelistingRefused(Parts { text, .. }) => of(text),
        E::Opened(_)
        | E::Drafted(_)
        | E::Submitted(_)
        | E::Signed(_)
        | E::Progressed(_)
        | E::Rectified(_)
        | E::Returned(_)
        | E::CheckSigned(_)
        | E::Delisted(_)
        | E::Ended(_)
        | E::DeadlineWarned(_) => &[],
    }
}

pub(crate) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    tx.write("DELETE FROM supervision", params![])?;
    tx.write("DELETE FROM supervision_due", params![])?;
    tx.write("DELETE FROM supervision_photo", params![])
}

/// Where listings name photos.
pub const PHOTOS: attachments::Naming = attachments::Naming { table: "supervision_photo", column: "hash" };
