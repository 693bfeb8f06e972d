//! `xiaoan verify`, `xiaoan rules check`, `xiaoan diagrams`

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, RwLock},
};

use anyhow::{Context, Result};
use clap::Subcommand;
use journal::Vault;
use storage::Database;

use super::{SettingsArgs, say};
use crate::{keys, platform};

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
    tx.rollback()?;
    say(&format!("{} events, {} records", report.events, report.records));
    say(&format!("head {}", hex(&report.head)));
    say(&format!("state {}", hex(&report.state_digest)));
    for problem in &report.problems {
        say(&format!("PROBLEM {problem:?}"));
    }
    if head_known == Some(false) {
        say("PROBLEM the head kept elsewhere is not in this chain: the past was changed");
    }
    let sound = report.problem_count == 0 && head_known != Some(false);
    say(if sound { "everything adds up" } else { "NOT everything adds up" });
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn known(tx: &mut storage::Tx, head: &str) -> Result<bool> {
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
