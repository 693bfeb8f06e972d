//! Tables of imports: working data, gone after a while. What was imported is in the journal.

use attachments::Naming;
use storage::{MigrationSet, Step, TableClass};

/// Where files that wait name photos.
pub const PHOTOS: Naming = Naming { table: "intake_photo", column: "hash" };

/// Tables of imports.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "intake",
    tables: &[
        ("intake_batch", TableClass::Operational),
        ("intake_row", TableClass::Operational),
        ("intake_mapping", TableClass::Operational),
        ("intake_photo", TableClass::Operational),
        ("intake_word", TableClass::Operational),
    ],
    // Rows hold names and telephones: they are sealed.
    steps: &[
        Step {
            name: "001-intake",
            sql: "
CREATE TABLE intake_batch (
    id {uuid} NOT NULL PRIMARY KEY,
    owner_id {uuid} NOT NULL,
    created_at {int} NOT NULL,
    stage {text} NOT NULL,
    done {int} NOT NULL,
    total {int} NOT NULL,
    body {text} NOT NULL
) {strict};
CREATE INDEX intake_batch_owner ON intake_batch (owner_id, created_at);

CREATE TABLE intake_row (
    batch_id {uuid} NOT NULL,
    number {int} NOT NULL,
    sealed {blob} NOT NULL,
    PRIMARY KEY (batch_id, number)
) {strict};

CREATE TABLE intake_mapping (
    fingerprint {text} NOT NULL PRIMARY KEY,
    mapping {text} NOT NULL,
    used_at {int} NOT NULL
) {strict};
",
        },
        Step {
            name: "002-photos-and-words",
            sql: "
CREATE TABLE intake_photo (
    batch_id {uuid} NOT NULL,
    file {text} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (batch_id, file)
) {strict};

CREATE TABLE intake_word (
    word {text} NOT NULL PRIMARY KEY,
    code {text} NOT NULL,
    used_at {int} NOT NULL
) {strict};
",
        },
    ],
};
