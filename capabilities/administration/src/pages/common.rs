//! What several pages need.

use access::{Account, AccountState, PermissionSet, Scope, Viewer};
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use journal::{Permission, Subject, UnitOfWork, WorkLane};
use kernel::{ActorId, CommandId, PersonId, Problem, Refusal, StreamId, Timestamp, UnitId};
use language::Say;
use organisation::{PersonState, UnitBrief, UnitState, unit_brief, unit_state};
use storage::{Param, Tx, params};
use web::{Visit, view::Choice};

/// Units offered in a choice.
const UNITS: usize = 600;

/// A unit that the viewer may see, its version, and what he may do there.
pub(super) fn visible_unit(
    tx: &mut Tx,
    viewer: &Viewer,
    id: UnitId,
    any: &[Permission],
) -> Result<(UnitState, u64, PermissionSet), Problem> {
    let (state, version) = unit_state(tx, id)?.ok_or(Problem::NotFound)?;
    let over = viewer.permissions_over(tx, id)?;
    if any.iter().any(|p| over.has(p)) { Ok((state, version, over)) } else { Err(Problem::NotFound) }
}

/// A person whom the viewer may see, with the unit and what he may do there.
pub(super) fn visible_person(
    tx: &mut Tx,
    viewer: &Viewer,
    id: PersonId,
    any: &[Permission],
) -> Result<(PersonState, u64, PermissionSet), Problem> {
    let found = tx.first("SELECT state, version FROM person WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let (json, version) = found.ok_or(Problem::NotFound)?;
    let state: PersonState =
        serde_json::from_str(&json).map_err(|e| Problem::Fault(format!("person {id}: {e}")))?;
    let over = viewer.permissions_over(tx, state.unit)?;
    if !any.iter().any(|p| over.has(p)) {
        return Err(Problem::NotFound);
    }
    Ok((state, u64::try_from(version).unwrap_or(0), over))
}

/// An account that the viewer has to do with.
pub(super) fn visible_account(
    tx: &mut Tx,
    viewer: &Viewer,
    id: ActorId,
) -> Result<(AccountState, u64, PermissionSet), Problem> {
    let (state, version) = access::account_state(tx, id)?.ok_or(Problem::NotFound)?;
    let over = viewer.permissions_over(tx, state.home)?;
    if super::ACCOUNTS.iter().any(|p| over.has(p)) {
        Ok((state, version, over))
    } else {
        Err(Problem::NotFound)
    }
}

/// The scope of several permissions together, as one condition.
pub(super) fn any_scope(
    viewer: &Viewer,
    permissions: &[Permission],
    column: &'static str,
) -> (String, Vec<Param<'static>>) {
    let mut roots = Vec::new();
    for permission in permissions {
        match viewer.scope(permission) {
            Scope::Everything => return Scope::Everything.condition(column, 1),
            Scope::Units(more) => roots.extend(more),
        }
    }
    roots.sort_unstable();
    roots.dedup();
    Scope::Units(roots).condition(column, 1)
}

/// Open units where the viewer has the permission, by code.
pub(super) fn units_with(
    tx: &mut Tx,
    viewer: &Viewer,
    permission: Permission,
) -> Result<Vec<UnitBrief>, Problem> {
    let scope = viewer.scope(permission).condition("u.id", 1);
    let rows = organisation::units_listed(tx, &scope, &organisation::UnitFilter::default(), UNITS)?;
    Ok(rows.into_iter().map(|row| row.brief).collect())
}

/// As choices, with the kind beside the name.
pub(super) fn unit_choices(visit: &Visit, units: &[UnitBrief]) -> Vec<Choice> {
    let lang = visit.lang();
    units
        .iter()
        .map(|unit| {
            let kind = web::names::unit_kind(lang, unit.kind);
            Choice::new(unit.id.to_string(), format!("{} · {kind} · {}", unit.name, unit.code))
        })
        .collect()
}

/// The name of a unit, or nothing.
pub(super) fn unit_name(tx: &mut Tx, id: UnitId) -> Result<String, Problem> {
    Ok(unit_brief(tx, id)?.map(|unit| unit.name).unwrap_or_default())
}

/// The name of a person.
pub(super) fn person_name(
    tx: &mut Tx,
    visit_vault: &journal::Vault,
    id: PersonId,
) -> Result<String, Problem> {
    let mut names = organisation::person_names(tx, visit_vault, &[id])?;
    Ok(names.remove(&id).unwrap_or_default())
}

/// Asks one command of one stream as it was seen, and lets everybody be read afresh afterwards.
pub(super) async fn ask<S: Subject>(
    visit: &Visit,
    command_id: CommandId,
    id: impl Into<StreamId>,
    seen: Option<u64>,
    command: S::Command,
) -> Result<bool, Problem> {
    let work = UnitOfWork::new(visit.actor(), command_id);
    let work = match seen {
        Some(version) => work.ask_seen::<S>(id, version, command),
        None => work.ask::<S>(id, command),
    };
    let outcome = visit.desk.handle.execute(WorkLane::Interactive, work).await?;
    visit.desk.sessions.bump();
    Ok(outcome.events > 0)
}

/// The same for an account.
pub(super) async fn ask_account(
    visit: &Visit,
    command_id: CommandId,
    id: ActorId,
    command: access::AccountCommand,
) -> Result<bool, Problem> {
    ask::<Account>(visit, command_id, id, None, command).await
}

/// Why somebody who is signed in may not try again for a while. A lock that is new is in the audit trail, as after
/// signing in in vain.
pub(super) async fn locked(visit: &Visit, until: Timestamp, newly: Option<ActorId>) -> Problem {
    if let Some(account) = newly {
        web::record(&visit.desk, account, access::AccountCommand::RecordLocked).await;
    }
    Refusal::new("sign-in-locked").with("until", Say(visit.lang()).time(until)).into()
}

/// True for what belongs back on the form.
pub(super) const fn is_for_the_form(problem: &Problem) -> bool {
    matches!(problem, Problem::Refused(_) | Problem::Invalid(_) | Problem::Stale(_))
}

/// Sets the cookie of a session.
pub(super) fn set_session(response: &mut Response, token: &str, tls: bool, max_age: Option<i64>) {
    let secure = if tls { "; Secure" } else { "" };
    let age = max_age.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", web::SESSION_COOKIE);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Work that hashes: not on the threads that serve pages.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::Fault(e.to_string()))?
}

/// A QR code as SVG.
pub(super) fn qr(text: &str) -> Result<String, Problem> {
    web::qr(text, 240)
}
