//! What each campus must have, has and lacks; and who is enough under one standard and not under another.

use rules::{BoardingFrom, Growth, Rounding};

use super::support::*;
use crate::{
    Place, Rate, Staffed, Verdict, rate,
    staffing::{Declared, survey_of},
    words,
};

fn judged(place: Place) -> Staffed {
    survey_of(vec![place], &RULES, &chosen(), TODAY).remove(0)
}

#[test]
fn a_school_lacks_what_its_standard_asks_for_beyond_the_guards_who_count() {
    let enough = judged(place(300, 20, 0, 2));
    assert_eq!((enough.verdict(), enough.evidenced), (Verdict::Enough, 2));
    let mut short = place(300, 20, 0, 2);
    short.guards[0].full_time = false;
    short.guards[1].certified = false;
    let short = judged(short);
    assert_eq!(short.verdict(), Verdict::Short(2));
    assert_eq!((short.evidenced, short.part_time, short.not_counted), (0, 1, 1));
}

#[test]
fn heads_that_nobody_entered_are_no_zero() {
    let mut missing = place(300, 20, 0, 2);
    missing.staff = None;
    assert_eq!(judged(missing).verdict(), Verdict::Unknown);
    let mut boarders = place(300, 20, 0, 2);
    boarders.boarders = None;
    assert_eq!(judged(boarders).verdict(), Verdict::Enough);
}

#[test]
fn the_variants_turn_each_open_thing_round_once() {
    let names: Vec<String> = judged(place(300, 20, 0, 2))
        .judged
        .iter()
        .map(|one| {
            language::plain(&words::variant(language::Lang::ZhCn, &RULES, &one.variant, TODAY)).to_string()
        })
        .collect();
    assert_eq!(
        names,
        [
            "县实施方案（2019 年）",
            "县实施方案（2019 年）（不足一档按一档计）",
            "县实施方案（2019 年）（按学生和教职工总数递增）",
            "县实施方案（2019 年）（寄宿生超过第一档才递增）",
            "县实施方案（2019 年）（两项相加）",
            "GB/T 29315-2022",
            "GB/T 29315-2022（不足一档按一档计）",
        ]
    );
}

#[test]
fn a_school_flips_where_the_answer_is_another_one() {
    // 1480 pupils and 120 staff: 2 by pupils, 3 by people and by the national standard.
    let staffed = judged(place(1480, 120, 0, 2));
    assert_eq!(staffed.verdict(), Verdict::Enough);
    let flips: Vec<(&str, Growth, Rounding)> = staffed
        .flips()
        .map(|one| (one.variant.set.as_str(), one.variant.reading.growth, one.variant.reading.rounding))
        .collect();
    assert!(flips.contains(&("county-2019", Growth::People, Rounding::Floor)), "{flips:?}");
    assert!(flips.contains(&("gb-29315-2022", Growth::Pupils, Rounding::Floor)), "{flips:?}");
    // And back: short now, enough when boarders count from the second step only.
    let back = judged(place(1850, 0, 900, 4));
    assert_eq!(back.verdict(), Verdict::Short(1));
    let flips: Vec<BoardingFrom> = back.flips().map(|one| one.variant.reading.boarding).collect();
    assert_eq!(flips, [BoardingFrom::AboveFirst]);
}

#[test]
fn what_the_national_standard_says_of_boarding_is_not_at_hand_and_not_computed() {
    let staffed = judged(place(500, 40, 300, 3));
    let gb = staffed.judged.iter().find(|one| one.variant.set == "gb-29315-2022").unwrap();
    assert_eq!(gb.verdict, Verdict::Partly);
    assert!(staffed.flips().all(|one| one.variant.set != "gb-29315-2022"));
    // Fewer than its loaded part asks for is too few whatever the rest says.
    let short = judged(place(500, 40, 300, 1));
    let gb = short.judged.iter().find(|one| one.variant.set == "gb-29315-2022").unwrap();
    assert_eq!(gb.verdict, Verdict::Short(1));
}

#[test]
fn declared_stands_beside_evidenced() {
    let mut declared = place(300, 20, 0, 1);
    declared.declared = Some(Declared { full_time: 2, part_time: 0, on: TODAY, at: START });
    let staffed = judged(declared);
    assert!(staffed.differs());
    assert_eq!(staffed.verdict(), Verdict::Short(1), "what is declared counts for nothing");
}

#[test]
fn the_rate_counts_schools_not_campuses() {
    let campus = |number: u16, guards| Place { campus: number, ..place(300, 20, 0, guards) };
    let other = |id: u128, place: Place| Place { unit: kernel::UnitId(uuid::Uuid::from_u128(id)), ..place };
    let all = vec![
        campus(1, 2),
        campus(2, 1),
        other(0x20, place(300, 20, 0, 2)),
        other(0x21, Place { pupils: None, ..place(0, 0, 0, 2) }),
    ];
    let standings = survey_of(all, &RULES, &chosen(), TODAY);
    assert_eq!(rate(&standings), Rate { met: 1, of: 3, unknown: 1 });
}
