//! 重复隐患: the same place and category within the window of the rules.

use kernel::{Clock, StreamId};
use test_support::both_databases;

use super::{
    platform::Platform,
    store::clean,
    support::{DAY, correct, registration, withdraw},
};
use crate::{
    HazardCommand, Registration,
    query::{self, HazardFilter, Reach, StageFilter, page, repeated_by},
};

/// Registered by the officer at a place, some days later.
fn found(platform: &Platform, days: i64, place: &str, category: &str) -> StreamId {
    platform.clock.advance_ms(days * DAY);
    let id: StreamId = platform.new_id();
    let (place, category) = (place.to_owned(), category.to_owned());
    let asked = Registration { unit: platform.school, place, category, ..registration() };
    platform.ask(platform.officer.0, id, HazardCommand::Register(Box::new(asked))).unwrap();
    id
}

/// Registered by the officer, found that many days ago.
fn found_before(platform: &Platform, days: i64, place: &str) -> StreamId {
    let id: StreamId = platform.new_id();
    let found_at = Some(platform.clock.now().plus_ms(-days * DAY));
    let asked = Registration { unit: platform.school, place: place.to_owned(), found_at, ..registration() };
    platform.ask(platform.officer.0, id, HazardCommand::Register(Box::new(asked))).unwrap();
    id
}

/// The officer says that it is at another place.
fn move_to(platform: &Platform, id: StreamId, place: &str) {
    let HazardCommand::Correct { category, description, .. } = correct("H02") else { unreachable!() };
    let asked = HazardCommand::Correct { category, description, place: place.to_owned() };
    platform.ask(platform.officer.0, id, asked).unwrap();
}

/// The earlier hazard that a hazard repeats, as its record and the list say alike.
fn repeats(platform: &Platform, id: StreamId) -> Option<StreamId> {
    let mut tx = platform.db.database().reader().unwrap();
    let filter = HazardFilter { repeated: true, stage: StageFilter::All, ..HazardFilter::default() };
    let listed = page(&mut tx, &Reach::Everything, &filter, platform.clock.now()).unwrap().rows;
    let told = query::repeats(&mut tx, id).unwrap().map(|earlier| earlier.hazard);
    assert_eq!(listed.iter().any(|row| row.id == id && row.repeated), told.is_some());
    told
}

both_databases! {
    fn the_same_place_and_category_within_the_window_is_a_repetition(db: TestDb) {
        let mut platform = Platform::new(db);
        let first = found(&platform, 0, "教学楼 二楼", "H02");
        assert_eq!(repeats(&platform, first), None);
        let elsewhere = found(&platform, 1, "教学楼三楼", "H02");
        let other = found(&platform, 1, "教学楼二楼", "H08");
        let nowhere = [found(&platform, 1, "", "H02"), found(&platform, 1, "", "H02")];
        for id in [elsewhere, other, nowhere[0], nowhere[1]] {
            assert_eq!(repeats(&platform, id), None, "{id:?}");
        }
        // Blanks, full width and marks make no other place.
        let again = found(&platform, 100, "教学楼　二楼。", "H02");
        assert_eq!(repeats(&platform, again), Some(first));
        // The window runs from the last time, not from the first.
        let third = found(&platform, 179, "教学楼二楼", "H02");
        assert_eq!(repeats(&platform, third), Some(again));
        let late = found(&platform, 181, "教学楼二楼", "H02");
        assert_eq!(repeats(&platform, late), None);
        let mut tx = platform.db.database().reader().unwrap();
        let after: Vec<_> = repeated_by(&mut tx, first).unwrap().iter().map(|one| one.hazard).collect();
        assert_eq!(after, [again]);
        drop(tx);
        clean(&mut platform);
    }
}

both_databases! {
    fn what_was_withdrawn_is_repeated_by_nothing_and_a_correction_judges_anew(db: TestDb) {
        let mut platform = Platform::new(db);
        let mistaken = found(&platform, 0, "门卫室", "H02");
        platform.ask(platform.officer.0, mistaken, withdraw()).unwrap();
        let sound = found(&platform, 1, "门卫室", "H02");
        assert_eq!(repeats(&platform, sound), None);
        let moved = found(&platform, 1, "值班室", "H02");
        assert_eq!(repeats(&platform, moved), None);
        move_to(&platform, moved, "门卫室");
        assert_eq!(repeats(&platform, moved), Some(sound));
        move_to(&platform, moved, "门卫室北侧");
        assert_eq!(repeats(&platform, moved), None, "it was somewhere else");
        move_to(&platform, moved, "门卫室");
        move_to(&platform, sound, "北门");
        assert_eq!(repeats(&platform, moved), None, "the earlier one was somewhere else");
        move_to(&platform, sound, "门卫室");
        assert_eq!(repeats(&platform, moved), Some(sound));
        platform.ask(platform.officer.0, sound, withdraw()).unwrap();
        assert_eq!(repeats(&platform, moved), None, "there was none before");
        // Nor is what was withdrawn itself a repetition.
        let again = found(&platform, 1, "门卫室", "H02");
        assert_eq!(repeats(&platform, again), Some(moved));
        platform.ask(platform.officer.0, again, withdraw()).unwrap();
        assert_eq!(repeats(&platform, again), None);
        clean(&mut platform);
    }
}

both_databases! {
    fn a_later_one_is_judged_anew_against_what_still_stands(db: TestDb) {
        let mut platform = Platform::new(db);
        let first = found(&platform, 0, "食堂", "H02");
        let second = found(&platform, 1, "食堂", "H02");
        let third = found(&platform, 0, "食堂", "H02");
        assert_eq!((repeats(&platform, second), repeats(&platform, third)), (Some(first), Some(second)));
        platform.ask(platform.officer.0, second, withdraw()).unwrap();
        assert_eq!(repeats(&platform, third), Some(first), "the one in between is gone");
        move_to(&platform, first, "食堂后厨");
        assert_eq!(repeats(&platform, third), None);
        move_to(&platform, first, "食堂");
        assert_eq!(repeats(&platform, third), Some(first));
        // One that was somewhere else comes in between.
        let elsewhere = found(&platform, 1, "操场", "H02");
        let last = found(&platform, 1, "食堂", "H02");
        assert_eq!(repeats(&platform, last), Some(third));
        move_to(&platform, elsewhere, "食堂");
        assert_eq!((repeats(&platform, elsewhere), repeats(&platform, last)), (Some(third), Some(elsewhere)));
        move_to(&platform, third, "操场");
        assert_eq!((repeats(&platform, third), repeats(&platform, elsewhere)), (None, Some(first)));
        clean(&mut platform);
    }
}

both_databases! {
    fn what_is_written_down_late_is_seen_by_those_found_after_it(db: TestDb) {
        let mut platform = Platform::new(db);
        let morning = found(&platform, 100, "宿舍", "H02");
        let earlier = found_before(&platform, 20, "宿舍");
        assert_eq!((repeats(&platform, earlier), repeats(&platform, morning)), (None, Some(earlier)));
        // Found on the same day: the one registered first comes first, whatever the hour that was named.
        let evening = found_before(&platform, 0, "宿舍");
        assert_eq!((repeats(&platform, morning), repeats(&platform, evening)), (Some(earlier), Some(morning)));
        let long_ago = found_before(&platform, 250, "宿舍");
        assert_eq!((repeats(&platform, long_ago), repeats(&platform, earlier)), (None, None), "230 days apart");
        clean(&mut platform);
    }
}
