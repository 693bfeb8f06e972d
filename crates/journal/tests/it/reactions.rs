//! What follows from an event: in the same unit of work, by the platform itself, once.

use journal::{Consequence, Happening};
use kernel::{Actor, Problem, Refusal};
use storage::params;
use test_support::both_databases;
use uuid::Uuid;

use crate::jar::*;

/// Taken from a jar of the first hundred, it lies in the one a hundred on. Thirteen is taken from there instead. What is
/// filled with 77 is passed on for ever.
fn passed_on(happening: &Happening<'_, Jar>) -> Vec<Consequence> {
    let number = happening.stamp.stream.0.as_u128();
    let put = |to: u128, n: i64| {
        vec![Consequence::ask::<Jar>(id(to), JarCommand::Put(happening.new.unit(), n, None))]
    };
    match happening.event {
        JarEvent::Taken(parts) if number < 100 && parts.core.n == 13 => {
            vec![Consequence::ask::<Jar>(id(number + 100), JarCommand::Take(13))]
        }
        JarEvent::Taken(parts) if number < 100 => put(number + 100, parts.core.n),
        JarEvent::Filled(parts) if parts.core.n == 77 => put(number + 1, 77),
        _ => Vec::new(),
    }
}

fn world(db: &test_support::TestDb) -> World {
    let mut world = World::new(db.database(), 41);
    world.stop();
    world.start_with(builder().reaction::<Jar>(passed_on));
    world
}

both_databases! {
    fn it_is_written_with_what_led_to_it_and_names_it(db: TestDb) {
        let world = world(&db);
        world.run(work(1).ask::<Jar>(id(1), put(50))).unwrap();
        let done = world.run(work(2).ask::<Jar>(id(1), JarCommand::Take(20))).unwrap();
        assert_eq!((done.events, done.touched.clone()), (2, vec![(id(1), 2), (id(101), 1)]));
        assert_eq!((world.jar(id(1)), world.jar(id(101))), (Some((2, 30)), Some((1, 20))));
        let mut tx = world.reader();
        let taken = journal::events_of_stream(&mut tx, id(1), None).unwrap().pop().unwrap();
        let passed = journal::events_of_stream(&mut tx, id(101), None).unwrap().pop().unwrap();
        assert_eq!((passed.header.cause, passed.header.actor), (taken.header.event_id, Actor::SYSTEM.id));
        assert_eq!(passed.header.command_id, taken.header.command_id);
        // The same again does nothing again, and a rebuild makes the same rows without passing anything on.
        assert!(world.run(work(2).ask::<Jar>(id(1), JarCommand::Take(20))).unwrap().repeated);
        assert_eq!(world.count("event"), 3);
        world.assert_sound();
        drop(tx);
        let mut tx = db.database().writer().unwrap();
        tx.begin().unwrap();
        let listening = builder().reaction::<Jar>(passed_on);
        journal::rebuild(&mut tx, &listening, &world.ids, &|_| ()).unwrap();
        tx.commit().unwrap();
        assert_eq!((world.count("event"), world.jar(id(101))), (3, Some((1, 20))));
    }

    fn a_refusal_undoes_what_led_to_it_and_nothing_else(db: TestDb) {
        let world = world(&db);
        world.run(work(1).ask::<Jar>(id(1), put(50))).unwrap();
        let others = world.batched(vec![
            work(2).ask::<Jar>(id(2), put(5)),
            work(3).ask::<Jar>(id(1), JarCommand::Take(13)),
            work(4).ask::<Jar>(id(1), JarCommand::Take(1)),
        ]);
        let refused = Problem::Refused(Refusal::new("jar-too-little").with("there", 0));
        assert_eq!(others[1], Err(refused));
        assert!(others[0].is_ok() && others[2].is_ok(), "{others:?}");
        assert_eq!((world.jar(id(1)), world.jar(id(2))), (Some((2, 49)), Some((1, 5))));
        assert_eq!(world.jar(id(101)), Some((1, 1)));
        world.assert_sound();
    }

    fn reactions_without_end_write_nothing(db: TestDb) {
        let world = world(&db);
        let endless = world.run(work(1).ask::<Jar>(id(500), put(77)));
        assert!(matches!(endless, Err(Problem::Fault(_))), "{endless:?}");
        assert_eq!(world.count("event"), 0);
        world.run(work(2).ask::<Jar>(id(500), put(76))).unwrap();
        let known = world.reader().count(
            "SELECT COUNT(*) FROM command_done WHERE command_id = ?1",
            params![Uuid::from_u128(1)],
        );
        assert_eq!(known.unwrap(), 0, "what was not done may be asked again");
        world.assert_sound();
    }
}
