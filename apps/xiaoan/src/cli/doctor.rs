//! `xiaoan doctor`

use std::process::ExitCode;

use administration::condition::{Survey, findings};
use anyhow::{Context, Result};
use journal::Identity;
use kernel::{Clock, SystemClock};
use language::Lang;
use storage::Database;
use web::view::Level;

use super::{SettingsArgs, check::FOUND, say, who};
use crate::survey::Looker;

/// Say how the platform itself is: data, disk, key, certificate, backups, and what to do. Reads only; may run beside
/// the server.
///
/// Exit codes: 0 nothing needs somebody, 1 something failed, 2 wrong usage, 3 something needs somebody.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Language: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = who::lang)]
    lang: Lang,
}

pub(super) fn run(args: &DoctorArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    settings.check_founded()?;
    let data = settings.data.clone();
    let mut tx =
        Database::new(settings.location())?.reader().with_context(|| format!("{}", data.display()))?;
    Identity::load(&mut tx)?.with_context(|| format!("{} holds no platform", data.display()))?;
    let lang = args.lang;
    let seen = Looker(settings).look(&mut tx).map_err(|problem| who::told(lang, &problem))?;
    say(&format!("xiaoan {}", seen.version));
    let found = findings(lang, &seen, SystemClock.now());
    for finding in &found {
        let mark = match finding.level {
            Level::Red => "!!",
            Level::Orange | Level::Yellow => "! ",
            Level::Blue | Level::Done | Level::Plain => "  ",
        };
        say(&format!("{mark} {}: {}", finding.what, language::plain(&finding.said)));
        if !finding.advice.is_empty() {
            say(&format!("     {}", finding.advice));
        }
    }
    let red = found.iter().any(|finding| finding.level == Level::Red);
    Ok(if red { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}
