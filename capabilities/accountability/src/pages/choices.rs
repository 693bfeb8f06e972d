//! What forms offer.

use kernel::UnitId;
use language::Lang;
use rules::RuleBook;
use web::view::Choice;

use crate::{
    case::{Authority, CaseState, Consequence, Handling, Verdict},
    clarification::Purpose,
    words,
};

pub(super) fn authorities(lang: Lang) -> Vec<Choice> {
    let one = |one: &Authority| Choice::new(one.name(), words::authority_named(lang, *one));
    Authority::ALL.iter().map(one).collect()
}

pub(super) fn consequences(lang: Lang) -> Vec<Choice> {
    let one = |one: &Consequence| Choice::new(one.name(), words::consequence(lang, &(*one).into()));
    Consequence::ALL.iter().map(one).collect()
}

pub(super) fn verdicts(lang: Lang) -> Vec<Choice> {
    let one = |one: &Verdict| Choice::new(one.name(), words::verdict(lang, &(*one).into()));
    Verdict::ALL.iter().map(one).collect()
}

pub(super) fn handlings(lang: Lang) -> Vec<Choice> {
    let one = |one: &Handling| Choice::new(one.name(), words::handling(lang, &(*one).into()));
    Handling::ALL.iter().map(one).collect()
}

pub(super) fn purposes(lang: Lang) -> Vec<Choice> {
    let one = |one: &Purpose| Choice::new(one.name(), words::purpose(lang, &(*one).into()));
    Purpose::ALL.iter().map(one).collect()
}

/// The sides among these, by name and role.
pub(super) fn sides(lang: Lang, state: &CaseState, among: &[UnitId]) -> Vec<Choice> {
    let offered = state.sides.iter().filter(|one| among.contains(&one.side.unit));
    offered
        .map(|one| {
            let label = format!("{} · {}", one.side.name, words::role(lang, &one.side.role));
            Choice::new(one.side.unit.0.simple().to_string(), label)
        })
        .collect()
}

/// Rules by which a side may be measured: those whose deadlines ran.
pub(super) fn rules(lang: Lang, rules: &RuleBook, ids: &[&str]) -> Vec<Choice> {
    ids.iter().map(|id| Choice::new(*id, words::rule(lang, rules, id))).collect()
}

pub(super) fn units(units: &[(UnitId, String)]) -> Vec<Choice> {
    units.iter().map(|(unit, name)| Choice::new(unit.0.simple().to_string(), name)).collect()
}
