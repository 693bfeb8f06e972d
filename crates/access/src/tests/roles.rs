use std::collections::BTreeSet;

use journal::Authority;
use kernel::{Actor, ActorKind, UnitId};
use organisation::unit_brief;
use storage::Param;

use test_support::both_databases;

use super::House;
use crate::{REFUSALS, Role, RoleBook, RoleTable, Scope, Viewer, names, table, visible};

#[test]
fn the_matrix_is_the_reviewed_one() {
    let matrix = table().matrix();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/roles.snapshot.txt");
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    if matrix != reviewed {
        std::fs::write(format!("{path}.new"), &matrix).unwrap();
    }
    assert!(matrix == reviewed, "roles.toml changed: review roles.snapshot.txt.new and rename it");
}

#[test]
fn the_table_is_whole_and_denies_what_it_must() {
    assert_eq!(table().entries.len(), Role::ALL.len());
    let may = |role: Role, permission: &str| role.permissions().has(permission);
    for permission in names::ALL {
        if permission.starts_with("hazard.") {
            assert!(!may(Role::SystemAdministrator, permission));
            assert!(!may(Role::SecurityAdministrator, permission));
        }
        assert_eq!(may(Role::AuditAdministrator, permission), *permission == names::AUDIT_VIEW);
        assert!(Role::ALL.iter().any(|role| may(*role, permission)), "{permission} is given to nobody");
    }
    assert!(!may(Role::SafetyOfficer, names::HAZARD_DECIDE_EXTENSION));
    let granting = Role::ALL.iter().filter(|role| may(**role, names::ROLE_GRANT)).collect::<Vec<_>>();
    assert_eq!(granting, [&Role::SecurityAdministrator]);
    assert!(RoleTable::read("[[role]]\nid = 'chief'").is_err());
    let text = include_str!("../../roles.toml").replacen("unit.view", "unit.veiw", 1);
    assert!(RoleTable::read(&text).unwrap_err().to_string().contains("unit.veiw"));
}

#[test]
fn every_refusal_is_listed() {
    let mut used = BTreeSet::new();
    let sources = [
        include_str!("../account/decide.rs"),
        include_str!("../keeper.rs"),
        include_str!("../password.rs"),
        include_str!("../sign_in/steps.rs"),
        include_str!("../sign_in/desk.rs"),
        include_str!("../sign_in/admit.rs"),
        include_str!("../sign_in/enrol.rs"),
        include_str!("../secret.rs"),
        include_str!("../session.rs"),
    ];
    for source in sources {
        for start in ["Refusal::new(\"", "refuse(\""] {
            for after in source.split(start).skip(1) {
                used.insert(after.split('"').next().unwrap());
            }
        }
    }
    assert_eq!(used.into_iter().collect::<Vec<_>>(), REFUSALS);
}

both_databases! {
    /// For every role at every unit where it may be given: the writer, a question about one unit and a list agree.
    fn book_viewer_and_lists_agree_for_every_role_and_unit(db: TestDb) {
        let house = House::new(db);
        let mut tx = house.reader();
        let book = RoleBook::new();
        let mut pairs = 0;
        for role in Role::ALL {
            for at in house.tree.all() {
                let kind = unit_brief(&mut tx, at).unwrap().unwrap().kind;
                if !role.entry().unwrap().kinds.contains(&kind) {
                    continue;
                }
                pairs += 1;
                let account = house.account(&format!("user{pairs}"), at, &[(*role, at)]);
                let viewer = Viewer::load(&mut tx, account).unwrap().unwrap();
                for permission in names::ALL.iter().copied() {
                    let scope = viewer.scope(permission);
                    let (condition, params) = scope.condition("u.id", 1);
                    let sql = format!("SELECT u.id FROM unit u WHERE {condition}");
                    let listed = tx.query(&sql, &params, |row| row.id::<UnitId>(0)).unwrap();
                    for unit in house.tree.all() {
                        let over = viewer.may_over(&mut tx, permission, unit).unwrap();
                        let standing = book.standing(&mut tx, Actor::person(account), unit).unwrap();
                        assert_eq!(over, listed.contains(&unit), "{role:?} {permission}");
                        assert_eq!(over, standing.may(permission), "{role:?} {permission}");
                    }
                    if !viewer.may(permission) {
                        assert_eq!(scope, Scope::NOTHING);
                    }
                }
            }
        }
        assert!(pairs > 30, "{pairs}");
    }
}

both_databases! {
    /// The writer remembers what an account may do; the way it came is the act's own.
    fn an_account_stands_the_same_whichever_way_it_comes(db: TestDb) {
        let house = House::new(db);
        let central = house.tree.central;
        let account = house.account("central", central, &[(Role::CentralSchool, central)]);
        let book = RoleBook::new();
        let mut tx = house.database.writer().unwrap();
        for kind in [ActorKind::Import, ActorKind::Person, ActorKind::Device, ActorKind::Person] {
            let actor = Actor { id: account, kind };
            let standing = book.standing(&mut tx, actor, central).unwrap();
            assert_eq!(standing.actor, actor);
            assert!(standing.may("hazard.accept"));
        }
    }

    fn a_central_school_does_not_see_the_junior_school_next_door(db: TestDb) {
        let house = House::new(db);
        let tree = &house.tree;
        let account = house.account("central", tree.central, &[(Role::CentralSchool, tree.central)]);
        let mut tx = house.reader();
        let viewer = Viewer::load(&mut tx, account).unwrap().unwrap();
        let mut see = |unit| viewer.may_over(&mut tx, names::HAZARD_VIEW, unit).unwrap();
        assert!(see(tree.central) && see(tree.primary_1) && see(tree.primary_2));
        assert!(!see(tree.junior) && !see(tree.far) && !see(tree.county) && !see(tree.town_a));
    }
}

both_databases! {
    fn a_township_sees_by_territory_and_an_inspector_by_assignment(db: TestDb) {
        let house = House::new(db);
        let tree = &house.tree;
        let officer = house.account("town-a", tree.town_a, &[(Role::TownshipOfficer, tree.town_a)]);
        let liaison = house.account("police", tree.police, &[(Role::DepartmentLiaison, tree.police)]);
        let mut tx = house.reader();
        let listed = |tx: &mut storage::Tx, account| {
            let viewer = Viewer::load(tx, account).unwrap().unwrap();
            viewer.scope(names::HAZARD_VIEW).listed(tx, 64).unwrap().unwrap()
        };
        let mut town = vec![tree.town_a, tree.central, tree.primary_1, tree.primary_2, tree.junior];
        town.sort_unstable();
        assert_eq!(listed(&mut tx, officer), town);
        assert_eq!(listed(&mut tx, liaison), [tree.police, tree.junior]);
    }
}

both_databases! {
    fn only_a_root_grant_reaches_everything(db: TestDb) {
        let house = House::new(db);
        let tree = &house.tree;
        let office = house.account("office", tree.county, &[(Role::CountySafetyOffice, tree.county)]);
        let head = house.account("head", tree.central, &[(Role::Head, tree.central)]);
        let mut tx = house.reader();
        let office = Viewer::load(&mut tx, office).unwrap().unwrap();
        assert_eq!(office.scope(names::HAZARD_VIEW), Scope::Everything);
        assert_eq!(office.scope(names::HAZARD_VIEW).condition("h.unit_id", 4), ("TRUE".to_owned(), vec![]));
        assert_eq!(office.scope(names::HAZARD_VIEW).listed(&mut tx, 3).unwrap(), None);
        // The head of the central school leads that one site; its subtree needs the role central_school.
        let head = Viewer::load(&mut tx, head).unwrap().unwrap();
        let (condition, params) = head.scope(names::HAZARD_ACCEPT).condition("h.unit_id", 4);
        assert_eq!(condition, "(h.unit_id IN (?4))");
        assert_eq!(params, [Param::from(tree.central)]);
        assert!(!head.may_over(&mut tx, names::HAZARD_VIEW, tree.primary_1).unwrap());
    }
}

both_databases! {
    fn names_and_numbers_need_a_permission_of_their_own(db: TestDb) {
        use kernel::Part;
        let house = House::new(db);
        let tree = &house.tree;
        let town = house.account("town-a", tree.town_a, &[(Role::TownshipOfficer, tree.town_a)]);
        let head = house.account("head", tree.junior, &[(Role::Head, tree.junior)]);
        let mut tx = house.reader();
        let town = Viewer::load(&mut tx, town).unwrap().unwrap();
        let head = Viewer::load(&mut tx, head).unwrap().unwrap();
        let mut sees =
            |viewer: &Viewer, part, unit| visible(&mut tx, part, viewer, names::PERSON_VIEW, unit).unwrap();
        assert!(sees(&town, Part::Core, tree.junior) && sees(&town, Part::Text, tree.junior));
        assert!(!sees(&town, Part::Personal, tree.junior));
        assert!(sees(&head, Part::Personal, tree.junior));
        assert!(!sees(&head, Part::Core, tree.primary_1));
    }
}
