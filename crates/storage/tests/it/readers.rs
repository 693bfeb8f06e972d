use std::sync::{Arc, Mutex};

use storage::{Lane, ReadError, Readers, params};
use test_support::both_databases;

use crate::faults::table;

const INSERT: &str = "INSERT INTO t (id, s) VALUES (?1, ?2)";
const COUNT: &str = "SELECT COUNT(*) FROM t";

both_databases! {
    fn a_snapshot_stands_still_while_the_writer_goes_on(db: TestDb) {
        let mut writer = table(&db);
        let readers = Readers::open(db.database(), 2).unwrap();
        // In the middle of each visit the writer commits, then the visit looks again.
        let (looked, looking) = std::sync::mpsc::channel::<()>();
        let (committed, commits) = std::sync::mpsc::channel::<()>();
        let watcher = std::thread::spawn(move || {
            let commits = Arc::new(Mutex::new(commits));
            let mut seen = Vec::new();
            for _ in 0..50 {
                let (looked, commits) = (looked.clone(), commits.clone());
                let (first, second, sum) = readers
                    .read_blocking(Lane::Interactive, move |tx| {
                        let first = tx.count(COUNT, params![]).unwrap();
                        looked.send(()).unwrap();
                        commits.lock().unwrap().recv().unwrap();
                        let sum = tx.count("SELECT CAST(COALESCE(SUM(id), 0) AS BIGINT) FROM t", params![]).unwrap();
                        (first, tx.count(COUNT, params![]).unwrap(), sum)
                    })
                    .unwrap();
                assert_eq!((first, sum), (second, first * (first - 1) / 2), "one visit, one snapshot");
                seen.push(first);
            }
            seen
        });
        for n in 0..50_i64 {
            looking.recv().unwrap();
            writer.begin().unwrap();
            writer.write(INSERT, params![2 * n, "a"]).unwrap();
            writer.write(INSERT, params![2 * n + 1, "b"]).unwrap();
            writer.commit().unwrap();
            committed.send(()).unwrap();
        }
        let expected: Vec<i64> = (0..50).map(|n| 2 * n).collect();
        assert_eq!(watcher.join().unwrap(), expected, "each visit saw what was committed before it");
    }

    fn a_panic_or_an_error_in_a_visit_harms_nobody_else(db: TestDb) {
        drop(table(&db));
        let readers = Readers::open(db.database(), 1).unwrap();
        for _ in 0..3 {
            let lost = readers.read_blocking(Lane::Long, |_| -> i64 { panic!("on purpose") });
            assert!(matches!(lost, Err(ReadError::Storage(_))));
            let error = readers.read_blocking(Lane::Long, |tx| tx.count("SELECT x FROM nowhere", params![]));
            assert!(error.unwrap().is_err());
            assert_eq!(readers.read_blocking(Lane::Long, |tx| tx.count(COUNT, params![])).unwrap().unwrap(), 0);
        }
    }

    fn too_many_waiting_are_turned_away(db: TestDb) {
        drop(table(&db));
        let readers = Readers::open(db.database(), 1).unwrap();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let (begun, beginning) = std::sync::mpsc::channel::<()>();
        let blocked = readers.clone();
        let first = std::thread::spawn(move || {
            let wait = move |_: &mut storage::Tx| {
                begun.send(()).unwrap();
                held.recv().is_ok()
            };
            blocked.read_blocking(Lane::Interactive, wait).unwrap();
        });
        beginning.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let busy = runtime.block_on(async {
            let mut waiting = Vec::new();
            for _ in 0..3_000 {
                let readers = readers.clone();
                waiting.push(Box::pin(async move { readers.read(Lane::Interactive, |_| ()).await }));
            }
            let mut busy = 0;
            for visit in &mut waiting {
                let now = std::future::poll_fn(|cx| std::task::Poll::Ready(visit.as_mut().poll(cx))).await;
                busy += usize::from(matches!(now, std::task::Poll::Ready(Err(ReadError::Busy))));
            }
            drop(hold);
            busy
        });
        assert!(busy > 1_000, "{busy}");
        first.join().unwrap();
        // The visits of those who went away are soon over.
        while matches!(readers.read_blocking(Lane::Interactive, |_| ()), Err(ReadError::Busy)) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn readers_come_back_after_the_server_cut_them_off() {
    let Some(db) = test_support::TestDb::new_postgres() else { return };
    let mut writer = table(&db);
    let readers = Readers::open(db.database(), 1).unwrap();
    let pid = readers
        .read_blocking(Lane::Interactive, |tx| tx.count("SELECT pg_backend_pid()", params![]))
        .unwrap()
        .unwrap();
    writer.first("SELECT pg_terminate_backend(CAST(?1 AS INT4))", params![pid], |row| row.bool(0)).unwrap();
    // The server ends it a moment later; it says itself when it has.
    let alive = "SELECT count(*) FROM pg_stat_activity WHERE pid = ?1";
    while writer.count(alive, params![pid]).unwrap() > 0 {
        std::thread::yield_now();
    }
    let count = readers.read_blocking(Lane::Interactive, |tx| tx.count(COUNT, params![]));
    assert_eq!(count.unwrap().unwrap(), 0);
}

both_databases! {
    fn a_connection_that_gave_its_memory_back_goes_on(db: TestDb) {
        let mut writer = table(&db);
        let mut reader = db.database().reader().unwrap();
        for number in 0..3_i64 {
            writer.begin().unwrap();
            writer.write(INSERT, params![number, "一"]).unwrap();
            writer.commit().unwrap();
            assert_eq!(reader.count(COUNT, &[]).unwrap(), number + 1);
            writer.give_back().unwrap();
            reader.give_back().unwrap();
        }
    }
}
