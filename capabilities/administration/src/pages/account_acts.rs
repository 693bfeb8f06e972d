//! Acts on an account: grant, revoke, suspend, resume, clear the second factor, lift a lock.

use access::{Account, AccountCommand, Role, SuspendReason, clear_second_factor, unlock};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{ActorId, Problem, UnitId};
use language::Lang;
use serde::Deserialize;
use web::{Failed, Flash, FormData, Posted, see_other, see_other_saying};

use super::{
    account::{compose, href, see},
    common::is_for_the_form,
};
use crate::{texts, words};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AtQuery {
    at: String,
}

pub(super) async fn submit(
    Path((id, act)): Path<(ActorId, String)>,
    Query(query): Query<AtQuery>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(&["account.manage", "role.grant"])?;
    if act == "elsewhere" {
        let at = form.value("at").and_then(UnitId::parse);
        let at = at.map(|unit| format!("?at={}#grant", unit.0.simple())).unwrap_or_default();
        return Ok(see_other(&format!("{}{at}", href(id))));
    }
    let at = UnitId::parse(&query.at);
    let seen = see(&visit, id, at).await?;
    let lang = visit.lang();
    let done = async {
        let command = command(&act, &form, at.unwrap_or(seen.state.home))?;
        let said = said(lang, &command);
        let clears = matches!(command, AccountCommand::RecordSecondFactorCleared);
        let now = visit.now();
        let mut work = UnitOfWork::new(visit.actor(), command_id).ask::<Account>(id, command);
        if clears {
            // In the same transaction, after the event was accepted.
            work = work.housekeeping(move |tx| clear_second_factor(tx, id, now));
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await?;
        visit.desk.sessions.bump();
        Ok::<Flash, Problem>(said)
    };
    match done.await {
        Ok(flash) => Ok(see_other_saying(&href(id), &flash)),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            // A row's button has no form of its own to show the sentence in.
            let place = if act == "revoke" { "page" } else { act.as_str() };
            Ok(compose(&visit, &seen, place, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

/// A lock is lifted by whoever could give a new password: he need not, if the old one is still known.
pub(super) async fn lift(Path(id): Path<ActorId>, posted: Posted) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    visit.need_any(super::RESET)?;
    let seen = see(&visit, id, None).await?;
    let work = UnitOfWork::new(visit.actor(), command_id)
        .ask::<Account>(id, AccountCommand::RecordUnlocked)
        .housekeeping(move |tx| unlock(tx, id));
    match visit.desk.handle.execute(WorkLane::Interactive, work).await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::unlocked_done(visit.lang())))),
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, &seen, "unlock", state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

fn command(act: &str, form: &FormData, at: UnitId) -> Result<AccountCommand, Problem> {
    let roles: Vec<(&str, Role)> = Role::ALL.iter().map(|role| (role.name(), *role)).collect();
    let reasons = SuspendReason::ALL.map(|reason| (reason.name(), reason));
    let mut read = form.reader();
    let command = match act {
        "grant" => {
            read.choice("role", &roles).required().get().map(|role| AccountCommand::Grant { role, unit: at })
        }
        "revoke" => {
            let role = read.choice("role", &roles).required().get();
            let unit = read.id::<UnitId>("unit").required().get();
            role.zip(unit).map(|(role, unit)| AccountCommand::Revoke { role, unit })
        }
        "suspend" => {
            read.choice("reason", &reasons).required().get().map(|reason| AccountCommand::Suspend { reason })
        }
        "resume" => Some(AccountCommand::Resume),
        "clear-factor" => Some(AccountCommand::RecordSecondFactorCleared),
        _ => return Err(Problem::NotFound),
    };
    read.finish()?;
    command.ok_or_else(|| Problem::Invalid(Vec::new()))
}

fn said(lang: Lang, command: &AccountCommand) -> Flash {
    let role = |role: &Role| web::names::role(lang, role.name());
    Flash::done(match command {
        AccountCommand::Grant { role: given, .. } => texts::role_granted(lang, role(given)),
        AccountCommand::Revoke { role: taken, .. } => texts::role_revoked(lang, role(taken)),
        AccountCommand::Suspend { reason } => texts::suspended_done(lang, words::suspended(lang, *reason)),
        AccountCommand::Resume => texts::resumed_done(lang).to_owned(),
        AccountCommand::RecordSecondFactorCleared => texts::factor_cleared(lang).to_owned(),
        AccountCommand::Open { .. }
        | AccountCommand::Rehome { .. }
        | AccountCommand::RecordPasswordSet { .. }
        | AccountCommand::RecordSecondFactorSet
        | AccountCommand::RecordSecondFactorReplaced
        | AccountCommand::RecordLocked
        | AccountCommand::RecordUnlocked
        | AccountCommand::AgreeToNotice { .. } => String::new(),
    })
}
