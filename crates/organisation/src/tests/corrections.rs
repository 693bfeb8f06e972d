//! A unit that was closed or whose kind was entered by mistake is put right, with a reason.

use kernel::{Actor, UnitId};
use test_support::both_databases;
use uuid::Uuid;

use super::reach::{COUNTY, Desk, MANAGER, MINE, NOW, SCHOOL, created, made_again};
use crate::{
    Attributes, CodeCorrection, KindCorrection, Line, NewUnit, PersonCommand, Placement, Post, UnitCommand,
    UnitKind, covers, unit_brief, unit_state,
};

const SMALL: UnitId = UnitId(Uuid::from_u128(31));

fn rekind(kind: UnitKind, reason: &str) -> UnitCommand {
    UnitCommand::Rekind(KindCorrection { kind, reason: reason.to_owned(), code_exception: None })
}

/// The kind changes, the code stays, and somebody says why.
fn rekind_as_coded(kind: UnitKind, exception: &str) -> UnitCommand {
    let code_exception = Some(exception.to_owned());
    UnitCommand::Rekind(KindCorrection {
        kind, reason: "批复是九年一贯制".to_owned(), code_exception
    })
}

fn reopen(reason: &str) -> UnitCommand {
    UnitCommand::Reopen(reason.to_owned())
}

fn coded(code: &str, reason: Option<&str>) -> UnitCommand {
    UnitCommand::Recode(CodeCorrection {
        code: code.to_owned(),
        code_exception: reason.map(str::to_owned),
        reason: "录错".to_owned(),
    })
}

both_databases! {
    fn a_school_has_no_code_of_a_place_unless_somebody_says_why(db: TestDb) {
        let desk = Desk::new(&db);
        let under = |parent| vec![Placement { line: Line::Management, parent, from: NOW.local_date() }];
        // A school code that lost a digit, a county, a village.
        for code in ["215399993", "530399", "530323102999"] {
            let school = created(code, UnitKind::Primary, under(MINE));
            assert_eq!(desk.unit(MANAGER, SMALL, school).unwrap_err().code(), "unit-code-area", "{code}");
            assert_eq!(desk.unit(MANAGER, SCHOOL, coded(code, None)).unwrap_err().code(), "unit-code-area");
        }
        // An office of the county may have one, and becomes no school with it.
        desk.unit(MANAGER, SMALL, created("530323901", UnitKind::Department, under(COUNTY))).unwrap();
        let refused = desk.unit(MANAGER, SMALL, rekind(UnitKind::Training, "登记错了"));
        assert_eq!(refused.unwrap_err().code(), "unit-rekind-code");
        assert_eq!(desk.unit(MANAGER, SCHOOL, coded("530323102999", Some("只有这个"))).unwrap().events, 1);
        let mut tx = db.database().reader().unwrap();
        let state = unit_state(&mut tx, SCHOOL).unwrap().unwrap().0;
        assert_eq!(state.code_exception.as_deref(), Some("只有这个"));
        drop(tx);
        made_again(&db, desk);
    }

    fn a_code_of_another_kind_of_school_needs_a_reason(db: TestDb) {
        let desk = Desk::new(&db);
        let under = || vec![Placement { line: Line::Management, parent: MINE, from: NOW.local_date() }];
        let new = created("3153000031", UnitKind::Kindergarten, under());
        assert_eq!(desk.unit(MANAGER, SMALL, new.clone()).unwrap_err().code(), "unit-code-class");
        let UnitCommand::Create(mut told) = new else { panic!("a new unit") };
        told.code_exception = Some("证照如此".to_owned());
        desk.unit(MANAGER, SMALL, UnitCommand::Create(told)).unwrap();
        assert_eq!(desk.unit(MANAGER, SMALL, coded("3453000031", None)).unwrap_err().code(), "unit-code-class");
        // One of its own kind needs none, and the old reason goes.
        desk.unit(MANAGER, SMALL, coded("1153000031", None)).unwrap();
        // A right code becomes a wrong one when the kind changes.
        for silent in [rekind(UnitKind::Primary, "登记错了"), rekind_as_coded(UnitKind::Primary, " \u{200b}")] {
            assert_eq!(desk.unit(MANAGER, SMALL, silent).unwrap_err().code(), "unit-rekind-class");
        }
        let exception = || {
            let mut tx = db.database().reader().unwrap();
            unit_state(&mut tx, SMALL).unwrap().unwrap().0.code_exception
        };
        assert_eq!(exception(), None);
        desk.unit(MANAGER, SMALL, rekind_as_coded(UnitKind::Primary, "代码沿用")).unwrap();
        assert_eq!(exception().as_deref(), Some("代码沿用"));
        // Excused once, it is not asked about again.
        desk.unit(MANAGER, SMALL, rekind(UnitKind::NineYear, "又登记错了")).unwrap();
        assert_eq!(exception().as_deref(), Some("代码沿用"));
        made_again(&db, desk);
    }

    fn reasons_hold_no_numbers_of_people(db: TestDb) {
        let desk = Desk::new(&db);
        for (reason, code) in [("问过王校长 13812345678", "text-mobile"), ("530323201501011230 办的证", "text-citizen-id")] {
            let recoded = |code_exception, reason: &str| UnitCommand::Recode(CodeCorrection {
                code: "12530323999900012C".to_owned(),
                code_exception,
                reason: reason.to_owned(),
            });
            let refused = desk.unit(MANAGER, SCHOOL, recoded(None, reason)).unwrap_err();
            assert_eq!(refused.code(), code);
            let refused = desk.unit(MANAGER, SCHOOL, recoded(Some(reason.to_owned()), "换证")).unwrap_err();
            assert_eq!(refused.code(), code);
        }
    }

    fn what_says_nothing_is_no_reason(db: TestDb) {
        let desk = Desk::new(&db);
        let recode = |code_exception: Option<&str>, reason: &str| UnitCommand::Recode(CodeCorrection {
            code: "3453000031".to_owned(),
            code_exception: code_exception.map(str::to_owned),
            reason: reason.to_owned(),
        });
        let under = vec![Placement { line: Line::Management, parent: MINE, from: NOW.local_date() }];
        let UnitCommand::Create(new) = created("3153000031", UnitKind::Kindergarten, under) else { panic!("new") };
        let excused = UnitCommand::Create(NewUnit { code_exception: Some("无".to_owned()), ..new });
        for (unit, command) in [
            (SMALL, excused),
            (SCHOOL, recode(Some("证照如此"), "无")),
            (SCHOOL, recode(Some("按要求"), "换了证")),
            (SCHOOL, rekind(UnitKind::NineYear, "无")),
            (SCHOOL, rekind_as_coded(UnitKind::NineYear, "暂无")),
        ] {
            let told = format!("{command:?}");
            assert_eq!(desk.unit(MANAGER, unit, command).unwrap_err().code(), "reason-filler", "{told}");
        }
        assert_eq!(desk.unit(MANAGER, SCHOOL, recode(Some("证照如此"), "换了证")).unwrap().events, 1);
    }

    fn a_code_is_nobodys_number(db: TestDb) {
        let desk = Desk::new(&db);
        let refused = desk.unit(MANAGER, SCHOOL, coded("530323201501011230", Some("证照如此"))).unwrap_err();
        assert_eq!(refused.code(), "text-citizen-id");
    }

    fn facts_hold_no_numbers_of_people(db: TestDb) {
        let desk = Desk::new(&db);
        let facts = |address: &str, telephone: &str| Attributes {
            address: address.to_owned(),
            telephone: telephone.to_owned(),
            ..Attributes::default()
        };
        for (wrong, code) in [
            (facts("丹凤街道 1 号，找王校长 138-1234-5678", ""), "text-mobile"),
            (facts("户主 530323201009124567", ""), "text-citizen-id"),
            (facts("", "13812345678"), "text-mobile"),
        ] {
            let under = vec![Placement { line: Line::Management, parent: MINE, from: NOW.local_date() }];
            let UnitCommand::Create(new) = created("2153000032", UnitKind::Primary, under) else { panic!("new") };
            let new = UnitCommand::Create(NewUnit { attributes: wrong.clone(), ..new });
            assert_eq!(desk.unit(MANAGER, SMALL, new).unwrap_err().code(), code);
            let refused = desk.unit(MANAGER, SCHOOL, UnitCommand::Describe(wrong)).unwrap_err();
            assert_eq!(refused.code(), code);
        }
        let office = facts("丹凤街道 1 号", "0874-5751234");
        assert_eq!(desk.unit(MANAGER, SCHOOL, UnitCommand::Describe(office)).unwrap().events, 1);
    }

    fn a_kind_is_corrected_when_everything_there_fits(db: TestDb) {
        let desk = Desk::new(&db);
        for (unit, command, code) in [
            (SCHOOL, rekind(UnitKind::NineYear, " \u{200b}"), "unit-rekind-reason-missing"),
            (SCHOOL, rekind(UnitKind::NineYear, &"长".repeat(101)), "text-too-long"),
            // A safety officer works there, and no supplier has one.
            (SCHOOL, rekind(UnitKind::Supplier, "登记错了"), "unit-rekind-post"),
            // A school hangs below it, and below a teaching point nothing does.
            (MINE, rekind(UnitKind::TeachingPoint, "登记错了"), "unit-rekind-below"),
            (COUNTY, rekind(UnitKind::CentralSchool, "登记错了"), "unit-rekind-superior"),
        ] {
            let told = format!("{command:?}");
            assert_eq!(desk.unit(MANAGER, unit, command).unwrap_err().code(), code, "{told}");
        }
        assert_eq!(desk.unit(MANAGER, SCHOOL, rekind(UnitKind::Primary, "")).unwrap().events, 0);
        assert_eq!(desk.unit(MANAGER, SCHOOL, rekind_as_coded(UnitKind::NineYear, "代码沿用")).unwrap().events, 1);
        let mut tx = db.database().reader().unwrap();
        assert_eq!(unit_brief(&mut tx, SCHOOL).unwrap().unwrap().kind, UnitKind::NineYear);
        // Without the officer it may be anything that hangs under a central school.
        desk.person(MANAGER, PersonCommand::LeavePost(Post::SafetyOfficer)).unwrap();
        assert_eq!(desk.unit(MANAGER, SCHOOL, rekind(UnitKind::Supplier, "是供应商")).unwrap().events, 1);
        drop(tx);
        made_again(&db, desk);
    }

    fn a_mistaken_closing_is_taken_back(db: TestDb) {
        let desk = Desk::new(&db);
        let under = vec![Placement { line: Line::Management, parent: MINE, from: NOW.local_date() }];
        desk.unit(Actor::SYSTEM, SMALL, created("2153000031", UnitKind::Primary, under)).unwrap();
        let close = || UnitCommand::Close(NOW.local_date());
        assert_eq!(desk.unit(MANAGER, SMALL, reopen("登记错了")).unwrap().events, 0, "it works");
        desk.unit(MANAGER, SMALL, close()).unwrap();
        assert_eq!(desk.unit(MANAGER, SMALL, reopen(" ")).unwrap_err().code(), "unit-reopen-reason-missing");
        // Its code stayed its own.
        let other = created("2153000031", UnitKind::County, Vec::new());
        let refused = desk.unit(Actor::SYSTEM, UnitId(Uuid::from_u128(32)), other);
        assert_ne!(refused.unwrap_err().code(), "unit-exists");
        // Where it hung was closed in the meantime.
        desk.person(MANAGER, PersonCommand::Leave(NOW.local_date())).unwrap();
        desk.unit(MANAGER, SCHOOL, close()).unwrap();
        desk.unit(MANAGER, MINE, close()).unwrap();
        assert_eq!(desk.unit(MANAGER, SMALL, reopen("登记错了")).unwrap_err().code(), "unit-reopen-parent-closed");
        desk.unit(MANAGER, MINE, reopen("登记错了单位")).unwrap();
        assert_eq!(desk.unit(MANAGER, SMALL, reopen("登记错了单位")).unwrap().events, 1);
        let mut tx = db.database().reader().unwrap();
        let state = unit_state(&mut tx, SMALL).unwrap().unwrap().0;
        assert_eq!((state.closed, state.code.as_str()), (None, "2153000031"));
        assert!(covers(&mut tx, COUNTY, Line::Management, SMALL).unwrap());
        assert_eq!(desk.unit(MANAGER, SMALL, UnitCommand::Rename("又一所小学".to_owned())).unwrap().events, 1);
        drop(tx);
        made_again(&db, desk);
    }
}
