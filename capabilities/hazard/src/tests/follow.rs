//! A school that hangs under another central school takes its open hazards along.

use journal::UnitOfWork;
use kernel::{Actor, Clock, CommandId, StreamId, UnitId};
use organisation::{Line, Placement, Unit, UnitCommand, UnitKind};
use storage::Readers;
use test_support::both_databases;
use uuid::Uuid;

use super::{
    platform::Platform,
    store::{at_officer, clean},
    support::*,
};
use crate::{
    Follow, HazardCommand, Level,
    turn::{Act, turn, watch},
};

const NEW: u128 = 0x22;

fn new() -> UnitId {
    UnitId(Uuid::from_u128(NEW))
}

/// Rectified where nobody else could accept.
fn waiting() -> Desk {
    let mut desk = rectifying(Level::General).alone();
    desk.done(&officer(), &rectify());
    desk
}

fn whose(desk: &Desk) -> Option<(Act, UnitId)> {
    turn(desk.state()).map(|turn| (turn.act, turn.unit))
}

#[test]
fn what_waits_for_the_old_central_school_waits_for_the_new_one() {
    let mut desk = waiting();
    let old = desk.state().central;
    assert_eq!(whose(&desk), old.map(|unit| (Act::Accept, unit)));
    assert_eq!(desk.hang_under(Some(NEW)), ["hazard.readdressed"]);
    assert_eq!(whose(&desk), Some((Act::Accept, new())));
    assert_eq!(desk.state().central, old, "the past stays what it was");
    assert_eq!(desk.hang_under(Some(NEW)), Vec::<&str>::new(), "once");
    desk.done(&central(), &accept());
    desk.done(&central(), &close());
    assert_eq!(whose(&desk), Some((Act::Revisit, new())));
    assert_eq!(desk.hang_under(Some(0x23)), ["hazard.readdressed"], "the look back moves too");
    desk.now = desk.now.plus_ms(20 * DAY);
    desk.done(&central(), &HazardCommand::Revisit { sound: true, note: note("完好") });
    assert_eq!(desk.hang_under(Some(NEW)), Vec::<&str>::new(), "nobody has anything to do any more");
}

#[test]
fn a_look_back_of_the_school_itself_stays_as_it_is() {
    let mut desk = closed(Level::General);
    assert_eq!(desk.hang_under(Some(NEW)), Vec::<&str>::new());
    assert_eq!(whose(&desk), Some((Act::Revisit, desk.state().unit)));
}

#[test]
fn the_talk_is_held_by_the_new_central_school() {
    let mut desk = rectifying(Level::General);
    desk.clocks_until(desk.due().plus_ms(4 * DAY));
    desk.hang_under(Some(NEW));
    assert_eq!(watch(desk.state()).map(|watch| (watch.act, watch.unit)), Some((Act::Talk, new())));
    desk.hang_under(None);
    let county = desk.state().county;
    assert_eq!(watch(desk.state()).map(|watch| Some(watch.unit)), Some(county));
    assert_eq!(desk.code(&central(), &HazardCommand::AnswerClimb(note("谈话"))), "hazard-county-decides");
}

#[test]
fn where_no_central_school_is_left_the_county_accepts() {
    let mut desk = waiting();
    assert_eq!(desk.code(&county(), &accept()), "hazard-central-decides");
    desk.hang_under(None);
    assert_eq!(whose(&desk), desk.state().county.map(|unit| (Act::Accept, unit)));
    for act in [accept(), close()] {
        desk.done(&county(), &act);
    }
    assert_eq!(whose(&desk), desk.state().county.map(|unit| (Act::Revisit, unit)));
    desk.now = desk.now.plus_ms(20 * DAY);
    desk.done(&county(), &HazardCommand::Revisit { sound: true, note: note("完好") });
}

#[test]
fn of_a_closed_school_those_above_look_back() {
    let mut desk = closed(Level::General);
    desk.now = desk.now.plus_ms(20 * DAY);
    let revisit = HazardCommand::Revisit { sound: true, note: note("完好") };
    assert_eq!(desk.code(&county(), &revisit), "hazard-school-decides");
    desk.facts.unit.as_mut().unwrap().closed = true;
    assert_eq!(desk.done(&system(), &HazardCommand::Readdress), ["hazard.readdressed"]);
    assert_eq!(whose(&desk), desk.state().central.map(|unit| (Act::Revisit, unit)));
    assert!(desk.ask(&county(), &revisit).is_ok());
    let back = HazardCommand::Revisit { sound: false, note: note("又坏了") };
    assert_eq!(desk.code(&county(), &back), "hazard-revisit-closed", "nobody is there to fix it");
    desk.done(&central(), &revisit);
}

#[test]
fn a_major_one_stays_the_countys_when_its_school_is_closed() {
    let mut desk = closed(Level::Major);
    desk.now = desk.now.plus_ms(20 * DAY);
    desk.facts.unit.as_mut().unwrap().closed = true;
    desk.done(&system(), &HazardCommand::Readdress);
    assert_eq!(whose(&desk), desk.state().county.map(|unit| (Act::Revisit, unit)));
    let revisit = HazardCommand::Revisit { sound: true, note: note("完好") };
    assert_eq!(desk.code(&central(), &revisit), "hazard-county-decides");
    desk.done(&county(), &revisit);
}

#[test]
fn only_the_platform_readdresses() {
    let desk = waiting();
    for standing in [officer(), head(), central(), county()] {
        assert!(!super::matrix::permitted(&desk, &standing, &HazardCommand::Readdress));
    }
}

both_databases! {
    fn a_moved_school_takes_its_open_hazards_along(db: TestDb) {
        let mut platform = Platform::new(db);
        let (moved, ended): (StreamId, StreamId) = (platform.new_id(), platform.new_id());
        for id in [moved, ended] {
            at_officer(&platform, id, register());
        }
        at_officer(&platform, ended, withdraw());
        let county = platform.rows("SELECT county_id FROM hazard LIMIT 1", "u");
        let above = [(Line::Management, UnitId(county[0].parse().unwrap()))];
        let other = platform.unit("2153000003", "雄壁中心学校", UnitKind::CentralSchool, &above);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let follow = {
            let readers = Readers::open(platform.db.database(), 1).unwrap();
            Follow::new(platform.handle.clone(), readers, platform.clock.clone(), platform.ids.clone())
        };
        assert_eq!(runtime.block_on(follow.round()).unwrap(), 0);
        let placement = Placement {
            line: Line::Management,
            parent: other,
            from: platform.clock.now().local_date(),
        };
        let work = UnitOfWork::new(Actor::SYSTEM, platform.new_id::<CommandId>());
        platform.execute(work.ask::<Unit>(platform.school, UnitCommand::Place(placement))).unwrap();
        assert_eq!(runtime.block_on(follow.round()).unwrap(), 1);
        assert_eq!(runtime.block_on(follow.round()).unwrap(), 0);
        let rename = UnitCommand::Rename("丹凤街道第一小学".to_owned());
        let work = UnitOfWork::new(Actor::SYSTEM, platform.new_id::<CommandId>());
        platform.execute(work.ask::<Unit>(platform.school, rename)).unwrap();
        assert_eq!(runtime.block_on(follow.round()).unwrap(), 0, "another name is no other place");
        drop(follow);
        let sql = "SELECT central_now FROM hazard ORDER BY serial";
        let addressed = platform.rows(sql, "u");
        assert_eq!(addressed, [other.to_string(), platform.central.to_string()]);
        clean(&mut platform);
        assert_eq!(platform.rows(sql, "u"), addressed);
    }
}

both_databases! {
    fn however_many_they_are(db: TestDb) {
        let mut platform = Platform::new(db);
        let many: Vec<StreamId> = (0..401).map(|_| platform.new_id()).collect();
        let work = UnitOfWork::new(Actor::SYSTEM, platform.new_id::<CommandId>());
        let registered = crate::Registration { unit: platform.school, ..registration() };
        let work = many.iter().fold(work, |work, id| {
            work.ask::<crate::Hazard>(*id, HazardCommand::Register(Box::new(registered.clone())))
        });
        platform.execute(work).unwrap();
        let county = platform.rows("SELECT county_id FROM hazard LIMIT 1", "u");
        let county = UnitId(county[0].parse().unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let readers = Readers::open(platform.db.database(), 1).unwrap();
        let follow =
            Follow::new(platform.handle.clone(), readers, platform.clock.clone(), platform.ids.clone());
        let from = platform.clock.now().local_date();
        let placement = Placement { line: Line::Management, parent: county, from };
        let work = UnitOfWork::new(Actor::SYSTEM, platform.new_id::<CommandId>());
        platform.execute(work.ask::<Unit>(platform.school, UnitCommand::Place(placement))).unwrap();
        let rounds: Vec<usize> = (0..4).map(|_| runtime.block_on(follow.round()).unwrap()).collect();
        assert_eq!(rounds, [200, 200, 1, 0]);
        drop(follow);
        let left = platform.rows("SELECT id FROM hazard WHERE central_now IS NOT NULL", "u");
        assert_eq!(left, Vec::<String>::new(), "all of them");
        clean(&mut platform);
    }
}
