//! The history of a letter in sentences.

use hazard::{Note, pages::Names};
use journal::{Payload, Recorded};
use kernel::{Coded, StreamId};
use language::{Lang, Say};
use web::view::{Level, Moment};

use super::{fields::shown, href};
use crate::{
    event::{Answer, Author, SignedText, TransferEvent, Way},
    save::photos,
    texts, words,
};

/// The events as they can be read; one from a newer version is left out of the sentences, not of the record.
pub(super) fn decoded(events: &[Recorded]) -> Vec<(&Recorded, TransferEvent)> {
    events
        .iter()
        .filter_map(|recorded| {
            let header = &recorded.header;
            let event = TransferEvent::decode(&header.event_type, header.type_version, &recorded.parts);
            event.ok().map(|event| (recorded, event))
        })
        .collect()
}

/// The timeline, newest first.
pub(super) fn moments(
    lang: Lang,
    id: StreamId,
    events: &[(&Recorded, TransferEvent)],
    names: &Names,
) -> Vec<Moment> {
    let moment = |(recorded, event): &(&Recorded, TransferEvent)| {
        let who = names.actor(lang, recorded.actor());
        Moment {
            at: Say(lang).date_time(recorded.header.decided_at),
            sentence: sentence(lang, event, &who),
            note: note(lang, event),
            level: mark(event),
            photos: shown(lang, &href(id), photos(event)),
        }
    };
    events.iter().rev().map(moment).collect()
}

fn sentence(lang: Lang, event: &TransferEvent, who: &str) -> String {
    use TransferEvent as E;
    match event {
        E::Drafted(parts) => {
            let department = parts.text.as_ref().map(|text| text.department.as_str()).unwrap_or_default();
            texts::line_drafted(lang, who, words::kind(lang, &parts.core.kind), department)
        }
        E::Submitted(_) => texts::line_submitted(lang, who),
        E::SentBack(_) => texts::line_sent_back(lang, who),
        E::Signed(parts) => texts::line_signed(lang, who, words::number(lang, parts.core.number)),
        E::Sent(parts) => texts::line_sent(
            lang,
            who,
            words::channel(lang, &parts.core.channel),
            Say(lang).date_of(parts.core.on),
        ),
        E::LinkMade(parts) => {
            texts::line_link_made(lang, who, parts.core.link, Say(lang).date_time(parts.core.until))
        }
        E::LinkRevoked(_) => texts::line_link_revoked(lang, who),
        E::Opened(parts) => texts::line_opened(lang, parts.core.link),
        E::Received(parts) => {
            let office = parts.text.as_ref().map(|text| text.office.as_str()).unwrap_or_default();
            let by = signed_by(lang, office, parts.personal.as_ref());
            let said = texts::line_received(lang, by, Say(lang).date_of(parts.core.on));
            recorded_for(lang, said, &parts.core.way, who)
        }
        E::Replied(parts) => {
            let office = parts.text.as_ref().map(|text| text.office.as_str()).unwrap_or_default();
            let by = signed_by(lang, office, parts.personal.as_ref());
            let said = texts::line_replied(
                lang,
                by,
                Say(lang).date_of(parts.core.on),
                words::answer(lang, parts.core.answer),
            );
            recorded_for(lang, said, &parts.core.way, who)
        }
        E::AskedAgain(parts) => texts::line_asked_again(lang, who, Say(lang).date_of(parts.core.reply.at)),
        E::Withdrawn(_) => texts::line_withdrawn(lang, who),
        E::Urged(parts) => texts::line_urged(lang, who, words::urging(lang, &parts.core.how)),
        E::DeadlineWarned(parts) => {
            let clock = words::clock(lang, &parts.core.clock);
            match parts.core.mark {
                100.. => texts::line_overdue(lang, clock),
                mark => texts::line_warned(lang, clock, u32::from(mark)),
            }
        }
    }
}

/// Which office, and who it was where the reader may know.
pub(super) fn signed_by(lang: Lang, office: &str, author: Option<&Author>) -> String {
    match author {
        Some(author) => texts::line_signed_by(lang, office, &author.post, &author.name),
        None => office.to_owned(),
    }
}

/// 代录 is marked wherever it is shown, with who wrote it down and how it came.
fn recorded_for(lang: Lang, said: String, way: &Coded<Way>, who: &str) -> String {
    match way.known() {
        Some(Way::Link) => texts::line_by_link(lang, said),
        _ => texts::line_recorded(lang, said, who, words::way(lang, way)),
    }
}

/// What somebody wrote.
fn note(lang: Lang, event: &TransferEvent) -> String {
    fn of(note: &Option<Note>) -> String {
        note.as_ref().map(|note| note.note.clone()).unwrap_or_default()
    }
    fn signed(text: &Option<SignedText>) -> String {
        let Some(text) = text else { return String::new() };
        let both = [text.document_number.as_str(), text.note.as_str()];
        both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
    use TransferEvent as E;
    match event {
        E::Drafted(parts) => parts.text.as_ref().map(|text| text.request.clone()).unwrap_or_default(),
        E::SentBack(parts) | E::Withdrawn(parts) => of(&parts.text),
        E::Signed(parts) => signed(&parts.text),
        E::Sent(parts) => of(&parts.text),
        E::AskedAgain(parts) => of(&parts.text),
        E::Urged(parts) => of(&parts.text),
        E::Replied(parts) => {
            let promise = parts.core.promise.as_ref();
            let promise = promise.map(|due| texts::line_promised(lang, Say(lang).date_of(due.at)));
            let Some(text) = &parts.text else { return promise.unwrap_or_default() };
            let whose = (!text.whose.is_empty()).then(|| texts::line_whose(lang, &text.whose));
            let all = [Some(text.words.clone()), promise, whose];
            all.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
        }
        E::Submitted(_)
        | E::LinkMade(_)
        | E::LinkRevoked(_)
        | E::Opened(_)
        | E::Received(_)
        | E::DeadlineWarned(_) => String::new(),
    }
}

fn mark(event: &TransferEvent) -> Level {
    match event {
        TransferEvent::SentBack(_) | TransferEvent::Withdrawn(_) => Level::Red,
        TransferEvent::Replied(parts) => match parts.core.answer {
            Answer::Done => Level::Done,
            Answer::NotOurs => Level::Red,
            Answer::TakenOn => Level::Blue,
        },
        TransferEvent::DeadlineWarned(parts) if parts.core.mark >= 100 => Level::Red,
        TransferEvent::DeadlineWarned(_) => Level::Yellow,
        _ => Level::Plain,
    }
}
