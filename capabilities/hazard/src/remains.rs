//! Open hazards that would be left behind: by a unit that is closed, for nobody would be there to fix and accept them;
//! by somebody who goes and was named to fix them.

use journal::Standing;
use kernel::{PersonId, Refusal, UnitId};
use organisation::{Ending, Going, Keeper, Line, Remains};
use storage::{Param, StorageError, Tx, params};

use crate::{StageCode, level::Number};

/// Hazards that somebody still has to do something about.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenHazards;

/// Numbers that a refusal names.
const NAMED: usize = 5;

impl Remains for OpenHazards {
    fn at(&self, tx: &mut Tx, unit: UnitId, ending: Ending) -> Result<Option<Refusal>, StorageError> {
        if ending != Ending::Closed {
            return Ok(None);
        }
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

impl Keeper for OpenHazards {
    fn refusal(
        &self,
        tx: &mut Tx,
        person: PersonId,
        going: Going,
        _: &Standing,
    ) -> Result<Option<Refusal>, StorageError> {
        let field = match going {
            Going::Leave => "on",
            Going::Move => "unit",
            Going::Return => return Ok(None),
        };
        let numbers = tx.query(
            "SELECT year, serial FROM hazard
             WHERE phase = 'open' AND responsible = ?1 AND unit_id IN (SELECT s.unit_id FROM unit_scope s
                JOIN person p ON p.unit_id = s.ancestor_id WHERE p.id = ?1 AND s.line = ?2)
             ORDER BY year, serial",
            params![person, Line::Management.name()],
            |row| Number::read(row, 0),
        )?;
        if numbers.is_empty() {
            return Ok(None);
        }
        let named: Vec<String> = numbers.iter().take(NAMED).map(ToString::to_string).collect();
        let refusal = Refusal::new("person-answers-for")
            .with("n", numbers.len())
            .with("numbers", named.join(" / "))
            .on(field);
        Ok(Some(refusal))
    }
}
