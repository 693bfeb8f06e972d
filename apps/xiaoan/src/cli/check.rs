//! `xiaoan verify`, `xiaoan rules check`, `xiaoan diagrams`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, RwLock},
};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use journal::Vault;
use kernel::{Clock, IdSource, SystemClock, hex};
use storage::{Database, Tx};

use super::{SettingsArgs, faults, say};
use crate::{keys, platform};

/// A check found problems.
pub(super) const FOUND: u8 = 3;

/// Check that the past adds up and the present follows from it.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// A head kept elsewhere that must be in the chain: its 64 hexadecimal digits, or the first 16 and more; blanks
    /// between them do not count
    #[arg(long, value_name = "HASH", num_args = 1..=32)]
    head: Option<Vec<String>>,
    /// Also make every derived row again and compare; the platform must be stopped
    #[arg(long)]
    derived: bool,
    /// Leave the photos unread
    #[arg(long)]
    no_files: bool,
}

pub(super) fn verify(args: &VerifyArgs) -> Result<ExitCode> {
    let settings = args.settings.read()?;
    settings.check_founded()?;
    let key = keys::read(&settings.key_path())?;
    let database = Database::new(settings.location())?;
    let mut tx = database.reader().with_context(|| format!("{}", settings.data.display()))?;
    let rules = Arc::new(RwLock::new(platform::embedded_rules()?));
    let builder = platform::builder(Arc::new(Vault::new(&key)), rules);
    tx.begin()?;
    let report = journal::verify(&mut tx, &builder, &|_| {})?;
    let head_known = match &args.head {
        Some(words) => Some(known(&mut tx, &Head::read(&words.concat())?)?),
        None => None,
    };
    say(&format!("{} events, {} records", report.events, report.records));
    say(&format!("head {}", hex::write(report.head)));
    say(&format!("state {}", hex::write(report.state_digest)));
    for epoch in &report.epochs {
        say(&format!(
            "restored on {} as epoch {}, after event {}",
            epoch.opened_at.local_date(),
            epoch.number,
            epoch.continues_position
        ));
    }
    faults::told(&mut tx, &report).iter().for_each(|line| problem(line));
    if head_known == Some(false) {
        problem(
            "the head kept elsewhere is not in this journal: its past was rewritten, or the head is another platform's",
        );
    }
    let mut sound = report.problem_count == 0 && head_known != Some(false);
    sound &= access_logs(&mut tx)?;
    if !args.no_files {
        sound &= files(&mut tx, &settings.data)?;
    }
    drop(tx);
    if args.derived {
        sound &= derived(&database, &builder)?;
    }
    if sound {
        say("everything adds up");
    } else {
        say("NOT everything adds up");
        say(faults::WHAT_TO_DO);
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// The chains of who read personal data, and of who signed in.
fn access_logs(tx: &mut Tx) -> Result<bool> {
    let ([reads, signs], wrong) = faults::logs(tx, SystemClock.now())?;
    say(&format!("{} reads of personal data, head {}", reads.number, hex::write(reads.chain)));
    say(&format!("sign-ins up to number {}, head {}", signs.number, hex::write(signs.chain)));
    wrong.iter().for_each(|line| problem(line));
    Ok(wrong.is_empty())
}

/// Every photo that was stored is there, and is what its name says.
pub(super) fn files(tx: &mut Tx, data: &Path) -> Result<bool> {
    let (photos, wrong) = faults::photos(tx, data)?;
    wrong.iter().for_each(|line| problem(line));
    say(&format!("{photos} photos and thumbnails"));
    Ok(wrong.is_empty())
}

/// Something that does not add up, for eyes and for scripts.
pub(super) fn problem(line: &str) {
    say(&format!("PROBLEM {line}"));
}

/// Every derived row, made again in a transaction that is taken back.
fn derived(database: &Database, builder: &journal::EngineBuilder) -> Result<bool> {
    let _lease = database.lease().context("--derived needs the platform to be stopped")?;
    let mut tx = database.writer()?;
    tx.begin()?;
    let ids = IdSource::from_os();
    let wrong = journal::misderived(&mut tx, builder, &ids, platform::MIGRATIONS, &|_| {});
    tx.rollback()?;
    let wrong = wrong?;
    for table in &wrong {
        problem(&format!(
            "the lists and counts in the table {} are not what the journal makes of them ({} rows there, {} made): pages \
             that read it may be wrong, the journal is right",
            table.table, table.found, table.made
        ));
    }
    say(if wrong.is_empty() { "every derived row follows from the journal" } else { "derived rows differ" });
    Ok(wrong.is_empty())
}

/// A head as somebody copied it: everything that begins with its digits lies between two links.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    least: Vec<u8>,
    most: Vec<u8>,
}

impl Head {
    /// Digits that can be no accident.
    const LEAST: usize = 16;
    const DIGITS: usize = 64;

    fn read(typed: &str) -> Result<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let whole = (Self::LEAST..=Self::DIGITS).contains(&digits.len());
        if !whole || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            bail!("--head takes the 64 hexadecimal digits of a head, or at least its first {}", Self::LEAST);
        }
        let filled = |with: &str| -> Result<Vec<u8>> {
            let all = format!("{digits}{}", with.repeat(Self::DIGITS - digits.len()));
            hex::read(&all).context("--head does not hold hexadecimal digits")
        };
        Ok(Self { least: filled("0")?, most: filled("f")? })
    }
}

fn known(tx: &mut Tx, head: &Head) -> Result<bool> {
    let sql = "SELECT count(*) FROM event WHERE local_chain >= ?1 AND local_chain <= ?2";
    Ok(tx.count(sql, storage::params![&head.least, &head.most])? > 0)
}

/// What can be done with the rules.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Load every pack and run every case
    Check,
}

pub(super) fn rules(command: &RulesCommand) -> Result<ExitCode> {
    match command {
        RulesCommand::Check => {
            let book = platform::embedded_rules()?;
            let report = book.run_cases();
            for failure in &report.failures {
                say(&format!("{failure:?}"));
            }
            say(&format!(
                "{}: {} cases agree, {} do not",
                book.stamp(),
                report.passed,
                report.failures.len()
            ));
            Ok(if report.all_passed() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
        }
    }
}

/// Write the generated diagrams.
#[derive(Debug, clap::Args)]
pub(super) struct DiagramArgs {
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn diagrams(args: &DiagramArgs) -> Result<ExitCode> {
    fs::create_dir_all(&args.out)?;
    fs::write(args.out.join("hazard.md"), hazard::diagram_page())?;
    fs::write(args.out.join("transfer.md"), transfer::diagram_page())?;
    fs::write(args.out.join("public-report.md"), public_report::diagram_page())?;
    fs::write(args.out.join("guards.md"), guards::diagram_page())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use journal::{ChainHead, Identity};
    use kernel::{FixedClock, Timestamp};

    use super::*;
    use crate::settings::Settings;
    use crate::{
        cli::{called, enter_a_unit},
        platform::{Founding, Opening, Platform},
    };

    #[test]
    fn a_head_is_known_by_its_first_sixteen_digits_and_by_all() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a");
        let settings = Settings { data: data.clone(), ..Settings::default() };
        let clock = Arc::new(FixedClock::new(Timestamp(1_788_915_600_000)));
        let opening = Opening { clock, ids: Arc::new(IdSource::seeded(3)), found: Some(Founding::Real) };
        let platform = Platform::open(&settings, opening).unwrap();
        enter_a_unit(&platform);
        let mut tx = platform.database.reader().unwrap();
        let identity = Identity::load(&mut tx).unwrap().unwrap();
        let head = hex::write(ChainHead::load(&mut tx, identity).unwrap().local);
        drop((tx, platform));
        let data = data.display().to_string();
        let asked = |words: &[&str]| {
            let words: Vec<&str> =
                ["verify", "--data", &data, "--head"].iter().chain(words).copied().collect();
            called(&words)
        };
        let groups: Vec<&str> = (0..8).map(|at| &head[at * 8..at * 8 + 8]).collect();
        let upper = head[..17].to_uppercase();
        for right in [
            vec![head.as_str()],
            vec![&head[..16]],
            vec![upper.as_str()],
            groups.clone(),
            vec![&groups.join(" ")],
        ] {
            assert_eq!(asked(&right).unwrap(), ExitCode::SUCCESS, "{right:?}");
        }
        let other = if head.starts_with('0') { "1" } else { "0" };
        assert_eq!(asked(&[&format!("{other}{}", &head[1..16])]).unwrap(), ExitCode::from(FOUND));
        for wrong in [&head[..15], "", "zzzzzzzzzzzzzzzz", &format!("{head}0")] {
            assert!(asked(&[wrong]).is_err(), "{wrong}");
        }
    }
}
