//! Assignments: many at the same time, each from a day until a day.

use kernel::{Actor, Date, Problem, UnitId};
use storage::Tx;
use test_support::{TestDb, both_databases};
use uuid::Uuid;

use super::reach::{COUNTY, Desk, MANAGER, MINE, NOW, SCHOOL, created, made_again};
use crate::{
    Assigned, Line, Placement, Unassigned, UnitCommand, UnitKind, ancestors, unit_state, units_below,
};

const POLICE: UnitId = UnitId(Uuid::from_u128(11));
const STATION: UnitId = UnitId(Uuid::from_u128(12));
const FIRE: UnitId = UnitId(Uuid::from_u128(13));
const NEW: UnitId = UnitId(Uuid::from_u128(14));
const EARLY: Date = Date::constant(2026, 9, 1);
const LATER: Date = Date::constant(2026, 9, 10);

fn to(to: UnitId, from: Date) -> UnitCommand {
    UnitCommand::Assign(Assigned { to, from })
}

fn ended(to: UnitId, on: Date) -> UnitCommand {
    UnitCommand::Unassign(Unassigned { to, on })
}

/// A police bureau with a station assigned to it, and a fire brigade.
fn departments(db: &TestDb) -> Desk {
    let desk = Desk::new(db);
    let at = |line, parent| Placement { line, parent, from: EARLY };
    for (unit, code, kind, places) in [
        (POLICE, "530325", UnitKind::Department, vec![at(Line::Territory, COUNTY)]),
        (
            STATION,
            "530326",
            UnitKind::PoliceStation,
            vec![at(Line::Territory, COUNTY), at(Line::Assignment, POLICE)],
        ),
        (FIRE, "530327", UnitKind::Department, vec![at(Line::Territory, COUNTY)]),
    ] {
        desk.unit(Actor::SYSTEM, unit, created(code, kind, places)).unwrap();
    }
    desk
}

/// Who is above a unit by assignment, and in how many steps.
fn above(tx: &mut Tx, unit: UnitId) -> Vec<(UnitId, i64)> {
    let above = ancestors(tx, unit, Line::Assignment).unwrap();
    let mut above: Vec<_> = above.into_iter().filter(|a| a.depth > 0).map(|a| (a.id, a.depth)).collect();
    above.sort_unstable();
    above
}

/// The rows by date.
fn rows(tx: &mut Tx, unit: UnitId) -> Vec<(UnitId, String, Option<String>)> {
    let sql =
        "SELECT parent_id, from_day, to_day FROM unit_placement WHERE unit_id = ?1 AND line = 'assignment'
         ORDER BY from_day, parent_id";
    tx.query(sql, storage::params![unit], |row| Ok((row.id(0)?, row.text(1)?, row.opt_text(2)?))).unwrap()
}

both_databases! {
    fn many_at_a_time_each_ended_alone(db: TestDb) {
        let desk = departments(&db);
        let mut tx = db.database().reader().unwrap();
        for command in [to(STATION, EARLY), to(FIRE, LATER), to(MINE, LATER)] {
            assert_eq!(desk.unit(MANAGER, SCHOOL, command).unwrap().events, 1);
        }
        // The bureau reaches the school by way of its station.
        assert_eq!(above(&mut tx, SCHOOL), [(MINE, 1), (POLICE, 2), (STATION, 1), (FIRE, 1)]);
        // Assigned to the bureau as well, the shorter way counts; ended, the longer one is left.
        desk.unit(MANAGER, SCHOOL, to(POLICE, LATER)).unwrap();
        assert_eq!(above(&mut tx, SCHOOL), [(MINE, 1), (POLICE, 1), (STATION, 1), (FIRE, 1)]);
        desk.unit(MANAGER, SCHOOL, ended(POLICE, LATER)).unwrap();
        assert_eq!(above(&mut tx, SCHOOL), [(MINE, 1), (POLICE, 2), (STATION, 1), (FIRE, 1)]);
        desk.unit(MANAGER, SCHOOL, ended(FIRE, NOW.local_date())).unwrap();
        desk.unit(MANAGER, STATION, ended(POLICE, LATER)).unwrap();
        assert_eq!(above(&mut tx, SCHOOL), [(MINE, 1), (STATION, 1)], "what hung below the station follows");
        assert_eq!(units_below(&mut tx, POLICE, Line::Assignment, 9).unwrap(), [POLICE]);
        desk.unit(MANAGER, SCHOOL, to(FIRE, NOW.local_date())).unwrap();
        let text = |day: Date| day.to_string();
        let today = text(NOW.local_date());
        // The assignment to the bureau never took effect and left no row.
        assert_eq!(rows(&mut tx, SCHOOL), [
            (STATION, text(EARLY), None),
            (MINE, text(LATER), None),
            (FIRE, text(LATER), Some(today.clone())),
            (FIRE, today, None),
        ]);
        assert_eq!(unit_state(&mut tx, SCHOOL).unwrap().unwrap().0.parent(Line::Management), Some(MINE));
        drop(tx);
        made_again(&db, desk);
    }

    fn what_cannot_be_assigned_or_ended_is_refused(db: TestDb) {
        let desk = departments(&db);
        desk.unit(MANAGER, SCHOOL, to(STATION, LATER)).unwrap();
        desk.unit(MANAGER, SCHOOL, to(FIRE, EARLY)).unwrap();
        desk.unit(MANAGER, SCHOOL, ended(FIRE, LATER)).unwrap();
        let place = Placement { line: Line::Assignment, parent: FIRE, from: EARLY };
        let tomorrow = NOW.local_date().tomorrow().unwrap();
        for (unit, command, code) in [
            (SCHOOL, to(STATION, LATER), "unit-assign-twice"),
            (SCHOOL, to(SCHOOL, LATER), "unit-assign-itself"),
            (SCHOOL, to(COUNTY, LATER), "unit-parent-kind"),
            (SCHOOL, to(UnitId(Uuid::from_u128(99)), LATER), "unit-parent-unknown"),
            (SCHOOL, to(POLICE, tomorrow), "date-in-future"),
            (SCHOOL, to(FIRE, EARLY), "unit-assign-early"),
            (POLICE, to(STATION, LATER), "unit-under-itself"),
            (SCHOOL, ended(POLICE, LATER), "unit-not-assigned"),
            (SCHOOL, ended(FIRE, LATER), "unit-not-assigned"),
            (SCHOOL, ended(STATION, EARLY), "unit-unassign-early"),
            (SCHOOL, ended(STATION, tomorrow), "date-in-future"),
            (SCHOOL, UnitCommand::Place(place), "unit-assignment-no-place"),
        ] {
            let told = format!("{command:?}");
            assert_eq!(desk.unit(MANAGER, unit, command).unwrap_err().code(), code, "{told}");
        }
        // The right is needed where the school is assigned to, too.
        let foreign = UnitId(Uuid::from_u128(3));
        assert_eq!(desk.unit(MANAGER, SCHOOL, to(foreign, LATER)), Err(Problem::Forbidden));
    }

    fn a_new_unit_may_have_several(db: TestDb) {
        let desk = departments(&db);
        let at = |line, parent| Placement { line, parent, from: EARLY };
        let twice = vec![at(Line::Management, MINE), at(Line::Assignment, FIRE), at(Line::Assignment, FIRE)];
        let refused = desk.unit(MANAGER, NEW, created("2153000019", UnitKind::Primary, twice));
        assert_eq!(refused.unwrap_err().code(), "unit-assign-twice");
        let places =
            vec![at(Line::Management, MINE), at(Line::Assignment, STATION), at(Line::Assignment, FIRE)];
        let done = desk.unit(MANAGER, NEW, created("2153000019", UnitKind::Primary, places)).unwrap();
        assert_eq!(done.events, 3);
        let mut tx = db.database().reader().unwrap();
        assert_eq!(above(&mut tx, NEW), [(POLICE, 2), (STATION, 1), (FIRE, 1)]);
        let state = unit_state(&mut tx, NEW).unwrap().unwrap().0;
        assert_eq!((state.placements.len(), state.assigned().count()), (1, 2));
        let all = vec![at(Line::Management, MINE), at(Line::Management, COUNTY)];
        let refused = desk.unit(MANAGER, UnitId(Uuid::from_u128(15)), created("2153000020", UnitKind::Primary, all));
        assert_eq!(refused.unwrap_err().code(), "unit-placed-twice");
        drop(tx);
        made_again(&db, desk);
    }

    fn closing_names_whom_it_would_leave_without_an_answer(db: TestDb) {
        let desk = departments(&db);
        desk.unit(MANAGER, SCHOOL, to(FIRE, EARLY)).unwrap();
        let close = || UnitCommand::Close(NOW.local_date());
        let Err(Problem::Refused(refusal)) = desk.unit(MANAGER, FIRE, close()) else {
            panic!("a school is still assigned to it");
        };
        let told = [("n", "1".to_owned()), ("units", "单位 2153000003".to_owned())];
        assert_eq!((refusal.code, refusal.args.as_slice()), ("unit-close-below", told.as_slice()));
        desk.unit(MANAGER, SCHOOL, ended(FIRE, LATER)).unwrap();
        assert_eq!(desk.unit(MANAGER, FIRE, close()).unwrap().events, 1);
    }
}
