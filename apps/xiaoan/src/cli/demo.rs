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

use super::{say, serve::serving};
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
    /// The last day of its history; today when absent
    #[arg(long, value_name = "DATE")]
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
    say(&totp_code(&args.secret, SystemClock.now()).map_err(|e| anyhow!("{e}"))?);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run(args: &DemoArgs) -> Result<ExitCode> {
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
fn removed(path: &Path, take: impl FnOnce(&Path) -> io::Result<()>) -> Result<()> {
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
}
