//! Which day is shown, and the spans that are counted up to it.

use hazard::query::Moment;
use jiff::ToSpan as _;
use kernel::{Date, Refusal, Timestamp};

/// Months that are shown, the running one among them.
const MONTHS: i32 = 12;

/// The day that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Now, or the end of the day.
    pub moment: Moment,
}

impl Day {
    /// Now.
    pub fn today(now: Timestamp) -> Self {
        Self { date: now.local_date(), moment: Moment::Now(now) }
    }

    /// The day that an address asks for; today where it names none.
    pub fn asked(text: &str, now: Timestamp) -> Result<Self, Refusal> {
        let (text, today) = (text.trim(), now.local_date());
        if text.is_empty() {
            return Ok(Self::today(now));
        }
        let date: Date = text.parse().map_err(|_| Refusal::new("cockpit-day-unread").on("as-of"))?;
        match date.cmp(&today) {
            std::cmp::Ordering::Greater => {
                Err(Refusal::new("cockpit-day-ahead").with("day", date).on("as-of"))
            }
            std::cmp::Ordering::Equal => Ok(Self::today(now)),
            std::cmp::Ordering::Less => Ok(Self { date, moment: Moment::Then(Timestamp::at_end_of(date)) }),
        }
    }

    /// It has passed.
    pub const fn is_past(self) -> bool {
        matches!(self.moment, Moment::Then(_))
    }

    /// Before there was anything to record, nothing can be said.
    pub fn recorded_since(self, first: Option<Timestamp>) -> Result<(), Refusal> {
        match first {
            _ if !self.is_past() => Ok(()),
            Some(first) if first.local_date() <= self.date => Ok(()),
            Some(first) => Err(Refusal::new("cockpit-day-before")
                .with("day", self.date)
                .with("first", first.local_date())
                .on("as-of")),
            None => Err(Refusal::new("cockpit-day-nothing").with("day", self.date).on("as-of")),
        }
    }

    /// So many days earlier.
    pub fn back(self, days: i64) -> Date {
        self.date.checked_sub(days.days()).unwrap_or(self.date)
    }

    /// What was a week before: the end of that day.
    pub fn week_ago(self) -> Moment {
        Moment::Then(Timestamp::at_end_of(self.back(7)))
    }
}

/// A span of days, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last.
    pub to: Date,
}

impl Span {
    fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// Twelve months, the last seven days and the seven before: where each begins is where counts are cut, so that one
/// question answers all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spans {
    /// Oldest first; the last one ends with the day shown.
    pub months: Vec<Span>,
    /// The seven days up to the day shown.
    pub week: Span,
    /// The seven before.
    pub week_before: Span,
    cuts: Vec<Date>,
}

impl Spans {
    /// Up to a day.
    pub fn up_to(day: Day) -> Self {
        let this = day.date.first_of_month();
        let first = |back: i32| this.checked_sub(back.months()).unwrap_or(this);
        let months: Vec<Span> = (0..MONTHS)
            .rev()
            .map(|back| Span { from: first(back), to: first(back).last_of_month().min(day.date) })
            .collect();
        let week = Span { from: day.back(6), to: day.date };
        let week_before = Span { from: day.back(13), to: day.back(7) };
        let mut cuts: Vec<Date> = months.iter().map(|month| month.from).collect();
        cuts.extend([week.from, week_before.from]);
        cuts.sort_unstable();
        cuts.dedup();
        Self { months, week, week_before, cuts }
    }

    /// All twelve months.
    pub fn year(&self) -> Span {
        let from = self.months.first().map_or(self.week.from, |month| month.from);
        Span { from, to: self.week.to }
    }

    /// Where counts are cut.
    pub fn starts(&self) -> Vec<Timestamp> {
        self.cuts.iter().map(|day| Timestamp::at_start_of(*day)).collect()
    }

    /// A piece between two cuts lies in a span.
    pub fn within(&self, span: Span, piece: usize) -> bool {
        self.cuts.get(piece).is_some_and(|day| span.holds(*day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        let date = text.parse().unwrap();
        Day { date, moment: Moment::Then(Timestamp::at_end_of(date)) }
    }

    #[test]
    fn months_and_weeks_are_cut_where_they_begin() {
        let spans = Spans::up_to(day("2026-03-05"));
        let told: Vec<String> =
            spans.months.iter().map(|month| format!("{}..{}", month.from, month.to)).collect();
        assert_eq!(told.len(), 12);
        assert_eq!(told[0], "2025-04-01..2025-04-30");
        assert_eq!(told[10], "2026-02-01..2026-02-28");
        assert_eq!(told[11], "2026-03-01..2026-03-05");
        // The week before reaches into February, and so does the week itself.
        let pieces = |span| (0..spans.starts().len()).filter(|piece| spans.within(span, *piece)).count();
        assert_eq!((pieces(spans.week), pieces(spans.week_before)), (2, 1));
        assert_eq!(pieces(spans.year()), 14);
    }

    #[test]
    fn a_day_that_is_none_or_ahead_is_refused_and_today_is_now() {
        let now = Timestamp::at_start_of("2026-03-05".parse().unwrap()).plus_ms(9 * Timestamp::HOUR_MS);
        let code = |text: &str| Day::asked(text, now).map(Day::is_past).map_err(|refusal| refusal.code);
        assert_eq!(code(""), Ok(false));
        assert_eq!(code("2026-03-05"), Ok(false));
        assert_eq!(code("2026-03-04"), Ok(true));
        assert_eq!(code("2026-03-06"), Err("cockpit-day-ahead"));
        assert_eq!(code("yesterday"), Err("cockpit-day-unread"));
        let first = Timestamp::at_end_of("2026-03-04".parse().unwrap());
        assert!(day("2026-03-04").recorded_since(Some(first)).is_ok());
        assert_eq!(day("2026-03-03").recorded_since(Some(first)).unwrap_err().code, "cockpit-day-before");
        assert_eq!(day("2026-03-03").recorded_since(None).unwrap_err().code, "cockpit-day-nothing");
    }
}
