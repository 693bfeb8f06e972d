//! Tables of reports, their tickets and the telephones that reporters left.

use storage::{MigrationSet, Step, TableClass};

/// Tables of reports, their tickets and the telephones that reporters left.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "public-report",
    tables: &[
        ("public_report", TableClass::Derived),
        ("public_report_photo", TableClass::Derived),
        ("public_report_ticket", TableClass::Secret),
        ("public_report_telephone", TableClass::Secret),
    ],
    steps: &[Step {
        name: "001-reports",
        sql: "
CREATE TABLE public_report (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    township_id {uuid},
    central_id {uuid},
    county_id {uuid},
    place_id {uuid} NOT NULL,
    hazard_id {uuid},
    category {text},
    stage {text} NOT NULL,
    answer {text},
    sent_back {bool} NOT NULL,
    late {bool} NOT NULL,
    unit_name {text} NOT NULL,
    place_name {text} NOT NULL,
    title {text} NOT NULL,
    words {text} NOT NULL,
    year {int} NOT NULL,
    serial {int} NOT NULL,
    received_at {int} NOT NULL,
    answered_at {int},
    turn_act {text},
    turn_since {int},
    turn_due {int}
) {strict};
CREATE INDEX public_report_number ON public_report (unit_id, year, serial);
CREATE INDEX public_report_unit ON public_report (unit_id, received_at, id);
CREATE INDEX public_report_place ON public_report (place_id, received_at);
CREATE INDEX public_report_hazard ON public_report (hazard_id);
CREATE INDEX public_report_turn ON public_report (turn_act, turn_due);
CREATE INDEX public_report_shape ON public_report (shape);

CREATE TABLE public_report_photo (
    report_id {uuid} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (report_id, hash)
) {keyed};

CREATE TABLE public_report_ticket (
    digest {blob} NOT NULL PRIMARY KEY,
    report_id {uuid} NOT NULL,
    expires_at {int} NOT NULL
) {keyed};
CREATE UNIQUE INDEX public_report_ticket_report ON public_report_ticket (report_id);

CREATE TABLE public_report_telephone (
    report_id {uuid} NOT NULL PRIMARY KEY,
    sealed {blob} NOT NULL
) {keyed};
",
    }],
};
