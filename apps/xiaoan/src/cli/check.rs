//! `xiaoan verify`, `xiaoan rules check`, `xiaoan diagrams`

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, RwLock},
};

use anyhow::{Context, Result, anyhow};
use attachments::Store;
use clap::Subcommand;
use journal::Vault;
use kernel::IdSource;
use storage::{Database, Tx};

use super::{SettingsArgs, say};
use crate::{keys, platform, settings::Settings};

/// A check found problems.
const FOUND: u8 = 3;

/// Check that the past adds up and the present follows from it.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// A head kept elsewhere (64 hexadecimal digits) that must be in the chain
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    /// Also make every derived row again and compare; the platform must be stopped
    #[arg(long)]
    derived: bool,
    /// Leave the photos unread
    #[arg(long)]
    no_files: bool,
}

pub(super) fn verify(args: &VerifyArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    let key = keys::read(&settings.key_path())?;
    let database = Database::new(settings.location())?;
    let mut tx = database.reader().with_context(|| format!("{}", settings.data.display()))?;
    let rules = Arc::new(RwLock::new(platform::embedded_rules()?));
    let builder = platform::builder(Arc::new(Vault::new(&key)), rules);
    tx.begin()?;
    let report = journal::verify(&mut tx, &builder, &|_| {})?;
    let head_known = match &args.head {
        Some(head) => Some(known(&mut tx, head)?),
        None => None,
    };
    say(&format!("{} events, {} records", report.events, report.records));
    say(&format!("head {}", hex(&report.head)));
    say(&format!("state {}", hex(&report.state_digest)));
    for epoch in &report.epochs {
        say(&format!(
            "restored on {} as epoch {}, after event {}",
            epoch.opened_at.local_date(),
            epoch.number,
            epoch.continues_position
        ));
    }
    for problem in &report.problems {
        say(&format!("PROBLEM {problem:?}"));
    }
    if head_known == Some(false) {
        say("PROBLEM the head kept elsewhere is not in this chain: the past was changed");
    }
    let mut sound = report.problem_count == 0 && head_known != Some(false);
    sound &= access_log(&mut tx)?;
    if !args.no_files {
        sound &= files(&mut tx, &settings)?;
    }
    drop(tx);
    if args.derived {
        sound &= derived(&database, &builder)?;
    }
    say(if sound { "everything adds up" } else { "NOT everything adds up" });
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// The chain of who read personal data.
fn access_log(tx: &mut Tx) -> Result<bool> {
    let report = access::verify_access_log(tx, None)?;
    say(&format!("{} reads of personal data, head {}", report.head.number, hex(&report.head.chain)));
    if let Some(number) = report.broken_at {
        say(&format!("PROBLEM the log of who read personal data breaks at number {number}"));
    }
    Ok(report.is_sound())
}

/// Every photo that was stored is there, and is what its name says.
fn files(tx: &mut Tx, settings: &Settings) -> Result<bool> {
    let store = Store::open(&settings.data).map_err(|e| anyhow!("{e}"))?;
    let names = attachments::remembered(tx)?;
    let mut sound = true;
    for name in &names {
        if let Err(error) = store.verify(*name) {
            sound = false;
            say(&format!("PROBLEM {error}"));
        }
    }
    say(&format!("{} photos and thumbnails", names.len()));
    Ok(sound)
}

/// Every derived row, made again in a transaction that is taken back.
fn derived(database: &Database, builder: &journal::EngineBuilder) -> Result<bool> {
    let _lease = database.lease().context("--derived needs the platform to be stopped")?;
    let mut tx = database.writer()?;
    tx.begin()?;
    let ids = IdSource::from_os();
    let wrong = journal::misderived(&mut tx, builder, &ids, platform::MIGRATIONS, &|_| {});
    tx.rollback()?;
    let wrong = wrong?;
    for table in &wrong {
        say(&format!(
            "PROBLEM the table {} holds {} rows that are not the {} the journal makes",
            table.table, table.found, table.made
        ));
    }
    say(if wrong.is_empty() { "every derived row follows from the journal" } else { "derived rows differ" });
    Ok(wrong.is_empty())
}

fn known(tx: &mut Tx, head: &str) -> Result<bool> {
    let bytes: Option<Vec<u8>> = (0..head.len() / 2)
        .map(|at| head.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let bytes = bytes.filter(|b| b.len() == 32).context("--head takes 64 hexadecimal digits")?;
    let sql = "SELECT count(*) FROM event WHERE local_chain = ?1";
    Ok(tx.count(sql, storage::params![&bytes])? > 0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// What can be done with the rules.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Load every pack and run every case
    Check,
}

pub(super) fn rules(command: &RulesCommand) -> Result<ExitCode> {
    match command {
        RulesCommand::Check => {
            let book = platform::embedded_rules()?;
            let report = book.run_cases();
            for failure in &report.failures {
                say(&format!("{failure:?}"));
            }
            say(&format!(
                "{}: {} cases agree, {} do not",
                book.stamp(),
                report.passed,
                report.failures.len()
            ));
            Ok(if report.all_passed() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
        }
    }
}

/// Write the generated diagrams.
#[derive(Debug, clap::Args)]
pub(super) struct DiagramArgs {
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn diagrams(args: &DiagramArgs) -> Result<ExitCode> {
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("hazard.md"), hazard::diagram_page())?;
    Ok(ExitCode::SUCCESS)
}
