//! A backup every night, tried out, and the oldest ones removed.

use std::{
    fs,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use kernel::{Clock, Timestamp};
use serde::Deserialize;

use super::{Manifest, Trial, make, try_out};
use crate::{platform::Platform, private, settings::Settings};

/// How often it is looked whether one is due.
const EVERY: Duration = Duration::from_secs(60);
/// How long after a failure it is tried again, in milliseconds.
const AGAIN_MS: i64 = 3_600_000;
/// What the folder of a backup is called until all of it is there.
const PARTIAL: &str = ".making-";

/// What the settings say of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nightly {
    /// Where backups lie, each in a folder of its own; on another disk than the data.
    pub folder: PathBuf,
    /// When, `HH:MM` of the platform's zone.
    #[serde(default = "half_past_two")]
    pub at: String,
    /// How many stay.
    #[serde(default = "a_fortnight")]
    pub keep: usize,
}

fn half_past_two() -> String {
    "02:30".to_owned()
}

const fn a_fortnight() -> usize {
    14
}

impl Nightly {
    /// Refuses what cannot work.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn check(&self, settings: &Settings) -> Result<()> {
        self.time().with_context(|| format!("backup.at must be a time of day as 02:30, not {}", self.at))?;
        if self.keep == 0 {
            bail!("backup.keep must be at least 1: no backup would be there");
        }
        if settings.postgres.is_some() {
            bail!(
                "[backup] copies the embedded database; a PostgreSQL platform is backed up with pg_dump, leave it out"
            );
        }
        if self.folder.starts_with(&settings.data) {
            bail!(
                "backup.folder must not lie in the data directory: what takes the one would take the other"
            );
        }
        Ok(())
    }

    fn time(&self) -> Option<jiff::civil::Time> {
        let (hour, minute) = self.at.split_once(':')?;
        jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    }

    /// The last time at which one was due.
    fn due_last(&self, now: Timestamp) -> Option<Timestamp> {
        let time = self.time()?;
        let today = now.local_date();
        let into_day = i64::from(time.hour()) * 3_600_000 + i64::from(time.minute()) * 60_000;
        let at = |day: kernel::Date| Some(Timestamp::at_start_of(day).plus_ms(into_day));
        let due = at(today)?;
        if due <= now { Some(due) } else { at(today.yesterday().ok()?) }
    }
}

/// A backup that is there.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Its folder.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// How putting it back went; `None` when nobody tried.
    pub trial: Option<Trial>,
}

impl Kept {
    /// Those in a folder, newest first. What is no backup is passed over.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Self>> {
        let mut kept = Vec::new();
        if !folder.exists() {
            return Ok(kept);
        }
        for entry in folder.read_dir().with_context(|| format!("{}", folder.display()))? {
            let path = entry?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if let Some(manifest) = Manifest::read(&path).ok().filter(|_| !hidden) {
                kept.push(Self { trial: Trial::of(&path), path, manifest });
            }
        }
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.manifest.made_at));
        Ok(kept)
    }

    fn is_sound(&self) -> bool {
        self.trial.as_ref().is_some_and(Trial::is_sound)
    }
}

/// What makes them, beside the pages.
pub(crate) struct NightlyBackup {
    settings: Settings,
    nightly: Nightly,
    clock: Arc<dyn Clock>,
    failed_at: Option<Timestamp>,
}

impl NightlyBackup {
    /// Nothing where the settings ask for none.
    pub(crate) fn of(platform: &Platform, settings: &Settings) -> Option<Self> {
        Some(Self {
            settings: settings.clone(),
            nightly: settings.backup.clone()?,
            clock: Arc::clone(&platform.clock),
            failed_at: None,
        })
    }

    /// Looks every minute until `shutdown` is ready. One that is being made then is given up: what was begun lies under
    /// another name and is removed by the next.
    pub(crate) async fn run(mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            let now = self.clock.now();
            if !self.is_due(now) {
                continue;
            }
            let (settings, nightly) = (self.settings.clone(), self.nightly.clone());
            let making = tokio::task::spawn_blocking(move || round(&settings, &nightly, now));
            let done = tokio::select! {
                () = &mut shutdown => return,
                done = making => done.map_err(anyhow::Error::from).and_then(|done| done),
            };
            self.failed_at = done.as_ref().err().map(|_| now);
            match done {
                Ok(kept) if kept.is_sound() => {
                    tracing::info!(folder = %kept.path.display(), events = kept.manifest.events, "backed up, and tried out");
                }
                Ok(kept) => tracing::error!(folder = %kept.path.display(), "the backup does not add up"),
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "no backup; tried again in an hour")
                }
            }
        }
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let Some(due) = self.nightly.due_last(now) else { return false };
        let waits = self.failed_at.is_some_and(|failed| now.since_ms(failed) < AGAIN_MS);
        // A folder that cannot be read is told by the attempt.
        let newest = Kept::all(&self.nightly.folder).ok().and_then(|kept| kept.into_iter().next());
        !waits && newest.is_none_or(|newest| newest.manifest.made_at < due)
    }
}

/// Makes one, tries it out, removes the oldest.
fn round(settings: &Settings, nightly: &Nightly, now: Timestamp) -> Result<Kept> {
    private::folder(&nightly.folder)?;
    let name = now.local().strftime("%Y-%m-%dT%H%M").to_string();
    let path = nightly.folder.join(&name);
    let partial = nightly.folder.join(format!("{PARTIAL}{name}"));
    for left in nightly.folder.read_dir()? {
        let left = left?;
        if left.file_name().to_string_lossy().starts_with(PARTIAL) {
            fs::remove_dir_all(left.path())?;
        }
    }
    let manifest = make(settings, &partial, now)?;
    fs::rename(&partial, &path).with_context(|| format!("{} cannot be named", path.display()))?;
    let trial = Some(try_out(settings, &path, now)?);
    prune(nightly)?;
    Ok(Kept { path, manifest, trial })
}

/// The newest stay, and the newest of those that could be put back whatever its age.
fn prune(nightly: &Nightly) -> Result<()> {
    let kept = Kept::all(&nightly.folder)?;
    let newest_sound = kept.iter().find(|kept| kept.is_sound()).map(|kept| kept.path.clone());
    for old in kept.iter().skip(nightly.keep).filter(|old| newest_sound.as_ref() != Some(&old.path)) {
        fs::remove_dir_all(&old.path).with_context(|| format!("{} cannot be removed", old.path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::{FixedClock, IdSource};

    use super::*;
    use crate::platform::{Founding, Opening};

    /// 2026-09-09 09:00 in China.
    const NOW: Timestamp = Timestamp(1_788_915_600_000);
    const DAY: i64 = Timestamp::DAY_MS;

    fn nightly(folder: &Path) -> Nightly {
        Nightly { folder: folder.to_owned(), at: "02:30".to_owned(), keep: 2 }
    }

    fn founded(place: &Path) -> (Settings, Platform) {
        let backup = Some(nightly(&place.join("copies")));
        let settings = Settings { data: place.join("a"), backup, ..Settings::default() };
        let clock = Arc::new(FixedClock::new(NOW));
        let opening = Opening { clock, ids: Arc::new(IdSource::seeded(3)), found: Some(Founding::Real) };
        let platform = Platform::open(&settings, opening).unwrap();
        (settings, platform)
    }

    #[test]
    fn one_is_due_once_a_night_and_an_hour_after_a_failure() {
        let place = tempfile::tempdir().unwrap();
        let (settings, platform) = founded(place.path());
        let mut beside = NightlyBackup::of(&platform, &settings).unwrap();
        assert!(beside.is_due(NOW), "there is none yet");
        beside.failed_at = Some(NOW);
        assert!(!beside.is_due(NOW.plus_ms(AGAIN_MS - 1)) && beside.is_due(NOW.plus_ms(AGAIN_MS)));
        beside.failed_at = None;
        let kept = round(&settings, &beside.nightly, NOW).unwrap();
        assert!(kept.is_sound() && kept.manifest.events == kept.trial.as_ref().unwrap().events, "{kept:?}");
        let half_past_two = NOW.plus_ms(DAY - 6 * 3_600_000 - 30 * 60_000);
        assert!(!beside.is_due(half_past_two.plus_ms(-1)) && beside.is_due(half_past_two));
    }

    #[test]
    fn the_newest_stay_and_the_newest_that_can_be_put_back() {
        let place = tempfile::tempdir().unwrap();
        let (settings, _platform) = founded(place.path());
        let many = Nightly { keep: 5, ..settings.backup.clone().unwrap() };
        fs::create_dir_all(many.folder.join(format!("{PARTIAL}left"))).unwrap();
        fs::create_dir_all(many.folder.join("somebody's own")).unwrap();
        let sound = round(&settings, &many, NOW).unwrap();
        let damaged = [1, 2].map(|day| {
            let kept = round(&settings, &many, NOW.plus_ms(day * DAY)).unwrap();
            // As a disk might: what it says of itself is no longer what it is.
            let list = kept.path.join("backup.json");
            let said = fs::read_to_string(&list).unwrap().replace(&kept.manifest.head, &"7".repeat(64));
            fs::write(&list, said).unwrap();
            let trial = try_out(&settings, &kept.path, NOW).unwrap();
            assert!(trial.wrong.iter().any(|line| line.contains("altered")), "{trial:?}");
            kept.path
        });
        prune(&Nightly { keep: 1, ..many.clone() }).unwrap();
        let kept: Vec<PathBuf> = Kept::all(&many.folder).unwrap().into_iter().map(|kept| kept.path).collect();
        assert_eq!(kept, [damaged[1].clone(), sound.path], "the newest, and the newest that is sound");
        let left: Vec<_> = many.folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 3, "somebody else's folder, and nothing that lies about: {left:?}");
    }

    #[test]
    fn what_cannot_work_is_refused_in_the_settings() {
        let refused = |lines: &str| format!("{:#}", Settings::parse(lines).unwrap_err());
        for (lines, words) in [
            ("[backup]\nfolder = \"x\"\nat = \"25:00\"", "time of day"),
            ("[backup]\nfolder = \"x\"\nkeep = 0", "at least 1"),
            ("[backup]\nfolder = \"xiaoan-data/copies\"", "data directory"),
            ("[backup]\nfolder = \"x\"\n[postgres]\nurl = \"postgres://x@h/d\"", "pg_dump"),
            ("[backup]\nfolder = \"x\"\nevery = 1", "every"),
        ] {
            assert!(refused(lines).contains(words), "{lines}: {}", refused(lines));
        }
        assert_eq!(Settings::parse("[backup]\nfolder = \"x\"").unwrap().backup.unwrap().keep, 14);
    }
}
