//! What a database can answer instead of rows.

use kernel::Problem;

/// A storage failure, sorted by what the caller can do about it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// A unique constraint: the text names it.
    #[error("unique constraint: {0}")]
    Unique(String),
    /// No room left on the disk, or the page limit is reached.
    #[error("disk full: {0}")]
    Full(String),
    /// Locked by somebody else for longer than we wait.
    #[error("busy: {0}")]
    Busy(String),
    /// The connection is gone or the file cannot be read or written.
    #[error("connection: {0}")]
    Connection(String),
    /// Another process holds the writer lease.
    #[error("another process is already writing to {0}")]
    Leased(String),
    /// A value in a row is not of the type that was asked for.
    #[error("column {column}: {reason}")]
    Column {
        /// Position in the row, from 0.
        column: usize,
        /// What the driver said.
        reason: String,
    },
    /// A statement or migration is wrong.
    #[error("{0}")]
    Other(String),
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::ConstraintViolation) if text.contains("UNIQUE") => Self::Unique(text),
            Some(Code::DiskFull) => Self::Full(text),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(text),
            Some(Code::SystemIoFailure | Code::CannotOpen | Code::NotADatabase | Code::DatabaseCorrupt) => {
                Self::Connection(text)
            }
            _ => Self::Other(text),
        }
    }
}

impl From<tokio_postgres::Error> for StorageError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = match error.as_db_error() {
            Some(db) => format!("{}: {}", db.severity(), db.message()),
            None => described(&error),
        };
        if error.is_closed() {
            return Self::Connection(text);
        }
        match error.code().map(tokio_postgres::error::SqlState::code) {
            Some("23505") => Self::Unique(text),
            Some("53100") => Self::Full(text),
            Some("55P03" | "40001" | "40P01") => Self::Busy(text),
            Some(code) if code.starts_with("08") || code.starts_with("57P") => Self::Connection(text),
            _ => Self::Other(text),
        }
    }
}

/// The driver's sentence with what lies behind it: "error connecting to server" alone helps nobody.
pub(crate) fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
