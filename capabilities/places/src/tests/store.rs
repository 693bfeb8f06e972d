//! Places on both databases: rows, codes, who sees and does what; the same again after a rebuild.

use hazard::Note;
use kernel::{CommandId, StreamId};
use test_support::both_databases;

use super::platform::{Platform, refused};
use crate::{
    Place, PlaceCommand, code,
    query::{PlaceFilter, by_code, counted, rows, units, visible, whole_of},
};

fn note(text: &str) -> Note {
    Note { note: text.to_owned(), photos: Vec::new() }
}

fn points_to(platform: &Platform, code: &str) -> Option<StreamId> {
    platform.read(|tx| by_code(tx, code).unwrap()).map(|(id, _)| id)
}

fn seen(platform: &Platform, who: &str, filter: &PlaceFilter) -> Vec<String> {
    let viewer = platform.viewer(who);
    platform.read(|tx| rows(tx, &viewer, filter, 50).unwrap()).into_iter().map(|row| row.name).collect()
}

both_databases! {
    fn schools_keep_their_own_places_and_those_above_see_them(db: TestDb) {
        let mut platform = Platform::new(db);
        let gate = platform.add("head", platform.school, "gate", "东门").unwrap();
        platform.add("neighbour", platform.other, "gate", "西门").unwrap();
        assert_eq!(refused(platform.add("head", platform.other, "gate", "北门")), "forbidden");
        assert_eq!(refused(platform.add("guard", platform.school, "gate", "北门")), "forbidden");
        assert_eq!(refused(platform.add("office", platform.school, "gate", "北门")), "forbidden");
        assert_eq!(refused(platform.add("head", platform.school, "gate", "东门")), "place-name-taken");
        platform.add("central", platform.school, "whole", "全校").unwrap();
        let all = PlaceFilter::default();
        assert_eq!(seen(&platform, "head", &all), ["全校", "东门"]);
        assert_eq!(seen(&platform, "central", &all), ["全校", "东门"]);
        assert_eq!(seen(&platform, "neighbour", &all), ["西门"]);
        assert_eq!(seen(&platform, "office", &all).len(), 3);
        assert_eq!(seen(&platform, "guard", &all), Vec::<String>::new());
        for (who, there) in [("head", true), ("central", true), ("office", true), ("neighbour", false), ("guard", false)] {
            let viewer = platform.viewer(who);
            assert_eq!(platform.read(|tx| visible(tx, &viewer, gate).is_ok()), there, "{who}");
        }
        let manages = |who: &str| {
            let viewer = platform.viewer(who);
            platform.read(|tx| units(tx, &viewer, access::names::PLACE_MANAGE).unwrap()).len()
        };
        assert_eq!((manages("head"), manages("central"), manages("office")), (1, 2, 0));
        let whole = platform.read(|tx| whole_of(tx, platform.school).unwrap()).unwrap();
        assert_ne!(points_to(&platform, &whole), Some(gate));
        assert_eq!(platform.read(|tx| whole_of(tx, platform.other).unwrap()), None);
        platform.verified_and_rebuilt();
    }

    fn a_sheet_stays_valid_until_the_county_stops_its_code(db: TestDb) {
        let mut platform = Platform::new(db);
        let gate = platform.add("head", platform.school, "gate", "东门").unwrap();
        let first = platform.state(gate).code;
        assert_eq!(points_to(&platform, &first), Some(gate));
        let second = platform.code();
        let replace = PlaceCommand::ReplaceCode { code: second.clone(), note: note("被人涂画看不清") };
        platform.ask::<Place>("head", gate, replace).unwrap();
        assert_eq!((points_to(&platform, &first), points_to(&platform, &second)), (Some(gate), Some(gate)));
        // A code that was ever given is given to nobody else.
        let again = PlaceCommand::ReplaceCode { code: first.clone(), note: note("换回原来的码") };
        assert_eq!(refused(platform.ask::<Place>("head", gate, again)), "place-code-taken");
        let stop = || PlaceCommand::StopCode { code: first.clone(), note: note("旧码贴到校外去了") };
        assert_eq!(refused(platform.ask::<Place>("head", gate, stop())), "forbidden");
        platform.ask::<Place>("office", gate, stop()).unwrap();
        assert_eq!((points_to(&platform, &first), points_to(&platform, &second)), (None, Some(gate)));
        platform.ask::<Place>("head", gate, PlaceCommand::Close(note("东门已经封闭"))).unwrap();
        assert_eq!(points_to(&platform, &second), Some(gate), "whoever scans it is told that it is closed");
        platform.verified_and_rebuilt();
    }

    fn the_list_is_narrowed_by_each_of_its_fields(db: TestDb) {
        let platform = Platform::new(db);
        let gate = platform.add("head", platform.school, "gate", "东门").unwrap();
        platform.add("head", platform.school, "canteen", "食堂").unwrap();
        platform.add("neighbour", platform.other, "gate", "西门").unwrap();
        let of = |filter: PlaceFilter| seen(&platform, "office", &filter);
        let all = PlaceFilter::default;
        assert_eq!(of(PlaceFilter { unit: Some(platform.other), ..all() }), ["西门"]);
        assert_eq!(of(PlaceFilter { kind: Some("gate".to_owned()), unit: Some(platform.school), ..all() }), ["东门"]);
        assert_eq!(of(all().typed("食堂")), ["食堂"]);
        assert_eq!(of(all().typed("第一中学")), ["西门"]);
        assert_eq!(of(all().typed("%")), Vec::<String>::new());
        let shown = code::shown(&platform.state(gate).code).to_lowercase();
        assert_eq!(of(all().typed(&shown)), ["东门"], "by the code as it is printed");
        platform.ask::<Place>("head", gate, PlaceCommand::Close(note("东门已经封闭"))).unwrap();
        assert_eq!(of(PlaceFilter { closed: true, ..all() }), ["东门"]);
        let viewer = platform.viewer("office");
        assert_eq!(platform.read(|tx| counted(tx, &viewer, &all()).unwrap()), (2, 1));
    }
}

#[test]
fn a_form_draws_the_same_codes_when_it_is_sent_twice_and_nobody_else_could() {
    let vault = |fill: u8| journal::Vault::new(&[fill; 32]);
    let form = CommandId(uuid::Uuid::from_u128(42));
    assert_eq!(code::drawn(&vault(1), form, 0), code::drawn(&vault(1), form, 0));
    assert_ne!(code::drawn(&vault(1), form, 0), code::drawn(&vault(1), form, 1));
    assert_ne!(code::drawn(&vault(1), form, 0).1, code::drawn(&vault(2), form, 0).1);
    let (_, code) = code::drawn(&vault(1), form, 0);
    assert_eq!(code::read(&code::shown(&code)), Some(code));
}
