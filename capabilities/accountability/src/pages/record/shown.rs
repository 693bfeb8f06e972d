//! The parts of a case's page.

use journal::Recorded;
use kernel::{StreamId, Timestamp};
use language::{Lang, Say};
use rules::RuleBook;
use web::view::{Clock, Fact, Level, Link, Mark};

use super::{Seen, SideView};
use crate::{
    case::{CaseEvent, CaseState, Found, FoundText, Offer, SideState, StageCode, Verdict, spans, turns},
    pages::{course::Course, href, timeline::found},
    texts, words,
};

/// The school's name as it stands in the case.
pub(super) fn school_name(state: &CaseState) -> String {
    state.side(state.unit).map(|one| one.side.name.clone()).unwrap_or_default()
}

pub(super) fn stage_mark(lang: Lang, stage: StageCode) -> Mark {
    let level = match stage {
        StageCode::Closed => Level::Done,
        StageCode::Stating | StageCode::Finding | StageCode::Reviewing | StageCode::Signing => Level::Red,
        StageCode::Carrying | StageCode::CalledOff => Level::Plain,
    };
    Mark::new(level, words::stage(lang, stage))
}

/// The clocks that run, each with its name and its rule.
pub(super) fn clocks(
    lang: Lang,
    rules: &RuleBook,
    state: &CaseState,
    now: Timestamp,
) -> Vec<(String, Clock)> {
    spans(state)
        .into_iter()
        .map(|span| {
            let clock = Clock::running(lang, span.started, span.due.at, now).marked(&span.due.marks);
            let named = || words::rule(lang, rules, &span.due.rule);
            let why = hazard::words::why(lang, rules, span.due, span.started).unwrap_or_else(named);
            (words::clock(lang, span.name), clock.rule(why))
        })
        .collect()
}

/// Everything that waits, and for whom, as far as the viewer may know.
pub(super) fn waiting(lang: Lang, seen: &Seen) -> Vec<String> {
    let state = &seen.record.state;
    let shown = turns(state).into_iter().filter(|turn| {
        let of_side = state.side(turn.unit).is_some() && turn.unit == turn.side;
        !of_side || seen.eyes.see_side(turn.side)
    });
    shown
        .map(|turn| {
            let unit = match state.side(turn.unit).filter(|_| turn.unit == turn.side) {
                Some(one) => &one.side.name,
                None => &seen.office_name,
            };
            texts::record_waits(lang, unit, words::act(lang, turn.act))
        })
        .collect()
}

/// The forms besides the one that is shown.
pub(super) fn others(lang: Lang, id: StreamId, offers: &[Offer], act: &str) -> Vec<Link> {
    let other = offers.iter().map(|offer| offer.act).filter(|name| *name != act);
    other
        .map(|name| Link::new(words::act_named(lang, name), format!("{}?act={name}#act", href(id))))
        .collect()
}

pub(super) fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let state = &seen.record.state;
    let say = Say(lang);
    let gone = || texts::erased(lang).to_owned();
    let mut facts = vec![
        Fact::new(texts::column_number(lang), words::number(lang, state.number)),
        Fact::new(texts::form_authority(lang), words::authority(lang, state)),
        Fact::new(texts::column_opened(lang), say.date_time(state.opened_at)),
        Fact::new(texts::form_consequence(lang), words::consequence(lang, &state.consequence)),
        Fact::new(texts::form_happened_on(lang), say.date_of(state.happened_on)),
        Fact::new(texts::form_link(lang), state.link.clone().unwrap_or_else(gone)),
    ];
    if !state.decision_number.is_empty() {
        facts.insert(2, Fact::new(texts::form_decision_number(lang), &state.decision_number));
    }
    if let Some(conclusion) = &state.conclusion {
        facts.push(Fact::new(texts::column_concluded(lang), say.date_time(conclusion.at)));
        if !conclusion.document_number.is_empty() {
            facts.push(Fact::new(texts::form_document_number(lang), &conclusion.document_number));
        }
    }
    facts
}

/// The newest finding of a side, with its words.
fn finding<'e>(
    events: &'e [(&Recorded, CaseEvent)],
    side: &SideState,
) -> Option<(&'e Found, Option<&'e FoundText>)> {
    events.iter().rev().find_map(|(_, event)| match event {
        CaseEvent::Found(parts) if parts.core.side == side.side.unit => {
            Some((&parts.core, parts.text.as_ref()))
        }
        _ => None,
    })
}

/// What was found of every side, for whoever reviews or signs.
pub(super) fn conclusion_facts(lang: Lang, seen: &Seen, events: &[(&Recorded, CaseEvent)]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for one in &seen.record.state.sides {
        let Some((core, text)) = finding(events, one) else { continue };
        let verdict = words::verdict(lang, &core.verdict);
        facts.push(Fact::new(&one.side.name, texts::found_of(lang, verdict, found(lang, core, text))));
    }
    facts
}

/// Each side with what the viewer may see of it: how it was heard, what was found, how its deadlines were kept.
pub(super) fn side_views(
    lang: Lang,
    rules: &RuleBook,
    seen: &Seen,
    events: &[(&Recorded, CaseEvent)],
    course: &Course<'_>,
) -> Vec<SideView> {
    let state = &seen.record.state;
    let of = |one: &SideState| {
        let name = texts::side_named(lang, words::role(lang, &one.side.role), &one.side.name);
        if !seen.eyes.see_side(one.side.unit) {
            let facts = vec![Fact::new(texts::side_statement(lang), texts::side_not_yours(lang))];
            return SideView { name, facts, table: None };
        }
        let facts = side_facts(lang, rules, seen, events, one);
        SideView { table: course.table(one.side.unit, &one.side.name), name, facts }
    };
    state.sides.iter().map(of).collect()
}

fn side_facts(
    lang: Lang,
    rules: &RuleBook,
    seen: &Seen,
    events: &[(&Recorded, CaseEvent)],
    one: &SideState,
) -> Vec<Fact> {
    let spoke = match (one.spoke.len(), one.silent) {
        (0, true) => texts::side_silent(lang).to_owned(),
        (0, false) => texts::not_yet(lang).to_owned(),
        (times, _) => texts::side_spoke(lang, times),
    };
    let mut facts = vec![Fact::new(texts::side_statement(lang), spoke)];
    if let Some((core, text)) =
        finding(events, one).filter(|_| seen.eyes.see_finding(&seen.record.state, one))
    {
        facts.push(Fact::mark(texts::side_finding(lang), verdict_mark(lang, core)));
        facts.push(Fact::new(texts::form_facts(lang), found(lang, core, text)));
        let named: Vec<String> = core.rules.iter().map(|id| words::rule(lang, rules, id)).collect();
        if !named.is_empty() {
            facts.push(Fact::new(texts::form_rules(lang), named.join("\n")));
        }
    }
    if seen.record.state.conclusion.is_some() && one.finding.as_ref().is_some_and(|f| !f.handlings.is_empty())
    {
        let done = if one.handled { texts::side_handled(lang) } else { texts::not_yet(lang) };
        facts.push(Fact::new(words::act_named(lang, "handle"), done));
    }
    if let Some(measures) = &one.measures {
        let due = Say(lang).date_of(measures.due.at);
        let told = match (measures.checked, measures.reported) {
            (true, _) => texts::side_measures_done(lang, due),
            (false, Some(_)) => texts::side_measures_reported(lang, due),
            (false, None) => texts::side_measures_owed(lang, due),
        };
        facts.push(Fact::new(texts::form_measures(lang), told));
    }
    facts
}

fn verdict_mark(lang: Lang, core: &Found) -> Mark {
    let level = match core.verdict.known() {
        Some(Verdict::Done) => Level::Done,
        Some(Verdict::NotDone) => Level::Red,
        Some(Verdict::Partly) => Level::Orange,
        None => Level::Plain,
    };
    Mark::new(level, words::verdict(lang, &core.verdict))
}
