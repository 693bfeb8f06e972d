//! Tables of gates, of the standard in force and of reports.

use storage::{MigrationSet, Step, TableClass};

/// Tables of gates, of the standard in force and of reports.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "guards",
    tables: &[
        ("gate", TableClass::Derived),
        ("gate_declaration", TableClass::Derived),
        ("gate_kit", TableClass::Derived),
        ("gate_kit_look", TableClass::Derived),
        ("guard_standard", TableClass::Derived),
        ("guard_report", TableClass::Derived),
        ("guard_report_line", TableClass::Derived),
    ],
    steps: &[Step {
        name: "001-guards",
        sql: "
CREATE TABLE gate (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL
) {strict};
CREATE INDEX gate_shape ON gate (shape);

CREATE TABLE gate_declaration (
    unit_id {uuid} NOT NULL,
    campus {int} NOT NULL,
    full_time {int} NOT NULL,
    part_time {int} NOT NULL,
    as_of {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (unit_id, campus)
) {strict};

CREATE TABLE gate_kit (
    unit_id {uuid} NOT NULL,
    campus {int} NOT NULL,
    piece {text} NOT NULL,
    amount {int} NOT NULL,
    condition {text} NOT NULL,
    expires {text},
    PRIMARY KEY (unit_id, campus, piece)
) {strict};

CREATE TABLE gate_kit_look (
    unit_id {uuid} NOT NULL,
    campus {int} NOT NULL,
    looked_at {int} NOT NULL,
    PRIMARY KEY (unit_id, campus)
) {strict};

CREATE TABLE guard_standard (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    county_id {uuid} NOT NULL
) {strict};
CREATE UNIQUE INDEX guard_standard_county ON guard_standard (county_id);
CREATE INDEX guard_standard_shape ON guard_standard (shape);

CREATE TABLE guard_report (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    county_id {uuid} NOT NULL,
    stage {text} NOT NULL,
    addressee {text} NOT NULL,
    begun_at {int} NOT NULL,
    begun_year {int} NOT NULL,
    year {int},
    serial {int},
    signed_at {int},
    required {int},
    evidenced {int},
    lacking {int},
    schools {int}
) {strict};
CREATE INDEX guard_report_number ON guard_report (county_id, year, serial);
CREATE INDEX guard_report_begun ON guard_report (county_id, begun_at, id);
CREATE INDEX guard_report_shape ON guard_report (shape);

CREATE TABLE guard_report_line (
    report_id {uuid} NOT NULL,
    nth {int} NOT NULL,
    unit_id {uuid} NOT NULL,
    line {text} NOT NULL,
    names {text} NOT NULL,
    PRIMARY KEY (report_id, nth)
) {keyed};
",
    }],
};
