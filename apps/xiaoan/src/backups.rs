//! Backups: the folder of one, what it says about itself, whether it can be put back, and the one of every night.

mod nightly;
mod trial;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use journal::{ChainHead, Identity};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use storage::{Database, Location};

pub use nightly::Nightly;
pub(crate) use nightly::{Kept, NightlyBackup};
pub(crate) use trial::{Trial, try_out};

use crate::{private, settings::Settings};

/// The file in which a backup says what it is.
const LIST: &str = "backup.json";
/// The copy of the database.
const COPY: &str = "xiaoan.db";

/// What a backup says about itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// When it was made.
    pub made_at: Timestamp,
    /// Events in it.
    pub events: u64,
    /// Head of the chain, 64 hexadecimal digits: keep it elsewhere, `xiaoan verify --head` knows it again.
    pub head: String,
    /// Epoch of the platform.
    pub epoch: u32,
    /// Photos in it.
    pub files: u64,
}

impl Manifest {
    /// Of the backup in this folder.
    ///
    /// # Errors
    /// In words: there is none, or it is cut off.
    pub(crate) fn read(from: &Path) -> Result<Self> {
        let list = from.join(LIST);
        let said = fs::read_to_string(&list).with_context(|| format!("{} is no backup", from.display()))?;
        serde_json::from_str(&said)
            .with_context(|| format!("{} is damaged or cut off: take another backup", list.display()))
    }
}

/// Copies a platform into a new folder, also while it is running. The key file stays where it is.
///
/// # Errors
/// In words: PostgreSQL, no platform, a folder that is there, a disk that is full.
pub(crate) fn make(settings: &Settings, to: &Path, now: Timestamp) -> Result<Manifest> {
    let Location::Sqlite(source) = settings.location() else {
        bail!(
            "a PostgreSQL platform is backed up with PostgreSQL's own tools, and its photos by copying their folder; \
             after putting it back, call `xiaoan restored`"
        );
    };
    if !source.exists() {
        bail!("{} holds no platform", settings.data.display());
    }
    if to.exists() {
        bail!("{} exists already; a backup makes its own folder", to.display());
    }
    private::folder(to)?;
    let copy = to.join(COPY);
    // The database writes into the file that is there.
    drop(private::file(&copy)?);
    Database::new(Location::Sqlite(source))?.reader()?.copy_to(&copy)?;
    // Photos are stored before the events that speak of them, so copying them second misses none.
    let files = copy_files(&settings.data.join("files"), &to.join("files"))?;
    let mut tx = Database::new(Location::Sqlite(copy))?.reader()?;
    let identity = Identity::load(&mut tx)?.context("the copy holds no platform")?;
    let head = ChainHead::load(&mut tx, identity)?;
    let manifest = Manifest {
        made_at: now,
        events: head.position,
        head: kernel::hex::write(head.local),
        epoch: identity.epoch,
        files,
    };
    let list = private::file(&to.join(LIST))?;
    serde_json::to_writer_pretty(&list, &manifest)?;
    list.sync_all()?;
    Ok(manifest)
}

/// Copies a folder of photos; returns how many files there were.
pub(crate) fn copy_files(from: &Path, to: &Path) -> Result<u64> {
    private::folder(to)?;
    let mut count = 0;
    if !from.is_dir() {
        return Ok(0);
    }
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            count += copy_files(&entry.path(), &target)?;
        } else {
            private::copy(&entry.path(), &target)?;
            count += 1;
        }
    }
    Ok(count)
}
