//! Lists with the filters that give exactly what was counted.

use kernel::UnitId;

use super::simple;
use crate::day::Span;

/// The list of hazards, narrowed.
pub(super) fn hazards(fields: &[(&str, &str)]) -> String {
    web::address("/hazards", fields)
}

/// Open hazards of a unit and what lies below it.
pub(super) fn of_unit(unit: UnitId, stage: &str) -> String {
    hazards(&[("stage", stage), ("unit", &simple(unit))])
}

/// Hazards registered in a span.
pub(super) fn registered(span: Span, fields: &[(&str, &str)]) -> String {
    spanned(("from", "to"), span, fields)
}

/// Hazards closed in a span.
pub(super) fn closed(span: Span, fields: &[(&str, &str)]) -> String {
    let ended = [("stage", "ended")];
    let fields: Vec<(&str, &str)> = ended.iter().chain(fields).copied().collect();
    spanned(("closed_from", "closed_to"), span, &fields)
}

fn spanned((from, to): (&str, &str), span: Span, fields: &[(&str, &str)]) -> String {
    let (first, last) = (span.from.to_string(), span.to.to_string());
    let days = [(from, first.as_str()), (to, last.as_str())];
    let all: Vec<(&str, &str)> = fields.iter().copied().chain(days).collect();
    hazards(&all)
}
