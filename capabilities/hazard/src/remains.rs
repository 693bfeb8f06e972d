//! Open hazards a closed unit would leave behind: nobody would be there to fix and accept them.

use kernel::{Refusal, UnitId};
use organisation::Remains;
use storage::{Param, StorageError, Tx};

use crate::StageCode;

/// Hazards of a unit that somebody still has to do something about.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenHazards;

impl Remains for OpenHazards {
    fn at(&self, tx: &mut Tx, unit: UnitId) -> Result<Option<Refusal>, StorageError> {
        let stages: Vec<&str> =
            StageCode::ALL.iter().filter(|stage| stage.is_open()).map(|stage| stage.name()).collect();
        let sql = format!(
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM hazard_now WHERE unit_id = ?1 AND stage IN ('{}')",
            stages.join("', '")
        );
        let open = tx.count(&sql, &[Param::from(unit)])?;
        Ok((open > 0).then(|| Refusal::new("unit-close-hazards").with("n", open).on("on")))
    }
}
