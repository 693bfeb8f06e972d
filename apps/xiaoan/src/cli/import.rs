//! `xiaoan import`

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use access::Viewer;
use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use intake::{Action, Content, Importer, PhotoFile, Tools, outcome, report};
use kernel::{IdSource, Problem, SystemClock, limits};
use language::Lang;
use storage::StorageError;
use uuid::Uuid;

use super::{
    SettingsArgs, say, say_error,
    who::{self, Need},
};
use crate::{
    platform::{Opening, Platform},
    router::sentences,
};

/// A check found problems.
const FOUND: u8 = 3;
/// The command cannot be meant like this.
const USAGE: u8 = 2;

/// Import a register, a list of guards or a ledger of hazards from a file, as the page 导入 does.
///
/// Without --apply it only looks: it prints what would be new and what would change, every problem with its cell, and
/// writes nothing. The platform may not be served at the same time. Exit codes: 0 done or nothing in the way, 1
/// something failed, 2 wrong usage, 3 the file has problems and nothing was written.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// What the file holds
    #[arg(long, value_enum)]
    kind: Kind,
    /// The file: .xlsx or .csv
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The sheet of a workbook; without it the one whose heading is understood best, and the others are named
    #[arg(long, value_name = "NAME", default_value = "")]
    sheet: String,
    /// A zip of the photos that a ledger names; may be given several times
    #[arg(long, value_name = "ZIP")]
    photos: Vec<PathBuf>,
    /// The account that imports; without it, and without --apply, the only one that may
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
    /// How columns find their meaning: by their headings, or as somebody settled it for the same headings
    #[arg(long, value_enum, default_value = "auto")]
    mapping: HowMapped,
    /// Schools without a code get a local one
    #[arg(long)]
    local_codes: bool,
    /// Codes that fail their check are kept as they are, for this reason
    #[arg(long, value_name = "REASON")]
    keep_codes: Option<String>,
    /// The county uses the level 较大
    #[arg(long)]
    larger: bool,
    /// Rows are taken without the photos that were not found
    #[arg(long)]
    without_photos: bool,
    /// Write it, as the account of --as
    #[arg(long, requires = "login")]
    apply: bool,
    /// Write although the last record is of another time than this machine's clock
    #[arg(long)]
    clock_is_right: bool,
    /// Language of what is printed: zh-CN or en
    #[arg(long, default_value = "zh-CN", value_parser = who::lang)]
    lang: Lang,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// 学校名册: schools, heads, safety officers
    Register,
    /// 教职工名单: teachers, wardens, cooks and the rest
    People,
    /// 保安名单
    Guards,
    /// 隐患台账
    Ledger,
}

impl Kind {
    const fn content(self) -> Content {
        match self {
            Self::Register => Content::Register,
            Self::People => Content::People,
            Self::Guards => Content::Guards,
            Self::Ledger => Content::Hazards,
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Register => "import a register of schools (it needs intake.run and unit.manage)",
            Self::People => "import a list of people (it needs intake.run and person.manage)",
            Self::Guards => "import a list of guards (it needs intake.run and person.manage)",
            Self::Ledger => "import a ledger of hazards (it needs intake.run and hazard.carry_over)",
        }
    }
}

/// How columns find their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HowMapped {
    /// By their headings
    Auto,
}

pub(super) fn run(args: &ImportArgs) -> Result<ExitCode> {
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::from_os()), found: None };
    let settings = args.settings.read()?;
    settings.check_founded()?;
    if !args.file.is_file() {
        bail!("there is no file {}", args.file.display());
    }
    let platform = Platform::open(&settings, opening).map_err(|error| {
        let leased = |cause: &(dyn std::error::Error + 'static)| {
            matches!(cause.downcast_ref::<StorageError>(), Some(StorageError::Leased(_)))
        };
        if error.chain().any(leased) {
            return anyhow!(
                "the platform in {} is being served, and only one process may write. Stop it first, or import the \
                 file on the page 导入 while it is served",
                settings.data.display()
            );
        }
        error
    })?;
    import(&platform, args)
}

/// Looks at the file, and writes it when that was asked and nothing is in the way.
pub(crate) fn import(platform: &Platform, args: &ImportArgs) -> Result<ExitCode> {
    let content = args.kind.content();
    if content != Content::Hazards && !args.photos.is_empty() {
        say_error("--photos belong to --kind ledger");
        return Ok(ExitCode::from(USAGE));
    }
    // What is written keeps its time for ever.
    if args.apply && !args.clock_is_right {
        platform.check_clock()?;
    }
    let may = |viewer: &Viewer| viewer.may("intake.run") && viewer.may(content.permission());
    let viewer = {
        let mut tx = platform.database.reader()?;
        let need = Need { permission: "intake.run", act: args.kind.act(), may: &may };
        who::viewer(&mut tx, args.login.as_deref(), &need)?
    };
    let importing = Importing { importer: importer(platform), viewer, args };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(importing.look_and_write())
}

fn importer(platform: &Platform) -> Importer {
    let tools = Tools { rules: Arc::clone(&platform.rules), store: Arc::clone(&platform.store) };
    Importer::new(
        platform.handle.clone(),
        platform.readers.clone(),
        Arc::clone(&platform.vault),
        Arc::clone(&platform.clock),
        Arc::clone(&platform.ids),
        tools,
    )
}

/// What the dry run found.
enum Seen {
    /// Cells that cannot be taken.
    Problems,
    /// Nothing that the platform does not know.
    Nothing,
    /// Something to write; the digest of what was shown.
    Ready(String),
}

struct Importing<'a> {
    importer: Importer,
    viewer: Viewer,
    args: &'a ImportArgs,
}

impl Importing<'_> {
    async fn look_and_write(&self) -> Result<ExitCode> {
        let (owner, file) = (self.viewer.account, &self.args.file);
        let bytes = read(file, limits::INTAKE_TABLE_BYTES)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let content = self.args.kind.content();
        let id =
            self.said(self.importer.upload_sheet(owner, content, (&name, &self.args.sheet), bytes).await)?;
        let seen = self.look(id).await;
        if let (Ok(Seen::Ready(digest)), true) = (&seen, self.args.apply) {
            return self.write(id, digest).await;
        }
        // Nobody comes back for what was only looked at from here.
        self.said(self.importer.drop_batch(owner, id).await)?;
        Ok(match seen? {
            Seen::Problems => ExitCode::from(FOUND),
            Seen::Nothing => ExitCode::SUCCESS,
            Seen::Ready(_) => {
                say("nothing was written; --apply --as LOGIN writes it");
                ExitCode::SUCCESS
            }
        })
    }

    /// The dry run of the page, printed.
    async fn look(&self, id: Uuid) -> Result<Seen> {
        let owner = self.viewer.account;
        let photos = self.photos()?;
        if !photos.is_empty() {
            self.said(self.importer.add_photos(owner, id, photos).await)?;
        }
        let chosen = self.importer.understood(owner, id, |options| {
            options.local_codes = self.args.local_codes;
            options.larger = self.args.larger;
            options.without_photos = self.args.without_photos;
            options.keep_reason = self.args.keep_codes.clone().unwrap_or_default();
        });
        self.said(chosen.await)?;
        let (batch, plan) = self.said(self.importer.dry_run(owner, id).await)?;
        let report = report(self.args.lang, &batch, &plan);
        report.counts.iter().for_each(|(name, value)| say(&format!("{name}\t{value}")));
        report.notes.iter().for_each(|note| say(note));
        report.notices.iter().for_each(|cell| say(&format!("notice\t{}", cell.join("\t"))));
        report.problems.iter().for_each(|cell| say(&format!("PROBLEM\t{}", cell.join("\t"))));
        Ok(if !plan.problems.is_empty() {
            Seen::Problems
        } else if plan.count(Action::Create) + plan.count(Action::Change) == 0 {
            Seen::Nothing
        } else {
            Seen::Ready(plan.digest())
        })
    }

    async fn write(&self, id: Uuid, seen: &str) -> Result<ExitCode> {
        let owner = self.viewer.account;
        self.said(self.importer.begin(owner, id, seen).await)?;
        let batch = self.said(self.importer.carry_on(owner, id).await)?;
        let rows = format!("{} of {} rows written as {}", batch.done, batch.total, self.viewer.login);
        match outcome(self.args.lang, &sentences(), &batch) {
            Ok(done) => {
                say(&rows);
                say(&done);
                Ok(ExitCode::SUCCESS)
            }
            Err(why) => bail!("{rows}; {why}"),
        }
    }

    fn photos(&self) -> Result<Vec<PhotoFile>> {
        let most = usize::try_from(limits::INTAKE_PHOTOS_UNPACKED).unwrap_or(usize::MAX);
        let photo = |path: &PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(PhotoFile { name, bytes: read(path, most)? })
        };
        self.args.photos.iter().map(photo).collect()
    }

    fn said<T>(&self, done: Result<T, Problem>) -> Result<T> {
        done.map_err(|problem| who::told(self.args.lang, &problem))
    }
}

/// A file, when it is no larger than this.
fn read(path: &Path, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(more).read_to_end(&mut bytes))
        .with_context(|| format!("{}", path.display()))?;
    if bytes.len() > most {
        bail!("{} is larger than {} MB", path.display(), most / 1024 / 1024);
    }
    Ok(bytes)
}
