//! The process is killed again and again; whatever it acknowledged is there.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
};

use journal::WorkLane;
use storage::{Database, Location, params};
use test_support::{Calls, both_databases};

use crate::jar::*;

const ROOM: &str = "XIAOAN_TEST_STORM";

#[expect(clippy::disallowed_methods, reason = "how the parent tells its child where to write")]
fn order() -> Option<String> {
    std::env::var(ROOM).ok()
}

/// Not a test of its own: the process that is killed. `works` per thread, 0 for ever.
#[test]
fn child() {
    let Some(order) = order() else { return };
    let [place, schema, round, works] = order.split('|').collect::<Vec<_>>()[..] else { panic!("{order}") };
    let location = match schema {
        "" => Location::Sqlite(place.into()),
        schema => Location::Postgres { url: place.to_owned(), schema: schema.to_owned() },
    };
    let (round, works): (u128, u128) = (round.parse().unwrap(), works.parse().unwrap());
    let mut world = World::new(&Database::new(location).unwrap(), u64::try_from(round).unwrap());
    println!("ready");
    let threads: Vec<_> = (0..8_u128)
        .map(|thread| {
            let handle = world.handle();
            std::thread::spawn(move || {
                for n in (0..).take_while(|n| works == 0 || *n < works) {
                    let number = (round << 64) | (thread << 48) | (n + 1);
                    let jar = id(thread * 7 + n % 5);
                    let work = work(number)
                        .ask::<Jar>(jar, put(1))
                        .ask::<Jar>(jar, JarCommand::Own("李四".to_owned()));
                    handle.execute_blocking(WorkLane::Interactive, work).unwrap();
                    writeln!(std::io::stdout(), "ack {number}").unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    println!("batches {}", world.handle().phases().batches.load(Ordering::SeqCst));
    world.stop();
}

fn child_of(command: &mut Command, location: &Location, round: u128, works: u128) -> Child {
    let (place, schema) = match location {
        Location::Sqlite(path) => (path.to_string_lossy().into_owned(), ""),
        Location::Postgres { url, schema } => (url.clone(), schema.as_str()),
    };
    command
        .args(["--exact", "storm::child", "--nocapture", "--test-threads=1"])
        .env(ROOM, format!("{place}|{schema}|{round}|{works}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// The server may notice a moment later that the writer is gone.
fn lease_given_back(database: &Database) {
    for _ in 0..5_000 {
        if database.lease().is_ok() {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the lease was not given back");
}

both_databases! {
    fn whatever_was_acknowledged_survives_the_kill(db: TestDb) {
        let exe = std::env::current_exe().unwrap();
        let mut acknowledged = BTreeSet::new();
        let mut world = World::new(db.database(), 1);
        world.stop();
        for round in 1..=16_u128 {
            let mut child = child_of(&mut Command::new(&exe), db.database().location(), round, 0);
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let (tell, told) = std::sync::mpsc::channel::<u128>();
            let reader = std::thread::spawn(move || {
                let acks = lines.map_while(Result::ok);
                for ack in acks.filter_map(|l| l.strip_prefix("ack ").and_then(|n| n.parse::<u128>().ok())) {
                    tell.send(ack).unwrap();
                }
            });
            // So many answers later it is killed, in the middle of whatever it does then.
            let random = usize::from(kernel::IdSource::seeded(u64::try_from(round).unwrap()).bytes::<1>()[0]);
            acknowledged.extend(told.iter().take(20 + random));
            if round == 2 {
                assert!(matches!(db.database().lease(), Err(storage::StorageError::Leased(_))), "another process writes");
            }
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged.extend(told.iter());
            reader.join().unwrap();
            lease_given_back(db.database());
            let done = world
                .reader()
                .query("SELECT command_id FROM command_done", params![], |row| row.id::<uuid::Uuid>(0))
                .unwrap();
            let done: BTreeSet<u128> = done.into_iter().map(|id| id.as_u128()).collect();
            let lost: Vec<_> = acknowledged.difference(&done).collect();
            assert!(lost.is_empty(), "round {round}: {} of {} acknowledged are lost", lost.len(), acknowledged.len());
        }
        let premise = if db.is_postgres() { 50 } else { 500 };
        assert!(acknowledged.len() > premise, "the storm's premise: {}", acknowledged.len());
        world.assert_sound();
        println!("{} acknowledged, none lost", acknowledged.len());
    }
}

#[test]
fn every_batch_is_synced_to_the_disk() {
    let db = test_support::TestDb::new_sqlite();
    let mut program = Command::new(std::env::current_exe().unwrap());
    let calls = Calls::of(&mut program, db.directory());
    let child = child_of(&mut program, db.database().location(), 1, 40);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let batches: usize = text.lines().find_map(|l| l.strip_prefix("batches ")).unwrap().parse().unwrap();
    let syncs = calls.count("fdatasync", "test.db-wal");
    println!("{syncs} syncs for {batches} batches");
    assert!(batches >= 40 && syncs >= batches, "{syncs} syncs for {batches} batches");
}
