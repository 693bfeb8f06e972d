//! Tables of units and people.

use storage::{MigrationSet, Step, TableClass, search_table};

/// Tables of units and people.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "organisation",
    tables: &[
        ("unit", TableClass::Derived),
        ("unit_scope", TableClass::Derived),
        ("unit_placement", TableClass::Derived),
        ("unit_search", TableClass::Derived),
        ("person", TableClass::Derived),
        ("person_post", TableClass::Derived),
        ("guard", TableClass::Derived),
        ("unit_campus", TableClass::Derived),
    ],
    steps: &[
        Step {
            name: "001-units-and-people",
            sql: concat!(
                "
CREATE TABLE unit (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    number {int} NOT NULL,
    code {text} NOT NULL,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    path {text} NOT NULL,
    pupils {int},
    boarders {int},
    staff {int},
    latitude {real},
    longitude {real},
    closed_on {text}
) {strict};
CREATE UNIQUE INDEX unit_code ON unit (code);
CREATE INDEX unit_kind ON unit (kind, code);

CREATE TABLE unit_scope (
    ancestor_id {uuid} NOT NULL,
    line {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    depth {int} NOT NULL,
    PRIMARY KEY (ancestor_id, line, unit_id)
) {strict};
CREATE INDEX unit_scope_up ON unit_scope (unit_id, line, depth);

CREATE TABLE unit_placement (
    unit_id {uuid} NOT NULL,
    line {text} NOT NULL,
    from_day {text} NOT NULL,
    to_day {text},
    parent_id {uuid} NOT NULL,
    PRIMARY KEY (unit_id, line, parent_id, from_day)
) {strict};

CREATE TABLE person (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    active {bool} NOT NULL,
    sealed {blob},
    phone_lookup {blob},
    id_lookup {blob}
) {strict};
CREATE INDEX person_unit ON person (unit_id);
CREATE INDEX person_phone ON person (phone_lookup);
CREATE INDEX person_identity ON person (id_lookup);

CREATE TABLE person_post (
    person_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    post {text} NOT NULL,
    since {text} NOT NULL,
    PRIMARY KEY (person_id, unit_id, post)
) {strict};
CREATE INDEX person_post_unit ON person_post (unit_id, post);
",
                search_table!("unit_search")
            ),
        },
        // Words and papers of a guard, sealed.
        Step { name: "002-guards", sql: "ALTER TABLE person ADD COLUMN guard {blob};" },
        // Guards by what they are counted by, and the campuses they stand at.
        Step {
            name: "003-guards-and-campuses",
            sql: "
CREATE TABLE guard (
    person_id {uuid} NOT NULL PRIMARY KEY,
    unit_id {uuid} NOT NULL,
    campus {int},
    known {bool} NOT NULL,
    full_time {bool} NOT NULL,
    employer {text} NOT NULL,
    shift {text},
    certified {bool} NOT NULL,
    since {text},
    until {text},
    certified_until {text},
    background_on {text},
    health_on {text},
    health_until {text},
    trained_on {text}
) {strict};
CREATE INDEX guard_unit ON guard (unit_id, campus);

CREATE TABLE unit_campus (
    unit_id {uuid} NOT NULL,
    number {int} NOT NULL,
    name {text} NOT NULL,
    pupils {int},
    boarders {int},
    staff {int},
    PRIMARY KEY (unit_id, number)
) {strict};
",
        },
        // Named as what is sealed is named everywhere, so that nobody compares its bytes.
        Step { name: "004-sealed-papers", sql: "ALTER TABLE person RENAME COLUMN guard TO guard_sealed;" },
    ],
};
