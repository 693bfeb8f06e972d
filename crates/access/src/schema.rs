//! Tables of accounts, secrets, sessions and the access log.

use storage::{MigrationSet, Step, TableClass};

/// Tables of accounts, secrets, sessions and the access log.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    room: "access",
    tables: &[
        ("account", TableClass::Derived),
        ("account_grant", TableClass::Derived),
        ("account_secret", TableClass::Secret),
        ("account_code", TableClass::Secret),
        ("session", TableClass::Secret),
        ("access_log", TableClass::AccessLog),
        ("sign_in_log", TableClass::AccessLog),
        ("device_link", TableClass::Secret),
        ("device_pin", TableClass::Secret),
        ("totp_waiting", TableClass::Secret),
        ("sign_in_failure", TableClass::Secret),
        ("known_device", TableClass::Secret),
    ],
    steps: &[ACCOUNTS, DEVICES, ENROLMENT, GUESSING, SIGN_INS],
};

const ACCOUNTS: Step = Step {
    name: "001-accounts",
    sql: "
CREATE TABLE account (
    id {uuid} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    shape {int} NOT NULL,
    state {text} NOT NULL,
    login {text} NOT NULL,
    person_id {uuid} NOT NULL,
    home_id {uuid} NOT NULL,
    suspended {bool} NOT NULL
) {strict};
CREATE UNIQUE INDEX account_login ON account (login);
CREATE INDEX account_person ON account (person_id);
CREATE INDEX account_home ON account (home_id, login);

CREATE TABLE account_grant (
    account_id {uuid} NOT NULL,
    role {text} NOT NULL,
    unit_id {uuid} NOT NULL,
    PRIMARY KEY (account_id, role, unit_id)
) {strict};
CREATE INDEX account_grant_unit ON account_grant (unit_id, role);
CREATE INDEX account_grant_role ON account_grant (role, account_id);

CREATE TABLE account_secret (
    account_id {uuid} NOT NULL PRIMARY KEY,
    hash {text},
    must_change {bool} NOT NULL,
    changed_at {int} NOT NULL,
    failed {int} NOT NULL,
    locked_until {int} NOT NULL,
    totp_sealed {blob},
    totp_confirmed {bool} NOT NULL,
    totp_last_step {int} NOT NULL
) {strict};

CREATE TABLE account_code (
    account_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    digest {blob} NOT NULL,
    expires_at {int},
    PRIMARY KEY (account_id, kind, digest)
) {strict};

CREATE TABLE session (
    digest {blob} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    stage {text} NOT NULL,
    second_factor {bool} NOT NULL,
    created_at {int} NOT NULL,
    last_seen_at {int} NOT NULL,
    csrf {blob} NOT NULL,
    agent {text} NOT NULL,
    revoked_at {int}
) {strict};
CREATE INDEX session_account ON session (account_id, created_at);

CREATE TABLE access_log (
    number {int} NOT NULL PRIMARY KEY,
    read_at {int} NOT NULL,
    account_id {uuid} NOT NULL,
    what {text} NOT NULL,
    subject_id {uuid} NOT NULL,
    unit_id {uuid} NOT NULL,
    why {text} NOT NULL,
    chain {blob} NOT NULL
) {strict};
CREATE INDEX access_log_subject ON access_log (subject_id, number);
CREATE INDEX access_log_account ON access_log (account_id, number);
",
};

/// Links that bind a device, and the number that is asked for on it.
const DEVICES: Step = Step {
    name: "002-device-binding",
    sql: "
CREATE TABLE device_link (
    digest {blob} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL,
    issued_by {uuid} NOT NULL,
    issued_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int}
) {strict};
CREATE INDEX device_link_account ON device_link (account_id, issued_at);

CREATE TABLE device_pin (
    session_digest {blob} NOT NULL PRIMARY KEY,
    hash {text} NOT NULL,
    failed {int} NOT NULL
) {strict};
",
};

/// A second factor that was shown and not yet confirmed, for the session that sets it up.
const ENROLMENT: Step = Step {
    name: "003-enrolment",
    sql: "
CREATE TABLE totp_waiting (
    session_digest {blob} NOT NULL PRIMARY KEY,
    sealed {blob} NOT NULL,
    made_at {int} NOT NULL
) {strict};
",
};

/// Failures by source, and the browsers that strangers' failures do not lock out. Both hold keyed hashes alone.
const GUESSING: Step = Step {
    name: "004-guessing",
    sql: "
CREATE TABLE sign_in_failure (
    account_id {uuid} NOT NULL,
    source {blob} NOT NULL,
    failed {int} NOT NULL,
    locked_until {int} NOT NULL,
    last_at {int} NOT NULL,
    PRIMARY KEY (account_id, source)
) {strict};

CREATE TABLE known_device (
    account_id {uuid} NOT NULL,
    digest {blob} NOT NULL,
    used_at {int} NOT NULL,
    PRIMARY KEY (account_id, digest)
) {strict};
CREATE INDEX known_device_digest ON known_device (digest);
",
};

/// The log of sign-ins, and from where a session was opened, for the row about its end.
const SIGN_INS: Step = Step {
    name: "005-sign-in-log",
    sql: "
ALTER TABLE session ADD COLUMN address {text} NOT NULL DEFAULT '';

CREATE TABLE sign_in_log (
    number {int} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    result {text} NOT NULL,
    account_id {uuid},
    unit_id {uuid},
    address {text} NOT NULL,
    passed_over {int} NOT NULL,
    chain {blob} NOT NULL
) {strict};
CREATE INDEX sign_in_log_at ON sign_in_log (at, number);
CREATE INDEX sign_in_log_account ON sign_in_log (account_id, number);
",
};
