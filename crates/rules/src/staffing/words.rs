//! The sum of a requirement in words, as somebody would do it on paper.

use super::{
    BoardingFrom, BoardingPart, BySize, Counted, Growing, Heads, Joining, Reading, Rounding, StaffingSet,
};
use crate::answer::Explanation;

/// 1,600
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(super) fn explain(
    set: &StaffingSet,
    heads: Heads,
    reading: Reading,
    size: &BySize<'_>,
    boarding: BoardingPart,
    guards: u32,
) -> Explanation {
    let mut said = by_size(set, reading, size);
    let part = by_boarding(set, heads, reading, boarding);
    said.zh.push_str(&part.zh);
    said.en.push_str(&part.en);
    let (zh, en) = match (boarding, reading.joining) {
        (BoardingPart::Asked(asked), Joining::Max) => (
            format!("。两项取高（{} 名与 {asked} 名）：{guards} 名。", size.guards),
            format!(". The larger of {} and {asked}: {guards}.", size.guards),
        ),
        (BoardingPart::Asked(asked), Joining::Sum) => (
            format!("。两项相加（{} 名与 {asked} 名）：{guards} 名。", size.guards),
            format!(". {} and {asked} together: {guards}.", size.guards),
        ),
        (BoardingPart::None, _) => ("。".to_owned(), ".".to_owned()),
        (BoardingPart::NotLoaded, _) => (
            format!("。已录入的部分合计至少 {guards} 名。"),
            format!(". As far as it is loaded: at least {guards}."),
        ),
    };
    said.zh.push_str(&zh);
    said.en.push_str(&en);
    said
}

fn by_size(set: &StaffingSet, reading: Reading, size: &BySize<'_>) -> Explanation {
    let counted = grouped(size.counted);
    let (zh, en) = match set.counts {
        Counted::People => (format!("在校学生和教职工 {counted} 人"), format!("{counted} pupils and staff")),
        Counted::DayPupils => (format!("走读学生 {counted} 人"), format!("{counted} day pupils")),
    };
    let base = size.band.map_or(0, |band| band.guards);
    let Some((growing, above, more)) = size.growth else {
        let next = set.bands.iter().find(|band| band.above > size.counted);
        let (within_zh, within_en) = match (next, size.band.map_or(0, |band| band.above)) {
            (Some(next), _) => {
                (format!("不足 {} 人", grouped(next.above)), format!("fewer than {}", grouped(next.above)))
            }
            (None, from) if from >= set.increment.after => {
                (format!("达到 {} 人", grouped(from)), format!("no fewer than {}", grouped(from)))
            }
            (None, from) => (
                format!("在 {} 人至 {} 人之间", grouped(from), grouped(set.increment.after)),
                format!("between {} and {}", grouped(from), grouped(set.increment.after)),
            ),
        };
        return Explanation {
            zh: format!("{zh}，{within_zh}：{base} 名"),
            en: format!("{en}, {within_en}: {base}"),
        };
    };
    let rule = &set.increment;
    let (after, per) = (grouped(rule.after), grouped(rule.per));
    let (whom_zh, whom_en) = match growing {
        Growing::Pupils(heads) => (
            (format!("学生 {} 人", grouped(heads)), "名学生"),
            (format!("{} pupils", grouped(heads)), "pupils"),
        ),
        Growing::People(heads) => (
            (format!("总人数 {} 人", grouped(heads)), "人"),
            (format!("{} people", grouped(heads)), "people"),
        ),
        Growing::DayPupils(heads) => (
            (format!("走读学生 {} 人", grouped(heads)), "名走读学生"),
            (format!("{} day pupils", grouped(heads)), "day pupils"),
        ),
    };
    let (step_zh, step_en) = step(reading.rounding);
    let above = grouped(above);
    Explanation {
        zh: format!(
            "{zh}，超过 {after} 人：{base} 名，另{step_zh} {per} {}加 {} 名（{}，超出 {above} 人，加 {more} 名），合 {} 名",
            whom_zh.1, rule.guards, whom_zh.0, size.guards
        ),
        en: format!(
            "{en}, more than {after}: {base}, and {} more for {step_en} {per} {} ({}, {above} above {after}: {more} more), \
             {} in all",
            rule.guards, whom_en.1, whom_en.0, size.guards
        ),
    }
}

const fn step(rounding: Rounding) -> (&'static str, &'static str) {
    match rounding {
        Rounding::Floor => ("每满", "each full"),
        Rounding::Ceil => ("每增加（不足也计）", "each full or begun"),
    }
}

fn by_boarding(set: &StaffingSet, heads: Heads, reading: Reading, part: BoardingPart) -> Explanation {
    let boarders = grouped(heads.boarders);
    let asked = match part {
        BoardingPart::None => return Explanation { zh: String::new(), en: String::new() },
        BoardingPart::NotLoaded => {
            return Explanation {
                zh: format!("；寄宿生 {boarders} 人：该标准的寄宿部分未录入，不计算"),
                en: format!(
                    "; {boarders} boarders: the boarding part of this standard is not loaded and not computed"
                ),
            };
        }
        BoardingPart::Asked(asked) => asked,
    };
    let Some(rule) = &set.boarding else { return Explanation { zh: String::new(), en: String::new() } };
    let per = grouped(rule.per);
    let (step_zh, step_en) = step(reading.rounding);
    let (from_zh, from_en) = match reading.boarding {
        BoardingFrom::Zero => (String::new(), String::new()),
        BoardingFrom::AboveFirst => (format!("超过 {per} 人的部分"), format!(" above the first {per}")),
    };
    let more = asked.saturating_sub(rule.guards);
    Explanation {
        zh: format!(
            "；寄宿生 {boarders} 人：{} 名，另{from_zh}{step_zh} {per} 名寄宿生加 {} 名（加 {more} 名），合 {asked} 名",
            rule.guards, rule.more
        ),
        en: format!(
            "; {boarders} boarders: {}, and {} more for {step_en} {per} boarders{from_en} ({more} more), {asked} in all",
            rule.guards, rule.more
        ),
    }
}
