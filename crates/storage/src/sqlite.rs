//! SQLite behind the face.

use std::path::Path;

use rusqlite::{
    Connection, OpenFlags, ToSql,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};

use crate::{Param, Row, StorageError, checkpoint::Checkpoints};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
            Self::Uuid(value) => ValueRef::Blob(value.as_bytes()),
        }))
    }
}

/// The VFS of `native/wal_writes.c`. It needs `synchronous=FULL`, so the writer alone has it.
const GATHERING: &str = "xiaoan";

fn gathering(path: &Path) -> Result<Connection, StorageError> {
    match Connection::open_with_flags_and_vfs(path, OpenFlags::default(), GATHERING) {
        Ok(connection) => Ok(connection),
        Err(error) if error.to_string().contains("no such vfs") => {
            tracing::warn!("built without the flags of .cargo/config.toml: commits make more system calls");
            Ok(Connection::open(path)?)
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) struct Sqlite {
    // Dropped before the connection: the last one to close the file tidies the log away.
    checkpoints: Option<Checkpoints>,
    connection: Connection,
}

impl Sqlite {
    /// The connection that writes: WAL, and every commit on the disk before it is acknowledged.
    pub(crate) fn writer(path: &Path) -> Result<Self, StorageError> {
        let mut connection = gathering(path)?;
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(StorageError::Connection(format!("{}: no WAL, but {mode}", path.display())));
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        // 32 MiB of pages: the writer touches the tails of a dozen indexes again and again.
        connection.pragma_update(None, "cache_size", -32_768)?;
        let checkpoints = Checkpoints::watch(&mut connection, path)?;
        Self::tuned(connection, Some(checkpoints))
    }

    /// A connection that cannot write.
    pub(crate) fn reader(path: &Path) -> Result<Self, StorageError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -16_384)?;
        Self::tuned(connection, None)
    }

    fn tuned(connection: Connection, checkpoints: Option<Checkpoints>) -> Result<Self, StorageError> {
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        // One plan for each statement whatever is bound to it: without this the joins of rights and scopes were
        // prepared anew for every command, a quarter of the writer's time.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Self { checkpoints, connection })
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StorageError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let count = statement.execute(rusqlite::params_from_iter(params))?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    pub(crate) fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
        out: &mut Vec<T>,
        limit: usize,
    ) -> Result<(), StorageError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        while out.len() < limit
            && let Some(row) = rows.next()?
        {
            out.push(each(&Row::Sqlite(row))?);
        }
        Ok(())
    }

    /// Commits; afterwards the log may be copied, whose failure is not the commit's.
    pub(crate) fn commit(&mut self) -> Result<(), StorageError> {
        self.execute("COMMIT", &[])?;
        if let Some(checkpoints) = &mut self.checkpoints
            && let Err(error) = checkpoints.committed(&self.connection)
        {
            tracing::warn!(%error, "the write-ahead log could not be copied");
        }
        Ok(())
    }

    /// Rolls back; nothing to do when SQLite has rolled back by itself, as it may on a full disk.
    pub(crate) fn rollback(&mut self) -> Result<(), StorageError> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.execute("ROLLBACK", &[]).map(|_| ())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// The first thing that is wrong with the file itself.
    pub(crate) fn damage(&mut self) -> Result<Option<String>, StorageError> {
        let found: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((found != "ok").then_some(found))
    }

    pub(crate) fn backup_to(&mut self, target: &Path) -> Result<(), StorageError> {
        let text = target.to_string_lossy();
        // `query_only` would refuse it, although the new file is all that is written; a reader stays opened
        // read-only meanwhile.
        let query_only: bool = self.connection.pragma_query_value(None, "query_only", |row| row.get(0))?;
        self.connection.pragma_update(None, "query_only", false)?;
        let copied = self.connection.execute("VACUUM INTO ?1", [text.as_ref()]);
        self.connection.pragma_update(None, "query_only", query_only)?;
        copied?;
        Ok(())
    }
}
