use storage::{MigrationSet, Step, migrate, params};
use test_support::both_databases;
use uuid::Uuid;

const TABLE: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: "CREATE TABLE t (id {int} NOT NULL PRIMARY KEY, s {text}, u {uuid}, n {int}, b {bool}, x {blob}) {strict}",
    }],
}];

/// In the order of their bytes in UTF-8, which is the order of code points.
const SORTED: [&str; 16] = [
    "",
    " ",
    "1号楼",
    "10号楼",
    "2号楼",
    "A",
    "B栋",
    "a",
    "Ä",
    "ß",
    "一年级",
    "三年级",
    "二年级",
    "灭火器",
    "Ａ",
    "\u{20000}",
];

both_databases! {
    fn text_is_ordered_by_code_point(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLE).unwrap();
        let mut expected = SORTED.to_vec();
        expected.sort_unstable();
        for (n, text) in SORTED.iter().enumerate() {
            let n = (n * 7) % SORTED.len();
            tx.write("INSERT INTO t (id, s) VALUES (?1, ?2)", params![n, *text]).unwrap();
        }
        tx.write("INSERT INTO t (id) VALUES (99)", params![]).unwrap();
        let mut read = |sql: &str| tx.query(sql, params![], |row| row.opt_text(0)).unwrap();
        let mut wanted: Vec<Option<String>> = expected.iter().map(|s| Some((*s).to_owned())).collect();
        wanted.push(None);
        assert_eq!(read("SELECT s FROM t ORDER BY s NULLS LAST, id"), wanted);
        wanted.reverse();
        assert_eq!(read("SELECT s FROM t ORDER BY s DESC NULLS FIRST, id"), wanted);
        assert_eq!(read("SELECT MIN(s) FROM t WHERE s > '一年级'"), [Some("三年级".to_owned())]);
        assert_eq!(read("SELECT s FROM t WHERE s < 'A' ORDER BY s NULLS LAST").len(), 5);
    }

    fn uuids_numbers_booleans_and_bytes_are_ordered_alike(db: TestDb) {
        let mut tx = db.database().writer().unwrap();
        migrate(&mut tx, &TABLE).unwrap();
        for n in 0..64_u64 {
            let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let uuid = Uuid::from_u64_pair(mixed, n);
            let number = (n % 5 > 0).then_some(mixed as i64);
            let bytes = mixed.to_be_bytes();
            let bytes = &bytes[..(n as usize % 8) + 1];
            let put = "INSERT INTO t (id, u, n, b, x) VALUES (?1, ?2, ?3, ?4, ?5)";
            tx.write(put, params![n, uuid, number, n % 3 == 0, bytes]).unwrap();
        }
        let mut read = |order: &str| {
            let sql = format!("SELECT u, n, b, x FROM t ORDER BY {order}, id");
            let row = |row: &storage::Row<'_>| Ok((row.id::<Uuid>(0)?, row.opt_int(1)?, row.bool(2)?, row.blob(3)?));
            tx.query(&sql, params![], row).unwrap()
        };
        assert!(read("u").is_sorted_by_key(|row| row.0));
        assert!(read("x").is_sorted_by_key(|row| row.3.clone()));
        assert!(read("b").is_sorted_by_key(|row| row.2));
        assert!(read("n NULLS LAST").is_sorted_by_key(|row| (row.1.is_none(), row.1)));
        assert!(read("n DESC NULLS FIRST").is_sorted_by_key(|row| (row.1.is_some(), row.1.map(|n| -i128::from(n)))));
        let after = Uuid::from_u64_pair(u64::MAX / 2, 0);
        let half = tx.query("SELECT u FROM t WHERE u > ?1 ORDER BY u", params![after], |row| row.id::<Uuid>(0)).unwrap();
        assert!(half.len() > 20 && half.len() < 44 && half.iter().all(|u| *u > after));
    }
}
