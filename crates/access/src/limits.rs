//! Limits of this room, by name.

use kernel::Timestamp;

/// Characters of a login.
pub const LOGIN_LEAST: usize = 3;
/// Characters of a login.
pub const LOGIN_MOST: usize = 40;
/// Characters of a password.
pub const PASSWORD_LEAST: usize = 8;
/// Bytes of a password that are hashed; more is refused before any work.
pub const PASSWORD_MOST_BYTES: usize = 256;
/// Roles one account may hold.
pub const GRANTS_PER_ACCOUNT: usize = 32;
/// Accounts opened, or given roles and first passwords, at a time.
pub const ACCOUNTS_AT_ONCE: usize = 300;
/// Sessions kept in memory.
pub const SESSIONS_CACHED: usize = 20_000;
/// Characters of a user agent that are stored.
pub const AGENT_CHARS: usize = 200;
/// Live sessions one account may have; the oldest gives way.
pub const SESSIONS_PER_ACCOUNT: usize = 20;
/// How often at most `last_seen` is written.
pub const LAST_SEEN_FLUSH_MS: i64 = Timestamp::MINUTE_MS;
/// Recovery codes made at a time.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a recovery or printed code.
pub const CODE_CHARS: usize = 10;
/// How long a printed first password may be used.
pub const PRINTED_CODE_MS: i64 = 14 * Timestamp::DAY_MS;
/// Names and addresses a throttle remembers.
pub const THROTTLE_KEYS: usize = 10_000;
/// How long rows of the log of sign-ins are kept.
pub const SIGN_IN_LOG_KEPT_MS: i64 = 730 * Timestamp::DAY_MS;
/// Failed tries of one network that leave a row each at once.
pub const TRIES_WRITTEN_AT_ONCE: u32 = 60;
/// How often one more of them does, when there were more.
pub const TRY_WRITTEN_EVERY_MS: i64 = 10 * Timestamp::SECOND_MS;
/// Failed tries from everywhere that leave a row each at once.
pub const ALL_TRIES_WRITTEN_AT_ONCE: u32 = 1_000;
/// How often one more of them does, when there were more.
pub const ANY_TRY_WRITTEN_EVERY_MS: i64 = 2 * Timestamp::SECOND_MS;
/// Failed tries of one account that leave a row each at once, whatever was tried with made-up names.
pub const ACCOUNT_TRIES_WRITTEN_AT_ONCE: u32 = 60;
/// How often one more of them does, when there were more.
pub const ACCOUNT_TRY_WRITTEN_EVERY_MS: i64 = 10 * Timestamp::SECOND_MS;
/// Failed tries of all accounts that leave a row each at once.
pub const ALL_ACCOUNT_TRIES_WRITTEN_AT_ONCE: u32 = 5_000;
/// How often one more of them does, when there were more.
pub const ANY_ACCOUNT_TRY_WRITTEN_EVERY_MS: i64 = Timestamp::SECOND_MS / 2;
/// Characters of an address that are kept.
pub const ADDRESS_CHARS: usize = 64;
/// Characters of a reason in the access log.
pub const REASON_CHARS: usize = 200;
/// How long a link that binds a device may be used.
pub const DEVICE_LINK_MS: i64 = 15 * Timestamp::MINUTE_MS;
/// Wrong numbers in a row on a bound device before its session ends.
pub const DEVICE_PIN_TRIES: i64 = 5;
/// Without a request for so long, a bound device asks for its number.
pub const DEVICE_PIN_IDLE_MS: i64 = 30 * Timestamp::MINUTE_MS;
/// How long failures of a source are remembered.
pub const FAILURES_KEPT_MS: i64 = Timestamp::DAY_MS;
/// How long a browser that signed in is known, counted from the last time.
pub const KNOWN_DEVICE_MS: i64 = 180 * Timestamp::DAY_MS;
/// Browsers that are known of one account; the oldest gives way.
pub const KNOWN_DEVICES: usize = 20;
/// How long a second factor that was shown waits for its first code.
pub const ENROLMENT_MS: i64 = 30 * Timestamp::MINUTE_MS;
