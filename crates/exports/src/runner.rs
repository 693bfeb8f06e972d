//! Writes what was asked, one file at a time, and clears away what nobody may have any more.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use access::Viewer;
use journal::Handle;
use kernel::{ActorId, Clock, IdSource, Problem, Steadiness, limits};
use storage::{Lane, Readers, Tx};

use crate::{
    Exporter, Exports, TableFile, Wanted,
    file::{gone, notes},
    job::{self, Job, Stage},
    operated,
};

/// The longest nap: files whose time is over fall due without anybody asking.
const NAP: Duration = Duration::from_secs(30);

/// The code of a job whose account has other rights by now: `problem-export-rights`.
pub(crate) const RIGHTS: &str = "export-rights";

/// What a runner is made of.
pub struct ExportParts {
    /// The way to ask the writer.
    pub handle: Handle,
    /// The way to read.
    pub readers: Readers,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether it may be believed: files are swept away by it.
    pub steadiness: Arc<Steadiness>,
    /// Names of files.
    pub ids: Arc<IdSource>,
    /// The lists, and where files lie.
    pub exports: Arc<Exports>,
}

/// Writes the files. Its rounds are called one after the other, never two at a time.
pub struct ExportRunner {
    parts: ExportParts,
    /// What an earlier process left behind was looked after.
    tidied: AtomicBool,
}

/// A file on its way.
struct Writing {
    exporter: Arc<dyn Exporter>,
    /// As he was when the file was begun.
    viewer: Viewer,
    after: Option<String>,
}

impl ExportRunner {
    /// Nothing looked at yet.
    pub const fn new(parts: ExportParts) -> Self {
        Self { parts, tidied: AtomicBool::new(false) }
    }

    /// Works until `shutdown` is ready; a file at hand is begun anew the next time.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            let more = tokio::select! {
                biased;
                () = &mut shutdown => {
                    if let Err(problem) = self.let_go().await {
                        tracing::warn!(%problem, "an export was interrupted");
                    }
                    return;
                }
                done = self.round() => done.unwrap_or_else(|problem| {
                    tracing::warn!(%problem, "exports are tried again");
                    // What was at hand is nobody's now.
                    self.tidied.store(false, Ordering::Relaxed);
                    false
                }),
            };
            if !more {
                tokio::select! {
                    () = &mut shutdown => return,
                    () = tokio::time::sleep(NAP) => {}
                    () = self.parts.exports.asked.notified() => {}
                }
            }
        }
    }

    /// Clears away, then writes the file that has waited longest; true when there was one.
    ///
    /// # Errors
    /// Whatever the database or the disk answers while clearing away; a file that cannot be written is no error but
    /// the state of its job.
    pub async fn round(&self) -> Result<bool, Problem> {
        if !self.tidied.load(Ordering::Relaxed) {
            self.tidy().await?;
            self.tidied.store(true, Ordering::Relaxed);
        }
        self.sweep().await?;
        let name = kernel::hex::write(self.parts.ids.bytes::<16>());
        let now = self.parts.clock.now();
        let claimed = operated(&self.parts.handle, move |tx| job::claim(tx, &name, now)).await?;
        let Some(mut job) = claimed else { return Ok(false) };
        let path = self.parts.exports.path(&job.file);
        let written = self.write(&mut job, &path).await;
        job.finished_at = Some(self.parts.clock.now());
        job.expires_at = self.parts.clock.now().plus_ms(limits::EXPORT_KEPT_MS);
        match written {
            Ok(()) => job.stage = Stage::Done,
            Err(problem) => {
                tracing::info!(%problem, id = %job.id, "an export failed");
                (job.stage, job.code) = (Stage::Failed, code(&problem).to_owned());
            }
        }
        let failed = job.stage == Stage::Failed;
        let there = operated(&self.parts.handle, move |tx| job::keep(tx, &job)).await?;
        if failed || !there {
            gone(&path)?;
        }
        Ok(true)
    }

    /// Writes the file of a job, part by part on the long lane.
    async fn write(&self, job: &mut Job, path: &Path) -> Result<(), Problem> {
        let exporter = self.parts.exports.exporter(&job.kind).ok_or(Problem::NotFound)?;
        let (account, kept) = (job.account, job.filter.clone());
        let now = job.started_at.unwrap_or(job.asked_at);
        let first = Arc::clone(&exporter);
        let (viewer, total) = self
            .read(move |tx| {
                let viewer = allowed(tx, account, &*first)?;
                let total = first.count(tx, &viewer, &kept, now, i64::MAX)?;
                Ok((viewer, u64::try_from(total).unwrap_or(0)))
            })
            .await?;
        job.format.holds(total)?;
        job.total = total;
        self.note(job).await?;
        make_folder(path)?;
        let (lang, demonstration) = (job.lang, self.parts.handle.identity().demonstration);
        let (title, heads) = (exporter.title(lang), exporter.heads(lang));
        let mut sheet = TableFile::create(path, job.format, &title, &heads, &notes(lang, demonstration))?;
        let mut writing = Writing { exporter, viewer, after: None };
        let mut noted = 0;
        loop {
            let rows;
            (sheet, writing, rows) = self.part(job, sheet, writing).await?;
            job.done += rows;
            if writing.after.is_none() {
                break;
            }
            if job.done - noted >= limits::EXPORT_PROGRESS_ROWS {
                noted = job.done;
                self.note(job).await?;
            }
        }
        job.rights = writing.viewer.rights();
        tokio::task::spawn_blocking(move || sheet.finish())
            .await
            .map_err(|e| Problem::Fault(e.to_string()))?
    }

    /// One part in one visit, with the rights as they are by then.
    async fn part(
        &self,
        job: &Job,
        mut sheet: TableFile,
        mut writing: Writing,
    ) -> Result<(TableFile, Writing, u64), Problem> {
        let (account, lang, filter) = (job.account, job.lang, job.filter.clone());
        let now = job.started_at.unwrap_or(job.asked_at);
        self.read(move |tx| {
            let viewer = allowed(tx, account, &*writing.exporter)?;
            if viewer.grants != writing.viewer.grants {
                // Half a file with one reach and half with another would say nothing true.
                return Err(Problem::Forbidden);
            }
            let after = writing.after.take();
            let most = limits::EXPORT_PAGE_ROWS;
            let wanted = Wanted { filter: &filter, lang, now, after: after.as_deref(), most };
            let part = writing.exporter.part(tx, &viewer, wanted)?;
            part.rows.iter().try_for_each(|row| sheet.row(row))?;
            writing.after = part.next;
            Ok((sheet, writing, u64::try_from(part.rows.len()).unwrap_or(0)))
        })
        .await
    }

    /// Writes down how far it is; a job that was removed meanwhile ends here.
    async fn note(&self, job: &Job) -> Result<(), Problem> {
        let job = job.clone();
        let there = operated(&self.parts.handle, move |tx| job::keep(tx, &job)).await?;
        if there { Ok(()) } else { Err(Problem::NotFound) }
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Tx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.parts.readers.read(Lane::Long, read).await?
    }

    /// What an earlier process was at is begun anew, or given up when that happened before; files that no job names
    /// go, and so does the promise of files that are not there: a backup brings jobs back, but no files.
    async fn tidy(&self) -> Result<(), Problem> {
        let (running, done) =
            self.read(|tx| Ok((job::standing(tx, Stage::Running)?, job::standing(tx, Stage::Done)?))).await?;
        let exports = &self.parts.exports;
        let (there, lost): (Vec<Job>, Vec<Job>) =
            done.into_iter().partition(|job| exports.path(&job.file).is_file());
        let known: HashSet<String> = there.into_iter().map(|job| job.file).collect();
        clear(&exports.folder, &known)?;
        let again = |job: Job| {
            if job.tries < limits::EXPORT_TRIES { waiting(job) } else { failed(job, "export-interrupted") }
        };
        let mut changed: Vec<Job> = running.into_iter().map(again).collect();
        changed.extend(lost.into_iter().map(|job| failed(job, "export-file-gone")));
        self.keep_all(changed).await
    }

    /// Puts the file at hand back: whoever stops the platform is not held up by it, and it counts as no try.
    async fn let_go(&self) -> Result<(), Problem> {
        let running = self.read(|tx| Ok(job::standing(tx, Stage::Running)?)).await?;
        for job in &running {
            gone(&self.parts.exports.path(&job.file))?;
        }
        let back = running.into_iter().map(|job| Job { tries: job.tries.saturating_sub(1), ..waiting(job) });
        self.keep_all(back.collect()).await
    }

    async fn keep_all(&self, jobs: Vec<Job>) -> Result<(), Problem> {
        if jobs.is_empty() {
            return Ok(());
        }
        let all = move |tx: &mut Tx| jobs.iter().try_for_each(|job| job::keep(tx, job).map(|_| ()));
        operated(&self.parts.handle, all).await
    }

    /// Files after their week, and all of an account that was suspended.
    async fn sweep(&self) -> Result<(), Problem> {
        let now = self.parts.clock.now();
        if !self.parts.steadiness.trusts(now) {
            return Ok(());
        }
        let over = self.read(move |tx| Ok(job::over(tx, now)?)).await?;
        if over.is_empty() {
            return Ok(());
        }
        // The file first: a row without its file can be swept again, a file without its row would stay.
        for job in over.iter().filter(|job| !job.file.is_empty()) {
            gone(&self.parts.exports.path(&job.file))?;
        }
        let all = move |tx: &mut Tx| over.iter().try_for_each(|job| job::forget(tx, job.id));
        operated(&self.parts.handle, all).await
    }
}

fn waiting(job: Job) -> Job {
    Job { stage: Stage::Waiting, file: String::new(), done: 0, total: 0, started_at: None, ..job }
}

fn failed(job: Job, code: &str) -> Job {
    Job { stage: Stage::Failed, code: code.to_owned(), file: String::new(), ..job }
}

/// Whoever asked, if he may still have the list.
fn allowed(tx: &mut Tx, account: ActorId, exporter: &dyn Exporter) -> Result<Viewer, Problem> {
    Viewer::load(tx, account)?.filter(|viewer| exporter.may(viewer)).ok_or(Problem::Forbidden)
}

/// What the page says about it: `problem-<code>`.
fn code(problem: &Problem) -> &str {
    match problem {
        Problem::Refused(refusal) => refusal.code,
        Problem::Forbidden => RIGHTS,
        Problem::NotFound | Problem::Invalid(_) | Problem::Stale(_) | Problem::Limit(_) => "export-failed",
        Problem::Fault(fault) => {
            tracing::error!(%fault, "an export ended in a fault");
            "export-failed"
        }
    }
}

fn make_folder(path: &Path) -> Result<(), Problem> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|e| Problem::Fault(format!("{}: {e}", folder.display())))
}

/// Removes every file whose name is not known.
fn clear(folder: &Path, known: &HashSet<String>) -> Result<(), Problem> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let strangers: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_str().is_some_and(|name| known.contains(name)))
        .map(|entry| entry.path())
        .collect();
    strangers.iter().try_for_each(|path| gone(path))
}
