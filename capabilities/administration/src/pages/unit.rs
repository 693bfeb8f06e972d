//! A unit's page: facts, codes, where it hangs, people, what happened.

use access::{AccountBrief, PermissionSet, accounts_of_unit};
use axum::{extract::Path, http::StatusCode, response::Response};
use journal::events_of_stream;
use kernel::{Date, UnitId, limits};
use language::{Lang, Say};
use organisation::{Ancestor, Line, UnitBrief, UnitState, ancestors, unit_brief};
use web::{
    Failed, Visit,
    view::{Cell, Column, Fact, Level, Link, Mark, Table},
};

use super::{
    common::visible_unit,
    unit_acts::Act,
    unit_history::{self, History},
    unit_people::{self, PersonLine},
    units::href,
};
use crate::{
    texts,
    view::{Block, Page},
    words,
};

/// Everything the page shows.
struct Seen {
    unit: UnitState,
    over: PermissionSet,
    above: Vec<(Line, Vec<Ancestor>)>,
    /// Where it is assigned to, and since when.
    assigned: Vec<(UnitBrief, Date)>,
    people: Vec<PersonLine>,
    accounts: Option<Vec<AccountBrief>>,
    history: History,
}

pub(super) async fn show(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    visit.need_any(&["unit.view"])?;
    let viewer = visit.viewer.clone();
    let vault = visit.desk.vault.clone();
    let seen = visit
        .read(move |tx| {
            let (unit, _, over) = visible_unit(tx, &viewer, id, &["unit.view"])?;
            let mut above = Vec::new();
            for line in Line::PLACED {
                above.push((line, ancestors(tx, id, line)?));
            }
            let mut assigned = Vec::new();
            for held in unit.assigned() {
                assigned.extend(unit_brief(tx, held.to)?.map(|to| (to, held.from)));
            }
            let people =
                if over.has("person.view") { unit_people::read(tx, &vault, id)? } else { Vec::new() };
            let may_accounts = super::ACCOUNTS.iter().any(|p| over.has(p));
            let accounts =
                if may_accounts { Some(accounts_of_unit(tx, id, limits::PAGE_ROWS)?) } else { None };
            let events = events_of_stream(tx, id.into(), None)?;
            let history = unit_history::read(tx, &vault, &events)?;
            Ok(Seen { unit, over, above, assigned, people, accounts, history })
        })
        .await?;
    Ok(page(&visit, &seen).answer(StatusCode::OK))
}

fn page(visit: &Visit, seen: &Seen) -> Page {
    let lang = visit.lang();
    let unit = &seen.unit;
    let mut page = Page::new(visit.shell(&unit.name).at("units").back_to("/units"));
    page.tags.push(Mark::new(Level::Plain, web::names::unit_kind(lang, unit.kind)));
    if let Some(day) = unit.closed {
        page.notices.push(Mark::new(Level::Yellow, texts::unit_is_closed(lang, Say(lang).date(day))));
    }
    page.left = vec![
        Block::Facts { title: texts::unit_codes(lang).to_owned(), facts: codes(lang, unit) },
        Block::Facts { title: texts::unit_facts(lang).to_owned(), facts: facts(lang, unit) },
        Block::Facts { title: texts::unit_places(lang).to_owned(), facts: places(lang, seen) },
        assignments(lang, seen),
    ];
    if seen.over.has("person.view") {
        page.left.push(unit_people::block(lang, &seen.people));
    }
    if let Some(accounts) = &seen.accounts {
        page.left.push(accounts_block(lang, accounts));
    }
    let acts = acts(lang, seen);
    if !acts.is_empty() {
        page.right.push(Block::Links { title: texts::unit_acts(lang).to_owned(), links: acts });
    }
    let moments = seen.history.moments(lang);
    page.right.push(Block::Timeline { title: texts::unit_history(lang).to_owned(), moments });
    page
}

fn codes(lang: Lang, unit: &UnitState) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(texts::units_code(lang), &unit.code),
        Fact::new(texts::unit_code_kind(lang), words::code_kind(lang, unit.kind, &unit.code)),
    ];
    if let Some(reason) = &unit.code_exception {
        facts.push(Fact::new(texts::unit_code_exception(lang), reason));
    }
    facts
}

fn facts(lang: Lang, unit: &UnitState) -> Vec<Fact> {
    let a = &unit.attributes;
    let unsaid = || texts::unit_unsaid(lang).to_owned();
    let number = |value: Option<u32>| value.map_or_else(unsaid, |n| Say(lang).number(i64::from(n)));
    let heads = |value: Option<u32>| {
        value.map_or_else(unsaid, |n| texts::unit_heads(lang, Say(lang).number(i64::from(n))))
    };
    let mut facts = Vec::new();
    if unit.kind.is_institution() {
        facts.push(Fact::new(texts::unit_ownership(lang), words::ownership(lang, a.private)));
        facts.push(Fact::new(texts::units_pupils(lang), heads(a.pupils)));
        facts.push(Fact::new(texts::units_boarders(lang), heads(a.boarders)));
        facts.push(Fact::new(texts::unit_classes(lang), number(a.classes)));
        facts.push(Fact::new(texts::unit_canteen(lang), words::canteen(lang, a.canteen)));
    }
    facts.push(Fact::new(texts::units_staff(lang), heads(a.staff)));
    let said = |text: &str| if text.is_empty() { unsaid() } else { text.to_owned() };
    facts.push(Fact::new(texts::unit_address(lang), said(&a.address)));
    facts.push(Fact::new(texts::unit_telephone(lang), said(&a.telephone)));
    if let (Some(latitude), Some(longitude)) = (a.latitude, a.longitude) {
        facts.push(Fact::new(texts::unit_position(lang), format!("{latitude:.5}, {longitude:.5}")));
    }
    facts
}

/// Where it hangs now: the names above it, nearest last.
fn places(lang: Lang, seen: &Seen) -> Vec<Fact> {
    seen.above
        .iter()
        .filter_map(|(line, above)| {
            let mut names: Vec<&str> =
                above.iter().filter(|a| a.depth > 0).map(|a| a.name.as_str()).collect();
            names.reverse();
            if names.is_empty() {
                return None;
            }
            let since = seen.unit.placed(*line).map(|p| p.from);
            let since = since.map(|day| texts::unit_since(lang, Say(lang).date(day))).unwrap_or_default();
            Some(Fact::new(words::line(lang, *line), format!("{}\n{since}", names.join(" › "))))
        })
        .collect()
}

/// Whom it is assigned to now, each with its kind and the day it began. Ended ones are in the history.
fn assignments(lang: Lang, seen: &Seen) -> Block {
    let rows = seen
        .assigned
        .iter()
        .map(|(to, from)| {
            vec![
                Cell::text(&to.name).more(web::names::unit_kind(lang, to.kind)),
                Cell::text(texts::unit_since(lang, Say(lang).date(*from))),
            ]
        })
        .collect();
    Block::Grid {
        title: words::line(lang, Line::Assignment),
        table: Table {
            caption: words::line(lang, Line::Assignment),
            columns: vec![Column::new(texts::units_name(lang)), Column::new(texts::unit_from(lang))],
            rows,
        },
        none: texts::unit_unassign_none(lang).to_owned(),
    }
}

fn accounts_block(lang: Lang, accounts: &[AccountBrief]) -> Block {
    let rows = accounts
        .iter()
        .map(|account| {
            let state = if account.suspended {
                Cell::mark(Level::Yellow, texts::account_suspended(lang))
            } else {
                Cell::text(super::accounts::state(lang, account))
            };
            vec![Cell::link(&account.login, super::account::href(account.id)), state]
        })
        .collect();
    Block::Grid {
        title: texts::unit_accounts(lang).to_owned(),
        table: Table {
            caption: texts::unit_accounts(lang).to_owned(),
            columns: vec![Column::new(texts::account_login(lang)), Column::new(texts::account_state(lang))],
            rows,
        },
        none: texts::unit_no_accounts(lang).to_owned(),
    }
}

/// What the viewer may do here, and where to look further.
fn acts(lang: Lang, seen: &Seen) -> Vec<Link> {
    let at = |act: &str| format!("{}/{act}", href(seen.unit.id));
    let id = seen.unit.id.0.simple().to_string();
    let has = |permission: &str| seen.over.has(permission);
    let open = seen.unit.closed.is_none();
    let reset = has("account.reset_password") || has("role.grant");
    let mut links = Vec::new();
    let mut add = |shown: bool, label: &'static str, to: String| {
        if shown {
            links.push(Link::new(label, to));
        }
    };
    add(has("hazard.view"), texts::unit_hazards(lang), format!("/hazards?unit={id}"));
    add(open && (has("unit.manage") || has("unit.describe")), texts::unit_describe(lang), at("describe"));
    add(open && has("person.manage"), texts::people_new(lang), at("people/new"));
    add(open && has("person.manage"), texts::people_new_guard(lang), at("people/new?post=guard"));
    let out = !seen.people.is_empty() && has("person.view") && has("export");
    add(out, texts::people_export_xlsx(lang), at("people/export?format=xlsx"));
    add(out, texts::people_export_csv(lang), at("people/export"));
    let holds = [Line::Management, Line::Territory].into_iter().any(|line| seen.unit.kind.holds(line));
    add(open && holds && has("unit.manage"), texts::unit_new_below(lang), format!("/units/new?parent={id}"));
    for act in [Act::Rename, Act::Recode, Act::Rekind, Act::Move, Act::Assign, Act::Unassign, Act::Close] {
        let idle = act == Act::Unassign && seen.assigned.is_empty();
        add(open && has("unit.manage") && !idle, act.title(lang), at(act.name()));
    }
    add(!open && has("unit.manage"), Act::Reopen.title(lang), at(Act::Reopen.name()));
    add(open && has("channel.manage"), texts::channels_title(lang), at("channels"));
    add(has("sent.read"), texts::sent_title(lang), format!("/sent?unit={id}"));
    add(open && has("account.manage"), texts::account_open(lang), format!("/accounts/new?unit={id}"));
    let many = format!("{}?unit={id}", super::account_many::PATH);
    add(open && has("account.manage"), texts::many_open(lang), many.clone());
    add(open && has("role.grant"), texts::many_grant(lang), many);
    add(seen.accounts.is_some(), texts::unit_all_accounts(lang), format!("/accounts?unit={id}"));
    add(open && reset, texts::slips_title(lang), at("slips"));
    add(open && reset && seen.unit.kind.is_institution(), texts::devices_title(lang), at("devices"));
    links
}
