//! What the answer to a command on a unit is.

use journal::{Context, Parts};
use kernel::{Date, Refusal};

use super::{
    CodeCorrection, KindCorrection, NewUnit, UnitCommand, UnitEvent, UnitFacts, UnitState, assignment,
    campus,
    check::{
        check_attributes, check_code, check_past, check_placement, check_superior, checked_name,
        checked_reason, excused, superior_refusal,
    },
    event::{
        Assigned, Attributes, Closed, Created, CreatedText, Described, Placed, Placement, Recoded,
        RecodedText, Rekinded, RekindedText, Renamed, Reopened, ReopenedText,
    },
};
use crate::{Line, identifiers};

pub(super) fn decide(
    state: Option<&UnitState>,
    command: &UnitCommand,
    facts: &UnitFacts,
    context: &Context<'_>,
) -> Result<Vec<UnitEvent>, Refusal> {
    let today = context.now.local_date();
    let Some(unit) = state else {
        return match command {
            UnitCommand::Create(new) => create(new, facts, context),
            _ => Err(Refusal::new("unit-unknown")),
        };
    };
    match command {
        UnitCommand::Create(_) => Err(Refusal::new("unit-exists")),
        UnitCommand::Reopen(reason) => reopen(unit, reason, facts),
        _ if unit.closed.is_some() => Err(Refusal::new("unit-closed")),
        UnitCommand::Rename(name) => rename(unit, name, facts),
        UnitCommand::Recode(correction) => recode(unit, correction, facts),
        UnitCommand::Rekind(correction) => rekind(unit, correction, facts),
        UnitCommand::Describe(attributes) => describe(unit, attributes),
        UnitCommand::Campuses(campuses) => campus::describe(unit, campuses, facts),
        UnitCommand::Place(placement) => place(unit, placement, facts, today),
        UnitCommand::Assign(asked) => {
            assignment::assign((unit.id, unit.kind), &unit.assignments, asked, facts.parents.first(), today)
                .map(|event| vec![event])
        }
        UnitCommand::Unassign(asked) => assignment::unassign(unit, asked, today).map(|event| vec![event]),
        UnitCommand::Close(on) => close(unit, *on, facts, today),
    }
}

fn create(new: &NewUnit, facts: &UnitFacts, context: &Context<'_>) -> Result<Vec<UnitEvent>, Refusal> {
    let today = context.now.local_date();
    let name = checked_name(&new.name, facts)?;
    let code_exception = check_code(new.kind, &new.code, new.code_exception.as_deref(), facts)?;
    check_attributes(&new.attributes, &Attributes::default())?;
    let mut placements: Vec<Placement> = Vec::new();
    let mut assignments = Vec::new();
    let mut assigned = Vec::new();
    for (placement, fact) in new.placements.iter().zip(&facts.parents) {
        if placement.line == Line::Assignment {
            let asked = Assigned { to: placement.parent, from: placement.from };
            assigned.push(assignment::assign(
                (context.stream.into(), new.kind),
                &assignments,
                &asked,
                Some(fact),
                today,
            )?);
            assignments.push(asked.into());
        } else if placements.iter().any(|known| known.line == placement.line) {
            return Err(Refusal::new("unit-placed-twice").with("line", placement.line.name()).on("parent"));
        } else {
            check_placement(new.kind, None, placement, Some(fact), today)?;
            placements.push(placement.clone());
        }
    }
    check_superior(new.kind, |line| placements.iter().any(|p| p.line == line))?;
    let core = Created {
        code: new.code.clone(),
        name,
        kind: new.kind,
        attributes: new.attributes.clone(),
        placements,
    };
    let text = code_exception.map(|code_exception| CreatedText { code_exception });
    let mut events = vec![UnitEvent::Created(Parts { core, text, personal: None })];
    events.append(&mut assigned);
    Ok(events)
}

fn rename(unit: &UnitState, name: &str, facts: &UnitFacts) -> Result<Vec<UnitEvent>, Refusal> {
    let name = checked_name(name, facts)?;
    if name == unit.name {
        return Ok(Vec::new());
    }
    Ok(vec![UnitEvent::Renamed(Parts::core(Renamed { name }))])
}

fn describe(unit: &UnitState, attributes: &Attributes) -> Result<Vec<UnitEvent>, Refusal> {
    check_attributes(attributes, &unit.attributes)?;
    if *attributes == unit.attributes {
        return Ok(Vec::new());
    }
    Ok(vec![UnitEvent::Described(Parts::core(Described { attributes: attributes.clone() }))])
}

fn place(
    unit: &UnitState,
    placement: &Placement,
    facts: &UnitFacts,
    today: Date,
) -> Result<Vec<UnitEvent>, Refusal> {
    if placement.line == Line::Assignment {
        return Err(Refusal::new("unit-assignment-no-place").on("line"));
    }
    if unit.parent(placement.line) == Some(placement.parent) {
        return Ok(Vec::new());
    }
    check_placement(unit.kind, Some(unit), placement, facts.parents.first(), today)?;
    Ok(vec![UnitEvent::Placed(Parts::core(Placed { placement: placement.clone() }))])
}

fn recode(
    unit: &UnitState,
    correction: &CodeCorrection,
    facts: &UnitFacts,
) -> Result<Vec<UnitEvent>, Refusal> {
    let code = correction.code.trim();
    let stays = code == unit.code;
    if stays && correction.code_exception.as_deref().is_none_or(|said| said.trim().is_empty()) {
        return Ok(Vec::new());
    }
    let reason = checked_reason(&correction.reason, "unit-recode-reason-missing", facts)?;
    let code_exception = check_code(unit.kind, code, correction.code_exception.as_deref(), facts)?;
    // The code stays, and why it does not fit is worded anew; one that fits has nothing to word.
    if stays && (code_exception.is_none() || code_exception == unit.code_exception) {
        return Ok(Vec::new());
    }
    let core = Recoded { code: code.to_owned() };
    let text = Some(RecodedText { reason, code_exception });
    Ok(vec![UnitEvent::Recoded(Parts { core, text, personal: None })])
}

/// Its code, what hangs below it, where it hangs, and the posts held there must be possible for the right kind too.
fn rekind(
    unit: &UnitState,
    correction: &KindCorrection,
    facts: &UnitFacts,
) -> Result<Vec<UnitEvent>, Refusal> {
    let kind = correction.kind;
    if kind == unit.kind {
        return Ok(Vec::new());
    }
    let reason = checked_reason(&correction.reason, "unit-rekind-reason-missing", facts)?;
    let refused = |code| Refusal::new(code).with("kind", kind.name()).on("kind");
    if check_superior(kind, |line| unit.parent(line).is_some()).is_err() {
        return Err(refused("unit-rekind-superior"));
    }
    let hangs = Line::PLACED.into_iter().filter(|line| unit.parent(*line).is_some()).zip(&facts.parents);
    for (line, above) in hangs.filter_map(|(line, fact)| Some((line, fact.kind?))) {
        if !kind.may_hang_under(line, above) {
            return Err(superior_refusal("unit-rekind-parent", kind, line, above).on("kind"));
        }
    }
    if let Some((line, below)) = facts.holds.iter().find(|(line, below)| !below.may_hang_under(*line, kind)) {
        return Err(refused("unit-rekind-below").with("line", line.name()).with("below", below.name()));
    }
    if let Some(post) = facts.posts.iter().find(|post| !post.fits(kind)) {
        return Err(refused("unit-rekind-post").with("post", post.name()));
    }
    let code_exception = excused(unit, kind, correction.code_exception.as_deref(), facts)?;
    if let Some(refusal) = &facts.remains {
        return Err(refusal.clone());
    }
    let text = Some(RekindedText { reason, code_exception });
    let code_fits = identifiers::fitting(&unit.code, kind, &facts.classes).is_ok();
    Ok(vec![UnitEvent::Rekinded(Parts { core: Rekinded { kind, code_fits }, text, personal: None })])
}

fn close(unit: &UnitState, on: Date, facts: &UnitFacts, today: Date) -> Result<Vec<UnitEvent>, Refusal> {
    check_past(on, today, "on")?;
    if let Some(since) = unit.begun().filter(|since| on < *since) {
        return Err(Refusal::new("unit-close-early").with("since", since).on("on"));
    }
    let left = &facts.left_behind;
    if left.below > 0 {
        let refusal = Refusal::new("unit-close-below").with("n", left.below);
        return Err(refusal.with("units", left.named.join(" / ")).on("on"));
    }
    if left.people > 0 {
        return Err(Refusal::new("unit-close-people").with("n", left.people).on("on"));
    }
    match &facts.remains {
        Some(refusal) => Err(refusal.clone()),
        None => Ok(vec![UnitEvent::Closed(Parts::core(Closed { on }))]),
    }
}

/// It works again where it hung, as if it had never been closed.
fn reopen(unit: &UnitState, reason: &str, facts: &UnitFacts) -> Result<Vec<UnitEvent>, Refusal> {
    if unit.closed.is_none() {
        return Ok(Vec::new());
    }
    let reason = checked_reason(reason, "unit-reopen-reason-missing", facts)?;
    if facts.parents.iter().any(|parent| parent.kind.is_none()) {
        return Err(Refusal::new("unit-reopen-parent-closed").on("reason"));
    }
    let text = Some(ReopenedText { reason });
    Ok(vec![UnitEvent::Reopened(Parts { core: Reopened {}, text, personal: None })])
}
