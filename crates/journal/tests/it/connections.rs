//! A server that is restarted, or that ends sessions, while the platform is up.

use kernel::Problem;
use storage::{Location, Tx, params};
use test_support::TestDb;

use crate::jar::*;

/// Ends sessions of this test's platform: all of them, or the one that holds the writer lease.
fn ended(db: &TestDb, tx: &mut Tx, only_lease: bool) -> usize {
    let Location::Postgres { schema, .. } = db.database().location() else { panic!("a server") };
    let held = if only_lease {
        "AND pid IN (SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted
         AND CAST(l.objid AS BIGINT) = CAST(hashtext(?2) AS BIGINT) & 4294967295)"
    } else {
        "AND ?2 <> ''"
    };
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = ?1 AND pid <> pg_backend_pid() {held}"
    );
    let name = format!("xiaoan {schema}");
    tx.query(&sql, params![&name, schema], |row| row.bool(0)).unwrap().len()
}

#[test]
fn the_writer_goes_on_after_the_server_ended_its_sessions() {
    let Some(db) = TestDb::new_postgres() else { return };
    let world = World::new(db.database(), 1);
    world.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
    let mut tx = db.database().reader().unwrap();
    assert!(ended(&db, &mut tx, false) >= 2, "the writer and its lease");
    world.run(work(2).ask::<Jar>(id(1), put(5))).unwrap();
    assert_eq!(world.jar(id(1)), Some((2, 10)));
    assert!(
        matches!(db.database().lease(), Err(storage::StorageError::Leased(_))),
        "it took its lease again"
    );
    world.assert_sound();
}

#[test]
fn a_writer_that_lost_its_lease_to_another_process_writes_nothing() {
    let Some(db) = TestDb::new_postgres() else { return };
    let world = World::new(db.database(), 1);
    world.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
    let mut tx = db.database().reader().unwrap();
    assert_eq!(ended(&db, &mut tx, true), 1);
    let other = loop {
        // The server gives the lock back a moment after it said yes.
        match db.database().lease() {
            Ok(lease) => break lease,
            Err(_) => std::thread::yield_now(),
        }
    };
    assert!(matches!(world.run(work(2).ask::<Jar>(id(1), put(5))), Err(Problem::Fault(_))));
    assert_eq!(world.jar(id(1)), Some((1, 5)));
    drop(other);
    world.run(work(2).ask::<Jar>(id(1), put(5))).unwrap();
    assert_eq!(world.jar(id(1)), Some((2, 10)));
}
