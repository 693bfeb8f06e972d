//! One result row, read by column position.

use kernel::Timestamp;
use tokio_postgres::types::Type;
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
        /// A boolean.
        bool / opt_bool -> bool;
        /// A double.
        real / opt_real -> f64;
        /// Text.
        text / opt_text -> String;
        /// Bytes.
        blob / opt_blob -> Vec<u8>;
    }

    /// An integer of any width.
    ///
    /// # Errors
    /// [`StorageError::Column`] when the value is NULL or of another type.
    pub fn int(&self, column: usize) -> Result<i64, StorageError> {
        self.opt_int(column)?.ok_or_else(|| bad(column, &"is NULL"))
    }

    /// The same, with NULL as `None`.
    ///
    /// # Errors
    /// [`StorageError::Column`] when the value is of another type.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StorageError> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|e| bad(column, &e)),
            Self::Postgres(row) => postgres_int(row, column).map_err(|e| bad(column, &e)),
        }
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

/// A literal such as the `1` of `SELECT 1` has four bytes in PostgreSQL, a column of ours eight.
fn postgres_int(row: &tokio_postgres::Row, column: usize) -> Result<Option<i64>, tokio_postgres::Error> {
    match row.columns().get(column).map(tokio_postgres::Column::type_) {
        Some(&Type::INT4) => Ok(row.try_get::<_, Option<i32>>(column)?.map(i64::from)),
        Some(&Type::INT2) => Ok(row.try_get::<_, Option<i16>>(column)?.map(i64::from)),
        _ => row.try_get(column),
    }
}

fn bad(column: usize, reason: &dyn std::fmt::Display) -> StorageError {
    StorageError::Column { column, reason: reason.to_string() }
}
