//! Where a unit hung when: checked when it is asked, honest when it is read.

use kernel::{Actor, Date, UnitId};
use test_support::{TestDb, both_databases};
use uuid::Uuid;

use super::reach::{COUNTY, Desk, MANAGER, MINE, NOW, SCHOOL, created, made_again};
use crate::{Line, Placement, UnitCommand, UnitKind};

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

    fn no_place_begins_before_the_present_one_or_where_nothing_hangs(db: TestDb) {
        let desk = desk(&db);
        desk.unit(MANAGER, NEW, UnitCommand::Place(under(OTHER, SECOND))).unwrap();
        let tomorrow = NOW.local_date().tomorrow().unwrap();
        for (command, code) in [
            (UnitCommand::Place(under(COUNTY, FIRST)), "unit-move-early"),
            (UnitCommand::Place(under(COUNTY, tomorrow)), "date-in-future"),
            (UnitCommand::Place(Placement { line: Line::Territory, ..under(OTHER, SECOND) }), "unit-parent-kind"),
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
