//! A connection, and the transaction that runs on it.

use std::{any::Any, fmt::Debug, path::Path, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    Param, Question, Row, StorageError, Tally, memory::Memory, postgres::Postgres, sqlite::Sqlite,
    tally::Pending,
};

/// Which database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded SQLite.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Backend {
    fn write(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.execute(sql, params).map(|_| ()),
            Self::Postgres(postgres) => postgres.enqueue(sql, params),
        }
    }
}

/// A connection in (or about to begin) a transaction. Synchronous: it lives on one thread at a time.
pub struct Tx {
    backend: Backend,
    reads_only: bool,
    state: State,
    memory: Memory,
    sums: Pending,
}

/// PostgreSQL answers a COMMIT after a failed statement with a silent rollback; SQLite commits the rest. Neither is
/// wanted, so on both a transaction in which anything failed can only be rolled back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Every statement is a transaction of its own.
    Idle,
    Open,
    Failed,
}

/// How many rows there are, and the sum of their digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsAmount {
    /// Rows.
    pub rows: u64,
    sum: [u64; 4],
}

impl RowsAmount {
    fn add(&mut self, row: &[u8]) {
        self.rows += 1;
        let digest: [u8; 32] = Sha256::digest(row).into();
        for (lane, part) in self.sum.iter_mut().zip(digest.as_chunks::<8>().0) {
            *lane = lane.wrapping_add(u64::from_be_bytes(*part));
        }
    }
}

impl Tx {
    pub(crate) fn sqlite(sqlite: Sqlite, reads_only: bool) -> Self {
        Self {
            backend: Backend::Sqlite(sqlite),
            reads_only,
            state: State::Idle,
            memory: Memory::default(),
            sums: Pending::default(),
        }
    }

    pub(crate) fn postgres(postgres: Postgres, reads_only: bool) -> Self {
        Self {
            backend: Backend::Postgres(Box::new(postgres)),
            reads_only,
            state: State::Idle,
            memory: Memory::default(),
            sums: Pending::default(),
        }
    }

    /// Which database answers.
    pub fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins: the writer takes its lock at once, a reader takes a snapshot with its first query.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn begin(&mut self) -> Result<(), StorageError> {
        if self.state != State::Idle {
            return Err(StorageError::Other("a transaction is already begun".to_owned()));
        }
        let sql = match (&self.backend, self.reads_only) {
            (Backend::Sqlite(_), false) => "BEGIN IMMEDIATE",
            (Backend::Sqlite(_), true) => "BEGIN DEFERRED",
            (Backend::Postgres(_), false) => "BEGIN",
            (Backend::Postgres(_), true) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.control(sql)?;
        self.state = State::Open;
        Ok(())
    }

    /// Gives back what is only kept for speed; for a connection that nobody asks for a while. It stays usable.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn give_back(&mut self) -> Result<(), StorageError> {
        self.memory.forget();
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.batch("PRAGMA shrink_memory; SELECT give_back_memory()"),
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Commits; when this returns `Ok` on the writer, the data are on the disk.
    ///
    /// # Errors
    /// Whatever the database answers; the outcome is then unknown and must be looked up.
    pub fn commit(&mut self) -> Result<(), StorageError> {
        self.write_sums()?;
        let done = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.commit(),
            Backend::Postgres(postgres) => postgres.batch("COMMIT"),
        };
        if done.is_ok() {
            self.state = State::Idle;
        }
        self.note(done)
    }

    /// Rolls back, and forgets queued writes.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn rollback(&mut self) -> Result<(), StorageError> {
        self.memory.forget();
        self.sums.forget();
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.rollback()?,
            Backend::Postgres(postgres) => {
                postgres.forget_queue();
                postgres.batch("ROLLBACK")?;
            }
        }
        self.state = State::Idle;
        Ok(())
    }

    fn usable(&self) -> Result<(), StorageError> {
        match self.state {
            State::Idle | State::Open => Ok(()),
            State::Failed => {
                Err(StorageError::Other("the transaction has failed and can only be rolled back".to_owned()))
            }
        }
    }

    /// A failure inside a transaction spoils it.
    fn note<T>(&mut self, result: Result<T, StorageError>) -> Result<T, StorageError> {
        if result.is_err() && self.state == State::Open {
            self.state = State::Failed;
        }
        result
    }

    fn control(&mut self, sql: &str) -> Result<(), StorageError> {
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, &[]).map(|_| ()),
            Backend::Postgres(postgres) => postgres.batch(sql),
        }
    }

    /// Writes without waiting for a count. PostgreSQL queues it: an error may show at the next read or commit.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn write(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(), StorageError> {
        self.settle(sql)?;
        self.memory.written(sql);
        let done = self.backend.write(sql, params);
        self.note(done)
    }

    /// Adds to a sum. It is written once for its key, before the next statement that names its table, at the latest
    /// with the commit.
    ///
    /// # Errors
    /// Keys that are not those of the table; outside a transaction whatever the database answers.
    pub fn add(
        &mut self,
        tally: &'static Tally,
        keys: &[Param<'_>],
        amount: i64,
    ) -> Result<(), StorageError> {
        self.usable()?;
        let added = self.sums.add(tally, keys, amount);
        self.note(added)?;
        if self.state == State::Idle { self.write_sums() } else { Ok(()) }
    }

    /// What a statement is about to read or write is on its table.
    fn settle(&mut self, sql: &str) -> Result<(), StorageError> {
        if self.sums.concerns(sql) { self.write_sums() } else { self.usable() }
    }

    fn write_sums(&mut self) -> Result<(), StorageError> {
        self.usable()?;
        let (backend, memory) = (&mut self.backend, &mut self.memory);
        let done = self.sums.drain(|sql, params| {
            memory.written(sql);
            backend.write(sql, params)
        });
        self.note(done)
    }

    /// Sends what is queued, so that its errors show now.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn flush(&mut self) -> Result<(), StorageError> {
        self.write_sums()?;
        let done = match &mut self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(postgres) => postgres.flush(),
        };
        self.note(done)
    }

    /// Writes and says how many rows it touched.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StorageError> {
        self.settle(sql)?;
        self.memory.written(sql);
        let done = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.execute(sql, params),
            Backend::Postgres(postgres) => postgres.execute(sql, params),
        };
        self.note(done)
    }

    /// All rows, each shaped by `each`.
    ///
    /// # Errors
    /// Whatever the database or `each` answers.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let mut out = Vec::new();
        self.query_into(sql, params, each, &mut out, usize::MAX)?;
        Ok(out)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// Whatever the database or `each` answers.
    pub fn first<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let mut out = Vec::new();
        self.query_into(sql, params, each, &mut out, 1)?;
        Ok(out.pop())
    }

    fn query_into<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
        out: &mut Vec<T>,
        limit: usize,
    ) -> Result<(), StorageError> {
        self.settle(sql)?;
        let done = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.query(sql, params, each, out, limit),
            Backend::Postgres(postgres) => postgres.query(sql, params, each, out, limit),
        };
        self.note(done)
    }

    /// What `read` answers, remembered on the connection that writes until one of the question's tables is written.
    /// In debug builds a remembered answer is read again and compared, so that no test passes on an old one.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub fn remembered<T: Any + Send + Sync + PartialEq + Debug>(
        &mut self,
        question: &Question,
        read: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<Arc<T>, StorageError> {
        self.usable()?;
        if self.reads_only {
            return read(self).map(Arc::new);
        }
        if let Some(known) = self.memory.recall::<T>(question) {
            if cfg!(debug_assertions) {
                let fresh = read(self)?;
                if fresh != *known {
                    return Err(StorageError::Other(format!(
                        "{} was remembered as {known:?} and is {fresh:?}",
                        question.name
                    )));
                }
            }
            return Ok(known);
        }
        let answer = Arc::new(read(self)?);
        self.memory.keep(question, Arc::clone(&answer));
        Ok(answer)
    }

    /// Replaces a remembered answer by the one that the caller's own write has made true. Nothing is remembered that
    /// nobody asked for.
    pub fn correct<T: Any + Send + Sync>(&mut self, question: &Question, correct: impl FnOnce(&T) -> T) {
        if let Some(known) = self.memory.recall::<T>(question) {
            self.memory.keep(question, Arc::new(correct(&known)));
        }
    }

    /// Forgets every remembered answer: a table was emptied whose answers are kept up by [`Self::correct`].
    pub fn forget(&mut self) {
        self.memory.forget();
    }

    /// The first column of the first row as an integer, 0 when there is no row.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn count(&mut self, sql: &str, params: &[Param<'_>]) -> Result<i64, StorageError> {
        Ok(self.first(sql, params, |row| row.opt_int(0))?.flatten().unwrap_or(0))
    }

    /// What all rows of a table amount to, whatever their order; columns that `left_out` holds are not looked at. Equal for
    /// equal rows on one database, not across the two. Contentless search tables count by their row numbers.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn amount_of(
        &mut self,
        table: &str,
        left_out: impl Fn(&str) -> bool,
    ) -> Result<RowsAmount, StorageError> {
        let columns = match self.dialect() {
            Dialect::Sqlite => "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
            Dialect::Postgres => {
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = ?1 ORDER BY ordinal_position"
            }
        };
        let columns: Vec<String> = self
            .query(columns, &[table.into()], |row| row.text(0))?
            .into_iter()
            .filter(|name| !left_out(name))
            .collect();
        let shown = match self.dialect() {
            Dialect::Sqlite if columns == ["grams"] => "CAST(rowid AS TEXT)".to_owned(),
            Dialect::Sqlite => {
                columns.iter().map(|c| format!("quote({c})")).collect::<Vec<_>>().join(" || ',' || ")
            }
            Dialect::Postgres => format!("CAST(ROW({}) AS TEXT)", columns.join(", ")),
        };
        let mut amount = RowsAmount::default();
        self.query(&format!("SELECT {shown} FROM {table}"), &[], |row| {
            amount.add(row.text(0)?.as_bytes());
            Ok(())
        })?;
        Ok(amount)
    }

    /// Several statements at once, without parameters: migrations.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        self.settle(sql)?;
        self.memory.forget();
        let done = match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.batch(sql),
            Backend::Postgres(postgres) => postgres.batch(sql),
        };
        self.note(done)
    }

    /// What is wrong with the file of an embedded database, page by page; the first of it. A PostgreSQL server looks
    /// after its own files.
    ///
    /// # Errors
    /// Whatever the database answers; a damaged file may.
    pub fn damage(&mut self) -> Result<Option<String>, StorageError> {
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.damage(),
            Backend::Postgres(_) => Ok(None),
        }
    }

    /// A consistent copy of an embedded database in a new file. PostgreSQL has its own tools and answers with an
    /// error.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn copy_to(&mut self, target: &Path) -> Result<(), StorageError> {
        match &mut self.backend {
            Backend::Sqlite(sqlite) => sqlite.backup_to(target),
            Backend::Postgres(_) => {
                Err(StorageError::Other("copying a PostgreSQL database is done table by table".to_owned()))
            }
        }
    }
}
