//! The command line.

mod backup;
mod bench;
mod check;
mod demo;
mod doctor;
mod export;
pub(crate) mod faults;
mod folder;
pub(crate) mod import;
mod init;
mod ledger;
mod restored;
mod serve;
mod who;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// 校安: the county school-safety platform.
#[derive(Debug, Parser)]
#[command(name = "xiaoan", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a demonstration county and serve it
    Demo(demo::DemoArgs),
    /// Found an empty platform for real work
    Init(init::InitArgs),
    /// Serve a platform
    Serve(serve::ServeArgs),
    /// Import a register, guards or a ledger from a file
    Import(import::ImportArgs),
    /// Write hazards or units to a file
    Export(export::ExportArgs),
    /// Write records with what proves them, for whoever has no platform
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Copy a platform, also while it is running
    Backup(backup::BackupArgs),
    /// Put a backup back in a new data directory
    Restore(backup::RestoreArgs),
    /// Say that the database was put back by its own tools (pg_restore): opens a new epoch and ends every session
    Restored(restored::RestoredArgs),
    /// Check that the past adds up and the present follows from it
    Verify(check::VerifyArgs),
    /// Say how the platform itself is, and what to do
    Doctor(doctor::DoctorArgs),
    /// Check the rules
    #[command(subcommand)]
    Rules(check::RulesCommand),
    /// Write the generated diagrams
    Diagrams(check::DiagramArgs),
    /// Measure the figures of the quality bar
    Bench(bench::BenchArgs),
    /// Show the present code of an authenticator key (for demonstration accounts)
    Code(demo::CodeArgs),
}

/// Where the settings are.
#[derive(Clone, Debug, clap::Args)]
struct SettingsArgs {
    /// The settings file; `xiaoan.toml` in the working directory when it is there
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The data directory (overrides the settings)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl SettingsArgs {
    fn read(&self) -> anyhow::Result<crate::settings::Settings> {
        let mut settings = match &self.settings {
            Some(path) => crate::settings::Settings::read(path)?,
            None if std::path::Path::new("xiaoan.toml").exists() => {
                crate::settings::Settings::read(std::path::Path::new("xiaoan.toml"))?
            }
            None => crate::settings::Settings::default(),
        };
        if let Some(data) = &self.data {
            settings.data.clone_from(data);
        }
        Ok(settings)
    }
}

/// What was asked for cannot be.
const WRONG_USAGE: u8 = 2;

/// An end whose exit code says what kind it is.
#[derive(Debug)]
struct Ended {
    code: u8,
    said: String,
}

impl Ended {
    /// What was asked for cannot be, in words.
    fn wrong_usage(said: impl Into<String>) -> anyhow::Error {
        Self { code: WRONG_USAGE, said: said.into() }.into()
    }

    /// A check found problems, in words.
    fn found(said: impl Into<String>) -> anyhow::Error {
        Self { code: check::FOUND, said: said.into() }.into()
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Ended {}

/// Runs the command line. Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 a check found problems.
pub fn run() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,xiaoan=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match done(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            say_error(&format!("{error:#}"));
            error.downcast_ref::<Ended>().map_or(ExitCode::FAILURE, |ended| ExitCode::from(ended.code))
        }
    }
}

fn done(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Ledger(command) => ledger::run(&command),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Restored(args) => restored::run(&args),
        Command::Verify(args) => check::verify(&args),
        Command::Rules(command) => check::rules(&command),
        Command::Diagrams(args) => check::diagrams(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Code(args) => demo::code(&args),
    }
}

/// The same with these words instead of the process's.
#[cfg(test)]
pub(crate) fn called(words: &[&str]) -> anyhow::Result<ExitCode> {
    done(Cli::try_parse_from(std::iter::once(&"xiaoan").chain(words))?.command)
}

/// Something that is recorded on an empty platform.
#[cfg(test)]
pub(crate) fn enter_a_unit(platform: &crate::platform::Platform) {
    let unit = organisation::NewUnit {
        code: "530323".to_owned(),
        name: "师宗县教育体育局".to_owned(),
        kind: organisation::UnitKind::County,
        attributes: organisation::Attributes::default(),
        placements: Vec::new(),
        code_exception: None,
    };
    let work = journal::UnitOfWork::new(kernel::Actor::SYSTEM, kernel::CommandId::NIL)
        .ask::<organisation::Unit>(kernel::UnitId::NIL, organisation::UnitCommand::Create(unit));
    platform.handle.execute_blocking(journal::WorkLane::Interactive, work).unwrap();
}

/// To the person at the terminal.
#[expect(clippy::print_stdout, reason = "a command line talks to its terminal")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "a command line talks to its terminal")]
fn say_error(line: &str) {
    eprintln!("xiaoan: {line}");
}
