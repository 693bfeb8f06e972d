//! An adjustment as the text that the rules read on top of their packs.

use kernel::Date;
use rules::{OVERLAYS, OverlayPower, RuleBook, RuleError, RuleValue};
use toml::{Table, Value};

use crate::{
    change::{Change, NewValue},
    state::AdjustmentState,
};

/// The file it is kept as: in the order in which adjustments lie on top of each other.
pub(crate) fn file(order: usize, state: &AdjustmentState) -> String {
    format!("{OVERLAYS}{order:03}-{}.toml", state.number)
}

fn text(value: impl Into<String>) -> Value {
    Value::String(value.into())
}

fn table(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn both(words: &str) -> Value {
    Value::Table(table([("zh", text(words)), ("en", text(words))]))
}

/// The overlay of an adjustment on a book; the book knows the steps of a climb by name.
pub(crate) fn overlay(state: &AdjustmentState, to: Option<Date>, base: &RuleBook) -> String {
    let mut head = table([
        ("id", text(state.number.to_string())),
        ("title", both(&format!("{} {}", crate::texts::overlay_title(language::Lang::ZhCn), state.number))),
        ("from", text(state.from.to_string())),
    ]);
    if let Some(to) = to {
        head.insert("to".to_owned(), text(to.to_string()));
    }
    let years: Vec<Value> = state
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Year { year } => Some(Value::Integer(i64::from(*year))),
            _ => None,
        })
        .collect();
    if !years.is_empty() {
        head.insert("calendar_years".to_owned(), Value::Array(years));
    }
    let mut whole = table([("overlay", Value::Table(head))]);
    for change in &state.changes {
        let Some((list, entry)) = entry(change, base) else { continue };
        let entries = whole.entry(list.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(entries) = entries {
            entries.push(Value::Table(entry));
        }
    }
    whole.to_string()
}

fn entry(change: &Change, base: &RuleBook) -> Option<(&'static str, Table)> {
    Some(match change {
        Change::Value { rule, variant, value } => (
            "set",
            table([
                ("rule", text(rule)),
                ("variant", text(variant)),
                ("value", written(value, rule, variant, base)),
            ]),
        ),
        Change::Variant { rule, variant } => {
            ("choose", table([("rule", text(rule)), ("variant", text(variant))]))
        }
        Change::Day { date, working, name } => (
            "day",
            table([
                ("date", text(date.to_string())),
                ("working", Value::Boolean(*working)),
                ("name", both(name)),
            ]),
        ),
        Change::Year { .. } => return None,
        Change::Prefill { category, texts } => (
            "prefill",
            table([
                ("category", text(category)),
                ("responsibility", text(&texts.responsibility)),
                ("funds", text(&texts.funds)),
                ("measures", text(&texts.measures)),
                ("deadline", text(&texts.deadline)),
                ("contingency", text(&texts.contingency)),
            ]),
        ),
    })
}

fn written(value: &NewValue, rule: &str, variant: &str, base: &RuleBook) -> Value {
    let number = |number: u32| Value::Integer(i64::from(number));
    match value {
        NewValue::Span(span) => text(span),
        NewValue::Marks(marks) => Value::Array(marks.iter().copied().map(number).collect()),
        NewValue::Steps(steps) => {
            let known = base.rule(rule).iter().find(|known| *known.variant == *variant);
            let names = |code: &str| match known.map(|known| &known.value) {
                Some(RuleValue::Ladder(known)) => known.iter().find(|step| *step.step == *code),
                _ => None,
            };
            let step = |days: &crate::change::StepDays| {
                let names = names(&days.step);
                let (zh, en) = names.map_or((&*days.step, &*days.step), |names| (&*names.zh, &*names.en));
                Value::Table(table([
                    ("after", number(days.after)),
                    ("step", text(&days.step)),
                    ("zh", text(zh)),
                    ("en", text(en)),
                ]))
            };
            Value::Array(steps.iter().map(step).collect())
        }
    }
}

/// The book with the adjustment on top.
///
/// # Errors
/// What the rules have against it.
pub(crate) fn laid_on(
    base: &RuleBook,
    state: &AdjustmentState,
    to: Option<Date>,
) -> Result<RuleBook, Vec<RuleError>> {
    base.with_overlay(&file(0, state), &overlay(state, to, base), OverlayPower::Owner)
}
