//! `xiaoan init`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use access::{Account, AccountCommand, Role, issue_printed_code, operate};
use anyhow::{Result, bail};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, IdSource, PersonId, SystemClock, Timestamp, UnitId};
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};

use super::{SettingsArgs, say};
use crate::{
    platform::{Founding, Opening, Platform},
    settings,
    settings::Settings,
};

/// Found an empty platform for real work.
#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Six-digit code of the county
    #[arg(long, default_value = "530323")]
    county: String,
    /// Name of the county's office
    #[arg(long, default_value = "师宗县教育体育局")]
    name: String,
    /// Login of the system administrator, who may also hold the safety office
    #[arg(long, default_value = "admin")]
    admin: String,
    /// Login of the security administrator
    #[arg(long, default_value = "security")]
    security: String,
    /// Login of the audit administrator, who holds nothing else
    #[arg(long, default_value = "audit")]
    audit: String,
    /// The system administrator also holds the county safety office (a warning is shown)
    #[arg(long)]
    admin_in_office: bool,
    /// Where to write the commented settings file; an existing one is left alone
    #[arg(long, value_name = "FILE", default_value = "xiaoan.toml")]
    write_settings: PathBuf,
}

pub(super) fn run(args: &InitArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    if settings.data.join("xiaoan.db").exists() {
        bail!("{} already holds a platform; nothing was changed", settings.data.display());
    }
    checked(args)?;
    let opening = Opening {
        clock: Arc::new(SystemClock),
        ids: Arc::new(IdSource::from_os()),
        found: Some(Founding::Real),
    };
    let platform = Platform::open(&settings, opening)?;
    let county = found_county(&platform, args)?;
    let mut admin = vec![Role::SystemAdministrator];
    if args.admin_in_office {
        admin.push(Role::CountySafetyOffice);
        say(
            "warning: system administration and the safety office lie in one hand; the audit log stays apart",
        );
    }
    let slips = [
        first_account(&platform, county, &args.admin, &admin)?,
        first_account(&platform, county, &args.security, &[Role::SecurityAdministrator])?,
        first_account(&platform, county, &args.audit, &[Role::AuditAdministrator])?,
    ];
    if !args.write_settings.exists() {
        let data = toml::Value::String(settings.data.display().to_string());
        let text = settings::COMMENTED.replace("data = \"xiaoan-data\"", &format!("data = {data}"));
        fs::write(&args.write_settings, text)?;
        say(&format!("settings: {}", args.write_settings.display()));
    }
    say(&format!("data:     {}", settings.data.display()));
    say(&format!("key file: {} (keep a copy elsewhere)", settings.key_path().display()));
    for (login, password) in slips {
        say(&format!("login {login}  first password {password}"));
    }
    say(&format!("next: {}", next(args, &settings)));
    Ok(ExitCode::SUCCESS)
}

/// How to serve what was founded here: plainly only when that finds these settings, and they name this folder.
fn next(args: &InitArgs, settings: &Settings) -> String {
    let file = &args.write_settings;
    let found = file.as_path() == Path::new("xiaoan.toml");
    let named = Settings::read(file).is_ok_and(|written| written.data == settings.data);
    match (found, named) {
        (true, true) => "xiaoan serve".to_owned(),
        (false, true) => format!("xiaoan serve --settings {}", file.display()),
        (_, false) => format!(
            "xiaoan serve --data {} ({} names another folder)",
            settings.data.display(),
            file.display()
        ),
    }
}

/// Refuses what would fail half-way, before anything is written.
fn checked(args: &InitArgs) -> Result<()> {
    if args.audit == args.admin || args.audit == args.security {
        bail!("the audit administrator may hold nothing else: give --audit a login of its own");
    }
    if args.admin == args.security {
        bail!(
            "one hand may not administer the system and its security: give --security a login of its own \
             (--admin-in-office lets the system administrator hold the safety office)"
        );
    }
    if args.county.len() != 6 || !args.county.bytes().all(|b| b.is_ascii_digit()) {
        bail!("--county takes six digits");
    }
    Ok(())
}

/// Province, city and county, by the county's code.
fn found_county(platform: &Platform, args: &InitArgs) -> Result<UnitId> {
    let places = platform.rule_book();
    let name = |code: &str| {
        places
            .places()
            .iter()
            .find(|p| *p.code == *code)
            .map_or_else(|| code.to_owned(), |p| p.name.zh.to_string())
    };
    let (Some(province), Some(city)) = (args.county.get(..2), args.county.get(..4)) else {
        bail!("--county takes six digits");
    };
    let today = platform.clock.now().local_date();
    let mut parent: Option<UnitId> = None;
    let tiers = [
        (province, name(&format!("{province}0000")), UnitKind::Province),
        (city, name(&format!("{city}00")), UnitKind::City),
        (args.county.as_str(), args.name.clone(), UnitKind::County),
    ];
    for (code, name, kind) in tiers {
        let id: UnitId = platform.ids.new_id(&*platform.clock);
        let placements = [Line::Management, Line::Territory]
            .into_iter()
            .filter_map(|line| parent.map(|parent| Placement { line, parent, from: today }))
            .collect();
        let created = NewUnit {
            code: code.to_owned(),
            name,
            kind,
            attributes: Attributes::default(),
            placements,
            code_exception: None,
        };
        ask(platform, |work| work.ask::<Unit>(id, UnitCommand::Create(created.clone())))?;
        parent = Some(id);
    }
    Ok(parent.unwrap_or(UnitId::NIL))
}

/// A person, an account, its roles, and a first password that must be changed.
fn first_account(
    platform: &Platform,
    county: UnitId,
    login: &str,
    roles: &[Role],
) -> Result<(String, String)> {
    let person: PersonId = platform.ids.new_id(&*platform.clock);
    let account: ActorId = platform.ids.new_id(&*platform.clock);
    ask(platform, |work| {
        let contact = Contact { name: login.to_owned(), ..Contact::default() };
        let enter = PersonCommand::Enter { unit: county, contact, posts: vec![Post::Administrator] };
        work.ask::<Person>(person, enter)
    })?;
    ask(platform, |work| {
        let open = AccountCommand::Open { person, login: login.to_owned(), home: county };
        work.ask::<Account>(account, open)
    })?;
    for role in roles {
        ask(platform, |work| {
            work.ask::<Account>(account, AccountCommand::Grant { role: *role, unit: county })
        })?;
    }
    let (vault, ids, now): (_, _, Timestamp) =
        (Arc::clone(&platform.vault), Arc::clone(&platform.ids), platform.clock.now());
    let password = operate(&platform.handle, move |tx| issue_printed_code(tx, &vault, &ids, account, now))
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok((login.to_owned(), password))
}

fn ask(platform: &Platform, fill: impl FnOnce(UnitOfWork) -> UnitOfWork) -> Result<()> {
    let work = UnitOfWork::new(Actor::SYSTEM, platform.ids.new_id(&*platform.clock));
    platform
        .handle
        .execute_blocking(WorkLane::Interactive, fill(work))
        .map(|_| ())
        .map_err(|problem| anyhow::anyhow!("{problem}"))
}
