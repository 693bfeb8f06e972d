//! Tables of what is held. Neither has a column for words: those are sealed in the journal and nowhere else.

use storage::{MigrationSet, Step, TableClass};

/// Tables of what is held.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "restricted",
    tables: &[("held_reader", TableClass::Derived), ("held_report", TableClass::Derived)],
    steps: &[Step {
        name: "001-held",
        sql: "
CREATE TABLE held_reader (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    account_id {uuid}
) {strict};
CREATE UNIQUE INDEX held_reader_unit ON held_reader (unit_id);
CREATE INDEX held_reader_account ON held_reader (account_id);
CREATE TABLE held_report (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    kept_by {uuid} NOT NULL,
    county_id {uuid},
    year {int} NOT NULL,
    serial {int} NOT NULL,
    written_at {int} NOT NULL,
    open {bool} NOT NULL
) {strict};
CREATE UNIQUE INDEX held_report_number ON held_report (kept_by, year, serial);
CREATE INDEX held_report_county ON held_report (county_id, written_at, id);
",
    }],
};
