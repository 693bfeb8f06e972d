//! `xiaoan bench`: the figures of the quality bar, seeded, on the machine it runs on. The load generator runs on the
//! same machine, so every figure includes it.

mod client;
mod commands;
mod county;
mod crash;
mod exports;
mod http;
mod queries;
mod report;
mod resident;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result};
use kernel::{Clock, IdSource, SystemClock};

use crate::{
    platform::{Founding, Opening, Platform},
    settings::{Postgres, Settings},
};

pub(crate) use report::{Figure, Report};

/// What is measured, and on how much.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Where the data are made; removed afterwards unless they are kept.
    pub data: PathBuf,
    /// Schools.
    pub schools: usize,
    /// Hazards, each with at least three events.
    pub hazards: usize,
    /// A PostgreSQL server instead of the embedded database.
    pub postgres: Option<String>,
    /// Seconds of each measurement.
    pub seconds: u64,
    /// Repeats itself with the same seed.
    pub seed: u64,
}

/// Measures everything.
pub(crate) fn run(plan: &Plan, say: &dyn Fn(&str)) -> Result<Report> {
    let settings = settings(plan);
    let mut report = Report::default();
    let loaded = load(plan, &settings, &mut report, say)?;
    let opened = Instant::now();
    let platform = open(&settings, None, plan.seed + 1)?;
    report.add(Figure::new("start", opened.elapsed().as_secs_f64(), "s").floor(1.0, false).aim(0.3));
    commands::lifecycle(&platform, &loaded, plan, &mut report, say)?;
    if plan.postgres.is_none() {
        commands::bare(&plan.data, plan.seconds, &mut report)?;
    }
    commands::during_bulk(&platform, &loaded, plan, &mut report, say)?;
    commands::file_at_once(&platform, &loaded, plan, &mut report, say)?;
    queries::measure(&platform, &loaded, plan, &mut report, say)?;
    exports::measure(&platform, &loaded, &mut report, say)?;
    http::measure(&platform, &settings, &loaded, plan, &mut report, say)?;
    crash::measure(&platform, &settings, &loaded, plan, &mut report, say)?;
    Ok(report)
}

fn settings(plan: &Plan) -> Settings {
    Settings {
        data: plan.data.clone(),
        listen: "127.0.0.1:0".to_owned(),
        // The load of a county comes from a few accounts.
        posts_per_minute: u32::MAX,
        postgres: plan.postgres.clone().map(|url| Postgres { url, schema: "xiaoan_bench".to_owned() }),
        ..Settings::default()
    }
}

fn open(settings: &Settings, found: Option<Founding>, seed: u64) -> Result<Platform> {
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::seeded(seed)), found };
    Platform::open(settings, opening)
}

/// Makes the county, or takes the one that an earlier run kept.
fn load(plan: &Plan, settings: &Settings, report: &mut Report, say: &dyn Fn(&str)) -> Result<county::County> {
    let kept = plan.data.join("bench-county.json");
    if kept.exists() {
        return Ok(serde_json::from_str(&std::fs::read_to_string(&kept)?)?);
    }
    std::fs::create_dir_all(&plan.data)?;
    let started = Instant::now();
    let platform = open(settings, Some(Founding::Demonstration), plan.seed)?;
    let county = county::make(&platform, plan, say)?;
    let seconds = started.elapsed().as_secs_f64();
    let head = *platform.handle.heads().borrow();
    say(&format!("loaded {} hazards, {head} events in {seconds:.1} s", plan.hazards));
    report.add(Figure::new("load, events/s through journal and save", head as f64 / seconds, "1/s"));
    if plan.postgres.is_some() {
        // What the server's own housekeeping does within minutes of such a load.
        drop(platform);
        storage::Database::new(settings.location())?.writer()?.batch("VACUUM ANALYZE")?;
    }
    std::fs::write(&kept, serde_json::to_string(&county)?).context("the list of the bench county")?;
    Ok(county)
}

/// Sorted latencies in microseconds, and what they say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    pub(crate) fn note(&mut self, since: Instant) {
        self.0.push(u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX));
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds at a percentile.
    pub(crate) fn at(&mut self, percent: usize) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * percent / 100).copied().unwrap_or(0) as f64 / 1_000.0
    }
}

/// The machine, for the report.
pub(crate) fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{cores} cores, {model}, {}", SystemClock.now().local_date())
}

/// Where a bench may write: never into something that is not its own.
pub(crate) fn own_directory(data: &Path) -> Result<()> {
    if data.exists() && !data.join("bench-county.json").exists() && data.read_dir()?.next().is_some() {
        anyhow::bail!("{} holds something else; a bench makes its own directory", data.display());
    }
    Ok(())
}
