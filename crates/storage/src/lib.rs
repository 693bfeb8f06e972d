//! One synchronous face over SQLite and PostgreSQL. Nothing outside this crate knows a database driver.
//!
//! One SQL text serves both: parameters are `?1`, `?2` ..., booleans are `TRUE`/`FALSE`, sums are cast to
//! `BIGINT`, every `ORDER BY` on a nullable column says `NULLS FIRST` or `NULLS LAST`, and upserts use
//! `ON CONFLICT`. Where the two cannot agree (full-text tables) the difference lives in [`search`].

mod checkpoint;
mod containing;
mod database;
mod error;
mod memory;
mod migrate;
mod param;
mod postgres;
mod readers;
mod row;
pub mod search;
mod sqlite;
mod tally;
mod tx;

pub use containing::Containing;
pub use database::{Database, Location, WriterLease};
pub use error::StorageError;
pub use memory::Question;
pub use migrate::{MigrationSet, Step, TableClass, migrate};
pub use param::{Param, in_lists};
pub use readers::{Lane, ReadError, Readers};
pub use row::Row;
pub use tally::Tally;
pub use tx::{Dialect, RowsAmount, Tx};
