//! 台账导入: where a row of a ledger goes on here, and that nobody takes it for this platform's proof.

use journal::{UnitOfWork, rebuild, verify};
use kernel::{CommandId, StreamId};
use rules::DueBy;
use test_support::both_databases;

use super::{
    platform::Platform,
    support::{
        DAY, Desk, HOUR, START, carry, county, head, ledger_closed, ledger_plan, ledger_row, officer, person,
        rectify, system, tick, withdraw,
    },
};
use crate::{CarryOver, Hazard, HazardCommand, HazardEvent, HazardState, Level, Stage, StageCode, turn};

fn carried(row: CarryOver) -> Desk {
    Desk::after(&[(county(), carry(row))])
}

fn stands(row: CarryOver) -> (StageCode, Option<Level>) {
    let desk = carried(row);
    (desk.state().stage.code(), desk.state().level)
}

fn refused(row: CarryOver) -> (&'static str, Vec<&'static str>) {
    let refusal = Desk::new().refused(&county(), &carry(row));
    (refusal.code, refusal.fields)
}

#[test]
fn an_open_row_goes_on_where_the_ledger_proves_it_stands() {
    let general = Some(Level::General);
    assert_eq!(stands(ledger_row()), (StageCode::Registered, None));
    assert_eq!(stands(CarryOver { level: general, ..ledger_row() }), (StageCode::Graded, general));
    let named = CarryOver { level: general, responsible: Some(person(1)), ..ledger_row() };
    assert_eq!(stands(named), (StageCode::Assigned, general));
    let plan = ledger_plan(START.plus_ms(3 * DAY));
    assert_eq!(stands(plan.clone()), (StageCode::Rectifying, general));
    // 按要求整改 is no measure: four are fixed, not five.
    let mut filler = plan.clone();
    filler.text.measures = "按要求整改".to_owned();
    assert_eq!(stands(filler), (StageCode::Assigned, general));
    assert_eq!(stands(CarryOver { due: None, ..plan.clone() }), (StageCode::Assigned, general));
    let mut unfunded = CarryOver { funds_cents: None, ..plan };
    assert_eq!(stands(unfunded.clone()).0, StageCode::Assigned);
    unfunded.text.funds = "学校公用经费列支".to_owned();
    assert_eq!(stands(unfunded).0, StageCode::Rectifying);
    let major = CarryOver { level: Some(Level::Major), ..ledger_row() };
    assert_eq!(stands(major), (StageCode::Graded, Some(Level::Major)));
}

#[test]
fn a_level_the_guide_was_never_asked_about_is_graded_anew() {
    let fire = CarryOver { category: "H01".to_owned(), level: Some(Level::General), ..ledger_row() };
    assert_eq!(stands(fire.clone()), (StageCode::Registered, None));
    let HazardEvent::CarriedOver(parts) = &carried(fire).events[0].1 else { panic!("another event") };
    assert_eq!(parts.core.ledger_level, Some(Level::General), "the ledger's word is kept");
}

#[test]
fn fresh_deadlines_run_from_the_import_and_the_ledgers_own_is_kept_as_a_word() {
    let desk = carried(CarryOver { level: Some(Level::General), due: Some(START), ..ledger_row() });
    let due = desk.state().due().unwrap();
    assert_eq!(due.rule, "hazard.assign");
    assert!(due.at > desk.now);
    let HazardEvent::CarriedOver(parts) = &desk.events[0].1 else { panic!("another event") };
    assert_eq!(parts.core.ledger_due, Some(START));
}

#[test]
fn an_overdue_row_is_overdue_and_warns_once() {
    let mut desk = carried(ledger_plan(START.plus_ms(-20 * DAY)));
    assert!(desk.state().overdue_at(desk.now));
    let heard = desk.clocks_until(desk.now.plus_ms(1));
    // One warning stands for 50, 80 and 100 %; the climb is one move.
    assert_eq!(heard, ["rectify 100%", "raise after 20 d"]);
    assert!(desk.ask(&system(), &tick("rectify")).unwrap().is_empty());
    // It ends in the chain, late.
    desk.done(&officer(), &rectify());
    desk.done(&head(), &super::support::accept());
    desk.done(&head(), &super::support::close());
    assert!(matches!(desk.state().stage, Stage::Closed { on_time: false, .. }));
}

#[test]
fn a_closed_row_runs_no_clock_and_can_only_be_withdrawn() {
    let desk = carried(ledger_closed());
    let closed_at = START.plus_ms(-292 * DAY);
    assert_eq!(desk.state().stage, Stage::CarriedOver { since: START, closed_at: Some(closed_at) });
    assert_eq!((turn(desk.state()), desk.state().due()), (None, None::<&DueBy>));
    assert_eq!(desk.code(&officer(), &rectify()), "hazard-wrong-stage");
    assert_eq!(desk.code(&officer(), &withdraw()), "hazard-county-decides");
    let mut desk = desk;
    desk.done(&county(), &withdraw());
    assert_eq!(desk.state().stage.code(), StageCode::Withdrawn);
}

#[test]
fn the_same_row_again_changes_nothing() {
    let desk = carried(ledger_row());
    assert_eq!(desk.ask(&county(), &carry(ledger_closed())), Ok(Vec::new()));
    let registered = Desk::after(&[(officer(), super::support::register())]);
    assert_eq!(registered.code(&county(), &carry(ledger_row())), "hazard-exists");
}

#[test]
fn what_may_not_be_stored_is_not_carried_over() {
    let with = |change: fn(&mut CarryOver)| {
        let mut row = ledger_closed();
        change(&mut row);
        refused(row)
    };
    assert_eq!(with(|r| "H16".clone_into(&mut r.category)), ("hazard-category-restricted", vec!["category"]));
    let bullied = ("hazard-text-restricted", vec!["description"]);
    assert_eq!(with(|r| "学生被同学打".clone_into(&mut r.text.description)), bullied);
    assert_eq!(with(|r| "学生想死".clone_into(&mut r.text.remark)).1, ["remark"]);
    assert_eq!(with(|r| "H98".clone_into(&mut r.category)).0, "hazard-category-unknown");
    assert_eq!(with(|r| "dream".clone_into(&mut r.source)).0, "hazard-source-unknown");
    assert_eq!(with(|r| r.found_at = START.plus_ms(DAY)), ("date-in-future", vec!["found_at"]));
    assert_eq!(with(|r| r.closed_at = Some(START.plus_ms(DAY))), ("date-in-future", vec!["closed_at"]));
    assert_eq!(with(|r| r.found_at = START.plus_ms(-40 * 366 * DAY)).0, "date-too-old");
    let before = Some(START.plus_ms(-301 * DAY));
    let mut row = ledger_closed();
    row.fixed_at = before;
    assert_eq!(refused(row), ("hazard-before-found", vec!["fixed_at"]));
    let mut row = ledger_closed();
    row.due = before;
    assert_eq!(refused(row), ("hazard-before-found", vec!["due"]));
    assert_eq!(with(|r| r.funds_cents = Some(-1)), ("amount-negative", vec!["funds"]));
    assert_eq!(with(|r| r.text.description.clear()).0, "text-missing");
}

#[test]
fn a_state_from_before_has_no_mark_and_stays_readable() {
    let state = Desk::after(&[(officer(), super::support::register())]).state().clone();
    let json = serde_json::to_string(&state).unwrap();
    assert!(!json.contains("carried"), "records from before keep their bytes");
    assert_eq!(serde_json::from_str::<HazardState>(&json).unwrap(), state);
}

both_databases! {
    fn rows_rollups_and_evidence_of_a_ledger(db: TestDb) {
        let mut platform = Platform::new(db);
        let rows = [ledger_closed(), ledger_row(), ledger_plan(START.plus_ms(DAY))];
        for row in rows {
            let row = CarryOver { unit: platform.school, responsible: row.responsible.map(|_| platform.officer.1), ..row };
            let id: StreamId = platform.new_id();
            platform.ask(platform.county, id, carry(row.clone())).unwrap();
            platform.ask(platform.county, id, carry(row)).unwrap();
            platform.clock.advance_ms(HOUR);
        }
        let rows = platform.rows("SELECT year, serial, level, stage, phase, turn_act FROM hazard ORDER BY serial", "iitttT");
        assert_eq!(rows, [
            "2025 1 general carried_over ended ",
            "2025 2  registered open grade",
            "2025 3 general rectifying open rectify",
        ]);
        let closed = platform.rows("SELECT closed_at FROM hazard WHERE serial = 1", "i");
        assert_eq!(closed, [START.plus_ms(-292 * DAY).0.to_string()]);
        let facts = platform.rows("SELECT fact, CAST(sum(amount) AS BIGINT) FROM hazard_day GROUP BY fact", "ti");
        assert_eq!(facts, ["carried_over 3"], "neither registered nor closed here");
        let evidence = platform.rows("SELECT kind FROM evidence ORDER BY position", "t");
        assert_eq!(evidence, vec!["hazard.carried_over"; 3]);
        let clocks = platform.rows("SELECT name FROM clock ORDER BY name", "t");
        assert_eq!(clocks, ["grade", "rectify"]);
        // Names lie sealed.
        let open = platform.rows("SELECT CAST(count(*) AS BIGINT) FROM event WHERE core_part LIKE '%赵督学%' OR text_part LIKE '%赵督学%'", "i");
        assert_eq!(open, ["0"]);
        let other: StreamId = platform.new_id();
        let row = CarryOver { unit: platform.school, ..ledger_row() };
        let refused = platform.ask(platform.head.0, other, HazardCommand::CarryOver(Box::new(row))).unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let before = platform.everything();
        let after = platform.stopped(|tx, engine, ids| {
            assert_eq!(verify(tx, engine, &|_| {}).unwrap().problems, []);
            tx.begin().unwrap();
            rebuild(tx, engine, ids, &|_| {}).unwrap();
            tx.commit().unwrap();
            verify(tx, engine, &|_| {}).unwrap().problems
        });
        assert_eq!(after, []);
        assert_eq!(platform.everything(), before, "a rebuild makes the same rows");
    }

    fn rows_of_one_school_in_one_work_get_a_number_each(db: TestDb) {
        let platform = Platform::new(db);
        let row = CarryOver { unit: platform.school, ..ledger_row() };
        let work = (0..40).fold(UnitOfWork::new(platform.county, platform.new_id::<CommandId>()), |work, _| {
            work.ask::<Hazard>(platform.new_id::<StreamId>(), carry(row.clone()))
        });
        let outcome = platform.execute(work).unwrap();
        assert_eq!((outcome.events, outcome.touched.len()), (40, 40));
        let numbers = platform.rows("SELECT serial FROM hazard ORDER BY serial", "i");
        assert_eq!(numbers, (1..=40).map(|serial: i32| serial.to_string()).collect::<Vec<_>>());
    }
}
