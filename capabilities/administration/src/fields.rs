//! The fields of an event in words: known ones by their text `field-<name>`, unknown ones under their own name. Codes
//! and ids become words where they are known; nothing is left out.

use std::iter;

use kernel::{Timestamp, UnitId};
use language::{Lang, Say};
use serde_json::Value;
use web::{Sentences, view::Fact};

use crate::texts;

/// How deep fields of fields are told apart; what lies deeper is shown as it is.
const DEEP: usize = 4;

/// The fields of a part of an event as the audit trail says them: every one with its value; a part that cannot be read
/// is one line as it is.
pub fn said(sentences: &Sentences, lang: Lang, part: &str, named: &dyn Fn(UnitId) -> String) -> Vec<Fact> {
    let mut facts = Vec::new();
    let told = Told { sentences, lang, named };
    match serde_json::from_str(part) {
        Ok(Value::Object(fields)) => told.object(&mut facts, "", &fields, DEEP),
        Ok(Value::Null) => {}
        Ok(_) | Err(_) => facts.push(Fact::new(texts::audit_core(lang), part)),
    }
    facts
}

/// Ids among the values of a part: some of them are units.
pub(crate) fn ids(part: &str) -> Vec<UnitId> {
    fn gather(value: &Value, found: &mut Vec<UnitId>) {
        match value {
            Value::String(text) => found.extend(UnitId::parse(text)),
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Object(fields) => fields.values().for_each(|value| gather(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(part) {
        gather(&value, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}

struct Told<'a> {
    /// What the rooms call their codes.
    sentences: &'a Sentences,
    lang: Lang,
    /// The unit or person with this id; empty when nobody is known by it.
    named: &'a dyn Fn(UnitId) -> String,
}

/// Fields whose codes have texts, and what the texts' names begin with.
const CODED: [(&str, &str); 17] = [
    ("clock", "hazard-clock"),
    ("level", "hazard-level"),
    ("ledger_level", "hazard-level"),
    ("stage", "hazard-stage"),
    ("step", "hazard-climb"),
    ("acceptor", "hazard-acceptor"),
    ("answerer", "hazard-acceptor"),
    ("guide", "hazard-guide"),
    ("rule", "rule"),
    ("answer", "audit-answer"),
    ("why", "form-withdraw"),
    ("canteen", "canteen"),
    ("employer", "guard-by"),
    ("topics", "topic"),
    ("what", "adjustment-what"),
    ("variant", "rule-variant"),
    // Most reasons are somebody's words and no code.
    ("reason", "suspend"),
];

impl Told<'_> {
    fn label(&self, within: &str, field: &str) -> String {
        let key = format!("field-{}", field.replace('_', "-"));
        let name = texts::lookup(self.lang, &key, &[]).unwrap_or_else(|| field.to_owned());
        if within.is_empty() { name } else { format!("{within} › {name}") }
    }

    fn object(
        &self,
        facts: &mut Vec<Fact>,
        within: &str,
        fields: &serde_json::Map<String, Value>,
        deep: usize,
    ) {
        for (field, value) in fields {
            let label = self.label(within, field);
            match value {
                Value::Object(inner) if deep > 0 && !inner.is_empty() => {
                    self.object(facts, &label, inner, deep - 1);
                }
                Value::Array(items) if deep > 0 && items.iter().any(Value::is_object) => {
                    self.numbered(facts, &label, field, items, deep - 1);
                }
                Value::Array(items) => {
                    let words: Vec<String> = items.iter().map(|item| self.value(field, item)).collect();
                    facts.push(Fact::new(label, self.or_nothing(&Say(self.lang).list(words))));
                }
                other => facts.push(Fact::new(label, self.value(field, other))),
            }
        }
    }

    fn numbered(&self, facts: &mut Vec<Fact>, label: &str, field: &str, items: &[Value], deep: usize) {
        for (number, item) in iter::zip(1_u32.., items) {
            let label = if items.len() > 1 { format!("{label} {number}") } else { label.to_owned() };
            match item {
                Value::Object(inner) => self.object(facts, &label, inner, deep),
                other => facts.push(Fact::new(label, self.value(field, other))),
            }
        }
    }

    fn or_nothing(&self, text: &str) -> String {
        if text.is_empty() { texts::audit_no_part(self.lang).to_owned() } else { text.to_owned() }
    }

    fn value(&self, field: &str, value: &Value) -> String {
        match value {
            Value::Null => texts::audit_no_part(self.lang).to_owned(),
            Value::Bool(true) => texts::audit_yes(self.lang).to_owned(),
            Value::Bool(false) => texts::audit_no(self.lang).to_owned(),
            Value::Number(number) => self.number(field, number),
            Value::String(text) => self.or_nothing(&self.text(field, text)),
            Value::Array(_) | Value::Object(_) => value.to_string(),
        }
    }

    /// Instants and amounts are numbers that nobody reads.
    fn number(&self, field: &str, number: &serde_json::Number) -> String {
        let whole = number.as_i64();
        match (field, whole) {
            (_, Some(at)) if is_instant(field, at) => Say(self.lang).date_time(Timestamp(at)),
            (_, Some(cents)) if field.ends_with("_cents") => {
                texts::audit_yuan(self.lang, format!("{}.{:02}", cents / 100, cents.unsigned_abs() % 100))
            }
            _ => number.to_string(),
        }
    }

    fn text(&self, field: &str, text: &str) -> String {
        let named = UnitId::parse(text).map(|id| (self.named)(id)).filter(|name| !name.is_empty());
        if let Some(name) = named {
            return name;
        }
        let lang = self.lang;
        let worded = match field {
            "role" => Some(web::names::role(lang, text)),
            "post" => organisation::Post::named(text).map(|post| web::names::post(lang, post)),
            "kind" => organisation::UnitKind::named(text)
                .map(|kind| web::names::unit_kind(lang, kind))
                .or_else(|| self.sentences.text(lang, &format!("channel-kind-{text}"), &[])),
            "line" => texts::lookup(lang, &format!("line-{text}"), &[]),
            _ => CODED.iter().find(|(coded, _)| *coded == field).and_then(|(_, begins)| {
                self.sentences.text(lang, &format!("{begins}-{}", text.replace('.', "-")), &[])
            }),
        };
        worded.or_else(|| self.sentences.named(lang, field, text)).unwrap_or_else(|| text.to_owned())
    }
}

/// Milliseconds since 1970 that lie between 2001 and 2286, in a field that names an instant.
fn is_instant(field: &str, number: i64) -> bool {
    let names = ["at", "due", "since", "until", "revisit", "deadline"];
    (1_000_000_000_000..10_000_000_000_000).contains(&number)
        && names.iter().any(|name| field == *name || field.ends_with(&format!("_{name}")))
}
