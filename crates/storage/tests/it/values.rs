use kernel::{ActorId, Timestamp, UnitId};
use storage::{MigrationSet, Param, Step, StorageError, Tx, params};
use test_support::both_databases;
use uuid::Uuid;

const ALL: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: "CREATE TABLE t (id {int} NOT NULL PRIMARY KEY, b {bool}, i {int}, r {real}, s {text}, u {uuid}, x {blob}) {strict}",
    }],
}];

fn made(db: &test_support::TestDb) -> Tx {
    let mut tx = db.database().writer().unwrap();
    storage::migrate(&mut tx, &ALL).unwrap();
    tx
}

both_databases! {
    fn every_type_comes_back_as_it_went(db: TestDb) {
        let mut tx = made(&db);
        let uuid = Uuid::from_u128(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        let bytes = vec![0_u8, 255, 39, 0];
        let text = "消防通道 '堵塞'? ?1 $1 \u{1f9ef}";
        let insert = "INSERT INTO t (id, b, i, r, s, u, x) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        tx.begin().unwrap();
        tx.write(insert, params![1_u8, true, i64::MIN, -0.1_f64, text, uuid, &bytes]).unwrap();
        tx.write(insert, params![2_u64, false, i64::MAX, 1e300_f64, "", Uuid::nil(), &[] as &[u8]]).unwrap();
        let none = None::<i64>;
        let nothing = params![3_i32, None::<bool>, none, None::<f64>, None::<&str>, None::<Uuid>, Param::Null];
        tx.write(insert, nothing).unwrap();
        tx.write(insert, params![4_usize, true, Timestamp(7), 3_i64, text, UnitId(uuid), &bytes]).unwrap();
        tx.commit().unwrap();
        let rows = tx
            .query("SELECT b, i, r, s, u, x FROM t WHERE id <> 3 ORDER BY id", params![], |row| {
                Ok((row.bool(0)?, row.int(1)?, row.real(2)?, row.text(3)?, row.id::<Uuid>(4)?, row.blob(5)?))
            })
            .unwrap();
        assert_eq!(rows[0], (true, i64::MIN, -0.1, text.to_owned(), uuid, bytes.clone()));
        assert_eq!(rows[1], (false, i64::MAX, 1e300, String::new(), Uuid::nil(), Vec::new()));
        assert_eq!(rows[2], (true, 7, 3.0, text.to_owned(), uuid, bytes));
        tx.first("SELECT b, i, r, s, u, x FROM t WHERE id = 3", params![], |row| {
            assert_eq!((row.opt_bool(0)?, row.opt_int(1)?, row.opt_real(2)?), (None, None, None));
            assert_eq!((row.opt_text(3)?, row.opt_id::<ActorId>(4)?, row.opt_blob(5)?), (None, None, None));
            assert_eq!(row.opt_time(1)?, None);
            for column in 0..6 {
                let failed = [
                    row.bool(column).is_err(),
                    row.int(column).is_err(),
                    row.text(column).is_err(),
                    row.id::<Uuid>(column).is_err(),
                ];
                assert_eq!(failed, [true; 4], "NULL is no value");
            }
            Ok(())
        })
        .unwrap()
        .unwrap();
        tx.first("SELECT s, u, i FROM t WHERE id = 1", params![], |row| {
            assert!(matches!(row.int(0), Err(StorageError::Column { column: 0, .. })));
            assert!(matches!(row.text(1), Err(StorageError::Column { column: 1, .. })));
            assert!(row.id::<Uuid>(2).is_err() && row.int(9).is_err());
            Ok(())
        })
        .unwrap()
        .unwrap();
    }

    fn integers_of_literals_and_counts_can_be_read(db: TestDb) {
        let mut tx = made(&db);
        let got = tx.first("SELECT 1, COUNT(*), 'a', TRUE FROM t", params![], |row| {
            Ok((row.int(0)?, row.int(1)?, row.text(2)?, row.bool(3)?))
        });
        assert_eq!(got.unwrap(), Some((1, 0, "a".to_owned(), true)));
        assert_eq!(tx.count("SELECT id FROM t", params![]).unwrap(), 0);
        assert_eq!(tx.count("SELECT MAX(id) FROM t", params![]).unwrap(), 0);
    }

    fn parameters_are_numbered_reused_and_not_seen_in_quotes(db: TestDb) {
        let mut tx = made(&db);
        tx.write("INSERT INTO t (id, i, s) VALUES (?1, ?1, ?2)", params![5, "what?"]).unwrap();
        let sql = "SELECT i + ?2, s || '?1 it''s ?', s FROM t WHERE id = ?1 AND i = ?1 AND s = 'what?' AND i < ?2";
        let got = tx.first(sql, params![5_i64, 10_i64], |row| Ok((row.int(0)?, row.text(1)?, row.text(2)?)));
        assert_eq!(got.unwrap(), Some((15, "what??1 it's ?".to_owned(), "what?".to_owned())));
    }

    fn a_value_of_the_wrong_type_is_refused_not_misread(db: TestDb) {
        let mut tx = made(&db);
        assert!(tx.execute("INSERT INTO t (id, i) VALUES (1, ?1)", params![0.5_f64]).is_err());
        assert!(tx.execute("INSERT INTO t (id, i) VALUES (1, ?1)", params!["x"]).is_err());
        assert!(tx.execute("INSERT INTO t (id, x) VALUES (1, ?1)", params![5_i64]).is_err());
        assert!(tx.execute("INSERT INTO t (id, i) VALUES (1, 2)", params![]).is_ok());
        if db.is_postgres() {
            assert!(tx.first("SELECT i FROM t WHERE i < ?1", params![0.5_f64], |row| row.int(0)).is_err());
            assert!(tx.first("SELECT i FROM t WHERE s = ?1", params![5_i64], |row| row.int(0)).is_err());
        }
    }

    fn counts_of_rows_touched_are_told(db: TestDb) {
        let mut tx = made(&db);
        for id in 0..5_i64 {
            tx.write("INSERT INTO t (id) VALUES (?1)", params![id]).unwrap();
        }
        assert_eq!(tx.execute("UPDATE t SET i = 1 WHERE id > ?1", params![1_i64]).unwrap(), 3);
        assert_eq!(tx.execute("DELETE FROM t WHERE id > ?1", params![100_i64]).unwrap(), 0);
    }

    fn more_statements_than_are_kept_still_work(db: TestDb) {
        let mut tx = made(&db);
        tx.begin().unwrap();
        for n in 0..1_200_i64 {
            tx.write(&format!("INSERT INTO t (id, i) VALUES (?1, {n})"), params![n]).unwrap();
        }
        tx.commit().unwrap();
        assert_eq!(tx.count("SELECT COUNT(*) FROM t WHERE id = i", params![]).unwrap(), 1_200);
    }
}
