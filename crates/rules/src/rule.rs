//! A rule, its value, and how one is selected.

use std::sync::Arc;

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::{
    clause::{Clause, Text},
    span::Span,
};

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClimbStep {
    /// From this many days overdue.
    pub after: u32,
    /// Stable code: `remind`, `talk`, `raise`.
    pub step: Arc<str>,
    /// Chinese name.
    pub zh: Arc<str>,
    /// English name.
    pub en: Arc<str>,
}

/// The value of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum RuleValue {
    /// A length of time.
    Duration(Span),
    /// Percentages of a deadline at which it warns.
    Marks(Vec<u32>),
    /// What happens after how many days overdue.
    Ladder(Vec<ClimbStep>),
    /// Decided in each plan.
    PerPlan,
    /// One of several readings, by its name.
    Choice(Arc<str>),
}

impl RuleValue {
    /// In Chinese: 7 天；50%、80%、100%.
    pub fn zh(&self) -> String {
        match self {
            Self::Duration(span) => span.zh(),
            Self::Marks(marks) => marks.iter().map(|mark| format!("{mark}%")).collect::<Vec<_>>().join("、"),
            Self::Ladder(steps) => steps
                .iter()
                .map(|step| format!("逾期 {} 天{}", step.after, step.zh))
                .collect::<Vec<_>>()
                .join(","),
            Self::PerPlan => "按方案确定".into(),
            Self::Choice(name) => name.to_string(),
        }
    }

    /// In English: 7 days; 50%, 80%, 100%.
    pub fn en(&self) -> String {
        match self {
            Self::Duration(span) => span.en(),
            Self::Marks(marks) => marks.iter().map(|mark| format!("{mark}%")).collect::<Vec<_>>().join(", "),
            Self::Ladder(steps) => steps
                .iter()
                .map(|step| format!("{} at {} days overdue", step.en, step.after))
                .collect::<Vec<_>>()
                .join(", "),
            Self::PerPlan => "set in each plan".into(),
            Self::Choice(name) => name.to_string(),
        }
    }
}

/// In which direction an inferior overlay may move a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tighten {
    /// Shorter only.
    Lower,
    /// Longer only.
    Higher,
}

/// Where a rule applies; empty means everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Prefix of an area code.
    pub area: Option<Arc<str>>,
    /// Ids of kinds of school.
    #[serde(default)]
    pub school_kinds: Vec<Arc<str>>,
}

/// Whom a question is about. The default asks for rules that hold everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Area code of the unit.
    pub area: Option<&'a str>,
    /// Id of its kind of school.
    pub school_kind: Option<&'a str>,
}

impl Scope {
    fn holds_for(&self, subject: Subject<'_>) -> bool {
        let area = match (&self.area, subject.area) {
            (None, _) => true,
            (Some(prefix), Some(code)) => code.starts_with(prefix.as_ref()),
            (Some(_), None) => false,
        };
        let kind = self.school_kinds.is_empty()
            || subject.school_kind.is_some_and(|kind| self.school_kinds.iter().any(|k| k.as_ref() == kind));
        area && kind
    }

    /// The narrower wins: first by area, then by kind of school.
    fn narrowness(&self) -> usize {
        self.area.as_ref().map_or(0, |area| area.len() * 2) + usize::from(!self.school_kinds.is_empty())
    }

    pub(crate) fn competes_with(&self, other: &Self) -> bool {
        let kinds = self.school_kinds.is_empty() && other.school_kinds.is_empty()
            || self.school_kinds.iter().any(|kind| other.school_kinds.contains(kind));
        self.area == other.area && kinds
    }
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Origin {
    pub(crate) file: Arc<str>,
    pub(crate) line: usize,
}

/// A dated rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its id; several dated rules and variants may share it.
    pub id: Arc<str>,
    /// Its name.
    pub title: Text,
    /// Its value.
    pub value: RuleValue,
    /// Where it comes from.
    pub clause: Clause,
    /// In force from this day.
    pub from: Date,
    /// In force until the day before.
    pub to: Option<Date>,
    /// Name of the variant.
    pub variant: Arc<str>,
    /// Whether this variant is the one in force.
    pub active: bool,
    /// In which direction an inferior overlay may move the value; none means not at all.
    pub tighten: Option<Tighten>,
    /// Where it applies.
    pub scope: Scope,
    /// The value before overlays, if one changed it.
    pub base_value: Option<RuleValue>,
    #[serde(skip)]
    pub(crate) origin: Origin,
    /// Path of the pack's file.
    #[serde(skip)]
    pub(crate) source: Arc<str>,
}

impl Rule {
    /// Whether the county may edit it on a page.
    pub fn editable(&self) -> bool {
        self.clause.tag.editable()
    }

    /// The pack it is written in.
    pub fn pack(&self) -> &str {
        self.source.split('/').next().unwrap_or_default()
    }

    /// An overlay gave it another value, or chose it.
    pub fn is_local(&self) -> bool {
        self.base_value.is_some() || self.origin.file != self.source
    }

    /// Whether it is in force on a day, were it chosen.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on < to)
    }

    pub(crate) fn holds(&self, on: Date, subject: Subject<'_>) -> bool {
        self.is_in_force(on) && self.scope.holds_for(subject)
    }

    /// Whether both could be selected for one question.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        let days = self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to);
        let rivals = (self.active && other.active) || self.variant == other.variant;
        days && rivals && self.scope.competes_with(&other.scope)
    }
}

/// The narrowest active rule in force.
pub(crate) fn select<'a>(rules: &'a [Rule], on: Date, subject: Subject<'_>) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|rule| rule.active && rule.holds(on, subject))
        .max_by_key(|rule| rule.scope.narrowness())
}
