//! Tables of the journal.

use storage::{MigrationSet, Step, TableClass};

/// The journal's own tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "journal",
    tables: &[
        ("schema_step", TableClass::Operational),
        ("platform", TableClass::Journal),
        ("platform_epoch", TableClass::Journal),
        ("platform_key", TableClass::Journal),
        ("rules_kept", TableClass::Journal),
        ("event", TableClass::Journal),
        ("command_done", TableClass::Journal),
        ("clock", TableClass::Derived),
        ("evidence", TableClass::Derived),
        ("cursor", TableClass::Operational),
    ],
    steps: &[
        Step {
            name: "001-journal",
            sql: "
CREATE TABLE platform (
    single {int} NOT NULL PRIMARY KEY CHECK (single = 1),
    node {uuid} NOT NULL,
    epoch {int} NOT NULL,
    created_at {int} NOT NULL,
    demonstration {bool} NOT NULL
) {strict};

CREATE TABLE event (
    position {int} NOT NULL PRIMARY KEY,
    event_id {uuid} NOT NULL,
    node {uuid} NOT NULL,
    epoch {int} NOT NULL,
    sequence {int} NOT NULL,
    stream_kind {text} NOT NULL,
    stream_id {uuid} NOT NULL,
    stream_version {int} NOT NULL,
    event_type {text} NOT NULL,
    type_version {int} NOT NULL,
    unit_id {uuid} NOT NULL,
    unit_path {text} NOT NULL,
    actor_id {uuid} NOT NULL,
    actor_kind {text} NOT NULL,
    cause {uuid} NOT NULL,
    command_id {uuid} NOT NULL,
    rules {text} NOT NULL,
    decided_at {int} NOT NULL,
    recorded_at {int} NOT NULL,
    hash_algorithm {int} NOT NULL,
    core_part {text},
    core_salt {blob},
    core_digest {blob},
    text_part {text},
    text_salt {blob},
    text_digest {blob},
    personal_part {blob},
    personal_salt {blob},
    personal_digest {blob},
    origin_chain {blob} NOT NULL,
    local_chain {blob} NOT NULL
) {strict};
CREATE UNIQUE INDEX event_stream ON event (stream_id, stream_version);
CREATE INDEX event_unit ON event ((position / 4096), unit_id, position);
CREATE INDEX event_actor ON event ((position / 4096), actor_id, position);

CREATE TABLE command_done (
    actor_id {uuid} NOT NULL,
    command_id {uuid} NOT NULL,
    digest {blob} NOT NULL,
    position {int} NOT NULL,
    PRIMARY KEY (command_id, actor_id)
) {keyed};

CREATE TABLE clock (
    stream_id {uuid} NOT NULL,
    name {text} NOT NULL,
    stream_kind {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    started_at {int} NOT NULL,
    due_at {int} NOT NULL,
    next_at {int},
    PRIMARY KEY (stream_id, name)
) {keyed};
CREATE INDEX clock_next ON clock (next_at);

CREATE TABLE evidence (
    position {int} NOT NULL,
    number {int} NOT NULL,
    kind {text} NOT NULL,
    measure {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    stream_id {uuid} NOT NULL,
    day {int} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (position, number)
) {keyed};

CREATE TABLE cursor (
    name {text} NOT NULL PRIMARY KEY,
    position {int} NOT NULL
) {keyed};
",
        },
        Step {
            name: "002-epochs",
            sql: "
CREATE TABLE platform_epoch (
    epoch {int} NOT NULL PRIMARY KEY,
    opened_at {int} NOT NULL,
    continues_position {int} NOT NULL,
    continues_head {blob} NOT NULL
) {strict};
",
        },
        Step {
            name: "003-key",
            sql: "
CREATE TABLE platform_key (
    single {int} NOT NULL PRIMARY KEY CHECK (single = 1),
    mark {blob} NOT NULL
) {strict};
",
        },
        Step {
            name: "004-rules",
            sql: "
CREATE TABLE rules_kept (
    stamp {text} NOT NULL,
    path {text} NOT NULL,
    text {text} NOT NULL,
    kept_at {int} NOT NULL,
    PRIMARY KEY (stamp, path)
) {keyed};
",
        },
        // Shorter sections: the acts of one commit, spread over a county, touch a quarter of the pages.
        Step {
            name: "005-sections",
            sql: "
DROP INDEX event_unit;
DROP INDEX event_actor;
CREATE INDEX event_unit ON event ((position / 1024), unit_id, position);
CREATE INDEX event_actor ON event ((position / 1024), actor_id, position);
",
        },
    ],
};
