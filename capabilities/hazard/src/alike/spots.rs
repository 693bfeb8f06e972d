//! Where exactly: what tells one floor, room, side or stove from another.

use std::collections::{BTreeMap, BTreeSet};

use super::contradict;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// 三号楼, 3栋
    Building,
    /// 二楼, 2层
    Floor,
    /// 301
    Room,
    /// 三年级
    Grade,
    /// 三年级2班
    Class,
    /// 1号灶, 2号梯
    Serial,
    /// 东侧, 西门; the other axes are kinds of their own: what lies in the north may well be the back.
    East,
    /// 南楼梯, 北面
    North,
    /// 左侧
    Left,
    /// 后门
    Front,
    /// 男生宿舍, 女厕
    Sex,
    /// 教工食堂, 学生食堂
    Whose,
}

/// The exact places that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spots(BTreeMap<Kind, BTreeSet<u32>>);

/// What may stand between a number and 楼: 3号教学楼.
const HOUSES: [&str; 5] = ["教学", "宿舍", "实验", "综合", "办公"];
/// After these characters a side is one: 东侧, not 东西.
const OF_A_SIDE: &str = "侧边面门头端墙角楼操山院";
/// After these a number of three or four digits is an amount or a year, no room.
const OF_AN_AMOUNT: &str = "克元年月日米人度瓦伏份公斤千毫个只瓶张条次万块升";

impl Spots {
    /// Reads a text as `SpokenOf` has it: half width, without blanks and marks.
    pub(super) fn within(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut found = Self::default();
        let mut at = 0;
        while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
            let digits = number_at(rest);
            match digits {
                Some((number, length)) => {
                    found.number(number, length, rest);
                    at += length;
                }
                None => at += found.word(rest),
            }
        }
        found
    }

    /// Both name something of one kind, and not the same.
    pub(super) fn contradict(&self, other: &Self) -> bool {
        self.0.iter().any(|(kind, mine)| other.0.get(kind).is_some_and(|theirs| contradict(mine, theirs)))
    }

    /// Of how many kinds both name the same.
    pub(super) fn agreeing(&self, other: &Self) -> usize {
        let same = |(kind, mine): &(&Kind, &BTreeSet<u32>)| {
            other.0.get(kind).is_some_and(|theirs| !mine.is_disjoint(theirs))
        };
        self.0.iter().filter(same).count()
    }

    fn put(&mut self, kind: Kind, value: u32) {
        self.0.entry(kind).or_default().insert(value);
    }

    fn number(&mut self, number: u32, length: usize, rest: &[char]) {
        let after: String = rest.iter().skip(length).take(4).collect();
        let (numbered, tail) = match after.strip_prefix('号') {
            Some(tail) => (true, tail),
            None => (false, after.as_str()),
        };
        let house = HOUSES.iter().find_map(|house| tail.strip_prefix(house));
        let of_house = house.is_some_and(|tail| tail.starts_with('楼'));
        let next = tail.chars().next();
        let room = length >= 3 && rest.iter().take(length).all(char::is_ascii_digit);
        match next {
            Some('栋' | '幢') => self.put(Kind::Building, number),
            Some('楼') if numbered => self.put(Kind::Building, number),
            Some(_) if of_house && (numbered || length < 3) => self.put(Kind::Building, number),
            Some('楼' | '层') => self.put(Kind::Floor, number),
            Some('年') if tail.starts_with("年级") => self.put(Kind::Grade, number),
            Some('班') => self.put(Kind::Class, number),
            // 三1班, as 三(1)班 is written without marks.
            Some(_) if length <= 2 && class_follows(rest, length) => self.put(Kind::Grade, number),
            next if room && !numbered => {
                let amount = next.is_some_and(|c| OF_AN_AMOUNT.contains(c));
                if !amount && length <= 4 {
                    self.put(Kind::Room, number);
                }
            }
            Some(_) if numbered && room => self.put(Kind::Room, number),
            Some(_) if numbered => self.put(Kind::Serial, number),
            _ => {}
        }
    }

    /// Says how many characters are read.
    fn word(&mut self, rest: &[char]) -> usize {
        let (Some(first), Some(next)) = (rest.first(), rest.get(1)) else { return 1 };
        match first {
            '东' | '西' if OF_A_SIDE.contains(*next) => self.put(Kind::East, u32::from(*first)),
            '南' | '北' if OF_A_SIDE.contains(*next) => self.put(Kind::North, u32::from(*first)),
            '左' | '右' if OF_A_SIDE.contains(*next) => self.put(Kind::Left, u32::from(*first)),
            '前' | '后' if OF_A_SIDE.contains(*next) => self.put(Kind::Front, u32::from(*first)),
            '男' | '女' if "生厕宿寝卫".contains(*next) => self.put(Kind::Sex, u32::from(*first)),
            '学' | '教' | '职' => self.whose(rest),
            '初' | '高' => {
                if let Some(year @ 1..=3) = digit(*next) {
                    self.put(Kind::Grade, if *first == '初' { 6 } else { 9 } + year);
                    return 2;
                }
            }
            _ => {}
        }
        1
    }

    /// Of pupils or of teachers.
    fn whose(&mut self, rest: &[char]) {
        const SHARED: [&str; 5] = ["食堂", "宿舍", "公寓", "厕所", "浴室"];
        let text: String = rest.iter().take(4).collect();
        for (who, value) in [("学生", 1), ("教工", 2), ("教师", 2), ("职工", 2)] {
            let what = text.strip_prefix(who).unwrap_or_default();
            if SHARED.iter().any(|shared| what.starts_with(shared)) {
                self.put(Kind::Whose, value);
            }
        }
    }
}

/// Behind the first number stands a second one, of the other script, and 班.
fn class_follows(rest: &[char], length: usize) -> bool {
    let behind = rest.get(length..).unwrap_or_default();
    number_at(behind).is_some_and(|(_, more)| behind.get(more) == Some(&'班'))
}

fn digit(c: char) -> Option<u32> {
    let of_words =
        "零一二三四五六七八九".chars().zip(0..).find(|(word, _)| *word == c).map(|(_, value)| value);
    of_words.or(if c == '两' { Some(2) } else { None })
}

/// A number at the beginning, in digits or in words up to 九十九, and how many characters it takes.
fn number_at(rest: &[char]) -> Option<(u32, usize)> {
    let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
    if !digits.is_empty() {
        return Some((digits.parse().unwrap_or(u32::MAX), digits.len()));
    }
    let length = rest.iter().take_while(|c| **c == '十' || digit(**c).is_some()).count();
    let word = rest.get(..length).filter(|word| !word.is_empty())?;
    let mut parts = word.splitn(2, |c| *c == '十');
    let value = |part: &[char]| {
        part.iter().filter_map(|c| digit(*c)).fold(0_u32, |sum, d| sum.saturating_mul(10) + d)
    };
    let tens = parts.next().unwrap_or_default();
    Some(match parts.next() {
        Some(ones) => {
            (if tens.is_empty() { 1 } else { value(tens) }.saturating_mul(10) + value(ones), length)
        }
        None => (value(tens), length),
    })
}

#[cfg(test)]
mod tests {
    use super::Spots;

    fn contradict(one: &str, other: &str) -> bool {
        Spots::within(one).contradict(&Spots::within(other))
    }

    #[test]
    fn numerals_of_both_scripts_name_the_same_spot() {
        for (one, other) in [
            ("教学楼二楼", "教学楼2楼"),
            ("三号教学楼十二层", "3号教学楼12层"),
            ("3栋", "三号楼"),
            ("203室", "203号房"),
            ("初二3班", "八年级三班"),
            ("三1班", "三年级1班"),
            ("一号灶", "1号灶"),
            ("东侧楼梯", "东边楼梯"),
        ] {
            assert!(!Spots::within(one).0.is_empty(), "{one}");
            assert_eq!(Spots::within(one), Spots::within(other), "{one} {other}");
        }
    }

    #[test]
    fn another_floor_room_side_or_number_is_another_spot() {
        for (one, other) in [
            ("二楼", "三楼"),
            ("3号楼", "4号楼"),
            ("301教室", "305教室"),
            ("1号灶", "2号灶"),
            ("东侧", "西侧"),
            ("前门", "后门"),
            ("南楼梯", "北楼梯"),
            ("三1班", "六3班"),
            ("教工食堂", "学生食堂"),
            ("男生宿舍", "女生宿舍"),
            ("三年级1班", "三年级2班"),
            ("十一楼", "十二楼"),
        ] {
            assert!(contradict(one, other), "{one} {other}");
        }
    }

    #[test]
    fn amounts_years_and_things_are_no_spots() {
        for text in ["留样125克", "2025年到期", "东西太多", "后厨", "两个灯泡", "共300人", "", "二"]
        {
            assert_eq!(Spots::within(text), Spots::default(), "{text}");
        }
        assert!(!contradict("二楼", "教学楼"), "what one leaves out contradicts nothing");
    }
}
