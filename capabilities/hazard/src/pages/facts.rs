//! What a record says of a hazard: its facts, its clock, its five fixed.

use journal::Recorded;
use kernel::Timestamp;
use language::{Lang, Say};
use rules::{DueBy, RuleBook};
use web::view::{Clock, Fact, Link, Mark};

use super::{alike, href, record::Seen, reuse, timeline::decoded};
use crate::{
    clocks::running,
    event::{HazardEvent, NamedHazard},
    state::{HazardState, Help, Stage},
    texts, words,
};

pub(super) fn clock(
    lang: Lang,
    rules: &RuleBook,
    (state, events): (&HazardState, &[(&Recorded, HazardEvent)]),
    now: Timestamp,
) -> Option<Clock> {
    match (&state.stage, running(state), state.due()) {
        (Stage::Closed { since, on_time, .. }, _, _) => Some(closed(lang, *since, *on_time)),
        (Stage::Done { closed_at, on_time, .. }, _, _) => Some(closed(lang, *closed_at, *on_time)),
        (Stage::CarriedOver { .. }, _, _) => None,
        (_, Some((_, started)), Some(due)) => {
            Some(Clock::running(lang, started, due.at, now).marked(&due.marks).rule(explained(
                lang,
                rules,
                (due, events),
                started,
            )))
        }
        _ => None,
    }
}

/// How long, from when, by which calendar and clause: what the rules say today, when that gives the same instant. What
/// another version of the rules gave, or a person set, keeps the name it has.
fn explained(
    lang: Lang,
    rules: &RuleBook,
    (due, events): (&DueBy, &[(&Recorded, HazardEvent)]),
    started: Timestamp,
) -> String {
    // A day that a person named: who, the event tells that set it.
    let set = events.iter().rev().find(|(_, event)| sets_a_day(event));
    let by_rule = rules.deadline(&due.rule, started).ok();
    let latest = by_rule.map(|decision| decision.value).filter(|latest| *latest > due.at);
    let name = match set {
        Some((_, HazardEvent::ExtensionGranted(_))) if due.rule.is_empty() => {
            texts::record_rule_extended(lang).to_owned()
        }
        Some((_, HazardEvent::Returned(_))) if due.rule.is_empty() => {
            texts::record_rule_returned(lang).to_owned()
        }
        Some((_, HazardEvent::TakenOn(_))) if latest.is_some() => texts::record_rule_planned(
            lang,
            titled(lang, rules, &due.rule),
            latest.map(|latest| Say(lang).date_of(latest)).unwrap_or_default(),
        ),
        Some(_) | None => words::rule(lang, &due.rule),
    };
    match words::why(lang, rules, due, started) {
        Some(told) => told,
        None if due.calendar_fallback => texts::record_rule_fallback(lang, name),
        None => name,
    }
}

/// The name of a rule, without where it comes from: the county may have set another value.
fn titled(lang: Lang, rules: &RuleBook, id: &str) -> String {
    let title = rules.rule(id).first().map(|rule| words::pick(lang, &rule.title).to_owned());
    title.unwrap_or_else(|| words::rule(lang, id))
}

/// The deadline of the work was set by this.
const fn sets_a_day(event: &HazardEvent) -> bool {
    matches!(event, HazardEvent::TakenOn(_) | HazardEvent::ExtensionGranted(_) | HazardEvent::Returned(_))
}

/// The words of a clock that has stopped.
fn closed(lang: Lang, at: Timestamp, on_time: bool) -> Clock {
    let day = Say(lang).date_of(at);
    let words = if on_time { texts::clock_closed(lang, day) } else { texts::clock_closed_late(lang, day) };
    Clock::ended(words, on_time)
}

pub(super) fn facts(lang: Lang, rules: &RuleBook, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let mut facts = vec![
        Fact::new(texts::record_unit(lang), &seen.unit_name),
        Fact::new(texts::record_category(lang), words::category(lang, rules, &state.category)),
        Fact::new(texts::record_source(lang), words::source(lang, rules, &state.source)),
        Fact::new(texts::record_found(lang), Say(lang).date_of(state.found_at)),
        Fact::new(texts::record_registered(lang), Say(lang).date_time(state.registered_at)),
    ];
    if let Some(place) = state.place.as_ref().filter(|place| !place.is_empty()) {
        facts.insert(1, Fact::new(texts::record_place(lang), place));
    }
    if let Some(position) = seen.position {
        facts.push(Fact::new(
            texts::record_position(lang),
            format!("{:.5}, {:.5}", position.latitude, position.longitude),
        ));
    }
    if let Some(step) = state.escalation {
        let mark = Mark::new(web::view::Level::Red, texts::record_climbed(lang, words::climb(lang, step)));
        facts.push(Fact::mark(texts::record_overdue(lang), mark));
    }
    if let Some(urged) = state.urged {
        let last = Say(lang).date_time(urged.at);
        facts.push(Fact::new(texts::hazard_act_urge(lang), texts::record_urged(lang, urged.times, last)));
    }
    facts.extend(repeated(lang, seen));
    facts.extend(alike::merged(lang, seen));
    facts.extend(reuse::facts(lang, &seen.names, &decoded(&seen.record.events)));
    facts.extend(help(lang, state).map(|told| Fact::new(texts::hazard_act_ask_help(lang), told)));
    if state.returns > 0 {
        facts.push(Fact::new(texts::hazard_act_return(lang), texts::record_returns(lang, state.returns)));
    }
    if state.extensions > 0 {
        facts.push(Fact::new(
            texts::hazard_act_ask_extension(lang),
            texts::record_extensions(lang, state.extensions),
        ));
    }
    facts.extend(versions(lang, seen));
    facts
}

/// The rules that its decisions were made by, for whoever may see rules: one line for each version.
fn versions(lang: Lang, seen: &Seen) -> Vec<Fact> {
    if !seen.may.has("rules.view") {
        return Vec::new();
    }
    let mut stamps: Vec<&str> = Vec::new();
    for recorded in &seen.record.events {
        let stamp = recorded.header.rules.as_str();
        if !stamp.is_empty() && !stamps.contains(&stamp) {
            stamps.push(stamp);
        }
    }
    let fact = |stamp: &&str| {
        let open = Link::new(texts::record_rules_open(lang), format!("/rules/as-of/{stamp}"));
        Fact::new(texts::record_rules(lang), *stamp).link(open)
    };
    stamps.iter().map(fact).collect()
}

/// 重复隐患: the earlier one of the same place and category, and those that came after.
fn repeated(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let label = texts::record_repeats(lang);
    let to = |repeats: NamedHazard| Link::new(repeats.number.to_string(), href(repeats.hazard));
    let earlier =
        seen.repeats.map(|earlier| Fact::new(label, texts::record_repeats_earlier(lang)).link(to(earlier)));
    let later = seen
        .repeated_by
        .iter()
        .map(|later| Fact::new(label, texts::record_repeats_later(lang)).link(to(*later)));
    earlier.into_iter().chain(later).collect()
}

/// Where a request for help stands, and by when the county owes something.
fn help(lang: Lang, state: &HazardState) -> Option<String> {
    let by = state.help_clock.as_ref().map(|clock| Say(lang).date_time(clock.due.at));
    let over = !state.stage.code().is_open();
    Some(match (state.help?, by) {
        (Help::Asked, _) if over => texts::record_help_unanswered(lang).to_owned(),
        (Help::Supported, _) if over => texts::record_help_undelivered(lang).to_owned(),
        (Help::Asked, Some(by)) => texts::record_help_asked_by(lang, by),
        (Help::Asked, None) => texts::record_help_asked(lang).to_owned(),
        (Help::Supported, Some(by)) => texts::record_help_promised(lang, by),
        (Help::Supported, None) => texts::record_help_supported(lang).to_owned(),
        (Help::Delivered, _) => texts::record_help_delivered(lang).to_owned(),
    })
}

/// The five fixed as they were taken on.
pub(super) fn plan_facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let Some(plan) = seen.record.state.stage.plan() else { return Vec::new() };
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| texts::record_erased(lang).to_owned());
    let person = plan.responsible.map(|p| seen.names.person(lang, p)).unwrap_or_default();
    let funds = match plan.funds_cents {
        0 => said(&plan.funds),
        cents => format!("{} {} · {}", yuan(cents), texts::plan_yuan(lang), said(&plan.funds)),
    };
    vec![
        Fact::new(texts::plan_responsible(lang), person),
        Fact::new(texts::plan_responsibility(lang), said(&plan.responsibility)),
        Fact::new(texts::plan_funds(lang), funds),
        Fact::new(texts::plan_measures(lang), said(&plan.measures)),
        Fact::new(texts::plan_due(lang), Say(lang).date_of(plan.due.at)),
        Fact::new(texts::plan_contingency(lang), said(&plan.contingency)),
    ]
}

/// Cents as yuan: `12` or `12.50`.
pub(super) fn yuan(cents: i64) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        rest => format!("{}.{:02}", cents / 100, rest.abs()),
    }
}
