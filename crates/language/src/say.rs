//! Dates, spans of time, numbers and sizes in words.

use kernel::{Date, Timestamp};

use crate::{Lang, texts};

/// Says things in one language: `Say(lang).left(ms)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Say(pub Lang);

impl Say {
    /// 2026年12月8日 / 8 December 2026
    pub fn date(self, date: Date) -> String {
        texts::say_date(self.0, date.year(), date.month(), date.day())
    }

    /// The local day of an instant, as [`Self::date`].
    pub fn date_of(self, at: Timestamp) -> String {
        self.date(at.local_date())
    }

    /// 2026-12-08: for tables and sentences with several dates.
    pub fn day(self, date: Date) -> String {
        format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }

    /// The local day of an instant, as [`Self::day`].
    pub fn day_of(self, at: Timestamp) -> String {
        self.day(at.local_date())
    }

    /// 14:05
    pub fn time(self, at: Timestamp) -> String {
        let local = at.local();
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// 2026-12-08 14:05
    pub fn date_time(self, at: Timestamp) -> String {
        format!("{} {}", self.day_of(at), self.time(at))
    }

    /// How long: the largest unit that fits, whole and rounded down: 不到 1 分钟, 20 分钟, 3 小时, 2 天.
    /// Hours are counted up to two days.
    pub fn span(self, ms: i64) -> String {
        let ms = ms.unsigned_abs();
        let whole = |unit: i64| ms / unit.unsigned_abs().max(1);
        if whole(Timestamp::DAY_MS) >= 2 {
            texts::say_days(self.0, self.whole(whole(Timestamp::DAY_MS)))
        } else if whole(Timestamp::HOUR_MS) >= 1 {
            texts::say_hours(self.0, whole(Timestamp::HOUR_MS))
        } else if whole(Timestamp::MINUTE_MS) >= 1 {
            texts::say_minutes(self.0, whole(Timestamp::MINUTE_MS))
        } else {
            texts::say_seconds(self.0).to_owned()
        }
    }

    /// 还剩 3 小时 / 逾期 2 天: what is left of a deadline, negative when it has passed.
    pub fn left(self, ms: i64) -> String {
        match ms {
            0 => texts::say_due_now(self.0).to_owned(),
            1.. => texts::say_left(self.0, self.span(ms)),
            _ => texts::say_overdue(self.0, self.span(ms)),
        }
    }

    /// 3 小时前: how long ago.
    pub fn ago(self, ms: i64) -> String {
        if ms < Timestamp::MINUTE_MS {
            texts::say_just_now(self.0).to_owned()
        } else {
            texts::say_ago(self.0, self.span(ms))
        }
    }

    /// 12,345
    pub fn number(self, value: i64) -> String {
        let digits = self.whole(value.unsigned_abs());
        if value < 0 { format!("−{digits}") } else { digits }
    }

    /// A count of a list, exact up to [`kernel::limits::COUNT_EXACT`], then 10,000+ / 10,000以上.
    pub fn count(self, value: i64) -> String {
        if value > kernel::limits::COUNT_EXACT {
            texts::say_many(self.0, self.number(kernel::limits::COUNT_EXACT))
        } else {
            self.number(value)
        }
    }

    /// 12.5%: of thousandths, so that no floating point is stored.
    pub fn per_mille(self, value: i64) -> String {
        let whole = self.number(value / 10);
        match value.unsigned_abs() % 10 {
            0 => format!("{whole}%"),
            rest => format!("{whole}.{rest}%"),
        }
    }

    /// 830 B, 1.2 MB: sizes of files.
    pub fn size(self, bytes: u64) -> String {
        let (unit, scale) = match bytes {
            0..1024 => return format!("{bytes}\u{a0}B"),
            1024..1_048_576 => ("KB", 1024),
            1_048_576..1_073_741_824 => ("MB", 1_048_576),
            _ => ("GB", 1_073_741_824),
        };
        let tenths = u128::from(bytes) * 10 / scale;
        match (tenths / 10, tenths % 10) {
            (whole @ 0..10, rest @ 1..) => format!("{whole}.{rest}\u{a0}{unit}"),
            (whole, _) => format!("{whole}\u{a0}{unit}"),
        }
    }

    /// 甲、乙、丙 / A, B, C
    pub fn list<S: AsRef<str>>(self, items: impl IntoIterator<Item = S>) -> String {
        let items: Vec<S> = items.into_iter().collect();
        let words: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        words.join(texts::say_list_separator(self.0))
    }

    /// 是 / yes
    pub const fn yes_no(self, value: bool) -> &'static str {
        if value { texts::say_yes(self.0) } else { texts::say_no(self.0) }
    }

    fn whole(self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }
}
