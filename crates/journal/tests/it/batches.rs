use std::sync::atomic::Ordering;

use journal::WorkLane;
use kernel::{Problem, Refusal};
use storage::params;
use test_support::both_databases;

use crate::jar::*;

both_databases! {
    fn works_on_one_stream_in_one_batch_build_on_each_other(db: TestDb) {
        let world = World::new(db.database(), 1);
        let before = world.handle().phases().batches.load(Ordering::SeqCst);
        let answers = world.batched(vec![
            work(1).ask::<Jar>(id(1), put(5)),
            work(2).ask::<Jar>(id(1), JarCommand::Take(6)),
            work(3).ask::<Jar>(id(1), JarCommand::Take(4)),
            work(4).ask_seen::<Jar>(id(1), 0, put(1)),
        ]);
        assert_eq!(answers[0].as_ref().map(|o| o.position), Ok(1));
        assert_eq!(answers[1], Err(Problem::Refused(Refusal::new("jar-too-little").with("there", 5))));
        assert_eq!(answers[2].as_ref().map(|o| o.position), Ok(2));
        assert!(matches!(answers[3], Err(Problem::Stale(_))));
        // The plug and the rest.
        assert!(world.handle().phases().batches.load(Ordering::SeqCst) - before <= 2, "the test's premise");
        assert_eq!(world.jar(id(1)), Some((2, 1)));
        world.assert_sound();
    }

    fn the_same_asked_twice_in_one_batch_acts_once(db: TestDb) {
        let world = World::new(db.database(), 2);
        let before = world.handle().phases().batches.load(Ordering::SeqCst);
        let answers = world.batched(vec![
            work(1).ask::<Jar>(id(1), put(5)),
            work(1).ask::<Jar>(id(1), put(5)),
            work(1).ask::<Jar>(id(1), put(6)),
            work(2).ask::<Jar>(id(1), JarCommand::Take(9)),
            work(2).ask::<Jar>(id(1), JarCommand::Take(9)),
        ]);
        let told: Vec<_> = answers.iter().take(2).map(|a| a.as_ref().map(|o| (o.position, o.repeated))).collect();
        assert_eq!(told, [Ok((1, false)), Ok((1, true))]);
        assert_eq!(answers[2], Err(Problem::Refused(Refusal::new("command-id-reused"))));
        assert!(answers[3].is_err() && answers[3] == answers[4]);
        let batches = world.handle().phases().batches.load(Ordering::SeqCst) - before;
        assert!(batches <= 2, "known without asking the database: {batches} batches");
        assert_eq!(world.jar(id(1)), Some((1, 5)));
    }

    fn a_refusal_undoes_what_the_same_work_wrote_before_it(db: TestDb) {
        let world = World::new(db.database(), 4);
        let answers = world.batched(vec![
            work(1).ask::<Jar>(id(1), put(5)),
            work(2).ask::<Jar>(id(2), put(1)).ask::<Jar>(id(1), JarCommand::Take(99)),
            work(3).ask::<Jar>(id(1), put(2)),
        ]);
        assert_eq!(answers[0].as_ref().map(|o| o.position), Ok(1));
        assert_eq!(answers[1], Err(Problem::Refused(Refusal::new("jar-too-little").with("there", 5))));
        assert_eq!(answers[2].as_ref().map(|o| o.position), Ok(2));
        assert_eq!((world.jar(id(1)), world.jar(id(2))), (Some((2, 7)), None));
        assert_eq!((world.count("event"), world.count("command_done")), (2, 2));
        world.assert_sound();
    }

    fn one_fault_harms_nobody_else_in_the_batch(db: TestDb) {
        let world = World::new(db.database(), 3);
        world.run(work(100).ask::<Jar>(id(50), JarCommand::Label("taken".to_owned()))).unwrap();
        let answers = world.batched(vec![
            work(1).ask::<Jar>(id(1), put(5)),
            work(2).ask::<Jar>(id(1), put(1)).ask::<Jar>(id(2), JarCommand::Label("taken".to_owned())),
            work(3).ask::<Jar>(id(1), JarCommand::PanicInDecide),
            work(4).ask::<Jar>(id(1), put(1)).ask::<Jar>(id(3), JarCommand::PanicInSave),
            work(5).ask::<Jar>(id(1), JarCommand::BadSql),
            work(6).ask::<Jar>(id(1), put(2)),
            work(7).ask::<Jar>(id(4), JarCommand::Label("free".to_owned())),
            work(8).ask::<Jar>(id(4), JarCommand::Take(1)),
        ]);
        assert_eq!(answers[0].as_ref().map(|o| o.position), Ok(2));
        assert_eq!(answers[1], Err(Problem::Refused(Refusal::new("already-exists"))));
        for fault in &answers[2..5] {
            assert!(matches!(fault, Err(Problem::Fault(_))), "{fault:?}");
        }
        assert_eq!(answers[5].as_ref().map(|o| o.position), Ok(3));
        assert_eq!(answers[6].as_ref().map(|o| o.position), Ok(4));
        assert!(matches!(answers[7], Err(Problem::Refused(_))));
        assert_eq!((world.jar(id(1)), world.jar(id(2)), world.jar(id(3))), (Some((2, 7)), None, None));
        assert_eq!((world.count("event"), world.count("command_done")), (4, 4));
        // The writer lives on, and what had a fault can be asked again.
        world.run(work(2).ask::<Jar>(id(2), put(1))).unwrap();
        world.assert_sound();
    }

    fn positions_have_no_gaps_under_load(db: TestDb) {
        let world = World::new(db.database(), 4);
        let threads: Vec<_> = (0..8_u128)
            .map(|thread| {
                let handle = world.handle();
                std::thread::spawn(move || {
                    let mut positions = Vec::new();
                    for n in 0..200_u128 {
                        let work = work(thread * 1_000 + n + 1);
                        let work = match n % 10 {
                            9 => work.ask::<Jar>(id(thread), JarCommand::Take(1_000)),
                            5 => work.ask::<Jar>(id(99), put(1)),
                            _ => work.ask::<Jar>(id(thread * 10 + n % 3), put(1)),
                        };
                        let lane = if n % 4 == 0 { WorkLane::Bulk } else { WorkLane::Interactive };
                        match handle.execute_blocking(lane, work) {
                            Ok(outcome) => positions.push(outcome.position),
                            Err(problem) => assert_eq!(problem.code(), "jar-too-little"),
                        }
                    }
                    assert!(positions.is_sorted());
                    positions
                })
            })
            .collect();
        let mut positions: Vec<u64> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
        positions.sort_unstable();
        assert_eq!(positions, (1..=8 * 180).collect::<Vec<u64>>());
        let phases = world.handle().phases().batches.load(Ordering::SeqCst);
        let works = world.handle().phases().works.load(Ordering::SeqCst);
        assert_eq!(works, 1_600);
        assert!(phases < works, "{phases} batches for {works} works");
        assert_eq!(*world.handle().heads().borrow(), 1_440);
        let stored = world.reader().query("SELECT position, sequence FROM event ORDER BY position", params![], |row| {
            Ok((row.int(0)?, row.int(1)?))
        });
        assert_eq!(stored.unwrap(), (1..=1_440).map(|n| (n, n)).collect::<Vec<_>>());
        world.assert_sound();
    }

    fn nobody_waits_for_ever_when_the_engine_is_dropped(db: TestDb) {
        let mut world = World::new(db.database(), 5);
        let hammers: Vec<_> = (0..6_u128)
            .map(|thread| {
                let handle = world.handle();
                std::thread::spawn(move || {
                    let mut done = 0_i64;
                    for n in 0.. {
                        let lane = if thread < 3 { WorkLane::Bulk } else { WorkLane::Interactive };
                        match handle.send(lane, work(thread << 64 | n).ask::<Jar>(id(thread), put(1))) {
                            Ok(answer) if n % 20 == 0 => match answer.blocking_recv() {
                                Ok(Ok(_)) => done += 1,
                                _ => return done,
                            },
                            Ok(_) | Err(Problem::Limit(_)) => {}
                            Err(_) => return done,
                        }
                    }
                    done
                })
            })
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(world.handle().heads().wait_for(|head| *head >= 60)).unwrap();
        world.stop();
        let done: i64 = hammers.into_iter().map(|t| t.join().unwrap()).sum();
        assert!(done > 0 && world.count("event") >= done);
        drop(db.database().lease().unwrap());
        world.start();
        world.run(work(u128::MAX).ask::<Jar>(id(77), put(1))).unwrap();
        world.assert_sound();
    }

    fn bulk_senders_in_async_code_wait_without_blocking(db: TestDb) {
        let world = World::new(db.database(), 6);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let handle = world.handle();
        let done = runtime.block_on(async {
            let mut waiting = Vec::new();
            for n in 0..6_000_u128 {
                let handle = handle.clone();
                waiting.push(tokio::spawn(async move {
                    handle.execute(WorkLane::Bulk, work(n + 1).ask::<Jar>(id(n % 50), put(1))).await
                }));
            }
            let mut done = 0;
            for task in waiting {
                done += u32::from(task.await.unwrap().is_ok());
            }
            done
        });
        assert_eq!((done, world.count("event")), (6_000, 6_000));
    }
}
