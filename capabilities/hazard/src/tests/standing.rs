//! What a day that has passed says is what the same counts said on that day.

use access::Root;
use kernel::{Clock, Timestamp};
use organisation::Line;
use test_support::both_databases;

use super::{
    platform::Platform,
    store::{at_head, at_officer, clean, taken_on},
    support::{
        DAY, accept, close, grade, note, photo, rectify, register, registration, send_back, tick, withdraw,
    },
};
use crate::{
    HazardCommand, Level, OnTheSpot, Registration,
    query::{
        ClosedThen, Count, HazardFilter, Moment, OpenThen, Reach, RegisteredThen, StageFilter, closed, count,
        first_recorded, open, registered,
    },
};

/// Everything that is counted, by everybody who counts.
#[derive(Debug, PartialEq)]
struct Seen {
    open: Vec<OpenThen>,
    registered: Vec<RegisteredThen>,
    closed: Vec<ClosedThen>,
}

fn reaches(platform: &Platform) -> [Reach; 3] {
    let root = Root { unit: platform.central, line: Some(Line::Management) };
    [Reach::Everything, Reach::Units(vec![platform.school]), Reach::Below(vec![root])]
}

fn seen(platform: &Platform, reach: &Reach, moment: Moment, starts: &[Timestamp]) -> Seen {
    let mut tx = platform.db.database().reader().unwrap();
    let mut closed = closed(&mut tx, reach, moment, starts).unwrap();
    closed.sort_by_key(|one| (one.span, one.timely, one.days));
    Seen {
        open: open(&mut tx, reach, moment, moment.at().plus_ms(-7 * DAY)).unwrap(),
        registered: registered(&mut tx, reach, moment, starts).unwrap(),
        closed,
    }
}

/// Lives of several hazards; after each act `look` is called. The clock goes on between acts.
fn lives(platform: &Platform, mut look: impl FnMut()) {
    let id = taken_on(platform);
    look();
    platform.clock.advance_ms(6 * DAY);
    platform.ask(kernel::Actor::SYSTEM, id, tick("rectify")).unwrap();
    platform.clock.advance_ms(1);
    look();
    let spot = platform.new_id();
    let fixed = OnTheSpot { photos: vec![photo(2)], ..OnTheSpot::default() };
    let asked = Registration { on_the_spot: Some(fixed), place: "食堂".to_owned(), ..registration() };
    at_officer(platform, spot, HazardCommand::Register(Box::new(asked)));
    look();
    let gone = platform.new_id();
    at_officer(platform, gone, register());
    look();
    at_officer(platform, gone, withdraw());
    look();
    let graver = platform.new_id();
    at_officer(platform, graver, register());
    at_officer(platform, graver, grade(Level::General));
    look();
    at_officer(platform, graver, grade(Level::Major));
    look();
    let acts: [fn() -> HazardCommand; 4] = [rectify, send_back, rectify, accept];
    for (nth, act) in acts.into_iter().enumerate() {
        if nth % 2 == 0 {
            at_officer(platform, id, act())
        } else {
            at_head(platform, id, act())
        }
        look();
    }
    at_head(platform, id, close());
    look();
    platform.clock.advance_ms(20 * DAY);
    at_head(platform, id, HazardCommand::Revisit { sound: false, note: note("又开裂了") });
    look();
}

both_databases! {
    fn a_day_that_has_passed_says_what_it_said(db: TestDb) {
        let mut platform = Platform::new(db);
        let begun = platform.clock.now();
        let starts = [begun.plus_ms(-DAY), begun.plus_ms(5 * DAY), begun.plus_ms(12 * DAY)];
        let mut then: Vec<(Timestamp, Vec<Seen>)> = Vec::new();
        lives(&platform, || {
            let now = platform.clock.now();
            let by_all =
                reaches(&platform).iter().map(|reach| seen(&platform, reach, Moment::Now(now), &starts)).collect();
            then.push((now, by_all));
            platform.clock.advance_ms(1);
        });
        let mut phases = 0;
        for (at, said) in &then {
            for (reach, said) in reaches(&platform).iter().zip(said) {
                assert_eq!(&seen(&platform, reach, Moment::Then(*at), &starts), said, "{at:?} {reach:?}");
                phases += said.open.len() + said.closed.len();
            }
        }
        assert!(phases > 30, "there was something to see: {phases}");
        assert!(then.iter().any(|(_, said)| said[0].closed.iter().any(|one| one.timely == Some(false))));
        let before = seen(&platform, &Reach::Everything, Moment::Then(begun.plus_ms(-1)), &starts);
        assert_eq!((before.open.len(), before.registered.len(), before.closed.len()), (0, 0, 0));
        let mut tx = platform.db.database().reader().unwrap();
        assert_eq!(first_recorded(&mut tx, &Reach::Everything).unwrap(), Some(begun));
        drop(tx);
        clean(&mut platform);
    }

    fn what_is_counted_at_once_is_what_lists_count(db: TestDb) {
        let platform = Platform::new(db);
        lives(&platform, || ());
        let now = platform.clock.now();
        let mut tx = platform.db.database().reader().unwrap();
        for reach in reaches(&platform) {
            let all = open(&mut tx, &reach, Moment::Now(now), now).unwrap();
            assert!(!all.is_empty());
            for one in &all {
                let alike = |other: &&OpenThen| other.holder == one.holder && other.category == one.category;
                let amount: i64 = all.iter().filter(alike).map(|other| other.amount).sum();
                let filter = HazardFilter {
                    holder: one.holder,
                    category: Some(one.category.clone()),
                    ..HazardFilter::default()
                };
                assert_eq!(count(&mut tx, &reach, &filter, now).unwrap(), Count::Exactly(amount), "{filter:?}");
            }
            let late: i64 = all.iter().filter(|one| one.overdue).map(|one| one.amount).sum();
            let overdue = HazardFilter { stage: StageFilter::Overdue, ..HazardFilter::default() };
            assert_eq!(count(&mut tx, &reach, &overdue, now).unwrap(), Count::Exactly(late));
        }
    }
}
