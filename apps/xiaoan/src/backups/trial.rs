//! Whether a backup can be put back: tried on a copy, before anybody needs it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use journal::{ChainHead, Identity};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use storage::{Database, Location};

use super::{COPY, Manifest};
use crate::{cli::faults, private, settings::Settings};

/// The file that says how it went.
const TOLD: &str = "trial.json";
/// Lines that are kept; the log of the program has all of them.
const LINES: usize = 20;

/// How putting a backup back went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trial {
    /// When it was tried.
    pub tried_at: Timestamp,
    /// Events that were read and compared.
    pub events: u64,
    /// Photos that were read and compared.
    pub photos: usize,
    /// What does not add up, the first lines; none when it does.
    pub wrong: Vec<String>,
}

impl Trial {
    /// As it was told last in the folder of a backup.
    pub(crate) fn of(backup: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(backup.join(TOLD)).ok()?).ok()
    }

    /// Everything adds up.
    pub(crate) fn is_sound(&self) -> bool {
        self.wrong.is_empty()
    }
}

/// A folder that goes with its owner, whatever happens on the way.
struct Aside(PathBuf);

impl Drop for Aside {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "what a backup was tried in could not be removed");
        }
    }
}

/// Puts the database of a backup back beside it, as `restore` does, reads it whole and compares it, compares its
/// photos, and writes down how it went. The backup itself is only read.
///
/// # Errors
/// The disk; what is wrong with the backup is no error and told in the answer.
pub(crate) fn try_out(settings: &Settings, backup: &Path, now: Timestamp) -> Result<Trial> {
    let mut trial = Trial { tried_at: now, events: 0, photos: 0, wrong: Vec::new() };
    if let Err(error) = put_back(settings, backup, &mut trial) {
        trial.wrong.push(format!("{error:#}"));
    }
    trial
        .wrong
        .iter()
        .for_each(|line| tracing::warn!(backup = %backup.display(), line, "a backup does not add up"));
    trial.wrong.truncate(LINES);
    let told = backup.join(TOLD);
    if told.exists() {
        fs::remove_file(&told)?;
    }
    let file = private::file(&told)?;
    serde_json::to_writer_pretty(&file, &trial)?;
    file.sync_all()?;
    Ok(trial)
}

fn put_back(settings: &Settings, backup: &Path, trial: &mut Trial) -> Result<()> {
    let manifest = Manifest::read(backup)?;
    let name = backup.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let aside = Aside(backup.with_file_name(format!(".trial-{name}")));
    if aside.0.exists() {
        fs::remove_dir_all(&aside.0)?;
    }
    private::folder(&aside.0)?;
    let target = aside.0.join(COPY);
    private::copy(&backup.join(COPY), &target)?;
    drop(private::file(&target.with_extension("lock"))?);
    let database = Database::new(Location::Sqlite(target))?;
    let _lease = database.lease()?;
    let mut tx = database.writer()?;
    if let Some(damage) = tx.damage()? {
        trial.wrong.push(format!("the copy of the database is damaged and cannot be read whole ({damage})"));
        return Ok(());
    }
    storage::migrate(&mut tx, crate::platform::MIGRATIONS)?;
    let identity = Identity::load(&mut tx)?.context("the backup holds no platform")?;
    let head = ChainHead::load(&mut tx, identity)?;
    trial.events = head.position;
    if kernel::hex::write(head.local) != manifest.head {
        trial.wrong.push("the backup was altered: its head is not the one that its own list says".to_owned());
    }
    trial.wrong.extend(faults::in_copy(&mut tx, settings)?);
    let (photos, wrong) = faults::photos(&mut tx, backup)?;
    trial.photos = photos;
    trial.wrong.extend(wrong);
    Ok(())
}
