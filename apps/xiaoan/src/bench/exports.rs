//! A whole list as a spreadsheet, written in the background as somebody would ask for it.

use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use exports::{Asked, Format, Stage, ask, one};
use hazard::HazardExport;
use kernel::{Clock, SystemClock};
use language::Lang;
use storage::Lane;
use uuid::Uuid;

use super::{Figure, Report, county::County, resident};
use crate::platform::{Platform, export_runner};

/// Closed hazards: with a million of all, as many as a sheet holds.
const FILTER: &str = r#"{"stage":"ended"}"#;

pub(super) fn measure(
    platform: &Platform,
    county: &County,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let id: Uuid = platform.ids.new_id(&*platform.clock);
    let account = county.office;
    let (kind, filter, format) = (HazardExport::KIND, FILTER.to_owned(), Format::Xlsx);
    let asked = Asked { id, account, kind, filter, format, lang: Lang::ZhCn };
    let now = SystemClock.now();
    let taken =
        access::operate(&platform.handle, move |tx| ask(tx, &asked, now)).map_err(|e| anyhow!("{e}"))?;
    ensure!(taken, "the export was not taken");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let before = resident::fresh_peak();
    let started = Instant::now();
    runtime.block_on(export_runner(platform).round()).map_err(|e| anyhow!("{e}"))?;
    let seconds = started.elapsed().as_secs_f64();
    let peak = resident::peak_mb();
    let job = platform
        .readers
        .read_blocking(Lane::Interactive, move |tx| one(tx, account, id))
        .map_err(|e| anyhow!("{e}"))??
        .ok_or_else(|| anyhow!("the export is gone"))?;
    ensure!(job.stage == Stage::Done, "the export failed: {}", job.code);
    let name = format!("whole xlsx of {} rows", job.done);
    report.add(Figure::new(name, seconds, "s").floor(60.0, false));
    if before {
        report.add(Figure::new("  peak memory (RSS) meanwhile", peak, "MB").floor(300.0, false));
    }
    say(&format!("xlsx: {} rows in {seconds:.1} s, peak {peak:.0} MB", job.done));
    Ok(())
}
