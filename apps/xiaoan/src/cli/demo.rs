//! `xiaoan demo`: a demonstration county, made once and served.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use access::totp_code;
use anyhow::{Context as _, Result, anyhow, bail};
use journal::Identity;
use kernel::{Clock, Date, IdSource, SystemClock};
use serde_json::json;
use storage::Database;

use super::{Ended, folder, say, serve::serving};
use crate::{
    demonstration::{self, DemoAccount},
    platform::{Founding, Opening, Platform},
    serve::cannot_listen,
    settings::Settings,
    tls::{self, OwnAuthority},
};

/// Make a demonstration county and serve it.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// The data directory; an existing one is used as it is
    #[arg(long, value_name = "DIR", default_value = "xiaoan-demo")]
    data: PathBuf,
    /// `HOST:PORT` to listen on
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The same seed and date make the same county
    #[arg(long, default_value_t = 530_323)]
    seed: u64,
    /// The last day of its history, not after today; today when absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Listen beyond this machine although everybody knows the passwords
    #[arg(long)]
    let_others_in: bool,
    /// Serve https with a certificate of its own, which a phone must be told to trust; shows QR codes
    #[arg(long)]
    https: bool,
    /// Make it and stop, without serving
    #[arg(long)]
    only_load: bool,
    /// Percent of the full county's history
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100))]
    scale: u32,
}

/// Show the present code of an authenticator key.
#[derive(Debug, clap::Args)]
pub(super) struct CodeArgs {
    /// The key in base32, as `demo` prints it
    secret: String,
}

pub(super) fn code(args: &CodeArgs) -> Result<ExitCode> {
    let code = totp_code(&args.secret, SystemClock.now()).map_err(|_| {
        anyhow!("this is no authenticator key: it takes at least 26 letters A to Z and digits 2 to 7, as `xiaoan demo` prints it")
    })?;
    say(&code);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run(args: &DemoArgs) -> Result<ExitCode> {
    if let Some(as_of) = args.as_of {
        possible(as_of, SystemClock.now().local_date())?;
    }
    nothing_else(&args.data)?;
    let mut settings =
        Settings { data: args.data.clone(), listen: args.listen.clone(), ..Settings::default() };
    settings.check_listen()?;
    if !args.let_others_in {
        settings.check_demonstration()?;
    }
    if !args.only_load {
        // Two minutes of making a county are no time to learn that another program has the port.
        drop(TcpListener::bind(&args.listen).map_err(|error| cannot_listen(&args.listen, &error))?);
    }
    let fresh = !args.data.join("accounts.json").exists();
    if fresh && args.data.join("xiaoan.db").exists() {
        clear_away(&settings)?;
    }
    let accounts = if fresh { make(args, &settings)? } else { demonstration::accounts(&args.data)? };
    if args.only_load {
        return Ok(ExitCode::SUCCESS);
    }
    let url = reached_at(args)?;
    let own = args.https.then(|| own_authority(args, &url)).transpose()?;
    settings.public_url = Some(url.clone());
    settings.tls = own.as_ref().map(|own| own.files.clone());
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::from_os()), found: None };
    let platform = Platform::open(&settings, opening)?;
    if !platform.handle.identity().demonstration {
        return Err(for_real(&args.data));
    }
    let codes = own.map(|own| for_phones(&url, &own)).transpose()?.unwrap_or_default();
    serving(&platform, &settings, || {
        codes.iter().for_each(|line| say(line));
        announce(&url, &accounts);
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The first day that a history may end on: a year before it, the oldest rules of the county were in force.
const FIRST_DAY: Date = jiff::civil::date(2021, 1, 1);

/// A day as it is typed.
fn day(typed: &str) -> std::result::Result<Date, String> {
    typed.parse().map_err(|_| "there is no such day; write one as 2026-03-31: year, month, day".to_owned())
}

/// A history ends neither after today nor before there were rules for it.
fn possible(as_of: Date, today: Date) -> Result<()> {
    if (FIRST_DAY..=today).contains(&as_of) {
        return Ok(());
    }
    Err(Ended::wrong_usage(format!(
        "--as-of {as_of}: the history of a demonstration may end on any day from {FIRST_DAY} to today, {today}"
    )))
}

/// Refuses a folder with other people's things in it, before anything is made among them.
fn nothing_else(data: &Path) -> Result<()> {
    // A list of accounts without its platform is no demonstration either.
    let is_own = |name: &str| folder::OWN.contains(&name) || name == "https";
    let takes = "a demonstration takes a folder that is new or empty, or one it made before";
    folder::nothing_else(data, is_own, takes)
}

fn for_real(data: &Path) -> anyhow::Error {
    anyhow!("{} holds a platform for real work; use `xiaoan serve`", data.display())
}

/// A demonstration whose making was interrupted goes, with its key; nothing else ever does.
fn clear_away(settings: &Settings) -> Result<()> {
    let data = &settings.data;
    let database = Database::new(settings.location())?;
    let lease = database.lease()?;
    let identity = database.reader().ok().and_then(|mut tx| Identity::load(&mut tx).ok().flatten());
    match identity.map(|identity| identity.demonstration) {
        Some(true) => {}
        Some(false) => return Err(for_real(data)),
        None => bail!(
            "{} holds data that are no finished demonstration; look at what it is, or choose another --data",
            data.display()
        ),
    }
    say(&format!("the demonstration in {} was never finished: it is made again", data.display()));
    drop((lease, database));
    for name in ["xiaoan.db", "xiaoan.db-wal", "xiaoan.db-shm", "xiaoan.lock"] {
        removed(&data.join(name), |path| fs::remove_file(path))?;
    }
    for name in ["files", "exports"] {
        removed(&data.join(name), |path| fs::remove_dir_all(path))?;
    }
    removed(&settings.key_path(), |path| fs::remove_file(path))
}

/// Takes something away that need not be there.
pub(super) fn removed(path: &Path, take: impl FnOnce(&Path) -> io::Result<()>) -> Result<()> {
    match take(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be taken away", path.display()))
        }
        _ => Ok(()),
    }
}

/// The address to tell people: this machine's own one when it listens on all.
fn reached_at(args: &DemoArgs) -> Result<String> {
    let Some((host, port)) = args.listen.rsplit_once(':') else {
        bail!("--listen needs HOST:PORT, not {}", args.listen);
    };
    let scheme = if args.https { "https" } else { "http" };
    let host = match (host, tls::own_address()) {
        ("0.0.0.0" | "[::]", Some(own)) => own.to_string(),
        _ => host.to_owned(),
    };
    Ok(format!("{scheme}://{host}:{port}"))
}

fn own_authority(args: &DemoArgs, url: &str) -> Result<OwnAuthority> {
    let host = url.trim_start_matches("https://").rsplit_once(':').map_or("localhost", |(host, _)| host);
    let host = host.trim_matches(['[', ']']);
    let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !hosts.iter().any(|known| known == host) {
        hosts.push(host.to_owned());
    }
    OwnAuthority::in_directory(&args.data.join("https"), &hosts, SystemClock.now().local_date())
}

/// What a phone needs: the authority's certificate, then the address.
fn for_phones(url: &str, own: &OwnAuthority) -> Result<Vec<String>> {
    let mut lines = vec![format!(
        "手机须先信任演示证书 / a phone must trust this certificate first: {}",
        own.authority.display()
    )];
    if url.starts_with("https://localhost") || url.starts_with("https://127.") {
        lines.push(
            "手机访问请加 --listen 0.0.0.0:8443 --let-others-in / for phones add these two options"
                .to_owned(),
        );
        return Ok(lines);
    }
    let authority = format!("{url}{}", tls::AUTHORITY_PATH);
    lines.push(format!("证书 / certificate: {authority}"));
    lines.push(tls::qr(&authority)?);
    lines.push(format!("平台 / platform: {url}"));
    lines.push(tls::qr(url)?);
    Ok(lines)
}

fn make(args: &DemoArgs, settings: &Settings) -> Result<Vec<DemoAccount>> {
    let as_of = args.as_of.unwrap_or_else(|| SystemClock.now().local_date());
    say(&format!("making the demonstration county in {} ...", args.data.display()));
    let opening = Opening {
        clock: Arc::new(SystemClock),
        ids: Arc::new(IdSource::seeded(args.seed)),
        found: Some(Founding::Demonstration),
    };
    let platform = Platform::open(settings, opening)?;
    demonstration::make(&platform, args.seed, as_of, args.scale, &args.data)
}

/// For people first, then one line for scripts.
fn announce(url: &str, accounts: &[DemoAccount]) {
    say("");
    say(&format!("校安演示平台 / demonstration: {url}"));
    for account in accounts {
        let code =
            account.totp_secret.as_deref().map(|s| format!("  authenticator key {s}")).unwrap_or_default();
        say(&format!("  {:<24} {:<20} {}{code}", account.role, account.login, account.password));
    }
    say("The present code of a key: xiaoan code KEY");
    say(&json!({ "url": url, "accounts": accounts }).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_finished_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data: folder.path().join("demo"), ..Settings::default() };
        let found = |kind: Founding| {
            let (clock, ids) = (Arc::new(SystemClock), Arc::new(IdSource::seeded(1)));
            drop(Platform::open(&settings, Opening { clock, ids, found: Some(kind) }).unwrap());
            fs::write(settings.data.join("mine.txt"), "mine").unwrap();
        };
        let database = settings.data.join("xiaoan.db");
        found(Founding::Demonstration);
        assert!(database.exists() && settings.key_path().exists());
        clear_away(&settings).unwrap();
        assert!(!database.exists() && !settings.key_path().exists());
        assert!(settings.data.join("mine.txt").exists());
        found(Founding::Real);
        let refused = clear_away(&settings).unwrap_err().to_string();
        assert!(refused.contains("real work"), "{refused}");
        assert!(database.exists() && settings.key_path().exists());
    }

    #[test]
    fn a_folder_with_other_things_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("photos");
        nothing_else(&data).unwrap();
        fs::create_dir(&data).unwrap();
        nothing_else(&data).unwrap();
        // What a founding left that was killed at once is its own.
        fs::write(data.join("xiaoan.lock"), "").unwrap();
        nothing_else(&data).unwrap();
        for name in ["a.jpg", "b.jpg", "c.jpg", "d.jpg"] {
            fs::write(data.join(name), "mine").unwrap();
        }
        let data = data.display().to_string();
        let refused = crate::cli::called(&["demo", "--only-load", "--data", &data]).unwrap_err();
        assert_eq!(refused.downcast_ref::<Ended>().unwrap().code, 2);
        let told = refused.to_string();
        assert!(
            told.contains("something else (a.jpg, b.jpg, c.jpg, ...)") && told.contains("--data"),
            "{told}"
        );
        let left: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!((left.len(), place.path().join("photos.key").exists()), (5, false), "{left:?}");
        let file = place.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(nothing_else(&file).unwrap_err().to_string().contains("is a file"));
        let accounts = place.path().join("accounts");
        fs::create_dir(&accounts).unwrap();
        fs::write(accounts.join("accounts.json"), "[]").unwrap();
        assert!(nothing_else(&accounts).is_err(), "there is no platform beside it");
    }

    #[test]
    fn a_history_ends_on_a_day_that_was() {
        let today = jiff::civil::date(2026, 11, 28);
        possible(today, today).unwrap();
        possible(FIRST_DAY, today).unwrap();
        for wrong in
            [today.tomorrow().unwrap(), FIRST_DAY.yesterday().unwrap(), jiff::civil::date(9999, 12, 30)]
        {
            let told = possible(wrong, today).unwrap_err().to_string();
            assert!(told.contains("from 2021-01-01 to today, 2026-11-28"), "{told}");
        }
        for typed in ["2026-02-30", "28.11.2026", "today", ""] {
            assert!(day(typed).unwrap_err().contains("2026-03-31"), "{typed}");
        }
        assert_eq!(day("2026-03-31").unwrap(), jiff::civil::date(2026, 3, 31));
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("demo").display().to_string();
        for wrong in ["1850-01-01", "2999-01-01"] {
            let words = ["demo", "--only-load", "--data", &data, "--as-of", wrong];
            let refused = crate::cli::called(&words).unwrap_err();
            assert_eq!(refused.downcast_ref::<Ended>().unwrap().code, 2, "{refused:#}");
        }
        assert!(!std::path::Path::new(&data).exists(), "nothing was made");
    }
}
