//! Tables of places and their codes.

use storage::{MigrationSet, Step, TableClass};

/// Tables of places and their codes.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "places",
    tables: &[("place", TableClass::Derived), ("place_code", TableClass::Derived)],
    steps: &[Step {
        name: "001-places",
        sql: "
CREATE TABLE place (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    name {text} NOT NULL,
    spot {text} NOT NULL,
    outside {bool} NOT NULL,
    code {text} NOT NULL,
    closed {bool} NOT NULL,
    added_at {int} NOT NULL
) {strict};
CREATE INDEX place_unit ON place (unit_id, closed, name);
CREATE INDEX place_shape ON place (shape);

CREATE TABLE place_code (
    code {text} NOT NULL PRIMARY KEY,
    place_id {uuid} NOT NULL,
    stopped {bool} NOT NULL
) {keyed};
CREATE INDEX place_code_place ON place_code (place_id);
",
    }],
};
