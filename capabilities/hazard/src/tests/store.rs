//! Hazards on both databases: rows, rollups, clocks, evidence; the same again after a rebuild.

use journal::{UnitOfWork, rebuild, verify};
use kernel::{Clock, CommandId, Problem, Staleness, StreamId};
use organisation::{Line, Person, PersonCommand, Unit, UnitCommand, UnitKind};
use storage::{Param, search};
use test_support::both_databases;

use super::{
    platform::Platform,
    support::{
        DAY, HOUR, accept, ask_help, assign, change_responsible, close, draft, extension, grade, note,
        on_the_spot, photo, rectify, register, registration, send_back, take_on, tick, withdraw,
    },
};
use crate::{
    Hazard, HazardCommand, Level, Note, OnTheSpot, PlanDraft, Registration,
    query::{due_for, has_photo},
    turn::Act,
};

fn here(platform: &Platform, command: HazardCommand) -> HazardCommand {
    match command {
        HazardCommand::Register(asked) => {
            HazardCommand::Register(Box::new(Registration { unit: platform.school, ..*asked }))
        }
        HazardCommand::Assign { note, .. } => HazardCommand::Assign { responsible: platform.officer.1, note },
        HazardCommand::TakeOn(mut draft) => {
            draft.responsible = Some(platform.officer.1);
            HazardCommand::TakeOn(draft)
        }
        other => other,
    }
}

pub fn at_officer(platform: &Platform, id: StreamId, command: HazardCommand) {
    platform.ask(platform.officer.0, id, here(platform, command)).unwrap();
    platform.clock.advance_ms(HOUR);
}

pub(super) fn at_head(platform: &Platform, id: StreamId, command: HazardCommand) {
    platform.ask(platform.head.0, id, here(platform, command)).unwrap();
    platform.clock.advance_ms(HOUR);
}

pub(super) fn taken_on(platform: &Platform) -> StreamId {
    let id: StreamId = platform.new_id();
    at_officer(platform, id, register());
    at_officer(platform, id, grade(Level::General));
    at_head(platform, id, assign());
    at_officer(platform, id, take_on(platform.clock.now().plus_ms(4 * DAY)));
    id
}

/// To the end, with a return, a warning and a relapse.
fn whole_life(platform: &Platform) -> StreamId {
    let id = taken_on(platform);
    platform.clock.advance_ms(6 * DAY);
    platform.ask(kernel::Actor::SYSTEM, id, tick("rectify")).unwrap();
    at_officer(platform, id, rectify());
    at_head(platform, id, send_back());
    at_officer(platform, id, rectify());
    at_head(platform, id, accept());
    at_head(platform, id, close());
    platform.clock.advance_ms(20 * DAY);
    at_head(platform, id, HazardCommand::Revisit { sound: true, note: note("完好") });
    id
}

pub fn clean(platform: &mut Platform) {
    let before = platform.everything();
    let after = platform.stopped(|tx, engine, ids| {
        let report = verify(tx, engine, &|_| {}).unwrap();
        assert_eq!(report.problems, []);
        tx.begin().unwrap();
        rebuild(tx, engine, ids, &|_| {}).unwrap();
        tx.commit().unwrap();
        verify(tx, engine, &|_| {}).unwrap().problems
    });
    assert_eq!(after, []);
    assert_eq!(platform.everything(), before, "a rebuild makes the same rows");
}

/// One being fixed, one fixed on the spot, one withdrawn.
pub(super) fn various(platform: &Platform) -> (StreamId, StreamId, StreamId) {
    let open = taken_on(platform);
    let spot: StreamId = platform.new_id();
    let fixed = OnTheSpot { photos: vec![photo(2)], ..OnTheSpot::default() };
    let asked = Registration { on_the_spot: Some(fixed), place: "食堂".to_owned(), ..registration() };
    at_officer(platform, spot, HazardCommand::Register(Box::new(asked)));
    let gone: StreamId = platform.new_id();
    at_officer(platform, gone, register());
    at_officer(platform, gone, withdraw());
    (open, spot, gone)
}

both_databases! {
    fn a_whole_life(db: TestDb) {
        let mut platform = Platform::new(db);
        let id = whole_life(&platform);
        let row = platform.rows(
            "SELECT id, version, year, serial, category, level, stage, phase, due_at, turn_act, escalation, help FROM hazard",
            "uiiittttiTtt",
        );
        assert_eq!(row, [format!("{id} 12 2026 1 H02 general done ended    ")]);
        let now = platform.rows("SELECT stage, level, amount FROM hazard_now WHERE amount <> 0", "tti");
        assert_eq!(now, ["done general 1"]);
        let facts = platform.rows("SELECT fact, CAST(sum(amount) AS BIGINT) FROM hazard_day GROUP BY fact ORDER BY fact", "ti");
        assert_eq!(facts, ["closed 1", "closed_in_7 1", "closed_late 1", "overdue 1", "registered 1"]);
        let kinds = platform.rows("SELECT kind, measure FROM evidence ORDER BY position", "tt");
        assert_eq!(kinds, ["hazard.registered M09", "hazard.closed_late M09"]);
        assert_eq!(platform.rows("SELECT name FROM clock", "t"), Vec::<String>::new());
        clean(&mut platform);
    }

    fn rows_of_every_kind_of_hazard(db: TestDb) {
        let mut platform = Platform::new(db);
        let (open, spot, gone) = various(&platform);
        let mut extended = platform.rows("SELECT due_at FROM clock WHERE name = 'rectify'", "i");
        let until: i64 = extended.remove(0).parse().unwrap();
        at_officer(&platform, open, extension(kernel::Timestamp(until + DAY)));
        let serials = platform.rows("SELECT id, serial, stage FROM hazard ORDER BY serial", "uit");
        assert_eq!(
            serials,
            [
                format!("{open} 1 extension_asked"),
                format!("{spot} 2 awaiting_acceptance"),
                format!("{gone} 3 withdrawn")
            ]
        );
        let clocks = platform.rows("SELECT stream_id, name FROM clock ORDER BY started_at", "ut");
        assert_eq!(clocks, [format!("{open} rectify"), format!("{spot} accept")]);
        let mut tx = platform.db.database().reader().unwrap();
        let (condition, words) = search::condition(tx.dialect(), "hazard_search", "h.row_number", 1, "食堂").unwrap();
        let sql = format!("SELECT h.id FROM hazard h WHERE {condition}");
        let found = tx.query(&sql, &[Param::from(&words)], |row| row.id::<StreamId>(0)).unwrap();
        assert_eq!(found, [spot]);
        drop(tx);
        clean(&mut platform);
    }

    fn the_second_of_two_people_is_told(db: TestDb) {
        let platform = Platform::new(db);
        let id: StreamId = platform.new_id();
        at_officer(&platform, id, register());
        let seen = |actor, command| {
            let work = UnitOfWork::new(actor, platform.new_id::<CommandId>());
            platform.execute(work.ask_seen::<Hazard>(id, 1, command))
        };
        seen(platform.head.0, grade(Level::General)).unwrap();
        let second = seen(platform.officer.0, grade(Level::Major)).unwrap_err();
        assert_eq!(second, Problem::Stale(Staleness { seen: 1, current: 2 }));
    }

    fn a_second_person_is_somebody_else_who_can_sign_in_and_accept(db: TestDb) {
        let platform = Platform::new(db);
        let mut serial = 0;
        let mut accepted_by = |platform: &Platform| {
            serial += 1;
            at_officer(platform, platform.new_id(), here(platform, on_the_spot()));
            let turn = format!("SELECT turn_unit FROM hazard WHERE serial = {serial}");
            let [unit] = &platform.rows(&turn, "u")[..] else { panic!("one hazard") };
            if *unit == platform.school.to_string() { "school" } else { "central" }
        };
        assert_eq!(accepted_by(&platform), "school", "the head has an account");
        let told = |command| {
            let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
            platform.execute(work.ask::<access::Account>(platform.head_account, command)).unwrap();
        };
        told(access::AccountCommand::Suspend { reason: access::SuspendReason::Dormant });
        assert_eq!(accepted_by(&platform), "central", "a post without a way to sign in is nobody");
        platform.open_account(platform.officer.1, "wang.zhuangan", access::Role::SafetyOfficer);
        assert_eq!(accepted_by(&platform), "central", "the fixer is no second person");
        told(access::AccountCommand::Resume);
        assert_eq!(accepted_by(&platform), "school");
        told(access::AccountCommand::Revoke { role: access::Role::Head, unit: platform.school });
        told(access::AccountCommand::Grant { role: access::Role::Teacher, unit: platform.school });
        assert_eq!(accepted_by(&platform), "central", "a teacher may not accept");
    }

    fn facts_are_looked_up(db: TestDb) {
        let platform = Platform::new(db);
        let id: StreamId = platform.new_id();
        at_officer(&platform, id, register());
        at_officer(&platform, id, grade(Level::General));
        // Somebody who is not at this school.
        let stranger = platform.ask(platform.head.0, id, assign()).unwrap_err();
        assert_eq!(stranger.code(), "hazard-person-elsewhere");
        assert_eq!(platform.ask(platform.county, id, here(&platform, assign())).unwrap_err().code(), "hazard-school-decides");
        let other: StreamId = platform.new_id();
        at_officer(&platform, other, here(&platform, on_the_spot()));
        // There is a head besides the officer, so the school accepts.
        let turn = platform.rows("SELECT turn_unit, turn_act FROM hazard WHERE serial = 2", "ut");
        assert_eq!(turn, [format!("{} accept", platform.school)]);
        let refused = platform.ask(platform.officer.0, other, accept()).unwrap_err();
        assert_eq!(refused.code(), "hazard-fixer-may-not-accept");
        let central = platform.rows("SELECT central_id FROM hazard WHERE serial = 2", "u");
        assert_eq!(central, [platform.central.to_string()]);
    }
}

both_databases! {
    fn a_photo_belongs_to_its_hazard_alone(db: TestDb) {
        let mut platform = Platform::new(db);
        let (one, other) = (whole_life(&platform), platform.new_id::<StreamId>());
        at_officer(&platform, other, on_the_spot());
        let mut tx = platform.db.database().reader().unwrap();
        let mut has = |id: StreamId, number: u8| has_photo(&mut tx, id, &photo(number).0).unwrap();
        // Found, fixed on the spot, and what a note brought.
        assert_eq!([1, 2, 7].map(|number| has(one, number)), [true, false, true]);
        assert_eq!([1, 2, 7].map(|number| has(other, number)), [true, true, false]);
        drop(tx);
        clean(&mut platform);
    }
}

both_databases! {
    fn a_school_with_an_open_hazard_is_not_closed(db: TestDb) {
        let platform = Platform::new(db);
        let id: StreamId = platform.new_id();
        at_officer(&platform, id, register());
        for (_, person) in [platform.officer, platform.head] {
            let leave = PersonCommand::Leave(platform.clock.now().local_date());
            let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
            platform.execute(work.ask::<Person>(person, leave)).unwrap();
        }
        let close = || {
            let close = UnitCommand::Close(platform.clock.now().local_date());
            let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
            platform.execute(work.ask::<Unit>(platform.school, close))
        };
        let Err(Problem::Refused(refusal)) = close() else { panic!("closed over an open hazard") };
        assert_eq!((refusal.code, refusal.fields.as_slice()), ("unit-close-hazards", ["on"].as_slice()));
        platform.ask(kernel::Actor::SYSTEM, id, withdraw()).unwrap();
        close().unwrap();
    }
}

fn to_the_head(platform: &Platform) -> HazardCommand {
    let HazardCommand::ChangeResponsible { responsibility, reason, .. } = change_responsible() else {
        panic!()
    };
    HazardCommand::ChangeResponsible { responsible: platform.head.1, responsibility, reason }
}

both_databases! {
    fn work_of_one_who_has_left_comes_back_to_those_who_assign(db: TestDb) {
        let platform = Platform::new(db);
        let id = taken_on(&platform);
        at_officer(&platform, id, rectify());
        let leave = PersonCommand::Leave(platform.clock.now().local_date());
        let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
        platform.execute(work.ask::<Person>(platform.officer.1, leave)).unwrap();
        at_head(&platform, id, send_back());
        let mut tx = platform.db.database().reader().unwrap();
        let seat = [(platform.school, vec![Act::Assign])];
        let due = due_for(&mut tx, &seat, Some(platform.head.1), 10).unwrap();
        assert_eq!(due.iter().map(|item| (item.id, item.act)).collect::<Vec<_>>(), []);
        let seat = [(platform.school, vec![Act::Assign, Act::Rectify])];
        let due = due_for(&mut tx, &seat, Some(platform.head.1), 10).unwrap();
        assert_eq!(due.iter().map(|item| (item.id, item.act)).collect::<Vec<_>>(), [(id, Act::Rectify)]);
        drop(tx);
        platform.ask(platform.head.0, id, to_the_head(&platform)).unwrap();
        at_head(&platform, id, rectify());
    }
}

both_databases! {
    fn a_central_school_works_for_a_school_that_has_nobody(db: TestDb) {
        let platform = Platform::new(db);
        let (point, elsewhere) = (platform.new_id::<StreamId>(), platform.new_id::<StreamId>());
        let above = [(Line::Management, platform.central)];
        let school = platform.unit("2153000009", "丹凤教学点", UnitKind::TeachingPoint, &above);
        let (manager, person) = platform.runs_central();
        let mut tx = platform.db.database().reader().unwrap();
        let without = |tx: &mut storage::Tx, act: Act| {
            access::units_without(tx, platform.central, act.permission()).unwrap()
        };
        assert_eq!(without(&mut tx, Act::TakeOn), [school], "the other one has its head");
        drop(tx);
        for (id, unit) in [(point, school), (elsewhere, platform.school)] {
            let asked = HazardCommand::Register(Box::new(Registration { unit, ..registration() }));
            platform.ask(manager, id, asked).unwrap();
            platform.ask(manager, id, grade(Level::General)).unwrap();
        }
        let to = |responsible| HazardCommand::Assign { responsible, note: Note::default() };
        let refused = platform.ask(manager, elsewhere, to(person)).unwrap_err();
        assert_eq!(refused.code(), "hazard-person-elsewhere", "that school has people of its own");
        platform.ask(manager, point, to(person)).unwrap();
        let draft = PlanDraft { responsible: Some(person), ..draft(platform.clock.now().plus_ms(4 * DAY)) };
        platform.ask(manager, point, HazardCommand::TakeOn(draft)).unwrap();
        let seat = [(school, vec![Act::TakeOn, Act::Rectify])];
        let mut tx = platform.db.database().reader().unwrap();
        let due = due_for(&mut tx, &seat, Some(person), 10).unwrap();
        assert_eq!(due.iter().map(|item| (item.id, item.act)).collect::<Vec<_>>(), [(point, Act::Rectify)]);
        drop(tx);
        let leave = PersonCommand::Leave(platform.clock.now().local_date());
        let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
        assert!(platform.execute(work.ask::<Person>(person, leave)).is_err(), "it is his to fix");
        platform.ask(manager, point, extension(platform.clock.now().plus_ms(6 * DAY))).unwrap();
        let sql = "SELECT turn_unit FROM hazard WHERE turn_act = 'answer-extension'";
        assert_eq!(platform.rows(sql, "u"), [platform.central.to_string()], "nobody else is at the school");
    }
}

both_databases! {
    fn nobody_leaves_what_he_answers_for(db: TestDb) {
        let platform = Platform::new(db);
        let id = taken_on(&platform);
        let go = |command: PersonCommand| {
            let work = UnitOfWork::new(kernel::Actor::SYSTEM, platform.new_id::<CommandId>());
            platform.execute(work.ask::<Person>(platform.officer.1, command))
        };
        let leave = || PersonCommand::Leave(platform.clock.now().local_date());
        for (command, field) in [(leave(), "on"), (PersonCommand::Move(platform.central), "unit")] {
            let Err(Problem::Refused(refusal)) = go(command) else { panic!("gone from an open hazard") };
            assert_eq!((refusal.code, refusal.fields.as_slice()), ("person-answers-for", [field].as_slice()));
        }
        platform.ask(platform.officer.0, id, ask_help()).unwrap();
        assert!(go(leave()).is_err(), "it comes back to him when the county has answered");
        go(PersonCommand::Move(platform.school)).unwrap();
        let elsewhere = platform.ask(platform.head.0, id, change_responsible()).unwrap_err();
        assert_eq!(elsewhere.code(), "hazard-person-elsewhere");
        platform.ask(platform.head.0, id, to_the_head(&platform)).unwrap();
        let sql = "SELECT responsible FROM hazard";
        assert_eq!(platform.rows(sql, "u"), [platform.head.1.to_string()]);
        go(leave()).unwrap();
    }
}
