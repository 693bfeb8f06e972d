//! Codes in words: what lists, records, sentences and refusals say.

use kernel::Date;
use language::{Lang, Say};
use rules::{Rule, RuleBook, RuleValue, Span, Tag};

use crate::{
    change::{Change, NewValue},
    state::StageCode,
    texts,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    let code = code.replace('_', "-");
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or(code)
}

/// 待签发、已启用 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "adjustment-stage", stage.name())
}

/// An act by its name in addresses.
pub(crate) fn act(lang: Lang, act: &str) -> String {
    coded(lang, "adjustment-act", act)
}

/// How sure a rule is.
pub fn tag(lang: Lang, tag: Tag) -> String {
    coded(
        lang,
        "rule-tag",
        match tag {
            Tag::S => "s",
            Tag::L => "l",
            Tag::P => "p",
            Tag::G => "g",
            Tag::I => "i",
        },
    )
}

/// The value of a rule.
pub fn value(lang: Lang, value: &RuleValue) -> String {
    match value {
        RuleValue::Choice(name) => coded(lang, "rule-choice", name),
        _ if lang == Lang::En => value.en(),
        _ => value.zh(),
    }
}

/// The name of a rule; its id where the rules know it no more.
pub fn rule(lang: Lang, rules: &RuleBook, id: &str) -> String {
    let title = rules.rule(id).first().map(|rule| hazard::words::pick(lang, &rule.title).to_owned());
    title.unwrap_or_else(|| id.to_owned())
}

/// 系统默认、本地 ... of a variant; the pack's own name stands for itself.
pub fn variant(lang: Lang, name: &str) -> String {
    if name == "default" { texts::rule_variant_default(lang).to_owned() } else { name.to_owned() }
}

/// The value that an adjustment gives, with the steps of the climb by name.
pub fn new_value(lang: Lang, known: Option<&Rule>, value: &NewValue) -> String {
    match value {
        NewValue::Span(text) => match Span::parse(text) {
            Some(span) if lang == Lang::En => span.en(),
            Some(span) => span.zh(),
            None => text.clone(),
        },
        NewValue::Marks(marks) => self::value(lang, &RuleValue::Marks(marks.clone())),
        NewValue::Steps(steps) => {
            let Some(RuleValue::Ladder(named)) = known.map(|rule| &rule.value) else { return String::new() };
            let mut named = named.clone();
            for step in &mut named {
                if let Some(days) = steps.iter().find(|days| *days.step == *step.step) {
                    step.after = days.after;
                }
            }
            self::value(lang, &RuleValue::Ladder(named))
        }
    }
}

/// What a change is about.
pub fn about(lang: Lang, rules: &RuleBook, change: &Change) -> String {
    match change {
        Change::Value { rule, .. } | Change::Variant { rule, .. } => self::rule(lang, rules, rule),
        Change::Day { date, .. } => Say(lang).date(*date),
        Change::Year { year } => texts::change_year(lang, year),
        Change::Prefill { category, .. } => {
            texts::change_prefill(lang, hazard::words::category(lang, rules, category))
        }
    }
}

/// What was before a change, and what it makes of it.
pub fn before_and_after(lang: Lang, rules: &RuleBook, change: &Change, on: Date) -> (String, String) {
    match change {
        Change::Value { rule, variant, value } => {
            let known = rules.rule(rule).iter().find(|known| {
                *known.variant == **variant && known.from <= on && known.to.is_none_or(|to| on < to)
            });
            let before = known.map(|known| self::value(lang, &known.value)).unwrap_or_default();
            (before, new_value(lang, known, value))
        }
        Change::Variant { rule, variant } => {
            let was = rules.value(rule, on).ok();
            let before = was.map(|was| self::value(lang, &was.value)).unwrap_or_default();
            let is = rules.rule(rule).iter().find(|known| *known.variant == **variant);
            let after = is.map(|is| self::value(lang, &is.value)).unwrap_or_default();
            (before, texts::change_variant(lang, after, self::variant(lang, variant)))
        }
        Change::Day { date, working, name } => {
            let before = match rules.working_day(*date).0 {
                true => texts::day_working(lang),
                false => texts::day_free(lang),
            };
            let after = if *working { texts::day_working(lang) } else { texts::day_free(lang) };
            (before.to_owned(), texts::change_day(lang, after, name))
        }
        Change::Year { .. } => (String::new(), texts::change_year_complete(lang).to_owned()),
        Change::Prefill { category, texts } => {
            let known = rules.category(category).and_then(|category| category.prefill.as_ref());
            let join = |texts: [&str; 5]| texts.join("；");
            let before = known.map(|known| {
                join([
                    &known.responsibility,
                    &known.funds,
                    &known.measures,
                    &known.deadline,
                    &known.contingency,
                ])
            });
            let after =
                [&texts.responsibility, &texts.funds, &texts.measures, &texts.deadline, &texts.contingency];
            (before.unwrap_or_default(), join(after.map(String::as_str)))
        }
    }
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" => coded(lang, "adjustment-stage", value),
                "act" => act(lang, value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
