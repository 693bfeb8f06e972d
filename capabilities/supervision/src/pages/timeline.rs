//! The history of a listing in sentences.

use hazard::{Note, Photo, pages::Names};
use journal::{Payload, Recorded};
use kernel::{PersonId, StreamId, UnitId};
use language::{Lang, Say};
use web::view::{Level, Moment, Photo as Shown};

use super::href;
use crate::{
    event::{EndedWhy, SignedText, SupervisionEvent},
    save::photos,
    texts, words,
};

/// Several people in one line.
pub(super) fn people(lang: Lang, names: &Names, people: &[PersonId]) -> String {
    let names: Vec<String> = people.iter().map(|person| names.person(lang, *person)).collect();
    names.join(texts::names_between(lang))
}

/// What a unit is called; nothing where that is not known.
pub(super) fn unit(names: &Names, unit: UnitId) -> String {
    names.units.get(&unit).cloned().unwrap_or_default()
}

/// The events as they can be read; one from a newer version is left out of the sentences, not of the record.
pub(super) fn decoded(events: &[Recorded]) -> Vec<(&Recorded, SupervisionEvent)> {
    events
        .iter()
        .filter_map(|recorded| {
            let header = &recorded.header;
            let event = SupervisionEvent::decode(&header.event_type, header.type_version, &recorded.parts);
            event.ok().map(|event| (recorded, event))
        })
        .collect()
}

/// People named in the events besides the actors.
pub(super) fn people_in(events: &[(&Recorded, SupervisionEvent)]) -> Vec<PersonId> {
    let named = events.iter().flat_map(|(_, event)| match event {
        SupervisionEvent::Checked(parts) => parts.core.checkers.clone(),
        _ => Vec::new(),
    });
    named.collect()
}

/// The timeline, newest first.
pub(super) fn moments(
    lang: Lang,
    id: StreamId,
    events: &[(&Recorded, SupervisionEvent)],
    names: &Names,
) -> Vec<Moment> {
    let moment = |(recorded, event): &(&Recorded, SupervisionEvent)| {
        let who = names.actor(lang, recorded.actor());
        Moment {
            at: Say(lang).date_time(recorded.header.decided_at),
            sentence: sentence(lang, event, &who, names),
            note: note(event),
            level: mark(event),
            photos: photos(event).iter().map(|photo| shown(lang, id, photo)).collect(),
        }
    };
    events.iter().rev().map(moment).collect()
}

/// A photo of the listing.
fn shown(lang: Lang, id: StreamId, photo: &Photo) -> Shown {
    let whole = format!("{}/photos/{}", href(id), photo.0);
    Shown { src: format!("{whole}?small=1"), href: whole, alt: texts::photo_alt(lang).to_owned() }
}

fn sentence(lang: Lang, event: &SupervisionEvent, who: &str, names: &Names) -> String {
    use SupervisionEvent as E;
    match event {
        E::Opened(_) => texts::line_opened(lang).to_owned(),
        E::Controlled(parts) => texts::line_controlled(lang, who, words::control(lang, &parts.core.measure)),
        E::Drafted(parts) => texts::line_drafted(
            lang,
            who,
            unit(names, parts.core.supervisor),
            Say(lang).date_of(parts.core.deadline),
        ),
        E::Submitted(_) => texts::line_submitted(lang, who),
        E::Reviewed(_) => texts::line_reviewed(lang, who),
        E::SentBack(_) => texts::line_sent_back(lang, who),
        E::Signed(parts) => texts::line_signed(lang, who, words::number(lang, parts.core.number)),
        E::Waived(_) => texts::line_waived(lang, who),
        E::Received(_) => texts::line_received(lang, who),
        E::Progressed(parts) => texts::line_progressed(lang, Say(lang).date_of(parts.core.progress.at)),
        E::Rectified(_) => texts::line_rectified(lang).to_owned(),
        E::Returned(_) => texts::line_returned(lang).to_owned(),
        E::DelistingAsked(_) => texts::line_delisting_asked(lang, who),
        E::Checked(parts) => {
            let there = people(lang, names, &parts.core.checkers);
            let there = match parts.core.others {
                0 => there,
                others => texts::line_and_others(lang, there, others),
            };
            let on = Say(lang).date_of(parts.core.on);
            if parts.core.passed {
                texts::line_checked(lang, who, on, there)
            } else {
                texts::line_check_failed(lang, who, on, there)
            }
        }
        E::CheckSigned(_) => texts::line_check_signed(lang, who),
        E::Delisted(_) => texts::line_delisted(lang, who),
        E::DelistingRefused(_) => texts::line_delisting_refused(lang, who),
        E::Ended(parts) if parts.core.why.known() == Some(EndedWhy::Lowered) => {
            texts::line_ended_lowered(lang).to_owned()
        }
        E::Ended(_) => texts::line_ended(lang).to_owned(),
        E::DeadlineWarned(parts) => {
            let clock = words::clock(lang, &parts.core.clock);
            match parts.core.mark {
                100.. => texts::line_overdue(lang, clock),
                mark => texts::line_warned(lang, clock, u32::from(mark)),
            }
        }
    }
}

/// What somebody wrote.
fn note(event: &SupervisionEvent) -> String {
    fn of(note: &Option<Note>) -> String {
        note.as_ref().map(|note| note.note.clone()).unwrap_or_default()
    }
    fn signed(text: &Option<SignedText>) -> String {
        let Some(text) = text else { return String::new() };
        let both = [text.document_number.as_str(), text.note.as_str()];
        both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
    use SupervisionEvent as E;
    match event {
        E::Controlled(parts) => of(&parts.text),
        E::Drafted(parts) => parts.text.as_ref().map(|text| text.requirements.clone()).unwrap_or_default(),
        E::Reviewed(parts) | E::Waived(parts) | E::Received(parts) => of(&parts.text),
        E::SentBack(parts) => of(&parts.text),
        E::Signed(parts) => signed(&parts.text),
        E::DelistingAsked(parts) => of(&parts.text),
        E::Checked(parts) => of(&parts.text),
        E::Delisted(parts) => signed(&parts.text),
        E::DelistingRefused(parts) => of(&parts.text),
        E::Opened(_)
        | E::Submitted(_)
        | E::Progressed(_)
        | E::Rectified(_)
        | E::Returned(_)
        | E::CheckSigned(_)
        | E::Ended(_)
        | E::DeadlineWarned(_) => String::new(),
    }
}

fn mark(event: &SupervisionEvent) -> Level {
    match event {
        SupervisionEvent::Signed(_)
        | SupervisionEvent::SentBack(_)
        | SupervisionEvent::DelistingRefused(_) => Level::Red,
        SupervisionEvent::Checked(parts) if !parts.core.passed => Level::Red,
        SupervisionEvent::DeadlineWarned(parts) if parts.core.mark >= 100 => Level::Red,
        SupervisionEvent::DeadlineWarned(_) => Level::Yellow,
        SupervisionEvent::Delisted(_) => Level::Done,
        _ => Level::Plain,
    }
}
