//! Tables of listings.

use storage::{MigrationSet, Step, TableClass};

/// Tables of listings.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "supervision",
    tables: &[
        ("supervision", TableClass::Derived),
        ("supervision_due", TableClass::Derived),
        ("supervision_photo", TableClass::Derived),
    ],
    steps: &[Step {
        name: "001-listings",
        sql: "
CREATE TABLE supervision (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    hazard_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    township_id {uuid},
    central_id {uuid},
    county_id {uuid} NOT NULL,
    stage {text} NOT NULL,
    year {int},
    serial {int},
    given_year {int},
    given_serial {int},
    opened_at {int} NOT NULL,
    signed_at {int},
    deadline {int},
    next_due {int},
    ended_at {int}
) {strict};
CREATE INDEX supervision_number ON supervision (county_id, given_year, given_serial);
CREATE INDEX supervision_stage ON supervision (stage, opened_at, id);
CREATE INDEX supervision_unit ON supervision (unit_id, opened_at, id);
CREATE INDEX supervision_shape ON supervision (shape);

CREATE TABLE supervision_due (
    supervision_id {uuid} NOT NULL,
    act {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    due_at {int},
    only_people {text},
    barred_people {text},
    PRIMARY KEY (supervision_id, act)
) {keyed};
CREATE INDEX supervision_due_unit ON supervision_due (unit_id, act);

CREATE TABLE supervision_photo (
    supervision_id {uuid} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (supervision_id, hash)
) {keyed};
",
    }],
};
