//! The filter of the audit trail: as it stands in an address, as chips, and as it is kept.

use kernel::{ActorId, Date, Problem, Timestamp, UnitId, limits};
use language::Lang;
use serde::{Deserialize, Serialize};
use storage::Tx;
use web::{Trail, Unread, view::Link};

use crate::{
    audit::{AuditFilter, KINDS},
    texts,
};

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AuditQuery {
    pub who: String,
    pub unit: String,
    pub kind: String,
    pub from: String,
    pub to: String,
    #[serde(skip_serializing)]
    pub before: String,
    #[serde(skip_serializing)]
    pub format: String,
}

impl AuditQuery {
    /// As it was kept; what cannot be read counts as not said.
    pub fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// As it is kept: nothing that cannot be read, or is about one page.
    pub fn kept(&self) -> String {
        let kind = KINDS.into_iter().find(|kind| *kind == self.kind).unwrap_or_default().to_owned();
        let settled = Self {
            who: kept_words(&self.who),
            unit: kept_words(&self.unit),
            kind,
            from: kept_day(&self.from),
            to: kept_day(&self.to),
            ..Self::default()
        };
        serde_json::to_string(&settled).unwrap_or_default()
    }

    /// Without what means nothing, and what that was.
    pub fn settled(mut self, lang: Lang) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = KINDS.contains(&self.kind.as_str());
        unread.clear(texts::audit_kind(lang), &mut self.kind, known);
        unread.clear_days((texts::audit_from(lang), &mut self.from), (texts::audit_to(lang), &mut self.to));
        (self, unread)
    }

    pub fn with(&self, path: &str, field: &str, value: &str) -> String {
        let filter: [(&str, &str); 5] = [
            ("who", &self.who),
            ("unit", &self.unit),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
        ];
        web::address_with(path, &filter, field, value)
    }

    /// Logins and codes become ids; one that nobody has finds nothing.
    pub fn filter(&self, tx: &mut Tx) -> Result<AuditFilter, Problem> {
        let unit = match self.unit.trim() {
            "" => None,
            typed => Some(match UnitId::parse(typed) {
                Some(id) => id,
                None => organisation::unit_by_code(tx, typed)?.map_or(UnitId(nobody().0), |unit| unit.id),
            }),
        };
        Ok(AuditFilter {
            actor: account_named(tx, &self.who)?,
            unit,
            kind: self.kind.clone(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            before: Trail::parse(&self.before).here().parse().unwrap_or(0),
        })
    }
}

/// Words as a filter is kept with.
pub(super) fn kept_words(text: &str) -> String {
    text.trim().chars().take(limits::NAME_CHARS).collect()
}

/// A day as a filter is kept with; what is none is not kept.
pub(super) fn kept_day(text: &str) -> String {
    text.parse::<Date>().map(|day| day.to_string()).unwrap_or_default()
}

/// From the beginning of the first day to the end of the last.
pub(super) fn instants(from: &str, to: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let day = |text: &str| text.parse::<Date>().ok();
    (day(from).map(Timestamp::at_start_of), day(to).map(Timestamp::at_end_of))
}

/// Whose account a login is; one that nobody has finds nothing.
pub(super) fn account_named(tx: &mut Tx, login: &str) -> Result<Option<ActorId>, Problem> {
    match login.trim() {
        "" => Ok(None),
        login => Ok(Some(access::account_by_login(tx, login)?.map_or(ActorId(nobody().0), |found| found.id))),
    }
}

/// The days of a filter in words; what is no day narrows nothing and is not said to.
pub(super) fn day_chips(lang: Lang, (from, to): (&str, &str), mut chip: impl FnMut(&str, String)) {
    if !kept_day(from).is_empty() {
        chip("from", texts::audit_chip_from(lang, from));
    }
    if !kept_day(to).is_empty() {
        chip("to", texts::audit_chip_to(lang, to));
    }
}

/// An id that nobody and nothing has.
fn nobody() -> kernel::NodeId {
    kernel::NodeId::parse("ffffffffffffffffffffffffffffffff").unwrap_or(kernel::NodeId::NIL)
}

pub(super) fn kind_words(lang: Lang, kind: &str) -> String {
    texts::lookup(lang, &format!("stream-{kind}"), &[]).unwrap_or_else(|| kind.to_owned())
}

pub(crate) fn chips(lang: Lang, query: &AuditQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with("/audit", field, "")));
    if !query.who.is_empty() {
        chip("who", texts::audit_chip_who(lang, &query.who));
    }
    if !query.unit.is_empty() {
        chip("unit", texts::audit_chip_unit(lang, &query.unit));
    }
    if KINDS.contains(&query.kind.as_str()) {
        chip("kind", kind_words(lang, &query.kind));
    }
    day_chips(lang, (&query.from, &query.to), chip);
    chips
}
