//! `xiaoan demo`: a demonstration county, made once and served.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use access::totp_code;
use anyhow::{Result, anyhow, bail};
use kernel::{Clock, Date, IdSource, SystemClock};
use serde_json::json;

use super::{say, serve::serving};
use crate::{
    demonstration::{self, DemoAccount},
    platform::{Founding, Opening, Platform},
    settings::Settings,
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
    let settings = Settings {
        data: args.data.clone(),
        listen: args.listen.clone(),
        public_url: args.let_others_in.then(|| format!("https://{}", args.listen)),
        ..Settings::default()
    };
    if !settings.is_loopback() && !args.let_others_in {
        bail!(
            "a demonstration has passwords that everybody knows, so it listens on this machine only; \
             --let-others-in overrides that"
        );
    }
    let fresh = !args.data.join("accounts.json").exists();
    if fresh && args.data.join("xiaoan.db").exists() {
        bail!(
            "{} holds data that are no finished demonstration; remove it or choose another --data",
            args.data.display()
        );
    }
    let accounts = if fresh { make(args, &settings)? } else { demonstration::accounts(&args.data)? };
    if args.only_load {
        return Ok(ExitCode::SUCCESS);
    }
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::from_os()), found: None };
    let platform = Platform::open(&settings, opening)?;
    if !platform.handle.identity().demonstration {
        bail!("{} holds a platform for real work; use `xiaoan serve`", args.data.display());
    }
    let url = format!("http://{}", args.listen);
    serving(&platform, &settings, || announce(&url, &accounts))?;
    Ok(ExitCode::SUCCESS)
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
