//! The history of a hazard in sentences.

use std::collections::{HashMap, HashSet};

use journal::{Payload, Recorded};
use kernel::{ActorId, Coded, PersonId, StreamId, UnitId};
use language::{Lang, Say};
use rules::RuleBook;
use web::view::{Level as Mark, Moment, Photo as Shown};

use super::{carried, facts::yuan, href, reuse};
use crate::{
    carried::CarriedText,
    event::{HazardEvent, Note, Photo, Readdressed, TakenOn, TakenOnText, Withdrawn},
    level::{GuideSaid, HelpSaid, WithdrawnWhy},
    texts, words,
};

/// Who is who in the sentences of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By account.
    pub actors: HashMap<ActorId, String>,
    /// By person.
    pub people: HashMap<PersonId, String>,
    /// By unit.
    pub units: HashMap<UnitId, String>,
    /// Other hazards that the viewer may see.
    pub hazards: HashSet<StreamId>,
}

impl Names {
    /// Who acted; the platform itself, or somebody who is gone, in words.
    pub fn actor(&self, lang: Lang, actor: ActorId) -> String {
        if actor.is_nil() {
            return texts::who_platform(lang).to_owned();
        }
        self.actors.get(&actor).cloned().unwrap_or_else(|| texts::who_unknown(lang).to_owned())
    }

    /// Who is meant; somebody who is gone, in words.
    pub fn person(&self, lang: Lang, person: PersonId) -> String {
        self.people.get(&person).cloned().unwrap_or_else(|| texts::who_unknown(lang).to_owned())
    }
}

/// The events as they can be read; one from a newer version is left out of the sentences, not of the record.
pub(crate) fn decoded(events: &[Recorded]) -> Vec<(&Recorded, HazardEvent)> {
    events
        .iter()
        .filter_map(|recorded| {
            let header = &recorded.header;
            HazardEvent::decode(&header.event_type, header.type_version, &recorded.parts)
                .ok()
                .map(|event| (recorded, event))
        })
        .collect()
}

/// People named in the events besides the actors.
pub(super) fn people_in(events: &[(&Recorded, HazardEvent)]) -> Vec<PersonId> {
    let named = events.iter().flat_map(|(_, event)| match event {
        HazardEvent::Assigned(parts) => [Some(parts.core.responsible), None],
        HazardEvent::TakenOn(parts) => [Some(parts.core.responsible), None],
        HazardEvent::ResponsibleChanged(parts) => [Some(parts.core.responsible), parts.core.former],
        HazardEvent::CarriedOver(parts) => [parts.core.responsible, None],
        _ => [None, None],
    });
    named.flatten().collect()
}

/// Units named in the events.
pub(super) fn units_in(events: &[(&Recorded, HazardEvent)]) -> Vec<UnitId> {
    let named = events.iter().flat_map(|(_, event)| match event {
        HazardEvent::Readdressed(parts) => [parts.core.central, parts.core.former],
        _ => [None, None],
    });
    named.flatten().collect()
}

/// The timeline, newest first.
pub(super) fn moments(
    lang: Lang,
    rules: &RuleBook,
    id: StreamId,
    events: &[(&Recorded, HazardEvent)],
    names: &Names,
) -> Vec<Moment> {
    let mut asked = false;
    let mut moments: Vec<Moment> = events
        .iter()
        .map(|(recorded, event)| {
            let who = names.actor(lang, recorded.actor());
            let (note, photos) = told(lang, rules, names, event);
            let said = sentence(lang, rules, event, &who, names);
            let said = reuse::told(lang, names, event, said);
            let dropped = drops_request(event, &mut asked);
            Moment {
                at: Say(lang).date_time(recorded.header.decided_at),
                sentence: if dropped { texts::line_request_dropped(lang, said) } else { said },
                note,
                level: mark(event),
                photos: photos.iter().map(|photo| shown(lang, id, photo)).collect(),
            }
        })
        .collect();
    moments.reverse();
    moments
}

/// True for an event that leaves a request for more time without an answer: nobody needs one any more.
pub(crate) fn drops_request(event: &HazardEvent, asked: &mut bool) -> bool {
    match event {
        HazardEvent::ExtensionAsked(_) => *asked = true,
        HazardEvent::ExtensionGranted(_) | HazardEvent::ExtensionRefused(_) => *asked = false,
        HazardEvent::Rectified(_) | HazardEvent::Graded(_) | HazardEvent::Withdrawn(_) => {
            return std::mem::take(asked);
        }
        _ => {}
    }
    false
}

/// What somebody wrote, and what was decided with it: the items of the guide that were met, the five fixed. A later
/// round replaces the plan on the page; here every one stays.
fn told(lang: Lang, rules: &RuleBook, names: &Names, event: &HazardEvent) -> (String, Vec<Photo>) {
    let (note, photos) = said(event);
    let lines: Vec<String> = match event {
        HazardEvent::Graded(p) => {
            let met = p.core.answers.iter().filter(|answer| answer.met);
            met.map(|answer| guide_line(lang, rules, &answer.item))
                .chain((!note.is_empty()).then_some(note))
                .collect()
        }
        HazardEvent::Registered(p) => {
            let met = p.core.answers.iter().map(|answer| guide_line(lang, rules, &answer.item));
            met.chain((!note.is_empty()).then_some(note)).collect()
        }
        HazardEvent::TakenOn(p) => {
            p.text.iter().flat_map(|text| plan_lines(lang, names, &p.core, text)).collect()
        }
        HazardEvent::Rectified(p) => {
            let spent = p.core.spent_cents.map(|cents| {
                let amount = format!("{} {}", yuan(cents), texts::plan_yuan(lang));
                texts::line_plan_field(lang, texts::form_spent(lang), amount)
            });
            (!note.is_empty()).then_some(note).into_iter().chain(spent).collect()
        }
        HazardEvent::ResponsibleChanged(p) => p
            .text
            .iter()
            .map(|text| texts::line_plan_field(lang, texts::plan_responsibility(lang), &text.responsibility))
            .chain((!note.is_empty()).then(|| texts::line_plan_field(lang, texts::form_why(lang), note)))
            .collect(),
        _ => return (note, photos),
    };
    (lines.join("\n"), photos)
}

fn guide_line(lang: Lang, rules: &RuleBook, item: &str) -> String {
    let words = words::guide_item(lang, rules, item).unwrap_or_else(|| item.to_owned());
    texts::line_guide_met(lang, words)
}

fn plan_lines(lang: Lang, names: &Names, core: &TakenOn, text: &TakenOnText) -> [String; 5] {
    let funds = match core.funds_cents {
        0 => text.funds.clone(),
        cents => format!("{} {} · {}", yuan(cents), texts::plan_yuan(lang), text.funds),
    };
    [
        (texts::plan_responsible(lang), names.person(lang, core.responsible)),
        (texts::plan_responsibility(lang), text.responsibility.clone()),
        (texts::plan_funds(lang), funds),
        (texts::plan_measures(lang), text.measures.clone()),
        (texts::plan_contingency(lang), text.contingency.clone()),
    ]
    .map(|(name, said)| texts::line_plan_field(lang, name, said))
}

/// The items of the guide that were met when it was graded last, or when it was registered.
pub(super) fn met(events: &[(&Recorded, HazardEvent)]) -> Vec<String> {
    let graded = events.iter().rev().find_map(|(_, event)| match event {
        HazardEvent::Graded(p) => Some(&p.core.answers),
        // What whoever found it ticked, as long as nobody has graded it.
        HazardEvent::Registered(p) => Some(&p.core.answers),
        _ => None,
    });
    graded.into_iter().flatten().filter(|answer| answer.met).map(|answer| answer.item.clone()).collect()
}

/// The event an act answers to, which whoever decides has to have before him.
pub(super) fn basis<'e>(
    act: &str,
    events: &[(&'e Recorded, HazardEvent)],
) -> Option<(&'e Recorded, HazardEvent)> {
    let of_kind = |wanted: fn(&HazardEvent) -> bool| events.iter().rev().find(|(_, event)| wanted(event));
    let found = match act {
        "accept" => of_kind(|e| matches!(e, HazardEvent::Rectified(_) | HazardEvent::FixedOnSpot(_))),
        // The newest of the two: what was returned and not yet done again.
        "rectify" => of_kind(|e| matches!(e, HazardEvent::Rectified(_) | HazardEvent::Returned(_)))
            .filter(|(_, event)| matches!(event, HazardEvent::Returned(_))),
        "answer-extension" => of_kind(|e| matches!(e, HazardEvent::ExtensionAsked(_))),
        "answer-help" => of_kind(|e| matches!(e, HazardEvent::HelpAsked(_))),
        "deliver-help" => of_kind(|e| matches!(e, HazardEvent::HelpAnswered(_))),
        _ => None,
    };
    found.cloned()
}

/// What the five fixed are called: what was written for a hazard fixed on the spot stands there by its category.
pub(super) fn plan_title(lang: Lang, events: &[(&Recorded, HazardEvent)]) -> &'static str {
    let fixed = events
        .iter()
        .rev()
        .find(|(_, event)| matches!(event, HazardEvent::TakenOn(_) | HazardEvent::FixedOnSpot(_)));
    match fixed {
        Some((_, HazardEvent::FixedOnSpot(_))) => texts::record_plan_by_category(lang),
        _ => texts::record_plan(lang),
    }
}

/// A photo as the page shows it: the small one, leading to the large one.
pub(super) fn shown(lang: Lang, id: StreamId, photo: &Photo) -> Shown {
    let large = format!("{}/photos/{}", href(id), photo.0);
    Shown { src: format!("{large}?small=1"), href: large, alt: texts::record_photos(lang).to_owned() }
}

/// The words and photos an event carries.
pub(super) fn said(event: &HazardEvent) -> (String, Vec<Photo>) {
    let of = |note: &Option<Note>| note.clone().map(|n| (n.note, n.photos)).unwrap_or_default();
    match event {
        HazardEvent::Registered(p) => p.text.clone().map(|t| (t.description, t.photos)).unwrap_or_default(),
        HazardEvent::FixedOnSpot(p) => p.text.clone().map(|t| (t.note, t.photos)).unwrap_or_default(),
        HazardEvent::Corrected(p) => {
            p.text.clone().map(|t| (format!("{} {}", t.description, t.place), Vec::new())).unwrap_or_default()
        }
        HazardEvent::CarriedOver(p) => {
            let both = |t: CarriedText| (t.description, t.photos.into_iter().chain(t.after).collect());
            p.text.clone().map(both).unwrap_or_default()
        }
        HazardEvent::TakenOn(p) => p.text.clone().map(|t| (t.measures, Vec::new())).unwrap_or_default(),
        HazardEvent::ResponsibleChanged(p) => {
            p.text.clone().map(|t| (t.note, Vec::new())).unwrap_or_default()
        }
        HazardEvent::Graded(p) => of(&p.text),
        HazardEvent::Assigned(p) => of(&p.text),
        HazardEvent::Progressed(p)
        | HazardEvent::ExtensionRefused(p)
        | HazardEvent::HelpDelivered(p)
        | HazardEvent::Urged(p) => of(&p.text),
        HazardEvent::HelpAsked(p) => of(&p.text),
        HazardEvent::Rectified(p) => of(&p.text),
        HazardEvent::ExtensionAsked(p) => of(&p.text),
        HazardEvent::ExtensionGranted(p) => of(&p.text),
        HazardEvent::Accepted(p) => of(&p.text),
        HazardEvent::Returned(p) => of(&p.text),
        HazardEvent::Closed(p) => of(&p.text),
        HazardEvent::Revisited(p) => of(&p.text),
        HazardEvent::Withdrawn(p) => of(&p.text),
        HazardEvent::HelpAnswered(p) => of(&p.text),
        HazardEvent::ClimbAnswered(p) => of(&p.text),
        HazardEvent::DeadlineWarned(_) | HazardEvent::Escalated(_) | HazardEvent::Readdressed(_) => {
            Default::default()
        }
    }
}

fn mark(event: &HazardEvent) -> Mark {
    match event {
        HazardEvent::Closed(_) | HazardEvent::Accepted(_) => Mark::Done,
        HazardEvent::DeadlineWarned(p) if p.core.mark >= 100 => Mark::Red,
        HazardEvent::DeadlineWarned(_) => Mark::Yellow,
        HazardEvent::Escalated(_) => Mark::Red,
        HazardEvent::Revisited(p) if p.core.sound => Mark::Done,
        _ => Mark::Plain,
    }
}

fn sentence(lang: Lang, rules: &RuleBook, event: &HazardEvent, who: &str, names: &Names) -> String {
    let day = |at: kernel::Timestamp| Say(lang).date_of(at);
    match event {
        HazardEvent::Registered(p) => {
            let told = texts::line_registered_source(lang, who, words::source(lang, rules, &p.core.source));
            match p.core.repeats {
                Some(earlier) => texts::line_registered_repeats(lang, told, earlier.number),
                None => told,
            }
        }
        HazardEvent::CarriedOver(p) => carried::sentence(lang, &p.core, who),
        HazardEvent::FixedOnSpot(_) => texts::line_fixed_on_spot(lang, who),
        HazardEvent::Graded(p) if p.core.forced => texts::line_graded_forced(lang, who),
        HazardEvent::Graded(p) => {
            let graded = texts::line_graded(lang, who, words::level(lang, Some(p.core.level)));
            match &p.core.guide {
                Coded::Known(GuideSaid::NotLoaded) => texts::line_graded_unguided(lang, graded),
                Coded::Known(_) => graded,
                Coded::Newer(code) => texts::line_graded_newer(lang, graded, code),
            }
        }
        HazardEvent::Assigned(p) => texts::line_assigned(lang, who, names.person(lang, p.core.responsible)),
        HazardEvent::TakenOn(p) => texts::line_taken_on(lang, who, day(p.core.due.at)),
        HazardEvent::ResponsibleChanged(p) => {
            let now = names.person(lang, p.core.responsible);
            match p.core.former {
                Some(former) => texts::line_responsible_changed(lang, who, names.person(lang, former), now),
                None => texts::line_responsible_named(lang, who, now),
            }
        }
        HazardEvent::Progressed(_) => texts::line_progressed(lang, who),
        HazardEvent::Rectified(p) if p.core.on_time => texts::line_rectified(lang, who),
        HazardEvent::Rectified(_) => texts::line_rectified_late(lang, who),
        HazardEvent::ExtensionAsked(p) => texts::line_extension_asked(lang, who, day(p.core.until)),
        HazardEvent::ExtensionGranted(p) => texts::line_extension_granted(lang, who, day(p.core.due.at)),
        HazardEvent::ExtensionRefused(_) => texts::line_extension_refused(lang, who),
        HazardEvent::Readdressed(p) => readdressed(lang, &p.core, names),
        event => ending(lang, event, who),
    }
}

/// Where the school hangs now, and where it did: what a central school has to do goes along.
fn readdressed(lang: Lang, to: &Readdressed, names: &Names) -> String {
    let name = |unit: Option<UnitId>| unit.and_then(|unit| names.units.get(&unit));
    if to.closed {
        return texts::line_readdressed_closed(lang).to_owned();
    }
    match (name(to.former), name(to.central)) {
        (Some(former), Some(central)) => texts::line_readdressed(lang, former, central),
        (Some(former), None) => texts::line_readdressed_county(lang, former),
        (None, Some(central)) => texts::line_readdressed_first(lang, central),
        (None, None) => texts::line_readdressed_closed(lang).to_owned(),
    }
}

fn withdrawn(lang: Lang, core: &Withdrawn, who: &str) -> String {
    match (&core.why, core.same_as) {
        (Coded::Known(WithdrawnWhy::Duplicate), Some(other)) => {
            texts::line_withdrawn_same(lang, who, other.number)
        }
        (Coded::Known(WithdrawnWhy::Duplicate), None) => texts::line_withdrawn_duplicate(lang, who),
        (Coded::Known(WithdrawnWhy::Mistaken), _) => texts::line_withdrawn_mistaken(lang, who),
        (Coded::Newer(code), _) => texts::line_withdrawn_newer(lang, who, code),
    }
}

/// The sentences from acceptance on, and those of the clocks.
fn ending(lang: Lang, event: &HazardEvent, who: &str) -> String {
    match event {
        HazardEvent::Accepted(p) if p.core.on_site => texts::line_accepted_on_site(lang, who),
        HazardEvent::Accepted(_) => texts::line_accepted(lang, who),
        HazardEvent::Returned(p) => texts::line_returned(lang, who, Say(lang).date_of(p.core.due.at)),
        HazardEvent::Closed(p) if p.core.on_time => texts::line_closed(lang, who, p.core.days),
        HazardEvent::Closed(p) => texts::line_closed_late(lang, who, p.core.days),
        HazardEvent::Revisited(p) if p.core.sound => texts::line_revisited(lang, who),
        HazardEvent::Revisited(_) => texts::line_reopened(lang, who),
        HazardEvent::Withdrawn(p) => withdrawn(lang, &p.core, who),
        HazardEvent::HelpAsked(_) => texts::line_help_asked(lang, who),
        HazardEvent::HelpAnswered(p) => match &p.core.answer {
            Coded::Known(HelpSaid::Supported) => match &p.core.due {
                Some(due) => texts::line_help_promised(lang, who, Say(lang).date_of(due.at)),
                None => texts::line_help_supported(lang, who),
            },
            Coded::Known(HelpSaid::Returned) => texts::line_help_returned(lang, who),
            Coded::Newer(code) => texts::line_help_newer(lang, who, code),
        },
        HazardEvent::Urged(_) => texts::line_urged(lang, who),
        HazardEvent::HelpDelivered(_) => texts::line_help_delivered(lang, who),
        HazardEvent::DeadlineWarned(p) if p.core.mark >= 100 => {
            texts::line_overdue(lang, words::clock(lang, &p.core.clock))
        }
        HazardEvent::DeadlineWarned(p) => {
            texts::line_warned(lang, words::clock(lang, &p.core.clock), p.core.mark)
        }
        HazardEvent::Escalated(p) if p.core.overdue_days == 0 => {
            texts::line_escalated_at_once(lang, words::climb(lang, p.core.step))
        }
        HazardEvent::Escalated(p) => {
            texts::line_escalated(lang, p.core.overdue_days, words::climb(lang, p.core.step))
        }
        HazardEvent::ClimbAnswered(p) => {
            texts::line_climb_answered(lang, who, words::climb(lang, p.core.step))
        }
        HazardEvent::Corrected(p) => {
            let told = texts::line_corrected(lang, who);
            match p.core.repeats {
                Some(earlier) => texts::line_corrected_repeats(lang, told, earlier.number),
                None => told,
            }
        }
        HazardEvent::Registered(_)
        | HazardEvent::CarriedOver(_)
        | HazardEvent::FixedOnSpot(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Assigned(_)
        | HazardEvent::TakenOn(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::Progressed(_)
        | HazardEvent::Rectified(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Readdressed(_) => String::new(),
    }
}
