//! What whoever runs the platform must know of it, gathered for the page 运行状况 and for `xiaoan doctor`.

use std::path::Path;

use administration::condition::{Backup, Backups, Condition, Database, Survey};
use journal::{ChainHead, Identity};
use kernel::Problem;
use storage::{Location, Tx};

use crate::{
    backups::{Kept, Nightly},
    settings::Settings,
};

/// Looks at what the settings name.
#[derive(Clone, Debug)]
pub(crate) struct Looker(pub Settings);

impl Survey for Looker {
    fn look(&self, tx: &mut Tx) -> Result<Condition, Problem> {
        let settings = &self.0;
        let events = match Identity::load(tx)? {
            Some(identity) => ChainHead::load(tx, identity)?.position,
            None => 0,
        };
        Ok(Condition {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            database: match settings.location() {
                Location::Sqlite(file) => Database::Embedded(bytes(&file)),
                Location::Postgres { .. } => Database::Server,
            },
            free_bytes: free(&settings.data),
            events,
            last_event: journal::recorded_last(tx)?,
            has_key: settings.key_path().is_file(),
            backups: match (&settings.backup, &settings.postgres) {
                (Some(nightly), _) => kept(nightly),
                (None, Some(_)) => Backups::Server,
                (None, None) => Backups::None,
            },
        })
    }
}

/// Of the database and the log beside it.
fn bytes(file: &Path) -> u64 {
    let log = file.with_extension("db-wal");
    [file, &log].iter().filter_map(|path| std::fs::metadata(path).ok()).map(|about| about.len()).sum()
}

#[cfg(unix)]
fn free(data: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(data).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

fn kept(nightly: &Nightly) -> Backups {
    let (kept, unread) = match Kept::all(&nightly.folder) {
        Ok(kept) => (kept, None),
        Err(error) => (Vec::new(), Some(format!("{error:#}"))),
    };
    let told = |kept: Kept| Backup {
        name: kept.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        made_at: kept.manifest.made_at,
        events: kept.manifest.events,
        files: kept.manifest.files,
        trial: kept.trial.map(|trial| (trial.tried_at, trial.wrong)),
    };
    Backups::Nightly {
        at: nightly.at.clone(),
        keep: nightly.keep,
        kept: kept.into_iter().map(told).collect(),
        unread,
    }
}
