//! The demonstration: loads the county and opens the accounts that visitors use.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use access::{
    Account, AccountCommand, NewSession, Password, Role, SessionKind, SessionStage, SignInDesk, SignInParts,
    SignInSettings, Viewer, hash_password, open_session, operate, session, store_password, totp_code,
};
use administration::pages::NOTICE_VERSION;
use anyhow::{Context, Result, anyhow};
use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, CommandId, Date, IdSource, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use storage::Lane;

use crate::{
    demo::{self, AccountPlan, DemoPlan, Target},
    platform::Platform,
};

/// The password of every account shown: it must be typed on a phone.
const PASSWORD: &str = "Xiaoan-2026";

/// An account that visitors use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DemoAccount {
    /// Code of its role.
    pub role: String,
    /// Where it works.
    pub unit: String,
    /// Sign in with this.
    pub login: String,
    /// And this.
    pub password: String,
    /// And the code of this key, where the role needs one.
    pub totp_secret: Option<String>,
}

/// The accounts of a demonstration made before.
pub(crate) fn accounts(data: &Path) -> Result<Vec<DemoAccount>> {
    let text =
        fs::read_to_string(data.join("accounts.json")).context("accounts.json of the demonstration")?;
    Ok(serde_json::from_str(&text)?)
}

/// Makes the county. The list of accounts is written last: where it is, everything is.
pub(crate) fn make(
    platform: &Platform,
    seed: u64,
    as_of: Date,
    scale: u32,
    data: &Path,
) -> Result<Vec<DemoAccount>> {
    let started = platform.clock.now();
    let mut open = |plan: AccountPlan| open_account(&platform.handle, &platform.ids, &plan);
    let mut target = Target {
        handle: &platform.handle,
        rules: platform.rule_book(),
        store: &platform.store,
        open_account: &mut open,
    };
    let report =
        demo::load(&mut target, &DemoPlan { seed, as_of, scale }, &progress).map_err(|e| anyhow!("{e}"))?;
    remember_photos(platform)?;
    let hash = hash_password(&Password::new(PASSWORD), &platform.ids).map_err(|e| anyhow!("{e}"))?;
    let mut shown = Vec::new();
    for account in &report.shown {
        let (id, hash, now) = (account.account, hash.clone(), platform.clock.now());
        operate(&platform.handle, move |tx| store_password(tx, id, &hash, false, now))
            .map_err(|e| anyhow!("{e}"))?;
        agree(platform, id)?;
        let viewer = platform
            .readers
            .read_blocking(Lane::Interactive, move |tx| Viewer::load(tx, id))
            .map_err(|e| anyhow!("{e}"))??;
        let needs = viewer.as_ref().is_some_and(Viewer::needs_second_factor);
        let totp_secret =
            if needs { Some(enrol(platform, id, &account.login).map_err(|e| anyhow!("{e}"))?) } else { None };
        shown.push(DemoAccount {
            role: account.role.to_owned(),
            unit: account.unit_name.clone(),
            login: account.login.clone(),
            password: PASSWORD.to_owned(),
            totp_secret,
        });
    }
    let took = platform.clock.now().since_ms(started);
    tracing::info!(
        units = report.units,
        people = report.people,
        accounts = report.accounts,
        hazards = report.hazards,
        events = report.events,
        took_ms = took,
        stages = ?report.by_stage.iter().collect::<BTreeMap<_, _>>(),
        "the demonstration county is made"
    );
    fs::write(data.join("accounts.json"), serde_json::to_string_pretty(&shown)?)?;
    Ok(shown)
}

fn progress(what: &str, done: u64, of: u64) {
    if done == of || done.is_multiple_of(2_000) {
        tracing::info!(what, done, of, "making");
    }
}

/// Opens an account of the demonstration with its roles.
pub(crate) fn open_account(handle: &Handle, ids: &IdSource, plan: &AccountPlan) -> Result<ActorId, Problem> {
    let at = plan.at;
    let account = ActorId(ids.uuid(at));
    let command: CommandId = ids.uuid(at).into();
    let open = AccountCommand::Open { person: plan.person, login: plan.login.clone(), home: plan.unit };
    let mut work = UnitOfWork::new(Actor::SYSTEM, command).told_at(at).ask::<Account>(account, open);
    for (role, unit) in &plan.roles {
        let role = Role::named(role).ok_or_else(|| Problem::Fault(format!("no role {role}")))?;
        work = work.ask::<Account>(account, AccountCommand::Grant { role, unit: *unit });
    }
    handle.execute_blocking(WorkLane::Bulk, work)?;
    Ok(account)
}

/// Visitors are not asked to agree to the notice again and again: their accounts have agreed.
fn agree(platform: &Platform, account: ActorId) -> Result<()> {
    let command = AccountCommand::AgreeToNotice { version: NOTICE_VERSION };
    let id: CommandId = platform.ids.new_id(&*platform.clock);
    let work = UnitOfWork::new(Actor::person(account), id).ask::<Account>(account, command);
    platform.handle.execute_blocking(WorkLane::Interactive, work).map_err(|e| anyhow!("{e}"))?;
    Ok(())
}

/// Enrols a second factor the way a person does: a session that may only enrol, the key, a code from it.
fn enrol(platform: &Platform, account: ActorId, login: &str) -> Result<String, Problem> {
    let desk = SignInDesk::new(
        SignInParts {
            writer: Arc::new(platform.handle.clone()),
            vault: Arc::clone(&platform.vault),
            ids: Arc::clone(&platform.ids),
            clock: Arc::clone(&platform.clock),
        },
        SignInSettings::default(),
    );
    let new = NewSession {
        account,
        kind: SessionKind::Ordinary,
        stage: SessionStage::Enrol,
        second_factor: false,
        agent: "demonstration".to_owned(),
        address: String::new(),
    };
    let (ids, now) = (Arc::clone(&platform.ids), platform.clock.now());
    let opened = operate(&platform.handle, move |tx| {
        let token = open_session(tx, &ids, &new, now)?;
        session(tx, &token.digest())
    })?;
    let opened = opened.ok_or_else(|| Problem::Fault("the session just opened is gone".to_owned()))?;
    let enrolment = desk.begin_enrolment(&opened, login)?;
    // The step before the present one: a visitor's first code must not count as used.
    let earlier = now.plus_ms(-30 * Timestamp::SECOND_MS);
    desk.confirm_enrolment(&opened, &totp_code(&enrolment.secret, earlier)?)?;
    Ok(enrolment.secret)
}

/// The photos of the demonstration are stored by the generator; here their thumbnails are remembered.
fn remember_photos(platform: &Platform) -> Result<()> {
    let store = Arc::clone(&platform.store);
    let mut photos = Vec::new();
    for hash in store.list().map_err(|e| anyhow!("{e}"))? {
        let bytes = store.read(hash).map_err(|e| anyhow!("{e}"))?;
        let photo = store.put_photo(&bytes).map_err(|e| anyhow!("{e}"))?;
        photos.push(photo);
    }
    let now = platform.clock.now();
    operate(&platform.handle, move |tx| photos.iter().try_for_each(|p| attachments::remember(tx, p, now)))
        .map_err(|e| anyhow!("{e}"))
}
