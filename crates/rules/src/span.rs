//! Lengths of time as rules state them.

use std::fmt;

use serde::{Serialize, Serializer};

/// The unit of a [`Span`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Exact minutes.
    Minutes,
    /// Exact hours.
    Hours,
    /// Calendar days: to the end of the last day.
    Days,
    /// Working days: to the end of the last one.
    WorkingDays,
    /// Years by the calendar, as ages are counted: to the end of the day of the same date.
    Years,
}

/// A length of time: `20min`, `24h`, `7d`, `3wd`, `18y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// More than a century of days is a typing error.
const LONGEST: u32 = 40_000;

impl Span {
    /// Reads `20min`, `24h`, `7d`, `3wd` or `18y`.
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.find(|c: char| !c.is_ascii_digit())?;
        let (digits, unit) = text.split_at(at);
        let unit = match unit {
            "min" => Unit::Minutes,
            "h" => Unit::Hours,
            "d" => Unit::Days,
            "wd" => Unit::WorkingDays,
            "y" => Unit::Years,
            _ => return None,
        };
        let amount = digits.parse().ok().filter(|n| (1..=LONGEST).contains(n))?;
        Some(Self { amount, unit })
    }

    /// In Chinese: 7 天, 3 个工作日.
    pub fn zh(self) -> String {
        let unit = match self.unit {
            Unit::Minutes => "分钟",
            Unit::Hours => "小时",
            Unit::Days => "天",
            Unit::WorkingDays => "个工作日",
            Unit::Years => "周年",
        };
        format!("{} {unit}", self.amount)
    }

    /// In English: 7 days, 1 working day.
    pub fn en(self) -> String {
        let unit = match self.unit {
            Unit::Minutes => "minute",
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::WorkingDays => "working day",
            Unit::Years => "year",
        };
        let plural = if self.amount == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.amount)
    }

    /// The shortest and longest this can last in minutes, whatever the start; working days have no upper bound.
    fn bounds(self) -> (u64, Option<u64>) {
        const DAY: u64 = 24 * 60;
        let n = u64::from(self.amount);
        match self.unit {
            Unit::Minutes => (n, Some(n)),
            Unit::Hours => (n * 60, Some(n * 60)),
            Unit::Days => (n * DAY, Some((n + 1) * DAY)),
            Unit::WorkingDays => (n * DAY, None),
            Unit::Years => (n * 365 * DAY, Some((n * 366 + 1) * DAY)),
        }
    }

    /// Whether this can never end later than `other` from the same start.
    pub fn never_longer_than(self, other: Self) -> bool {
        if self.unit == other.unit || (self.unit == Unit::Days && other.unit == Unit::WorkingDays) {
            return self.amount <= other.amount;
        }
        match self.bounds().1 {
            Some(longest) => longest <= other.bounds().0,
            None => false,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::Days => "d",
            Unit::WorkingDays => "wd",
            Unit::Years => "y",
        };
        write!(f, "{}{unit}", self.amount)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(text: &str) -> Span {
        Span::parse(text).expect(text)
    }

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        for text in ["20min", "24h", "7d", "3wd", "18y"] {
            assert_eq!(s(text).to_string(), text);
        }
        for text in ["", "7", "d", "7 d", "-1d", "0d", "7days", "99999999999d", "1.5h"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }

    #[test]
    fn shorter_whatever_the_start() {
        assert!(s("5d").never_longer_than(s("7d")));
        assert!(!s("8d").never_longer_than(s("7d")));
        assert!(s("24h").never_longer_than(s("1d")));
        assert!(!s("1d").never_longer_than(s("24h")), "a day runs to its end");
        assert!(s("1d").never_longer_than(s("48h")));
        assert!(s("3d").never_longer_than(s("3wd")));
        assert!(!s("1wd").never_longer_than(s("7d")), "a long holiday is longer than a week");
        assert!(s("30min").never_longer_than(s("1h")));
    }
}
