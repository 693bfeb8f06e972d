//! What a hazard was before each change that lists and counts can see. Any day that has passed is read back from here
//! and, where nothing has changed since, from the record itself (`query::standing`).

use journal::Saving;
use storage::{StorageError, Tx, params};

use super::{columns, sort_at};
use crate::{Hazard, state::HazardState, turn::turn};

pub(super) fn keep(tx: &mut Tx, saving: &Saving<'_, Hazard>, old: &HazardState) -> Result<(), StorageError> {
    let new = saving.new;
    let (was, is) = (columns(old), columns(new));
    let (turned, next) = (turn(old).map(|turn| turn.unit), turn(new).map(|turn| turn.unit));
    let same = was.stage == is.stage
        && was.level == is.level
        && old.category == new.category
        && sort_at(old) == sort_at(new)
        && was.closed_at == is.closed_at
        && turned == next;
    let Some((stamp, _)) = saving.events.first().filter(|_| !same) else { return Ok(()) };
    let (timely, days) = was.closing.unzip();
    tx.write(
        "INSERT INTO hazard_before (changed_at, hazard_id, version, stage, phase, level, category, sort_at,
            closed_at, timely, days, turn_unit)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            stamp.at,
            saving.id,
            saving.version,
            was.stage,
            old.stage.code().phase(),
            was.level,
            &old.category,
            sort_at(old),
            was.closed_at,
            timely,
            days,
            turned
        ],
    )
}
