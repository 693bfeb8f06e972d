//! One result row, read by column position.

use kernel::Timestamp;
use uuid::Uuid;

use crate::StorageError;

/// A result row of either database. Columns are counted from 0 in the order of the `SELECT`.
pub enum Row<'r> {
    /// From SQLite.
    Sqlite(&'r rusqlite::Row<'r>),
    /// From PostgreSQL.
    Postgres(&'r tokio_postgres::Row),
}

macro_rules! getter {
    ($($(#[$doc:meta])* $name:ident / $opt:ident -> $type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`StorageError::Column`] when the value is NULL or of another type.
        pub fn $name(&self, column: usize) -> Result<$type, StorageError> {
            match self {
                Self::Sqlite(row) => row.get(column).map_err(|e| bad(column, &e)),
                Self::Postgres(row) => row.try_get(column).map_err(|e| bad(column, &e)),
            }
        }

        /// The same, with NULL as `None`.
        ///
        /// # Errors
        /// [`StorageError::Column`] when the value is of another type.
        pub fn $opt(&self, column: usize) -> Result<Option<$type>, StorageError> {
            match self {
                Self::Sqlite(row) => row.get(column).map_err(|e| bad(column, &e)),
                Self::Postgres(row) => row.try_get(column).map_err(|e| bad(column, &e)),
            }
        }
    )*};
}

impl Row<'_> {
    getter! {
        /// A 64-bit integer.
        int / opt_int -> i64;
        /// A boolean.
        bool / opt_bool -> bool;
        /// A double.
        real / opt_real -> f64;
        /// Text.
        text / opt_text -> String;
        /// Bytes.
        blob / opt_blob -> Vec<u8>;
    }

    /// A UUID, or any id made of one.
    ///
    /// # Errors
    /// [`StorageError::Column`] when the value is NULL or not a UUID.
    pub fn id<T: From<Uuid>>(&self, column: usize) -> Result<T, StorageError> {
        self.opt_id(column)?.ok_or_else(|| bad(column, &"is NULL"))
    }

    /// The same, with NULL as `None`.
    ///
    /// # Errors
    /// [`StorageError::Column`] when the value is not a UUID.
    pub fn opt_id<T: From<Uuid>>(&self, column: usize) -> Result<Option<T>, StorageError> {
        let uuid = match self {
            Self::Sqlite(row) => {
                let value = row.get_ref(column).map_err(|e| bad(column, &e))?;
                let bytes = value.as_blob_or_null().map_err(|e| bad(column, &e))?;
                bytes.map(Uuid::from_slice).transpose().map_err(|e| bad(column, &e))?
            }
            Self::Postgres(row) => row.try_get::<_, Option<Uuid>>(column).map_err(|e| bad(column, &e))?,
        };
        Ok(uuid.map(T::from))
    }

    /// An instant stored as milliseconds.
    ///
    /// # Errors
    /// As [`Self::int`].
    pub fn time(&self, column: usize) -> Result<Timestamp, StorageError> {
        self.int(column).map(Timestamp)
    }

    /// The same, with NULL as `None`.
    ///
    /// # Errors
    /// As [`Self::opt_int`].
    pub fn opt_time(&self, column: usize) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }
}

fn bad(column: usize, reason: &dyn std::fmt::Display) -> StorageError {
    StorageError::Column { column, reason: reason.to_string() }
}
