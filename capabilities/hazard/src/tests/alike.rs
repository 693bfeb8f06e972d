//! 疑似重复: what the suggestion is worth, and what withdrawing as a duplicate leaves behind.

use kernel::StreamId;
use rules::RuleBook;
use test_support::both_databases;

use super::{
    platform::Platform,
    store::clean,
    support::{DAY, registration, withdraw},
};
use crate::{
    HazardCommand, Note, Registration,
    alike::Said,
    query::{alike, merged_into, open_at, state},
    state::Stage,
};

/// The pairs that words and points were found with.
const MADE_WITH: &str = include_str!("alike/made-with.csv");
/// Pairs that nobody looked at before words and points were fixed.
const HELD_OUT: &str = include_str!("alike/held-out.csv");

/// What the detector says of labelled pairs.
#[derive(Debug, Default)]
struct Measured {
    right: u32,
    wrong: u32,
    missed: u32,
    rest: u32,
}

impl Measured {
    fn of(rules: &RuleBook, pairs: &str) -> Self {
        let mut measured = Self::default();
        for line in pairs.lines().skip(1) {
            let [same, place, text, other_place, other_text] =
                line.split(',').collect::<Vec<_>>().try_into().expect("five columns");
            let one = Said::new(rules, place, text);
            let other = Said::new(rules, other_place, other_text);
            let suggested = one.alike(&other, rules).is_some();
            assert_eq!(suggested, other.alike(&one, rules).is_some(), "either way round: {line}");
            match (suggested, same == "1") {
                (true, true) => measured.right += 1,
                (true, false) => measured.wrong += 1,
                (false, true) => measured.missed += 1,
                (false, false) => measured.rest += 1,
            }
        }
        measured
    }

    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong)
    }

    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed)
    }

    const fn pairs(&self) -> u32 {
        self.right + self.wrong + self.missed + self.rest
    }
}

#[test]
fn four_of_five_suggestions_are_right_on_pairs_nobody_tuned_for() {
    let rules = RuleBook::embedded().expect("the packs");
    let held_out = Measured::of(&rules, HELD_OUT);
    assert!(held_out.pairs() >= 60, "{held_out:?}");
    assert!(held_out.precision() >= 0.8, "{held_out:?}");
    assert!(held_out.recall() >= 0.5, "{held_out:?}");
    let made_with = Measured::of(&rules, MADE_WITH);
    assert!(made_with.precision() >= 0.9, "{made_with:?}");
    assert!(made_with.recall() >= 0.6, "{made_with:?}");
}

/// Registered by the officer, some days later.
fn found(platform: &Platform, days: i64, place: &str, description: &str) -> StreamId {
    platform.clock.advance_ms(days * DAY);
    let id: StreamId = platform.new_id();
    let (place, description) = (place.to_owned(), description.to_owned());
    let asked = Registration { unit: platform.school, place, description, ..registration() };
    platform.ask(platform.officer.0, id, HazardCommand::Register(Box::new(asked))).unwrap();
    id
}

fn suggested(platform: &Platform, id: StreamId) -> Vec<StreamId> {
    let rules = RuleBook::embedded().expect("the packs");
    let mut tx = platform.db.database().reader().unwrap();
    let state = state(&mut tx, id).unwrap().unwrap();
    let open = open_at(&mut tx, state.unit, id).unwrap();
    alike(&rules, &state, &open).iter().map(|alike| alike.open.hazard.hazard).collect()
}

fn withdraw_as(same_as: StreamId) -> HazardCommand {
    let note = Note { note: "两人先后登记了同一处".to_owned(), photos: Vec::new() };
    HazardCommand::Withdraw { duplicate: true, same_as: Some(same_as), note }
}

both_databases! {
    fn the_same_defect_in_other_words_is_suggested_until_one_is_withdrawn(db: TestDb) {
        let mut platform = Platform::new(db);
        let first = found(&platform, 0, "教学楼二楼东侧", "灭火器过期");
        let upstairs = found(&platform, 0, "教学楼三楼东侧", "灭火器过期");
        let second = found(&platform, 3, "教学楼2楼", "消防器材超过有效期，压力表在红区");
        assert_eq!(suggested(&platform, second), [first]);
        assert_eq!(suggested(&platform, first), [second]);
        assert!(suggested(&platform, upstairs).is_empty());
        platform.ask(platform.officer.0, second, withdraw_as(first)).unwrap();
        assert!(suggested(&platform, first).is_empty());
        let mut tx = platform.db.database().reader().unwrap();
        let withdrawn = state(&mut tx, second).unwrap().unwrap();
        let Stage::Withdrawn { same_as: Some(goes_on), .. } = withdrawn.stage else { unreachable!() };
        assert_eq!(goes_on.hazard, first);
        assert_eq!(goes_on.number, state(&mut tx, first).unwrap().unwrap().number);
        let merged: Vec<_> = merged_into(&mut tx, first).unwrap().iter().map(|one| one.hazard).collect();
        assert_eq!(merged, [second]);
        drop(tx);
        let late = found(&platform, 40, "教学楼二楼", "灭火器过期");
        assert!(suggested(&platform, late).is_empty(), "too long ago");
        clean(&mut platform);
    }
}

both_databases! {
    fn a_duplicate_names_a_standing_hazard_of_its_own_school_or_none(db: TestDb) {
        let platform = Platform::new(db);
        let one = found(&platform, 0, "教学楼二楼", "灭火器过期");
        let other = found(&platform, 0, "教学楼三楼", "灭火器过期");
        let refused = |named: StreamId| {
            let refusal = platform.ask(platform.officer.0, one, withdraw_as(named)).unwrap_err();
            assert!(refusal.to_string().contains("hazard-same-as-unknown"), "{refusal}");
        };
        refused(one);
        refused(platform.new_id());
        platform.ask(platform.officer.0, other, withdraw()).unwrap();
        refused(other);
    }
}
