//! What was asked, in the table `export_job`: working data, gone after a week.

use kernel::{ActorId, Timestamp, limits};
use language::Lang;
use storage::{Row, StorageError, Tx, params};
use uuid::Uuid;

use crate::Format;

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody began it yet.
    Waiting,
    /// It is being written.
    Running,
    /// Its file can be fetched.
    Done,
    /// Its code says why.
    Failed,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Failed];

    /// The name kept in the table; its text is the message `export-stage-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// It will change by itself.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// What somebody asks.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub account: ActorId,
    /// The list.
    pub kind: &'static str,
    /// Which rows.
    pub filter: String,
    /// The kind of file.
    pub format: Format,
    /// The language of the file.
    pub lang: Lang,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub account: ActorId,
    /// The list.
    pub kind: String,
    /// Which rows.
    pub filter: String,
    /// The kind of file.
    pub format: Format,
    /// The language of the file.
    pub lang: Lang,
    /// How far it has come.
    pub stage: Stage,
    /// Why it failed; empty otherwise.
    pub code: String,
    /// The name of its file, from the moment it is begun.
    pub file: String,
    /// How often it was begun.
    pub tries: u32,
    /// Rows written.
    pub done: u64,
    /// Rows there are.
    pub total: u64,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When it goes.
    pub expires_at: Timestamp,
    /// What its account could see when the file was finished: [`access::Viewer::rights`]; empty until then.
    pub rights: String,
}

const COLUMNS: &str = "id, account_id, kind, filter, format, lang, stage, code, file, tries, done, total, asked_at, \
    started_at, finished_at, expires_at, rights";

fn job(row: &Row<'_>) -> Result<Job, StorageError> {
    let (format, lang, stage) = (row.text(4)?, row.text(5)?, row.text(6)?);
    let unknown = |what: &str| StorageError::Other(format!("export {what} is unknown"));
    let number = |column| row.int(column).map(|n| u64::try_from(n).unwrap_or(0));
    Ok(Job {
        id: row.id(0)?,
        account: row.id(1)?,
        kind: row.text(2)?,
        filter: row.text(3)?,
        format: Format::named(&format).ok_or_else(|| unknown(&format))?,
        lang: Lang::parse(&lang).unwrap_or_default(),
        stage: Stage::ALL.into_iter().find(|s| s.name() == stage).ok_or_else(|| unknown(&stage))?,
        code: row.text(7)?,
        file: row.text(8)?,
        tries: u32::try_from(row.int(9)?).unwrap_or(u32::MAX),
        done: number(10)?,
        total: number(11)?,
        asked_at: row.time(12)?,
        started_at: row.opt_time(13)?,
        finished_at: row.opt_time(14)?,
        expires_at: row.time(15)?,
        rights: row.text(16)?,
    })
}

/// The jobs of an account, newest first.
///
/// # Errors
/// Whatever the database answers.
pub fn jobs(tx: &mut Tx, account: ActorId) -> Result<Vec<Job>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM export_job WHERE account_id = ?1 ORDER BY asked_at DESC, id DESC LIMIT ?2"
    );
    tx.query(&sql, params![account, limits::EXPORT_JOBS], job)
}

/// One job of an account.
///
/// # Errors
/// Whatever the database answers.
pub fn one(tx: &mut Tx, account: ActorId, id: Uuid) -> Result<Option<Job>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM export_job WHERE id = ?1 AND account_id = ?2");
    tx.first(&sql, params![id, account], job)
}

/// Puts a job into the queue; false when the account has as many as it may. Asking twice asks once.
///
/// # Errors
/// Whatever the database answers.
pub fn ask(tx: &mut Tx, asked: &Asked, now: Timestamp) -> Result<bool, StorageError> {
    if one(tx, asked.account, asked.id)?.is_some() {
        return Ok(true);
    }
    if jobs(tx, asked.account)?.len() >= limits::EXPORT_JOBS {
        return Ok(false);
    }
    tx.write(
        "INSERT INTO export_job (id, account_id, kind, filter, format, lang, stage, code, file, tries, done, total,
            asked_at, started_at, finished_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', '', '', 0, 0, 0, ?7, NULL, NULL, ?8)",
        params![
            asked.id,
            asked.account,
            asked.kind,
            &asked.filter,
            asked.format.name(),
            asked.lang.tag(),
            now,
            now.plus_ms(limits::EXPORT_KEPT_MS)
        ],
    )?;
    Ok(true)
}

/// Forgets a job of an account and says what its file was called.
///
/// # Errors
/// Whatever the database answers.
pub fn remove(tx: &mut Tx, account: ActorId, id: Uuid) -> Result<Option<String>, StorageError> {
    let Some(job) = one(tx, account, id)? else { return Ok(None) };
    forget(tx, id)?;
    Ok(Some(job.file))
}

pub(crate) fn forget(tx: &mut Tx, id: Uuid) -> Result<(), StorageError> {
    tx.write("DELETE FROM export_job WHERE id = ?1", params![id])
}

/// Begins the job that has waited longest.
pub(crate) fn claim(tx: &mut Tx, file: &str, now: Timestamp) -> Result<Option<Job>, StorageError> {
    let sql =
        format!("SELECT {COLUMNS} FROM export_job WHERE stage = 'waiting' ORDER BY asked_at, id LIMIT 1");
    let Some(mut next) = tx.first(&sql, &[], job)? else { return Ok(None) };
    next.stage = Stage::Running;
    next.tries = next.tries.saturating_add(1);
    next.started_at = Some(now);
    file.clone_into(&mut next.file);
    (next.done, next.total) = (0, 0);
    keep(tx, &next)?;
    Ok(Some(next))
}

/// Writes what changed; nothing happens to a job that was removed.
pub(crate) fn keep(tx: &mut Tx, job: &Job) -> Result<bool, StorageError> {
    let changed = tx.execute(
        "UPDATE export_job SET stage = ?2, code = ?3, file = ?4, tries = ?5, done = ?6, total = ?7, started_at = ?8,
            finished_at = ?9, expires_at = ?10, rights = ?11 WHERE id = ?1",
        params![
            job.id,
            job.stage.name(),
            &job.code,
            &job.file,
            job.tries,
            job.done,
            job.total,
            job.started_at,
            job.finished_at,
            job.expires_at,
            &job.rights
        ],
    )?;
    Ok(changed > 0)
}

/// Takes a finished file back, for the reason that `code` says.
pub(crate) fn withdraw(
    tx: &mut Tx,
    account: ActorId,
    id: Uuid,
    code: &'static str,
) -> Result<(), StorageError> {
    let Some(done) = one(tx, account, id)?.filter(|job| job.stage == Stage::Done) else { return Ok(()) };
    keep(tx, &Job { stage: Stage::Failed, code: code.to_owned(), file: String::new(), ..done }).map(|_| ())
}

/// Jobs that stand like this.
pub(crate) fn standing(tx: &mut Tx, stage: Stage) -> Result<Vec<Job>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM export_job WHERE stage = ?1 ORDER BY asked_at, id");
    tx.query(&sql, params![stage.name()], job)
}

/// Jobs whose time is over, or whose account may do nothing any more.
pub(crate) fn over(tx: &mut Tx, now: Timestamp) -> Result<Vec<Job>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM export_job WHERE expires_at <= ?1
            OR account_id IN (SELECT id FROM account WHERE suspended = TRUE) ORDER BY asked_at, id"
    );
    tx.query(&sql, params![now], job)
}
