use storage::{Row, StorageError, Tx, params};
use test_support::both_databases;
use uuid::Uuid;

use crate::jar::*;

/// Every derived table with its columns: u for UUID, i for integer, t for text.
const DERIVED: [(&str, &str); 4] = [
    ("jar", "u:id i:version i:shape t:state i:first_position i:last_position t:label i:saves"),
    ("jar_total", "u:unit_id i:amount"),
    ("clock", "u:stream_id t:name t:stream_kind u:unit_id i:started_at i:due_at i:next_at"),
    ("evidence", "i:position i:number t:kind t:measure u:unit_id u:stream_id i:day i:amount"),
];

fn dump(tx: &mut Tx) -> Vec<String> {
    let mut out = Vec::new();
    for (table, columns) in DERIVED {
        let columns: Vec<(&str, &str)> = columns.split(' ').map(|c| c.split_once(':').unwrap()).collect();
        let names = columns.iter().map(|c| c.1).collect::<Vec<_>>().join(", ");
        let each = |row: &Row<'_>| -> Result<String, StorageError> {
            let mut line = table.to_owned();
            for (n, (kind, _)) in columns.iter().enumerate() {
                line += &match *kind {
                    "u" => format!(" {:?}", row.opt_id::<Uuid>(n)?),
                    "i" => format!(" {:?}", row.opt_int(n)?),
                    _ => format!(" {:?}", row.opt_text(n)?),
                };
            }
            Ok(line)
        };
        out.extend(tx.query(&format!("SELECT {names} FROM {table} ORDER BY 1, 2"), params![], each).unwrap());
    }
    out
}

both_databases! {
    fn the_present_can_be_made_again_from_the_past(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        lived_in(&world, 0);
        world.assert_sound();
        world.stop();
        let _lease = db.database().lease().unwrap();
        let mut tx = db.database().writer().unwrap();
        let before = dump(&mut tx);
        assert!(before.len() > 50, "{}", before.len());
        assert!(!builder().needs_rebuild(&mut tx).unwrap());
        tx.begin().unwrap();
        tx.write("UPDATE jar SET shape = 0, saves = 99, label = NULL WHERE id = ?1", params![id(1)]).unwrap();
        tx.write("DELETE FROM jar WHERE id = ?1", params![id(2)]).unwrap();
        tx.write("UPDATE jar_total SET amount = amount + 1", params![]).unwrap();
        tx.write("DELETE FROM clock WHERE stream_id = ?1", params![id(1)]).unwrap();
        tx.write("UPDATE clock SET name = 'stray' WHERE stream_id = ?1", params![id(2)]).unwrap();
        tx.write("UPDATE evidence SET amount = 0", params![]).unwrap();
        tx.commit().unwrap();
        assert!(builder().needs_rebuild(&mut tx).unwrap());
        assert_ne!(dump(&mut tx), before);
        for _ in 0..2 {
            tx.begin().unwrap();
            let count = journal::rebuild(&mut tx, &builder(), &world.ids, &|_| ()).unwrap();
            tx.commit().unwrap();
            assert_eq!(i64::try_from(count).unwrap(), world.count("event"));
            assert_eq!(dump(&mut tx), before);
        }
        world.assert_sound();
    }

    fn clocks_move_with_their_stream(db: TestDb) {
        let world = World::new(db.database(), 5);
        world.run(work(1).ask::<Jar>(id(1), put(500))).unwrap();
        world.run(work(2).ask::<Jar>(id(1), JarCommand::Move(unit(9)))).unwrap();
        let units: Vec<kernel::UnitId> = world.reader().query("SELECT unit_id FROM clock", params![], |row| row.id(0)).unwrap();
        assert_eq!(units, [unit(9), unit(9)]);
    }

    fn two_platforms_that_did_the_same_agree(db: TestDb) {
        let world = World::new(db.database(), 7);
        lived_in(&world, 0);
        let report = world.verified();
        let other = test_support::TestDb::new_sqlite();
        let twin = World::new(other.database(), 7);
        lived_in(&twin, 0);
        let same = twin.verified();
        assert_eq!((report.head, report.state_digest, report.events), (same.head, same.state_digest, same.events));
        twin.run(work(1 << 80).ask::<Jar>(id(1), put(1))).unwrap();
        let later = twin.verified();
        assert!(later.head != same.head && later.state_digest != same.state_digest);
    }

    fn the_whole_journal_of_a_fixed_history_is_pinned(db: TestDb) {
        let world = World::new(db.database(), 42);
        lived_in(&world, 0);
        let head: String = world.verified().head.iter().map(|b| format!("{b:02x}")).collect();
        // Whoever changes this number has changed the envelope, a part's bytes, a salt's place or a chain: every
        // journal in the field would be called forged.
        assert_eq!(head, "8355a575ff27abe35710a01f318975116e3b5e96b6725e5cea77456accd1d93e");
    }

    fn a_part_that_is_gone_is_named_and_leaves_the_chain_whole(db: TestDb) {
        let world = World::new(db.database(), 2);
        lived_in(&world, 0);
        let mut tx = db.database().writer().unwrap();
        let erased = "UPDATE event SET text_part = NULL, text_salt = NULL WHERE event_type = 'jar.owned'";
        assert_eq!(tx.execute(erased, params![]).unwrap(), 6);
        let found = world.verified();
        assert_eq!(found.problem_count, 6, "nothing erases by law yet: each of them is missing");
        let named = |p: &journal::VerifyProblem| {
            matches!(p, journal::VerifyProblem::PartAltered { part: kernel::Part::Text, .. })
        };
        assert!(found.problems.iter().all(named), "{:?}", found.problems);
        let personal = "UPDATE event SET personal_part = NULL, personal_salt = NULL WHERE personal_part IS NOT NULL";
        assert_eq!(tx.execute(personal, params![]).unwrap(), 6);
        // The records still know; made again they do not, and nobody fails over it.
        assert_eq!(world.verified().problem_count, 18);
        tx.begin().unwrap();
        journal::rebuild(&mut tx, &builder(), &world.ids, &|_| ()).unwrap();
        tx.commit().unwrap();
        assert_eq!(world.verified().problem_count, 12);
        let events = journal::events_of_stream(&mut tx, id(1), Some(&journal::Vault::new(&KEY))).unwrap();
        assert!(events.iter().all(|e| e.parts.personal.is_none()));
    }

    fn it_goes_on_where_it_stood_after_a_restart(db: TestDb) {
        let mut world = World::new(db.database(), 3);
        for round in 1..=5 {
            world.run(work(round).ask::<Jar>(id(1), put(1))).unwrap();
            world.stop();
            world.start();
        }
        assert_eq!(world.jar(id(1)), Some((5, 5)));
        assert_eq!(*world.handle().heads().borrow(), 5);
        world.assert_sound();
    }
}
