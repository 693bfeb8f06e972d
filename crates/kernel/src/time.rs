//! Time: UTC milliseconds in storage, Asia/Shanghai at the edge. Nobody asks the machine for the time but
//! [`SystemClock`].

use std::sync::{
    OnceLock,
    atomic::{AtomicI64, Ordering},
};

use jiff::{ZonedDateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A calendar day without a zone.
pub type Date = jiff::civil::Date;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// One second, minute, hour and day in milliseconds.
    pub const SECOND_MS: i64 = 1_000;
    /// See [`Self::SECOND_MS`].
    pub const MINUTE_MS: i64 = 60 * Self::SECOND_MS;
    /// See [`Self::SECOND_MS`].
    pub const HOUR_MS: i64 = 60 * Self::MINUTE_MS;
    /// See [`Self::SECOND_MS`]. Asia/Shanghai knows no summer time, so a day is always this long there.
    pub const DAY_MS: i64 = 24 * Self::HOUR_MS;

    /// This instant plus (or minus) milliseconds, saturating.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if it lies after.
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The instant in the platform's zone; instants outside jiff's range clamp to its ends.
    pub fn local(self) -> ZonedDateTime {
        let clamped =
            self.0.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        jiff::Timestamp::from_millisecond(clamped).unwrap_or_default().to_zoned_datetime(local_zone())
    }

    /// The calendar day in the platform's zone.
    pub fn local_date(self) -> Date {
        self.local().date()
    }

    /// Days since 1970-01-01 in the platform's zone, which is eight hours ahead of UTC all year.
    pub fn day_number(self) -> i64 {
        self.plus_ms(8 * Self::HOUR_MS).0.div_euclid(Self::DAY_MS)
    }

    /// Midnight at the start of `date` in the platform's zone.
    pub fn at_start_of(date: Date) -> Self {
        match date.to_zoned_datetime(local_zone()) {
            Ok(zoned) => Self(zoned.timestamp().as_millisecond()),
            Err(_) => Self(0),
        }
    }

    /// The last millisecond of `date` in the platform's zone: deadlines in days run to the end of the day.
    pub fn at_end_of(date: Date) -> Self {
        Self::at_start_of(date).plus_ms(Self::DAY_MS - 1)
    }

    /// Never negative: instants before 1970 count as 1970.
    pub fn unsigned_millis(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }
}

/// Asia/Shanghai, from the bundled zone data.
pub fn local_zone() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)).clone()
}

/// The time, as a parameter.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock. Only applications make one.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that stands still until it is set: for tests, the demonstration's history and simulations.
#[derive(Debug, Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// From now on it shows `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
