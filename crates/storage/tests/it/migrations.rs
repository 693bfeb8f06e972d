use storage::{MigrationSet, Step, Tx, migrate, params};
use test_support::both_databases;

const FIRST: Step =
    Step { name: "001", sql: "CREATE TABLE a (id {int} NOT NULL PRIMARY KEY, s {text}) {strict};" };
const SECOND: Step = Step {
    name: "002",
    sql: "CREATE TABLE b (id {int} NOT NULL PRIMARY KEY) {strict};\nINSERT INTO b (id) VALUES (7);\n--sqlite\nINSERT INTO b (id) VALUES (8);\n--postgres\nINSERT INTO b (id) VALUES (9);\n--both\n",
};

fn set(steps: &'static [Step]) -> [MigrationSet; 1] {
    [MigrationSet { room: "room", tables: &[], steps }]
}

fn exists(tx: &mut Tx, table: &str) -> bool {
    tx.count(&format!("SELECT COUNT(*) FROM {table}"), params![]).is_ok()
}

both_databases! {
    fn each_step_is_applied_once(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        assert_eq!(migrate(&mut tx, &set(&[FIRST])).unwrap(), ["room/001"]);
        assert_eq!(migrate(&mut tx, &set(&[FIRST, SECOND])).unwrap(), ["room/002"]);
        assert_eq!(migrate(&mut tx, &set(&[FIRST, SECOND])).unwrap(), [""; 0]);
        let mut again = db.database().writer().unwrap();
        assert_eq!(migrate(&mut again, &set(&[FIRST, SECOND])).unwrap(), [""; 0]);
        let rows = tx.query("SELECT id FROM b ORDER BY id", params![], |row| row.int(0)).unwrap();
        assert_eq!(rows, if db.is_postgres() { [7, 9] } else { [7, 8] });
    }

    fn a_step_changed_after_release_is_refused(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &set(&[FIRST])).unwrap();
        const CHANGED: Step = Step { name: "001", sql: "CREATE TABLE a (id {int} NOT NULL PRIMARY KEY) {strict};" };
        let error = migrate(&mut tx, &set(&[CHANGED, SECOND])).unwrap_err().to_string();
        assert!(error.contains("room/001"), "{error}");
        assert!(!exists(&mut tx, "b"), "nothing after it is applied");
    }

    fn a_failed_step_leaves_nothing_behind(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        const BROKEN: Step = Step {
            name: "002",
            sql: "CREATE TABLE c (id {int} NOT NULL PRIMARY KEY) {strict};\nINSERT INTO nowhere (id) VALUES (1);",
        };
        let error = migrate(&mut tx, &set(&[FIRST, BROKEN])).unwrap_err().to_string();
        assert!(error.contains("room/002") && error.contains("nowhere"), "{error}");
        assert!(exists(&mut tx, "a") && !exists(&mut tx, "c"));
        assert_eq!(tx.count("SELECT COUNT(*) FROM schema_step", params![]).unwrap(), 1);
        assert_eq!(migrate(&mut tx, &set(&[FIRST, SECOND])).unwrap(), ["room/002"], "mended, it goes on");
    }
}
