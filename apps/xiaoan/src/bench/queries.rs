//! Lists, filters, searches and exports, as the pages read them.

use std::time::Instant;

use anyhow::{Result, anyhow};
use hazard::{
    Act, Level, StageCode,
    query::{HazardFilter, Reach, Sort, StageFilter, count, due_for, every, page},
};
use kernel::{UnitId, limits};
use storage::{Lane, StorageError};

use super::{
    Figure, Latencies, Plan, Report,
    county::{County, THINGS},
};
use crate::platform::Platform;

/// Slow queries that are named, to show where to look.
const SLOW_SHOWN: usize = 12;
/// Schools whose due list is read, and how often the county's.
const DUE_SCHOOLS: usize = 40;
/// How often the county's cockpit is read, and how many schools'.
const COCKPITS: usize = 40;
/// Mixed queries asked of each kind of viewer.
const ROUNDS: usize = 3;

pub(super) fn measure(
    platform: &Platform,
    county: &County,
    _: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let queries = queries(county);
    let now = platform.clock.now();
    let mut all = Latencies::default();
    let mut slow: Vec<(f64, String)> = Vec::new();
    for round in 0..ROUNDS {
        for (reach, filter) in &queries {
            let (reach, filter) = (reach.clone(), filter.clone());
            let named = format!("{filter:?} as {}", name(&reach));
            let started = Instant::now();
            platform
                .readers
                .read_blocking(Lane::Interactive, move |tx| {
                    let found = page(tx, &reach, &filter, now)?;
                    let total = count(tx, &reach, &filter, now)?;
                    Ok::<_, StorageError>((found.rows.len(), total))
                })
                .map_err(|e| anyhow!("{e}"))??;
            // The first round warms the pages of the file, as the first visitor of a morning does.
            if round > 0 {
                let took = started.elapsed().as_secs_f64() * 1_000.0;
                slow.push((took, named));
                all.note(started);
            }
        }
    }
    let p95 = all.at(95);
    report.add(
        Figure::new("list, filter, search: 200 mixed queries with counts, p95", p95, "ms")
            .floor(50.0, false)
            .aim(20.0),
    );
    report.add(Figure::new("  median", all.at(50), "ms"));
    slow.sort_by(|one, other| other.0.total_cmp(&one.0));
    report.add(Figure::new("  worst", slow.first().map_or(0.0, |slowest| slowest.0), "ms"));
    say(&format!("queries: p95 {p95:.1} ms"));
    for (took, named) in slow.iter().step_by(4).take(SLOW_SHOWN) {
        say(&format!("  {took:.1} ms: {named}"));
    }
    due(platform, county, report)?;
    cockpit(platform, county, report)?;
    export(platform, report, say)
}

/// 待办事项 as its page reads it: of the county's office and of schools.
fn due(platform: &Platform, county: &County, report: &mut Report) -> Result<()> {
    let acts = || Act::ALL.to_vec();
    let office = vec![(county.county, acts())];
    let schools = county.schools.iter().map(|school| vec![(school.unit, acts())]);
    let mut all = Latencies::default();
    let mut most = 0;
    for seats in schools.take(DUE_SCHOOLS).chain(std::iter::repeat_n(office, DUE_SCHOOLS)) {
        let started = Instant::now();
        let items = platform
            .readers
            .read_blocking(Lane::Interactive, move |tx| due_for(tx, &seats, None, limits::DUE_ITEMS + 1))
            .map_err(|e| anyhow!("{e}"))??;
        all.note(started);
        most = most.max(items.len());
    }
    let name = format!("due list of a school and of the county ({most} items), p95");
    report.add(Figure::new(name, all.at(95), "ms").floor(50.0, false));
    Ok(())
}

/// 综合看板 as its page reads and counts it: of the county's office and of schools' heads.
fn cockpit(platform: &Platform, county: &County, report: &mut Report) -> Result<()> {
    let now = platform.clock.now();
    let heads = county.schools.iter().map(|school| school.head).take(COCKPITS);
    let mut all = [Latencies::default(), Latencies::default()];
    for (of, account) in std::iter::repeat_n((0, county.office), COCKPITS).chain(heads.map(|head| (1, head)))
    {
        let rules = platform.rule_book();
        let started = Instant::now();
        platform
            .readers
            .read_blocking(Lane::Interactive, move |tx| {
                let viewer = access::Viewer::load(tx, account)?.ok_or(kernel::Problem::NotFound)?;
                cockpit::pages::counted(tx, &viewer, &rules, now)
            })
            .map_err(|e| anyhow!("{e}"))?
            .map_err(|e| anyhow!("{e}"))?;
        if let Some(latencies) = all.get_mut(of) {
            latencies.note(started);
        }
    }
    let [office, schools] = &mut all;
    report.add(Figure::new("cockpit of the county, p95", office.at(95), "ms").floor(50.0, false).aim(20.0));
    report.add(Figure::new("cockpit of a school, p95", schools.at(95), "ms").floor(50.0, false).aim(20.0));
    Ok(())
}

fn name(reach: &Reach) -> &'static str {
    match reach {
        Reach::Everything => "county",
        Reach::Units(units) if units.len() == 1 => "school",
        Reach::Units(_) => "central school",
        Reach::Below(_) => "township",
        Reach::Own(..) => "guard",
    }
}

/// Two hundred questions: by stage, level, category, words that occur and words that do not, as county, as a central
/// school of twelve, as one school.
fn queries(county: &County) -> Vec<(Reach, HazardFilter)> {
    let units: Vec<UnitId> = county.schools.iter().map(|s| s.unit).collect();
    let twelve: Vec<UnitId> = units.iter().copied().take(12).collect();
    let one: Vec<UnitId> = units.iter().copied().skip(40).take(1).collect();
    let reaches = [Reach::Everything, Reach::Units(twelve), Reach::Units(one)];
    let mut filters = Vec::new();
    let base = HazardFilter::default;
    for stage in [StageFilter::Open, StageFilter::Overdue, StageFilter::Closed, StageFilter::All] {
        for sort in [Sort::Newest, Sort::Due] {
            filters.push(HazardFilter { stage, sort, ..base() });
        }
        filters.push(HazardFilter { stage, level: Some(Level::Major), ..base() });
        filters.push(HazardFilter { stage, category: Some("H01".to_owned()), ..base() });
        filters.push(HazardFilter { stage, category: Some("H05".to_owned()), ..base() });
    }
    for stage in StageCode::ALL {
        filters.push(HazardFilter { stage: StageFilter::One(*stage), ..base() });
    }
    for words in THINGS.iter().chain(&[
        "灭火器",
        "楼梯",
        "2026-0001",
        "核反应堆",
        "不存在的词",
        "电梯故障",
        "宿舍",
        "x9",
    ]) {
        filters.push(HazardFilter { stage: StageFilter::All, query: (*words).to_owned(), ..base() });
        filters.push(HazardFilter { stage: StageFilter::Open, query: (*words).to_owned(), ..base() });
    }
    reaches.iter().flat_map(|reach| filters.iter().map(|f| (reach.clone(), f.clone()))).collect()
}

/// Every hazard, as an export reads them.
fn export(platform: &Platform, report: &mut Report, say: &dyn Fn(&str)) -> Result<()> {
    let now = platform.clock.now();
    let started = Instant::now();
    let first = std::sync::Arc::new(std::sync::OnceLock::new());
    let seen = std::sync::Arc::clone(&first);
    let rows = platform
        .readers
        .read_blocking(Lane::Long, move |tx| {
            let filter = HazardFilter { stage: StageFilter::All, ..HazardFilter::default() };
            every(tx, &Reach::Everything, &filter, now, |_, _| {
                seen.get_or_init(|| started.elapsed().as_secs_f64());
                Ok::<(), StorageError>(())
            })
        })
        .map_err(|e| anyhow!("{e}"))??;
    let whole = started.elapsed().as_secs_f64();
    let first = first.get().copied().unwrap_or(whole);
    report.add(Figure::new(format!("export of {rows} rows: first row"), first, "s").floor(1.0, false));
    report.add(Figure::new("  all rows", whole, "s").floor(60.0, false));
    say(&format!("export: {rows} rows in {whole:.1} s"));
    Ok(())
}
