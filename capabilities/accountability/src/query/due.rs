//! What waits for somebody.

use kernel::{PersonId, StreamId, Timestamp, UnitId};
use storage::{Param, StorageError, Tx};

use super::{case_state, clarification_state};
use crate::case::Act;

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The case or the clarification.
    pub id: StreamId,
    /// What has to be done.
    pub act: Act,
    /// For which side, as it was called.
    pub side_name: String,
    /// The number of the case; none of a clarification that is not signed.
    pub number: Option<supervision::Number>,
    /// The ledger number of the hazard.
    pub hazard_number: hazard::Number,
    /// When the record began.
    pub begun_at: Timestamp,
    /// By when.
    pub due_at: Option<Timestamp>,
}

/// What waits at the units of `seats` for one of the acts there, as far as `me` is not barred from it, earliest deadline
/// first. At most `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn due_for(
    tx: &mut Tx,
    seats: &[(UnitId, Vec<Act>)],
    me: PersonId,
    most: usize,
) -> Result<Vec<DueRow>, StorageError> {
    let own = format!("%{}%", me.0.simple());
    let mut found = Vec::new();
    for (unit, acts) in seats {
        let names: Vec<String> = acts.iter().map(|act| format!("'{}'", act.name())).collect();
        if names.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT d.stream_id, d.act, d.side_id, d.due_at FROM accountability_due d
             WHERE d.unit_id = ?1 AND d.act IN ({}) AND (d.barred_people IS NULL OR d.barred_people NOT LIKE ?2)
             ORDER BY d.due_at ASC NULLS LAST, d.stream_id, d.act, d.side_id LIMIT ?3",
            names.join(", ")
        );
        let params = [Param::from(*unit), Param::from(own.as_str()), Param::from(most)];
        let rows = tx.query(&sql, &params, |row| {
            Ok((row.id::<StreamId>(0)?, row.text(1)?, row.id::<UnitId>(2)?, row.opt_time(3)?))
        })?;
        for (id, act, side, due_at) in rows {
            // An act of a newer program is none here.
            let Some(act) = Act::named(&act) else { continue };
            found.extend(row(tx, id, (act, side), due_at)?);
        }
    }
    found.sort_by_key(|row: &DueRow| (row.due_at.is_none(), row.due_at, row.id, row.act));
    found.truncate(most);
    Ok(found)
}

fn row(
    tx: &mut Tx,
    id: StreamId,
    (act, side): (Act, UnitId),
    due_at: Option<Timestamp>,
) -> Result<Option<DueRow>, StorageError> {
    if let Some((state, _)) = case_state(tx, id)? {
        return Ok(Some(DueRow {
            id,
            act,
            side_name: state.side(side).map(|one| one.side.name.clone()).unwrap_or_default(),
            number: Some(state.number),
            hazard_number: state.hazard_number,
            begun_at: state.opened_at,
            due_at,
        }));
    }
    Ok(clarification_state(tx, id)?.map(|(state, _)| DueRow {
        id,
        act,
        side_name: state.name.clone(),
        number: None,
        hazard_number: state.hazard_number,
        begun_at: state.begun_at,
        due_at,
    }))
}
