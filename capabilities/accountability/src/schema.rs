//! Tables of cases and clarifications.

use storage::{MigrationSet, Step, TableClass};

/// Tables of cases and clarifications.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "accountability",
    tables: &[
        ("accountability", TableClass::Derived),
        ("accountability_side", TableClass::Derived),
        ("accountability_due", TableClass::Derived),
        ("accountability_photo", TableClass::Derived),
        ("clarification", TableClass::Derived),
    ],
    steps: &[Step {
        name: "001-cases",
        sql: "
CREATE TABLE accountability (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    hazard_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    county_id {uuid} NOT NULL,
    stage {text} NOT NULL,
    year {int} NOT NULL,
    serial {int} NOT NULL,
    opened_at {int} NOT NULL,
    concluded_at {int},
    ended_at {int},
    next_due {int},
    words {text} NOT NULL
) {strict};
CREATE INDEX accountability_number ON accountability (county_id, year, serial);
CREATE INDEX accountability_hazard ON accountability (hazard_id, opened_at, id);
CREATE INDEX accountability_unit ON accountability (unit_id, opened_at, id);
CREATE INDEX accountability_shape ON accountability (shape);

CREATE TABLE accountability_side (
    case_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    role {text} NOT NULL,
    PRIMARY KEY (case_id, unit_id)
) {keyed};
CREATE INDEX accountability_side_unit ON accountability_side (unit_id, case_id);

CREATE TABLE accountability_due (
    stream_id {uuid} NOT NULL,
    act {text} NOT NULL,
    side_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    due_at {int},
    barred_people {text},
    PRIMARY KEY (stream_id, act, side_id)
) {keyed};
CREATE INDEX accountability_due_unit ON accountability_due (unit_id, act);

CREATE TABLE accountability_photo (
    case_id {uuid} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (case_id, hash)
) {keyed};

CREATE TABLE clarification (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    hazard_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    county_id {uuid} NOT NULL,
    case_id {uuid},
    stage {text} NOT NULL,
    year {int},
    serial {int},
    begun_at {int} NOT NULL,
    ended_at {int},
    next_due {int},
    words {text} NOT NULL
) {strict};
CREATE INDEX clarification_number ON clarification (county_id, year, serial);
CREATE INDEX clarification_hazard ON clarification (hazard_id, begun_at, id);
CREATE INDEX clarification_unit ON clarification (unit_id, begun_at, id);
CREATE INDEX clarification_shape ON clarification (shape);
",
    }],
};

/// Where cases name photos.
pub const PHOTOS: attachments::Naming = attachments::Naming { table: "accountability_photo", column: "hash" };
