//! 照片查重: what an event says of photos that were used before, and where they are looked for.

use kernel::StreamId;
use test_support::both_databases;
use uuid::Uuid;

use super::{
    platform::Platform,
    store::clean,
    support::{DAY, Desk, note, officer, photo, rectifying, registration, unit},
};
use crate::{
    HazardCommand, HazardEvent, Level, Note, Number, OnTheSpot, OtherHazard, Registration, UsedBefore,
    event::Reused,
    query::{elsewhere, photos_of_unit},
};

#[test]
fn what_is_found_of_its_own_photos_is_told_and_of_no_others() {
    // 9 is the stream of a desk's hazard.
    let other = |hazard: u128| OtherHazard {
        hazard: StreamId(Uuid::from_u128(hazard)),
        number: Number { year: 2026, serial: 7 },
        elsewhere: false,
    };
    let found = |number: u8, other| UsedBefore { photo: photo(number), other };
    let reused = vec![
        found(4, Some(other(8))),
        found(4, Some(other(8))),
        found(3, None),
        // Not in the act, and the hazard itself.
        found(5, Some(other(8))),
        found(3, Some(other(9))),
    ];
    let told = [Reused { photo: 1, other: Some(other(8)) }, Reused { photo: 0, other: None }];
    let photos = vec![photo(3), photo(4)];
    let note = Note { note: "已更换并测试".to_owned(), photos: photos.clone() };
    let done = HazardCommand::Rectify { note, spent_cents: None, reused: reused.clone() };
    let events = rectifying(Level::General).ask(&officer(), &done).unwrap();
    let [HazardEvent::Rectified(parts)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(parts.core.reused, told);
    let fix = OnTheSpot { photos, reused, ..OnTheSpot::default() };
    let asked = Registration { on_the_spot: Some(fix), ..registration() };
    let events = Desk::new().ask(&officer(), &HazardCommand::Register(Box::new(asked))).unwrap();
    let [_, HazardEvent::FixedOnSpot(parts)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(parts.core.reused, told);
}

#[test]
fn what_is_stored_of_it_is_read_for_ever() {
    let id = "00000000-0000-0000-0000-000000000008";
    let stored = format!(
        r#"[{{"photo":0}},{{"photo":1,"other":{{"hazard":"{id}","number":{{"year":2026,"serial":7}},"elsewhere":true}}}}]"#
    );
    let other = OtherHazard {
        hazard: StreamId(Uuid::from_u128(8)),
        number: Number { year: 2026, serial: 7 },
        elsewhere: true,
    };
    let told = vec![Reused { photo: 0, other: None }, Reused { photo: 1, other: Some(other) }];
    assert_eq!(serde_json::from_str::<Vec<Reused>>(&stored).unwrap(), told);
    assert_eq!(serde_json::to_string(&told).unwrap(), stored);
}

#[test]
fn what_was_found_makes_no_other_asking_of_it() {
    let asked = |reused| HazardCommand::Rectify { note: note("整改完成"), spent_cents: None, reused };
    let found = vec![UsedBefore { photo: photo(2), other: None }];
    let body = |command| serde_json::to_string(&command).unwrap();
    assert_eq!(body(asked(found)), body(asked(Vec::new())));
}

both_databases! {
    fn photos_of_a_unit_are_those_of_its_newest_hazards_first(db: TestDb) {
        let mut platform = Platform::new(db);
        let with = |number: u8| {
            platform.clock.advance_ms(DAY);
            let id: StreamId = platform.new_id();
            let asked = Registration { unit: platform.school, photos: vec![photo(number)], ..registration() };
            platform.ask(platform.officer.0, id, HazardCommand::Register(Box::new(asked))).unwrap();
            id
        };
        let [first, second, third] = [1, 2, 1].map(with);
        let hash = |number: u8| photo(number).0.parse().unwrap();
        let mut tx = platform.db.database().reader().unwrap();
        let mut of = |but: StreamId, most: usize| -> Vec<_> {
            let found = photos_of_unit(&mut tx, platform.school, but, most).unwrap();
            found.into_iter().map(|(hash, other)| (hash, other.hazard, other.number.serial)).collect()
        };
        assert_eq!(of(second, 10), [(hash(1), third, 3), (hash(1), first, 1)]);
        assert_eq!(of(first, 1), [(hash(1), third, 3)]);
        assert_eq!(elsewhere(&mut tx, platform.school, hash(1)).unwrap(), None, "it is their own");
        let found = elsewhere(&mut tx, unit(), hash(1)).unwrap().unwrap();
        assert_eq!((found.hazard, found.elsewhere), (third, true));
        assert_eq!(elsewhere(&mut tx, unit(), hash(7)).unwrap(), None);
        drop(tx);
        clean(&mut platform);
    }
}
