//! Sets of staffing as they are written.

use std::sync::Arc;

use kernel::Date;
use serde::Deserialize;

use super::{Band, Boarding, Counted, Increment, KitPiece, StaffingSet};
use crate::clause::{Clause, Tag, Text};

pub(crate) type RawKit = KitPiece;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStaffing {
    id: Arc<str>,
    name: Text,
    from: Date,
    to: Option<Date>,
    counts: Counted,
    band: Vec<RawBand>,
    increment: RawIncrement,
    boarding: Option<RawBoarding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBand {
    above: u32,
    guards: u32,
    clause: Text,
    tag: Tag,
}

/// Whom an increment counts: those whom the bands count, or as the reading says.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Counted,
    Reading,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIncrement {
    after: u32,
    per: u32,
    guards: u32,
    of: Of,
    clause: Text,
    tag: Tag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBoarding {
    guards: u32,
    per: u32,
    more: u32,
    clause: Text,
    tag: Tag,
}

/// Checks a set as it is written.
pub(crate) fn take_in(raw: RawStaffing) -> Result<StaffingSet, String> {
    let id = raw.id;
    let fault = |what: &str| format!("staffing {id}: {what}");
    let clause = |text: &Text, tag: Tag| match Clause::fault(text, tag) {
        Some(message) => Err(fault(&message)),
        None => Ok(Clause::of(text, tag)),
    };
    let rising = raw.band.is_sorted_by(|a, b| a.above < b.above && a.guards <= b.guards);
    if !rising || raw.band.first().is_none_or(|first| first.above != 0) {
        return Err(fault("its bands must begin at 0 and rise"));
    }
    let per = [raw.increment.per].into_iter().chain(raw.boarding.as_ref().map(|rule| rule.per));
    if per.into_iter().any(|per| per == 0) {
        return Err(fault("a step must have a length"));
    }
    let band = |band: &RawBand| -> Result<Band, String> {
        Ok(Band { above: band.above, guards: band.guards, clause: clause(&band.clause, band.tag)? })
    };
    let bands = raw.band.iter().map(band).collect::<Result<_, _>>()?;
    let rule = raw.increment;
    let increment = Increment {
        after: rule.after,
        per: rule.per,
        guards: rule.guards,
        open: rule.of == Of::Reading,
        clause: clause(&rule.clause, rule.tag)?,
    };
    let boarding = match raw.boarding {
        Some(rule) => Some(Boarding {
            guards: rule.guards,
            per: rule.per,
            more: rule.more,
            clause: clause(&rule.clause, rule.tag)?,
        }),
        None => None,
    };
    let (name, from, to, counts) = (raw.name, raw.from, raw.to, raw.counts);
    Ok(StaffingSet { id: Arc::clone(&id), name, from, to, counts, bands, increment, boarding })
}
