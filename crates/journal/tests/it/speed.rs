//! Not a test but a measure, in release builds only:
//! `cargo nextest run -p journal --release --no-capture speed`.

use std::{sync::atomic::Ordering, time::Instant};

use journal::WorkLane;
use test_support::both_databases;

use crate::jar::*;

both_databases! {
    fn single_event_works_of_64_clients(db: TestDb) {
        let world = World::new(db.database(), 1);
        let (threads, each) = (64_u128, if db.is_postgres() { 300_u128 } else { 2_000 });
        let started = Instant::now();
        let clients: Vec<_> = (0..threads)
            .map(|thread| {
                let handle = world.handle();
                std::thread::spawn(move || {
                    for n in 0..each {
                        let work = work((thread << 64) | (n + 1)).ask::<Jar>(id((thread << 64) | n), put(1));
                        handle.execute_blocking(WorkLane::Interactive, work).unwrap();
                    }
                })
            })
            .collect();
        for client in clients {
            client.join().unwrap();
        }
        let seconds = started.elapsed().as_secs_f64();
        let handle = world.handle();
        let phases = handle.phases();
        let works = threads * each;
        let us = |n: &std::sync::atomic::AtomicU64| n.load(Ordering::SeqCst) as f64 / works as f64;
        println!(
            "{:.0} works/s; {} batches; us per work: decide {:.1}, write {:.1}, commit {:.1}",
            works as f64 / seconds,
            phases.batches.load(Ordering::SeqCst),
            us(&phases.decide_us),
            us(&phases.write_us),
            us(&phases.commit_us)
        );
        let started = Instant::now();
        world.assert_sound();
        println!("verified {works} events in {:.2} s", started.elapsed().as_secs_f64());
    }
}
