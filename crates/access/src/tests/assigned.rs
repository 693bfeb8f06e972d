//! A school is assigned to several departments at the same time; each sees it as long as it is.

use journal::{Outcome, UnitOfWork, WorkLane};
use kernel::{Actor, Clock, Problem, UnitId};
use organisation::{
    Assigned, Attributes, KindCorrection, Line, NewUnit, Placement, Unassigned, Unit, UnitCommand, UnitKind,
};
use test_support::both_databases;

use super::House;
use crate::{AccountCommand, Role, Scope, Viewer, permission::names};

fn attempt(house: &House, unit: UnitId, command: UnitCommand) -> Result<Outcome, Problem> {
    let work = UnitOfWork::new(Actor::SYSTEM, house.ids.new_id(&*house.clock)).ask::<Unit>(unit, command);
    house.handle.execute_blocking(WorkLane::Interactive, work)
}

fn ask(house: &House, unit: UnitId, command: UnitCommand) {
    attempt(house, unit, command).unwrap();
}

fn kind_name(kind: UnitKind) -> String {
    format!("单位 {}", kind.name())
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

    fn a_kind_that_cannot_give_a_role_waits_until_it_is_withdrawn(db: TestDb) {
        let house = House::new(db);
        let unit = house.tree.primary_1;
        let rekind = |kind| UnitCommand::Rekind(KindCorrection { kind, reason: "选错了".to_owned(), code_exception: None });
        let (role, far) = (Role::Head, house.tree.far);
        let head = house.account("head1", unit, &[(role, unit), (role, far)]);
        // Another kind of school has a head as well.
        ask(&house, unit, rekind(UnitKind::NineYear));
        let Err(Problem::Refused(refusal)) = attempt(&house, unit, rekind(UnitKind::Supplier)) else {
            panic!("a supplier has no head");
        };
        assert_eq!(refusal.code, "unit-rekind-role");
        let named: Vec<&str> = refusal.args.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(named, ["head1", "head", "supplier"]);
        house.ask(Actor::SYSTEM, head, AccountCommand::Revoke { role, unit }).unwrap();
        ask(&house, unit, rekind(UnitKind::Supplier));
    }

    fn a_county_under_a_city_still_reaches_every_school(db: TestDb) {
        let house = House::new(db);
        let (tree, from) = (&house.tree, house.clock.now().local_date());
        let office = house.account("office", tree.county, &[(Role::CountySafetyOffice, tree.county)]);
        let township = house.account("town", tree.town_a, &[(Role::TownshipOfficer, tree.town_a)]);
        let reaches = |account| {
            let viewer = Viewer::load(&mut house.reader(), account).unwrap().unwrap();
            let everything = viewer.scope(names::HAZARD_VIEW) == Scope::Everything;
            (everything, viewer.reaches_institutions(names::HAZARD_VIEW))
        };
        assert_eq!((reaches(office), reaches(township)), ((true, true), (false, false)));
        let city: UnitId = house.ids.new_id(&*house.clock);
        let new = |code: &str, kind, placements| NewUnit {
            code: code.to_owned(),
            name: kind_name(kind),
            kind,
            attributes: Attributes::default(),
            placements,
            code_exception: None,
        };
        ask(&house, city, UnitCommand::Create(new("5303", UnitKind::City, Vec::new())));
        let under = |line, parent| Placement { line, parent, from };
        for line in [Line::Management, Line::Territory] {
            ask(&house, tree.county, UnitCommand::Place(under(line, city)));
        }
        assert_eq!(reaches(office), (false, true), "the city itself is out of its reach, and has no hazards");
        let other: UnitId = house.ids.new_id(&*house.clock);
        let places = vec![under(Line::Management, city), under(Line::Territory, city)];
        ask(&house, other, UnitCommand::Create(new("530325", UnitKind::County, places)));
        assert_eq!(reaches(office), (false, true), "nor has another bureau");
        let school: UnitId = house.ids.new_id(&*house.clock);
        let places = vec![under(Line::Management, other), under(Line::Territory, other)];
        ask(&house, school, UnitCommand::Create(new("2153000099", UnitKind::Primary, places)));
        assert_eq!(reaches(office), (false, false), "a school of another county has");
    }
}
