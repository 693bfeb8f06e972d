//! Local overlays: changed values, chosen variants, local working days and pre-filled texts on top of the packs, within
//! what the asker may change.

mod tables;

use std::sync::Arc;

use kernel::Date;
use serde::Deserialize;
use toml::{Spanned, Value};

use self::tables::{RawDay, RawPrefill};
use crate::{
    book::{Inner, OverlayInfo},
    clause::Text,
    error::RuleError,
    load::{line_at, overlaps, overlay_hash, read_toml, read_value},
    rule::{Origin, Rule, RuleValue, Tighten},
};

/// What the author of an overlay may do; decided by the caller's permissions, never by the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayPower {
    /// The county office: may set any editable value (tags P, G, I) and tighten the rest where listed.
    Owner,
    /// A unit below: may only tighten the fields listed as such.
    Inferior,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverlay {
    overlay: Head,
    #[serde(default)]
    set: Vec<Spanned<RawSet>>,
    #[serde(default)]
    choose: Vec<Spanned<RawChoice>>,
    #[serde(default)]
    day: Vec<Spanned<RawDay>>,
    #[serde(default)]
    prefill: Vec<Spanned<RawPrefill>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Arc<str>,
    title: Text,
    from: Date,
    /// It holds until the day before; what it fills in, no more.
    to: Option<Date>,
    /// Years whose holidays are complete with the days that are named here.
    #[serde(default)]
    calendar_years: Vec<i16>,
}

/// Another variant is the one in force.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    rule: Arc<str>,
    variant: Arc<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    rule: Arc<str>,
    variant: Option<Arc<str>>,
    value: Spanned<Value>,
}

struct Change<'a> {
    file: &'a str,
    line: usize,
    from: Date,
    to: Option<Date>,
    power: OverlayPower,
}

impl Change<'_> {
    fn refuse(&self, rule: &Rule, asked: &RuleValue, loosens: bool) -> RuleError {
        let (file, line) = (self.file.to_owned(), self.line);
        let (base, asked) = (rule.value.zh(), asked.zh());
        let rule = rule.id.to_string();
        if loosens {
            RuleError::Loosens { file, line, rule, field: "value", base, asked }
        } else {
            RuleError::NotListed { file, line, rule, field: "value", base, asked }
        }
    }

    /// Whether this author may give the rule that value.
    fn allowed(&self, rule: &Rule, asked: &RuleValue) -> Result<(), RuleError> {
        if self.power == OverlayPower::Owner && rule.editable() {
            return Ok(());
        }
        let (Some(tighten), RuleValue::Duration(base), RuleValue::Duration(new)) =
            (rule.tighten, &rule.value, asked)
        else {
            return Err(self.refuse(rule, asked, false));
        };
        let tighter = match tighten {
            Tighten::Lower => new.never_longer_than(*base),
            Tighten::Higher => base.never_longer_than(*new),
        };
        if tighter { Ok(()) } else { Err(self.refuse(rule, asked, true)) }
    }

    fn owned(&self, what: &str) -> Result<(), RuleError> {
        match self.power {
            OverlayPower::Owner => Ok(()),
            OverlayPower::Inferior => {
                Err(self.invalid(format!("{what} may be changed by the county office only")))
            }
        }
    }

    fn invalid(&self, message: String) -> RuleError {
        RuleError::invalid(self.file, self.line, message)
    }

    /// The rule is in force on some day of the overlay.
    fn meets(&self, rule: &Rule) -> bool {
        rule.to.is_none_or(|to| self.from < to) && self.to.is_none_or(|to| rule.from < to)
    }

    /// The rule before the overlay's first day, while it holds, and afterwards.
    fn split(&self, rule: &Rule, edit: impl FnOnce(&mut Rule)) -> Vec<Rule> {
        let mut new = rule.clone();
        edit(&mut new);
        new.origin = Origin { file: self.file.into(), line: self.line };
        let mut parts = Vec::new();
        if rule.from < self.from {
            parts.push(Rule { to: Some(self.from), ..rule.clone() });
            new.from = self.from;
        }
        let rest = self.to.filter(|end| rule.to.is_none_or(|to| *end < to));
        if let Some(end) = rest {
            new.to = Some(end);
        }
        parts.push(new);
        parts.extend(rest.map(|end| Rule { from: end, ..rule.clone() }));
        parts
    }
}

/// The book with the overlay on top.
pub(crate) fn apply(
    base: &Inner,
    file: &str,
    text: &str,
    power: OverlayPower,
) -> Result<Inner, Vec<RuleError>> {
    let raw: RawOverlay = read_toml(file, text).map_err(|fault| vec![fault])?;
    let mut inner = base.clone();
    let mut faults = Vec::new();
    let change = |start: usize| Change {
        file,
        line: line_at(text, start),
        from: raw.overlay.from,
        to: raw.overlay.to,
        power,
    };
    let chosen = raw.choose.iter().map(|one| choose(&mut inner, &change(one.span().start), one.get_ref()));
    faults.extend(chosen.filter_map(Result::err));
    let set = raw.set.iter().map(|one| apply_one(&mut inner, &change(one.span().start), one.get_ref()));
    faults.extend(set.filter_map(Result::err));
    let days = raw.day.iter().map(|one| one.get_ref().apply(&mut inner, &change(one.span().start)));
    faults.extend(days.filter_map(Result::err));
    let texts = raw.prefill.iter().map(|one| one.get_ref().apply(&mut inner, &change(one.span().start)));
    faults.extend(texts.filter_map(Result::err));
    inner.calendar.complete(&raw.overlay.calendar_years);
    faults.extend(inner.rules.values().flat_map(|rules| overlaps(rules)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let hash = overlay_hash(text).into();
    inner.overlays.push(OverlayInfo { id: raw.overlay.id, title: raw.overlay.title, hash });
    inner.restamp();
    Ok(inner)
}

fn apply_one(inner: &mut Inner, change: &Change<'_>, set: &RawSet) -> Result<(), RuleError> {
    let invalid = |message: String| change.invalid(message);
    let rules = inner.rules.get_mut(&set.rule).ok_or_else(|| invalid(format!("no rule {}", set.rule)))?;
    let mut after = Vec::new();
    let mut hit = false;
    for rule in rules.iter() {
        let named = set.variant.as_ref().map_or(rule.active, |variant| *variant == rule.variant);
        if !named || !change.meets(rule) {
            after.push(rule.clone());
            continue;
        }
        let value = read_value(&rule.value, set.value.get_ref())
            .map_err(|message| invalid(format!("rule {}, field value: {message}", set.rule)))?;
        change.allowed(rule, &value)?;
        after.extend(change.split(rule, |new| {
            new.base_value = Some(new.base_value.take().unwrap_or_else(|| rule.value.clone()));
            new.value = value;
        }));
        hit = true;
    }
    if !hit {
        return Err(invalid(format!("rule {} has no such variant in force then", set.rule)));
    }
    *rules = after;
    Ok(())
}

/// From the overlay's first day on, of the variants for one place and kind of school, the named one is in force.
fn choose(inner: &mut Inner, change: &Change<'_>, choice: &RawChoice) -> Result<(), RuleError> {
    change.owned("which variant is in force")?;
    let none = || change.invalid(format!("rule {} has no variant {} then", choice.rule, choice.variant));
    let rules = inner.rules.get_mut(&choice.rule).ok_or_else(none)?;
    let named = |rule: &&Rule| change.meets(rule) && rule.variant == choice.variant;
    let chosen = rules.iter().find(named).ok_or_else(none)?;
    let scope = chosen.scope.clone();
    let mut after = Vec::new();
    for rule in rules.iter() {
        let active = rule.variant == choice.variant;
        if !change.meets(rule) || rule.active == active || !rule.scope.competes_with(&scope) {
            after.push(rule.clone());
        } else {
            after.extend(change.split(rule, |new| new.active = active));
        }
    }
    *rules = after;
    Ok(())
}
