//! The history of an adjustment in sentences.

use hazard::{Note, pages::Names};
use journal::{Payload, Recorded};
use language::{Lang, Say};
use rules::RuleBook;
use web::view::{Level, Moment};

use crate::{
    event::{AdjustmentEvent, Concerned},
    texts, words,
};

/// The events as they can be read; one from a newer version is left out of the sentences, not of the record.
fn decoded(events: &[Recorded]) -> impl DoubleEndedIterator<Item = (&Recorded, AdjustmentEvent)> {
    events.iter().filter_map(|recorded| {
        let header = &recorded.header;
        let event = AdjustmentEvent::decode(&header.event_type, header.type_version, &recorded.parts);
        event.ok().map(|event| (recorded, event))
    })
}

/// The rules as they were with it, once it was activated.
pub(super) fn activated_stamp(events: &[Recorded]) -> Option<String> {
    decoded(events).rev().find_map(|(_, event)| match event {
        AdjustmentEvent::Activated(parts) => Some(parts.core.stamp),
        AdjustmentEvent::Ended(parts) => Some(parts.core.stamp),
        AdjustmentEvent::Drafted(_)
        | AdjustmentEvent::Redrafted(_)
        | AdjustmentEvent::SentBack(_)
        | AdjustmentEvent::Dropped(_) => None,
    })
}

/// Newest first.
pub(super) fn moments(lang: Lang, rules: &RuleBook, events: &[Recorded], names: &Names) -> Vec<Moment> {
    let moment = |(recorded, event): (&Recorded, AdjustmentEvent)| {
        let who = names.actor(lang, recorded.actor());
        Moment {
            note: note(lang, rules, &event),
            level: mark(&event),
            ..Moment::new(Say(lang).date_time(recorded.header.decided_at), sentence(lang, &event, &who))
        }
    };
    decoded(events).rev().map(moment).collect()
}

fn sentence(lang: Lang, event: &AdjustmentEvent, who: &str) -> String {
    use AdjustmentEvent as E;
    match event {
        E::Drafted(parts) => texts::line_drafted(lang, who, Say(lang).date(parts.core.from)),
        E::Redrafted(parts) => texts::line_redrafted(lang, who, Say(lang).date(parts.core.from)),
        E::SentBack(_) => texts::line_sent_back(lang, who),
        E::Dropped(_) => texts::line_dropped(lang, who),
        E::Activated(parts) => {
            let core = &parts.core;
            texts::line_activated(lang, who, Say(lang).date(core.from), core.cases, &core.stamp)
        }
        E::Ended(parts) => texts::line_ended(lang, who, Say(lang).date(parts.core.on), &parts.core.stamp),
    }
}

fn note(lang: Lang, rules: &RuleBook, event: &AdjustmentEvent) -> String {
    use AdjustmentEvent as E;
    let said = |text: &Option<Note>| text.as_ref().map(|note| note.note.clone()).unwrap_or_default();
    match event {
        E::Drafted(parts) | E::Redrafted(parts) => said(&parts.text),
        E::SentBack(parts) | E::Dropped(parts) => said(&parts.text),
        E::Ended(parts) => said(&parts.text),
        E::Activated(parts) => {
            let of =
                |one: &Concerned| texts::line_concerned(lang, words::rule(lang, rules, &one.rule), one.open);
            let mut lines: Vec<String> = parts.core.concerned.iter().map(of).collect();
            lines.insert(0, said(&parts.text));
            lines.retain(|line| !line.is_empty());
            lines.join("\n")
        }
    }
}

const fn mark(event: &AdjustmentEvent) -> Level {
    match event {
        AdjustmentEvent::Activated(_) => Level::Done,
        AdjustmentEvent::SentBack(_) | AdjustmentEvent::Ended(_) => Level::Yellow,
        AdjustmentEvent::Drafted(_) | AdjustmentEvent::Redrafted(_) | AdjustmentEvent::Dropped(_) => {
            Level::Plain
        }
    }
}
