//! A unit's page: facts, codes, where it hangs, people, what happened; of a school also what every other room says of it
//! in its panel, what can be printed, and one course of everything that happened there.

use std::sync::Arc;

use access::{AccountBrief, PermissionSet, accounts_of_unit};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{Vault, events_of_stream};
use kernel::{Date, Problem, UnitId, limits};
use language::{Lang, Say};
use organisation::{Ancestor, Line, Post, UnitBrief, UnitState, ancestors, unit_brief};
use serde::Deserialize;
use storage::Tx;
use web::{
    Failed, Visit,
    panel::{AtUnit, Panel, Paper, UnitPanel},
    view::{Cell, Column, Empty, Fact, Level, Link, Mark, Table},
};

use super::{
    AdministrationPages,
    common::visible_unit,
    unit_course::{self, Asked, Course},
    unit_history::{self, History},
    unit_links::acts,
    unit_people::{self, PersonLine},
    units::href,
};
use crate::{
    texts,
    view::{Block, Page},
    words,
};

/// Posts that answer for a school's safety, as its facts name them.
const ANSWERS: [Post; 4] = [Post::Head, Post::Secretary, Post::SafetyViceHead, Post::SafetyOfficer];

/// Where one is in the course.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UnitQuery {
    happened: String,
    after: String,
}

/// Everything the page shows.
pub(super) struct Seen {
    pub unit: UnitState,
    pub over: PermissionSet,
    above: Vec<(Line, Vec<Ancestor>)>,
    /// Where it is assigned to, and since when.
    pub assigned: Vec<(UnitBrief, Date)>,
    pub people: Vec<PersonLine>,
    pub accounts: Option<Vec<AccountBrief>>,
    history: History,
    panels: Vec<Panel>,
    papers: Vec<Paper>,
    /// Of a school: what happened there in every room.
    course: Option<Course>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<AdministrationPages>,
    Path(id): Path<UnitId>,
    Query(query): Query<UnitQuery>,
) -> Result<Response, Failed> {
    visit.need_any(&["unit.view"])?;
    let (viewer, vault) = (visit.viewer.clone(), visit.desk.vault.clone());
    let (lang, now, panels) = (visit.lang(), visit.now(), pages.panels());
    let asked = Asked { kind: query.happened, trail: query.after };
    let seen = visit
        .read(move |tx| {
            let (unit, _, over) = visible_unit(tx, &viewer, id, &["unit.view"])?;
            let at = AtUnit { lang, viewer: &viewer, over, id, unit: &unit, now };
            let rooms = read_rooms(tx, &vault, &at, &panels, &asked)?;
            read(tx, &vault, &at, rooms)
        })
        .await?;
    Ok(page(&visit, &seen).answer(StatusCode::OK))
}

/// What other rooms say, and what happened.
type Rooms = (Vec<Panel>, Vec<Paper>, Option<Course>);

fn read_rooms(
    tx: &mut Tx,
    vault: &Vault,
    at: &AtUnit<'_>,
    rooms: &[Arc<dyn UnitPanel>],
    asked: &Asked,
) -> Result<Rooms, Problem> {
    // Schools have a page of their own; what lies above them is a matter of administration.
    if !at.unit.kind.is_institution() {
        return Ok(Rooms::default());
    }
    let (mut panels, mut papers) = (Vec::new(), Vec::new());
    for room in rooms {
        panels.extend(room.panel(tx, at)?);
        papers.extend(room.papers(tx, at)?);
    }
    let course = unit_course::read(tx, vault, at, rooms, asked)?;
    Ok((panels, papers, Some(course)))
}

fn read(
    tx: &mut Tx,
    vault: &Vault,
    at: &AtUnit<'_>,
    (panels, papers, course): Rooms,
) -> Result<Seen, Problem> {
    let (id, over, unit) = (at.id, at.over, at.unit);
    let mut above = Vec::new();
    for line in Line::PLACED {
        above.push((line, ancestors(tx, id, line)?));
    }
    let mut assigned = Vec::new();
    for held in unit.assigned() {
        assigned.extend(unit_brief(tx, held.to)?.map(|to| (to, held.from)));
    }
    let people = if over.has("person.view") { unit_people::read(tx, vault, id)? } else { Vec::new() };
    let may_accounts = super::ACCOUNTS.iter().any(|p| over.has(p));
    let accounts = if may_accounts { Some(accounts_of_unit(tx, id, limits::PAGE_ROWS)?) } else { None };
    let events = events_of_stream(tx, id.into(), None)?;
    let history = unit_history::read(tx, vault, &events)?;
    Ok(Seen { unit: unit.clone(), over, above, assigned, people, accounts, history, panels, papers, course })
}

fn page(visit: &Visit, seen: &Seen) -> Page {
    let lang = visit.lang();
    let unit = &seen.unit;
    let mut page = Page::new(visit.shell(&unit.name).at("units").back_to("/units"));
    page.tags.push(Mark::new(Level::Plain, web::names::unit_kind(lang, unit.kind)));
    if let Some(day) = unit.closed {
        page.notices.push(Mark::new(Level::Yellow, texts::unit_is_closed(lang, Say(lang).date(day))));
    }
    page.empty = beginning(lang, seen);
    page.parts = parts(lang, seen);
    page.left = vec![
        Block::Facts { title: texts::unit_codes(lang).to_owned(), facts: codes(lang, unit) },
        Block::Facts { title: texts::unit_facts(lang).to_owned(), facts: facts(lang, seen) },
        Block::Facts { title: texts::unit_places(lang).to_owned(), facts: places(lang, seen) },
    ];
    let of = |aside: bool| seen.panels.iter().filter(move |panel| panel.aside == aside).cloned();
    page.left.extend(of(false).map(|panel| Block::Panel(Box::new(panel))));
    let acts = acts(lang, seen);
    if !acts.is_empty() {
        page.right.push(Block::Links { title: texts::unit_acts(lang).to_owned(), links: acts });
    }
    if seen.over.has("person.view") {
        page.right.push(unit_people::block(lang, &seen.people));
    }
    page.right.extend(of(true).map(|panel| Block::Panel(Box::new(panel))));
    if !seen.papers.is_empty() {
        let papers = seen.papers.clone();
        page.right.push(Block::Papers { title: texts::papers_title(lang).to_owned(), papers });
    }
    page.right.push(assignments(lang, seen));
    if let Some(accounts) = &seen.accounts {
        page.right.push(accounts_block(lang, accounts));
    }
    match &seen.course {
        Some(course) => {
            let history = seen.history.by_version(lang);
            page.left.push(course.block(&visit.desk.sentences, lang, (unit.id, &history)));
        }
        None => page.right.push(Block::Timeline {
            title: texts::unit_history(lang).to_owned(),
            moments: seen.history.moments(lang),
        }),
    }
    page
}

/// Of a school of which nothing is written down: the one act that begins it.
fn beginning(lang: Lang, seen: &Seen) -> Option<Empty> {
    let begins = seen.unit.closed.is_none() && seen.over.has("person.manage");
    let bare = seen.people.is_empty() && seen.panels.iter().all(Panel::is_bare);
    (seen.course.is_some() && begins && bare).then(|| Empty {
        sentence: texts::unit_begin(lang).to_owned(),
        act: Some(Link::new(texts::people_new(lang), format!("{}/people/new", href(seen.unit.id)))),
        icon: "units",
    })
}

/// To the parts of a school's page.
fn parts(lang: Lang, seen: &Seen) -> Vec<Link> {
    if seen.course.is_none() {
        return Vec::new();
    }
    let panels = seen.panels.iter().map(|panel| Link::new(&panel.title, format!("#{}", panel.key)));
    let papers = (!seen.papers.is_empty()).then(|| Link::new(texts::papers_title(lang), "#papers"));
    panels.chain(papers).chain([Link::new(texts::course_title(lang), "#course")]).collect()
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

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let unit = &seen.unit;
    let a = &unit.attributes;
    let unsaid = || texts::unit_unsaid(lang).to_owned();
    let number = |value: Option<u32>| value.map_or_else(unsaid, |n| Say(lang).number(i64::from(n)));
    let heads = |value: Option<u32>| {
        value.map_or_else(unsaid, |n| texts::unit_heads(lang, Say(lang).number(i64::from(n))))
    };
    let mut facts = answerable(lang, seen);
    if unit.kind.is_institution() {
        facts.push(Fact::new(texts::unit_ownership(lang), words::ownership(lang, a.private)));
        facts.push(Fact::new(texts::units_pupils(lang), heads(a.pupils)));
        facts.push(Fact::new(texts::units_boarders(lang), heads(a.boarders)));
        facts.push(Fact::new(texts::unit_classes(lang), number(a.classes)));
        facts.push(Fact::new(texts::unit_canteen(lang), words::canteen(lang, a.canteen)));
    }
    facts.push(Fact::new(texts::units_staff(lang), heads(a.staff)));
    facts.extend(campuses(lang, unit));
    let said = |text: &str| if text.is_empty() { unsaid() } else { text.to_owned() };
    facts.push(Fact::new(texts::unit_address(lang), said(&a.address)));
    facts.push(Fact::new(texts::unit_telephone(lang), said(&a.telephone)));
    if let (Some(latitude), Some(longitude)) = (a.latitude, a.longitude) {
        facts.push(Fact::new(texts::unit_position(lang), format!("{latitude:.5}, {longitude:.5}")));
    }
    facts
}

/// Who answers for the school, by post; for whoever may know its people.
fn answerable(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let holders = |post: Post| -> Vec<&str> {
        seen.people.iter().filter(|person| person.holds(post)).map(|person| person.name(lang)).collect()
    };
    if !seen.unit.kind.is_institution() {
        return Vec::new();
    }
    let fact = |post: Post| {
        let names = holders(post);
        (!names.is_empty()).then(|| Fact::new(web::names::post(lang, post), Say(lang).list(names)))
    };
    ANSWERS.into_iter().filter_map(fact).collect()
}

/// The campuses with their heads, where it has several.
fn campuses(lang: Lang, unit: &UnitState) -> Option<Fact> {
    let heads = |value: Option<u32>| value.map_or_else(|| "—".to_owned(), |n| Say(lang).number(i64::from(n)));
    let line = |campus: &organisation::Campus| {
        texts::unit_campus(
            lang,
            &campus.name,
            heads(campus.pupils),
            heads(campus.boarders),
            heads(campus.staff),
        )
    };
    let lines: Vec<String> = unit.campuses.iter().map(line).collect();
    (!lines.is_empty()).then(|| Fact::new(texts::unit_campuses(lang), lines.join("\n")))
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
