//! When people are at school: terms, working days, hours.

use anyhow::{Context as _, Result};
use jiff::ToSpan as _;
use kernel::{Date, Timestamp};
use rules::RuleBook;

use super::dice::Dice;

/// One day of the year that is told.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub date: Date,
    pub working: bool,
    pub school: bool,
    /// How busy checking is, beside the month's weight: openings, holidays, month ends.
    pub busy: f64,
}

/// The days around the history.
#[derive(Debug)]
pub(super) struct Calendar {
    first: Timestamp,
    days: Vec<Day>,
}

/// First and last day of both terms, as (month, day).
const TERMS: [((i8, i8), (i8, i8)); 2] = [((9, 1), (1, 17)), ((2, 25), (7, 10))];

fn in_term(date: Date) -> bool {
    let day = (date.month(), date.day());
    TERMS
        .iter()
        .any(|(from, to)| if from <= to { (*from..=*to).contains(&day) } else { day >= *from || day <= *to })
}

/// Within so many days of the first day of a term.
fn near_opening(date: Date) -> bool {
    TERMS.iter().any(|((month, day), _)| {
        Date::new(date.year(), *month, *day)
            .ok()
            .and_then(|opening| date.since(opening).ok())
            .is_some_and(|span| (-5..=8).contains(&span.get_days()))
    })
}

impl Calendar {
    /// From `first` on, so many days.
    pub(super) fn new(rules: &RuleBook, first: Date, count: usize) -> Result<Self> {
        let mut days = Vec::with_capacity(count);
        let mut date = first;
        for _ in 0..count {
            let working = rules.working_day(date).0;
            days.push(Day { date, working, school: working && in_term(date), busy: 1.0 });
            date = date.checked_add(1.day()).context("the calendar ends")?;
        }
        let free: Vec<bool> = days.iter().map(|day| !day.working).collect();
        for (at, day) in days.iter_mut().enumerate() {
            let long_holiday = (1..=5).any(|ahead| {
                let run = free.get(at + ahead..at + ahead + 3);
                run.is_some_and(|run| run.iter().all(|free| *free))
            });
            let month_end = day.date.day() >= 26;
            day.busy = if day.school { 1.0 } else { 0.5 };
            if !day.working {
                day.busy = 0.05;
            } else if near_opening(day.date) {
                day.busy *= 2.2;
            } else if long_holiday {
                day.busy *= 1.7;
            } else if month_end {
                day.busy *= 1.25;
            }
        }
        Ok(Self { first: Timestamp::at_start_of(first), days })
    }

    /// All days.
    pub(super) fn days(&self) -> &[Day] {
        &self.days
    }

    fn index(&self, at: Timestamp) -> usize {
        usize::try_from(at.since_ms(self.first).div_euclid(Timestamp::DAY_MS)).unwrap_or(0)
    }

    fn day_starts(&self, index: usize) -> Timestamp {
        let index = i64::try_from(index).unwrap_or(0);
        self.first.plus_ms(index * Timestamp::DAY_MS)
    }

    /// That instant if people work then, otherwise some time after work begins again; never before `at`.
    pub(super) fn at_work(&self, at: Timestamp, dice: &mut Dice) -> Timestamp {
        let mut index = self.index(at);
        let minute = at.since_ms(self.day_starts(index)) / Timestamp::MINUTE_MS;
        let works = |index: usize| self.days.get(index).is_none_or(|day| day.working);
        if works(index) && (7 * 60 + 20..18 * 60).contains(&minute) {
            return at;
        }
        if minute >= 7 * 60 + 20 {
            index += 1;
        }
        while !works(index) {
            index += 1;
        }
        self.morning(index, dice)
    }

    fn morning(&self, index: usize, dice: &mut Dice) -> Timestamp {
        let minutes = dice.lognormal(55.0, 0.8).min(560.0);
        self.day_starts(index).plus_ms(Self::hours(7.4 + minutes / 60.0))
    }

    /// So many hours later, at work.
    pub(super) fn later(&self, from: Timestamp, hours: f64, dice: &mut Dice) -> Timestamp {
        self.at_work(from.plus_ms(Self::hours(hours.clamp(0.05, 24.0 * 60.0))), dice)
    }

    /// Some time at work between now and a deadline; in haste, if there is no such time.
    pub(super) fn before(&self, now: Timestamp, due: Timestamp, share: f64, dice: &mut Dice) -> Timestamp {
        let span = Self::scaled(due.since_ms(now), share);
        let at = self.at_work(now.plus_ms(span.max(10 * Timestamp::MINUTE_MS)), dice);
        if at <= due {
            return at;
        }
        // The work ends on the last evening, wherever that falls.
        let evening = self.day_starts(self.index(due)).plus_ms(Self::hours(dice.real(15.0, 20.5)));
        if evening > now && evening < due { evening } else { now.plus_ms(due.since_ms(now) / 2) }
    }

    /// The end of the day so many days later.
    pub(super) fn end_of_day(&self, from: Timestamp, days: i64) -> Timestamp {
        let index = i64::try_from(self.index(from)).unwrap_or(0) + days;
        self.first.plus_ms((index + 1) * Timestamp::DAY_MS - 1)
    }

    /// That hour of a day.
    pub(super) fn at_hour(&self, index: usize, hour: f64) -> Timestamp {
        self.day_starts(index).plus_ms(Self::hours(hour))
    }

    fn hours(hours: f64) -> i64 {
        Self::scaled(Timestamp::HOUR_MS, hours)
    }

    fn scaled(ms: i64, share: f64) -> i64 {
        (ms as f64 * share) as i64
    }
}
