//! Numbers of people in free text: citizen numbers and mobiles, however they are typed. Texts are read by whoever may
//! see the record and travel with it; a person's numbers have a sealed place of their own.

use kernel::{
    Date, Refusal,
    text::{narrow, visible},
};

use crate::identifiers::{citizen_id, mobile};

/// Whose number it is that a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonNumber {
    /// 公民身份号码, of 18 characters or of 15.
    CitizenId,
    /// A mobile number. Offices' landlines are none.
    Mobile,
}

impl PersonNumber {
    /// Why a text that holds one is not taken.
    pub const fn refusal(self) -> Refusal {
        Refusal::new(match self {
            Self::CitizenId => "text-citizen-id",
            Self::Mobile => "text-mobile",
        })
    }
}

/// Provinces by the first two digits of a citizen number.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];
/// How a mobile is broken into groups; others are measures and counts side by side.
const MOBILE_GROUPS: [&[usize]; 5] =
    [&[11], &[3, 4, 4], &[3, 8], &[7, 4], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]];
/// Letters before a number that do not make a code of it.
const LABELS: [&str; 9] = ["tel", "phone", "mobile", "mob", "wechat", "wx", "vx", "id", "no"];
/// Characters between two groups of one number.
const BETWEEN: usize = 3;

/// The first number of a person in a text.
pub fn number_in(text: &str) -> Option<PersonNumber> {
    found(&characters(text)).first().map(|place| place.number)
}

/// The text with the middle of every such number blotted out, as `138****5678`; `None` when there is none.
pub fn masked(text: &str) -> Option<String> {
    let seen = visible(text);
    let places = found(&characters(&seen));
    if places.is_empty() {
        return None;
    }
    let hidden = |at: usize| places.iter().any(|place| place.hides(at));
    Some(seen.chars().enumerate().map(|(at, c)| if hidden(at) { '*' } else { c }).collect())
}

/// One character for each that is seen, digits and signs as their plain twins.
fn characters(text: &str) -> Vec<char> {
    narrow(&visible(text)).chars().collect()
}

/// Digits without anything between them, with the X that may end a citizen number.
struct Group {
    from: usize,
    digits: String,
    /// Part of a code: letters stand right before or behind.
    coded: bool,
    /// Letters stand right behind.
    coded_behind: bool,
}

impl Group {
    fn to(&self) -> usize {
        self.from + self.digits.len()
    }
}

/// Where a number stands.
struct Place {
    number: PersonNumber,
    /// Of each of its characters the place in the text.
    at: Vec<usize>,
}

impl Place {
    /// What identifies: the day of birth and the order, or the middle of a telephone.
    fn hides(&self, at: usize) -> bool {
        let shown = match self.number {
            PersonNumber::CitizenId => (6, 4),
            PersonNumber::Mobile => (3, 4),
        };
        let hidden = self.at.get(shown.0..self.at.len().saturating_sub(shown.1));
        hidden.is_some_and(|hidden| hidden.contains(&at))
    }
}

fn found(text: &[char]) -> Vec<Place> {
    let groups = groups(text);
    let mut places = Vec::new();
    let mut first = 0;
    while let Some(rest) = groups.get(first..).filter(|rest| !rest.is_empty()) {
        let found = (1..=rest.len()).map_while(|many| rest.get(..many)).map_while(|run| together(text, run));
        let longest = found.flatten().last();
        first += longest.as_ref().map_or(1, |(used, _)| *used);
        places.extend(longest.map(|(_, place)| place));
    }
    places
}

/// Groups that may be one number: `None` when they cannot go together, however many follow.
fn together(text: &[char], run: &[Group]) -> Option<Option<(usize, Place)>> {
    let [.., before, last] = run else { return Some(judged(text, run)) };
    let between = text.get(before.to()..last.from)?;
    let joins =
        |c: &char| matches!(c, ' ' | '-' | '\u{a0}' | '\u{2010}'..='\u{2015}' | '.' | '·' | '_' | '(' | ')');
    let length: usize = run.iter().map(|group| group.digits.len()).sum();
    let fits = between.len() <= BETWEEN && between.iter().all(joins) && length <= 18;
    fits.then(|| judged(text, run))
}

fn judged(text: &[char], run: &[Group]) -> Option<(usize, Place)> {
    let (first, last) = (run.first()?, run.last()?);
    let lengths: Vec<usize> = run.iter().map(|group| group.digits.len()).collect();
    let digits: String = run.iter().map(|group| group.digits.as_str()).collect();
    let at: Vec<usize> = run.iter().flat_map(|group| group.from..group.to()).collect();
    let place = |number, skipped: usize| {
        Some((run.len(), Place { number, at: at.get(skipped..).unwrap_or_default().to_vec() }))
    };
    // A pupil's number is G or L and the citizen number: letters before it hide none whose check character is right.
    let lettered = run.len() == 1 && !first.coded_behind && citizen_id(&digits);
    if (first.coded || last.coded) && !lettered {
        return None;
    }
    if is_citizen_number(&digits, &lengths) {
        return place(PersonNumber::CitizenId, 0);
    }
    let prefix = ["0086", "86", "0"].into_iter().find(|prefix| {
        digits.strip_prefix(prefix).is_some_and(mobile) && lengths.first().is_some_and(|n| *n > prefix.len())
    });
    let (skipped, lengths) = match prefix.map(str::len) {
        Some(skipped) => (
            skipped,
            lengths.iter().enumerate().map(|(n, l)| if n == 0 { l - skipped } else { *l }).collect(),
        ),
        None => (0, lengths),
    };
    let grouped = MOBILE_GROUPS.contains(&lengths.as_slice());
    let amount = run.len() == 1 && is_amount(text, first.from, last.to());
    // `1381234.5678` is a decimal; a number that is written with points has one in every gap.
    let decimal = matches!(run, [whole, part] if text.get(whole.to()..part.from).is_some_and(|between| between == ['.']));
    if grouped && !amount && !decimal && digits.get(skipped..).is_some_and(mobile) {
        return place(PersonNumber::Mobile, skipped);
    }
    None
}

/// Of 18 characters, with its check character where it is broken into groups; or of 15 digits, which have none: then place and day must be possible, and it may stand in
/// one piece or as place, day and order.
fn is_citizen_number(digits: &str, lengths: &[usize]) -> bool {
    let place = digits.get(..2).is_some_and(|place| PROVINCES.contains(&place));
    let day = |year: &str, rest: Option<&str>| {
        let part = |from: usize| {
            rest.and_then(|rest| rest.get(from..from + 2)).and_then(|text| text.parse::<i8>().ok())
        };
        let year = year.parse::<i16>().ok().filter(|year| (1800..2100).contains(year));
        matches!((year, part(0), part(2)), (Some(y), Some(m), Some(d)) if Date::new(y, m, d).is_ok())
    };
    match digits.len() {
        18 => {
            let year = digits.get(6..10).unwrap_or_default();
            // Written in one piece it is one, although a digit was typed wrong.
            place && day(year, digits.get(10..14)) && (citizen_id(digits) || lengths == [18])
        }
        15 => {
            let pieces = [&[15][..], &[6, 6, 3], &[6, 9]].contains(&lengths);
            let year = format!("19{}", digits.get(6..8).unwrap_or_default());
            place && pieces && !digits.ends_with('X') && day(&year, digits.get(8..12))
        }
        _ => false,
    }
}

/// `¥13812345678`, `13812345678.50`, `13812345678 元`
fn is_amount(text: &[char], from: usize, to: usize) -> bool {
    let before = text.get(..from).unwrap_or_default();
    let behind = text.get(to..).unwrap_or_default();
    let fraction = matches!(behind, ['.' | ',', next, ..] if next.is_ascii_digit())
        || matches!(before, [.., last, '.' | ','] if last.is_ascii_digit());
    let unit = behind.iter().find(|c| **c != ' ').is_some_and(|c| "元块万亿".contains(*c));
    fraction || unit || before.last().is_some_and(|c| matches!(c, '¥' | '￥' | '$'))
}

fn groups(text: &[char]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let mut digits: String = rest.iter().take(length).collect();
        let ends = matches!(rest.get(length..), Some(['x' | 'X', next, ..]) if !next.is_ascii_alphanumeric())
            || matches!(rest.get(length..), Some(['x' | 'X']));
        if ends {
            digits.push('X');
        }
        let behind = rest.get(digits.len()).is_some_and(char::is_ascii_alphabetic);
        let coded = behind || is_behind_letters(text.get(..at).unwrap_or_default());
        let group = Group { from: at, digits, coded, coded_behind: behind };
        at = group.to();
        groups.push(group);
    }
    groups
}

/// `L530323...`, `MFZ-139...`: letters make a code of what follows, but for those that say telephone.
fn is_behind_letters(before: &[char]) -> bool {
    let before = match before {
        [rest @ .., '-' | '_' | '/'] => rest,
        _ => before,
    };
    let word: String = before.iter().rev().take_while(|c| c.is_ascii_alphabetic()).collect();
    let word: String = word.chars().rev().flat_map(char::to_lowercase).collect();
    !word.is_empty() && !LABELS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::{PersonNumber, masked, number_in};

    #[test]
    fn citizen_numbers_are_found_however_they_are_typed() {
        for text in [
            "学生 11010519491231002X 从楼梯摔下",
            "身份证号530323201501011230电话见名册",
            "５３０３２３２０１５０１０１１２３０",
            "530323 20150101 1230",
            "530323-2015-01-01-1230",
            "530323 2015 0101 1230。",
            "530\u{200b}323201501011230",
            "11010519491231002x",
            "11010519491231002Ｘ",
            "530323201501011231",
            "学生530323201501011231摔倒",
            "G530323201501011230",
            "SFZ530323201501011230",
            "id:530323201009124567",
            "ID530323201009124567",
            "老证 530323790101123 已换",
            "530323 790101 123",
            // Somebody born in 1880: the sample of the standard, and its check character is right.
            "440524188001010014",
        ] {
            assert_eq!(number_in(text), Some(PersonNumber::CitizenId), "{text}");
        }
    }

    #[test]
    fn mobiles_are_found_however_they_are_typed() {
        for text in [
            "联系家长13812345678",
            "13812345678",
            "138 1234 5678",
            "138-1234-5678",
            "138.1234.5678",
            "138 12345678",
            "(138)12345678",
            "1381234 5678",
            "1 3 8 1 2 3 4 5 6 7 8",
            "１３８１２３４５６７８",
            "+86 13812345678",
            "+8613812345678",
            "008613812345678",
            "013812345678",
            "Tel13812345678",
            "微信:wx-13812345678",
            "张三（13812345678）负责",
            "0874-5751234、19987654321",
            "13812345678/13912345678",
            "138\u{200b}1234\u{feff}5678",
        ] {
            assert_eq!(number_in(text), Some(PersonNumber::Mobile), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "三楼 302 教室灯管 2 根不亮",
            "办公室 0874-5751234",
            "0874 5751234 转 8001",
            "(0874)5751234",
            "08745751234",
            "110、119、12345、4008001234",
            "学校标识码 2153000001",
            "标识码 21530000012、11530000123",
            "代码 3153001234 1153001235",
            "91530323MA99990481",
            "12530323999900011C 与 115303239999000387",
            "911101066976941872",
            "L530323000017",
            "隐患 2026-530323-000128",
            "SZ-2026-0001234",
            "YH20261128001",
            "202611280639123",
            "2026-11-28 06:39:12",
            "2026 年 11 月 28 日，第 12 周",
            "20261128-20261205",
            "投入 13812345678 元",
            "投入13812345678.50",
            "¥13812345678",
            "13,812,345,678",
            "15 20 30 45 600",
            "1500 2000 3000",
            "13 812 345 678",
            "53032300001310000001",
            "JY15303230012345",
            "MFZ-13912345678",
            "灭火器 A13912345678B",
            "530323 20150101 1231",
            "530323201513011230",
            "A530323201501011231",
            "530323201501011230AB",
            "990323201501011230",
            "530323999901123",
            "530323791301123",
            "138123456789",
            "1381234567",
            "12812345678",
            "138****5678、530323********1230",
            "138\n1234\n5678",
            "24.5678,103.9123",
            "电表读数 13812.345678",
            "长度1381234.5678毫米",
            "长 138.12345678 米",
        ] {
            assert_eq!(number_in(text), None, "{text}");
            assert_eq!(masked(text), None, "{text}");
        }
    }

    #[test]
    fn masking_leaves_the_rest_as_it_was() {
        for (text, left) in [
            ("张三 13812345678，李四139 1234 5678。", "张三 138****5678，李四139 **** 5678。"),
            ("+8613812345678", "+86138****5678"),
            ("家长530323201501011230，楼 3", "家长530323********1230，楼 3"),
            ("１３８１２３４５６７８", "１３８****５６７８"),
            ("530323790101123", "530323*****1123"),
        ] {
            assert_eq!(masked(text).as_deref(), Some(left));
            assert_eq!(number_in(left), None, "{left}");
        }
    }
}
