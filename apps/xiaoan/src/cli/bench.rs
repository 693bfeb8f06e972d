//! `xiaoan bench`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;

use super::{say, say_error};
use crate::bench::{self, Plan};

/// Measure the figures of the quality bar.
#[derive(Debug, clap::Args)]
pub(super) struct BenchArgs {
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Where to make the data
    #[arg(long, value_name = "DIR", default_value = "xiaoan-bench")]
    data: PathBuf,
    /// Schools
    #[arg(long, default_value_t = 300)]
    schools: usize,
    /// Hazards
    #[arg(long, default_value_t = 1_000_000)]
    hazards: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// A PostgreSQL server instead of the embedded database
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Repeats itself
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the data for another run
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(args: &BenchArgs) -> Result<ExitCode> {
    bench::own_directory(&args.data)?;
    let plan = Plan {
        data: args.data.clone(),
        schools: args.schools.max(1),
        hazards: args.hazards,
        postgres: args.postgres.clone(),
        seconds: args.seconds.max(1),
        seed: args.seed,
    };
    let mut report = bench::run(&plan, &|line| say_error(line))?;
    report.machine = bench::machine();
    report.database = if plan.postgres.is_some() { "PostgreSQL" } else { "SQLite" }.to_owned();
    if args.json {
        say(&serde_json::to_string(&report)?);
    } else {
        say(&report.table());
    }
    if !args.keep {
        std::fs::remove_dir_all(&args.data)?;
    }
    Ok(ExitCode::SUCCESS)
}
