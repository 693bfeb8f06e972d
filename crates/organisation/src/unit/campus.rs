//! 校区: the places of a school that has several. A school without any is one place.

use journal::{Parts, Saving};
use kernel::Refusal;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::{Unit, UnitEvent, UnitFacts, UnitState, check::checked_name};

/// Campuses of one school.
pub const MOST_CAMPUSES: usize = 20;

/// A place of a school with heads of its own. What is absent nobody entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campus {
    /// Its number within the school, from 1; never given twice. 0 asks for a new one.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// Pupils, boarders among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupils: Option<u32>,
    /// Boarders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boarders: Option<u32>,
    /// Staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<u32>,
}

/// Core of `unit.campuses_described`: all of them as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampusesDescribed {
    /// By number.
    pub campuses: Vec<Campus>,
}

pub(super) fn describe(
    unit: &UnitState,
    asked: &[Campus],
    facts: &UnitFacts,
) -> Result<Vec<UnitEvent>, Refusal> {
    let refused = |code| Refusal::new(code).on("campus");
    if !unit.kind.is_institution() {
        return Err(refused("unit-campus-kind"));
    }
    if asked.len() == 1 {
        return Err(refused("unit-campus-single"));
    }
    if asked.len() > MOST_CAMPUSES {
        return Err(refused("unit-campus-many").with("most", MOST_CAMPUSES));
    }
    let mut campuses: Vec<Campus> = Vec::with_capacity(asked.len());
    let mut given = unit.campuses_given;
    for campus in asked {
        let name = checked_name(&campus.name, facts).map_err(|refusal| {
            if refusal.code == "unit-name-missing" { refused("unit-campus-name") } else { refusal }
        })?;
        if campuses.iter().any(|known| known.name == name) {
            return Err(refused("unit-campus-twice").with("name", &name));
        }
        let number = match campus.number {
            0 => {
                given = given.saturating_add(1);
                given
            }
            known if unit.campuses.iter().any(|campus| campus.number == known) => known,
            _ => return Err(refused("unit-campus-unknown")),
        };
        if let (Some(boarders), Some(pupils)) = (campus.boarders, campus.pupils)
            && boarders > pupils
        {
            let refusal = refused("unit-boarders-exceed-pupils");
            return Err(refusal.with("boarders", boarders).with("pupils", pupils));
        }
        campuses.push(Campus { number, name, ..campus.clone() });
    }
    campuses.sort_by_key(|campus| campus.number);
    if campuses == unit.campuses {
        return Ok(Vec::new());
    }
    Ok(vec![UnitEvent::CampusesDescribed(Parts::core(CampusesDescribed { campuses }))])
}

pub(super) fn save(tx: &mut Tx, saving: &Saving<'_, Unit>) -> Result<(), StorageError> {
    let new = saving.new;
    let before = saving.old.map(|old| old.campuses.as_slice()).unwrap_or_default();
    if before == new.campuses {
        return Ok(());
    }
    tx.write("DELETE FROM unit_campus WHERE unit_id = ?1", params![saving.id])?;
    for campus in &new.campuses {
        tx.write(
            "INSERT INTO unit_campus (unit_id, number, name, pupils, boarders, staff)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                saving.id,
                i64::from(campus.number),
                &campus.name,
                campus.pupils,
                campus.boarders,
                campus.staff
            ],
        )?;
    }
    Ok(())
}
