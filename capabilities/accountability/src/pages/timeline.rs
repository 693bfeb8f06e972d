//! The history of a case in sentences.

use hazard::{Note, Photo, pages::Names};
use journal::{Payload, Recorded};
use kernel::{StreamId, UnitId};
use language::{Lang, Say};
use web::view::{Level, Moment, Photo as Shown};

use super::{href, sides::Eyes};
use crate::{
    case::{CaseEvent, CaseState, Found, FoundText, HandledText, Verdict, photos},
    texts, words,
};

/// The events as they can be read; one from a newer version is left out of the sentences, not of the record.
pub(super) fn decoded(events: &[Recorded]) -> Vec<(&Recorded, CaseEvent)> {
    events
        .iter()
        .filter_map(|recorded| {
            let header = &recorded.header;
            let event = CaseEvent::decode(&header.event_type, header.type_version, &recorded.parts);
            event.ok().map(|event| (recorded, event))
        })
        .collect()
}

/// The timeline of what the viewer may see, newest first.
pub(super) fn moments(
    lang: Lang,
    (id, state): (StreamId, &CaseState),
    events: &[(&Recorded, CaseEvent)],
    names: &Names,
    eyes: &Eyes,
) -> Vec<Moment> {
    let shown = events.iter().rev().filter(|(_, event)| eyes.see(state, event));
    shown
        .map(|(recorded, event)| Moment {
            at: Say(lang).date_time(recorded.header.decided_at),
            sentence: sentence(lang, state, event, &names.actor(lang, recorded.actor()), eyes),
            note: note(lang, event),
            level: mark(event),
            photos: photos(event).iter().map(|photo| photo_of(lang, id, photo)).collect(),
        })
        .collect()
}

fn photo_of(lang: Lang, id: StreamId, photo: &Photo) -> Shown {
    let whole = format!("{}/photos/{}", href(id), photo.0);
    Shown { src: format!("{whole}?small=1"), href: whole, alt: texts::photo_alt(lang).to_owned() }
}

/// What a side was called.
pub(super) fn side_name(state: &CaseState, unit: UnitId) -> String {
    state.side(unit).map(|one| one.side.name.clone()).unwrap_or_default()
}

fn sentence(lang: Lang, state: &CaseState, event: &CaseEvent, who: &str, eyes: &Eyes) -> String {
    use CaseEvent as E;
    let side = |unit: UnitId| side_name(state, unit);
    match event {
        E::Opened(parts) => texts::line_opened(
            lang,
            who,
            words::authority(lang, state),
            words::consequence(lang, &parts.core.consequence),
        ),
        E::Stated(parts) if parts.core.on_behalf => texts::line_stated_for(lang, who, side(parts.core.side)),
        E::Stated(parts) if parts.core.late => texts::line_stated_late(lang, side(parts.core.side), who),
        E::Stated(parts) => texts::line_stated(lang, side(parts.core.side), who),
        E::SilenceRecorded(parts) => {
            let silent = parts.core.sides.iter().filter(|unit| eyes.see_side(**unit));
            let names: Vec<String> = silent.map(|unit| side(*unit)).collect();
            if names.is_empty() {
                texts::line_time_over(lang).to_owned()
            } else {
                texts::line_silent(lang, names.join(texts::names_between(lang)))
            }
        }
        E::Found(parts) => {
            let verdict = words::verdict(lang, &parts.core.verdict);
            texts::line_found(lang, who, side(parts.core.side), verdict)
        }
        E::Submitted(_) => texts::line_submitted(lang, who),
        E::Reviewed(_) => texts::line_reviewed(lang, who),
        E::SentBack(_) => texts::line_sent_back(lang, who),
        E::Concluded(_) => texts::line_concluded(lang, who),
        E::Handled(parts) => texts::line_handled(lang, who, side(parts.core.side)),
        E::MeasuresReported(parts) if parts.core.on_behalf => {
            texts::line_measures_for(lang, who, side(parts.core.side))
        }
        E::MeasuresReported(parts) => texts::line_measures(lang, side(parts.core.side), who),
        E::MeasuresChecked(parts) if parts.core.passed => {
            texts::line_checked(lang, who, side(parts.core.side))
        }
        E::MeasuresChecked(parts) => texts::line_check_failed(lang, who, side(parts.core.side)),
        E::Extended(parts) => texts::line_extended(lang, who, Say(lang).date_of(parts.core.investigation.at)),
        E::CalledOff(_) => texts::line_called_off(lang, who),
        E::Closed(_) => texts::line_closed(lang).to_owned(),
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
fn note(lang: Lang, event: &CaseEvent) -> String {
    fn of(note: &Option<Note>) -> String {
        note.as_ref().map(|note| note.note.clone()).unwrap_or_default()
    }
    fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
    use CaseEvent as E;
    match event {
        E::Opened(parts) => parts
            .text
            .as_ref()
            .map(|text| joined([text.document_number.as_str(), &text.consequence, &text.link]))
            .unwrap_or_default(),
        E::Stated(parts) => of(&parts.text),
        E::Found(parts) => found(lang, &parts.core, parts.text.as_ref()),
        E::Reviewed(parts) | E::CalledOff(parts) => of(&parts.text),
        E::SentBack(parts) => of(&parts.text),
        E::Concluded(parts) => parts
            .text
            .as_ref()
            .map(|text| joined([text.document_number.as_str(), &text.although, &text.note]))
            .unwrap_or_default(),
        E::Handled(parts) => {
            let told = |text: &HandledText| joined([text.document_number.as_str(), &text.note]);
            parts.text.as_ref().map(told).unwrap_or_default()
        }
        E::MeasuresReported(parts) => of(&parts.text),
        E::MeasuresChecked(parts) => of(&parts.text),
        E::Extended(parts) => of(&parts.text),
        E::SilenceRecorded(_) | E::Submitted(_) | E::Closed(_) | E::DeadlineWarned(_) => String::new(),
    }
}

/// A finding in lines: the facts, the basis, how it is handled, what is to be put right by when.
pub(super) fn found(lang: Lang, core: &Found, text: Option<&FoundText>) -> String {
    let erased = FoundText { facts: texts::erased(lang).to_owned(), ..FoundText::default() };
    let text = text.unwrap_or(&erased);
    let mut lines = vec![text.facts.clone()];
    if !text.basis.is_empty() {
        lines.push(texts::found_basis(lang, &text.basis));
    }
    if !core.handlings.is_empty() {
        let names: Vec<String> = core.handlings.iter().map(|one| words::handling(lang, one)).collect();
        lines.push(texts::found_handling(lang, names.join(texts::names_between(lang))));
    }
    if !text.handling.is_empty() {
        lines.push(text.handling.clone());
    }
    if let Some(due) = core.measures_due {
        lines.push(texts::found_measures(lang, Say(lang).date_of(due), &text.measures));
    }
    lines.join("\n")
}

fn mark(event: &CaseEvent) -> Level {
    match event {
        CaseEvent::Opened(_) | CaseEvent::SentBack(_) => Level::Red,
        CaseEvent::Found(parts) if parts.core.verdict.is(Verdict::Done) => Level::Done,
        CaseEvent::MeasuresChecked(parts) if !parts.core.passed => Level::Red,
        CaseEvent::DeadlineWarned(parts) if parts.core.mark >= 100 => Level::Red,
        CaseEvent::DeadlineWarned(_) => Level::Yellow,
        CaseEvent::Concluded(_) | CaseEvent::Closed(_) => Level::Done,
        _ => Level::Plain,
    }
}
