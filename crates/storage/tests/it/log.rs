//! The log of the embedded database, whose writes are gathered.

use std::process::Command;

use storage::{Database, Location, MigrationSet, Step, migrate, params};
use test_support::Calls;

const TABLE: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: "CREATE TABLE leaf (id {int} NOT NULL PRIMARY KEY, text {text} NOT NULL) {strict}",
    }],
}];

const ROOM: &str = "XIAOAN_LOG_TEST";
const COMMITS: usize = 20;
const ROWS: i64 = 400;

/// Commits that write several hundred pages each.
fn fill(database: &Database) {
    let mut tx = database.writer().unwrap();
    migrate(&mut tx, &TABLE).unwrap();
    for commit in 0..i64::try_from(COMMITS).unwrap() {
        tx.begin().unwrap();
        for row in 0..ROWS {
            let text = "叶".repeat(700);
            tx.write("INSERT INTO leaf (id, text) VALUES (?1, ?2)", params![commit * ROWS + row, &text])
                .unwrap();
        }
        tx.commit().unwrap();
    }
}

/// Not a test of its own: the process that the next test watches.
#[test]
fn child() {
    if let Some(path) = std::env::var_os(ROOM) {
        fill(&Database::new(Location::Sqlite(path.into())).unwrap());
    }
}

#[test]
fn a_commit_of_many_pages_is_few_writes() {
    let db = test_support::TestDb::new_sqlite();
    let path = db.directory().join("watched.db");
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "log::child", "--test-threads=1"]).env(ROOM, &path);
    let calls = Calls::of(&mut program, db.directory());
    assert!(program.status().unwrap().success());
    let writes = calls.count("pwrite", "watched.db-wal");
    let syncs = calls.count("fdatasync", "watched.db-wal");
    assert!(syncs >= COMMITS, "{syncs} syncs for {COMMITS} commits");
    // 400 rows of two kilobytes are more than 200 pages; one by one they would be twice as many writes.
    assert!(writes > COMMITS && writes < COMMITS * 20, "{writes} writes for {COMMITS} commits");
}

#[test]
fn a_reader_sees_every_commit_as_soon_as_it_is_told() {
    let db = test_support::TestDb::new_sqlite();
    let mut tx = db.database().writer().unwrap();
    migrate(&mut tx, &TABLE).unwrap();
    let mut reader = db.database().reader().unwrap();
    for row in 0..200 {
        tx.begin().unwrap();
        tx.write("INSERT INTO leaf (id, text) VALUES (?1, ?2)", params![row, &"叶".repeat(3_000)]).unwrap();
        tx.commit().unwrap();
        assert_eq!(reader.count("SELECT count(*) FROM leaf", params![]).unwrap(), row + 1);
        let last =
            reader.first("SELECT text FROM leaf WHERE id = ?1", params![row], |row| row.text(0)).unwrap();
        assert_eq!(last.unwrap().chars().count(), 3_000);
    }
}

#[test]
fn more_than_the_cache_holds_is_written_read_and_rolled_back() {
    let db = test_support::TestDb::new_sqlite();
    let mut tx = db.database().writer().unwrap();
    migrate(&mut tx, &TABLE).unwrap();
    // Sixty megabytes: pages go to the log long before the commit, and come back from it.
    let (text, rows) = ("叶".repeat(20_000), 1_000);
    for last in [false, true] {
        tx.begin().unwrap();
        for row in 0..rows {
            tx.write("INSERT INTO leaf (id, text) VALUES (?1, ?2)", params![row, &text]).unwrap();
        }
        assert_eq!(
            tx.count("SELECT CAST(sum(length(text)) AS BIGINT) FROM leaf", params![]).unwrap(),
            rows * 20_000
        );
        if last {
            tx.commit().unwrap()
        } else {
            tx.rollback().unwrap()
        }
        let expected = if last { rows } else { 0 };
        let mut reader = db.database().reader().unwrap();
        assert_eq!(reader.count("SELECT count(*) FROM leaf", params![]).unwrap(), expected);
    }
    let sound = tx.first("PRAGMA integrity_check", params![], |row| row.text(0)).unwrap();
    assert_eq!(sound.as_deref(), Some("ok"));
}
