//! For tests only: a database of either kind that vanishes with the test, [`both_databases!`], which tells the same story
//! on both, and [`golden`] samples of events.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot have its database must fail loudly"
)]

mod calls;
pub mod golden;

pub use calls::Calls;

use std::sync::atomic::{AtomicU32, Ordering};

use storage::{Database, Location};
use tempfile::TempDir;

/// The environment variable with the URL of a PostgreSQL server that tests may fill and empty.
pub const POSTGRES: &str = "XIAOAN_TEST_POSTGRES";

/// A database of one test; gone when dropped.
pub struct TestDb {
    database: Database,
    directory: TempDir,
}

impl TestDb {
    /// A file in a new directory.
    pub fn new_sqlite() -> Self {
        Self::sqlite_in(tempfile::tempdir().expect("a directory for the test"))
    }

    /// A file in a new directory that lives in memory where the system offers one: for tests that commit tens of
    /// thousands of times and play the disk themselves. Elsewhere they take longer.
    pub fn new_sqlite_in_memory() -> Self {
        Self::sqlite_in(
            tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory"),
        )
    }

    fn sqlite_in(directory: TempDir) -> Self {
        let location = Location::Sqlite(directory.path().join("test.db"));
        Self { database: Database::new(location).expect("a file name"), directory }
    }

    /// A new schema on the server that [`POSTGRES`] names; `None`, and a line saying so, when it names none.
    pub fn new_postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(url) = postgres_url() else {
            println!("no {POSTGRES}: the PostgreSQL half of this test did not run");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = tempfile::tempdir().expect("a directory for the test");
        // The directory's random name keeps apart what two processes with the same number in turn make.
        let random: String = directory
            .path()
            .to_string_lossy()
            .chars()
            .rev()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let schema = format!("test_{}_{number}_{}", std::process::id(), random.to_ascii_lowercase());
        let database = Database::new(Location::Postgres { url, schema }).expect("a schema name");
        // Makes the schema.
        drop(database.writer().expect("the PostgreSQL server answers"));
        Some(Self { database, directory })
    }

    /// The database, as the platform would be given it.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// A directory for the files of this test.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.database.location(), Location::Postgres { .. })
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Location::Postgres { schema, .. } = self.database.location() else { return };
        let text = format!("SET lock_timeout TO '5s'; DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
        let dropping = self.database.clone();
        // In a thread of its own, because a test may end inside async code.
        let done = std::thread::spawn(move || dropping.writer().and_then(|mut tx| tx.batch(&text))).join();
        if !matches!(done, Ok(Ok(()))) {
            println!("the schema {schema} was left behind: {done:?}");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which server to test against is the one thing tests are told this way"
)]
fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES).ok().filter(|url| !url.is_empty())
}

/// Makes two tests of every story, `name::sqlite` and `name::postgres`.
///
/// ```
/// test_support::both_databases! {
///     fn opens(db: TestDb) {
///         db.database().writer().unwrap();
///     }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* fn $name:ident($db:ident: TestDb) $body:block)*) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a story may need nothing from around it")]
            use super::*;

            fn story($db: $crate::TestDb) $body

            #[test]
            fn sqlite() {
                story($crate::TestDb::new_sqlite());
            }

            #[test]
            fn postgres() {
                if let Some(db) = $crate::TestDb::new_postgres() {
                    story(db);
                }
            }
        }
    )*};
}
