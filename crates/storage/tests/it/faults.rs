use storage::{Database, Location, StorageError, Tx, params};
use test_support::{TestDb, both_databases};

pub(crate) fn table(db: &TestDb) -> Tx {
    let mut tx = db.database().writer().unwrap();
    tx.batch("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, s TEXT)").unwrap();
    tx
}

const INSERT: &str = "INSERT INTO t (id, s) VALUES (?1, ?2)";

both_databases! {
    fn a_unique_constraint_is_told_apart_and_named(db: TestDb) {
        let mut tx = table(&db);
        tx.batch("CREATE UNIQUE INDEX t_s ON t (s)").unwrap();
        tx.execute(INSERT, params![1_i64, "a"]).unwrap();
        let again = tx.execute(INSERT, params![1_i64, "b"]).unwrap_err();
        assert!(matches!(&again, StorageError::Unique(text) if text.contains('t')), "{again}");
        let same = tx.execute(INSERT, params![2_i64, "a"]).unwrap_err();
        assert!(matches!(&same, StorageError::Unique(text) if text.contains("t_s") || text.contains("t.s")), "{same}");
        let null = tx.execute(INSERT, params![None::<i64>, "c"]).unwrap_err();
        assert!(matches!(null, StorageError::Other(_)), "NOT NULL is not a unique constraint: {null}");
    }

    fn a_queued_write_fails_at_the_latest_when_flushed(db: TestDb) {
        let mut tx = table(&db);
        tx.begin().unwrap();
        tx.write(INSERT, params![1_i64, "a"]).unwrap();
        let failed = tx.write(INSERT, params![1_i64, "b"]).and_then(|()| tx.flush());
        assert!(matches!(failed, Err(StorageError::Unique(_))), "{failed:?}");
        tx.rollback().unwrap();
        assert_eq!(tx.count("SELECT COUNT(*) FROM t", params![]).unwrap(), 0);
    }

    fn a_rollback_forgets_what_was_queued(db: TestDb) {
        let mut tx = table(&db);
        tx.begin().unwrap();
        tx.write(INSERT, params![1_i64, "a"]).unwrap();
        // Sent now it would fail, and the rollback with it. SQLite says so at once.
        let _ = tx.write(INSERT, params![1_i64, "b"]);
        tx.rollback().unwrap();
        tx.begin().unwrap();
        tx.write(INSERT, params![2_i64, "b"]).unwrap();
        tx.commit().unwrap();
        assert_eq!(tx.query("SELECT id FROM t", params![], |row| row.int(0)).unwrap(), vec![2]);
    }

    fn the_first_error_of_a_long_queue_is_the_one_told(db: TestDb) {
        let mut tx = table(&db);
        tx.begin().unwrap();
        let mut told = Ok(());
        for n in 0..500_i64 {
            told = told.and_then(|()| tx.write(INSERT, params![n % 400, "a"]));
        }
        let told = told.and_then(|()| tx.flush());
        assert!(matches!(told, Err(StorageError::Unique(_))), "{told:?}");
        tx.rollback().unwrap();
    }

    fn a_failed_transaction_cannot_be_committed(db: TestDb) {
        let mut tx = table(&db);
        tx.begin().unwrap();
        tx.write(INSERT, params![1_i64, "a"]).unwrap();
        // Somebody swallows an error.
        let _ = tx.query("SELECT nothing FROM nowhere", params![], |row| row.int(0));
        assert!(tx.flush().is_err() && tx.commit().is_err());
        assert!(tx.count("SELECT COUNT(*) FROM t", params![]).is_err());
        tx.rollback().unwrap();
        assert_eq!(tx.count("SELECT COUNT(*) FROM t", params![]).unwrap(), 0);
        tx.begin().unwrap();
        tx.write(INSERT, params![1_i64, "a"]).unwrap();
        tx.commit().unwrap();
        assert_eq!(tx.count("SELECT COUNT(*) FROM t", params![]).unwrap(), 1);
    }

    fn rolling_back_nothing_is_no_error(db: TestDb) {
        let mut tx = table(&db);
        tx.rollback().unwrap();
        tx.begin().unwrap();
        assert!(tx.begin().is_err(), "no transaction inside a transaction");
        tx.rollback().unwrap();
        tx.begin().unwrap();
        tx.commit().unwrap();
    }

    fn the_lease_is_for_one_and_given_back(db: TestDb) {
        for _ in 0..5 {
            let lease = db.database().lease().unwrap();
            assert!(matches!(db.database().lease(), Err(StorageError::Leased(_))));
            let other_thread = db.database().clone();
            let asked = std::thread::spawn(move || other_thread.lease().err()).join().unwrap();
            assert!(matches!(asked, Some(StorageError::Leased(_))));
            drop(lease);
        }
        db.database().lease().unwrap();
    }

    fn a_reader_cannot_write(db: TestDb) {
        let mut writer = table(&db);
        let mut reader = db.database().reader().unwrap();
        assert!(reader.execute(INSERT, params![1_i64, "outside a transaction"]).is_err());
        reader.begin().unwrap();
        assert!(reader.execute(INSERT, params![1_i64, "inside"]).is_err());
        reader.rollback().unwrap();
        assert!(reader.batch("DROP TABLE t").is_err());
        assert_eq!(writer.count("SELECT COUNT(*) FROM t", params![]).unwrap(), 0);
    }
}

#[test]
fn commits_of_the_sqlite_writer_are_on_the_disk() {
    let db = TestDb::new_sqlite();
    let mut tx = db.database().writer().unwrap();
    let text = |tx: &mut Tx, sql: &str| tx.first(sql, params![], |row| row.text(0)).unwrap().unwrap();
    assert_eq!(text(&mut tx, "PRAGMA journal_mode"), "wal");
    assert_eq!(tx.count("PRAGMA synchronous", params![]).unwrap(), 2);
    let mut reader = db.database().reader().unwrap();
    assert_eq!(reader.count("PRAGMA query_only", params![]).unwrap(), 1);
}

#[test]
fn commits_of_the_postgres_writer_are_on_the_disk_whatever_the_default() {
    let Some(db) = TestDb::new_postgres() else { return };
    let Location::Postgres { url, schema } = db.database().location() else { panic!("PostgreSQL") };
    let off =
        format!("{url}{}options=-c%20synchronous_commit%3Doff", if url.contains('?') { '&' } else { '?' });
    let database = Database::new(Location::Postgres { url: off, schema: schema.clone() }).unwrap();
    let shown =
        |mut tx: Tx| tx.first("SHOW synchronous_commit", params![], |row| row.text(0)).unwrap().unwrap();
    assert_eq!(shown(database.reader().unwrap()), "off", "the test's premise");
    assert_eq!(shown(database.writer().unwrap()), "on");
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let db = TestDb::new_sqlite();
    let mut tx = table(&db);
    tx.batch("PRAGMA max_page_count = 40").unwrap();
    let big = "字".repeat(2_000);
    let mut kept = 0;
    let error = loop {
        tx.begin().unwrap();
        match tx.write(INSERT, params![kept, &big]).and_then(|()| tx.commit()) {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StorageError::Full(_)), "{error}");
    tx.rollback().unwrap();
    assert!(kept > 5);
    assert_eq!(tx.count("SELECT COUNT(*) FROM t", params![]).unwrap(), kept);
    tx.batch("PRAGMA max_page_count = 4000").unwrap();
    tx.begin().unwrap();
    tx.write(INSERT, params![kept, &big]).unwrap();
    tx.commit().unwrap();
    assert_eq!(tx.count("SELECT COUNT(*) FROM t", params![]).unwrap(), kept + 1);
}

#[test]
fn a_copy_is_whole_and_readable() {
    let db = TestDb::new_sqlite();
    let mut tx = table(&db);
    tx.execute(INSERT, params![1_i64, "a"]).unwrap();
    let target = db.directory().join("it's a copy.db");
    db.database().reader().unwrap().copy_to(&target).unwrap();
    let mut copy = Database::new(Location::Sqlite(target)).unwrap().reader().unwrap();
    assert_eq!(copy.count("SELECT COUNT(*) FROM t", params![]).unwrap(), 1);
}

#[test]
fn a_server_that_does_not_answer_is_a_connection_error_that_says_why() {
    let url = "postgres://nobody@127.0.0.1:1/nothing".to_owned();
    let nowhere = Database::new(Location::Postgres { url, schema: "x".to_owned() }).unwrap();
    let error = nowhere.writer().err().unwrap();
    assert!(matches!(&error, StorageError::Connection(text) if text.contains("refused")), "{error}");
    assert!(Database::new(Location::Postgres { url: String::new(), schema: "a\"b".to_owned() }).is_err());
}
