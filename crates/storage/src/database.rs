//! Where the data live, and who may write.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::{StorageError, Tx, postgres::Postgres, sqlite::Sqlite};

/// Where a platform's data live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// One file.
    Sqlite(PathBuf),
    /// A server and the schema on it.
    Postgres {
        /// `postgres://user@host:port/database`
        url: String,
        /// Letters, digits and underscores.
        schema: String,
    },
}

/// A database that can be opened for reading and writing.
#[derive(Clone, Debug)]
pub struct Database {
    location: Location,
}

/// Held by the one process that writes; given back when dropped.
pub struct WriterLease {
    held: Held,
}

impl WriterLease {
    /// Whether it is still held: a server that was restarted, or that ended the session, has given it back, and another
    /// process may have it by now.
    pub fn is_held(&mut self) -> bool {
        match &mut self.held {
            Held::File(_) => true,
            Held::Session(session) => session.batch("SELECT 1").is_ok(),
        }
    }
}

impl Drop for WriterLease {
    fn drop(&mut self) {
        // A closed session gives its locks back too, but only when the server notices. Inside async code the
        // session cannot be asked, so there it is left to the server.
        if let Held::Session(session) = &mut self.held
            && tokio::runtime::Handle::try_current().is_err()
            && let Err(error) = session.batch("SELECT pg_advisory_unlock_all()")
        {
            tracing::warn!(%error, "the writer lease was left to the server to give back");
        }
    }
}

enum Held {
    #[expect(dead_code, reason = "held, never read: closing the file gives the lease back")]
    File(File),
    Session(Box<Postgres>),
}

impl Database {
    /// Nothing is opened yet.
    ///
    /// # Errors
    /// [`StorageError::Other`] for a schema name with anything but letters, digits and underscores.
    pub fn new(location: Location) -> Result<Self, StorageError> {
        if let Location::Postgres { schema, .. } = &location
            && (schema.is_empty() || !schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        {
            return Err(StorageError::Other(format!("not a schema name: {schema}")));
        }
        Ok(Self { location })
    }

    /// Where the data live.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Takes the lease that makes this process the only writer.
    ///
    /// # Errors
    /// [`StorageError::Leased`] when another process has it.
    pub fn lease(&self) -> Result<WriterLease, StorageError> {
        let held = match &self.location {
            Location::Sqlite(path) => Held::File(lock_file(&path.with_extension("lock"))?),
            Location::Postgres { url, schema } => {
                let mut session = Postgres::connect(url, schema)?;
                let mut taken = Vec::new();
                session.query(
                    "SELECT pg_try_advisory_lock(hashtext('xiaoan-writer'), hashtext(?1))",
                    &[schema.as_str().into()],
                    |row| row.bool(0),
                    &mut taken,
                    1,
                )?;
                if taken != [true] {
                    return Err(StorageError::Leased(schema.clone()));
                }
                Held::Session(Box::new(session))
            }
        };
        Ok(WriterLease { held })
    }

    /// A connection that writes. Take a [`Self::lease`] first.
    ///
    /// # Errors
    /// Whatever opening answers.
    pub fn writer(&self) -> Result<Tx, StorageError> {
        match &self.location {
            Location::Sqlite(path) => Ok(Tx::sqlite(Sqlite::writer(path)?, false)),
            Location::Postgres { url, schema } => {
                let mut postgres = Postgres::connect(url, schema)?.writes()?;
                postgres.batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))?;
                Ok(Tx::postgres(postgres, false))
            }
        }
    }

    /// A connection that only reads.
    ///
    /// # Errors
    /// Whatever opening answers.
    pub fn reader(&self) -> Result<Tx, StorageError> {
        match &self.location {
            Location::Sqlite(path) => Ok(Tx::sqlite(Sqlite::reader(path)?, true)),
            Location::Postgres { url, schema } => {
                Ok(Tx::postgres(Postgres::connect(url, schema)?.reads_only()?, true))
            }
        }
    }
}

fn lock_file(path: &Path) -> Result<File, StorageError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|e| StorageError::Connection(format!("{}: {e}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StorageError::Leased(path.display().to_string())),
        Err(std::fs::TryLockError::Error(e)) => {
            Err(StorageError::Connection(format!("{}: {e}", path.display())))
        }
    }
}
