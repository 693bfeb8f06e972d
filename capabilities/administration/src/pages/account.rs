//! An account's page: whose it is, what was given to it, how its secrets stand, and what may be done about it.

use access::{AccountState, HeldRole, PermissionSet, Role, SecretStatus, SuspendReason, secret_status};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use journal::{Recorded, events_of_stream};
use kernel::{ActorId, Problem, UnitId};
use language::{Lang, Say};
use organisation::{UnitBrief, UnitKind, unit_brief};
use serde::Deserialize;
use web::{
    Failed, FormState, Visit,
    view::{Choice, Fact, Level, Link, Mark, Moment},
};

use super::common::{unit_choices, units_with, visible_account};
use crate::{
    audit::{self, Names},
    texts,
    view::{Block, Field, FormCard, Page, Row, RowButton},
    words,
};

/// Where an account's page is.
pub(super) fn href(id: ActorId) -> String {
    format!("/accounts/{}", id.0.simple())
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AtQuery {
    /// The unit at which a role is to be given; the account's own without it.
    at: String,
}

/// Everything the page shows.
pub(super) struct Seen {
    id: ActorId,
    pub state: AccountState,
    over: PermissionSet,
    person: String,
    home: String,
    grants: Vec<(HeldRole, String, bool)>,
    status: SecretStatus,
    at: Option<UnitBrief>,
    units: Vec<UnitBrief>,
    events: Vec<Recorded>,
    names: Names,
    oneself: bool,
}

pub(super) async fn see(visit: &Visit, id: ActorId, at: Option<UnitId>) -> Result<Seen, Problem> {
    let (viewer, vault, now) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.now());
    visit
        .read(move |tx| {
            let (state, _, over) = visible_account(tx, &viewer, id)?;
            let mut grants = Vec::new();
            for held in &state.grants {
                let may = viewer.may_over(tx, "role.grant", held.unit)?;
                grants.push((*held, super::common::unit_name(tx, held.unit)?, may));
            }
            let chosen = at.unwrap_or(state.home);
            let mut at = None;
            if viewer.may_over(tx, "role.grant", chosen)? {
                at = unit_brief(tx, chosen)?;
            }
            let units = if at.is_some() { units_with(tx, &viewer, "role.grant")? } else { Vec::new() };
            let events = events_of_stream(tx, id.into(), None)?;
            let names = Names::of(tx, &vault, &events)?;
            Ok(Seen {
                id,
                over,
                person: super::common::person_name(tx, &vault, state.person)?,
                home: super::common::unit_name(tx, state.home)?,
                grants,
                status: secret_status(tx, id, now)?,
                at,
                units,
                events,
                names,
                oneself: viewer.account == id || viewer.person == state.person,
                state,
            })
        })
        .await
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<ActorId>,
    Query(query): Query<AtQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::ACCOUNTS)?;
    let seen = see(&visit, id, UnitId::parse(&query.at)).await?;
    Ok(compose(&visit, &seen, "", visit.form()).answer(StatusCode::OK))
}

/// The page; `failed` names the form that `state` belongs to.
pub(super) fn compose(visit: &Visit, seen: &Seen, failed: &str, state: FormState) -> Page {
    let lang = visit.lang();
    let title = texts::account_title(lang, &seen.state.login);
    let shell = visit.shell(title).for_unit(&seen.home, visit.now()).at("accounts").back_to("/accounts");
    let mut page = Page::new(shell);
    let fresh = |act: &str| {
        if act == failed {
            state.clone()
        } else {
            FormState::new(lang, &state.csrf).command(visit.desk.ids.new_id(&*visit.desk.clock))
        }
    };
    page.tags.push(match seen.state.suspended {
        Some(_) => Mark::new(Level::Yellow, texts::account_suspended(lang)),
        None if !seen.status.has_password => Mark::new(Level::Plain, texts::account_never_used(lang)),
        None => Mark::new(Level::Plain, texts::account_works(lang)),
    });
    if let Some(reason) = seen.state.suspended {
        page.notices.push(Mark::new(
            Level::Yellow,
            texts::account_suspended_why(lang, words::suspended(lang, reason)),
        ));
    }
    if failed == "page" {
        for error in state.errors() {
            page.notices.push(Mark::new(Level::Red, &error.text));
        }
    }
    if seen.oneself {
        page.notices.push(Mark::new(Level::Blue, texts::account_is_yours(lang)));
    }
    page.left.push(Block::Facts { title: texts::account_facts(lang).to_owned(), facts: facts(lang, seen) });
    page.left.push(roles(lang, seen));
    if !seen.oneself {
        grant_forms(&mut page, visit, seen, &fresh);
        secret_forms(&mut page, lang, seen, &fresh);
        suspend_forms(&mut page, lang, seen, &fresh);
    }
    page.right.push(Block::Timeline {
        title: texts::account_history(lang).to_owned(),
        moments: moments(visit, seen),
    });
    page
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let status = &seen.status;
    let password = match (status.has_password, status.must_change, status.slip_until) {
        (false, _, Some(until)) => texts::account_password_slip(lang, Say(lang).date_of(until)),
        (false, _, None) => texts::account_password_none(lang).to_owned(),
        (true, true, _) => texts::account_password_must(lang).to_owned(),
        (true, false, _) => texts::account_password_set(lang).to_owned(),
    };
    let factor = match (status.second_factor, seen.state.needs_second_factor()) {
        (true, _) => texts::account_factor_set(lang, status.recovery_codes),
        (false, true) => texts::account_factor_needed(lang).to_owned(),
        (false, false) => texts::account_factor_none(lang).to_owned(),
    };
    let mut facts = vec![
        Fact::new(texts::account_login(lang), &seen.state.login),
        Fact::new(texts::person_name(lang), &seen.person)
            .link(Link::new(texts::account_person(lang), super::person::href(seen.state.person))),
        Fact::new(texts::account_home(lang), &seen.home),
        Fact::new(texts::account_password(lang), password),
        Fact::new(texts::account_factor(lang), factor),
    ];
    if let Some(until) = status.locked_until {
        facts.push(Fact::new(texts::account_locked(lang), Say(lang).date_time(until)));
    }
    if !seen.over.has("person.view") {
        facts.iter_mut().for_each(|fact| fact.link = None);
    }
    facts
}

fn roles(lang: Lang, seen: &Seen) -> Block {
    let held: Vec<Role> = seen.grants.iter().map(|(held, ..)| held.role).collect();
    let rows = seen.grants.iter().map(|(each, unit, may)| {
        let extents = each.role.entry().map(|entry| entry.extents.clone()).unwrap_or_default();
        let warned = held.iter().any(|other| *other != each.role && other.warns_with(each.role));
        Row {
            mark: warned.then(|| Mark::new(Level::Yellow, texts::role_warned(lang))),
            text: words::held(lang, *each, unit),
            more: words::reach(lang, &extents).to_owned(),
            button: (*may && !seen.oneself).then(|| RowButton {
                action: format!("{}/revoke", href(seen.id)),
                label: texts::role_revoke(lang).to_owned(),
                kind: "second",
                hidden: vec![("role", each.role.name().to_owned()), ("unit", each.unit.to_string())],
            }),
            ..Row::default()
        }
    });
    Block::Rows {
        title: texts::account_roles(lang).to_owned(),
        rows: rows.collect(),
        none: texts::account_no_roles_yet(lang).to_owned(),
    }
}

/// Only what the table allows at that kind of unit, and beside what is held already.
fn roles_at(lang: Lang, seen: &Seen, unit: &UnitBrief) -> Vec<Choice> {
    let fits = |role: Role, kind: UnitKind| role.entry().is_some_and(|entry| entry.kinds.contains(&kind));
    let held = |role: Role| seen.state.grants.contains(&HeldRole { role, unit: unit.id });
    let clash = |role: Role| seen.state.grants.iter().any(|other| role.excludes(other.role));
    let warned = |role: Role| seen.state.grants.iter().find(|other| role.warns_with(other.role));
    Role::ALL
        .iter()
        .copied()
        .filter(|role| fits(*role, unit.kind) && !held(*role) && !clash(*role))
        .map(|role| {
            let mut hints = Vec::new();
            if let Some(other) = warned(role) {
                hints.push(texts::role_warns_with(lang, web::names::role(lang, other.role.name())));
            }
            if role.needs_second_factor() {
                hints.push(texts::role_needs_factor(lang).to_owned());
            }
            Choice::new(role.name(), web::names::role(lang, role.name())).hint(hints.join(" "))
        })
        .collect()
}

fn grant_forms(page: &mut Page, visit: &Visit, seen: &Seen, fresh: &dyn Fn(&str) -> FormState) {
    let lang = visit.lang();
    let (Some(unit), None) = (&seen.at, seen.state.suspended) else { return };
    let choices = roles_at(lang, seen, unit);
    if choices.is_empty() {
        page.left.push(Block::Prose {
            title: texts::role_grant(lang).to_owned(),
            lines: vec![texts::role_none_here(lang, &unit.name)],
        });
    } else {
        page.left.push(Block::form(FormCard {
            id: "grant",
            title: texts::role_grant_at(lang, &unit.name),
            told: vec![texts::role_grant_told(lang).to_owned()],
            action: format!("{}/grant?at={}", href(seen.id), unit.id.0.simple()),
            fields: vec![Field::radios("role", texts::accounts_role(lang), choices)],
            button: texts::role_grant(lang).to_owned(),
            form: fresh("grant"),
            ..FormCard::default()
        }));
    }
    page.left.push(Block::form(FormCard {
        id: "elsewhere",
        title: texts::role_elsewhere(lang).to_owned(),
        action: format!("{}/elsewhere", href(seen.id)),
        fields: vec![Field::select("at", texts::role_unit(lang), unit_choices(visit, &seen.units))],
        button: texts::role_elsewhere_button(lang).to_owned(),
        kind: "second",
        form: fresh("elsewhere"),
        folded: true,
        ..FormCard::default()
    }));
}

fn secret_forms(page: &mut Page, lang: Lang, seen: &Seen, fresh: &dyn Fn(&str) -> FormState) {
    let has = |permission: &str| seen.over.has(permission);
    let resets = has("account.reset_password") || has("role.grant");
    if let Some(until) = seen.status.locked_until.filter(|_| resets) {
        page.left.push(Block::form(FormCard {
            id: "unlock",
            title: texts::unlock_title(lang).to_owned(),
            told: vec![texts::unlock_told(lang, Say(lang).date_time(until))],
            action: format!("{}/unlock", href(seen.id)),
            button: texts::unlock_title(lang).to_owned(),
            form: fresh("unlock"),
            ..FormCard::default()
        }));
    }
    if resets && seen.state.suspended.is_none() {
        let first = !seen.status.has_password;
        let told = match (first, seen.status.slip_until) {
            (true, Some(_)) => texts::reset_again_told(lang),
            (true, None) => texts::reset_first_told(lang),
            (false, _) => texts::reset_told(lang),
        };
        page.left.push(Block::form(FormCard {
            id: "reset",
            title: if first { texts::reset_first(lang) } else { texts::reset_title(lang) }.to_owned(),
            told: vec![told.to_owned()],
            action: format!("{}/reset", href(seen.id)),
            button: texts::reset_button(lang).to_owned(),
            kind: if first { "" } else { "danger" },
            form: fresh("reset"),
            folded: !first,
            ..FormCard::default()
        }));
    }
    if has("role.grant") && seen.status.second_factor {
        page.left.push(Block::form(FormCard {
            id: "clear-factor",
            title: texts::factor_clear(lang).to_owned(),
            told: vec![texts::factor_clear_told(lang).to_owned()],
            action: format!("{}/clear-factor", href(seen.id)),
            button: texts::factor_clear(lang).to_owned(),
            kind: "danger",
            form: fresh("clear-factor"),
            folded: true,
            ..FormCard::default()
        }));
    }
}

fn suspend_forms(page: &mut Page, lang: Lang, seen: &Seen, fresh: &dyn Fn(&str) -> FormState) {
    let has = |permission: &str| seen.over.has(permission);
    let (act, title, told, fields, kind) = match seen.state.suspended {
        None if has("account.manage") || has("role.grant") => {
            let reasons = SuspendReason::ALL.map(|r| Choice::new(r.name(), words::suspended(lang, r)));
            let fields = vec![Field::radios("reason", texts::suspend_reason(lang), reasons.to_vec())];
            ("suspend", texts::suspend_title(lang), texts::suspend_told(lang), fields, "danger")
        }
        Some(_) if has("role.grant") => {
            ("resume", texts::resume_title(lang), texts::resume_told(lang), Vec::new(), "")
        }
        None | Some(_) => return,
    };
    page.left.push(Block::form(FormCard {
        id: act,
        title: title.to_owned(),
        told: vec![told.to_owned()],
        action: format!("{}/{act}", href(seen.id)),
        fields,
        button: title.to_owned(),
        kind,
        form: fresh(act),
        folded: act == "suspend",
    }));
}

fn moments(visit: &Visit, seen: &Seen) -> Vec<Moment> {
    let lang = visit.lang();
    let mut moments: Vec<Moment> = seen
        .events
        .iter()
        .map(|recorded| {
            let header = &recorded.header;
            let what = audit::sentence(&visit.desk.sentences, lang, header, &recorded.parts, &seen.names);
            let who = seen.names.actor(lang, header.actor);
            Moment::new(Say(lang).date_time(header.decided_at), texts::who_did(lang, who, what))
        })
        .collect();
    moments.reverse();
    moments
}
