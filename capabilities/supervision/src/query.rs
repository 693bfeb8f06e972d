//! What pages read of listings.

mod list;

use access::Viewer;
use hazard::query::{OpenSpans, open_spans};
use journal::{Recorded, events_of_stream};
use kernel::{PersonId, Problem, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx, params};

pub(crate) use self::list::schools;
pub use self::list::{ListingFilter, Standing, SupervisionRow, Which, rows, standing};
use crate::{clocks::spans, react::stream_of, state::SupervisionState, turn::Act};

/// A listing with its history.
#[derive(Clone, Debug)]
pub struct SupervisionRecord {
    /// The listing.
    pub id: StreamId,
    /// As it stands.
    pub state: SupervisionState,
    /// Its version, to be sent along with the next act.
    pub version: u64,
    /// What happened, oldest first, without personal parts.
    pub events: Vec<Recorded>,
}

/// A listing as it stands, with its version.
///
/// # Errors
/// Whatever the database answers.
pub fn state(tx: &mut Tx, id: StreamId) -> Result<Option<(SupervisionState, u64)>, StorageError> {
    let found = tx.first("SELECT state, version FROM supervision WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })?;
    let Some((json, version)) = found else { return Ok(None) };
    let state = serde_json::from_str(&json).map_err(|e| StorageError::Other(format!("listing {id}: {e}")))?;
    Ok(Some((state, u64::try_from(version).unwrap_or(0))))
}

/// The listing of a hazard, if it has one.
///
/// # Errors
/// Whatever the database answers.
pub fn of_hazard(tx: &mut Tx, hazard: StreamId) -> Result<Option<SupervisionState>, StorageError> {
    Ok(state(tx, stream_of(hazard))?.map(|(state, _)| state))
}

/// Deadlines of open listings, as [`hazard::query::running`] has those of hazards.
///
/// # Errors
/// Whatever the database answers.
pub fn running(
    tx: &mut Tx,
    after: StreamId,
    most: usize,
) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError> {
    open_spans(
        tx,
        ("supervision", "stage NOT IN ('delisted', 'waived', 'ended')"),
        after,
        most,
        |state: &SupervisionState| {
            let spans = spans(state).into_iter().map(|span| (span.started, span.due.clone())).collect();
            (state.unit, state.hazard_number.to_string(), spans)
        },
    )
}

/// A listing with its history, if the viewer may see it; what he may not see is not there.
pub(crate) fn visible_record(
    tx: &mut Tx,
    viewer: &Viewer,
    id: StreamId,
) -> Result<SupervisionRecord, Problem> {
    let (state, version) = visible_state(tx, viewer, id)?;
    let events = events_of_stream(tx, id, None)?;
    Ok(SupervisionRecord { id, state, version, events })
}

/// A listing as it stands, for whoever may see it.
pub(crate) fn visible_state(
    tx: &mut Tx,
    viewer: &Viewer,
    id: StreamId,
) -> Result<(SupervisionState, u64), Problem> {
    let found = state(tx, id)?.ok_or(Problem::NotFound)?;
    if sees(tx, viewer, &found.0)? { Ok(found) } else { Err(Problem::NotFound) }
}

/// Who sees the unit's listings now, or saw them when this one was opened.
pub(crate) fn sees(tx: &mut Tx, viewer: &Viewer, state: &SupervisionState) -> Result<bool, Problem> {
    if viewer.may_over(tx, "supervision.view", state.unit)? {
        return Ok(true);
    }
    Ok(viewer.scope("supervision.view").reached_then(state.central, state.township))
}

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The listing.
    pub id: StreamId,
    /// The hazard.
    pub hazard: StreamId,
    /// The school.
    pub unit_name: String,
    /// The hazard in words.
    pub title: String,
    /// What has to be done.
    pub act: Act,
    /// When this round began.
    pub opened_at: Timestamp,
    /// By when.
    pub due_at: Option<Timestamp>,
}

/// What waits at the units of `seats` for one of the acts there, as far as `me` is not barred from it, earliest deadline
/// first.
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
            "SELECT d.supervision_id, s.hazard_id, u.name, h.title, d.act, s.opened_at, d.due_at
             FROM supervision_due d JOIN supervision s ON s.id = d.supervision_id
                JOIN unit u ON u.id = s.unit_id JOIN hazard h ON h.id = s.hazard_id
             WHERE d.unit_id = ?1 AND d.act IN ({})
                AND (d.only_people IS NULL OR d.only_people LIKE ?2)
                AND (d.barred_people IS NULL OR d.barred_people NOT LIKE ?2)
             ORDER BY d.due_at ASC NULLS LAST, d.supervision_id, d.act LIMIT ?3",
            names.join(", ")
        );
        let rows =
            tx.query(&sql, &[Param::from(*unit), Param::from(own.as_str()), Param::from(most)], due)?;
        found.extend(rows.into_iter().flatten());
    }
    found.sort_by_key(|row: &DueRow| (row.due_at.is_none(), row.due_at, row.id, row.act));
    found.dedup_by_key(|row| (row.id, row.act));
    found.truncate(most);
    Ok(found)
}

/// A row of what is due; `None` for an act of a newer program.
fn due(row: &Row<'_>) -> Result<Option<DueRow>, StorageError> {
    let Some(act) = Act::named(&row.text(4)?) else { return Ok(None) };
    Ok(Some(DueRow {
        id: row.id(0)?,
        hazard: row.id(1)?,
        unit_name: row.text(2)?,
        title: row.text(3)?,
        act,
        opened_at: row.time(5)?,
        due_at: row.opt_time(6)?,
    }))
}

/// A photo belongs to the listing.
pub(crate) fn has_photo(tx: &mut Tx, id: StreamId, hash: &str) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) FROM supervision_photo WHERE supervision_id = ?1 AND hash = ?2";
    Ok(tx.count(sql, params![id, hash])? > 0)
}
