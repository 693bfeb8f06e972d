//! `xiaoan backup`, `xiaoan restore`, `xiaoan restored`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use journal::{ChainHead, Identity};
use kernel::{Clock, SystemClock};
use storage::{Database, Location};

use super::{
    Ended, SettingsArgs,
    check::problem,
    faults,
    restored::{Restored, begin_again},
    say,
};
use crate::{
    backups::{self, Manifest, copy_files},
    private,
    settings::Settings,
};

/// Copy a platform, also while it is running. The key file is not copied: keep it apart.
#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Folder to make; it may not exist yet
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Put a backup back in a new data directory, as a new epoch.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// The backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Put it back although it is damaged; the exit code is 3 all the same
    #[arg(long)]
    although_damaged: bool,
}

pub(super) fn backup(args: &BackupArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    let manifest = backups::make(&settings, &args.to, SystemClock.now())?;
    say(&format!("{} events, {} files of photos, head {}", manifest.events, manifest.files, manifest.head));
    say(&format!("keep the key file {} too, in another place", settings.key_path().display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(args: &RestoreArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    let Location::Sqlite(_) = settings.location() else {
        bail!(
            "a backup folder is restored into an embedded database; leave [postgres] out of the settings. \
             After pg_restore, call `xiaoan restored`"
        );
    };
    let manifest = Manifest::read(&args.from)?;
    if settings.data.exists() && settings.data.read_dir()?.next().is_some() {
        bail!("{} is not empty; restore into a new folder", settings.data.display());
    }
    // Under another name until all of it is there: what broke off on the way is never taken for a platform.
    let partial = partial(&settings.data);
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    let restored = match restore_into(&partial, args, &settings, &manifest) {
        Ok(restored) => restored,
        Err(error) => {
            fs::remove_dir_all(&partial)?;
            return Err(error);
        }
    };
    if settings.data.exists() {
        fs::remove_dir(&settings.data)?;
    }
    fs::rename(&partial, &settings.data)?;
    restored.say();
    if !settings.key_path().exists() {
        say(&format!("put the key file at {} before serving", settings.key_path().display()));
    }
    Ok(restored.code())
}

fn partial(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    data.with_file_name(name)
}

/// Copies, compares, and opens the new epoch; says whether everything is there and whole.
fn restore_into(
    place: &Path,
    args: &RestoreArgs,
    settings: &Settings,
    manifest: &Manifest,
) -> Result<Restored> {
    let from = &args.from;
    private::folder(place)?;
    let target = place.join("xiaoan.db");
    private::copy(&from.join("xiaoan.db"), &target)?;
    let files = copy_files(&from.join("files"), &place.join("files"))?;
    // The file that says who writes, which would else be open to all.
    drop(private::file(&target.with_extension("lock"))?);
    let database = Database::new(Location::Sqlite(target))?;
    let _lease = database.lease()?;
    let mut tx = database.writer().map_err(|error| torn(from, &error))?;
    if let Some(damage) = tx.damage().map_err(|error| torn(from, &error))? {
        return Err(torn(from, &damage));
    }
    storage::migrate(&mut tx, crate::platform::MIGRATIONS)?;
    let identity = Identity::load(&mut tx)?.context("the backup holds no platform")?;
    let head = ChainHead::load(&mut tx, identity)?;
    let found: String = kernel::hex::write(head.local);
    if found != manifest.head {
        return Err(Ended::found(format!(
            "the backup was altered: its head is {found}, its own list says {}; nothing was put back",
            manifest.head
        )));
    }
    let whole = faults::adds_up(&mut tx, settings)?;
    if !whole && !args.although_damaged {
        return Err(Ended::found(format!(
            "{} is damaged, see above: nothing was put back. Take another backup; if there is none, \
             --although-damaged puts this one back as it is",
            from.display()
        )));
    }
    let mut restored = begin_again(&mut tx, place)?;
    restored.sound &= whole;
    if files != manifest.files {
        problem(&format!("{files} files of photos are in the backup, its own list says {}", manifest.files));
        restored.sound = false;
    }
    Ok(restored)
}

/// A file that the database itself cannot read through.
fn torn(from: &Path, damage: &dyn std::fmt::Display) -> anyhow::Error {
    Ended::found(format!(
        "the database in {} is damaged and cannot be read whole ({damage}): nothing was put back. Take another backup",
        from.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{FixedClock, IdSource, Timestamp};

    use super::*;
    use crate::{
        platform::{Founding, Opening, Platform},
        settings::Settings,
    };

    fn arguments(data: &Path) -> SettingsArgs {
        SettingsArgs { settings: None, data: Some(data.to_owned()) }
    }

    fn put_back(data: &Path, from: PathBuf) -> RestoreArgs {
        RestoreArgs { settings: arguments(data), from, although_damaged: false }
    }

    fn open(data: &Path, found: Option<Founding>) -> Platform {
        let settings = Settings { data: data.to_owned(), ..Settings::default() };
        let clock = Arc::new(FixedClock::new(Timestamp(1_788_915_600_000)));
        Platform::open(&settings, Opening { clock, ids: Arc::new(IdSource::seeded(3)), found }).unwrap()
    }

    #[test]
    fn a_restore_is_a_new_epoch_that_names_what_it_continues() {
        let place = tempfile::tempdir().unwrap();
        let (data, copy, again) = (place.path().join("a"), place.path().join("b"), place.path().join("c"));
        signed_in(open(&data, Some(Founding::Real)));
        fs::create_dir_all(data.join("files/aa")).unwrap();
        fs::write(data.join("files/aa/photo"), b"picture").unwrap();
        backup(&BackupArgs { settings: arguments(&data), to: copy.clone() }).unwrap();
        assert!(
            backup(&BackupArgs { settings: arguments(&data), to: copy.clone() }).is_err(),
            "never overwrites"
        );
        restore(&put_back(&again, copy.clone())).unwrap();
        assert_eq!(fs::read(again.join("files/aa/photo")).unwrap(), b"picture");
        fs::copy(place.path().join("a.key"), place.path().join("c.key")).unwrap();
        let platform = open(&again, None);
        let epoch = platform.handle.identity().epoch;
        let mut tx = platform.database.reader().unwrap();
        let known = journal::epochs(&mut tx).unwrap();
        assert_eq!(known.iter().map(|epoch| epoch.number).collect::<Vec<_>>(), [epoch]);
        assert!(epoch > 1);
        assert_eq!(tx.count("SELECT count(*) FROM session", &[]).unwrap(), 0, "nobody is signed in");
        assert!(restore(&put_back(&again, copy)).is_err(), "never into data");
    }

    /// Folders and files below a folder that somebody else on the machine could open.
    #[cfg(unix)]
    fn open_to_others(folder: &Path) -> Vec<PathBuf> {
        use std::os::unix::fs::PermissionsExt;
        let mut found = Vec::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(path) = waiting.pop() {
            let about = fs::metadata(&path).unwrap();
            if about.permissions().mode() & 0o077 != 0 {
                found.push(path.clone());
            }
            if about.is_dir() {
                waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
        found
    }

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_for_its_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let (data, copy, again) = (place.path().join("a"), place.path().join("b/b"), place.path().join("c"));
        drop(open(&data, Some(Founding::Real)));
        // A photo that others may read, as an older release or a careless hand left it.
        fs::create_dir_all(data.join("files/aa")).unwrap();
        fs::write(data.join("files/aa/photo"), b"picture").unwrap();
        backup(&BackupArgs { settings: arguments(&data), to: copy.clone() }).unwrap();
        assert_eq!(open_to_others(&place.path().join("b")), Vec::<PathBuf>::new());
        restore(&put_back(&again, copy)).unwrap();
        assert_eq!(open_to_others(&again), Vec::<PathBuf>::new());
    }

    fn signed_in(platform: Platform) {
        let new = access::NewSession {
            account: platform.ids.new_id(&*platform.clock),
            kind: access::SessionKind::Device,
            stage: access::SessionStage::Full,
            second_factor: false,
            agent: "phone".to_owned(),
            address: String::new(),
        };
        let (ids, now) = (Arc::clone(&platform.ids), platform.clock.now());
        access::operate(&platform.handle, move |tx| access::open_session(tx, &ids, &new, now)).unwrap();
    }

    fn backed_up(place: &Path) -> (PathBuf, PathBuf) {
        let (data, copy) = (place.join("a"), place.join("b"));
        drop(open(&data, Some(Founding::Real)));
        backup(&BackupArgs { settings: arguments(&data), to: copy.clone() }).unwrap();
        (copy, place.join("c"))
    }

    #[test]
    fn an_altered_backup_leaves_no_platform_and_the_right_one_is_restored_after_it() {
        let place = tempfile::tempdir().unwrap();
        let (copy, again) = backed_up(place.path());
        let list = copy.join("backup.json");
        let right = fs::read_to_string(&list).unwrap();
        let head: serde_json::Value = serde_json::from_str(&right).unwrap();
        fs::write(&list, right.replace(head["head"].as_str().unwrap(), &"7".repeat(64))).unwrap();
        let args = put_back(&again, copy);
        let error = restore(&args).unwrap_err();
        assert!(error.to_string().contains("was altered"), "{error:#}");
        assert!(!again.exists(), "nothing that could be served");
        fs::write(&list, right).unwrap();
        restore(&args).unwrap();
        assert!(again.join("xiaoan.db").exists() && !partial(&again).exists());
    }

    #[test]
    fn a_missing_photo_is_told() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a");
        drop(open(&data, Some(Founding::Real)));
        fs::create_dir_all(data.join("files/aa")).unwrap();
        fs::write(data.join("files/aa/photo"), b"picture").unwrap();
        let copy = place.path().join("b");
        backup(&BackupArgs { settings: arguments(&data), to: copy.clone() }).unwrap();
        fs::remove_file(copy.join("files/aa/photo")).unwrap();
        let told = restore(&put_back(&place.path().join("c"), copy)).unwrap();
        assert_eq!(format!("{told:?}"), format!("{:?}", ExitCode::from(crate::cli::check::FOUND)));
    }

    #[test]
    fn data_without_their_key_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a");
        drop(open(&data, Some(Founding::Real)));
        fs::remove_file(place.path().join("a.key")).unwrap();
        let settings = Settings { data, ..Settings::default() };
        let clock = Arc::new(FixedClock::new(Timestamp(0)));
        let opening = Opening { clock, ids: Arc::new(IdSource::seeded(3)), found: Some(Founding::Real) };
        let error = Platform::open(&settings, opening).err().unwrap();
        assert!(format!("{error:#}").contains("key file"), "{error:#}");
    }

    #[test]
    fn data_with_another_key_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a");
        drop(open(&data, Some(Founding::Real)));
        let key = place.path().join("a.key");
        let right = fs::read_to_string(&key).unwrap();
        fs::write(&key, "07".repeat(32)).unwrap();
        let settings = Settings { data: data.clone(), ..Settings::default() };
        let opening = Opening {
            clock: Arc::new(FixedClock::new(Timestamp(1_788_915_600_000))),
            ids: Arc::new(IdSource::seeded(4)),
            found: None,
        };
        let error = Platform::open(&settings, opening).err().unwrap();
        assert!(format!("{error:#}").contains("is not the key file of this platform"), "{error:#}");
        fs::write(&key, right).unwrap();
        drop(open(&data, None));
    }
}
