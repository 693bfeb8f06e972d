//! The shapes of the files, every key listed.

use std::sync::Arc;

use kernel::Date;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::{
    catalogue::{Category, Coded, Measure, PointKind, SchoolKind, Topic},
    clause::{Clause, Tag, Text},
    error::RuleError,
    filler::RawFiller,
    guide::{RawArea, RawItem},
    likeness::RawLikeness,
    load::line_at,
    restricted::RawRestricted,
    rule::{ClimbStep, Origin, Rule, RuleValue, Scope, Tighten},
    span::Span,
    staffing::{RawKit, RawStaffing},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    pub(super) id: Arc<str>,
    pub(super) title: Text,
    pub(super) version: Arc<str>,
    pub(super) scope: Text,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TableKind {
    Holidays,
    SubItems,
    Prefill,
    Season,
    Places,
    LedgerWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTable {
    pub(super) kind: TableKind,
    pub(super) file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicFile {
    pub(super) topic: Topic,
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RawRule>>,
    #[serde(default)]
    pub(super) table: Vec<Spanned<RawTable>>,
    #[serde(default)]
    pub(super) category: Vec<Category>,
    #[serde(default)]
    pub(super) source: Vec<Coded>,
    #[serde(default)]
    pub(super) check: Vec<Coded>,
    #[serde(default)]
    pub(super) area: Vec<RawArea>,
    #[serde(default)]
    pub(super) item: Vec<RawItem>,
    #[serde(default)]
    pub(super) restricted: Vec<RawRestricted>,
    #[serde(default)]
    pub(super) measure: Vec<Measure>,
    #[serde(default)]
    pub(super) school_kind: Vec<SchoolKind>,
    #[serde(default)]
    pub(super) department: Vec<Coded>,
    #[serde(default)]
    pub(super) point_kind: Vec<PointKind>,
    #[serde(default)]
    pub(super) staffing: Vec<RawStaffing>,
    #[serde(default)]
    pub(super) kit: Vec<RawKit>,
    pub(super) filler: Option<RawFiller>,
    pub(super) likeness: Option<RawLikeness>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ValueKind {
    Duration,
    Marks,
    Ladder,
    PerPlan,
    Choice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    id: Arc<str>,
    title: Text,
    kind: ValueKind,
    value: Spanned<Value>,
    clause: Text,
    tag: Tag,
    from: Date,
    to: Option<Date>,
    variant: Arc<str>,
    active: bool,
    tighten: Option<Tighten>,
    scope: Option<Scope>,
}

/// Checks a rule as written and makes it a rule.
pub(super) fn rule(file: &str, text: &str, line: usize, raw: &RawRule) -> Result<Rule, RuleError> {
    let fault = |message: String| RuleError::invalid(file, line, format!("rule {}: {message}", raw.id));
    if let Some(message) = Clause::fault(&raw.clause, raw.tag) {
        return Err(fault(message));
    }
    if raw.title.is_blank() || raw.id.trim().is_empty() || raw.variant.trim().is_empty() {
        return Err(fault("id, title and variant must not be empty".into()));
    }
    if raw.to.is_some_and(|to| to <= raw.from) {
        return Err(fault("its last day lies before its first".into()));
    }
    let value_line = line_at(text, raw.value.span().start);
    let value = value(raw.kind, raw.value.get_ref())
        .map_err(|message| RuleError::invalid(file, value_line, format!("rule {}: {message}", raw.id)))?;
    if raw.tighten.is_some() && !matches!(value, RuleValue::Duration(_)) {
        return Err(fault("only a duration can be tightened".into()));
    }
    Ok(Rule {
        id: Arc::clone(&raw.id),
        title: raw.title.clone(),
        value,
        clause: Clause::of(&raw.clause, raw.tag),
        from: raw.from,
        to: raw.to,
        variant: Arc::clone(&raw.variant),
        active: raw.active,
        tighten: raw.tighten,
        scope: raw.scope.clone().unwrap_or_default(),
        base_value: None,
        origin: Origin { file: file.into(), line },
        source: file.into(),
    })
}

/// Reads a value of the same kind as `like`.
pub(crate) fn read_value(like: &RuleValue, value: &Value) -> Result<RuleValue, String> {
    let kind = match like {
        RuleValue::Duration(_) => ValueKind::Duration,
        RuleValue::Marks(_) => ValueKind::Marks,
        RuleValue::Ladder(_) => ValueKind::Ladder,
        RuleValue::PerPlan => ValueKind::PerPlan,
        RuleValue::Choice(_) => ValueKind::Choice,
    };
    self::value(kind, value)
}

fn value(kind: ValueKind, value: &Value) -> Result<RuleValue, String> {
    match kind {
        ValueKind::Duration => value
            .as_str()
            .and_then(Span::parse)
            .map(RuleValue::Duration)
            .ok_or_else(|| format!("{value} is no duration such as \"24h\", \"7d\" or \"3wd\"")),
        ValueKind::Marks => {
            let marks: Vec<u32> = value.clone().try_into().map_err(|fault| format!("{fault}"))?;
            let rising =
                marks.is_sorted_by(|a, b| a < b) && marks.iter().all(|mark| (1..=100).contains(mark));
            if rising && !marks.is_empty() {
                Ok(RuleValue::Marks(marks))
            } else {
                Err("marks must rise from 1 to 100".into())
            }
        }
        ValueKind::Ladder => {
            let steps: Vec<ClimbStep> = value.clone().try_into().map_err(|fault| format!("{fault}"))?;
            if steps.is_sorted_by(|a, b| a.after < b.after) && !steps.is_empty() {
                Ok(RuleValue::Ladder(steps))
            } else {
                Err("the steps of a ladder must rise".into())
            }
        }
        ValueKind::PerPlan if value.as_str() == Some("per-plan") => Ok(RuleValue::PerPlan),
        ValueKind::PerPlan => Err(format!("{value} must be \"per-plan\"")),
        ValueKind::Choice => value
            .as_str()
            .filter(|name| !name.trim().is_empty())
            .map(|name| RuleValue::Choice(name.into()))
            .ok_or_else(|| format!("{value} is no name of a choice")),
    }
}
