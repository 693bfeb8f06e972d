//! What the rules said when something was decided: by the stamp that its event carries.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use journal::rules_by_stamp;
use kernel::{Date, Problem};
use language::{Lang, Say};
use rules::{Rule, RuleBook};
use web::{
    Failed, Shell, Visit,
    view::{Cell, Column, Fact, Level, Mark, Table},
};

use super::{RulesPages, rule_href};
use crate::{texts, words};

#[derive(Template)]
#[template(path = "adjustment/as_of.html")]
struct AsOfPage {
    shell: Shell,
    same: Option<Mark>,
    facts: Vec<Fact>,
    table: Table,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Path(stamp): Path<String>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let lang = visit.lang();
    let asked = stamp.clone();
    let files = visit.read_long(move |tx| Ok(rules_by_stamp(tx, &asked)?)).await?;
    if files.is_empty() {
        return Err(Problem::NotFound.into());
    }
    let files = files.into_iter().map(|file| (file.path, file.text)).collect();
    let then = RuleBook::from_kept(files)
        .map_err(|faults| Problem::Fault(faults.iter().map(ToString::to_string).collect()))?;
    let now = pages.ruling.book();
    let same = then.hash() == now.hash();
    Ok(web::page(&AsOfPage {
        same: same.then(|| Mark::new(Level::Done, texts::as_of_same(lang))),
        facts: facts(lang, &then, &stamp),
        table: table(lang, (&then, &now), visit.now().local_date()),
        shell: visit.shell(texts::as_of_title(lang)).at("rules").back_to("/rules"),
    }))
}

fn facts(lang: Lang, then: &RuleBook, stamp: &str) -> Vec<Fact> {
    let overlays: Vec<String> = then
        .overlays()
        .map(|(_, title, hash)| {
            let short = hash.get(..8).unwrap_or(hash);
            format!("{} @{short}", hazard::words::pick(lang, title))
        })
        .collect();
    let none = || texts::as_of_no_overlays(lang).to_owned();
    vec![
        Fact::new(texts::record_stamp(lang), stamp),
        Fact::new(
            texts::tab_adjustments(lang),
            if overlays.is_empty() { none() } else { Say(lang).list(overlays) },
        ),
        Fact::new(texts::as_of_hash(lang), then.hash()),
    ]
}

/// Every rule with all its days, and what is said today where that differs.
fn table(lang: Lang, (then, now): (&RuleBook, &RuleBook), today: Date) -> Table {
    let cells = |rule: &Rule| {
        let clause = if lang == Lang::En { &rule.clause.en } else { &rule.clause.zh };
        // What it said of past and coming days says nothing of today.
        let in_force = |other: &&Rule| {
            other.active && other.is_in_force(today) && other.scope == rule.scope && rule.is_in_force(today)
        };
        let differs = match now.rule(&rule.id).iter().find(in_force) {
            Some(other) if other.value != rule.value || other.variant != rule.variant => {
                words::value(lang, &other.value)
            }
            Some(_) | None => String::new(),
        };
        vec![
            Cell::link(hazard::words::pick(lang, &rule.title), rule_href(&rule.id)).more(&*rule.id),
            Cell::text(words::value(lang, &rule.value)).more(Say(lang).date(rule.from)),
            Cell::text(&**clause).more(words::tag(lang, rule.clause.tag)),
            Cell::text(differs),
        ]
    };
    Table {
        caption: texts::as_of_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_rule(lang)),
            Column::new(texts::column_value(lang)),
            Column::new(texts::column_clause(lang)),
            Column::new(texts::column_today(lang)),
        ],
        rows: then.rules().filter(|rule| rule.active).map(cells).collect(),
    }
}
