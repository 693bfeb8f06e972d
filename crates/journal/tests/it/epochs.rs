use journal::{VerifyProblem, epochs, open_epoch};
use kernel::IdSource;
use storage::params;
use test_support::both_databases;

use crate::jar::*;

/// The platform is stopped, opened as a new epoch, and goes on.
fn restored(world: &mut World, seed: u64) -> u32 {
    world.stop();
    let mut tx = world.database.writer().unwrap();
    let identity = open_epoch(&mut tx, &*world.clock, &IdSource::seeded(seed)).unwrap();
    drop(tx);
    world.start();
    identity.epoch
}

fn found(world: &World) -> Vec<u32> {
    let named = |problem: VerifyProblem| match problem {
        VerifyProblem::Epoch { epoch, .. } => epoch,
        other => panic!("{other:?}"),
    };
    world.verified().problems.into_iter().map(named).collect()
}

both_databases! {
    fn a_restore_is_named_and_two_of_one_backup_are_told_apart(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        world.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
        let first = restored(&mut world, 1);
        world.run(work(2).ask::<Jar>(id(1), put(5))).unwrap();
        let second = restored(&mut world, 2);
        assert!(1 < first && first < second);
        world.run(work(3).ask::<Jar>(id(1), put(5))).unwrap();
        world.assert_sound();
        let told: Vec<_> = world.verified().epochs.iter().map(|e| (e.number, e.continues_position)).collect();
        assert_eq!(told, [(first, 1), (second, 2)]);
        let other = test_support::TestDb::new_sqlite();
        let mut twin = World::new(other.database(), 1);
        twin.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
        assert_ne!(restored(&mut twin, 3), first, "the same backup, restored elsewhere");
    }

    fn a_restore_that_is_hidden_or_made_up_is_found(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        world.run(work(1).ask::<Jar>(id(1), put(5))).unwrap();
        let epoch = restored(&mut world, 1);
        world.run(work(2).ask::<Jar>(id(1), put(5))).unwrap();
        world.stop();
        let mut tx = db.database().writer().unwrap();
        let opened = epochs(&mut tx).unwrap();
        tx.begin().unwrap();
        tx.write("DELETE FROM platform_epoch", params![]).unwrap();
        tx.commit().unwrap();
        assert_eq!(found(&world), [epoch, epoch], "its events, and where the platform is");
        for (position, head) in [(1, [7; 32]), (2, opened[0].continues_head)] {
            tx.begin().unwrap();
            tx.write("DELETE FROM platform_epoch", params![]).unwrap();
            tx.write(
                "INSERT INTO platform_epoch (epoch, opened_at, continues_position, continues_head) VALUES (?1, ?2, ?3, ?4)",
                params![epoch, opened[0].opened_at, position, &head],
            )
            .unwrap();
            tx.commit().unwrap();
            assert!(found(&world).contains(&epoch), "continues {position}");
        }
        tx.begin().unwrap();
        tx.write("UPDATE platform SET epoch = 1", params![]).unwrap();
        tx.commit().unwrap();
        assert!(found(&world).contains(&1), "the platform went back");
    }
}
