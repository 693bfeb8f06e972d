//! The table of adjustments.

use storage::{MigrationSet, Step, TableClass};

/// The table of adjustments.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "adjustment",
    tables: &[("adjustment", TableClass::Derived)],
    steps: &[Step {
        name: "001-adjustments",
        sql: "
CREATE TABLE adjustment (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    county_id {uuid} NOT NULL,
    year {int} NOT NULL,
    serial {int} NOT NULL,
    stage {text} NOT NULL,
    from_day {text} NOT NULL,
    drafted_at {int} NOT NULL,
    activated_at {int}
) {strict};
CREATE INDEX adjustment_number ON adjustment (county_id, year, serial);
CREATE INDEX adjustment_drafted ON adjustment (drafted_at, id);
CREATE INDEX adjustment_shape ON adjustment (shape);
",
    }],
};
