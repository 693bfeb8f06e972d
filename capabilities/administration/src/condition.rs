//! 运行状况: what whoever runs a platform must know of it, and what to do, in words. The facts are gathered by the
//! program; here they are judged and told, on the page and at the terminal alike.

use kernel::{Problem, Timestamp};
use language::{Lang, Say};
use storage::Tx;
use web::view::Level;

use crate::texts;

/// Less room than this on the disk of the data, and soon nothing can be written.
const LITTLE_ROOM: u64 = 2 << 30;
/// A backup that is older than this was missed: a night and some hours.
const MISSED_MS: i64 = 30 * 3_600_000;

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// The version of the program.
    pub version: String,
    /// Where the records are.
    pub database: Database,
    /// Bytes that are free where the data lie; `None` where the system does not say.
    pub free_bytes: Option<u64>,
    /// Events in the journal.
    pub events: u64,
    /// When the newest was recorded.
    pub last_event: Option<Timestamp>,
    /// The key file is where the settings say.
    pub has_key: bool,
    /// What is there to put back.
    pub backups: Backups,
}

/// Where the records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// In a file of so many bytes.
    Embedded(u64),
    /// On a PostgreSQL server.
    Server,
}

impl Default for Database {
    fn default() -> Self {
        Self::Embedded(0)
    }
}

/// What is there to put back.
#[derive(Clone, Debug, Default)]
pub enum Backups {
    /// Nobody asked for any in the settings.
    #[default]
    None,
    /// PostgreSQL's own tools make them; this program does not see them.
    Server,
    /// Every night.
    Nightly {
        /// `HH:MM`
        at: String,
        /// How many stay.
        keep: usize,
        /// Newest first.
        kept: Vec<Backup>,
        /// Why the folder cannot be read.
        unread: Option<String>,
    },
}

/// A backup, and how putting it back went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The name of its folder.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Events in it.
    pub events: u64,
    /// Photos and small pictures in it.
    pub files: u64,
    /// When it was tried, and the first lines of what does not add up.
    pub trial: Option<(Timestamp, Vec<String>)>,
}

/// Whoever can gather it.
pub trait Survey: Send + Sync + std::fmt::Debug {
    /// Looks; reads only.
    ///
    /// # Errors
    /// Whatever the database answers; what is wrong with the disk is part of what is told.
    fn look(&self, tx: &mut Tx) -> Result<Condition, Problem>;
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// [`Level::Done`] when nothing is to be done.
    pub level: Level,
    /// What was looked at.
    pub what: String,
    /// How it is.
    pub said: String,
    /// What to do; empty when nothing is.
    pub advice: String,
}

/// Everything, the gravest first.
pub fn findings(lang: Lang, seen: &Condition, now: Timestamp) -> Vec<Finding> {
    let mut found = vec![
        records(lang, seen),
        room(lang, seen.free_bytes),
        key(lang, seen.has_key),
        backups(lang, &seen.backups, now),
    ];
    found.extend(trial(lang, &seen.backups));
    let weight = |level: Level| match level {
        Level::Red => 0,
        Level::Orange | Level::Yellow => 1,
        Level::Blue | Level::Done | Level::Plain => 2,
    };
    found.sort_by_key(|finding| weight(finding.level));
    found
}

fn finding(level: Level, what: &str, said: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { level, what: what.to_owned(), said: said.into(), advice: advice.into() }
}

/// `1.4 GB`
pub fn size(lang: Lang, bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = bytes.saturating_mul(10) / unit;
        let whole = Say(lang).number(i64::try_from(tenths / 10).unwrap_or(i64::MAX));
        format!("{whole}.{}", tenths % 10)
    };
    match bytes {
        0..=0xf_ffff => format!("{} kB", bytes >> 10),
        0x10_0000..=0x3fff_ffff => format!("{} MB", tenths(1 << 20)),
        _ => format!("{} GB", tenths(1 << 30)),
    }
}

fn records(lang: Lang, seen: &Condition) -> Finding {
    let events = Say(lang).number(i64::try_from(seen.events).unwrap_or(i64::MAX));
    let last =
        seen.last_event.map_or_else(|| texts::condition_never(lang).to_owned(), |at| Say(lang).date_time(at));
    let said = match seen.database {
        Database::Embedded(bytes) => texts::condition_embedded(lang, events, last, size(lang, bytes)),
        Database::Server => texts::condition_server(lang, events, last),
    };
    finding(Level::Done, texts::condition_records(lang), said, "")
}

fn room(lang: Lang, free: Option<u64>) -> Finding {
    let what = texts::condition_room(lang);
    match free {
        None => finding(Level::Plain, what, texts::condition_room_unknown(lang), ""),
        Some(free) if free < LITTLE_ROOM => finding(
            Level::Red,
            what,
            texts::condition_room_free(lang, size(lang, free)),
            texts::condition_room_advice(lang),
        ),
        Some(free) => finding(Level::Done, what, texts::condition_room_free(lang, size(lang, free)), ""),
    }
}

fn key(lang: Lang, has_key: bool) -> Finding {
    let what = texts::condition_key(lang);
    match has_key {
        true => {
            finding(Level::Done, what, texts::condition_key_there(lang), texts::condition_key_apart(lang))
        }
        false => {
            finding(Level::Red, what, texts::condition_key_gone(lang), texts::condition_key_advice(lang))
        }
    }
}

fn backups(lang: Lang, backups: &Backups, now: Timestamp) -> Finding {
    let what = texts::condition_backup(lang);
    match backups {
        Backups::None => finding(
            Level::Yellow,
            what,
            texts::condition_backup_none(lang),
            texts::condition_backup_set(lang),
        ),
        Backups::Server => finding(
            Level::Plain,
            what,
            texts::condition_backup_server(lang),
            texts::condition_backup_server_advice(lang),
        ),
        Backups::Nightly { unread: Some(why), .. } => finding(
            Level::Red,
            what,
            texts::condition_backup_unread(lang, why.clone()),
            texts::condition_backup_disk(lang),
        ),
        Backups::Nightly { kept, at, keep, .. } => match kept.first() {
            None => finding(
                Level::Yellow,
                what,
                texts::condition_backup_not_yet(lang, at.clone()),
                texts::condition_backup_log(lang),
            ),
            Some(newest) => {
                let said = texts::condition_backup_newest(
                    lang,
                    Say(lang).date_time(newest.made_at),
                    kept.len(),
                    at.clone(),
                    *keep,
                );
                match now.since_ms(newest.made_at) > MISSED_MS {
                    true => finding(Level::Red, what, said, texts::condition_backup_log(lang)),
                    false => finding(Level::Done, what, said, ""),
                }
            }
        },
    }
}

/// How putting back went the last time it was tried.
fn trial(lang: Lang, backups: &Backups) -> Option<Finding> {
    let Backups::Nightly { kept, .. } = backups else { return None };
    let what = texts::condition_trial(lang);
    let (tried_at, wrong) = kept.iter().find_map(|backup| backup.trial.as_ref())?;
    let day = Say(lang).date_time(*tried_at);
    Some(match wrong.first() {
        None => finding(Level::Done, what, texts::condition_trial_sound(lang, day), ""),
        Some(first) => finding(
            Level::Red,
            what,
            texts::condition_trial_wrong(lang, day, first.clone()),
            texts::condition_trial_advice(lang),
        ),
    })
}
