//! A platform: data directory, key, database, rules, writer, readers.

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use access::RoleBook;
use accountability::{Case, CaseCommand, Clarification, ClarificationCommand};
use adjustment::{Adjustment, InForce, Ruling};
use administration::{
    AccountsExport, AuditExport, PeopleExport, ReadsExport, SentExport, SignInsExport, UnitsExport,
};
use anyhow::{Context, Result, anyhow};
use attachments::Store;
use exports::{ExportParts, ExportRunner, Exports};
use hazard::{Hazard, HazardExport};
use journal::{Engine, EngineBuilder, Handle, Identity, Vault};
use kernel::{Clock, IdSource, Steadiness, Timestamp, limits};
use places::Place;
use public_report::{PublicReport, PublicReportCommand};
use rules::RuleBook;
use storage::{Database, Lane, MigrationSet, Readers, StorageError};
use supervision::{Supervision, SupervisionCommand};
use transfer::{Transfer, TransferCommand};

use crate::{keys, private, router::sentences, settings::Settings};

/// Connections that serve pages.
const READERS: usize = 4;

/// Every room's tables, in the order they are made.
pub const MIGRATIONS: &[MigrationSet] = &[
    journal::MIGRATIONS,
    organisation::MIGRATIONS,
    access::MIGRATIONS,
    attachments::MIGRATIONS,
    hazard::MIGRATIONS,
    supervision::MIGRATIONS,
    transfer::MIGRATIONS,
    accountability::MIGRATIONS,
    adjustment::MIGRATIONS,
    places::MIGRATIONS,
    public_report::MIGRATIONS,
    guards::MIGRATIONS,
    // After the room its table lay in before.
    exports::MIGRATIONS,
    intake::MIGRATIONS,
    restricted::MIGRATIONS,
    notify::MIGRATIONS,
];

/// A running platform. Dropping it stops the writer.
pub struct Platform {
    /// The database.
    pub database: Database,
    /// The way to ask the writer.
    pub handle: Handle,
    /// The way to read.
    pub readers: Readers,
    /// For names and telephones.
    pub vault: Arc<Vault>,
    /// Photos.
    pub store: Arc<Store>,
    /// The rules in force.
    pub rules: Arc<RwLock<RuleBook>>,
    /// The way to put others in their place.
    ruling: Ruling,
    /// Lists that are written to files.
    pub exports: Arc<Exports>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether it may be believed.
    pub steadiness: Arc<Steadiness>,
    /// Ids and random bytes.
    pub ids: Arc<IdSource>,
    /// Signs form tokens.
    pub csrf_secret: [u8; 32],
    /// Last, so that everything above lets go of the writer first.
    _engine: Engine,
}

/// How a platform is opened.
pub struct Opening {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and random bytes.
    pub ids: Arc<IdSource>,
    /// Founds one when there is none, with or without demonstration data; otherwise there must be one.
    pub found: Option<Founding>,
}

/// What kind of platform is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founding {
    /// For real work.
    Real,
    /// With demonstration data.
    Demonstration,
}

impl Platform {
    /// Opens a data directory, or founds one.
    ///
    /// # Errors
    /// In words: no data, no key, another process writing, a changed migration.
    pub fn open(settings: &Settings, opening: Opening) -> Result<Self> {
        let Opening { clock, ids, found } = opening;
        prepare_directory(&settings.data, found.is_some())?;
        let database = Database::new(settings.location())?;
        let lease = database.lease().context("the platform cannot be opened for writing")?;
        let mut tx = database.writer()?;
        let key = key(settings, &mut tx, found.is_some())?;
        for applied in storage::migrate(&mut tx, MIGRATIONS)? {
            tracing::info!(%applied, "migrated");
        }
        let identity = match (Identity::load(&mut tx)?, found) {
            (Some(identity), _) => identity,
            (None, Some(kind)) => {
                Identity::load_or_found(&mut tx, &*clock, &ids, kind == Founding::Demonstration)?
            }
            (None, None) => {
                return Err(anyhow!(
                    "{} holds no platform; begin with `xiaoan init`",
                    settings.data.display()
                ));
            }
        };
        let base = embedded_rules()?;
        let rules = Arc::new(RwLock::new(base.clone()));
        let vault = Arc::new(Vault::new(&key));
        if !journal::key_fits(&mut tx, &vault, identity)? {
            return Err(anyhow!(
                "{} is not the key file of this platform: no name could be read, and what is written with it would be lost",
                settings.key_path().display()
            ));
        }
        let builder = builder(Arc::clone(&vault), Arc::clone(&rules));
        if builder.needs_rebuild(&mut tx)? {
            tracing::info!("records have another shape: making them again from what was recorded");
            tx.begin()?;
            journal::rebuild(&mut tx, &builder, &ids, &|count| tracing::info!(count, "rebuilt"))?;
            tx.commit()?;
        }
        let ruled = ruled(&mut tx, &base, clock.now())?;
        *rules.write().unwrap_or_else(std::sync::PoisonError::into_inner) = ruled.book;
        let ruling = Ruling::new(base, Arc::clone(&rules));
        drop(tx);
        let engine = builder.start(&database, lease, Arc::clone(&clock), Arc::clone(&ids))?;
        let store = Store::open(&settings.data).map_err(|e| anyhow!("{e}"))?;
        store.clear_incoming().map_err(|e| anyhow!("{e}"))?;
        Ok(Self {
            handle: engine.handle(),
            readers: Readers::open(&database, READERS)?,
            database,
            exports: Arc::new(exporters(&settings.data, &rules, &vault)),
            vault,
            store: Arc::new(store),
            rules,
            ruling,
            steadiness: Arc::new(Steadiness::new(clock.now())),
            clock,
            ids,
            csrf_secret: keys::derive(&key, "form-tokens"),
            _engine: engine,
        })
    }

    /// Compares the machine's clock with what was recorded last. A demonstration tells its own time and is not asked.
    ///
    /// # Errors
    /// In words: the clock stands before the last record, or so long after it that somebody should look first. A
    /// wrong clock would warn about every open hazard, or record acts before what led to them.
    pub fn check_clock(&self) -> Result<()> {
        let asked = self.readers.read_blocking(Lane::Interactive, |tx| {
            let demonstration = Identity::load(tx)?.is_some_and(|identity| identity.demonstration);
            Ok::<_, StorageError>((demonstration, journal::recorded_last(tx)?))
        });
        let (demonstration, last) = asked.map_err(|e| anyhow!("{e}"))??;
        let (Some(last), false) = (last, demonstration) else { return Ok(()) };
        let now = self.clock.now();
        let ahead = now.since_ms(last);
        if !(-limits::CLOCK_BACK_MS..=limits::CLOCK_AHEAD_MS).contains(&ahead) {
            return Err(anyhow!(
                "the clock of this machine shows {}, and the last record was made at {}; set the clock right, or say \
                 --clock-is-right",
                now.local().datetime(),
                last.local().datetime()
            ));
        }
        Ok(())
    }

    /// The rules in force, with the way to put others in their place.
    pub fn ruling(&self) -> Ruling {
        self.ruling.clone()
    }

    /// A snapshot of the rules in force.
    pub fn rule_book(&self) -> RuleBook {
        self.rules.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// The rules of the program with what the county set, kept under their stamp. The caller holds the writer lease.
fn ruled(tx: &mut storage::Tx, base: &RuleBook, now: Timestamp) -> Result<InForce> {
    let made = adjustment::in_force(tx, base)?;
    for (number, why) in &made.left_out {
        tracing::error!(%number, %why, "an adjustment of the rules does not fit this program and is left out");
    }
    let bare = InForce { book: base.clone(), overlays: Vec::new(), left_out: Vec::new() };
    tx.begin()?;
    adjustment::keep(tx, &bare, now)?;
    adjustment::keep(tx, &made, now)?;
    tx.commit()?;
    Ok(made)
}

/// Every kind of stream, for the writer and for verification; `rules` are still those of the program.
pub fn builder(vault: Arc<Vault>, rules: Arc<RwLock<RuleBook>>) -> EngineBuilder {
    // Kinds of school, and what says nothing as a reason, are part of the program: no overlay changes them.
    let book = rules.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let (program, adjusted) = (book.clone(), Arc::clone(&rules));
    EngineBuilder::new(vault, Arc::new(RoleBook::new()))
        // What could not stay at a unit that is closed, or is of another kind, only the rooms above it know.
        .subject(
            organisation::Unit::asking(vec![Arc::new(access::GrantedRoles), Arc::new(hazard::OpenHazards)])
                .ruled(book.clone()),
        )
        // Letting somebody go stops his account: only `access` knows whose rank allows it. And nobody leaves his work.
        .subject(
            organisation::Person::new(vec![Arc::new(access::RankKeeper), Arc::new(hazard::OpenHazards)])
                .ruled(book),
        )
        .subject(access::Account)
        // A major hazard is proved by taking it off the county's list; none is withdrawn while somebody is held to
        // account for it.
        .subject(
            Hazard::new(Arc::clone(&rules))
                .asking(vec![Arc::new(supervision::NotYetDelisted), Arc::new(accountability::OpenCases)]),
        )
        .subject(Supervision::new(Arc::clone(&rules)))
        .subject(transfer::Department::new(Arc::clone(&rules)))
        .subject(Transfer::new(Arc::clone(&rules)))
        .reaction::<Hazard>(supervision::on_hazard)
        .subject(Case::new(Arc::clone(&rules)))
        .subject(Clarification::new(Arc::clone(&rules)))
        .reaction::<Case>(accountability::on_concluded)
        .subject(Adjustment::new(program, adjusted))
        .subject(Place::new(Arc::clone(&rules)))
        .subject(PublicReport::new(Arc::clone(&rules)))
        .subject(guards::Gate::new(Arc::clone(&rules)))
        .subject(guards::Standard::new(Arc::clone(&rules)))
        .subject(guards::Report::new(rules))
        .subject(notify::Channel)
        .subject(restricted::Reader)
        .subject(restricted::Held)
}

/// The rules that are part of the program.
///
/// # Errors
/// Names the file and line of what is wrong with them.
pub fn embedded_rules() -> Result<RuleBook> {
    RuleBook::embedded().map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!("the rules cannot be loaded:\n{}", lines.join("\n"))
    })
}

/// The key of a platform: read, or made for a new one. A platform with data but without its key is refused rather
/// than given a new one, which would lose every name for ever.
fn key(settings: &Settings, tx: &mut storage::Tx, may_found: bool) -> Result<[u8; 32]> {
    let path = settings.key_path();
    if path.exists() {
        return keys::read(&path);
    }
    let known = tx.first("SELECT 1 FROM platform", &[], |row| row.int(0)).ok().flatten().is_some();
    if known || !may_found {
        return keys::read(&path);
    }
    keys::create(&path, &IdSource::from_os())
}

fn prepare_directory(data: &Path, may_found: bool) -> Result<()> {
    if data.is_dir() {
        return Ok(());
    }
    if !may_found {
        return Err(anyhow!("{} does not exist; begin with `xiaoan init`", data.display()));
    }
    private::folder(data)
}

/// Every list that can be written to a file, by the name it has in forms and at the terminal.
pub(crate) fn exporters(data: &Path, rules: &Arc<RwLock<RuleBook>>, vault: &Arc<Vault>) -> Exports {
    let hazards = HazardExport::new(Arc::clone(rules), Arc::clone(vault));
    Exports::new(data.join("exports"))
        .register(hazards)
        .register(UnitsExport)
        .register(AuditExport::new(Arc::clone(vault), sentences()))
        .register(ReadsExport::new(Arc::clone(vault)))
        .register(SignInsExport::new(Arc::clone(vault)))
        .register(AccountsExport::new(Arc::clone(vault)))
        .register(PeopleExport::new(Arc::clone(vault)))
        .register(SentExport)
}

/// Writes the files that people ask for.
pub(crate) fn export_runner(platform: &Platform) -> ExportRunner {
    ExportRunner::new(ExportParts {
        handle: platform.handle.clone(),
        readers: platform.readers.clone(),
        clock: Arc::clone(&platform.clock),
        steadiness: Arc::clone(&platform.steadiness),
        ids: Arc::clone(&platform.ids),
        exports: Arc::clone(&platform.exports),
    })
}

/// Takes open hazards along when a school changes its central school.
pub(crate) fn follow(platform: &Platform) -> hazard::Follow {
    let (handle, readers) = (platform.handle.clone(), platform.readers.clone());
    hazard::Follow::new(handle, readers, Arc::clone(&platform.clock), Arc::clone(&platform.ids))
}

/// The clocks of every room.
pub(crate) fn clocks(platform: &Platform) -> timers::Timers {
    let clock = Arc::clone(&platform.clock);
    let steadiness = Arc::clone(&platform.steadiness);
    timers::Timers::new(platform.handle.clone(), platform.readers.clone(), clock, steadiness)
        .register("hazard", |id, name, work| {
            work.ask::<Hazard>(id, hazard::HazardCommand::Tick { clock: name.to_owned() })
        })
        .register("supervision", |id, name, work| {
            work.ask::<Supervision>(id, SupervisionCommand::Tick { clock: name.to_owned() })
        })
        .register("transfer", |id, name, work| {
            work.ask::<Transfer>(id, TransferCommand::Tick { clock: name.to_owned() })
        })
        .register("accountability", |id, name, work| {
            work.ask::<Case>(id, CaseCommand::Tick { clock: name.to_owned() })
        })
        .register("clarification", |id, name, work| {
            work.ask::<Clarification>(id, ClarificationCommand::Tick { clock: name.to_owned() })
        })
        .register("public_report", |id, name, work| {
            work.ask::<PublicReport>(id, PublicReportCommand::Tick { clock: name.to_owned() })
        })
}
