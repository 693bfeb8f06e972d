//! `xiaoan export`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, RwLock},
};

use access::{AccessRead, Viewer};
use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use exports::{Exporter, Format, TableFile, Wanted, gone, notes};
use journal::{Identity, Vault};
use kernel::{Clock, Problem, StreamId, SystemClock, Timestamp, limits};
use language::Lang;
use storage::{Database, StorageError, Tx};

use super::{
    SettingsArgs, say,
    who::{self, Need},
};
use crate::{keys, platform};

/// Write a list to a file, as an account would see it. May run beside the server; no record is changed.
///
/// A list that names people leaves a row in the log of reads, unless the platform is being served meanwhile.
///
/// Exit codes: 0 done, 1 something failed, 2 wrong usage.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// Which list
    #[arg(value_enum, value_name = "LIST")]
    list: List,
    /// What kind of file
    #[arg(long, value_enum, default_value = "csv")]
    format: FileFormat,
    /// The file to write; it may not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The account whose eyes are borrowed; without it the only one that may export the list
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
    /// Language of the file: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = who::lang)]
    lang: Lang,
}

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum List {
    /// All hazards, whatever their stage
    Hazards,
    /// Units that are open
    Units,
}

impl List {
    const fn kind(self) -> &'static str {
        match self {
            Self::Hazards => "hazards",
            Self::Units => "units",
        }
    }

    /// All of it: a list narrowed down is what the page is for.
    const fn filter(self) -> &'static str {
        match self {
            Self::Hazards => r#"{"stage":"all"}"#,
            Self::Units => "",
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Hazards => "export hazards (it needs export, and hazard.view or hazard.view_own)",
            Self::Units => "export units (it needs export and unit.view)",
        }
    }
}

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// Text
    Csv,
    /// A workbook
    Xlsx,
}

pub(super) fn run(args: &ExportArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    settings.check_founded()?;
    if args.out.exists() {
        bail!("{} exists already; nothing was written", args.out.display());
    }
    let database = Database::new(settings.location())?;
    let mut tx = database.reader().with_context(|| format!("{}", settings.data.display()))?;
    tx.begin()?;
    let identity =
        Identity::load(&mut tx)?.with_context(|| format!("{} holds no platform", settings.data.display()))?;
    let rules = Arc::new(RwLock::new(platform::embedded_rules()?));
    let vault = Arc::new(Vault::new(&keys::read(&settings.key_path())?));
    let exporter = platform::exporters(&settings.data, &rules, &vault)
        .exporter(args.list.kind())
        .ok_or_else(|| anyhow!("the list {} is unknown", args.list.kind()))?;
    let may = |viewer: &Viewer| exporter.may(viewer);
    let need = Need { permission: "export", act: args.list.act(), may: &may };
    let viewer = who::viewer(&mut tx, args.login.as_deref(), &need)?;
    let filter = exporter.settled(args.list.filter());
    if let Some(what) = exporter.read_as() {
        let told = exporter
            .told(&mut tx, &viewer, args.lang, &filter)
            .map_err(|problem| who::told(args.lang, &problem))?;
        let why = format!("xiaoan export {} · {told}", args.list.kind());
        let read = read_by(&viewer, what, viewer.account.into(), why);
        if !logged(&database, read)? {
            say(UNLOGGED);
        }
    }
    let writing = Writing {
        exporter: &*exporter,
        viewer: &viewer,
        filter,
        format: match args.format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Xlsx => Format::Xlsx,
        },
        lang: args.lang,
        now: SystemClock.now(),
    };
    let rows = writing.write(&mut tx, &args.out, identity.demonstration).or_else(|problem| {
        // Half a file is none.
        gone(&args.out).map_err(|problem| who::told(args.lang, &problem))?;
        Err(who::told(args.lang, &problem))
    })?;
    say(&format!("{rows} rows written to {} as {} sees them", args.out.display(), viewer.login));
    Ok(ExitCode::SUCCESS)
}

/// Only one process writes, and while a platform is served that is the server.
pub(super) const UNLOGGED: &str = "the platform is being served, so this export is not in the log of reads";

/// What the log of reads says of an account whose eyes a command borrows.
pub(super) fn read_by(viewer: &Viewer, what: &str, subject: StreamId, why: String) -> AccessRead {
    AccessRead {
        at: SystemClock.now(),
        account: viewer.account,
        what: what.to_owned(),
        subject,
        unit: viewer.home.id,
        why,
    }
}

/// Leaves a row in the log of reads before anything is written; false when another process has the lease.
pub(super) fn logged(database: &Database, read: AccessRead) -> Result<bool> {
    let _lease = match database.lease() {
        Ok(lease) => lease,
        Err(StorageError::Leased(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let mut tx = database.writer()?;
    tx.begin()?;
    access::record_reads(&mut tx, &[read])?;
    tx.commit()?;
    Ok(true)
}

struct Writing<'a> {
    exporter: &'a dyn Exporter,
    viewer: &'a Viewer,
    filter: String,
    format: Format,
    lang: Lang,
    now: Timestamp,
}

impl Writing<'_> {
    /// All rows of one snapshot.
    fn write(&self, tx: &mut Tx, out: &Path, demonstration: bool) -> Result<u64, Problem> {
        let total = self.exporter.count(tx, self.viewer, &self.filter, self.now, i64::MAX)?;
        self.format.holds(u64::try_from(total).unwrap_or(0))?;
        let (title, heads) = (self.exporter.title(self.lang), self.exporter.heads(self.lang));
        let notes = notes(self.lang, demonstration);
        let mut file = TableFile::create(out, self.format, &title, &heads, &notes)?;
        let (mut rows, mut after) = (0, None);
        loop {
            let wanted = Wanted {
                filter: &self.filter,
                lang: self.lang,
                now: self.now,
                after: after.as_deref(),
                most: limits::EXPORT_PAGE_ROWS,
            };
            let part = self.exporter.part(tx, self.viewer, wanted)?;
            for row in &part.rows {
                file.row(row)?;
                rows += 1;
            }
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        file.finish()?;
        Ok(rows)
    }
}
