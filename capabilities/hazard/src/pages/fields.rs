//! What stands beside the fields of an act: the choices, and how late a deadline may be.

use kernel::Timestamp;
use language::{Lang, Say};
use organisation::PersonBrief;
use rules::RuleBook;
use web::{FormData, view::Choice};

use super::record::Seen;
use crate::{
    command::none_met,
    decide::{HELP_DELIVER, MAJOR_MAX},
    event::GuideItemAnswered,
    level::Level,
    state::{HazardState, Stage},
    texts, words,
};

pub(super) fn pair(one: (&str, &str), other: (&str, &str)) -> Vec<Choice> {
    vec![Choice::new(one.0, one.1), Choice::new(other.0, other.1)]
}

pub(super) fn withdraw_choices(lang: Lang) -> Vec<Choice> {
    pair(
        ("mistaken", texts::form_withdraw_mistaken(lang)),
        ("duplicate", texts::form_withdraw_duplicate(lang)),
    )
}

pub(super) fn help_choices(lang: Lang) -> Vec<Choice> {
    pair(("support", texts::form_help_support(lang)), ("return", texts::form_help_return(lang)))
}

pub(super) fn level_choices(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("general", texts::hazard_level_general(lang)).hint(texts::form_level_hint_general(lang)),
        Choice::new("major", texts::hazard_level_major(lang)).hint(texts::form_level_hint_major(lang)),
    ]
}

pub(super) fn category_choices(lang: Lang, rules: &RuleBook) -> Vec<Choice> {
    let on = rules.categories().iter().filter(|c| c.is_on());
    on.map(|c| Choice::new(&*c.code, words::pick(lang, &c.name))).collect()
}

/// The day that holds now, the last one that may be asked for, and that one for the field.
pub(super) fn due_hint(
    lang: Lang,
    rules: &RuleBook,
    state: &HazardState,
    now: Timestamp,
) -> (String, String) {
    let (hint, latest) = due_latest(lang, rules, state, now);
    (format!("{}{hint}", due_now(lang, state)), latest)
}

/// How late the plan's deadline may be, and why.
fn due_latest(lang: Lang, rules: &RuleBook, state: &HazardState, now: Timestamp) -> (String, String) {
    let (rule, started) = match (&state.stage, state.level) {
        (Stage::Rectifying { plan }, Some(Level::Major)) => (MAJOR_MAX, plan.since),
        (Stage::Rectifying { plan }, Some(Level::Larger)) => ("hazard.rectify.larger.max", plan.since),
        (Stage::Rectifying { plan }, _) => ("hazard.rectify.general.max", plan.since),
        (_, Some(Level::Major)) => (MAJOR_MAX, now),
        (_, Some(Level::Larger)) => ("hazard.rectify.larger", now),
        (_, _) => ("hazard.rectify.general", now),
    };
    match rules.deadline(rule, started) {
        Ok(decision) => {
            let latest = decision.value.local_date();
            (texts::plan_due_hint(lang, Say(lang).date(latest), words::rule(lang, rule)), latest.to_string())
        }
        Err(_) => (texts::plan_due_hint_open(lang).to_owned(), String::new()),
    }
}

/// By when the county does what it promises, where it names no day.
pub(super) fn help_hint(lang: Lang, rules: &RuleBook, now: Timestamp) -> String {
    match rules.deadline(HELP_DELIVER, now) {
        Ok(decision) => texts::form_help_until_hint(
            lang,
            Say(lang).date(decision.value.local_date()),
            words::rule(lang, HELP_DELIVER),
        ),
        Err(_) => texts::form_help_until_hint_open(lang).to_owned(),
    }
}

/// The day that holds now, where another one is asked for.
fn due_now(lang: Lang, state: &HazardState) -> String {
    match (&state.stage, state.due()) {
        (Stage::Rectifying { .. }, Some(due)) => {
            texts::plan_due_now(lang, Say(lang).date(due.at.local_date()))
        }
        _ => String::new(),
    }
}

pub(super) fn guide_items(lang: Lang, rules: &RuleBook, category: &str) -> Vec<Choice> {
    rules.guide(category).map_or_else(Vec::new, |guide| {
        guide.items.iter().map(|item| Choice::new(&*item.id, words::pick(lang, &item.ask))).collect()
    })
}

/// The guide's items of a category, each with whether it was ticked; what else was ticked goes along, to be refused.
pub(super) fn guide_answers(rules: &RuleBook, category: &str, form: &FormData) -> Vec<GuideItemAnswered> {
    let ticked: Vec<&str> = form.values("guide").collect();
    let mut answers = none_met(rules, category);
    for answer in &mut answers {
        answer.met = ticked.contains(&answer.item.as_str());
    }
    let others = ticked.iter().filter(|item| !answers.iter().any(|answer| answer.item == **item));
    let others: Vec<GuideItemAnswered> =
        others.map(|item| GuideItemAnswered { item: (*item).to_owned(), met: true }).collect();
    answers.extend(others);
    answers
}

pub(super) fn guide_notice(lang: Lang, rules: &RuleBook, category: &str) -> String {
    match rules.guide(category) {
        Some(guide) if !guide.loaded => texts::form_guide_not_loaded(lang).to_owned(),
        Some(guide) if !guide.complete => texts::form_guide_unsettled(lang).to_owned(),
        Some(_) | None => String::new(),
    }
}

/// People of the school to choose from; whoever answers for it already takes over from nobody.
pub(super) fn people(lang: Lang, seen: &Seen, act: &str) -> Vec<Choice> {
    let now = seen.record.state.stage.plan().and_then(|plan| plan.responsible);
    let others = seen.people.iter().filter(|person| act != "change-responsible" || Some(person.id) != now);
    others.map(|person| person_choice(lang, person, seen.signing_in.contains(&person.id))).collect()
}

/// With the post; who cannot sign in is told apart, for he will not see what waits for him.
pub(super) fn person_choice(lang: Lang, person: &PersonBrief, signs_in: bool) -> Choice {
    let post = person.posts.first().map(|post| web::names::post(lang, *post)).unwrap_or_default();
    let label = if post.is_empty() { person.name.clone() } else { format!("{} · {post}", person.name) };
    let label = if signs_in { label } else { texts::form_person_no_account(lang, label) };
    Choice::new(person.id.0.to_string(), label)
}
