//! Where a unit hung when: checked when it is asked, honest when it is read.

use kernel::{Actor, Date, UnitId};
use test_support::{TestDb, both_databases};
use uuid::Uuid;

use super::reach::{COUNTY, Desk, MANAGER, MINE, NOW, SCHOOL, created, made_again};
use crate::{KindCorrection, Line, Placement, UnitCommand, UnitKind};

const OTHER: UnitId = UnitId(Uuid::from_u128(21));
const NEW: UnitId = UnitId(Uuid::from_u128(22));
const FIRST: Date = Date::constant(2026, 9, 1);
const SECOND: Date = Date::constant(2026, 9, 10);

fn under(parent: UnitId, from: Date) -> Placement {
    Placement { line: Line::Management, parent, from }
}

/// A school under the first central school since the first day, and another central school.
fn desk(db: &TestDb) -> Desk {
    let desk = Desk::new(db);
    for (unit, code, kind, above) in [
        (OTHER, "2153000021", UnitKind::CentralSchool, under(COUNTY, FIRST)),
        (NEW, "2153000022", UnitKind::Primary, under(MINE, FIRST)),
    ] {
        desk.unit(Actor::SYSTEM, unit, created(code, kind, vec![above])).unwrap();
    }
    desk
}

both_databases! {
    fn a_second_place_on_the_same_day_replaces_what_never_took_effect(db: TestDb) {
        let desk = desk(&db);
        for parent in [OTHER, COUNTY] {
            desk.unit(MANAGER, NEW, UnitCommand::Place(under(parent, SECOND))).unwrap();
        }
        let rows = || {
            let sql = "SELECT parent_id, from_day, to_day FROM unit_placement WHERE unit_id = ?1 ORDER BY from_day";
            let mut tx = db.database().reader().unwrap();
            tx.query(sql, storage::params![NEW], |row| Ok((row.id::<UnitId>(0)?, row.text(1)?, row.opt_text(2)?))).unwrap()
        };
        let (first, second) = (FIRST.to_string(), SECOND.to_string());
        let before = (MINE, first, Some(second.clone()));
        assert_eq!(rows(), [before.clone(), (COUNTY, second.clone(), None)]);
        // Back where it was, on the same day once more: two stretches that touch.
        desk.unit(MANAGER, NEW, UnitCommand::Place(under(MINE, SECOND))).unwrap();
        assert_eq!(rows(), [before, (MINE, second, None)]);
        made_again(&db, desk);
    }

    fn a_unit_hangs_only_where_such_a_unit_may_hang(db: TestDb) {
        let desk = desk(&db);
        let unit = |number| UnitId(Uuid::from_u128(number));
        let at = |line, parent| Placement { line, ..under(parent, FIRST) };
        for (number, code, kind, place) in [
            (41, "1153000041", UnitKind::Kindergarten, at(Line::Management, MINE)),
            (42, "530323901", UnitKind::Department, at(Line::Territory, COUNTY)),
            (43, "530323102", UnitKind::Township, at(Line::Territory, COUNTY)),
            (44, "2153000044", UnitKind::TeachingPoint, at(Line::Management, NEW)),
        ] {
            desk.unit(Actor::SYSTEM, unit(number), created(code, kind, vec![place])).unwrap();
        }
        // A kindergarten, a department, a township, another primary school.
        for above in [unit(41), unit(42), unit(43), SCHOOL] {
            let refused = desk.unit(MANAGER, NEW, UnitCommand::Place(under(above, SECOND))).unwrap_err();
            assert_eq!(refused.code(), "unit-superior-kind");
        }
        for above in [unit(41), unit(42)] {
            let place = UnitCommand::Place(at(Line::Territory, above));
            assert_eq!(desk.unit(MANAGER, NEW, place).unwrap_err().code(), "unit-superior-kind");
        }
        assert_eq!(desk.unit(MANAGER, NEW, UnitCommand::Place(at(Line::Territory, unit(43)))).unwrap().events, 1);
        // What is wrong where it hangs, or with what hangs below, is said when the kind is put right too.
        for (asked, code) in [
            (UnitKind::Kindergarten, "unit-rekind-below"),
            (UnitKind::Department, "unit-rekind-parent"),
        ] {
            let rekind = UnitCommand::Rekind(KindCorrection { kind: asked, reason: "登记错了".to_owned(), code_exception: None });
            assert_eq!(desk.unit(MANAGER, NEW, rekind).unwrap_err().code(), code);
        }
        made_again(&db, desk);
    }

    fn no_place_begins_before_the_present_one_or_where_nothing_hangs(db: TestDb) {
        let desk = desk(&db);
        desk.unit(MANAGER, NEW, UnitCommand::Place(under(OTHER, SECOND))).unwrap();
        let tomorrow = NOW.local_date().tomorrow().unwrap();
        for (command, code) in [
            (UnitCommand::Place(under(COUNTY, FIRST)), "unit-move-early"),
            (UnitCommand::Place(under(COUNTY, tomorrow)), "date-in-future"),
            (UnitCommand::Place(Placement { line: Line::Territory, ..under(OTHER, SECOND) }), "unit-superior-kind"),
            (UnitCommand::Close(tomorrow), "date-in-future"),
            (UnitCommand::Close(FIRST), "unit-close-early"),
        ] {
            let told = format!("{command:?}");
            assert_eq!(desk.unit(MANAGER, NEW, command).unwrap_err().code(), code, "{told}");
        }
        assert_eq!(desk.unit(MANAGER, NEW, UnitCommand::Close(SECOND)).unwrap().events, 1);
        assert_eq!(desk.unit(MANAGER, SCHOOL, UnitCommand::Place(under(NEW, NOW.local_date()))).unwrap_err().code(), "unit-parent-unknown");
    }
}

#[test]
fn every_kind_but_the_province_hangs_somewhere() {
    for kind in UnitKind::ALL.iter().copied() {
        let above = |line: Line| kind.above(line).count();
        let somewhere = above(Line::Management) > 0 && above(Line::Territory) > 0;
        assert_eq!(somewhere, kind != UnitKind::Province, "{kind:?}");
        // What a school or an office cannot do for any kind its page offers for none.
        let below = UnitKind::ALL.iter().any(|below| below.may_hang_under(Line::Management, kind));
        assert_eq!(kind.holds(Line::Management), below, "{kind:?}");
    }
    let under = |kind: UnitKind, above| kind.may_hang_under(Line::Management, above);
    assert!(under(UnitKind::TeachingPoint, UnitKind::Primary) && !under(UnitKind::Junior, UnitKind::Primary));
    assert!(
        under(UnitKind::Training, UnitKind::Department) && !under(UnitKind::Primary, UnitKind::Department)
    );
}
