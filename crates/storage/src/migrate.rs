//! Migrations: one text for both databases, each step once, never changed after it was released.

use sha2::{Digest, Sha256};

use crate::{Dialect, StorageError, Tx, params};

/// How backup, restore and `move` carry a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    /// The append-only journal and what identifies it.
    Journal,
    /// Can be rebuilt from the journal.
    Derived,
    /// Working data that is neither a fact nor derived from one: queues, cursors.
    Operational,
    /// Password hashes, keys, session tokens: carried only by encrypted backups.
    Secret,
    /// Who read what; chained apart.
    AccessLog,
}

/// One step. Placeholders `{int} {bool} {real} {text} {uuid} {blob}` become each database's types; lines between
/// `--sqlite` / `--postgres` and `--both` go to one database only.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Unique within its room, in order: `001-journal`.
    pub name: &'static str,
    /// One or several statements.
    pub sql: &'static str,
}

/// The steps of one room, and the class of every table they make.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// The crate: `journal`, `hazard`.
    pub room: &'static str,
    /// Every table it makes.
    pub tables: &'static [(&'static str, TableClass)],
    /// In order.
    pub steps: &'static [Step],
}

/// Applies what is missing, each step in its own transaction; returns the names applied.
///
/// # Errors
/// [`StorageError::Other`] when an applied step's text has changed since; whatever the database answers.
pub fn migrate(tx: &mut Tx, sets: &[MigrationSet]) -> Result<Vec<String>, StorageError> {
    let table = "CREATE TABLE IF NOT EXISTS schema_step (
        room {text} NOT NULL, name {text} NOT NULL, digest {blob} NOT NULL, PRIMARY KEY (room, name))";
    tx.batch(&typed(table, tx.dialect()))?;
    let mut applied = Vec::new();
    for set in sets {
        for step in set.steps {
            if apply(tx, set.room, step)? {
                applied.push(format!("{}/{}", set.room, step.name));
            }
        }
    }
    Ok(applied)
}

fn apply(tx: &mut Tx, room: &str, step: &Step) -> Result<bool, StorageError> {
    let digest: [u8; 32] = Sha256::digest(step.sql.as_bytes()).into();
    let known = tx.first(
        "SELECT digest FROM schema_step WHERE room = ?1 AND name = ?2",
        params![room, step.name],
        |row| row.blob(0),
    )?;
    if let Some(known) = known {
        if known != digest {
            return Err(StorageError::Other(format!(
                "migration {room}/{} was changed after release",
                step.name
            )));
        }
        return Ok(false);
    }
    tx.begin()?;
    let sql = typed(step.sql, tx.dialect());
    let done = tx.batch(&sql).and_then(|()| {
        tx.execute(
            "INSERT INTO schema_step (room, name, digest) VALUES (?1, ?2, ?3)",
            params![room, step.name, &digest],
        )
    });
    match done {
        Ok(_) => tx.commit().map(|()| true),
        Err(error) => {
            tx.rollback()?;
            Err(StorageError::Other(format!("migration {room}/{}: {error}", step.name)))
        }
    }
}

/// The text for one database.
pub(crate) fn typed(sql: &str, dialect: Dialect) -> String {
    let types: [(&str, &str); 6] = match dialect {
        Dialect::Sqlite => [
            ("{int}", "INTEGER"),
            ("{bool}", "INTEGER"),
            ("{real}", "REAL"),
            ("{text}", "TEXT"),
            ("{uuid}", "BLOB"),
            ("{blob}", "BLOB"),
        ],
        Dialect::Postgres => [
            ("{int}", "BIGINT"),
            ("{bool}", "BOOLEAN"),
            ("{real}", "DOUBLE PRECISION"),
            ("{text}", "TEXT COLLATE \"C\""),
            ("{uuid}", "UUID"),
            ("{blob}", "BYTEA"),
        ],
    };
    let (strict, keyed) = match dialect {
        Dialect::Sqlite => ("STRICT", "STRICT, WITHOUT ROWID"),
        Dialect::Postgres => ("", ""),
    };
    let mut keep = true;
    let mut out = String::with_capacity(sql.len());
    for line in sql.lines() {
        match line.trim() {
            "--sqlite" => keep = dialect == Dialect::Sqlite,
            "--postgres" => keep = dialect == Dialect::Postgres,
            "--both" => keep = true,
            _ if keep => {
                out.push_str(line);
                out.push('\n');
            }
            _ => {}
        }
    }
    for (placeholder, ty) in types {
        out = out.replace(placeholder, ty);
    }
    out.replace("{strict}", strict).replace("{keyed}", keyed)
}
