//! `xiaoan restored`, and what every restore comes to: a new epoch, and nobody signed in.

use std::{path::Path, process::ExitCode};

use access::EndedSessions;
use anyhow::{Context, Result, bail};
use journal::{ChainHead, Identity};
use kernel::{IdSource, SystemClock};
use storage::{Database, Location, Tx};

use super::{SettingsArgs, say};

/// Say that the database was put back by its own tools, such as pg_restore. Opens a new epoch that names the head it
/// continues from, and ends every session and every binding of a phone. The platform must be stopped. Every call opens
/// one more epoch: call it once after each restore, before serving.
#[derive(Debug, clap::Args)]
pub(super) struct RestoredArgs {
    #[command(flatten)]
    settings: SettingsArgs,
}

/// What a restore came to.
#[derive(Debug)]
pub(super) struct Restored {
    /// The platform in its new epoch.
    identity: Identity,
    /// The last event it continues from.
    events: u64,
    ended: EndedSessions,
    /// Every photo is there and whole.
    pub(super) sound: bool,
}

impl Restored {
    pub(super) fn say(&self) {
        say(&format!("restored {} events as epoch {}", self.events, self.identity.epoch));
        let EndedSessions { ordinary, phones } = self.ended;
        say(&format!("ended {ordinary} sessions and {phones} bindings of phones; everybody signs in again"));
    }

    pub(super) fn code(&self) -> ExitCode {
        if self.sound { ExitCode::SUCCESS } else { ExitCode::from(super::check::FOUND) }
    }
}

/// Reads the photos, ends what was ended after the backup was made, and opens the new epoch. The caller holds the
/// writer's lease.
pub(super) fn begin_again(tx: &mut Tx, place: &Path) -> Result<Restored> {
    let old = Identity::load(tx)?.context("there is no platform to continue")?;
    let events = ChainHead::load(tx, old)?.position;
    let sound = super::check::files(tx, place)?;
    // A phone that was unbound after the backup was made must not be bound again.
    let ended = access::end_every_session(tx)?;
    let identity = journal::open_epoch(tx, &SystemClock, &IdSource::from_os())?;
    Ok(Restored { identity, events, ended, sound })
}

pub(super) fn run(args: &RestoredArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    let database = Database::new(settings.location())?;
    let restored = in_place(&database, &settings.data)?;
    restored.say();
    if !settings.key_path().exists() {
        say(&format!("put the key file at {} before serving", settings.key_path().display()));
    }
    Ok(restored.code())
}

fn in_place(database: &Database, data: &Path) -> Result<Restored> {
    holds_a_platform(database)?;
    let _lease = database
        .lease()
        .context("the platform is being served, or another command writes to it: stop it first")?;
    let mut tx = database.writer()?;
    storage::migrate(&mut tx, crate::platform::MIGRATIONS)?;
    begin_again(&mut tx, data)
}

/// Asked of a reader, which makes nothing where there is nothing.
fn holds_a_platform(database: &Database) -> Result<()> {
    let place = match database.location() {
        Location::Sqlite(file) if !file.exists() => bail!("{} is not there", file.display()),
        Location::Sqlite(file) => file.display().to_string(),
        Location::Postgres { schema, .. } => format!("the schema {schema}"),
    };
    let mut tx = database.reader().with_context(|| format!("{place} cannot be read"))?;
    let known = Identity::load(&mut tx).ok().flatten();
    known.map(|_| ()).with_context(|| format!("{place} holds no platform: put the database back first"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{Clock, FixedClock, Timestamp};
    use test_support::both_databases;

    use super::*;

    const NOW: Timestamp = Timestamp(1_788_915_600_000);

    /// A platform as pg_restore leaves it: with whoever was signed in when the dump was made.
    fn put_back(db: &test_support::TestDb) {
        let _lease = db.database().lease().unwrap();
        let mut tx = db.database().writer().unwrap();
        let (clock, ids) = (FixedClock::new(NOW), IdSource::seeded(3));
        storage::migrate(&mut tx, crate::platform::MIGRATIONS).unwrap();
        Identity::load_or_found(&mut tx, &clock, &ids, false).unwrap();
        tx.begin().unwrap();
        for kind in [access::SessionKind::Ordinary, access::SessionKind::Device, access::SessionKind::Device]
        {
            let new = access::NewSession {
                account: ids.new_id(&clock),
                kind,
                stage: access::SessionStage::Full,
                second_factor: false,
                agent: "browser".to_owned(),
                address: String::new(),
            };
            access::open_session(&mut tx, &ids, &new, clock.now()).unwrap();
        }
        tx.commit().unwrap();
    }

    both_databases! {
        fn a_database_put_back_by_its_own_tools_goes_on_in_a_new_epoch(db: TestDb) {
            put_back(&db);
            let restored = in_place(db.database(), db.directory()).unwrap();
            assert_eq!(restored.ended, EndedSessions { ordinary: 1, phones: 2 });
            assert!(restored.sound && restored.identity.epoch > 1);
            let mut tx = db.database().reader().unwrap();
            let epochs: Vec<u32> = journal::epochs(&mut tx).unwrap().iter().map(|epoch| epoch.number).collect();
            assert_eq!(epochs, [restored.identity.epoch]);
            assert_eq!(Identity::load(&mut tx).unwrap(), Some(restored.identity));
            assert_eq!(tx.count("SELECT count(*) FROM session", &[]).unwrap(), 0);
            drop(tx);
            let again = in_place(db.database(), db.directory()).unwrap();
            assert_eq!(again.ended, EndedSessions { ordinary: 0, phones: 0 });
            assert!(again.identity.epoch > restored.identity.epoch);
        }
    }

    both_databases! {
        fn a_platform_that_is_served_or_is_not_there_is_left_alone(db: TestDb) {
            let error = in_place(db.database(), db.directory()).unwrap_err();
            let told = format!("{error:#}");
            assert!(told.contains("holds no platform") || told.contains("is not there"), "{told}");
            put_back(&db);
            let lease = db.database().lease().unwrap();
            let error = in_place(db.database(), db.directory()).unwrap_err();
            assert!(format!("{error:#}").contains("stop it first"), "{error:#}");
            let mut tx = db.database().reader().unwrap();
            assert_eq!(tx.count("SELECT count(*) FROM session", &[]).unwrap(), 3, "nothing was done");
            assert_eq!(journal::epochs(&mut tx).unwrap().len(), 0);
            drop(lease);
        }
    }

    #[test]
    fn the_command_works_on_the_settings_it_is_given() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a");
        let words = ["restored", "--data", data.to_str().unwrap()];
        assert!(super::super::called(&words).is_err(), "there is nothing yet");
        assert!(!data.exists(), "and nothing was made");
        let settings = crate::settings::Settings { data: data.clone(), ..Default::default() };
        let opening = crate::platform::Opening {
            clock: Arc::new(FixedClock::new(NOW)),
            ids: Arc::new(IdSource::seeded(3)),
            found: Some(crate::platform::Founding::Real),
        };
        let platform = crate::platform::Platform::open(&settings, opening).unwrap();
        assert!(super::super::called(&words).is_err(), "it is being served");
        drop(platform);
        let code = super::super::called(&words).unwrap();
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
    }
}
