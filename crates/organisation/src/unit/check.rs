//! What must be right of a unit whatever page or file it comes from.

use kernel::{Date, Refusal, limits, text::visible};

use super::{
    UnitFacts, UnitKind, UnitState,
    event::{Attributes, Placement},
    facts::ParentFact,
};
use crate::{Line, identifiers, numbers_of_people::number_in};

/// Nobody else has it, and it is a code that the kind may have. One that fails its check, is a place's or that of another
/// kind of school needs a reason, which comes back as it is kept; one that fits keeps none, because it would say something untrue on the unit's page.
pub(super) fn check_code(
    kind: UnitKind,
    code: &str,
    exception: Option<&str>,
    facts: &UnitFacts,
) -> Result<Option<String>, Refusal> {
    if let Some(unit) = &facts.code_of {
        return Err(Refusal::new("unit-code-taken").with("code", code).with("unit", unit).on("code"));
    }
    let fitting = identifiers::fitting(code, kind, &facts.classes);
    // A reason excuses a wrong check character, and makes no code of somebody's number.
    if let (Err(identifiers::CodeError::Check(_)), Some(number)) = (fitting, number_in(code)) {
        return Err(number.refusal().on("code"));
    }
    let refusal = match fitting {
        Ok(_) => return Ok(None),
        Err(identifiers::CodeError::Shape) => {
            return Err(Refusal::new("unit-code-shape").with("code", code).on("code"));
        }
        Err(identifiers::CodeError::Check(_)) => Refusal::new("unit-code-check"),
        Err(identifiers::CodeError::Place) => Refusal::new("unit-code-area").with("kind", kind.name()),
        Err(identifiers::CodeError::Class) => Refusal::new("unit-code-class").with("kind", kind.name()),
    };
    match reason(exception.unwrap_or_default(), "code_reason", facts)? {
        Some(reason) => Ok(Some(reason)),
        None => Err(refusal.with("code", code).on("code")),
    }
}

/// Why a unit keeps its code although the kind it gets has other ones, when that is said now; `None` where the code
/// fits or was excused before.
pub(super) fn excused(
    unit: &UnitState,
    kind: UnitKind,
    exception: Option<&str>,
    facts: &UnitFacts,
) -> Result<Option<String>, Refusal> {
    let code = match identifiers::fitting(&unit.code, kind, &facts.classes) {
        Err(identifiers::CodeError::Place) => "unit-rekind-code",
        Err(identifiers::CodeError::Class) => "unit-rekind-class",
        Ok(_) | Err(identifiers::CodeError::Check(_) | identifiers::CodeError::Shape) => return Ok(None),
    };
    let said = reason(exception.unwrap_or_default(), "code_reason", facts)?;
    if said.is_none() && unit.code_exception.is_none() {
        return Err(Refusal::new(code).with("kind", kind.name()).with("code", &unit.code).on("code_reason"));
    }
    Ok(said)
}

/// Why something was wrong: without it nobody understands the history.
pub(super) fn checked_reason(
    said: &str,
    missing: &'static str,
    facts: &UnitFacts,
) -> Result<String, Refusal> {
    reason(said, "reason", facts)?.ok_or_else(|| Refusal::new(missing).on("reason"))
}

/// What is said of why: 无 and its like are no reasons.
fn reason(said: &str, field: &'static str, facts: &UnitFacts) -> Result<Option<String>, Refusal> {
    let said = words(said, field)?;
    let filler = |text: &&String| facts.rules.as_ref().is_some_and(|rules| rules.is_filler(text));
    match said.as_ref().filter(filler) {
        Some(text) => Err(Refusal::new("reason-filler").with("text", text).on(field)),
        None => Ok(said),
    }
}

/// What is seen of a typed text, not too long and without numbers of people; `None` when that is nothing.
fn words(text: &str, field: &'static str) -> Result<Option<String>, Refusal> {
    let text = visible(text);
    let text = text.trim();
    if text.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new("text-too-long").with("most", limits::NAME_CHARS).on(field));
    }
    if let Some(number) = number_in(text) {
        return Err(number.refusal().on(field));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// 无 and its like name nothing.
pub(super) fn checked_name(name: &str, facts: &UnitFacts) -> Result<String, Refusal> {
    let missing = || Refusal::new("unit-name-missing").on("name");
    let name = words(name, "name")?.ok_or_else(missing)?;
    if facts.rules.as_ref().is_some_and(|rules| rules.is_filler(&name)) {
        return Err(missing());
    }
    // A slash separates the names of a path.
    Ok(name.replace('/', "／"))
}

/// `known` are the facts of before: what was taken once stands in nobody's way who changes something else.
pub(super) fn check_attributes(attributes: &Attributes, known: &Attributes) -> Result<(), Refusal> {
    for (field, text, before) in [
        ("address", &attributes.address, &known.address),
        ("telephone", &attributes.telephone, &known.telephone),
    ] {
        if text != before {
            words(text, field)?;
        }
    }
    // Only two numbers can be compared: an unknown one contradicts nothing.
    if let (Some(boarders), Some(pupils)) = (attributes.boarders, attributes.pupils)
        && boarders > pupils
    {
        return Err(Refusal::new("unit-boarders-exceed-pupils")
            .with("boarders", boarders)
            .with("pupils", pupils)
            .on("boarders"));
    }
    let inside = |value: Option<f64>, most: f64| value.is_none_or(|v| v.is_finite() && v.abs() <= most);
    if !inside(attributes.latitude, 90.0) || !inside(attributes.longitude, 180.0) {
        return Err(Refusal::new("position-outside").on("latitude"));
    }
    Ok(())
}

/// The unit above is open, may have one of the kind below it on the line, and does not lie below the unit itself.
pub(super) fn check_above(
    below: UnitKind,
    line: Line,
    fact: Option<&ParentFact>,
    field: &'static str,
) -> Result<(), Refusal> {
    let Some((fact, kind)) = fact.and_then(|fact| fact.kind.map(|kind| (fact, kind))) else {
        return Err(Refusal::new("unit-parent-unknown").on(field));
    };
    if fact.below {
        return Err(Refusal::new("unit-under-itself").on(field));
    }
    if below.may_hang_under(line, kind) {
        return Ok(());
    }
    if line == Line::Assignment {
        return Err(Refusal::new("unit-parent-kind").with("kind", kind.name()).on(field));
    }
    Err(superior_refusal("unit-superior-kind", below, line, kind).on(field))
}

/// Says which kinds one of the kind may hang under instead.
pub(super) fn superior_refusal(code: &'static str, below: UnitKind, line: Line, above: UnitKind) -> Refusal {
    let kinds: Vec<&str> = below.above(line).map(UnitKind::name).collect();
    let code = if kinds.is_empty() { "unit-superior-none" } else { code };
    Refusal::new(code)
        .with("kind", below.name())
        .with("line", line.name())
        .with("above", above.name())
        .with("kinds", kinds.join(" "))
}

pub(super) fn check_past(day: Date, today: Date, field: &'static str) -> Result<(), Refusal> {
    if day > today { Err(Refusal::new("date-in-future").with("date", day).on(field)) } else { Ok(()) }
}

/// A place on a line where a unit has one at a time; it may not begin before the present one did.
pub(super) fn check_placement(
    kind: UnitKind,
    unit: Option<&UnitState>,
    placement: &Placement,
    fact: Option<&ParentFact>,
    today: Date,
) -> Result<(), Refusal> {
    check_above(kind, placement.line, fact, "parent")?;
    check_past(placement.from, today, "from")?;
    match unit.and_then(|unit| unit.placed(placement.line)) {
        Some(present) if placement.from < present.from => {
            Err(Refusal::new("unit-move-early").with("since", present.from).on("from"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Schools and other institutions are run by somebody; only the three tiers hang under nobody. A township lies in a
/// county: by that line the county sees what lies in the township.
pub(super) fn check_superior(kind: UnitKind, has: impl Fn(Line) -> bool) -> Result<(), Refusal> {
    let managed = has(Line::Management);
    if (kind.is_institution() && !managed) || !(kind.is_tier() || managed || has(Line::Territory)) {
        return Err(Refusal::new("unit-without-superior").on("parent"));
    }
    if kind == UnitKind::Township && !has(Line::Territory) {
        return Err(Refusal::new("unit-township-nowhere").on("township"));
    }
    Ok(())
}
