use storage::{MigrationSet, Step, StorageError, Tally, Tx, migrate, params};
use test_support::both_databases;

const TABLES: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: "CREATE TABLE jar (day {int} NOT NULL, fruit {text} NOT NULL, amount {int} NOT NULL,
              PRIMARY KEY (day, fruit)) {keyed}",
    }],
}];

static JAR: Tally = Tally { table: "jar", keys: &["day", "fruit"] };

fn rows(tx: &mut Tx) -> Vec<(i64, String, i64)> {
    tx.query("SELECT day, fruit, amount FROM jar ORDER BY day, fruit", params![], |row| {
        Ok((row.int(0)?, row.text(1)?, row.int(2)?))
    })
    .unwrap()
}

both_databases! {
    fn sums_are_on_their_table_when_somebody_looks_and_after_the_commit(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        tx.begin().unwrap();
        for amount in [1, 1, -1, 5] {
            tx.add(&JAR, params![7, "pear"], amount).unwrap();
        }
        tx.add(&JAR, params![6, "plum"], 1).unwrap();
        tx.add(&JAR, params![6, "plum"], -1).unwrap();
        let looked = vec![(6, "plum".to_owned(), 0), (7, "pear".to_owned(), 6)];
        assert_eq!(rows(&mut tx), looked, "a sum of zero has a row as well");
        tx.add(&JAR, params![7, "pear"], 2).unwrap();
        tx.commit().unwrap();
        assert_eq!(rows(&mut db.database().reader().unwrap()).last().unwrap().2, 8);
    }

    fn a_table_that_is_emptied_has_no_sums_from_before(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        tx.begin().unwrap();
        tx.add(&JAR, params![7, "pear"], 3).unwrap();
        tx.write("DELETE FROM jar", params![]).unwrap();
        tx.add(&JAR, params![7, "plum"], 1).unwrap();
        tx.commit().unwrap();
        assert_eq!(rows(&mut tx), [(7, "plum".to_owned(), 1)]);
    }

    fn sums_that_were_rolled_back_are_gone(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        tx.begin().unwrap();
        tx.add(&JAR, params![7, "pear"], 3).unwrap();
        tx.rollback().unwrap();
        tx.begin().unwrap();
        tx.commit().unwrap();
        assert_eq!(rows(&mut tx), []);
        // Outside a transaction nothing waits.
        tx.add(&JAR, params![7, "pear"], 3).unwrap();
        tx.flush().unwrap();
        assert_eq!(rows(&mut db.database().reader().unwrap()), [(7, "pear".to_owned(), 3)]);
    }

    fn keys_of_another_table_are_refused(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        let refused: Result<(), StorageError> = tx.add(&JAR, params![7], 1);
        assert!(refused.is_err());
        assert!(tx.add(&JAR, params![None::<i64>, "pear"], 1).is_err());
    }
}
