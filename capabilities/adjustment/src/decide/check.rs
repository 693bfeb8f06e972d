//! What must be right of each change, whatever page it comes from.

use hazard::Wording;
use kernel::{Date, Refusal, limits};
use rules::{Rule, RuleBook, RuleValue, Span, Tighten};

use crate::change::{Change, FiveTexts, NewValue, StepDays};

/// Changes of one adjustment; a year's holidays are some forty days.
pub(crate) const CHANGES: usize = 120;

/// All of them, as they are kept.
pub(super) fn changes(asked: &[Change], from: Date, rules: &RuleBook) -> Result<Vec<Change>, Refusal> {
    if asked.is_empty() {
        return Err(Refusal::new("adjustment-empty").on("value"));
    }
    if asked.len() > CHANGES {
        return Err(Refusal::new("adjustment-too-many").with("most", CHANGES).on("days"));
    }
    let mut kept: Vec<Change> = Vec::new();
    for change in asked {
        let change = one(change, from, rules)?;
        if kept.iter().any(|other| same(other, &change)) {
            return Err(Refusal::new("adjustment-twice").on(field(&change)));
        }
        kept.push(change);
    }
    whole_years(&kept, rules)?;
    Ok(kept)
}

/// Fewer special days than that no year has: seven holidays of eleven days and more, without days worked in their stead.
const DAYS_OF_A_YEAR: usize = 11;

/// A year is called complete by whoever entered its days.
fn whole_years(kept: &[Change], rules: &RuleBook) -> Result<(), Refusal> {
    for year in kept.iter().filter_map(|change| match change {
        Change::Year { year } => Some(*year),
        _ => None,
    }) {
        let own = kept.iter().filter_map(|change| match change {
            Change::Day { date, .. } => Some(*date),
            _ => None,
        });
        let known = rules.special_days().map(|day| day.date).filter(|date| date.year() == year);
        let days: std::collections::BTreeSet<Date> =
            own.filter(|date| date.year() == year).chain(known).collect();
        if days.len() < DAYS_OF_A_YEAR {
            return Err(Refusal::new("adjustment-year-thin")
                .with("year", year)
                .with("n", days.len())
                .on("year"));
        }
    }
    Ok(())
}

/// Both say something of the same thing.
fn same(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (Change::Day { date, .. }, Change::Day { date: again, .. }) => date == again,
        (Change::Year { year }, Change::Year { year: again }) => year == again,
        (Change::Prefill { category, .. }, Change::Prefill { category: again, .. }) => category == again,
        (Change::Value { rule, variant, .. }, Change::Value { rule: again, variant: other, .. }) => {
            rule == again && variant == other
        }
        (Change::Variant { rule, .. }, Change::Variant { rule: again, .. }) => rule == again,
        _ => false,
    }
}

const fn field(change: &Change) -> &'static str {
    match change {
        Change::Value { .. } => "value",
        Change::Variant { .. } => "variant",
        Change::Day { .. } | Change::Year { .. } => "days",
        Change::Prefill { .. } => "measures",
    }
}

fn one(change: &Change, from: Date, rules: &RuleBook) -> Result<Change, Refusal> {
    match change {
        Change::Value { rule, variant, value } => {
            let known = in_force(rules, rule, variant, from)?;
            allowed(known, value)?;
            Ok(change.clone())
        }
        Change::Variant { rule, variant } => {
            let known = in_force(rules, rule, variant, from)?;
            if known.active {
                Err(Refusal::new("adjustment-nothing-new").on("variant"))
            } else {
                Ok(change.clone())
            }
        }
        Change::Day { date, working, name } => day((*date, *working), name, from, rules),
        Change::Year { year } if *year < from.year() => {
            Err(Refusal::new("adjustment-day-before").with("date", year).on("days"))
        }
        Change::Year { .. } => Ok(change.clone()),
        Change::Prefill { category, texts } => prefill(category, texts, rules),
    }
}

/// The variant of a rule that is in force, or might be, on a day.
fn in_force<'a>(rules: &'a RuleBook, id: &str, variant: &str, on: Date) -> Result<&'a Rule, Refusal> {
    let found = rules
        .rule(id)
        .iter()
        .find(|rule| *rule.variant == *variant && rule.from <= on && rule.to.is_none_or(|to| on < to));
    found.ok_or_else(|| Refusal::new("adjustment-rule-unknown").with("rule", id).on("value"))
}

/// What a law or the plan states stays, or is bettered where the rule says so.
fn allowed(rule: &Rule, value: &NewValue) -> Result<(), Refusal> {
    let wrong = |code: &'static str| Refusal::new(code).on("value");
    match (&rule.value, value) {
        (RuleValue::Duration(was), NewValue::Span(text)) => {
            let is = Span::parse(text).ok_or_else(|| wrong("adjustment-span"))?;
            if is == *was {
                return Err(wrong("adjustment-nothing-new"));
            }
            let tighter = match rule.tighten {
                Some(Tighten::Lower) => is.never_longer_than(*was),
                Some(Tighten::Higher) => was.never_longer_than(is),
                None => false,
            };
            if rule.editable() || tighter { Ok(()) } else { Err(wrong("adjustment-fixed")) }
        }
        _ if !rule.editable() => Err(wrong("adjustment-fixed")),
        (RuleValue::Marks(was), NewValue::Marks(is)) => {
            let rises = is.is_sorted_by(|a, b| a < b) && is.iter().all(|mark| (1..=100).contains(mark));
            match (was == is, is.is_empty() || !rises) {
                (_, true) => Err(wrong("adjustment-marks")),
                (true, false) => Err(wrong("adjustment-nothing-new")),
                (false, false) => Ok(()),
            }
        }
        (RuleValue::Ladder(was), NewValue::Steps(is)) => {
            let steps = was.iter().map(|step| &*step.step).eq(is.iter().map(|step| step.step.as_str()));
            let rises = is.is_sorted_by(|a: &StepDays, b| a.after < b.after);
            if !steps || !rises {
                return Err(wrong("adjustment-steps"));
            }
            let same = was.iter().map(|step| step.after).eq(is.iter().map(|step| step.after));
            if same { Err(wrong("adjustment-nothing-new")) } else { Ok(()) }
        }
        (
            RuleValue::Duration(_)
            | RuleValue::Marks(_)
            | RuleValue::Ladder(_)
            | RuleValue::Choice(_)
            | RuleValue::PerPlan,
            NewValue::Span(_) | NewValue::Marks(_) | NewValue::Steps(_),
        ) => Err(wrong("adjustment-kind")),
    }
}

fn day((date, working): (Date, bool), name: &str, from: Date, rules: &RuleBook) -> Result<Change, Refusal> {
    if date < from {
        return Err(Refusal::new("adjustment-day-before").with("date", date).on("days"));
    }
    let name = Wording(rules).said("days", name, limits::NAME_CHARS)?;
    let known = rules.special_days().find(|known| known.date == date);
    if known.is_some_and(|known| known.working == working && *known.name.zh == *name) {
        return Err(Refusal::new("adjustment-nothing-new").on("days"));
    }
    Ok(Change::Day { date, working, name })
}

fn prefill(code: &str, texts: &FiveTexts, rules: &RuleBook) -> Result<Change, Refusal> {
    let category = rules.category(code).filter(|category| category.is_on());
    let category = category.ok_or_else(|| Refusal::new("hazard-category-unknown").on("category"))?;
    let said = |field: &'static str, text: &str| {
        let text = Wording(rules).said(field, text, limits::TEXT_CHARS)?;
        if rules.is_filler(&text) {
            return Err(Refusal::new("reason-filler").with("text", &text).on(field));
        }
        Ok(text)
    };
    let texts = FiveTexts {
        responsibility: said("responsibility", &texts.responsibility)?,
        funds: said("funds", &texts.funds)?,
        measures: said("measures", &texts.measures)?,
        deadline: said("deadline", &texts.deadline)?,
        contingency: said("contingency", &texts.contingency)?,
    };
    let known = category.prefill.as_ref().is_some_and(|known| {
        let known =
            [&known.responsibility, &known.funds, &known.measures, &known.deadline, &known.contingency];
        let is = [&texts.responsibility, &texts.funds, &texts.measures, &texts.deadline, &texts.contingency];
        known.into_iter().map(|text| &**text).eq(is.into_iter().map(String::as_str))
    });
    if known {
        return Err(Refusal::new("adjustment-nothing-new").on("measures"));
    }
    Ok(Change::Prefill { category: code.to_owned(), texts })
}
