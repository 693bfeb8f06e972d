//! Commands per second, durable.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use hazard::{GradeAs, Hazard, HazardCommand, Level, Photo, PlanDraft};
use journal::{Handle, UnitOfWork, WorkLane};
use kernel::{Actor, Clock, IdSource, StreamId, SystemClock, Timestamp, limits};
use rand::{SeedableRng, rngs::ChaCha12Rng};
use storage::{Database, Location, Tx, params};

use super::{
    Figure, Latencies, Plan, Report,
    county::{County, School, registration},
};
use crate::platform::Platform;

/// People at work at the same time.
const CLIENTS: usize = 64;

/// Grades as general. The category is one whose chapter of the guide holds no questions, or none is asked.
pub(super) fn grade() -> HazardCommand {
    HazardCommand::Grade(GradeAs { level: Level::General, answers: Vec::new(), reason: String::new() })
}

/// Runs clients until the time is up; each works on streams of its own and waits until every act is on the disk.
pub(super) fn lifecycle(
    platform: &Platform,
    county: &County,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let phases = platform.handle.phases();
    let before = snapshot(phases);
    let started = Instant::now();
    let mut latencies = crowd(platform, county, plan, Duration::from_secs(plan.seconds))?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = latencies.count() as f64 / seconds;
    let (floor, aim) = if plan.postgres.is_some() { (1_000.0, 3_000.0) } else { (5_000.0, 10_000.0) };
    report.add(
        Figure::new("hazard life-cycle commands, 8 kinds, durable", rate, "1/s").floor(floor, true).aim(aim),
    );
    let p99 = latencies.at(99);
    report.add(Figure::new("  p99", p99, "ms").floor(20.0, false));
    let after = snapshot(phases);
    let per = |now: u64, then: u64| (now - then) as f64 / latencies.count().max(1) as f64;
    report.add(Figure::new("  deciding, per command", per(after.1, before.1), "us"));
    report.add(Figure::new("  writing, per command", per(after.2, before.2), "us"));
    report.add(Figure::new("  committing, per command", per(after.3, before.3), "us"));
    report.add(Figure::new("  commands in one commit", 1.0 / per(after.0, before.0).max(1e-9), ""));
    say(&format!("{rate:.0} commands/s, p99 {p99:.1} ms"));
    Ok(())
}

type Snapshot = (u64, u64, u64, u64);

fn snapshot(phases: &journal::Phases) -> Snapshot {
    let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    (read(&phases.batches), read(&phases.decide_us), read(&phases.write_us), read(&phases.commit_us))
}

pub(super) fn crowd(platform: &Platform, county: &County, plan: &Plan, time: Duration) -> Result<Latencies> {
    let end = Instant::now() + time;
    let next = AtomicUsize::new(0);
    let mut all = Latencies::default();
    let results: Vec<Result<Latencies>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let next = &next;
                scope.spawn(move || {
                    let mut rng = ChaCha12Rng::seed_from_u64(plan.seed + number as u64);
                    let mut latencies = Latencies::default();
                    while Instant::now() < end {
                        let at = next.fetch_add(1, Ordering::Relaxed) % county.schools.len().max(1);
                        if let Some(school) = county.schools.get(at) {
                            one_life(&platform.handle, &platform.ids, school, &mut rng, &mut latencies)?;
                        }
                    }
                    Ok(latencies)
                })
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap_or_else(|_| Err(anyhow!("a client panicked")))).collect()
    });
    for result in results {
        all.join(result?);
    }
    Ok(all)
}

/// Eight acts, each of another kind.
fn one_life(
    handle: &Handle,
    ids: &IdSource,
    school: &School,
    rng: &mut ChaCha12Rng,
    latencies: &mut Latencies,
) -> Result<()> {
    let id = StreamId(ids.uuid(SystemClock.now()));
    let officer = Actor::person(school.officer);
    let head = Actor::person(school.head);
    let mut new = registration(school.unit, rng, false);
    // A category whose guide asks nothing, so that the life goes the same way every time.
    new.category = "H09".to_owned();
    let draft = PlanDraft {
        responsible: Some(school.officer_person),
        responsibility: "总务主任牵头，安全专干负责".to_owned(),
        funds: "从学校公用经费列支".to_owned(),
        funds_cents: Some(12_000),
        measures: "更换损坏部件并复测".to_owned(),
        due: Some(SystemClock.now().plus_ms(3 * Timestamp::DAY_MS)),
        contingency: "整改前围挡并安排值守".to_owned(),
    };
    let note = |words: &str| hazard::Note { note: words.to_owned(), photos: vec![Photo("c".repeat(64))] };
    let acts = [
        (officer, HazardCommand::Register(Box::new(new))),
        (officer, grade()),
        (head, HazardCommand::Assign { responsible: school.officer_person, note: note("") }),
        (officer, HazardCommand::TakeOn(draft)),
        (officer, HazardCommand::Progress(note("配件已到"))),
        (
            officer,
            HazardCommand::Rectify { note: note("已更换"), spent_cents: Some(9_900), reused: Vec::new() },
        ),
        (head, HazardCommand::Accept { on_site: true, note: note("") }),
        (head, HazardCommand::Close(note(""))),
    ];
    for (actor, act) in acts {
        let work = UnitOfWork::new(actor, ids.uuid(SystemClock.now()).into()).ask::<Hazard>(id, act);
        let started = Instant::now();
        handle.execute_blocking(WorkLane::Interactive, work).map_err(|e| anyhow!("refused: {e:?}"))?;
        latencies.note(started);
    }
    Ok(())
}

/// Bare inserts of about the same bytes: first in a loop, what SQLite and the disk give at best; then handed over by
/// as many clients as the writer has, each waiting until its row is on the disk, which is what a command can be
/// compared with.
pub(super) fn bare(data: &Path, seconds: u64, report: &mut Report) -> Result<()> {
    let time = Duration::from_secs(seconds.min(5));
    let looped = in_bare_table(data, |tx| looped(tx, time))?;
    let handed = in_bare_table(data, |tx| handed_over(tx, time))?;
    report.add(Figure::new("bare inserts in a loop, 64 to a commit", looped, "1/s"));
    report.add(Figure::new("bare inserts handed over by 64 clients, durable", handed, "1/s"));
    let commands = report.figures.iter().find(|f| f.what.starts_with("hazard life-cycle")).map(|f| f.value);
    if let Some(commands) = commands {
        let share = Figure::new("  life-cycle commands as a share of the latter", commands / handed, "");
        report.add(share.floor(0.15, true).aim(0.3));
    }
    Ok(())
}

/// Inserts a second into a table of its own, in a file of its own that is removed afterwards.
fn in_bare_table(data: &Path, insert: impl FnOnce(&mut Tx) -> Result<(i64, Duration)>) -> Result<f64> {
    let path = data.join("bare.db");
    let mut tx = Database::new(Location::Sqlite(path.clone()))?.writer()?;
    tx.batch(
        "CREATE TABLE bare (a INTEGER PRIMARY KEY, b BLOB NOT NULL, c TEXT NOT NULL, d TEXT NOT NULL) STRICT",
    )?;
    let (rows, took) = insert(&mut tx)?;
    drop(tx);
    for end in ["", "-wal", "-shm"] {
        // Left behind if the system will not; the whole directory is the bench's own.
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    Ok(rows as f64 / took.as_secs_f64())
}

fn insert_bare(tx: &mut Tx, row: i64) -> Result<()> {
    let (blob, text) = ([7_u8; 200], "x".repeat(300));
    tx.write("INSERT INTO bare (a, b, c, d) VALUES (?1, ?2, ?3, ?3)", params![row, &blob, &text])?;
    Ok(())
}

fn looped(tx: &mut Tx, time: Duration) -> Result<(i64, Duration)> {
    let started = Instant::now();
    let mut rows = 0;
    while started.elapsed() < time {
        tx.begin()?;
        for _ in 0..CLIENTS {
            rows += 1;
            insert_bare(tx, rows)?;
        }
        tx.commit()?;
    }
    Ok((rows, started.elapsed()))
}

fn handed_over(tx: &mut Tx, time: Duration) -> Result<(i64, Duration)> {
    let (sender, waiting) = std::sync::mpsc::channel::<std::sync::mpsc::Sender<()>>();
    let started = Instant::now();
    let mut rows = 0;
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let sender = sender.clone();
            scope.spawn(move || {
                while started.elapsed() < time {
                    let (answer, answered) = std::sync::mpsc::channel();
                    // The writer below ends only when all of these have.
                    if sender.send(answer).is_err() || answered.recv().is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        while let Ok(first) = waiting.recv() {
            let batch: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
            tx.begin()?;
            for _ in &batch {
                rows += 1;
                insert_bare(tx, rows)?;
            }
            tx.commit()?;
            for answer in batch {
                // A client whose time is up still takes its answer.
                let _ = answer.send(());
            }
        }
        anyhow::Ok(())
    })?;
    Ok((rows, started.elapsed()))
}

/// One person's acts while an import runs in the bulk lane.
pub(super) fn during_bulk(
    platform: &Platform,
    county: &County,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let (handle, ids) = (platform.handle.clone(), Arc::clone(&platform.ids));
    let schools = county.schools.clone();
    let stopped = Arc::clone(&stop);
    let seed = plan.seed;
    let importer = std::thread::spawn(move || -> Result<usize> {
        let mut rng = ChaCha12Rng::seed_from_u64(seed + 77);
        let (mut count, mut last) = (0, None);
        while !stopped.load(Ordering::Relaxed) {
            let Some(school) = schools.get(count % schools.len().max(1)) else { break };
            let id = StreamId(ids.uuid(SystemClock.now()));
            let new = registration(school.unit, &mut rng, true);
            let work = UnitOfWork::new(Actor::person(school.officer), ids.uuid(SystemClock.now()).into())
                .ask::<Hazard>(id, HazardCommand::Register(Box::new(new)));
            last = Some(handle.send(WorkLane::Bulk, work).map_err(|e| anyhow!("{e:?}"))?);
            count += 1;
        }
        if let Some(last) = last {
            last.blocking_recv()?.map_err(|e| anyhow!("{e:?}"))?;
        }
        Ok(count)
    });
    let mut latencies = Latencies::default();
    let mut rng = ChaCha12Rng::seed_from_u64(plan.seed + 78);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(plan.seconds.min(10)) {
        for school in county.schools.iter().take(4) {
            one_life(&platform.handle, &platform.ids, school, &mut rng, &mut latencies)?;
        }
    }
    stop.store(true, Ordering::Relaxed);
    let imported = importer.join().map_err(|_| anyhow!("the importer panicked"))??;
    let p99 = latencies.at(99);
    report.add(
        Figure::new("interactive command during a bulk import, p99", p99, "ms").floor(50.0, false).aim(20.0),
    );
    report.add(Figure::new("  imported meanwhile", imported as f64 / started.elapsed().as_secs_f64(), "1/s"));
    say(&format!("during bulk: p99 {p99:.1} ms, {imported} imported"));
    Ok(())
}

/// How long everybody waits while the largest file that is imported all at once is written: it is one commit, which
/// the slices of the bulk lane do not divide.
pub(super) fn file_at_once(
    platform: &Platform,
    county: &County,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let Some(school) = county.schools.first() else { return Ok(()) };
    let mut rng = ChaCha12Rng::seed_from_u64(plan.seed + 79);
    let work = UnitOfWork::new(Actor::person(school.officer), platform.ids.uuid(SystemClock.now()).into());
    let file = (0..limits::INTAKE_COMMANDS_AT_ONCE).fold(work, |work, _| {
        let id = StreamId(platform.ids.uuid(SystemClock.now()));
        work.ask::<Hazard>(id, HazardCommand::Register(Box::new(registration(school.unit, &mut rng, true))))
    });
    let started = Instant::now();
    platform.handle.execute_blocking(WorkLane::Bulk, file).map_err(|e| anyhow!("refused: {e:?}"))?;
    let took = started.elapsed().as_secs_f64();
    report.add(Figure::new("a file imported all at once, 2,000 commands in one commit", took, "s"));
    say(&format!("a file at once: {took:.2} s"));
    Ok(())
}
