//! Folders that a command may make its own.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::Ended;

/// How many names of other things are told.
const TOLD: usize = 3;
/// What a founding that was interrupted may have left.
pub(super) const OWN: [&str; 6] =
    ["xiaoan.db", "xiaoan.db-wal", "xiaoan.db-shm", "xiaoan.lock", "files", "exports"];
/// What a file system puts into every folder that is mounted.
const NOBODYS: &str = "lost+found";

/// Refuses a folder with other people's things in it, before anything is made among them. `takes` says which folder
/// the command wants instead.
pub(super) fn nothing_else(data: &Path, is_own: impl Fn(&str) -> bool, takes: &str) -> Result<()> {
    if data.join("xiaoan.db").exists() || !data.exists() {
        return Ok(());
    }
    if !data.is_dir() {
        return Err(Ended::wrong_usage(format!("{} is a file; name a folder with --data", data.display())));
    }
    let mut others = Vec::new();
    for entry in data.read_dir().with_context(|| format!("{} cannot be read", data.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != NOBODYS && !is_own(&name) {
            others.push(name);
        }
    }
    others.sort();
    let more = if others.len() > TOLD { ", ..." } else { "" };
    others.truncate(TOLD);
    if others.is_empty() {
        return Ok(());
    }
    Err(Ended::wrong_usage(format!(
        "{} holds something else ({}{more}): {takes}; name another with --data",
        data.display(),
        others.join(", ")
    )))
}
