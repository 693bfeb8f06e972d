//! A school is assigned to several departments at the same time; each sees it as long as it is.

use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, Clock, UnitId};
use organisation::{Assigned, Attributes, Line, NewUnit, Placement, Unassigned, Unit, UnitCommand, UnitKind};
use test_support::both_databases;

use super::House;
use crate::{Role, Viewer, permission::names};

fn ask(house: &House, unit: UnitId, command: UnitCommand) {
    let work = UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock)).ask::<Unit>(unit, command);
    house.handle.execute_blocking(WorkLane::Interactive, work).unwrap();
}

both_databases! {
    fn every_department_sees_the_school_until_the_assignment_ends(db: TestDb) {
        let house = House::new(db);
        let (tree, from) = (&house.tree, house.clock.now().local_date());
        let fire: UnitId = house.ids.new_id(&*house.clock);
        let new = NewUnit {
            code: "530324099".to_owned(),
            name: "消防救援大队".to_owned(),
            kind: UnitKind::Department,
            attributes: Attributes::default(),
            placements: vec![Placement { line: Line::Territory, parent: tree.county, from }],
            code_exception: None,
        };
        ask(&house, fire, UnitCommand::Create(new));
        let liaisons = [
            house.account("police", tree.police, &[(Role::DepartmentLiaison, tree.police)]),
            house.account("fire", fire, &[(Role::DepartmentLiaison, fire)]),
            house.account("inspector", tree.central, &[(Role::ResponsibleInspector, tree.central)]),
        ];
        let sees = || {
            let mut tx = house.reader();
            liaisons.map(|account| {
                let viewer = Viewer::load(&mut tx, account).unwrap().unwrap();
                let one = viewer.may_over(&mut tx, names::HAZARD_VIEW, tree.junior).unwrap();
                let all = viewer.scope(names::HAZARD_VIEW).listed(&mut tx, 64).unwrap().unwrap();
                assert_eq!(one, all.contains(&tree.junior), "a page and a list agree");
                one
            })
        };
        assert_eq!(sees(), [true, false, false]);
        for to in [fire, tree.central] {
            ask(&house, tree.junior, UnitCommand::Assign(Assigned { to, from }));
        }
        assert_eq!(sees(), [true, true, true], "one beside the other");
        ask(&house, tree.junior, UnitCommand::Unassign(Unassigned { to: tree.police, on: from }));
        assert_eq!(sees(), [false, true, true]);
        ask(&house, tree.junior, UnitCommand::Unassign(Unassigned { to: tree.central, on: from }));
        assert_eq!(sees(), [false, true, false]);
    }
}
