//! Days as ledgers write them.

use documents::narrow;
use kernel::{Date, Timestamp};

/// 2000-01-01 as a spreadsheet counts days.
const SERIAL_OF_2000: i64 = 36_526;
/// Serial numbers of days between 1982 and 2064; other numbers are no days.
const SERIALS: std::ops::RangeInclusive<i64> = 30_000..=60_000;

/// `2025-3-1`, `2025/3/1`, `2025.3.1`, `2025年3月1日`, `20250301`, `25.3.1`, with or without an hour; the number
/// under which a spreadsheet keeps a day. A month alone is no day, nor are two days.
pub(crate) fn day(text: &str) -> Option<Date> {
    let plain = narrow(text);
    let plain = plain.trim();
    let whole = plain.strip_suffix(".0").unwrap_or(plain);
    if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
        return digits(whole);
    }
    if !plain.chars().all(|c| c.is_ascii_digit() || " -/.年月日号:T时分秒上下午".contains(c)) {
        return None;
    }
    let mut numbers = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let has_hour = plain.contains([':', '时']);
    if numbers.next().is_some() && !has_hour {
        return None;
    }
    made(year, month, day)
}

/// The first day of a month that stands without a day: `1980.5`, `1980年5月`, `1980-05`, `198005`.
pub(crate) fn month(text: &str) -> Option<Date> {
    let plain = narrow(text);
    let plain = plain.trim();
    if plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()) {
        return made(plain.get(..4)?, plain.get(4..)?, "1");
    }
    if !plain.chars().all(|c| c.is_ascii_digit() || " -/.年月".contains(c)) {
        return None;
    }
    let mut numbers = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month) = (numbers.next().filter(|year| year.len() == 4)?, numbers.next()?);
    if numbers.next().is_some() { None } else { made(year, month, "1") }
}

fn digits(text: &str) -> Option<Date> {
    match text.len() {
        8 => made(text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        5 => {
            let serial = text.parse::<i64>().ok().filter(|serial| SERIALS.contains(serial))?;
            // From noon to noon, so that the summers with another hour do no harm.
            let noon = Timestamp::at_start_of(Date::new(2000, 1, 1).ok()?).plus_ms(12 * Timestamp::HOUR_MS);
            Some(noon.plus_ms((serial - SERIAL_OF_2000) * Timestamp::DAY_MS).local_date())
        }
        _ => None,
    }
}

fn made(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = match year.len() {
        4 => year.parse().ok()?,
        2 => year.parse::<i16>().ok()? + 2000,
        _ => return None,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{day, month};

    #[test]
    fn a_month_without_a_day_begins_with_its_first() {
        for text in ["1980.5", "1980年5月", "1980-05", "198005", "１９８０／０５"] {
            assert_eq!(month(text).map(|d| d.to_string()).as_deref(), Some("1980-05-01"), "{text}");
        }
        for text in ["1980.5.1", "80.5", "1980", "1980.13", "45717", "1980.5-6", "五月"] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn every_way_a_ledger_writes_a_day() {
        let same = [
            "2025-03-01",
            "2025/3/1",
            "2025.3.1",
            "2025．3．1",
            "2025年3月1日",
            "２０２５年３月１日",
            "20250301",
            "25.3.1",
            "2025-03-01 10:30:00",
            "2025年3月1日上午10时",
            "45717",
            "45717.0",
        ];
        for text in same {
            assert_eq!(day(text).map(|d| d.to_string()).as_deref(), Some("2025-03-01"), "{text}");
        }
        let none = [
            "",
            "2025年3月",
            "3月1日",
            "3/1/2025",
            "2025.13.1",
            "2025.2.30",
            "2025.3.1-3.5",
            "长期",
            "12",
            "123456",
        ];
        for text in none {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(
            day("31593").map(|d| d.to_string()).as_deref(),
            Some("1986-06-30"),
            "a summer with its own hour"
        );
    }
}
