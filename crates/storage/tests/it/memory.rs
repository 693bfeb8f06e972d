use storage::{MigrationSet, Question, Step, StorageError, Tx, migrate, params};
use test_support::both_databases;
use uuid::Uuid;

const TABLES: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: "CREATE TABLE t (n {int} NOT NULL PRIMARY KEY) {strict}; CREATE TABLE other (n {int} NOT NULL PRIMARY KEY) {strict};",
    }],
}];

fn question() -> Question {
    Question { name: "how many", of: [Uuid::nil(); 3], tables: &["t"] }
}

/// How many rows there are, and whether the database was asked. Debug builds ask every time, to compare.
fn ask(tx: &mut Tx) -> Result<(i64, bool), StorageError> {
    let mut asked = false;
    let amount = tx.remembered(&question(), |tx| {
        asked = true;
        tx.count("SELECT count(*) FROM t", params![])
    })?;
    Ok((*amount, asked && !cfg!(debug_assertions)))
}

both_databases! {
    fn an_answer_is_forgotten_when_its_table_is_written(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        tx.begin().unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 0);
        tx.write("INSERT INTO t (n) VALUES (?1)", params![1]).unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 1);
        tx.execute("INSERT INTO t (n) VALUES (?1)", params![2]).unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 2);
        tx.write("INSERT INTO other (n) VALUES (?1)", params![1]).unwrap();
        assert_eq!(ask(&mut tx).unwrap(), (2, false), "another table");
        tx.execute("DELETE FROM t WHERE n = ?1", params![1]).unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 1);
        tx.commit().unwrap();
        tx.begin().unwrap();
        assert_eq!(ask(&mut tx).unwrap(), (1, false), "the next transaction");
        tx.rollback().unwrap();
    }

    fn what_was_rolled_back_is_not_remembered(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        tx.begin().unwrap();
        tx.write("INSERT INTO t (n) VALUES (?1)", params![1]).unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 1);
        tx.rollback().unwrap();
        tx.begin().unwrap();
        assert_eq!(ask(&mut tx).unwrap().0, 0);
        tx.rollback().unwrap();
    }

    fn a_table_left_out_of_the_question_is_found_out(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLES).unwrap();
        let wrong = Question { tables: &["other"], ..question() };
        let count = |tx: &mut Tx| tx.count("SELECT count(*) FROM t", params![]);
        tx.begin().unwrap();
        tx.remembered(&wrong, count).unwrap();
        tx.write("INSERT INTO t (n) VALUES (?1)", params![1]).unwrap();
        assert!(!cfg!(debug_assertions) || tx.remembered(&wrong, count).is_err());
        tx.rollback().unwrap();
    }
}
