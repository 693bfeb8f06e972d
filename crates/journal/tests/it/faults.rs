use kernel::Problem;
use storage::StorageError;
use test_support::both_databases;

use crate::jar::*;

/// From now on the commit after saving a jar labelled `fence` fails: a reference checked only then leads nowhere.
fn mine(db: &test_support::TestDb) {
    let mut tx = db.database().writer().unwrap();
    tx.batch(
        "CREATE TABLE parent (id BIGINT NOT NULL PRIMARY KEY);
         CREATE TABLE child (id BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);",
    )
    .unwrap();
    let trigger = if db.is_postgres() {
        "CREATE FUNCTION mine() RETURNS TRIGGER LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO child VALUES (1); RETURN NEW; END $$;
         CREATE TRIGGER mine AFTER INSERT ON jar FOR EACH ROW WHEN (NEW.label = 'fence') EXECUTE FUNCTION mine()"
    } else {
        "CREATE TRIGGER mine AFTER INSERT ON jar WHEN NEW.label = 'fence' BEGIN INSERT INTO child VALUES (1); END"
    };
    tx.batch(trigger).unwrap();
}

both_databases! {
    fn after_a_failed_commit_nothing_is_written_until_the_restart(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        mine(&db);
        world.run(work(1).ask::<Jar>(id(1), put(1))).unwrap();
        let failed = world.run(work(2).ask::<Jar>(id(2), JarCommand::Label("fence".to_owned())));
        assert!(matches!(&failed, Err(Problem::Fault(text)) if text.contains("restart")), "{failed:?}");
        assert!(matches!(world.run(work(3).ask::<Jar>(id(1), put(1))), Err(Problem::Fault(_))));
        assert_eq!((world.count("event"), world.count("jar")), (1, 1));
        world.stop();
        world.start();
        assert_eq!(world.run(work(3).ask::<Jar>(id(1), put(1))).unwrap().position, 2);
        world.assert_sound();
    }

    fn a_second_engine_cannot_start_beside_the_first(db: TestDb) {
        let mut world = World::new(db.database(), 2);
        assert!(matches!(db.database().lease(), Err(StorageError::Leased(_))));
        world.stop();
        drop(db.database().lease().unwrap());
    }

    fn an_unfounded_platform_does_not_start(db: TestDb) {
        let lease = db.database().lease().unwrap();
        let mut tx = db.database().writer().unwrap();
        storage::migrate(&mut tx, &[journal::MIGRATIONS, TABLES]).unwrap();
        let clock = std::sync::Arc::new(kernel::FixedClock::new(NOW));
        let ids = std::sync::Arc::new(kernel::IdSource::seeded(1));
        assert!(builder().start(db.database(), lease, clock, ids).is_err());
    }
}
