//! `xiaoan init`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use access::{Account, AccountCommand, Role, issue_printed_code};
use anyhow::{Result, anyhow, bail};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, IdSource, PersonId, Problem, SystemClock, UnitId};
use language::Lang;
use organisation::{
    Attributes, Contact, Line, NewUnit, Person, PersonCommand, Placement, Post, Unit, UnitCommand, UnitKind,
};

use rules::PlaceLevel;
use storage::{Database, Lane, Location};

use super::{Ended, SettingsArgs, demo::removed, folder, say};
use crate::{
    platform::{Founding, Opening, Platform},
    private, settings,
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
    /// Where to write the commented settings file, xiaoan.toml unless said; an existing one is left alone. With
    /// --settings nothing is written: those are the settings
    #[arg(long, value_name = "FILE", conflicts_with = "settings")]
    write_settings: Option<PathBuf>,
}

impl InitArgs {
    /// Where the settings of the new platform lie, or are to lie.
    fn file(&self) -> &Path {
        let written = self.write_settings.as_deref().unwrap_or(Path::new("xiaoan.toml"));
        self.settings.settings.as_deref().unwrap_or(written)
    }
}

pub(super) fn run(args: &InitArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    if settings.data.join("xiaoan.db").exists() {
        return Err(already(&settings));
    }
    checked(args)?;
    alone(&settings, args)?;
    let mut before = Before::look(&settings);
    // Before anything is founded: afterwards the slips are all that matters, and they are shown once.
    before.written = written(&settings, args)?;
    let slips = match found(&settings, args) {
        Ok(slips) => slips,
        Err(NotFounded::Refused(problem)) => {
            before.restore(&settings)?;
            return Err(Ended::wrong_usage(refused(&problem)));
        }
        Err(NotFounded::Failed(error)) => {
            before.restore(&settings)?;
            return Err(error);
        }
    };
    if args.admin_in_office {
        say(
            "warning: system administration and the safety office lie in one hand; the audit log stays apart",
        );
    }
    if let Some(file) = &before.written {
        say(&format!("settings: {}", file.display()));
    }
    say(&format!("data:     {}", settings.data.display()));
    say(&format!("key file: {} (keep a copy elsewhere)", settings.key_path().display()));
    for (login, password) in slips {
        say(&format!("login {login}  first password {password}"));
    }
    say(&format!("next: {}", next(args, &settings)));
    Ok(ExitCode::SUCCESS)
}

fn already(settings: &Settings) -> anyhow::Error {
    anyhow!("{} already holds a platform; nothing was changed", settings.data.display())
}

/// Why there is no platform.
enum NotFounded {
    /// By what was given.
    Refused(Problem),
    /// By the machine.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for NotFounded {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// In words, in both languages, with the argument to mend.
fn refused(problem: &Problem) -> String {
    let sentences = crate::router::sentences();
    let fields = match problem {
        Problem::Refused(refusal) => refusal.fields.as_slice(),
        _ => &[],
    };
    let argument = fields.iter().find_map(|field| match *field {
        "login" => Some("--admin, --security, --audit: "),
        "code" => Some("--county: "),
        "name" => Some("--name: "),
        _ => None,
    });
    let said = |lang: Lang| format!("{}{}", argument.unwrap_or_default(), sentences.problem(lang, problem));
    format!(
        "{} / {}; nothing was founded and nothing is left of the attempt: mend it and call `xiaoan init` again",
        said(Lang::En),
        said(Lang::ZhCn)
    )
}

/// Refuses a folder in which something else lies.
fn alone(settings: &Settings, args: &InitArgs) -> Result<()> {
    let key = settings.key_path();
    let known = [Some(key.as_path()), Some(args.file())];
    let named = |name: &str| known.iter().flatten().any(|path| *path == settings.data.join(name));
    let is_own = |name: &str| folder::OWN.contains(&name) || named(name);
    folder::nothing_else(&settings.data, is_own, "a platform takes a folder that is new or empty")
}

/// The commented settings, unless there are some; where they lie.
fn written(settings: &Settings, args: &InitArgs) -> Result<Option<PathBuf>> {
    let file = args.file();
    if file.exists() {
        return Ok(None);
    }
    if file.parent() == Some(&settings.data) && !settings.data.exists() {
        private::folder(&settings.data)?;
    }
    let data = toml::Value::String(settings.data.display().to_string());
    let text = settings::COMMENTED.replace("data = \"xiaoan-data\"", &format!("data = {data}"));
    match fs::write(file, text) {
        Ok(()) => Ok(Some(file.to_owned())),
        Err(error) => Err(Ended::wrong_usage(format!(
            "--write-settings {}: the settings cannot be written there: {error}; nothing was founded",
            file.display()
        ))),
    }
}

/// What was there before anything was made.
struct Before {
    folder: bool,
    key: bool,
    /// The settings file, if it was written now.
    written: Option<PathBuf>,
}

impl Before {
    fn look(settings: &Settings) -> Self {
        Self { folder: settings.data.exists(), key: settings.key_path().exists(), written: None }
    }

    /// Takes away what a founding made that did not come to its end. In PostgreSQL the empty tables stay, and their
    /// key with them: the next `init` goes on from there.
    fn restore(&self, settings: &Settings) -> Result<()> {
        if let Some(file) = &self.written {
            removed(file, |path| fs::remove_file(path))?;
        }
        let Location::Sqlite(database) = settings.location() else { return Ok(()) };
        // Another `init` that was quicker makes its platform there: nothing of it is ours.
        match Database::new(settings.location())?.lease() {
            Ok(lease) => drop(lease),
            Err(_) => return Ok(()),
        }
        for made in ["db", "db-wal", "db-shm", "lock"] {
            removed(&database.with_extension(made), |path| fs::remove_file(path))?;
        }
        // Only what is empty: files that lay there before are not ours.
        for folder in ["files/incoming", "files", "exports"] {
            let _ = fs::remove_dir(settings.data.join(folder));
        }
        if !self.key {
            removed(&settings.key_path(), |path| fs::remove_file(path))?;
        }
        if !self.folder {
            let _ = fs::remove_dir(&settings.data);
        }
        Ok(())
    }
}

/// The platform, its county and its three accounts: all of them or none.
fn found(settings: &Settings, args: &InitArgs) -> std::result::Result<Vec<(String, String)>, NotFounded> {
    let opening = Opening {
        clock: Arc::new(SystemClock),
        ids: Arc::new(IdSource::from_os()),
        found: Some(Founding::Real),
    };
    let platform = Platform::open(settings, opening)?;
    let holds = platform.readers.read_blocking(Lane::Interactive, journal::recorded_last);
    if holds.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?.is_some() {
        return Err(already(settings).into());
    }
    let work = UnitOfWork::new(Actor::SYSTEM, platform.ids.new_id(&*platform.clock));
    let (work, county) = county(work, &platform, args)?;
    let mut admin = vec![Role::SystemAdministrator];
    if args.admin_in_office {
        admin.push(Role::CountySafetyOffice);
    }
    let logins = [
        (args.admin.as_str(), admin),
        (args.security.as_str(), vec![Role::SecurityAdministrator]),
        (args.audit.as_str(), vec![Role::AuditAdministrator]),
    ];
    let (mut work, mut accounts) = (work, Vec::new());
    for (login, roles) in &logins {
        let account: ActorId = platform.ids.new_id(&*platform.clock);
        work = first_account(work, &platform, county, (account, login, roles));
        accounts.push(account);
    }
    let passwords = Arc::new(Mutex::new(Vec::new()));
    let (vault, ids, now, kept) = (
        Arc::clone(&platform.vault),
        Arc::clone(&platform.ids),
        platform.clock.now(),
        Arc::clone(&passwords),
    );
    // In the same transaction: an account without a first password could never be entered.
    let work = work.housekeeping(move |tx| {
        let issue = |account: &ActorId| issue_printed_code(tx, &vault, &ids, *account, now);
        let issued: Vec<String> = accounts.iter().map(issue).collect::<Result<_, _>>()?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = issued;
        Ok(())
    });
    match platform.handle.execute_blocking(WorkLane::Interactive, work) {
        Ok(_) => {}
        Err(problem @ Problem::Fault(_)) => return Err(anyhow!("{problem}").into()),
        Err(problem) => return Err(NotFounded::Refused(problem)),
    }
    let passwords = std::mem::take(&mut *passwords.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(logins.iter().map(|(login, _)| (*login).to_owned()).zip(passwords).collect())
}

/// How to serve what was founded here: plainly only when that finds these settings, and they name this folder.
fn next(args: &InitArgs, settings: &Settings) -> String {
    let file = args.file();
    let found = file == Path::new("xiaoan.toml");
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
    let logins = [("--admin", &args.admin), ("--security", &args.security), ("--audit", &args.audit)];
    let sentences = crate::router::sentences();
    for (argument, login) in logins {
        if let Err(refusal) = access::check_login(login) {
            let said = |lang: Lang| sentences.refusal(lang, &refusal);
            let said = format!("{argument} {login}: {} / {}", said(Lang::En), said(Lang::ZhCn));
            return Err(Ended::wrong_usage(said));
        }
    }
    // A login is one however it is written.
    let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
    if same(&args.audit, &args.admin) || same(&args.audit, &args.security) {
        return Err(Ended::wrong_usage(
            "the audit administrator may hold nothing else: give --audit a login of its own",
        ));
    }
    if same(&args.admin, &args.security) {
        return Err(Ended::wrong_usage(
            "one hand may not administer the system and its security: give --security a login of its own \
             (--admin-in-office lets the system administrator hold the safety office)",
        ));
    }
    if args.county.len() != 6 || !args.county.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Ended::wrong_usage("--county takes six digits"));
    }
    known_county(&args.county)
}

/// A code that no county has would be the code of the platform's own unit for ever.
fn known_county(code: &str) -> Result<()> {
    let book = crate::platform::embedded_rules()?;
    let counties = || book.places().iter().filter(|place| place.level == PlaceLevel::County);
    if counties().next().is_none() || counties().any(|place| *place.code == *code) {
        return Ok(());
    }
    let known: Vec<String> = counties().map(|place| format!("{} {}", place.code, place.name.zh)).collect();
    Err(Ended::wrong_usage(format!(
        "--county {code}: the reference data know no such county; they know {}",
        known.join(", ")
    )))
}

/// Province, city and county, by the county's code.
fn county(work: UnitOfWork, platform: &Platform, args: &InitArgs) -> Result<(UnitOfWork, UnitId)> {
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
    let (mut work, mut parent) = (work, None::<UnitId>);
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
        work = work.ask::<Unit>(id, UnitCommand::Create(created));
        parent = Some(id);
    }
    Ok((work, parent.unwrap_or(UnitId::NIL)))
}

/// A person, an account, its roles.
fn first_account(
    work: UnitOfWork,
    platform: &Platform,
    county: UnitId,
    (account, login, roles): (ActorId, &str, &[Role]),
) -> UnitOfWork {
    let person: PersonId = platform.ids.new_id(&*platform.clock);
    let contact = Contact { name: login.to_owned(), ..Contact::default() };
    let enter = PersonCommand::Enter { unit: county, contact, posts: vec![Post::Administrator] };
    let open = AccountCommand::Open { person, login: login.to_owned(), home: county };
    let work = work.ask::<Person>(person, enter).ask::<Account>(account, open);
    roles.iter().fold(work, |work, role| {
        work.ask::<Account>(account, AccountCommand::Grant { role: *role, unit: county })
    })
}
