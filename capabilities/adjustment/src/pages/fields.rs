//! The fields of a draft: what can be typed for which kind of change, how it is read, and how it is filled in.

use kernel::{Date, Problem, Refusal, limits};
use language::Lang;
use rules::{Rule, RuleBook, RuleValue, Span, Unit};
use web::{FormData, FormState, Reader, view::Choice};

use crate::{
    change::{Change, FiveTexts, NewValue, StepDays},
    texts, words,
};

/// Units of time as the rules write them.
const UNITS: [(&str, Unit); 5] = [
    ("min", Unit::Minutes),
    ("h", Unit::Hours),
    ("d", Unit::Days),
    ("wd", Unit::WorkingDays),
    ("y", Unit::Years),
];

/// What a draft is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// The value of the variant that is in force.
    Value(Rule),
    /// Which variant is in force: the rule, and those that could be chosen.
    Choose(Rule, Vec<Rule>),
    /// Working days.
    Calendar,
    /// Texts of a category.
    Prefill(String),
}

impl Topic {
    /// From the names in an address or a form; none when they name nothing that can be changed.
    pub(super) fn named(rules: &RuleBook, on: Date, named: impl Fn(&str) -> String) -> Option<Self> {
        let (rule, category) = (named("rule"), named("category"));
        if !rule.is_empty() {
            let now: Vec<&Rule> = rules.rule(&rule).iter().filter(|rule| rule.is_in_force(on)).collect();
            let active = now.iter().find(|rule| rule.active).copied()?.clone();
            if matches!(active.value, RuleValue::Choice(_)) {
                return None;
            }
            if named("choose").is_empty() {
                return Some(Self::Value(active));
            }
            let others: Vec<Rule> = now.into_iter().filter(|rule| !rule.active).cloned().collect();
            return (!others.is_empty()).then_some(Self::Choose(active, others));
        }
        if !category.is_empty() {
            return rules.category(&category).filter(|known| known.is_on()).map(|_| Self::Prefill(category));
        }
        (!named("calendar").is_empty()).then_some(Self::Calendar)
    }

    /// Of an adjustment that was drafted.
    pub(super) fn of(rules: &RuleBook, on: Date, changes: &[Change]) -> Option<Self> {
        let first = changes.first()?;
        Self::named(rules, on, |name| {
            match (name, first) {
                ("rule", Change::Value { rule, .. } | Change::Variant { rule, .. }) => rule.as_str(),
                ("choose", Change::Variant { .. })
                | ("calendar", Change::Day { .. } | Change::Year { .. }) => "1",
                ("category", Change::Prefill { category, .. }) => category.as_str(),
                _ => "",
            }
            .to_owned()
        })
    }

    /// Which fields the form shows.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Value(rule) => match rule.value {
                RuleValue::Duration(_) => "span",
                RuleValue::Marks(_) => "marks",
                RuleValue::Ladder(_) => "steps",
                RuleValue::Choice(_) | RuleValue::PerPlan => "fixed",
            },
            Self::Choose(..) => "variant",
            Self::Calendar => "calendar",
            Self::Prefill(_) => "prefill",
        }
    }

    /// Hidden fields that name it again.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Value(rule) => vec![("rule", rule.id.to_string())],
            Self::Choose(rule, _) => vec![("rule", rule.id.to_string()), ("choose", "1".to_owned())],
            Self::Calendar => vec![("calendar", "1".to_owned())],
            Self::Prefill(category) => vec![("category", category.clone())],
        }
    }

    /// A heading.
    pub(super) fn title(&self, lang: Lang, rules: &RuleBook) -> String {
        match self {
            Self::Value(rule) | Self::Choose(rule, _) => hazard::words::pick(lang, &rule.title).to_owned(),
            Self::Calendar => texts::tab_calendar(lang).to_owned(),
            Self::Prefill(category) => {
                texts::change_prefill(lang, hazard::words::category(lang, rules, category))
            }
        }
    }

    /// What is in force now, as a sentence.
    pub(super) fn now(&self, lang: Lang) -> String {
        match self {
            Self::Value(rule) | Self::Choose(rule, _) => {
                texts::draft_now(lang, words::value(lang, &rule.value))
            }
            Self::Calendar => texts::draft_calendar_now(lang).to_owned(),
            Self::Prefill(_) => texts::draft_prefill_now(lang).to_owned(),
        }
    }
}

/// The steps of a climb as fields: name of the field, label.
pub(super) fn steps(lang: Lang, topic: &Topic) -> Vec<(String, String)> {
    let Topic::Value(Rule { value: RuleValue::Ladder(steps), .. }) = topic else { return Vec::new() };
    let label = |step: &rules::ClimbStep| {
        texts::field_step(lang, if lang == Lang::En { &*step.en } else { &*step.zh })
    };
    steps.iter().map(|step| (format!("after_{}", step.step), label(step))).collect()
}

/// Units of time to choose from.
pub(super) fn units(lang: Lang) -> Vec<Choice> {
    let label = |unit: Unit| match unit {
        Unit::Minutes => texts::unit_minutes(lang),
        Unit::Hours => texts::unit_hours(lang),
        Unit::Days => texts::unit_days(lang),
        Unit::WorkingDays => texts::unit_working_days(lang),
        Unit::Years => texts::unit_years(lang),
    };
    UNITS.iter().map(|(code, unit)| Choice::new(*code, label(*unit))).collect()
}

/// Variants to choose from.
pub(super) fn variants(lang: Lang, topic: &Topic) -> Vec<Choice> {
    let Topic::Choose(_, others) = topic else { return Vec::new() };
    let choice = |rule: &Rule| {
        let clause = if lang == Lang::En { &rule.clause.en } else { &rule.clause.zh };
        let label =
            texts::change_variant(lang, words::value(lang, &rule.value), words::variant(lang, &rule.variant));
        Choice::new(&*rule.variant, label).hint(&**clause)
    };
    others.iter().map(choice).collect()
}

/// With what is in force now.
pub(super) fn filled(form: FormState, topic: &Topic, rules: &RuleBook) -> FormState {
    match topic {
        Topic::Value(rule) => match &rule.value {
            RuleValue::Duration(span) => spanned(form, *span),
            RuleValue::Marks(marks) => form.with("marks", listed(marks)),
            RuleValue::Ladder(steps) => {
                steps.iter().fold(form, |form, step| form.with(format!("after_{}", step.step), step.after))
            }
            RuleValue::Choice(_) | RuleValue::PerPlan => form,
        },
        Topic::Choose(..) | Topic::Calendar => form,
        Topic::Prefill(category) => {
            let known = rules.category(category).and_then(|category| category.prefill.as_ref());
            let Some(known) = known else { return form };
            form.with("responsibility", &known.responsibility)
                .with("funds", &known.funds)
                .with("measures", &known.measures)
                .with("deadline", &known.deadline)
                .with("contingency", &known.contingency)
        }
    }
}

fn spanned(form: FormState, span: Span) -> FormState {
    let unit = UNITS.iter().find(|(_, unit)| *unit == span.unit).map_or("d", |(code, _)| code);
    form.with("amount", span.amount).with("unit", unit)
}

fn listed(marks: &[u32]) -> String {
    marks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// With what was drafted.
pub(super) fn drafted(form: FormState, changes: &[Change]) -> FormState {
    let mut lines = Vec::new();
    let mut form = form;
    for change in changes {
        form = match change {
            Change::Value { value: NewValue::Span(text), .. } => match Span::parse(text) {
                Some(span) => spanned(form, span),
                None => form,
            },
            Change::Value { value: NewValue::Marks(marks), .. } => form.with("marks", listed(marks)),
            Change::Value { value: NewValue::Steps(steps), .. } => {
                steps.iter().fold(form, |form, step| form.with(format!("after_{}", step.step), step.after))
            }
            Change::Variant { variant, .. } => form.with("variant", variant),
            Change::Day { date, working, name } => {
                lines.push(format!("{date} {} {name}", if *working { WORKING[0] } else { FREE[0] }));
                form
            }
            Change::Year { year } => form.with("year", year),
            Change::Prefill { texts, .. } => form
                .with("responsibility", &texts.responsibility)
                .with("funds", &texts.funds)
                .with("measures", &texts.measures)
                .with("deadline", &texts.deadline)
                .with("contingency", &texts.contingency),
        };
    }
    if lines.is_empty() { form } else { form.with("days", lines.join("\n")) }
}

/// A refusal with the fields that the form of this topic has: what is said of the value belongs to one of them.
pub(super) fn placed(problem: Problem, topic: &Topic) -> Problem {
    let own = match topic.kind() {
        "span" => "amount",
        "marks" => "marks",
        "steps" => "after_remind",
        "variant" => "variant",
        "calendar" => "days",
        _ => "responsibility",
    };
    match problem {
        Problem::Refused(mut refusal) => {
            for field in refusal.fields.iter_mut().filter(|field| **field == "value") {
                *field = own;
            }
            Problem::Refused(refusal)
        }
        Problem::Invalid(mut fields) => {
            for field in fields.iter_mut().filter(|field| field.field == "value") {
                field.field = own;
            }
            Problem::Invalid(fields)
        }
        other => other,
    }
}

/// The labels for what is refused.
pub(super) fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("amount", texts::field_amount(lang))
        .label("unit", texts::field_unit(lang))
        .label("value", texts::field_value(lang))
        .label("after_remind", texts::field_value(lang))
        .label("marks", texts::field_marks(lang))
        .label("variant", texts::field_variant(lang))
        .label("days", texts::field_days(lang))
        .label("year", texts::field_year(lang))
        .label("responsibility", texts::field_responsibility(lang))
        .label("funds", texts::field_funds(lang))
        .label("measures", texts::field_measures(lang))
        .label("deadline", texts::field_deadline(lang))
        .label("contingency", texts::field_contingency(lang))
        .label("from", texts::field_from(lang))
        .label("on", texts::field_on(lang))
        .label("note", texts::field_reason(lang))
}

/// Words of a day in a line: the first is how it is written back.
const WORKING: [&str; 4] = ["上班", "补班", "work", "workday"];
const FREE: [&str; 5] = ["放假", "休息", "off", "holiday", "free"];

/// What was typed, as changes; nothing is checked that the rules have to say.
///
/// # Errors
/// Fields that are missing or cannot be read.
pub(super) fn read(topic: &Topic, form: &FormData) -> Result<Vec<Change>, Problem> {
    let mut read = form.reader();
    let changes = match topic {
        Topic::Value(rule) => {
            let value = new_value(&mut read, form, &rule.value);
            let (rule, variant) = (rule.id.to_string(), rule.variant.to_string());
            value.map(|value| Change::Value { rule, variant, value }).into_iter().collect()
        }
        Topic::Choose(rule, others) => {
            let known: Vec<(&str, &str)> =
                others.iter().map(|other| (&*other.variant, &*other.variant)).collect();
            let chosen = read.choice("variant", &known).required().get();
            let change =
                |variant: &str| Change::Variant { rule: rule.id.to_string(), variant: variant.to_owned() };
            chosen.map(change).into_iter().collect()
        }
        Topic::Calendar => special_days(&mut read),
        Topic::Prefill(category) => {
            let mut text = |field: &'static str| read.text(field).required().max(limits::TEXT_CHARS).get();
            let texts = FiveTexts {
                responsibility: text("responsibility"),
                funds: text("funds"),
                measures: text("measures"),
                deadline: text("deadline"),
                contingency: text("contingency"),
            };
            vec![Change::Prefill { category: category.clone(), texts }]
        }
    };
    read.finish()?;
    Ok(changes)
}

/// A value of the kind that the rule has.
fn new_value(read: &mut Reader<'_>, form: &FormData, value: &RuleValue) -> Option<NewValue> {
    match value {
        RuleValue::Duration(_) => {
            let amount = read.int("amount").required().range(1, 40_000).get();
            let units: Vec<(&str, &str)> = UNITS.iter().map(|(code, _)| (*code, *code)).collect();
            let unit = read.choice("unit", &units).required().get();
            amount.zip(unit).map(|(amount, unit)| NewValue::Span(format!("{amount}{unit}")))
        }
        RuleValue::Marks(_) => {
            let text = read.text("marks").required().max(limits::NAME_CHARS).narrow().get();
            let marks = numbers(&text);
            if marks.is_none() && !read.has_problem("marks") {
                read.note("marks", Refusal::new("adjustment-marks").on("marks"));
            }
            marks.map(NewValue::Marks)
        }
        RuleValue::Ladder(steps) => {
            let mut asked = Vec::new();
            for step in steps {
                let text = form.value(&format!("after_{}", step.step)).unwrap_or_default();
                let after = kernel::text::narrow(text).trim().parse().ok().filter(|days| *days <= 3_650);
                asked.extend(after.map(|after| StepDays { step: step.step.to_string(), after }));
            }
            if asked.len() < steps.len() {
                read.note("after_remind", Refusal::new("adjustment-steps").on("after_remind"));
                return None;
            }
            Some(NewValue::Steps(asked))
        }
        RuleValue::Choice(_) | RuleValue::PerPlan => None,
    }
}

/// The days, one a line, and the year that they complete.
fn special_days(read: &mut Reader<'_>) -> Vec<Change> {
    let lines = read.text("days").max(limits::TEXT_CHARS).lines().get();
    let year = read.int("year").range(2_000, 2_200).get();
    let mut changes = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match day(line) {
            Some(change) => changes.push(change),
            None => {
                read.note("days", Refusal::new("adjustment-day-line").with("line", line).on("days"));
                break;
            }
        }
    }
    changes.extend(year.and_then(|year| i16::try_from(year).ok()).map(|year| Change::Year { year }));
    changes
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    let parts = text.split([',', '，', '、', ' ', '%']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}

/// 2027-02-07 上班 春节调休上班
fn day(line: &str) -> Option<Change> {
    let line = kernel::text::narrow(line);
    let mut parts = line.split_whitespace();
    let date: Date = parts.next()?.parse().ok()?;
    let what = parts.next()?;
    let working = match (WORKING.contains(&what), FREE.contains(&what)) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => return None,
    };
    let name = parts.collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(Change::Day { date, working, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_day_with_what_it_is_and_its_name() {
        let read = |line: &str| match day(line) {
            Some(Change::Day { date, working, name }) => Some((date.to_string(), working, name)),
            _ => None,
        };
        let told = |date: &str, working, name: &str| Some((date.to_owned(), working, name.to_owned()));
        assert_eq!(read("2027-02-07 上班 春节调休上班"), told("2027-02-07", true, "春节调休上班"));
        assert_eq!(read("２０２７-01-01　放假　元旦"), told("2027-01-01", false, "元旦"), "full width");
        assert_eq!(read("2027-01-01 off New Year"), told("2027-01-01", false, "New Year"));
        for wrong in ["2027-02-30 放假 元旦", "2027-01-01 元旦", "2027-01-01 放假", "元旦"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(numbers("50、80，100%"), Some(vec![50, 80, 100]));
        assert_eq!(numbers("50, many"), None);
    }
}
