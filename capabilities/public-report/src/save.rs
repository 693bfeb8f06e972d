//! The rows of a report.

use journal::{Parts, Saving, Subject};
use kernel::Timestamp;
use storage::{StorageError, Tx, params};

use crate::{
    event::PublicReportEvent,
    state::{PublicReportState, Stage},
    subject::PublicReport,
    telephone,
    turn::turn,
};

/// Characters of what was reported that a list shows.
const TITLE_CHARS: usize = 80;

pub(crate) fn save(tx: &mut Tx, saving: &Saving<'_, PublicReport>) -> Result<(), StorageError> {
    let new = saving.new;
    let turn = turn(new);
    tx.write(
        "INSERT INTO public_report (id, version, shape, state, unit_id, township_id, central_id, county_id, place_id,
            hazard_id, category, stage, answer, sent_back, late, unit_name, place_name, title, words, year, serial,
            received_at, answered_at, turn_act, turn_since, turn_due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            hazard_id = excluded.hazard_id, stage = excluded.stage, answer = excluded.answer,
            sent_back = excluded.sent_back, late = excluded.late, title = excluded.title, words = excluded.words,
            answered_at = excluded.answered_at, turn_act = excluded.turn_act, turn_since = excluded.turn_since,
            turn_due = excluded.turn_due",
        params![
            saving.id,
            saving.version,
            PublicReport::SHAPE,
            saving.state,
            new.unit,
            new.township,
            new.central,
            new.county,
            new.place,
            new.stage.hazard().map(|(hazard, _)| hazard),
            new.category.as_deref(),
            new.stage.code().name(),
            answer(&new.stage),
            new.sent_back_at.is_some(),
            new.late,
            new.unit_name.as_deref().unwrap_or_default(),
            new.place_name.as_deref().unwrap_or_default(),
            title(new).as_str(),
            words(new).as_str(),
            new.number.year,
            new.number.serial,
            new.received_at,
            new.stage.answered_at(),
            turn.map(|turn| turn.act.name()),
            since(&new.stage),
            turn.map(|turn| turn.due),
        ],
    )?;
    save_beside(tx, saving)
}

/// Photos that came, and the telephone that goes.
fn save_beside(tx: &mut Tx, saving: &Saving<'_, PublicReport>) -> Result<(), StorageError> {
    for (_, event) in saving.events {
        match event {
            PublicReportEvent::Received(Parts { text, .. }) => {
                for photo in text.iter().flat_map(|text| &text.photos) {
                    tx.write(
                        "INSERT INTO public_report_photo (report_id, hash) VALUES (?1, ?2)
                         ON CONFLICT (report_id, hash) DO NOTHING",
                        params![saving.id, &photo.0],
                    )?;
                }
            }
            // In the same transaction as the event that says so; made again, it finds nothing to do.
            PublicReportEvent::TelephoneErased(_) => telephone::erase(tx, saving.id)?,
            PublicReportEvent::TakenUp(_)
            | PublicReportEvent::Answered(_)
            | PublicReportEvent::SentBack(_)
            | PublicReportEvent::Warned(_) => {}
        }
    }
    Ok(())
}

fn answer(stage: &Stage) -> Option<&str> {
    match stage {
        Stage::Answered { answer, .. } => Some(answer.name()),
        Stage::TakenUp { .. } | Stage::Waiting { .. } => None,
    }
}

const fn since(stage: &Stage) -> Option<Timestamp> {
    match stage {
        Stage::Waiting { since, .. } => Some(*since),
        Stage::TakenUp { .. } | Stage::Answered { .. } => None,
    }
}

fn title(state: &PublicReportState) -> String {
    state.words.as_deref().unwrap_or_default().chars().take(TITLE_CHARS).collect()
}

/// What a search looks at: small letters, one line for each field.
fn words(state: &PublicReportState) -> String {
    let texts = [&state.unit_name, &state.place_name, &state.spot, &state.words];
    let texts = texts.into_iter().map(|text| text.clone().unwrap_or_default());
    let all: Vec<String> = texts
        .chain([state.number.to_string(), state.stage.told().unwrap_or_default().to_owned()])
        .filter(|text| !text.is_empty())
        .collect();
    all.join("\n").to_lowercase()
}

/// Tickets and telephones are no facts: a rebuild leaves them as they are.
pub(crate) fn clear(tx: &mut Tx) -> Result<(), StorageError> {
    tx.write("DELETE FROM public_report", params![])?;
    tx.write("DELETE FROM public_report_photo", params![])
}

/// Where reports name photos.
pub const PHOTOS: attachments::Naming = attachments::Naming { table: "public_report_photo", column: "hash" };
