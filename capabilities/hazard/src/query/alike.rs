//! 疑似重复: open hazards of the same unit that may be the same defect, and those that a duplicate may name.

use kernel::{StreamId, Timestamp, UnitId};
use rules::RuleBook;
use storage::{Row, StorageError, Tx, params};

use crate::{alike::Said, event::NamedHazard, level::StageCode, state::HazardState};

/// How many of a unit's newest open hazards are compared.
const COMPARED: usize = 100;
/// How many are suggested.
const SUGGESTED: usize = 3;
/// The rule that says how far apart two registrations of the same defect may lie.
const WINDOW: &str = "hazard.alike";

/// An open hazard of the same unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenHazard {
    pub hazard: NamedHazard,
    pub title: String,
    pub place: String,
    pub stage: StageCode,
    pub registered_at: Timestamp,
}

/// One that may be the same defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlikeHazard {
    pub open: OpenHazard,
    /// What both speak of; empty where their words alone agree.
    pub words: Vec<String>,
}

/// The newest open hazards of a unit but for one.
pub(crate) fn open_at(tx: &mut Tx, unit: UnitId, but: StreamId) -> Result<Vec<OpenHazard>, StorageError> {
    let sql = "SELECT id, year, serial, title, place, stage, registered_at FROM hazard
         WHERE unit_id = ?1 AND phase = 'open' AND id <> ?2 ORDER BY registered_at DESC, id DESC LIMIT ?3";
    tx.query(sql, params![unit, but, COMPARED], open)
}

fn open(row: &Row<'_>) -> Result<OpenHazard, StorageError> {
    let stage = row.text(5)?;
    Ok(OpenHazard {
        hazard: NamedHazard::read(row)?,
        title: row.text(3)?,
        place: row.text(4)?,
        stage: StageCode::named(&stage)
            .ok_or_else(|| StorageError::Other(format!("hazard stage {stage} is unknown")))?,
        registered_at: row.time(6)?,
    })
}

/// Those of them that may be the same defect, the newest first. Of a hazard whose work is done nothing is suggested: it
/// cannot be withdrawn any more.
pub(crate) fn alike(rules: &RuleBook, state: &HazardState, open: &[OpenHazard]) -> Vec<AlikeHazard> {
    if !state.stage.code().before_proof() {
        return Vec::new();
    }
    let said = Said::new(
        rules,
        state.place.as_deref().unwrap_or_default(),
        state.description.as_deref().unwrap_or_default(),
    );
    let found = open.iter().filter(|other| within(rules, state.registered_at, other.registered_at));
    let alike = found.filter_map(|other| {
        let alike = said.alike(&Said::new(rules, &other.place, &other.title), rules)?;
        Some(AlikeHazard { open: other.clone(), words: alike.words })
    });
    alike.take(SUGGESTED).collect()
}

/// The later one was registered within the window of the earlier.
fn within(rules: &RuleBook, one: Timestamp, other: Timestamp) -> bool {
    let (earlier, later) = if one <= other { (one, other) } else { (other, one) };
    rules.deadline(WINDOW, earlier).is_ok_and(|window| later <= window.value)
}
