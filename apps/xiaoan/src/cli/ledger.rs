//! `xiaoan ledger`

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use access::Viewer;
use anyhow::{Context, Result, bail};
use attachments::{FileHash, Store};
use clap::Subcommand;
use journal::{Identity, LedgerWritten};
use kernel::{Clock, StreamId, SystemClock};
use storage::{Database, Tx};

use super::{
    Ended, SettingsArgs,
    export::{UNLOGGED, logged, read_by},
    say,
    who::{self, Need},
};

/// What is done with a ledger bundle.
#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Write a bundle
    Export(ExportArgs),
}

/// Write a record and what belongs to it (its listing, letters and cases) into a folder, with what proves that nothing
/// of it was altered, left out or moved: `tools/verify_ledger.py` checks it without this program. Sealed personal data
/// stay away, the words of the record do not. May run beside the server; no record is changed.
///
/// It leaves a row in the log of reads, unless the platform is being served meanwhile.
///
/// Exit codes: 0 done, 1 something failed, 2 wrong usage.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// The record: the address of its page, or the id at its end. May be given several times
    #[arg(long, value_name = "RECORD", required = true)]
    record: Vec<String>,
    /// The record alone, without what began with a word about it
    #[arg(long)]
    alone: bool,
    /// The folder to write; it may not exist yet
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The account that answers for it; without it the only one that may view the audit trail
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

pub(super) fn run(command: &LedgerCommand) -> Result<ExitCode> {
    match command {
        LedgerCommand::Export(args) => export(args),
    }
}

/// The id at the end of an address, as pages write it.
fn record(said: &str) -> Result<StreamId> {
    let last = said.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').rsplit('/').next();
    last.and_then(StreamId::parse)
        .ok_or_else(|| Ended::wrong_usage(format!("{said} is neither the address of a record nor its id")))
}

fn export(args: &ExportArgs) -> Result<ExitCode> {
    let named = args.record.iter().map(|said| record(said)).collect::<Result<Vec<StreamId>>>()?;
    let settings = args.settings.read()?;
    settings.check_founded()?;
    if args.out.exists() {
        bail!("{} exists already; nothing was written", args.out.display());
    }
    let database = Database::new(settings.location())?;
    let mut tx = database.reader().with_context(|| format!("{}", settings.data.display()))?;
    tx.begin()?;
    Identity::load(&mut tx)?.with_context(|| format!("{} holds no platform", settings.data.display()))?;
    let may = |viewer: &Viewer| viewer.may("audit.view");
    let need = Need { permission: "audit.view", act: "export a ledger (it needs audit.view)", may: &may };
    let viewer = who::viewer(&mut tx, args.login.as_deref(), &need)?;
    let mut streams = named.clone();
    if !args.alone {
        for stream in &named {
            streams.extend(journal::streams_about(&mut tx, *stream)?);
        }
    }
    streams.sort_unstable();
    streams.dedup();
    for stream in &streams {
        let read = read_by(&viewer, "ledger.export", *stream, "xiaoan ledger export".to_owned());
        if !logged(&database, read)? {
            say(UNLOGGED);
            break;
        }
    }
    let written = write(&mut tx, &args.out, &streams, &settings.data).or_else(|problem| {
        // Half a bundle is none.
        if args.out.exists() {
            fs::remove_dir_all(&args.out)?;
        }
        Err(problem)
    })?;
    say(&format!(
        "{} events of {} records and {} files written to {}",
        written.events,
        streams.len(),
        written.files.len(),
        args.out.display()
    ));
    say(&format!("position: {}\nchain: {}\nseal: {}", written.head_position, written.head, written.seal));
    Ok(ExitCode::SUCCESS)
}

/// The lines, and the files they speak of, each as it is kept.
fn write(tx: &mut Tx, out: &Path, streams: &[StreamId], data: &Path) -> Result<LedgerWritten> {
    let files = out.join("files");
    fs::create_dir_all(&files).with_context(|| format!("{}", out.display()))?;
    let path = out.join("ledger.jsonl");
    let mut lines = BufWriter::new(File::create_new(&path).with_context(|| format!("{}", path.display()))?);
    let store = Store::open(data)?;
    let is_file = |name: &str| name.parse::<FileHash>().is_ok_and(|hash| store.contains(hash));
    let written = journal::write_ledger(tx, &mut lines, streams, SystemClock.now(), &is_file)?;
    lines.flush()?;
    lines.get_ref().sync_all()?;
    for name in &written.files {
        fs::write(files.join(name), store.read(name.parse()?)?)?;
    }
    Ok(written)
}
