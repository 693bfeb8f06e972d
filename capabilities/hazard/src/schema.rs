//! Tables of hazards.

use attachments::Naming;
use storage::{MigrationSet, Step, TableClass, search_table};

/// Where hazards name photos.
pub const PHOTOS: Naming = Naming { table: "hazard_photo", column: "hash" };

/// Tables of hazards.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "hazard",
    tables: &[
        ("hazard", TableClass::Derived),
        ("hazard_photo", TableClass::Derived),
        ("hazard_search", TableClass::Derived),
        ("hazard_now", TableClass::Derived),
        ("hazard_total", TableClass::Derived),
        ("hazard_day", TableClass::Derived),
        ("hazard_before", TableClass::Derived),
        ("hazard_view", TableClass::Operational),
    ],
    steps: &[
    Step {
        name: "001-hazards",
        sql: concat!(
            "
CREATE TABLE hazard (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    row_number {int} NOT NULL,
    unit_id {uuid} NOT NULL,
    township_id {uuid},
    central_id {uuid},
    county_id {uuid},
    year {int} NOT NULL,
    serial {int} NOT NULL,
    category {text} NOT NULL,
    level {text} NOT NULL,
    source {text} NOT NULL,
    stage {text} NOT NULL,
    phase {text} NOT NULL,
    registered_at {int} NOT NULL,
    registered_by {uuid} NOT NULL,
    due_at {int},
    sort_at {int} NOT NULL,
    closed_at {int},
    title {text} NOT NULL,
    place {text} NOT NULL,
    turn_unit {uuid},
    turn_act {text},
    turn_person {uuid},
    watch_unit {uuid},
    watch_act {text},
    escalation {text} NOT NULL,
    help {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX hazard_number ON hazard (unit_id, year, serial);
CREATE INDEX hazard_time ON hazard (registered_at, id);
CREATE INDEX hazard_phase ON hazard (phase, registered_at, id);
CREATE INDEX hazard_due ON hazard (phase, sort_at, id);
CREATE INDEX hazard_stage ON hazard (stage, registered_at, id);
CREATE INDEX hazard_category ON hazard (category, registered_at, id, phase);
CREATE INDEX hazard_level ON hazard (level, registered_at, id, phase);
CREATE INDEX hazard_unit_time ON hazard (unit_id, registered_at, id);
CREATE INDEX hazard_unit_phase ON hazard (unit_id, phase, registered_at, id);
CREATE INDEX hazard_shape ON hazard (shape);
CREATE INDEX hazard_turn ON hazard (turn_unit, sort_at, id) WHERE turn_unit <> unit_id OR phase <> 'open';
CREATE INDEX hazard_watch ON hazard (watch_unit, sort_at, id) WHERE watch_unit IS NOT NULL;
CREATE INDEX hazard_row ON hazard (row_number, phase, unit_id, level, category, registered_at, township_id, central_id);

CREATE TABLE hazard_now (
    unit_id {uuid} NOT NULL,
    stage {text} NOT NULL,
    level {text} NOT NULL,
    category {text} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (unit_id, stage, level, category)
) {keyed};

CREATE TABLE hazard_total (
    stage {text} NOT NULL,
    level {text} NOT NULL,
    category {text} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (stage, level, category)
) {keyed};

CREATE TABLE hazard_day (
    day {int} NOT NULL,
    unit_id {uuid} NOT NULL,
    fact {text} NOT NULL,
    level {text} NOT NULL,
    category {text} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (unit_id, day, fact, level, category)
) {keyed};
CREATE INDEX hazard_day_day ON hazard_day (day, fact);
",
            search_table!("hazard_search")
        ),
    },
    Step {
        name: "002-views-and-exports",
        sql: "
CREATE TABLE hazard_view (
    account_id {uuid} NOT NULL,
    name {text} NOT NULL,
    filter {text} NOT NULL,
    saved_at {int} NOT NULL,
    PRIMARY KEY (account_id, name)
) {keyed};

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
",
    },
    // The words of a unit's hazards lie together: a school's search reads them instead of the county's matches.
    Step {
        name: "003-words",
        sql: "
ALTER TABLE hazard ADD COLUMN words {text} NOT NULL DEFAULT '';
--sqlite
DROP INDEX hazard_unit_time;
CREATE INDEX hazard_unit_time ON hazard (unit_id, registered_at, id, words);
--both
",
    },
    // Exports are a room of their own; their files last a week, so nobody's job is carried over.
    Step { name: "004-exports-move-out", sql: "DROP TABLE export_job;" },
    Step {
        name: "005-photos",
        sql: "
CREATE TABLE hazard_photo (
    hazard_id {uuid} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (hazard_id, hash)
) {keyed};
",
    },
    // Every search reads the whole list of what the index has not taken in yet; short, it costs neither the search
    // nor the commit that empties it.
    Step {
        name: "006-short-pending-list",
        sql: "
--postgres
ALTER INDEX hazard_search_grams SET (gin_pending_list_limit = 256);
--both
",
    },
    // `central_id` tells the past; these, who does today what a central school does, and whether anybody is there.
    Step {
        name: "007-addressed-now",
        sql: "
ALTER TABLE hazard ADD COLUMN central_now {uuid};
ALTER TABLE hazard ADD COLUMN closed_now {bool} NOT NULL DEFAULT FALSE;
",
    },
    // Whose work it is, also while others have the turn.
    Step { name: "008-responsible", sql: "ALTER TABLE hazard ADD COLUMN responsible {uuid};" },
    // Who may not do what the turn asks, though his unit has it.
    Step { name: "009-barred", sql: "ALTER TABLE hazard ADD COLUMN turn_barred {text};" },
    // What the county owes of a request for help, and who has promised to do something about it.
    Step {
        name: "010-help-owed",
        sql: "
ALTER TABLE hazard ADD COLUMN help_unit {uuid};
ALTER TABLE hazard ADD COLUMN help_due {int};
CREATE INDEX hazard_help ON hazard (help_unit, help_due, id) WHERE help_unit IS NOT NULL;
",
    },
    // 重复隐患: by place and category the earlier one is found, and those that repeat one.
    Step {
        name: "011-repeated",
        sql: "
ALTER TABLE hazard ADD COLUMN place_key {text} NOT NULL DEFAULT '';
ALTER TABLE hazard ADD COLUMN found_at {int} NOT NULL DEFAULT 0;
ALTER TABLE hazard ADD COLUMN repeats_of {uuid};
CREATE INDEX hazard_place ON hazard (unit_id, category, place_key, found_at) WHERE place_key <> '';
CREATE INDEX hazard_repeats ON hazard (registered_at, id, unit_id) WHERE repeats_of IS NOT NULL;
CREATE INDEX hazard_repeated ON hazard (repeats_of, registered_at) WHERE repeats_of IS NOT NULL;
",
    },
    // 催办, for the list of whoever is urged.
    Step { name: "012-urged", sql: "ALTER TABLE hazard ADD COLUMN urged {int} NOT NULL DEFAULT 0;" },
    // Who else has the same file, and what names a photo that is to be cleared away.
    Step { name: "013-photos-by-name", sql: "CREATE INDEX hazard_photo_hash ON hazard_photo (hash);" },
    // Whether a repetition still holds is kept, not asked again for each row of a list; the newest at a place is found
    // without sorting.
    Step {
        name: "014-repeated-is-kept",
        sql: "
ALTER TABLE hazard ADD COLUMN repeated {bool} NOT NULL DEFAULT FALSE;
DROP INDEX hazard_repeats;
CREATE INDEX hazard_repeats ON hazard (registered_at, id, unit_id) WHERE repeated = TRUE;
DROP INDEX hazard_place;
CREATE INDEX hazard_place ON hazard (unit_id, category, place_key, found_at, id) WHERE place_key <> '';
",
    },
    // A duplicate that was withdrawn, for the record of the hazard that goes on.
    Step {
        name: "015-same-as",
        sql: "
ALTER TABLE hazard ADD COLUMN same_as {uuid};
CREATE INDEX hazard_same_as ON hazard (same_as) WHERE same_as IS NOT NULL;
",
    },
    // 重复隐患 is judged anew when what was found before is corrected or withdrawn: by day found, on the same day in the
    // order of registering.
    Step {
        name: "016-repetitions-judged-anew",
        sql: "
ALTER TABLE hazard ADD COLUMN found_day {int} NOT NULL DEFAULT 0;
ALTER TABLE hazard ADD COLUMN repeats_since {int};
DROP INDEX hazard_place;
CREATE INDEX hazard_place ON hazard (unit_id, category, place_key, found_day, registered_at, id)
    WHERE place_key <> '';
DROP INDEX hazard_repeats;
CREATE INDEX hazard_repeats ON hazard (registered_at, id, unit_id) WHERE repeats_of IS NOT NULL;
ALTER TABLE hazard DROP COLUMN repeated;
ALTER TABLE hazard DROP COLUMN found_at;
",
    },
    // How it was closed, to be counted; and what a hazard was before each change, for any day that has passed: what
    // has not changed since is read from the record itself, so that nothing but one row at the end is written.
    Step {
        name: "017-as-of",
        sql: "
ALTER TABLE hazard ADD COLUMN timely {bool};
ALTER TABLE hazard ADD COLUMN days {int};
CREATE INDEX hazard_closed ON hazard (closed_at, phase, timely, days, unit_id, township_id, central_id)
    WHERE closed_at IS NOT NULL;

CREATE TABLE hazard_before (
    changed_at {int} NOT NULL,
    hazard_id {uuid} NOT NULL,
    version {int} NOT NULL,
    stage {text} NOT NULL,
    phase {text} NOT NULL,
    level {text} NOT NULL,
    category {text} NOT NULL,
    sort_at {int} NOT NULL,
    closed_at {int},
    timely {bool},
    days {int},
    turn_unit {uuid},
    PRIMARY KEY (changed_at, hazard_id, version)
) {keyed};
",
    }],
};
