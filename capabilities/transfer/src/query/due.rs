//! What waits for somebody of the county.

use kernel::{PersonId, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx};

use crate::turn::Act;

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The letter.
    pub id: StreamId,
    /// The school.
    pub unit_name: String,
    /// Whom it is for.
    pub department: String,
    /// What was found.
    pub title: String,
    /// What has to be done.
    pub act: Act,
    /// When the letter was sent, or begun.
    pub since: Timestamp,
    /// By when.
    pub due_at: Option<Timestamp>,
}

/// What waits at the counties of `seats` for one of the acts there, as far as `me` is not barred from it, earliest
/// deadline first.
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
    for (county, acts) in seats {
        let names: Vec<String> = acts.iter().map(|act| format!("'{}'", act.name())).collect();
        if names.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT t.id, t.unit_name, t.department_name, t.title, t.turn_act, coalesce(t.sent_at, t.begun_at),
                t.turn_due
             FROM transfer t
             WHERE t.county_id = ?1 AND t.turn_act IN ({})
                AND (t.turn_barred IS NULL OR t.turn_barred NOT LIKE ?2)
             ORDER BY t.turn_due ASC NULLS LAST, t.id LIMIT ?3",
            names.join(", ")
        );
        let params = [Param::from(*county), Param::from(own.as_str()), Param::from(most)];
        found.extend(tx.query(&sql, &params, row)?.into_iter().flatten());
    }
    found.sort_by_key(|row: &DueRow| (row.due_at.is_none(), row.due_at, row.id));
    found.dedup_by_key(|row| row.id);
    found.truncate(most);
    Ok(found)
}

/// `None` for an act of a newer program.
fn row(row: &Row<'_>) -> Result<Option<DueRow>, StorageError> {
    let Some(act) = Act::named(&row.text(4)?) else { return Ok(None) };
    Ok(Some(DueRow {
        id: row.id(0)?,
        unit_name: row.text(1)?,
        department: row.text(2)?,
        title: row.text(3)?,
        act,
        since: row.time(5)?,
        due_at: row.opt_time(6)?,
    }))
}
