//! One rule: what it says today, its variants, and what it said before or will say.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use kernel::{Date, Problem};
use language::{Lang, Say};
use rules::{Rule, RuleValue};
use web::{
    Failed, Shell, Visit,
    view::{Cell, Column, Fact, Level, Link, Mark, Table},
};

use super::{RulesPages, href, list::LIST};
use crate::{query::AdjustmentRow, texts, words};

#[derive(Template)]
#[template(path = "adjustment/rule.html")]
struct RulePage {
    shell: Shell,
    fixed: Option<Mark>,
    facts: Vec<Fact>,
    acts: Vec<Link>,
    days: Table,
    adjustments: Vec<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules, today) = (visit.lang(), pages.ruling.book(), visit.now().local_date());
    let known = rules.rule(&id);
    let first = known.first().ok_or(Problem::NotFound)?;
    let in_force = known.iter().find(|rule| rule.active && rule.is_in_force(today));
    let activated = visit.read(|tx| Ok(crate::query::activated(tx)?)).await?;
    let title = hazard::words::pick(lang, &first.title);
    Ok(web::page(&RulePage {
        fixed: in_force
            .filter(|rule| !may_change(rule))
            .map(|rule| Mark::new(Level::Blue, why_fixed(lang, rule))),
        facts: facts(lang, in_force.unwrap_or(first), today),
        acts: if visit.viewer.may("rules.manage") { acts(lang, known, today) } else { Vec::new() },
        days: days(lang, known, today),
        adjustments: touched(lang, &id, &activated),
        shell: visit.shell(title).at("rules").back_to(LIST),
    }))
}

/// Why nobody changes it here.
fn why_fixed(lang: Lang, rule: &Rule) -> &'static str {
    match rule.value {
        RuleValue::Choice(_) => texts::rule_chosen_elsewhere(lang),
        _ => texts::rule_fixed(lang),
    }
}

/// A county may give it another value.
fn may_change(rule: &Rule) -> bool {
    // A choice is made where its effect is seen.
    let here = !matches!(rule.value, RuleValue::Choice(_) | RuleValue::PerPlan);
    here && (rule.editable() || rule.tighten.is_some())
}

fn acts(lang: Lang, known: &[Rule], today: Date) -> Vec<Link> {
    let now: Vec<&Rule> = known.iter().filter(|rule| rule.is_in_force(today)).collect();
    let mut acts = Vec::new();
    if now.iter().any(|rule| matches!(rule.value, RuleValue::Choice(_))) {
        acts.push(Link::new(texts::rule_to_standard(lang), "/guards/standard"));
    }
    if let Some(rule) = now.iter().find(|rule| rule.active && may_change(rule)) {
        let to = format!("/rules/adjustments/new?rule={}", rule.id);
        acts.push(Link::new(texts::rule_adjust(lang), to));
    }
    let other = |rule: &&&Rule| !rule.active && !matches!(rule.value, RuleValue::Choice(_));
    if let Some(rule) = now.iter().find(other) {
        let to = format!("/rules/adjustments/new?rule={}&choose=1", rule.id);
        acts.push(Link::new(texts::rule_choose(lang), to));
    }
    acts
}

fn facts(lang: Lang, rule: &Rule, today: Date) -> Vec<Fact> {
    let clause = if lang == Lang::En { &rule.clause.en } else { &rule.clause.zh };
    let mut facts = vec![
        Fact::new(texts::fact_value_on(lang, Say(lang).date(today)), words::value(lang, &rule.value)),
        Fact::new(texts::column_clause(lang), &**clause),
        Fact::new(texts::column_tag(lang), words::tag(lang, rule.clause.tag)),
        Fact::new(texts::column_variant(lang), words::variant(lang, &rule.variant)),
        Fact::new(texts::column_rule_id(lang), &*rule.id),
    ];
    if let Some(base) = &rule.base_value {
        facts.insert(1, Fact::new(texts::column_base(lang), words::value(lang, base)));
    }
    facts
}

/// Every variant, from when to when, with its value: those that are in force first.
fn days(lang: Lang, known: &[Rule], today: Date) -> Table {
    let mut sorted: Vec<&Rule> = known.iter().collect();
    sorted.sort_by_key(|rule| (!rule.active, std::cmp::Reverse(rule.from), rule.variant.clone()));
    let cells = |rule: &&Rule| {
        let until = match rule.to {
            Some(to) => to.yesterday().map(|last| Say(lang).date(last)).unwrap_or_default(),
            None => texts::rule_open_end(lang).to_owned(),
        };
        let state = match (rule.active, rule.is_in_force(today)) {
            (true, true) => texts::rule_in_force(lang),
            (true, false) if rule.from > today => texts::rule_to_come(lang),
            (true, false) => texts::rule_past(lang),
            (false, _) => texts::rule_not_chosen(lang),
        };
        vec![
            Cell::text(words::value(lang, &rule.value)).more(words::variant(lang, &rule.variant)),
            Cell::text(Say(lang).date(rule.from)),
            Cell::text(until),
            Cell::text(state),
        ]
    };
    Table {
        caption: texts::rule_days(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_value(lang)),
            Column::new(texts::column_since(lang)),
            Column::new(texts::column_until(lang)),
            Column::new(texts::column_state(lang)),
        ],
        rows: sorted.iter().map(cells).collect(),
    }
}

/// Adjustments that set or chose it.
fn touched(lang: Lang, id: &str, activated: &[AdjustmentRow]) -> Vec<Link> {
    let about = |row: &&AdjustmentRow| row.state.changes.iter().any(|change| change.rule() == Some(id));
    let link = |row: &AdjustmentRow| {
        let label = texts::adjustment_in_short(
            lang,
            row.state.number,
            Say(lang).date(row.state.from),
            words::stage(lang, row.state.stage.code()),
        );
        Link::new(label, href(row.id))
    };
    activated.iter().rev().filter(about).map(link).collect()
}
