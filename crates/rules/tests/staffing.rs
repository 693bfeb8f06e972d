//! What holds of every requirement, whatever the heads and however the texts are read.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::sync::LazyLock;

use kernel::Date;
use proptest::prelude::*;
use rules::{BoardingFrom, BoardingPart, Growth, Heads, Joining, Reading, Rounding, RuleBook};

static BOOK: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());
const DAY: Date = Date::constant(2026, 3, 2);

fn readings() -> Vec<Reading> {
    let mut all = Vec::new();
    for rounding in Rounding::ALL {
        for growth in Growth::ALL {
            for boarding in BoardingFrom::ALL {
                for joining in Joining::ALL {
                    let (rounding, growth) = (*rounding, *growth);
                    all.push(Reading { rounding, growth, boarding: *boarding, joining: *joining });
                }
            }
        }
    }
    all
}

fn guards(set: &str, heads: Heads, reading: Reading) -> u32 {
    BOOK.staffing_set(set, DAY).unwrap().require(heads, reading).guards
}

fn heads() -> impl Strategy<Value = Heads> {
    (0u32..8_000, 0u32..600).prop_flat_map(|(pupils, staff)| {
        (0..=pupils).prop_map(move |boarders| Heads { pupils, staff, boarders })
    })
}

proptest! {
    #[test]
    fn more_heads_never_ask_for_fewer_guards(heads in heads(), more in 0u32..2_000) {
        for reading in readings() {
            // Day pupils, staff, and boarders with the pupils they are.
            let day = Heads { pupils: heads.pupils + more, ..heads };
            let staff = Heads { staff: heads.staff + more, ..heads };
            for set in ["county-2019", "gb-29315-2022"] {
                let own = guards(set, heads, reading);
                prop_assert!(guards(set, day, reading) >= own, "{set} {heads:?} {reading:?}");
                prop_assert!(guards(set, staff, reading) >= own, "{set} {heads:?} {reading:?}");
            }
            let boarders = (heads.boarders + more).min(heads.pupils);
            let own = guards("county-2019", heads, reading);
            let more = guards("county-2019", Heads { boarders, ..heads }, reading);
            prop_assert!(more >= own);
        }
    }

    #[test]
    fn readings_lie_in_order(heads in heads()) {
        for reading in readings() {
            for set in ["county-2019", "gb-29315-2022"] {
                let by = |change: &dyn Fn(&mut Reading)| {
                    let mut other = reading;
                    change(&mut other);
                    guards(set, heads, other)
                };
                prop_assert!(by(&|r| r.joining = Joining::Max) <= by(&|r| r.joining = Joining::Sum));
                prop_assert!(by(&|r| r.rounding = Rounding::Floor) <= by(&|r| r.rounding = Rounding::Ceil));
                prop_assert!(by(&|r| r.growth = Growth::Pupils) <= by(&|r| r.growth = Growth::People));
                let first = by(&|r| r.boarding = BoardingFrom::Zero);
                prop_assert!(by(&|r| r.boarding = BoardingFrom::AboveFirst) <= first);
            }
        }
    }

    #[test]
    fn somebody_guards_every_school(heads in heads()) {
        for reading in readings() {
            let set = BOOK.staffing_set("county-2019", DAY).unwrap();
            let found = set.require(heads, reading);
            let fits = found.guards >= 1 && found.guards >= found.size && found.is_whole();
            prop_assert!(fits);
            let gb = BOOK.staffing_set("gb-29315-2022", DAY).unwrap().require(heads, reading);
            prop_assert_eq!(gb.is_whole(), heads.boarders == 0);
            let asked = matches!(gb.boarding, BoardingPart::Asked(_));
            prop_assert!(gb.guards >= 1 && !asked);
        }
    }
}

/// The two readings of one sentence, side by side, in words.
#[test]
fn the_sum_is_told_in_words() {
    let reading = BOOK.staffing_reading(DAY).unwrap();
    let set = BOOK.staffing_set("county-2019", DAY).unwrap();
    let heads = Heads { pupils: 1480, staff: 120, boarders: 0 };
    let by_pupils = set.require(heads, reading);
    let by_people = set.require(heads, Reading { growth: Growth::People, ..reading });
    assert_eq!((by_pupils.guards, by_people.guards), (2, 3));
    assert_eq!(
        by_pupils.explanation.zh,
        "在校学生和教职工 1,600 人，超过 1,000 人：2 名，另每满 500 名学生加 1 名（学生 1,480 人，超出 480 人，加 0 名），合 2 名。"
    );
    assert!(
        by_people.explanation.zh.contains("总人数 1,600 人，超出 600 人，加 1 名"),
        "{}",
        by_people.explanation.zh
    );
    let boarding = set.require(Heads { pupils: 1850, staff: 0, boarders: 900 }, reading);
    assert!(
        boarding.explanation.zh.ends_with("两项取高（3 名与 5 名）：5 名。"),
        "{}",
        boarding.explanation.zh
    );
    assert!(boarding.explanation.en.ends_with("The larger of 3 and 5: 5."), "{}", boarding.explanation.en);
    let gb = BOOK.staffing_set("gb-29315-2022", DAY).unwrap();
    let partly = gb.require(Heads { pupils: 700, staff: 50, boarders: 300 }, reading);
    assert!(
        partly.explanation.zh.contains("未录入，不计算") && partly.guards == 2,
        "{}",
        partly.explanation.zh
    );
}

/// What the county plan says now is what counts until somebody chooses otherwise.
#[test]
fn the_default_is_the_county_plan_read_as_the_table_is() {
    assert_eq!(&*BOOK.staffing_default(DAY).unwrap(), "county-2019");
    let reading = BOOK.staffing_reading(DAY).unwrap();
    let expected = Reading {
        rounding: Rounding::Floor,
        growth: Growth::Pupils,
        boarding: BoardingFrom::Zero,
        joining: Joining::Max,
    };
    assert_eq!(reading, expected);
    let ids: Vec<&str> = BOOK.staffing_sets(DAY).map(|set| &*set.id).collect();
    assert_eq!(ids, ["county-2019", "gb-29315-2022"]);
    // The national standard came later.
    assert_eq!(BOOK.staffing_sets(Date::constant(2020, 1, 1)).count(), 1);
    assert_eq!(BOOK.kit().iter().filter(|piece| piece.needed).count(), 8);
}
