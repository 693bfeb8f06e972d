//! The fields of an event in words: known ones by their text `field-<family>-<name>` or `field-<name>`, unknown ones
//! under their own name; the family is what the event's type begins with. Codes and ids become words where they are
//! known; nothing is left out.

use std::iter;

use kernel::{Timestamp, UnitId};
use language::{Lang, Say};
use serde_json::Value;
use web::{Sentences, view::Fact};

use crate::texts;

/// How deep fields of fields are told apart; what lies deeper is shown as it is.
const DEEP: usize = 4;

/// The fields of a part of an event of this type as the audit trail says them: every one with its value; a part that
/// cannot be read is one line as it is.
pub fn said(
    sentences: &Sentences,
    lang: Lang,
    (event_type, part): (&str, &str),
    named: &dyn Fn(UnitId) -> String,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let family = event_type.split_once('.').map_or(event_type, |(family, _)| family);
    let told = Told { sentences, lang, named, family };
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
    /// What the event's type begins with: `hazard` of `hazard.found`.
    family: &'a str,
}

/// Codes that mean something in events of one family: family, field, what their texts' names begin with.
const FAMILIAR: [(&str, &str, &str); 29] = [
    ("accountability", "authority", "authority"),
    ("accountability", "clock", "case-clock"),
    ("accountability", "consequence", "consequence"),
    ("accountability", "handlings", "handling"),
    ("accountability", "role", "side"),
    ("accountability", "step", "case-act"),
    ("accountability", "verdict", "verdict"),
    ("clarification", "clock", "case-clock"),
    ("clarification", "purpose", "purpose"),
    ("gate", "condition", "guard-condition"),
    ("gate", "piece", "guard-piece"),
    ("guard_report", "boarding", "guard-reading"),
    ("guard_report", "growth", "guard-reading"),
    ("guard_report", "joining", "guard-reading"),
    ("guard_report", "rounding", "guard-reading"),
    ("guard_standard", "boarding", "guard-reading"),
    ("guard_standard", "growth", "guard-reading"),
    ("guard_standard", "joining", "guard-reading"),
    ("guard_standard", "rounding", "guard-reading"),
    ("person", "shift", "guard-shift"),
    ("public_report", "answer", "public-report-answer"),
    ("supervision", "clock", "supervision-clock"),
    ("supervision", "measure", "supervision-control"),
    ("supervision", "why", "supervision-ended"),
    ("supervision", "step", "supervision-act"),
    ("transfer", "answer", "transfer-answer"),
    ("transfer", "channel", "transfer-channel"),
    ("transfer", "clock", "transfer-clock"),
    ("transfer", "kind", "transfer-kind"),
];

/// Fields whose codes have texts, and what the texts' names begin with.
const CODED: [(&str, &str); 19] = [
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
    ("way", "transfer-way"),
    ("how", "transfer-urging"),
];

impl Told<'_> {
    fn label(&self, within: &str, field: &str) -> String {
        let text = |name: &str| texts::lookup(self.lang, &format!("field-{}", name.replace('_', "-")), &[]);
        let own = text(&format!("{}-{field}", self.family));
        let name = own.or_else(|| text(field)).unwrap_or_else(|| field.to_owned());
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
        let familiar = FAMILIAR.iter().find(|(family, coded, _)| *family == self.family && *coded == field);
        let own = familiar.and_then(|(_, _, begins)| self.coded(begins, text));
        let own = own.or_else(|| self.sentences.named(lang, &format!("{}.{field}", self.family), text));
        if let Some(words) = own {
            return words;
        }
        let worded = match field {
            "role" => Some(web::names::role(lang, text)),
            "post" => organisation::Post::named(text).map(|post| web::names::post(lang, post)),
            "kind" => organisation::UnitKind::named(text)
                .map(|kind| web::names::unit_kind(lang, kind))
                .or_else(|| self.sentences.text(lang, &format!("channel-kind-{text}"), &[])),
            "line" => texts::lookup(lang, &format!("line-{text}"), &[]),
            _ => {
                let coded = CODED.iter().find(|(coded, _)| *coded == field);
                coded.and_then(|(_, begins)| self.coded(begins, text))
            }
        };
        worded.or_else(|| self.sentences.named(lang, field, text)).unwrap_or_else(|| text.to_owned())
    }

    fn coded(&self, begins: &str, code: &str) -> Option<String> {
        self.sentences.text(self.lang, &format!("{begins}-{}", code.replace('.', "-")), &[])
    }
}

/// Milliseconds since 1970 that lie between 2001 and 2286, in a field that names an instant.
fn is_instant(field: &str, number: i64) -> bool {
    let names = ["at", "due", "since", "until", "revisit", "deadline", "forget", "happened_on"];
    (1_000_000_000_000..10_000_000_000_000).contains(&number)
        && names.iter().any(|name| field == *name || field.ends_with(&format!("_{name}")))
}
