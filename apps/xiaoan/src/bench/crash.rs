//! A start after the power went: what the disk held in the middle of the work is opened again.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use storage::{Lane, Location, Readers};

use super::{Figure, Plan, Report, commands, county::County, open};
use crate::{platform::Platform, settings::Settings};

/// Bytes of the log that nobody has copied into the database yet.
const LOG_BYTES: u64 = 64 << 20;
/// How long one stretch of work is, until the log is looked at again.
const STRETCH: Duration = Duration::from_millis(500);

/// Works until the log is long enough, takes the files as they stand, as a kill would leave them, and opens them.
pub(super) fn measure(
    platform: &Platform,
    settings: &Settings,
    county: &County,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let Location::Sqlite(database) = settings.location() else { return Ok(()) };
    let log = PathBuf::from(format!("{}-wal", database.display()));
    let seen = Snapshot::take(&platform.readers)?;
    let log_bytes = || fs::metadata(&log).map_or(0, |file| file.len());
    while log_bytes() < LOG_BYTES {
        commands::crowd(platform, county, plan, STRETCH)?;
    }
    let key_file = Some(settings.key_path());
    let copy = Settings { data: settings.data.join("crashed"), key_file, ..settings.clone() };
    copy_files(&settings.data, &copy.data).context("the files as a kill would leave them")?;
    let (megabytes, before) = (log_bytes() >> 20, *platform.handle.heads().borrow());
    drop(seen);
    let started = Instant::now();
    let opened = open(&copy, None, plan.seed + 2)?;
    let took = started.elapsed().as_secs_f64();
    let after = *opened.handle.heads().borrow();
    drop(opened);
    fs::remove_dir_all(&copy.data)?;
    if after != before {
        return Err(anyhow!("{before} events were written, and {after} were there after the kill"));
    }
    let what = format!("start after a kill with {megabytes} MB of log");
    say(&format!("{what}: {took:.2} s"));
    report.add(Figure::new(what, took, "s").floor(1.0, false).aim(0.3));
    Ok(())
}

/// A reader that keeps what it sees, so that the log cannot begin anew.
struct Snapshot {
    _keep: mpsc::Sender<()>,
}

impl Snapshot {
    fn take(readers: &Readers) -> Result<Self> {
        let (keep, kept) = mpsc::channel::<()>();
        let (ready, begun) = mpsc::channel();
        let readers = readers.clone();
        std::thread::spawn(move || {
            readers.read_blocking(Lane::Long, move |tx| {
                let read = tx.count("SELECT count(*) FROM unit", &[]);
                // Whoever waits learns it; then nothing is ever sent, and the end of the channel ends the visit.
                let _ = ready.send(read.is_ok());
                let _ = kept.recv();
            })
        });
        if begun.recv()? {
            Ok(Self { _keep: keep })
        } else {
            Err(anyhow!("no snapshot to hold the log with"))
        }
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        // The index of the log is made anew after a kill.
        let is_index = entry.file_name().to_string_lossy().ends_with("-shm");
        if entry.file_type()?.is_file() && !is_index {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
