//! Who may do and see what: accounts and the roles given to them, passwords and second factors, sessions, and the
//! log of who read personal data.
//!
//! The table role x permission x scope is `roles.toml`; what is not written there is denied. The writer asks
//! [`RoleBook`], pages ask a [`Viewer`]: both come to the same answer, and a test compares them for every role and
//! unit. Facts about accounts are events; secrets never are.

mod access_log;
mod account;
mod book;
mod cache;
mod device;
mod follow;
mod guessing;
mod keeper;
pub mod limits;
mod operational;
mod password;
mod permission;
mod roles;
mod schema;
mod scope;
mod secret;
mod session;
mod sign_in;
mod sign_in_log;
mod throttle;
mod totp;
mod viewer;

pub use access_log::{
    AccessLogHead, AccessLogReport, AccessRead, ReadFilter, access_log_head, reads_after, reads_counted,
    reads_listed, record_reads, verify_access_log,
};
pub use account::{
    Account, AccountBrief, AccountCommand, AccountEvent, AccountFacts, AccountFilter, AccountRow,
    AccountState, HeldRole, SuspendReason, Waiting, WaitingFilter, account_by_login, account_of_person,
    account_state, accounts_counted, accounts_listed, accounts_of_unit, accounts_without_role, actor_logins,
    actor_names, check_login, device_holders, people_with_account, people_without_account,
};
pub use book::RoleBook;
pub use cache::{Lookup, SessionCache, SignedIn};
pub use device::{
    Binding, ComparedPin, DeviceLink, PinCheck, StoredPin, bind_device, device_has_pin, find_device_link,
    issue_device_link, settle_device_pin, stored_device_pin, sweep_device_links,
};
pub use follow::account_follows;
pub use guessing::{Origin, sweep_guessing};
pub use keeper::{GrantedRoles, RankKeeper, another_may, units_without};
pub use operational::{OperationalWork, OperationalWriter, operate};
pub use password::{HashedPassword, Password, check_password, hash_password, verify_password};
pub use permission::{PermissionSet, names, permission_named};
pub use roles::{Extent, Role, RoleEntry, RoleTable, RoleTableError, table};
pub use schema::MIGRATIONS;
pub use scope::{Root, Scope};
pub use secret::{
    LockSettings, SecretStatus, clear_second_factor, issue_printed_code, secret_status, store_password,
    unlock,
};
pub use session::{
    EndedSessions, NewSession, Session, SessionDigest, SessionKind, SessionLimits, SessionStage,
    SessionToken, end_every_session, flush_last_seen, open_session, revoke_session, revoke_sessions, session,
    sessions_of, sweep_sessions,
};
pub use sign_in::{
    Candidate, Outcome, PasswordChange, SignIn, SignInDesk, SignInParts, SignInSettings, sweep_enrolments,
};
pub use sign_in_log::{
    SignInEntry, SignInFilter, SignInResult, record_passed_over, record_phone_locked, sign_in_log_head,
    sign_ins_counted, sign_ins_listed, sweep_sign_in_log, verify_sign_in_log,
};
pub use throttle::Throttle;
pub use totp::{Enrolment, totp_code};
pub use viewer::{Viewer, ViewerGrant, visible};

/// Every code this room refuses with; each has a sentence `problem-<code>`.
pub const REFUSALS: &[&str] = &[
    "account-exists",
    "account-grants-limit",
    "account-last-security-administrator",
    "account-login-personal",
    "account-login-shape",
    "account-login-taken",
    "account-not-oneself",
    "account-person-elsewhere",
    "account-person-taken",
    "account-person-unknown",
    "account-rank",
    "account-role-excluded",
    "account-role-not-here",
    "account-self",
    "account-suspended",
    "account-unit-unknown",
    "account-unknown",
    "password-common",
    "password-contains-login",
    "password-is-slip",
    "password-too-few-kinds",
    "password-too-long",
    "password-too-short",
    "password-unchanged",
    "person-leave-last",
    "person-leave-rank",
    "person-leave-self",
    "second-factor-already-set",
    "second-factor-wrong",
    "unit-rekind-role",
];

#[cfg(test)]
mod tests;
