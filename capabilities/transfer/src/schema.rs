//! Tables of letters and of the register of departments.

use storage::{MigrationSet, Step, TableClass};

/// Tables of letters and of the register of departments.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "transfer",
    tables: &[
        ("department", TableClass::Derived),
        ("transfer", TableClass::Derived),
        ("transfer_photo", TableClass::Derived),
        ("transfer_ticket", TableClass::Secret),
        ("transfer_opening", TableClass::Operational),
    ],
    steps: &[Step {
        name: "001-letters",
        sql: "
CREATE TABLE department (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    county_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    name {text} NOT NULL,
    office {text} NOT NULL,
    telephone {text} NOT NULL,
    closed {bool} NOT NULL
) {strict};
CREATE INDEX department_name ON department (county_id, name);
CREATE INDEX department_shape ON department (shape);

CREATE TABLE transfer (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    hazard_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    township_id {uuid},
    central_id {uuid},
    county_id {uuid} NOT NULL,
    department_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    stage {text} NOT NULL,
    department_name {text} NOT NULL,
    unit_name {text} NOT NULL,
    title {text} NOT NULL,
    words {text} NOT NULL,
    year {int},
    serial {int},
    begun_at {int} NOT NULL,
    begun_year {int} NOT NULL,
    sent_at {int},
    sent_on {int},
    reply_by {int} NOT NULL,
    answer {text},
    answered_on {int},
    turn_act {text},
    turn_due {int},
    turn_barred {text},
    ended_at {int}
) {strict};
CREATE INDEX transfer_number ON transfer (county_id, year, serial);
CREATE INDEX transfer_stage ON transfer (stage, begun_at, id);
CREATE INDEX transfer_unit ON transfer (unit_id, begun_at, id);
CREATE INDEX transfer_hazard ON transfer (hazard_id, begun_at, id);
CREATE INDEX transfer_turn ON transfer (county_id, turn_act);
CREATE INDEX transfer_shape ON transfer (shape);

CREATE TABLE transfer_photo (
    transfer_id {uuid} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (transfer_id, hash)
) {keyed};

CREATE TABLE transfer_ticket (
    digest {blob} NOT NULL PRIMARY KEY,
    transfer_id {uuid} NOT NULL,
    link {int} NOT NULL,
    expires_at {int} NOT NULL
) {keyed};
CREATE UNIQUE INDEX transfer_ticket_letter ON transfer_ticket (transfer_id);

CREATE TABLE transfer_opening (
    transfer_id {uuid} NOT NULL,
    link {int} NOT NULL,
    nth {int} NOT NULL,
    at {int} NOT NULL,
    address {text} NOT NULL,
    PRIMARY KEY (transfer_id, link, nth)
) {keyed};
CREATE INDEX transfer_opening_at ON transfer_opening (at);
",
    }],
};
