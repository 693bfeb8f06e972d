//! The table of exports.

use storage::{MigrationSet, Step, TableClass};

/// The table of exports.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "exports",
    tables: &[("export_job", TableClass::Operational)],
    steps: &[
        Step { name: "001-exports", sql: EXPORTS },
        // Nobody wrote down with which rights the files that are there were written: they are written anew.
        Step {
            name: "002-rights",
            sql: "
ALTER TABLE export_job ADD COLUMN rights {text} NOT NULL DEFAULT '';
UPDATE export_job SET stage = 'waiting', file = '', tries = 0, started_at = NULL, finished_at = NULL
    WHERE stage = 'done';
",
        },
    ],
};

const EXPORTS: &str = "
CREATE TABLE export_job (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    filter {text} NOT NULL,
    format {text} NOT NULL,
    lang {text} NOT NULL,
    stage {text} NOT NULL,
    code {text} NOT NULL,
    file {text} NOT NULL,
    tries {int} NOT NULL,
    done {int} NOT NULL,
    total {int} NOT NULL,
    asked_at {int} NOT NULL,
    started_at {int},
    finished_at {int},
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX export_job_account ON export_job (account_id, asked_at);
CREATE INDEX export_job_stage ON export_job (stage, asked_at);
";
