//! What `verify` and `restore` found, in the words of whoever runs the platform: which record, which photo, what it means.

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use anyhow::{Result, anyhow};
use attachments::{AttachmentError, FileHash, Store};
use journal::{Vault, VerifyProblem, VerifyReport};
use kernel::{Clock, Part, StreamId, SystemClock};
use language::{Lang, Say};
use storage::{StorageError, Tx, params};

use super::{check::problem, say};
use crate::{keys, platform, settings::Settings};

/// What to do when something was found; the chapter of the handbook for operators says more.
pub(crate) const WHAT_TO_DO: &str = "what to do: keep this data directory as it is and copy it whole; note the lines \
    above and who could reach the machine; tell the office's leader; then restore the newest backup that `xiaoan verify` \
    finds sound (docs/operations.md, When something does not add up)";

/// Everything a verification found, a line each.
pub(crate) fn told(tx: &mut Tx, report: &VerifyReport) -> Vec<String> {
    let mut lines: Vec<String> = report.problems.iter().map(|problem| one(tx, problem)).collect();
    let listed = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    if report.problem_count > listed {
        lines.push(format!("and {} more of the kind", report.problem_count - listed));
    }
    lines
}

fn one(tx: &mut Tx, problem: &VerifyProblem) -> String {
    match problem {
        VerifyProblem::Gap { expected, found } if found > expected => {
            let which = match found - 1 {
                last if last == *expected => format!("entry {expected} of the journal is"),
                last => format!("entries {expected} to {last} of the journal are"),
            };
            format!(
                "{which} missing: taken out, or lost by the disk; what they said cannot be shown any more"
            )
        }
        VerifyProblem::Gap { expected, found } => {
            format!(
                "an entry stands at number {found} of the journal, where number {expected} is due: it was put there"
            )
        }
        VerifyProblem::Unreadable { position, reason } => {
            format!("entry {position} of the journal cannot be read, what it said is lost here ({reason})")
        }
        VerifyProblem::Tail { head, acknowledged } => format!(
            "the journal ends with entry {head}, but people were told that entries up to {acknowledged} are kept: its end \
             was cut off, or an older copy of the database was put in its place without `xiaoan restored`"
        ),
        VerifyProblem::PartAltered { position, part } => {
            let (what, besides) = match part {
                Part::Core => ("what was decided", ""),
                Part::Text => ("the words", ""),
                Part::Personal => (
                    "the names or telephones",
                    " (every entry with names says so when the key file is another platform's)",
                ),
            };
            format!(
                "{}: {what} in it were changed after it was written, or are gone{besides}",
                entry(tx, *position)
            )
        }
        VerifyProblem::LocalChain { position } => format!(
            "{}: it or the entry before it was changed, removed or put elsewhere after it was written",
            entry(tx, *position)
        ),
        VerifyProblem::OriginChain { position } => format!(
            "{}: in the count of the platform that wrote it, it or the one before it was changed or removed",
            entry(tx, *position)
        ),
        VerifyProblem::Epoch { epoch, reason } => {
            format!("the restore that began epoch {epoch} does not fit ({reason}): it was hidden or made up")
        }
        VerifyProblem::Record { kind, stream, reason } => differs(tx, (kind, *stream), reason),
    }
}

/// A record that its entries do not make.
fn differs(tx: &mut Tx, (kind, stream): (&str, StreamId), reason: &str) -> String {
    let which = record(tx, kind, stream);
    match reason {
        "no record" => format!("{which} is in the journal and has no page: its record was taken out"),
        "no events" => format!("{which} has a page and the journal knows nothing of it: it was put there"),
        _ => format!(
            "{which} does not agree with the journal: unless an entry about it is named above, its page is wrong and \
             the journal right"
        ),
    }
}

/// `entry 12 of the journal (8 September 2026 09:00, registered a hazard, 丹凤第一小学)`, as far as it can be read.
fn entry(tx: &mut Tx, position: u64) -> String {
    let found = journal::events_at(tx, &[position]).ok().and_then(|found| found.into_iter().next());
    let Some(found) = found else { return format!("entry {position} of the journal") };
    let header = found.header;
    let key = format!("event-{}", header.event_type.replace(['.', '_'], "-"));
    let did = crate::router::sentences().text(Lang::En, &key, &[]);
    let unit = header.unit_path.rsplit('/').next().unwrap_or_default();
    let when = Say(Lang::En).date_time(header.decided_at);
    let told = [when, did.unwrap_or(header.event_type), unit.to_owned()];
    let told: Vec<&str> = told.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    format!("entry {position} of the journal ({})", told.join(", "))
}

/// A record by the name people know it by.
fn record(tx: &mut Tx, kind: &str, id: StreamId) -> String {
    let sql = match kind {
        "hazard" => return hazard(tx, "h.id = ?1", params![id]).unwrap_or_else(|| format!("hazard {id}")),
        "supervision" => {
            let sql = "h.id IN (SELECT hazard_id FROM supervision WHERE id = ?1)";
            let of = hazard(tx, sql, params![id]);
            return of.map_or_else(|| format!("listing {id}"), |hazard| format!("the listing of {hazard}"));
        }
        "transfer" => {
            let of = hazard(tx, "h.id IN (SELECT hazard_id FROM transfer WHERE id = ?1)", params![id]);
            return of.map_or_else(|| format!("letter {id}"), |hazard| format!("a letter about {hazard}"));
        }
        "adjustment" => "SELECT CAST(year AS TEXT) FROM adjustment WHERE id = ?1",
        "department" => "SELECT name FROM department WHERE id = ?1",
        "accountability" | "clarification" => {
            let sql = "h.id IN (SELECT hazard_id FROM accountability WHERE id = ?1
                UNION ALL SELECT hazard_id FROM clarification WHERE id = ?1)";
            let what = if kind == "accountability" { "the case" } else { "the clarification" };
            let of = hazard(tx, sql, params![id]);
            return of.map_or_else(|| format!("{what} {id}"), |hazard| format!("{what} of {hazard}"));
        }
        "place" => "SELECT name FROM place WHERE id = ?1",
        "public_report" => "SELECT unit_name FROM public_report WHERE id = ?1",
        "unit" => "SELECT name FROM unit WHERE id = ?1",
        "person" => "SELECT u.name FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id = ?1",
        "account" => "SELECT login FROM account WHERE id = ?1",
        _ => return format!("the record {kind} {id}"),
    };
    match (kind, named(tx, sql, id)) {
        (_, None) => format!("the record {kind} {id}"),
        ("public_report", Some(unit)) => format!("a public report of {unit} (record {id})"),
        ("person", Some(unit)) => format!("somebody of {unit} (record {id})"),
        (_, Some(name)) => format!("the {kind} {name}"),
    }
}

fn named(tx: &mut Tx, sql: &str, id: StreamId) -> Option<String> {
    tx.first(sql, params![id], |row| row.text(0)).ok().flatten()
}

/// `hazard 2026-0007 of 丹凤第一小学`
fn hazard(tx: &mut Tx, condition: &str, params: &[storage::Param<'_>]) -> Option<String> {
    let sql = format!(
        "SELECT h.year, h.serial, u.name FROM hazard h JOIN unit u ON u.id = h.unit_id WHERE {condition}
         ORDER BY h.id LIMIT 1"
    );
    let read =
        |row: &storage::Row<'_>| Ok(format!("hazard {}-{:04} of {}", row.int(0)?, row.int(1)?, row.text(2)?));
    tx.first(&sql, params, read).ok().flatten()
}

/// A photo that is not as it was stored: whose, where it should lie, what it means.
pub(crate) fn photo(tx: &mut Tx, hash: FileHash, error: &AttachmentError) -> Result<String, StorageError> {
    let name = hash.to_string();
    let large =
        tx.first("SELECT hash FROM attachment WHERE thumbnail = ?1", params![&name], |row| row.text(0))?;
    let small = large.is_some();
    let large = large.unwrap_or_else(|| name.clone());
    let of = hazard(tx, "h.id IN (SELECT hazard_id FROM hazard_photo WHERE hash = ?1)", params![&large]);
    let whose = of.map_or_else(|| "no hazard names it".to_owned(), |hazard| format!("of {hazard}"));
    let what = if small { "the small picture of a photo" } else { "a photo" };
    let lies =
        format!("files/{}/{}/{name}", name.get(..2).unwrap_or_default(), name.get(2..4).unwrap_or_default());
    let (state, then) = match error {
        AttachmentError::Missing(_) => ("is missing", "its page shows a gap"),
        AttachmentError::Damaged(_) => ("was changed or damaged", "it proves nothing as it is"),
        _ => return Ok(format!("{what} ({whose}) cannot be read at {lies}: {error}")),
    };
    Ok(format!("{what} ({whose}) {state}: {then}; put {lies} back from a backup"))
}

/// Reads the whole past of a copy and says what is wrong with it. Records are compared when the key is there.
pub(crate) fn adds_up(tx: &mut Tx, settings: &Settings) -> Result<bool> {
    if !settings.key_path().exists() {
        say(
            "the key file is not there yet, so names and records are not compared: run `xiaoan verify` with it",
        );
    }
    let wrong = in_copy(tx, settings)?;
    wrong.iter().for_each(|line| problem(line));
    Ok(wrong.is_empty())
}

/// What is wrong with a copy, a line each; nothing of it is changed.
pub(crate) fn in_copy(tx: &mut Tx, settings: &Settings) -> Result<Vec<String>> {
    let key = settings.key_path();
    let builder = match key.exists() {
        true => {
            let rules = Arc::new(RwLock::new(platform::embedded_rules()?));
            Some(platform::builder(Arc::new(Vault::new(&keys::read(&key)?)), rules))
        }
        false => None,
    };
    tx.begin()?;
    let wrong = of_copy(tx, builder.as_ref(), SystemClock.now());
    tx.rollback()?;
    Ok(wrong?)
}

/// Photos of a copy that are missing or not what their names say, a line each; and how many there are.
pub(crate) fn photos(tx: &mut Tx, place: &Path) -> Result<(usize, Vec<String>)> {
    let store = Store::open(place).map_err(|e| anyhow!("{e}"))?;
    let names = attachments::remembered(tx)?;
    let mut wrong = Vec::new();
    for name in &names {
        if let Err(error) = store.verify(*name) {
            wrong.push(photo(tx, *name, &error)?);
        }
    }
    Ok((names.len(), wrong))
}

/// What is wrong with a copy before it is put back: its file, its past, its logs. Without the key the records are not
/// compared.
fn of_copy(
    tx: &mut Tx,
    builder: Option<&journal::EngineBuilder>,
    now: kernel::Timestamp,
) -> Result<Vec<String>, StorageError> {
    let report = match builder {
        Some(builder) => journal::verify(tx, builder, &|_| {})?,
        None => journal::verify_past(tx, None, &|_| {})?,
    };
    let mut lines = told(tx, &report);
    lines.extend(logs(tx, now)?.1);
    Ok(lines)
}

/// How far the two access logs go, and what is wrong with them.
pub(crate) fn logs(
    tx: &mut Tx,
    now: kernel::Timestamp,
) -> Result<([access::AccessLogHead; 2], Vec<String>), StorageError> {
    let reads = access::verify_access_log(tx, None)?;
    let signs = access::verify_sign_in_log(tx, None, now)?;
    let mut lines = Vec::new();
    for (what, report) in
        [("who read personal data (个人信息查看记录)", reads), ("sign-ins (登录记录)", signs)]
    {
        if let Some(number) = report.broken_at {
            lines.push(format!(
                "the log of {what} breaks at number {number}: that row or the one before it was changed, removed or put \
                 elsewhere; rows before it hold"
            ));
        }
    }
    Ok(([reads.head, signs.head], lines))
}
