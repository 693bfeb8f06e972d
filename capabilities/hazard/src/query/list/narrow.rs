//! What narrows a list: the filter, and before it the viewer's own limits.

use access::{Root, Scope};
use kernel::{Timestamp, UnitId};
use organisation::Line;
use storage::{Dialect, search};

use super::{
    super::{
        filter::{Closing, HazardFilter, Reach, StageFilter},
        sql::{Arg, Conditions},
    },
    asked::Asked,
};

/// Whose turn it is, by tier: a name of [`super::super::filter::Holder`], or nothing.
pub(in crate::query) const HOLDER: &str = "(CASE WHEN h.turn_unit IS NULL THEN ''
    WHEN h.turn_unit = h.unit_id THEN 'school' WHEN h.turn_unit = h.county_id THEN 'county' ELSE 'central' END)";

/// A column that must have a value, when one is asked for.
pub(super) fn equal(conditions: &mut Conditions, column: &str, value: Option<String>) {
    if let Some(value) = value {
        let value = conditions.arg(Arg::Text(value));
        conditions.and(format!("h.{column} = {value}"));
    }
}

pub(super) fn filtered(conditions: &mut Conditions, asked: &Asked<'_>, now: Timestamp) {
    let filter = asked.filter;
    match filter.stage {
        StageFilter::All => {}
        StageFilter::Kept => conditions.and("h.phase <> 'withdrawn'".to_owned()),
        StageFilter::Open => conditions.and("h.phase = 'open'".to_owned()),
        StageFilter::Overdue => {
            let now = conditions.arg(now);
            conditions.and(format!("h.phase = 'open' AND h.sort_at < {now}"));
        }
        StageFilter::Closed => conditions.and("h.phase = 'ended'".to_owned()),
        StageFilter::One(stage) => {
            let stage = conditions.arg(Arg::Text(stage.name().to_owned()));
            conditions.and(format!("h.stage = {stage}"));
        }
    }
    equal(conditions, "level", filter.level.map(|level| level.name().to_owned()));
    equal(conditions, "category", filter.category.clone());
    equal(conditions, "source", filter.source.clone());
    if filter.repeated {
        conditions.and("h.repeats_of IS NOT NULL".to_owned());
    }
    if let Some(from) = filter.from {
        let from = conditions.arg(Timestamp::at_start_of(from));
        conditions.and(format!("h.registered_at >= {from}"));
    }
    if let Some(to) = filter.to {
        let to = conditions.arg(Timestamp::at_end_of(to));
        conditions.and(format!("h.registered_at <= {to}"));
    }
    narrowed(conditions, filter);
    match (&asked.reach, &asked.walked) {
        // The reach says it, or there is nothing to say.
        (Reach::Units(_), _) => {}
        (Reach::Everything | Reach::Below(_) | Reach::Own(..), Some(units)) => {
            within(conditions, units);
        }
        (Reach::Everything | Reach::Below(_) | Reach::Own(..), None) => {
            for unit in [filter.unit, filter.town].into_iter().flatten() {
                let lines = [Line::Management, Line::Territory].map(|line| scope_of(conditions, unit, line));
                conditions.and(format!("({})", lines.join(" OR ")));
            }
        }
    }
}

/// Whose turn it is, at what kind of school, how and when it was closed.
fn narrowed(conditions: &mut Conditions, filter: &HazardFilter) {
    if let Some(holder) = filter.holder {
        let holder = conditions.arg(Arg::Text(holder.name().to_owned()));
        conditions.and(format!("{HOLDER} = {holder}"));
    }
    if let Some(kind) = filter.kind {
        let kind = conditions.arg(Arg::Text(kind.name().to_owned()));
        conditions.and(format!("h.unit_id IN (SELECT k.id FROM unit k WHERE k.kind = {kind})"));
    }
    match filter.closing {
        None => {}
        Some(Closing::OnTime) => conditions.and("h.timely = TRUE".to_owned()),
        Some(Closing::Late) => conditions.and("h.timely = FALSE".to_owned()),
        Some(Closing::Known) => conditions.and("h.timely IS NOT NULL".to_owned()),
    }
    if let Some(from) = filter.closed_from {
        let from = conditions.arg(Timestamp::at_start_of(from));
        conditions.and(format!("h.closed_at >= {from}"));
    }
    if let Some(to) = filter.closed_to {
        let to = conditions.arg(Timestamp::at_end_of(to));
        conditions.and(format!("h.closed_at <= {to}"));
    }
    if let Some(to) = filter.due_to {
        let to = conditions.arg(Timestamp::at_end_of(to));
        conditions.and(format!("h.sort_at <= {to}"));
    }
}

/// Rows that hold every word, read one by one.
pub(super) fn holding(dialect: Dialect, conditions: &mut Conditions, asked: &Asked<'_>) {
    let position = search::position_in(dialect);
    for word in &asked.words {
        let pieces: Vec<String> = search::pieces(&word.typed)
            .into_iter()
            .map(|piece| format!("{position}(h.words, {}) > 0", conditions.arg(Arg::Text(piece))))
            .collect();
        let held = pieces.join(" AND ");
        if word.units.is_empty() {
            conditions.and(held);
            continue;
        }
        let named: Vec<String> = word.units.iter().map(|unit| conditions.arg(Arg::Id(unit.0))).collect();
        conditions.and(format!("(({held}) OR h.unit_id IN ({}))", named.join(", ")));
    }
}

/// One of these units.
pub(super) fn within(conditions: &mut Conditions, units: &[UnitId]) {
    let marks: Vec<String> = units.iter().map(|unit| conditions.arg(Arg::Id(unit.0))).collect();
    let listed = if marks.is_empty() { "NULL".to_owned() } else { marks.join(", ") };
    conditions.and(format!("h.unit_id IN ({listed})"));
}

fn scope_of(conditions: &mut Conditions, unit: UnitId, line: Line) -> String {
    let unit = conditions.arg(Arg::Id(unit.0));
    let line = conditions.arg(Arg::Text(line.name().to_owned()));
    format!(
        "h.unit_id IN (SELECT s.unit_id FROM unit_scope s WHERE s.ancestor_id = {unit} AND s.line = {line})"
    )
}

/// What a root reaches: the units below it now, and what was registered while the school lay below it.
fn reached(conditions: &mut Conditions, root: Root) -> Vec<String> {
    let Some(line) = root.line else {
        let unit = conditions.arg(Arg::Id(root.unit.0));
        return vec![format!("h.unit_id = {unit}")];
    };
    let now = scope_of(conditions, root.unit, line);
    let column = match line {
        Line::Management => "h.central_id",
        Line::Territory => "h.township_id",
        // A police station or an inspector answers for schools while they are assigned to it, not afterwards.
        Line::Assignment => return vec![now],
    };
    let then = conditions.arg(Arg::Id(root.unit.0));
    vec![now, format!("{column} = {then}")]
}

/// The viewer's own limits.
pub(in crate::query) fn reachable(conditions: &mut Conditions, reach: &Reach) {
    match reach {
        Reach::Everything => {}
        Reach::Units(units) => {
            within(conditions, units);
        }
        Reach::Below(roots) => {
            let parts: Vec<String> = roots.iter().flat_map(|root| reached(conditions, *root)).collect();
            let any = if parts.is_empty() { "FALSE".to_owned() } else { parts.join(" OR ") };
            conditions.and(format!("({any})"));
        }
        Reach::Own(actor, person, scope) => {
            let actor = conditions.arg(Arg::Id(actor.0));
            let person = conditions.arg(Arg::Id(person.0));
            conditions.and(format!("(h.registered_by = {actor} OR h.responsible = {person})"));
            let Scope::Units(roots) = scope else { return };
            let now = |root: &Root| match root.line {
                Some(line) => scope_of(conditions, root.unit, line),
                None => format!("h.unit_id = {}", conditions.arg(Arg::Id(root.unit.0))),
            };
            let parts: Vec<String> = roots.iter().map(now).collect();
            let any = if parts.is_empty() { "FALSE".to_owned() } else { parts.join(" OR ") };
            conditions.and(format!("({any})"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_reach_sees_nothing() {
        let mut conditions = Conditions::default();
        reachable(&mut conditions, &Reach::Units(Vec::new()));
        assert_eq!(conditions.text(), "h.unit_id IN (NULL)");
        let mut conditions = Conditions::default();
        reachable(&mut conditions, &Reach::Below(Vec::new()));
        assert_eq!(conditions.text(), "(FALSE)");
    }
}
