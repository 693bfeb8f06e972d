//! Whether the machine's clock may be believed while the platform runs.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{Timestamp, limits};

/// Doubts a clock that jumped ahead. Whatever cannot be taken back and follows from the time alone, deadlines and
/// sweeps, asks first.
#[derive(Debug)]
pub struct Steadiness(Option<Mutex<Steady>>);

impl Steadiness {
    /// With a clock that is right now.
    pub fn new(now: Timestamp) -> Self {
        Self(Some(Mutex::new(Steady::new(now))))
    }

    /// For a clock that is moved by hand: believes everything.
    pub const fn by_hand() -> Self {
        Self(None)
    }

    /// False while the clock stands far ahead of what the machine counted by itself since it was last right.
    pub fn trusts(&self, now: Timestamp) -> bool {
        let Some(steady) = &self.0 else { return true };
        steady.lock().unwrap_or_else(PoisonError::into_inner).goes_on(now, Instant::now())
    }
}

/// How long a clock that jumped ahead has to go on from there before it is believed.
const DOUBT: Duration = Duration::from_secs(3_600);

/// Compares the clock with what the machine counts by itself, which nobody sets.
#[derive(Debug)]
struct Steady {
    clock: Timestamp,
    counted: Instant,
    /// Where a jump led, and when.
    doubted: Option<(Timestamp, Instant)>,
}

impl Steady {
    fn new(clock: Timestamp) -> Self {
        Self { clock, counted: Instant::now(), doubted: None }
    }

    /// False as long as the clock stands far ahead of what was counted since it was last right: a machine that jumps
    /// years ahead must not warn about every open hazard. One that slept over the holidays jumps too, for what is
    /// counted stands still meanwhile: within what a start allows, a clock that goes on from there for an hour is right.
    fn goes_on(&mut self, clock: Timestamp, counted: Instant) -> bool {
        let ahead = |from: Timestamp, since: Instant| {
            let passed = counted.saturating_duration_since(since).as_millis();
            clock.since_ms(from.plus_ms(i64::try_from(passed).unwrap_or(i64::MAX)))
        };
        let believed = ahead(self.clock, self.counted) <= limits::CLOCK_JUMP_MS;
        if !believed {
            let steady =
                self.doubted.filter(|(from, since)| ahead(*from, *since).abs() <= limits::CLOCK_BACK_MS);
            let (_, since) = *self.doubted.insert(steady.unwrap_or((clock, counted)));
            let waited = counted.saturating_duration_since(since) >= DOUBT;
            if !waited || clock.since_ms(self.clock) > limits::CLOCK_AHEAD_MS {
                return false;
            }
        }
        *self = Self { clock, counted, doubted: None };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_ahead_is_not_believed_until_it_is_right_again() {
        let (at, counted) = (Timestamp(1_000_000), Instant::now());
        let later = |seconds: u64| counted + Duration::from_secs(seconds);
        let mut steady = Steady { clock: at, counted, doubted: None };
        assert!(steady.goes_on(at.plus_ms(30_500), later(30)));
        assert!(!steady.goes_on(at.plus_ms(400 * Timestamp::DAY_MS), later(60)));
        assert!(!steady.goes_on(at.plus_ms(400 * Timestamp::DAY_MS + 30_000), later(90)));
        assert!(steady.goes_on(at.plus_ms(120_000), later(120)), "set right");
        // An hour more, as a machine that slept for a while may show, and an hour less.
        assert!(steady.goes_on(at.plus_ms(Timestamp::HOUR_MS), later(150)));
        assert!(steady.goes_on(at.plus_ms(180_000), later(180)));
    }

    #[test]
    fn a_machine_that_slept_over_the_holidays_goes_on_after_an_hour() {
        let (at, counted) = (Timestamp(1_000_000), Instant::now());
        let later = |seconds: u64| counted + Duration::from_secs(seconds);
        let woken = |seconds: u64, days: i64| {
            at.plus_ms(days * Timestamp::DAY_MS + i64::try_from(seconds).unwrap() * 1_000)
        };
        for (days, holds) in [(8, false), (400, true)] {
            let mut steady = Steady { clock: at, counted, doubted: None };
            assert!(!steady.goes_on(woken(60, days), later(60)));
            assert!(!steady.goes_on(woken(1_800, days), later(1_800)));
            assert_eq!(!steady.goes_on(woken(3_700, days), later(3_700)), holds, "{days} days");
        }
        let mut steady = Steady { clock: at, counted, doubted: None };
        assert!(!steady.goes_on(woken(60, 8), later(60)));
        assert!(!steady.goes_on(woken(3_700, 12), later(3_700)), "it jumped again");
        assert!(!steady.goes_on(woken(3_800, 12), later(3_800)));
        assert!(steady.goes_on(woken(7_400, 12), later(7_400)));
    }
}
