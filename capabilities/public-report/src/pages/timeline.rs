//! The history of a report in sentences.

use hazard::pages::Names;
use journal::{Payload, Recorded};
use kernel::StreamId;
use language::{Lang, Say};
use web::view::{Level, Moment, Photo as Shown};

use super::href;
use crate::{event::PublicReportEvent, texts, words};

/// The timeline, newest first; an event from a newer version is left out of the sentences, not of the record.
pub(super) fn moments(lang: Lang, id: StreamId, events: &[Recorded], names: &Names) -> Vec<Moment> {
    let moment = |recorded: &Recorded| {
        let header = &recorded.header;
        let event =
            PublicReportEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
        let who = names.actor(lang, recorded.actor());
        let (sentence, note, level) = said(lang, &event, &who);
        let photos = match &event {
            PublicReportEvent::Received(parts) => {
                parts.text.as_ref().map(|text| shown(lang, id, &text.photos))
            }
            _ => None,
        };
        Some(Moment {
            at: Say(lang).date_time(header.decided_at),
            sentence,
            note,
            level,
            photos: photos.unwrap_or_default(),
        })
    };
    events.iter().rev().filter_map(moment).collect()
}

/// Photos below the address of the report.
pub(super) fn shown(lang: Lang, id: StreamId, photos: &[hazard::Photo]) -> Vec<Shown> {
    let one = |photo: &hazard::Photo| {
        let whole = format!("{}/photos/{}", href(id), photo.0);
        Shown { src: format!("{whole}?small=1"), href: whole, alt: texts::photo_alt(lang).to_owned() }
    };
    photos.iter().map(one).collect()
}

fn said(lang: Lang, event: &PublicReportEvent, who: &str) -> (String, String, Level) {
    use PublicReportEvent as E;
    match event {
        E::Received(parts) => {
            let words = parts.text.as_ref().map(|text| text.words.clone()).unwrap_or_default();
            (texts::line_received(lang).to_owned(), words, Level::Plain)
        }
        E::TakenUp(parts) => {
            let told = parts.text.as_ref().map(|text| text.words.clone()).unwrap_or_default();
            (texts::line_taken_up(lang, who, parts.core.hazard_number), told, Level::Blue)
        }
        E::Answered(parts) => {
            let told = parts.text.as_ref().map(|text| text.words.clone()).unwrap_or_default();
            let answer = words::answer_coded(lang, &parts.core.answer);
            (texts::line_answered(lang, who, answer), told, Level::Plain)
        }
        E::SentBack(parts) => {
            let note = parts.text.as_ref().map(|note| note.note.clone()).unwrap_or_default();
            (texts::line_sent_back(lang, who, Say(lang).date_of(parts.core.due.at)), note, Level::Red)
        }
        E::Warned(parts) => match parts.core.mark {
            100.. => (texts::line_overdue(lang).to_owned(), String::new(), Level::Red),
            mark => (texts::line_warned(lang, u32::from(mark)), String::new(), Level::Yellow),
        },
        E::TelephoneErased(_) => (texts::line_telephone_erased(lang).to_owned(), String::new(), Level::Plain),
    }
}
