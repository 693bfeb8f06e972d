use journal::{UnitOfWork, Whose, WorkLane};
use kernel::{Actor, ActorKind, CommandId, EventId, Problem, Refusal, Staleness};
use storage::params;
use test_support::both_databases;

use crate::jar::*;

both_databases! {
    fn a_command_becomes_events_a_record_clocks_and_evidence(db: TestDb) {
        let world = World::new(db.database(), 1);
        let first = world.run(work(1).ask::<Jar>(id(1), JarCommand::Put(unit(1), 10, Some("楼道".to_owned())))).unwrap();
        assert_eq!((first.position, first.events, first.repeated), (1, 1, false));
        assert_eq!(first.touched, [(id(1), 1)]);
        world.clock.advance_ms(1_000);
        let cause = EventId(uuid::Uuid::from_u128(77));
        let second = world.run(work(2).because_of(cause).ask::<Jar>(id(1), JarCommand::Take(3))).unwrap();
        assert_eq!((second.position, second.touched), (2, vec![(id(1), 2)]));
        assert_eq!(world.jar(id(1)), Some((2, 7)));
        let mut tx = world.reader();
        let events = journal::events_of_stream(&mut tx, id(1), None).unwrap();
        assert_eq!(events.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 2]);
        let header = &events[1].header;
        assert_eq!((header.event_type.as_str(), header.stream_version, header.sequence), ("jar.taken", 2, 2));
        assert_eq!((header.cause, header.command_id.0.as_u128()), (cause, 2));
        assert_eq!((header.actor, header.actor_kind), (person(1).id, ActorKind::Person));
        assert_eq!((header.rules.as_str(), header.unit_path.as_str()), ("base@10", "/县/校1"));
        assert_eq!((header.decided_at, events[1].recorded_at), (NOW.plus_ms(1_000), NOW.plus_ms(1_000)));
        assert_eq!(events[0].parts.text.as_deref(), Some("{\"note\":\"楼道\"}"));
        assert_eq!(events[0].parts.core, "{\"n\":10}");
        assert_ne!(header.event_id, events[0].header.event_id);
        let clock = tx
            .query("SELECT name, due_at, next_at, unit_id FROM clock", params![], |row| {
                Ok((row.text(0)?, row.time(1)?, row.opt_time(2)?, row.id(3)?))
            })
            .unwrap();
        let due = NOW.plus_ms(86_400_000);
        assert_eq!(clock, [("empty".to_owned(), due, Some(due), unit(1))]);
        let evidence = tx
            .query("SELECT position, kind, amount FROM evidence ORDER BY position, number", params![], |row| {
                Ok((row.int(0)?, row.text(1)?, row.int(2)?))
            })
            .unwrap();
        assert_eq!(evidence, [(2, "jar.taken".to_owned(), 3), (2, "jar.left".to_owned(), 7)]);
        assert_eq!(journal::events_after(&mut tx, 1, 10, None).unwrap().len(), 1);
        let everything = ("TRUE".to_owned(), Vec::new());
        let mut newest = |whose, before| {
            journal::newest_positions(&mut tx, whose, &everything, before, 1).unwrap()
        };
        assert_eq!(newest(Whose::Unit(unit(1)), u64::MAX), [2]);
        assert_eq!(newest(Whose::Unit(unit(1)), 2), [1]);
        assert_eq!(newest(Whose::Actor(person(1).id), u64::MAX), [2]);
        assert_eq!(newest(Whose::Actor(person(2).id), u64::MAX), [0; 0]);
        assert_eq!(newest(Whose::Any, 1), [0; 0]);
        world.run(work(3).ask::<Jar>(id(1), JarCommand::Take(7))).unwrap();
        assert_eq!(world.count("clock"), 0, "an empty jar has no deadline");
        world.assert_sound();
    }

    fn what_somebody_did_long_ago_is_found_behind_what_others_did_since(db: TestDb) {
        let world = World::new(db.database(), 4);
        let put = |number: u128, jars: std::ops::Range<u128>, whose| {
            let jars = jars.map(|jar| id(100_000 + jar));
            let filled = jars.fold(work(number), |work, jar| work.ask::<Jar>(jar, JarCommand::Put(unit(whose), 1, None)));
            world.run(filled).unwrap();
        };
        put(1, 1..3, 1);
        // Five sections of the indexes and more.
        for thousand in 1..7 {
            put(1 + thousand, thousand * 1_000..(thousand + 1) * 1_000, 2);
        }
        put(9, 9_999..10_000, 1);
        let everything = ("TRUE".to_owned(), Vec::new());
        let mut tx = world.reader();
        let mut newest = |before, limit| {
            journal::newest_positions(&mut tx, Whose::Unit(unit(1)), &everything, before, limit).unwrap()
        };
        assert_eq!(newest(u64::MAX, 1), [6_003]);
        assert_eq!(newest(u64::MAX, 2), [6_003, 2]);
        assert_eq!(newest(u64::MAX, 9), [6_003, 2, 1]);
        assert_eq!(newest(6_003, 9), [2, 1]);
        let mut counted = |whose, most| journal::counted(&mut tx, whose, &everything, most).unwrap();
        assert_eq!((counted(Whose::Unit(unit(1)), 2), counted(Whose::Unit(unit(1)), i64::MAX)), (2, 3));
        assert_eq!((counted(Whose::Any, 5_000), counted(Whose::Any, i64::MAX)), (5_000, 6_003));
        let asked: Vec<u64> = (1..=600).chain([9_999]).collect();
        let found = journal::events_at(&mut tx, &asked).unwrap();
        let positions: Vec<u64> = found.iter().map(|recorded| recorded.position).collect();
        assert_eq!(positions, (1..=600).rev().collect::<Vec<u64>>(), "newest first, and none for nothing");
    }

    fn a_unit_of_work_happens_whole_or_not_at_all(db: TestDb) {
        let world = World::new(db.database(), 2);
        let refused = world.run(work(1).ask::<Jar>(id(1), put(5)).ask::<Jar>(id(2), JarCommand::Take(1)));
        assert_eq!(refused, Err(Problem::Refused(Refusal::new("jar-too-little").with("there", 0))));
        for table in ["event", "jar", "jar_total", "clock", "evidence", "command_done"] {
            assert_eq!(world.count(table), 0, "{table}");
        }
        assert_eq!(world.jar(id(1)), None);
        // What was refused left no trace in the cache either.
        assert!(world.run(work(2).ask::<Jar>(id(1), JarCommand::Take(1))).is_err());
        let done = world.run(work(1).ask::<Jar>(id(1), put(5)).ask::<Jar>(id(2), put(1))).unwrap();
        assert_eq!((done.position, done.events, done.repeated), (2, 2, false));
        world.assert_sound();
    }

    fn commands_of_one_unit_of_work_see_each_other(db: TestDb) {
        let world = World::new(db.database(), 3);
        let done = world
            .run(work(1).ask::<Jar>(id(1), put(5)).ask::<Jar>(id(1), JarCommand::Take(4)).ask::<Jar>(id(1), put(2)))
            .unwrap();
        assert_eq!((done.events, done.position), (3, 3));
        assert_eq!(world.jar(id(1)), Some((3, 3)));
        let seen = work(2).ask_seen::<Jar>(id(1), 3, put(1)).ask_seen::<Jar>(id(1), 4, JarCommand::Take(4));
        assert_eq!(world.run(seen).unwrap().touched.last(), Some(&(id(1), 5)));
        world.assert_sound();
    }

    fn asking_twice_acts_once(db: TestDb) {
        let world = World::new(db.database(), 4);
        let ask = || work(1).ask::<Jar>(id(1), put(5));
        let first = world.run(ask()).unwrap();
        world.run(work(2).ask::<Jar>(id(1), put(1))).unwrap();
        let again = world.run(ask()).unwrap();
        assert_eq!((again.position, again.events, again.repeated), (first.position, 0, true));
        assert_eq!(world.jar(id(1)), Some((2, 6)));
        let reused = world.run(work(1).ask::<Jar>(id(1), put(6)));
        assert_eq!(reused, Err(Problem::Refused(Refusal::new("command-id-reused"))));
        let other_stream = world.run(work(1).ask::<Jar>(id(2), put(5)));
        assert_eq!(other_stream, Err(Problem::Refused(Refusal::new("command-id-reused"))));
        // The same id from somebody else is another unit of work.
        let other = UnitOfWork::new(person(2), CommandId(uuid::Uuid::from_u128(1))).ask::<Jar>(id(1), put(5));
        assert!(!world.run(other).unwrap().repeated);
        // A refusal is decided again.
        let take = || work(9).ask::<Jar>(id(1), JarCommand::Take(20));
        assert!(world.run(take()).is_err());
        world.run(work(10).ask::<Jar>(id(1), put(20))).unwrap();
        assert!(!world.run(take()).unwrap().repeated);
        let mut world = world;
        world.stop();
        world.start();
        assert_eq!(world.run(ask()).map(|o| (o.position, o.repeated)), Ok((first.position, true)));
        world.assert_sound();
    }

    fn who_saw_an_older_version_is_told(db: TestDb) {
        let world = World::new(db.database(), 5);
        world.run(work(1).ask_seen::<Jar>(id(1), 0, put(5))).unwrap();
        world.run(work(2).ask_seen::<Jar>(id(1), 1, put(5))).unwrap();
        let stale = world.run(work(3).ask_seen::<Jar>(id(1), 1, put(5)));
        assert_eq!(stale, Err(Problem::Stale(Staleness { seen: 1, current: 2 })));
        assert_eq!(world.jar(id(1)), Some((2, 10)));
    }

    fn who_may_not_is_forbidden(db: TestDb) {
        let world = World::new(db.database(), 6);
        let stranger = UnitOfWork::new(Actor::person(STRANGER), CommandId(uuid::Uuid::from_u128(1)));
        assert_eq!(world.run(stranger.ask::<Jar>(id(1), put(5))), Err(Problem::Forbidden));
        assert_eq!(world.run(work(1).ask::<Jar>(id(1), JarCommand::SystemOnly)), Err(Problem::Forbidden));
        let system = UnitOfWork::new(Actor::SYSTEM, CommandId(uuid::Uuid::from_u128(1)));
        assert_eq!(world.run(system.ask::<Jar>(id(1), JarCommand::SystemOnly)).unwrap().events, 1);
        assert_eq!(world.count("event"), 1);
    }

    fn nothing_to_do_is_done_without_a_trace(db: TestDb) {
        let world = World::new(db.database(), 7);
        world.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
        let nothing = world.run(work(2).ask::<Jar>(id(1), JarCommand::Nothing)).unwrap();
        assert_eq!((nothing.position, nothing.events, nothing.touched), (1, 0, vec![(id(1), 1)]));
        assert_eq!(world.run(work(3)).unwrap().events, 0);
        assert_eq!((world.count("event"), world.count("command_done")), (1, 1));
    }

    fn too_big_is_told(db: TestDb) {
        let world = World::new(db.database(), 8);
        let label = "长".repeat(30_000);
        let big = world.run(work(1).ask::<Jar>(id(1), JarCommand::Label(label)));
        assert_eq!(big, Err(Problem::Limit("RECORD_STATE_BYTES")));
        let many = (0..2_001).fold(work(2), |work, n| work.ask::<Jar>(id(n), put(1)));
        assert_eq!(world.run(many), Err(Problem::Limit("COMMANDS_PER_UNIT_OF_WORK")));
        let most = (0..2_000).fold(work(3), |work, n| work.ask::<Jar>(id(n % 300), put(1)));
        assert_eq!(world.run(most).unwrap().events, 2_000);
        world.assert_sound();
    }

    fn the_command_at_fault_is_named_and_nothing_is_written(db: TestDb) {
        let world = World::new(db.database(), 9);
        let label = |text: &str| JarCommand::Label(text.to_owned());
        world.run(work(1).ask::<Jar>(id(9), label("taken"))).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let named = |work| runtime.block_on(world.handle().execute_naming(WorkLane::Bulk, work));
        let three = |number| work(number).ask::<Jar>(id(1), put(1)).ask::<Jar>(id(2), put(2));
        let refused = named(three(2).ask::<Jar>(id(2), JarCommand::Take(3)).ask::<Jar>(id(1), put(1))).unwrap_err();
        assert_eq!((refused.command, refused.problem.code()), (Some(2), "jar-too-little"));
        let by_database = named(three(3).ask::<Jar>(id(3), label("taken"))).unwrap_err();
        assert_eq!((by_database.command, by_database.problem.code()), (Some(2), "already-exists"));
        let first = named(work(4).ask::<Jar>(id(1), JarCommand::Take(1))).unwrap_err();
        assert_eq!(first.command, Some(0));
        let reused = named(work(1).ask::<Jar>(id(9), label("other"))).unwrap_err();
        assert_eq!((reused.command, reused.problem.code()), (None, "command-id-reused"));
        assert_eq!((world.count("event"), world.jar(id(1))), (1, None));
        assert_eq!(named(three(5)).unwrap().events, 2);
        world.assert_sound();
    }
}
