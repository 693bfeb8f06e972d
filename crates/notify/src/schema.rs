//! Tables of channels, of what waits, and of what was sent.

use storage::{MigrationSet, Step, TableClass};

/// Tables of channels, of what waits, and of what was sent.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "notify",
    tables: &[
        ("channel", TableClass::Derived),
        ("channel_secret", TableClass::Secret),
        ("notify_outbox", TableClass::Operational),
        ("notify_sent", TableClass::Operational),
    ],
    steps: &[Step {
        name: "001-channels",
        sql: "
CREATE TABLE channel (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    status {text} NOT NULL
) {strict};
CREATE INDEX channel_unit ON channel (unit_id, status);
CREATE INDEX channel_status ON channel (status);

CREATE TABLE channel_secret (
    channel_id {uuid} NOT NULL PRIMARY KEY,
    address {blob},
    signing {blob},
    changed_at {int} NOT NULL
) {strict};

CREATE TABLE notify_outbox (
    id {uuid} NOT NULL PRIMARY KEY,
    channel_id {uuid} NOT NULL,
    mark {text} NOT NULL,
    epoch {int} NOT NULL,
    position {int} NOT NULL,
    topic {text} NOT NULL,
    happened_at {int} NOT NULL,
    made_at {int} NOT NULL,
    sentence {text} NOT NULL,
    path {text} NOT NULL,
    state {text} NOT NULL,
    due_at {int} NOT NULL,
    tries {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX notify_outbox_mark ON notify_outbox (channel_id, mark);
CREATE INDEX notify_outbox_state ON notify_outbox (state, channel_id, made_at);

CREATE TABLE notify_sent (
    id {uuid} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    channel_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    label {text} NOT NULL,
    kind {text} NOT NULL,
    host {text} NOT NULL,
    topics {text} NOT NULL,
    items {int} NOT NULL,
    body {text} NOT NULL,
    outcome {text} NOT NULL,
    code {text} NOT NULL,
    tries {int} NOT NULL
) {strict};
CREATE INDEX notify_sent_time ON notify_sent (at, id);
CREATE INDEX notify_sent_unit ON notify_sent (unit_id, at, id);
CREATE INDEX notify_sent_channel ON notify_sent (channel_id, at, id);
",
    }],
};
