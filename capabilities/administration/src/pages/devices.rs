//! Guards' telephones: a link made at the school binds one of them to an account, for whoever has no liking for
//! passwords. Only accounts that hold no other role than the guard's.

use access::{
    AccessRead, Role, Session, SessionKind, SessionLimits, issue_device_link, operate, record_reads,
    revoke_session, sessions_of,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use journal::Permission;
use kernel::{ActorId, Problem, Refusal, UnitId};
use language::Say;
use web::{
    Failed, Flash, FormState, Posted, Visit, see_other_saying,
    view::{Choice, Link},
};

use super::{
    AdministrationPages,
    common::{blocking, is_for_the_form, qr, visible_unit},
    me::browser,
    slips::origin,
    units,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page, Row, RowButton},
};

const BIND: &[Permission] = &["account.reset_password", "role.grant"];

/// An account that may be used from a bound device.
struct Guard {
    account: ActorId,
    name: String,
    login: String,
    devices: Vec<Session>,
    /// A guard and nothing else; whoever has become more keeps his phones on the list, to be unbound.
    may_bind: bool,
}

async fn see(visit: &Visit, id: UnitId) -> Result<(String, Vec<Guard>), Problem> {
    visit.need_any(BIND)?;
    let (viewer, vault, now) = (visit.viewer.clone(), visit.desk.vault.clone(), visit.now());
    visit
        .read(move |tx| {
            let (unit, _, _) = visible_unit(tx, &viewer, id, BIND)?;
            let mut guards = Vec::new();
            for account in access::device_holders(tx, id)? {
                let Some((state, _)) = access::account_state(tx, account.id)? else { continue };
                let may_bind = !account.suspended && is_guard(&state);
                let mut devices = sessions_of(tx, account.id, &SessionLimits::default(), now)?;
                devices.retain(|session| session.kind == SessionKind::Device);
                if !may_bind && devices.is_empty() {
                    continue;
                }
                let name = super::common::person_name(tx, &vault, account.person)?;
                guards.push(Guard { account: account.id, name, login: account.login, devices, may_bind });
            }
            Ok((unit.name, guards))
        })
        .await
}

/// A guard and nothing else: a link must never open more than a guard's work.
pub(super) fn is_guard(state: &access::AccountState) -> bool {
    !state.grants.is_empty() && state.grants.iter().all(|held| held.role == Role::Guard)
}

pub(super) async fn show(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    let (unit, guards) = see(&visit, id).await?;
    Ok(compose(&visit, id, &unit, &guards, visit.form()).answer(StatusCode::OK))
}

fn compose(visit: &Visit, id: UnitId, unit: &str, guards: &[Guard], form: FormState) -> Page {
    let lang = visit.lang();
    let shell = visit.shell(texts::devices_title(lang)).for_unit(unit, visit.now());
    let mut page = Page::new(shell.at("units").back_to(units::href(id)));
    page.lead = texts::devices_lead(lang).to_owned();
    let choices: Vec<Choice> = guards
        .iter()
        .filter(|guard| guard.may_bind)
        .map(|guard| {
            Choice::new(guard.account.to_string(), format!("{} · {}", guard.name, guard.login))
                .hint(texts::devices_bound(lang, guard.devices.len()))
        })
        .collect();
    if choices.is_empty() {
        let lines = vec![texts::devices_no_guards(lang).to_owned()];
        page.left.push(Block::Prose { title: String::new(), lines });
    } else {
        page.left.push(Block::form(FormCard {
            id: "bind",
            title: texts::devices_bind(lang).to_owned(),
            told: vec![texts::devices_told(lang).to_owned()],
            action: format!("{}/devices", units::href(id)),
            fields: vec![Field::radios("account", texts::devices_who(lang), choices)],
            button: texts::devices_make_link(lang).to_owned(),
            form,
            ..FormCard::default()
        }));
    }
    let rows = guards.iter().flat_map(|guard| {
        guard.devices.iter().map(|device| Row {
            text: format!("{} · {}", guard.name, browser(lang, &device.agent)),
            more: texts::session_times(
                lang,
                Say(lang).date_time(device.created),
                Say(lang).date_time(device.last_seen),
            ),
            button: Some(RowButton {
                action: format!("{}/devices/revoke", units::href(id)),
                label: texts::devices_unbind(lang).to_owned(),
                kind: "danger",
                hidden: vec![
                    ("account", guard.account.to_string()),
                    ("session", kernel::hex::write(device.digest)),
                ],
            }),
            ..Row::default()
        })
    });
    page.left.push(Block::Rows {
        title: texts::devices_list(lang).to_owned(),
        rows: rows.collect(),
        none: texts::devices_none(lang).to_owned(),
    });
    page
}

/// Makes a link and shows it, with its QR code, on this answer only.
pub(super) async fn link(
    State(pages): State<AdministrationPages>,
    Path(id): Path<UnitId>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    let (unit, guards) = see(&visit, id).await?;
    let wanted = form.value("account").and_then(ActorId::parse);
    let Some(guard) = guards.iter().find(|guard| guard.may_bind && Some(guard.account) == wanted) else {
        let problem = Problem::from(Refusal::new("field-choose").on("account"));
        debug_assert!(is_for_the_form(&problem), "shown on the form");
        let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
        return Ok(compose(&visit, id, &unit, &guards, state).answer(StatusCode::UNPROCESSABLE_ENTITY));
    };
    let (desk, by, account, now) = (visit.desk.clone(), visit.viewer.account, guard.account, visit.now());
    let token = blocking(move || {
        let (vault, ids) = (desk.vault.clone(), desk.ids.clone());
        operate(&desk.handle, move |tx| {
            record_reads(tx, &[trace(now, by, "account.device_link", account, id)])?;
            issue_device_link(tx, &vault, &ids, account, by, now)
        })
    })
    .await?;
    let address = format!("{}/bind/{token}", origin(&visit, &pages, &headers));
    let lang = visit.lang();
    let shell = visit.shell(texts::devices_bind(lang)).for_unit(&unit, visit.now());
    let mut page = Page::new(shell.at("units").back_to(format!("{}/devices", units::href(id))));
    page.lead = texts::devices_link_told(lang, &guard.name);
    page.left.push(Block::Picture {
        title: texts::devices_scan(lang, Say(lang).time(now.plus_ms(access::limits::DEVICE_LINK_MS))),
        svg: qr(&address)?,
        below: address,
        link: None,
    });
    let links = vec![Link::new(texts::devices_back(lang), format!("{}/devices", units::href(id)))];
    page.left.push(Block::Links { title: texts::me_more(lang).to_owned(), links });
    Ok(page.answer(StatusCode::OK))
}

/// A link and its use leave a trace in the chained log beside the reads of personal data.
pub(super) fn trace(
    at: kernel::Timestamp,
    by: ActorId,
    what: &str,
    account: ActorId,
    unit: UnitId,
) -> AccessRead {
    AccessRead { at, account: by, what: what.to_owned(), subject: account.into(), unit, why: String::new() }
}

pub(super) async fn revoke(Path(id): Path<UnitId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    let (_, guards) = see(&visit, id).await?;
    let account = form.value("account").and_then(ActorId::parse);
    let wanted = form.value("session").unwrap_or_default();
    let found = guards.iter().find(|guard| Some(guard.account) == account).and_then(|guard| {
        let device = guard.devices.iter().find(|device| kernel::hex::write(device.digest) == wanted)?;
        Some((guard.account, device.digest))
    });
    let (account, digest) = found.ok_or(Problem::NotFound)?;
    let (now, by) = (visit.now(), visit.viewer.account);
    visit
        .desk
        .handle
        .housekeep(move |tx| {
            record_reads(tx, &[trace(now, by, "account.device_unbound", account, id)])?;
            revoke_session(tx, account, &digest, now).map(|_| ())
        })
        .await?;
    visit.desk.sessions.bump();
    let back = format!("{}/devices", units::href(id));
    Ok(see_other_saying(&back, &Flash::done(texts::devices_unbound(visit.lang()))))
}
