//! Working days: Monday to Friday, corrected by the loaded holidays and make-up days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan as _, civil::Weekday};
use kernel::Date;

use crate::clause::Text;

/// What a calendar row says about a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) working: bool,
    pub(crate) name: Text,
}

/// Holidays and make-up days of the loaded years.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calendar {
    days: BTreeMap<Date, Day>,
    years: BTreeSet<i16>,
}

/// What counting passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) skipped: Vec<Text>,
    pub(crate) make_up: Vec<Date>,
    pub(crate) fallback_years: BTreeSet<i16>,
}

impl Calendar {
    /// Adds a row; false if the day is already there.
    pub(crate) fn add(&mut self, date: Date, day: Day) -> bool {
        self.years.insert(date.year());
        self.days.insert(date, day).is_none()
    }

    /// Says what a day is, whatever was known of it. Its year is not complete by that.
    pub(crate) fn put(&mut self, date: Date, day: Day) {
        self.days.insert(date, day);
    }

    /// All days of the years are known.
    pub(crate) fn complete(&mut self, years: &[i16]) {
        self.years.extend(years);
    }

    /// The days that are not as the weekday says, in order.
    pub(crate) fn days(&self) -> impl Iterator<Item = (Date, &Day)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }

    /// The years that are complete.
    pub(crate) fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// Whether people work that day, and whether its year is loaded.
    pub(crate) fn working(&self, date: Date) -> (bool, bool) {
        let usual = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        (self.days.get(&date).map_or(usual, |day| day.working), self.years.contains(&date.year()))
    }

    /// The `count`-th working day after `start`; none outside the calendar's range.
    pub(crate) fn after(&self, start: Date, count: u32) -> Option<(Date, Counted)> {
        let mut counted = Counted::default();
        let mut date = start;
        let mut left = count;
        while left > 0 {
            date = date.checked_add(1.day()).ok()?;
            let (working, loaded) = self.working(date);
            if !loaded {
                counted.fallback_years.insert(date.year());
            }
            if working {
                left -= 1;
            }
            if let Some(day) = self.days.get(&date) {
                if working {
                    counted.make_up.push(date);
                } else if !counted.skipped.contains(&day.name) {
                    counted.skipped.push(day.name.clone());
                }
            }
        }
        Some((date, counted))
    }

    /// The first day from which the `count`-th working day after it is `end` or later; none outside the calendar's
    /// range.
    pub(crate) fn reaching(&self, end: Date, count: u32) -> Option<Date> {
        let mut date = end;
        let mut left = count;
        while left > 0 {
            date = date.checked_sub(1.day()).ok()?;
            if self.working(date).0 {
                left -= 1;
            }
        }
        Some(date)
    }
}
