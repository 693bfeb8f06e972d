//! The disk is full: the process may write no file beyond a size. Whoever asked is told, nothing more is written, and
//! with room again everything that was acknowledged is there.

use std::{collections::BTreeSet, path::Path, process::Command};

use kernel::Problem;
use storage::{Database, Location, params};
use test_support::TestDb;

use crate::jar::*;

const ROOM: &str = "XIAOAN_TEST_FULL";
/// A shell that leaves the rest to the program: no file of it grows beyond so many blocks of 512 bytes, and the signal
/// that would end it then is ignored, so that its writes fail, as on a full disk.
const CRAMPED: &str = r#"trap '' XFSZ; ulimit -f "$0"; exec "$@""#;
const MEBIBYTE: u64 = 1024 * 1024;

fn order() -> Option<std::ffi::OsString> {
    std::env::var_os(ROOM)
}

fn filling(number: u128) -> journal::UnitOfWork {
    let note = "楼道堆放杂物".repeat(1_000);
    work(number).ask::<Jar>(id(number % 50), JarCommand::Put(unit(1), 1, Some(note)))
}

/// Not a test of its own: the process that has too little room.
#[test]
fn child() {
    let Some(place) = order() else { return };
    let world = World::new(&Database::new(Location::Sqlite(place.into())).unwrap(), 2);
    println!("ready");
    let mut numbers = 1..;
    let refused = numbers.find_map(|number| match world.run(filling(number)) {
        Ok(_) => {
            println!("ack {number}");
            None
        }
        Err(problem) => Some((number, problem)),
    });
    let (number, problem) = refused.unwrap();
    println!("refused {number}");
    assert!(matches!(&problem, Problem::Fault(text) if text.contains("restart")), "{problem:?}");
    // Even what would need no room, and it may be there again: nothing more is written.
    for later in numbers.take(3) {
        let again = world.run(work(later).ask::<Jar>(id(1), JarCommand::Take(1)));
        assert_eq!(again, Err(problem.clone()), "{later}");
        println!("refused {later}");
    }
    // Whoever only reads goes on.
    assert_eq!(world.count("command_done"), i64::try_from(number - 1).unwrap());
    world.assert_sound();
    // Nothing is closed, so nothing is tidied up: it ends as if it were killed.
    Box::leak(Box::new(world));
}

/// What was acknowledged and what was refused in that much room.
fn cramped(path: &Path, limit: u64) -> (BTreeSet<u128>, BTreeSet<u128>) {
    let mut shell = Command::new("sh");
    shell.args(["-c", CRAMPED, &(limit / 512).to_string()]).arg(std::env::current_exe().unwrap());
    shell.args(["--exact", "full::child", "--nocapture", "--test-threads=1"]).env(ROOM, path);
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let numbers = |word: &str| {
        said.lines()
            .filter_map(|line| line.strip_prefix(word))
            .map(|number| number.parse().unwrap())
            .collect()
    };
    (numbers("ack "), numbers("refused "))
}

/// `full` is the file that has reached the limit.
fn told_and_survived(limit: u64, full: &str) {
    let db = TestDb::new_sqlite();
    let mut world = World::new(db.database(), 1);
    world.stop();
    let (acknowledged, refused) = cramped(&db.directory().join("test.db"), limit);
    assert!(acknowledged.len() > 50 && refused.len() == 4, "{acknowledged:?} {refused:?}");
    assert_eq!(
        std::fs::metadata(db.directory().join(full)).unwrap().len(),
        limit,
        "the test's premise: {full}"
    );
    // There is room again.
    world.start();
    world.assert_sound();
    let done =
        world.reader().query("SELECT command_id FROM command_done", params![], |row| row.id::<uuid::Uuid>(0));
    let done: BTreeSet<u128> = done.unwrap().into_iter().map(|id| id.as_u128()).collect();
    assert_eq!(done, acknowledged, "what was acknowledged is there, and nothing else");
    for number in refused {
        let outcome = world.run(filling(number)).unwrap();
        assert_eq!((outcome.events, outcome.repeated), (1, false), "{number} is done now for the first time");
    }
    world.assert_sound();
}

#[test]
fn a_disk_that_has_no_room_for_the_log_is_told_and_survived() {
    told_and_survived(4 * MEBIBYTE, "test.db-wal");
}

/// The log is copied several times before; then the database file cannot grow, and the log does until it cannot.
#[test]
fn a_disk_that_has_no_room_for_the_database_is_told_and_survived() {
    told_and_survived(12 * MEBIBYTE, "test.db");
}
