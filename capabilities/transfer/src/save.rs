//! The rows of a letter.

use hazard::{Note, Photo};
use journal::{Parts, Saving, Subject};
use storage::{StorageError, Tx, params};

use crate::{
    event::TransferEvent,
    state::{Stage, TransferState},
    subject::Transfer,
    turn::turn,
};

/// Characters of what was found that a list shows.
const TITLE_CHARS: usize = 80;

pub(crate) fn save(tx: &mut Tx, saving: &Saving<'_, Transfer>) -> Result<(), StorageError> {
    let new = saving.new;
    let (signature, dispatch, reply) = (new.stage.signature(), new.stage.dispatch(), new.stage.reply());
    let turn = turn(new);
    let barred = turn.as_ref().map(|turn| {
        turn.barred.iter().map(|person| person.0.simple().to_string()).collect::<Vec<_>>().join(" ")
    });
    tx.write(
        "INSERT INTO transfer (id, version, shape, state, hazard_id, unit_id, township_id, central_id, county_id,
            department_id, kind, stage, department_name, unit_name, title, words, year, serial, begun_at, begun_year,
            sent_at, sent_on, reply_by, answer, answered_on, turn_act, turn_due, turn_barred, ended_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26, ?27, ?28, ?29)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            unit_id = excluded.unit_id, township_id = excluded.township_id, central_id = excluded.central_id,
            department_id = excluded.department_id, kind = excluded.kind, stage = excluded.stage,
            department_name = excluded.department_name, unit_name = excluded.unit_name, title = excluded.title,
            words = excluded.words, year = excluded.year, serial = excluded.serial, sent_at = excluded.sent_at,
            sent_on = excluded.sent_on, reply_by = excluded.reply_by, answer = excluded.answer,
            answered_on = excluded.answered_on, turn_act = excluded.turn_act, turn_due = excluded.turn_due,
            turn_barred = excluded.turn_barred, ended_at = excluded.ended_at",
        params![
            saving.id,
            saving.version,
            Transfer::SHAPE,
            saving.state,
            new.hazard,
            new.unit,
            new.township,
            new.central,
            new.office(),
            new.letter.department,
            new.letter.kind.name(),
            new.stage.code().name(),
            new.letter.department_name.as_deref().unwrap_or_default(),
            new.letter.unit_name.as_deref().unwrap_or_default(),
            title(new).as_str(),
            words(new).as_str(),
            signature.map(|signature| signature.number.year),
            signature.map(|signature| signature.number.serial),
            new.begun_at,
            new.begun_at.local_date().year(),
            dispatch.map(|dispatch| dispatch.at),
            dispatch.map(|dispatch| dispatch.on),
            new.letter.reply_by,
            reply.map(|reply| reply.answer.name()),
            reply.map(|reply| reply.on),
            turn.as_ref().map(|turn| turn.act.name()),
            turn.as_ref().and_then(|turn| turn.due),
            barred.as_deref().filter(|barred| !barred.is_empty()),
            ended_at(&new.stage),
        ],
    )?;
    save_photos(tx, saving)
}

fn save_photos(tx: &mut Tx, saving: &Saving<'_, Transfer>) -> Result<(), StorageError> {
    for photo in saving.events.iter().flat_map(|(_, event)| photos(event)) {
        tx.write(
            "INSERT INTO transfer_photo (transfer_id, hash) VALUES (?1, ?2)
             ON CONFLICT (transfer_id, hash) DO NOTHING",
            params![saving.id, &photo.0],
        )?;
    }
    Ok(())
}

fn title(state: &TransferState) -> String {
    state.letter.found.as_deref().unwrap_or_default().chars().take(TITLE_CHARS).collect()
}

/// What a search looks at: small letters, one line for each field.
fn words(state: &TransferState) -> String {
    let letter = &state.letter;
    let signature = state.stage.signature();
    let number = signature.map(|signature| signature.number.to_string()).unwrap_or_default();
    let document = signature.map(|signature| signature.document_number.clone()).unwrap_or_default();
    let texts = [&letter.department_name, &letter.unit_name, &letter.place, &letter.found, &letter.request];
    let texts = texts.into_iter().map(|text| text.clone().unwrap_or_default());
    let all: Vec<String> = texts
        .chain([number, document, state.hazard_number.to_string()])
        .filter(|text| !text.is_empty())
        .collect();
    all.join("\n").to_lowercase()
}

fn ended_at(stage: &Stage) -> Option<kernel::Timestamp> {
    match stage {
        Stage::Done { reply, .. } | Stage::Returned { reply, .. } => Some(reply.at),
        Stage::Withdrawn { since, .. } => Some(*since),
        Stage::Drafted {}
        | Stage::Signing {}
        | Stage::Signed { .. }
        | Stage::Sent { .. }
        | Stage::Received { .. }
        | Stage::TakenOn { .. } => None,
    }
}

/// The photos an event brought.
pub(crate) fn photos(event: &TransferEvent) -> &[Photo] {
    const fn of(text: &Option<Note>) -> &[Photo] {
        match text {
            Some(note) => note.photos.as_slice(),
            None => &[],
        }
    }
    use TransferEvent as E;
    match event {
        E::Drafted(Parts { text, .. }) => {
            text.as_ref().map(|text| text.photos.as_slice()).unwrap_or_default()
        }
        E::Received(Parts { text, .. }) => {
            text.as_ref().map(|text| text.photos.as_slice()).unwrap_or_default()
        }
        E::Replied(Parts { text, .. }) => {
            text.as_ref().map(|text| text.photos.as_slice()).unwrap_or_default()
        }
        E::SentBack(Parts { text, .. }) | E::Withdrawn(Parts { text, .. }) => of(text),
        E::Sent(Parts { text, .. }) => of(text),
        E::AskedAgain(Parts { text, .. }) => of(text),
        E::Urged(Parts { text, .. }) => of(text),
        E::Submitted(_)
        | E::Signed(_)
        | E::LinkMade(_)
        | E::LinkRevoked(_)
        | E::Opened(_)
        | E::DeadlineWarned(_) => &[],
    }
}

/// Tickets and openings are no facts: a rebuild leaves them as they are.
pub(crate) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    tx.write("DELETE FROM transfer", params![])?;
    tx.write("DELETE FROM transfer_photo", params![])
}

/// Where letters name photos.
pub const PHOTOS: attachments::Naming = attachments::Naming { table: "transfer_photo", column: "hash" };
