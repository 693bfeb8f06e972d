//! Campuses with their guards and declarations.

use std::collections::HashMap;

use access::Scope;
use kernel::UnitId;
use organisation::UnitKind;
use storage::{Row, StorageError, Tx, params};

use super::day;
use crate::{
    counting::Guard,
    staffing::{Declared, Place},
};

/// Schools and kindergartens; what the standards speak of.
fn is_guarded(kind: UnitKind) -> bool {
    kind.is_institution() && !matches!(kind, UnitKind::Training | UnitKind::ActivityVenue)
}

const ABOVE: &str = "SELECT s.ancestor_id FROM unit_scope s JOIN unit c ON c.id = s.ancestor_id
    WHERE s.unit_id = u.id AND c.kind = ";

struct School {
    unit: UnitId,
    name: String,
    kind: UnitKind,
    pupils: Option<u32>,
    staff: Option<u32>,
    boarders: Option<u32>,
    county: Option<UnitId>,
    township: Option<UnitId>,
}

fn heads(row: &Row<'_>, column: usize) -> Result<Option<u32>, StorageError> {
    Ok(row.opt_int(column)?.and_then(|heads| u32::try_from(heads).ok()))
}

fn schools(tx: &mut Tx, scope: &Scope) -> Result<Vec<School>, StorageError> {
    let (condition, params) = scope.condition("u.id", 1);
    let kinds: Vec<String> = UnitKind::ALL
        .iter()
        .filter(|kind| is_guarded(**kind))
        .map(|kind| format!("'{}'", kind.name()))
        .collect();
    let sql = format!(
        "SELECT u.id, u.name, u.kind, u.pupils, u.staff, u.boarders,
            ({ABOVE} 'county' ORDER BY s.depth, s.ancestor_id LIMIT 1),
            ({ABOVE} 'township' AND s.line = 'territory' ORDER BY s.depth, s.ancestor_id LIMIT 1)
         FROM unit u WHERE u.closed_on IS NULL AND u.kind IN ({}) AND {condition} ORDER BY u.code",
        kinds.join(", ")
    );
    let found = tx.query(&sql, &params, |row| {
        let Some(kind) = UnitKind::named(&row.text(2)?) else { return Ok(None) };
        Ok(Some(School {
            unit: row.id(0)?,
            name: row.text(1)?,
            kind,
            pupils: heads(row, 3)?,
            staff: heads(row, 4)?,
            boarders: heads(row, 5)?,
            county: row.opt_id(6)?,
            township: row.opt_id(7)?,
        }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

pub(super) const GUARD: &str =
    "g.person_id, g.unit_id, g.campus, g.known, g.full_time, g.employer, g.shift, g.certified,
    g.since, g.until, g.certified_until, g.background_on, g.health_on, g.health_until, g.trained_on";

pub(super) fn guard(row: &Row<'_>) -> Result<(UnitId, Guard), StorageError> {
    let guard = Guard {
        person: row.id(0)?,
        campus: row.opt_int(2)?.and_then(|number| u16::try_from(number).ok()),
        known: row.bool(3)?,
        full_time: row.bool(4)?,
        employer: row.text(5)?,
        shift: row.opt_text(6)?,
        certified: row.bool(7)?,
        since: day(row, 8)?,
        until: day(row, 9)?,
        certified_until: day(row, 10)?,
        background_on: day(row, 11)?,
        health_on: day(row, 12)?,
        health_until: day(row, 13)?,
        trained_on: day(row, 14)?,
    };
    Ok((row.id(1)?, guard))
}

fn guards(tx: &mut Tx, scope: &Scope) -> Result<HashMap<UnitId, Vec<Guard>>, StorageError> {
    let (condition, params) = scope.condition("g.unit_id", 1);
    let sql = format!("SELECT {GUARD} FROM guard g WHERE {condition} ORDER BY g.unit_id, g.person_id");
    let mut found: HashMap<UnitId, Vec<Guard>> = HashMap::new();
    for (unit, guard) in tx.query(&sql, &params, guard)? {
        found.entry(unit).or_default().push(guard);
    }
    Ok(found)
}

fn declarations(tx: &mut Tx, scope: &Scope) -> Result<HashMap<(UnitId, u16), Declared>, StorageError> {
    let (condition, params) = scope.condition("d.unit_id", 1);
    let sql = format!(
        "SELECT d.unit_id, d.campus, d.full_time, d.part_time, d.as_of, d.at FROM gate_declaration d
         WHERE {condition}"
    );
    let found = tx.query(&sql, &params, |row| {
        let campus = u16::try_from(row.int(1)?).unwrap_or(0);
        let Some(on) = day(row, 4)? else { return Ok(None) };
        let amount = |column| Ok::<_, StorageError>(u32::try_from(row.int(column)?).unwrap_or(0));
        let declared = Declared { full_time: amount(2)?, part_time: amount(3)?, on, at: row.time(5)? };
        Ok(Some(((row.id::<UnitId>(0)?, campus), declared)))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// A campus of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampusRow {
    number: u16,
    name: String,
    pupils: Option<u32>,
    staff: Option<u32>,
    boarders: Option<u32>,
}

fn campus_rows(tx: &mut Tx, scope: &Scope) -> Result<HashMap<UnitId, Vec<CampusRow>>, StorageError> {
    let (condition, params) = scope.condition("c.unit_id", 1);
    let sql = format!(
        "SELECT c.unit_id, c.number, c.name, c.pupils, c.staff, c.boarders FROM unit_campus c
         WHERE {condition} ORDER BY c.unit_id, c.number"
    );
    let mut found: HashMap<UnitId, Vec<CampusRow>> = HashMap::new();
    let rows = tx.query(&sql, &params, |row| {
        let campus = CampusRow {
            number: u16::try_from(row.int(1)?).unwrap_or(0),
            name: row.text(2)?,
            pupils: heads(row, 3)?,
            staff: heads(row, 4)?,
            boarders: heads(row, 5)?,
        };
        Ok((row.id::<UnitId>(0)?, campus))
    })?;
    for (unit, campus) in rows {
        found.entry(unit).or_default().push(campus);
    }
    Ok(found)
}

/// Names of a school's campuses by number; none where it is one place.
///
/// # Errors
/// Whatever the database answers.
pub fn campuses(tx: &mut Tx, unit: UnitId) -> Result<Vec<(u16, String)>, StorageError> {
    let sql = "SELECT number, name FROM unit_campus WHERE unit_id = ?1 ORDER BY number";
    tx.query(sql, params![unit], |row| Ok((u16::try_from(row.int(0)?).unwrap_or(0), row.text(1)?)))
}

/// Every campus in a scope, by the code of its school; a school without campuses is one place.
///
/// # Errors
/// Whatever the database answers.
pub fn places(tx: &mut Tx, scope: &Scope) -> Result<Vec<Place>, StorageError> {
    let schools = schools(tx, scope)?;
    let mut guards = guards(tx, scope)?;
    let mut campuses = campus_rows(tx, scope)?;
    let declared = declarations(tx, scope)?;
    let mut townships: Vec<UnitId> = schools.iter().filter_map(|school| school.township).collect();
    townships.sort_unstable();
    townships.dedup();
    let names = organisation::unit_names(tx, &townships)?;
    let mut places = Vec::with_capacity(schools.len());
    for school in schools {
        let own = guards.remove(&school.unit).unwrap_or_default();
        let rows = campuses.remove(&school.unit).unwrap_or_default();
        let township = school.township.and_then(|id| Some((id, names.get(&id)?.clone())));
        let unplaced = |guard: &&Guard| !rows.iter().any(|row| Some(row.number) == guard.campus);
        let whole = Place {
            unplaced: u32::try_from(own.iter().filter(unplaced).count()).unwrap_or(u32::MAX),
            unit: school.unit,
            unit_name: school.name,
            kind: school.kind,
            county: school.county,
            township,
            campus: 0,
            campus_name: String::new(),
            pupils: school.pupils,
            staff: school.staff,
            boarders: school.boarders,
            guards: Vec::new(),
            declared: declared.get(&(school.unit, 0)).copied(),
        };
        if rows.is_empty() {
            places.push(Place { guards: own, unplaced: 0, ..whole });
            continue;
        }
        for row in rows {
            places.push(Place {
                guards: own.iter().filter(|guard| guard.campus == Some(row.number)).cloned().collect(),
                declared: declared.get(&(school.unit, row.number)).copied(),
                campus: row.number,
                campus_name: row.name,
                pupils: row.pupils,
                staff: row.staff,
                boarders: row.boarders,
                ..whole.clone()
            });
        }
    }
    Ok(places)
}
