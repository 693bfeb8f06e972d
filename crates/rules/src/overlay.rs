//! Local overlays: changed values on top of the packs, within what the asker may change.

use std::sync::Arc;

use kernel::Date;
use serde::Deserialize;
use toml::{Spanned, Value};

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Arc<str>,
    title: Text,
    from: Date,
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

    /// The rule before and from the overlay's first day.
    fn split(&self, rule: &Rule, value: RuleValue) -> Vec<Rule> {
        let mut new = rule.clone();
        new.base_value = Some(rule.base_value.clone().unwrap_or_else(|| rule.value.clone()));
        new.value = value;
        new.origin = Origin { file: self.file.into(), line: self.line };
        if self.from <= rule.from {
            return vec![new];
        }
        new.from = self.from;
        let mut old = rule.clone();
        old.to = Some(self.from);
        vec![old, new]
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
    for set in &raw.set {
        let change = Change { file, line: line_at(text, set.span().start), from: raw.overlay.from, power };
        if let Err(fault) = apply_one(&mut inner, &change, set.get_ref()) {
            faults.push(fault);
        }
    }
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
    let invalid = |message: String| RuleError::invalid(change.file, change.line, message);
    let rules = inner.rules.get_mut(&set.rule).ok_or_else(|| invalid(format!("no rule {}", set.rule)))?;
    let mut after = Vec::new();
    let mut hit = false;
    for rule in rules.iter() {
        let named = set.variant.as_ref().map_or(rule.active, |variant| *variant == rule.variant);
        if !named || rule.to.is_some_and(|to| to <= change.from) {
            after.push(rule.clone());
            continue;
        }
        let value = read_value(&rule.value, set.value.get_ref())
            .map_err(|message| invalid(format!("rule {}, field value: {message}", set.rule)))?;
        change.allowed(rule, &value)?;
        after.extend(change.split(rule, value));
        hit = true;
    }
    if !hit {
        return Err(invalid(format!("rule {} has no such variant in force then", set.rule)));
    }
    *rules = after;
    Ok(())
}
