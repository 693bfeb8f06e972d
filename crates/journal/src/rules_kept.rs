//! The words of every rule that was ever in force here. An event names its rules by stamp; a later program brings other
//! rules along, and a decision of years ago must still be explained by those it was made under.

use kernel::Timestamp;
use storage::{StorageError, Tx, params};

/// One file of the rules in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRule {
    /// Where it was: `hazard/durations.toml`
    pub path: String,
    /// What it said.
    pub text: String,
}

/// Keeps the rules under their stamp, once. The caller holds the writer lease and a begun transaction.
///
/// # Errors
/// Whatever the database answers.
pub fn keep_rules(
    tx: &mut Tx,
    stamp: &str,
    files: &[(&str, &str)],
    now: Timestamp,
) -> Result<(), StorageError> {
    if tx.count("SELECT count(*) FROM rules_kept WHERE stamp = ?1", params![stamp])? > 0 {
        return Ok(());
    }
    for (path, text) in files {
        tx.write(
            "INSERT INTO rules_kept (stamp, path, text, kept_at) VALUES (?1, ?2, ?3, ?4)",
            params![stamp, *path, *text, now],
        )?;
    }
    Ok(())
}

/// The rules an event was decided under, by the stamp in its header; empty when they were never in force here.
///
/// # Errors
/// Whatever the database answers.
pub fn rules_by_stamp(tx: &mut Tx, stamp: &str) -> Result<Vec<KeptRule>, StorageError> {
    tx.query("SELECT path, text FROM rules_kept WHERE stamp = ?1 ORDER BY path", params![stamp], |row| {
        Ok(KeptRule { path: row.text(0)?, text: row.text(1)? })
    })
}
