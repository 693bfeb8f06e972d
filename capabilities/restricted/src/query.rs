//! Who reads, and what there is to read.

use access::HeldRole;
use kernel::{ActorId, PersonId, Problem, StreamId, UnitId};
use organisation::{Line, Post, UnitKind, ancestors};
use storage::{Param, StorageError, Tx, params};

use crate::held::HeldState;

/// Reports that one list shows; those not yet closed come first.
const LISTED: usize = 200;
/// People offered in the choice of a reader.
const OFFERED: usize = 200;

/// The reader who is in office for a unit: his account works, he has not left, and he still belongs to the unit that
/// named him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The unit that named him: the school's own, or its county.
    pub unit: UnitId,
    /// His account.
    pub account: ActorId,
    /// The person.
    pub person: PersonId,
    /// His most responsible post, for naming him without his name.
    pub post: Option<Post>,
}

/// From a designation to the person; continued with `AND` or `WHERE`'s other conditions.
const IN_OFFICE: &str =
    "FROM held_reader r JOIN account a ON a.id = r.account_id JOIN person p ON p.id = a.person_id
     WHERE a.suspended = FALSE AND p.active = TRUE AND p.unit_id = r.unit_id";

/// The reader in office whom exactly this unit has named.
pub(crate) fn reader_at(tx: &mut Tx, unit: UnitId) -> Result<Option<Reading>, StorageError> {
    let sql = format!("SELECT r.account_id, p.id {IN_OFFICE} AND r.unit_id = ?1");
    let found = tx.first(&sql, params![unit], |row| Ok((row.id(0)?, row.id::<PersonId>(1)?)))?;
    let Some((account, person)) = found else { return Ok(None) };
    let posts =
        tx.query("SELECT post FROM person_post WHERE person_id = ?1", params![person], |row| row.text(0))?;
    let post = posts.iter().filter_map(|name| Post::named(name)).min();
    Ok(Some(Reading { unit, account, person, post }))
}

/// The county a unit lies in.
pub(crate) fn county_of(tx: &mut Tx, unit: UnitId) -> Result<Option<UnitId>, StorageError> {
    for line in [Line::Management, Line::Territory] {
        let above = ancestors(tx, unit, line)?;
        if let Some(county) = above.into_iter().find(|above| above.kind == UnitKind::County) {
            return Ok(Some(county.id));
        }
    }
    Ok(None)
}

/// Who reads what is written at a unit: its own reader, or its county's when it has none.
///
/// # Errors
/// Whatever the database answers.
pub fn reader_for(tx: &mut Tx, unit: UnitId) -> Result<Option<Reading>, StorageError> {
    if let Some(own) = reader_at(tx, unit)? {
        return Ok(Some(own));
    }
    match county_of(tx, unit)? {
        Some(county) => reader_at(tx, county),
        None => Ok(None),
    }
}

/// Who reads a report by now: whoever followed at the unit that keeps it; when nobody did, the county's reader, so that
/// nothing lies unread.
pub(crate) fn reader_of(tx: &mut Tx, report: &HeldState) -> Result<Option<Reading>, StorageError> {
    match (reader_at(tx, report.kept_by)?, report.county) {
        (Some(own), _) => Ok(Some(own)),
        (None, Some(county)) => reader_at(tx, county),
        (None, None) => Ok(None),
    }
}

/// True when somebody is a reader in office.
pub(crate) fn is_reader(tx: &mut Tx, account: ActorId) -> Result<bool, StorageError> {
    let sql = format!("SELECT r.unit_id {IN_OFFICE} AND r.account_id = ?1 LIMIT 1");
    Ok(tx.first(&sql, params![account], |row| row.id::<UnitId>(0))?.is_some())
}

/// The condition on `held_report h` that lets through what the account `?1` reads.
fn readable() -> String {
    let mine = format!("SELECT r.unit_id {IN_OFFICE} AND r.account_id = ?1");
    format!(
        "(h.kept_by IN ({mine}) OR (h.county_id IN ({mine})
          AND NOT EXISTS (SELECT 1 {IN_OFFICE} AND r.unit_id = h.kept_by)))"
    )
}

/// How many reports wait for somebody; `None` for everybody who is no reader.
///
/// # Errors
/// Whatever the database answers.
pub fn waiting(tx: &mut Tx, account: ActorId) -> Result<Option<i64>, StorageError> {
    if !is_reader(tx, account)? {
        return Ok(None);
    }
    let sql = format!("SELECT count(*) FROM held_report h WHERE h.open = TRUE AND {}", readable());
    tx.count(&sql, params![account]).map(Some)
}

/// What the account reads: those not yet closed first, then the newest.
pub(crate) fn reports(tx: &mut Tx, account: ActorId) -> Result<Vec<(StreamId, HeldState)>, Problem> {
    let sql = format!(
        "SELECT h.id, h.state FROM held_report h WHERE {} ORDER BY h.open DESC, h.written_at DESC, h.id DESC LIMIT ?2",
        readable()
    );
    let rows = tx.query(&sql, params![account, LISTED], |row| Ok((row.id::<StreamId>(0)?, row.text(1)?)))?;
    rows.into_iter().map(|(id, json)| Ok((id, state(id, &json)?))).collect()
}

/// A report, if the account is its reader; for everybody else it is not there.
pub(crate) fn readable_report(tx: &mut Tx, account: ActorId, id: StreamId) -> Result<HeldState, Problem> {
    let found = tx.first("SELECT state FROM held_report WHERE id = ?1", params![id], |row| row.text(0))?;
    let report = state(id, &found.ok_or(Problem::NotFound)?)?;
    match reader_of(tx, &report)? {
        Some(reader) if reader.account == account => Ok(report),
        Some(_) | None => Err(Problem::NotFound),
    }
}

fn state(id: StreamId, json: &str) -> Result<HeldState, Problem> {
    serde_json::from_str(json).map_err(|e| Problem::Fault(format!("held report {id}: {e}")))
}

/// The next number of a year at the unit that keeps.
pub(crate) fn next_serial(tx: &mut Tx, kept_by: UnitId, year: i16) -> Result<u32, StorageError> {
    let newest = "SELECT coalesce(max(serial), 0) FROM held_report WHERE kept_by = ?1 AND year = ?2";
    let last = tx.count(newest, params![kept_by, year])?;
    Ok(u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1))
}

/// Whoever may be named at a unit: its own people with an account that works. The three administrators may not: they
/// keep the platform and read nothing in it.
const NAMEABLE: &str = "FROM account a JOIN person p ON p.id = a.person_id
     WHERE p.unit_id = ?1 AND p.active = TRUE AND a.suspended = FALSE AND NOT EXISTS (
        SELECT 1 FROM account_grant g WHERE g.account_id = a.id
        AND g.role IN ('system_administrator', 'security_administrator', 'audit_administrator'))
     AND EXISTS (SELECT 1 FROM account_grant g WHERE g.account_id = a.id AND g.role <> 'guard')";

/// People who may be named at a unit.
pub(crate) fn nameable(tx: &mut Tx, unit: UnitId) -> Result<Vec<(ActorId, PersonId)>, StorageError> {
    let sql = format!("SELECT a.id, p.id {NAMEABLE} ORDER BY a.login LIMIT ?2");
    tx.query(&sql, params![unit, OFFERED], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// True when this account may be named at the unit.
pub(crate) fn may_be_named(tx: &mut Tx, unit: UnitId, account: ActorId) -> Result<bool, StorageError> {
    let sql = format!("SELECT count(*) {NAMEABLE} AND a.id = ?2");
    let values: [Param<'_>; 2] = [unit.into(), account.into()];
    Ok(tx.count(&sql, &values)? > 0)
}

/// True for a grant that lets its holder name the reader of this very unit: a county's officer does not name a school's.
pub(crate) fn names_reader_at(held: HeldRole, unit: UnitId) -> bool {
    held.unit == unit && held.role.permissions().has(access::names::RESTRICTED_NAME_READER)
}
