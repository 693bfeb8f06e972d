use storage::{MigrationSet, Step, Tx, migrate, params, search};
use test_support::both_databases;

const TABLES: [MigrationSet; 1] = [MigrationSet {
    room: "test",
    tables: &[],
    steps: &[Step {
        name: "001",
        sql: concat!(
            "CREATE TABLE h (row {int} NOT NULL PRIMARY KEY) {strict};\n",
            storage::search_table!("h_search")
        ),
    }],
}];

const TEXTS: [&str; 7] = [
    "楼道灭火器过期",
    "楼道堆放杂物，消防通道堵塞",
    "Fire Extinguisher ABC-2024 过期",
    "ＡＢＣ干粉灭火器（4kg）压力不足",
    "食堂留样不足48小时",
    "已经扑灭",
    "",
];

fn filled(db: &test_support::TestDb) -> Tx {
    let mut tx = db.database().writer().unwrap();
    migrate(&mut tx, &TABLES).unwrap();
    tx.begin().unwrap();
    for (row, text) in (1_i64..).zip(TEXTS) {
        tx.write("INSERT INTO h (row) VALUES (?1)", params![row]).unwrap();
        search::put(&mut tx, "h_search", row, text, true).unwrap();
    }
    tx.commit().unwrap();
    tx
}

fn found(tx: &mut Tx, query: &str) -> Vec<i64> {
    let Some((condition, value)) = search::condition(tx.dialect(), "h_search", "h.row", 2, query) else {
        return vec![-1];
    };
    let sql = format!("SELECT row FROM h WHERE row > ?1 AND {condition} ORDER BY row");
    tx.query(&sql, params![0, &value], |row| row.int(0)).unwrap()
}

both_databases! {
    fn words_are_found_where_they_are_and_nowhere_else(db: TestDb) {
        let mut tx = filled(&db);
        for (query, rows) in [
            ("灭火器", vec![1, 4]),
            ("灭火器 过期", vec![1]),
            ("楼道灭火器过期", vec![1]),
            ("过期", vec![1, 3]),
            ("火灭", vec![]),
            ("通道堵塞", vec![2]),
            ("食堂 消防", vec![]),
            ("不足", vec![4, 5]),
            // One character, wherever it stands.
            ("灭", vec![1, 4, 6]),
            ("期", vec![1, 3]),
            ("塞", vec![2]),
            // Latin words from their beginning, whatever their case and width.
            ("ext", vec![3]),
            ("EXTINGUISHER", vec![3]),
            ("tinguisher", vec![]),
            ("abc", vec![3, 4]),
            ("ａｂｃ", vec![3, 4]),
            ("abc 灭火", vec![4]),
            ("2024", vec![3]),
            ("48", vec![5]),
            ("abc-2024", vec![3]),
            // What something follows in the same word is finished, what stands alone is not.
            ("abc-20", vec![3]),
            ("ab-2024", vec![]),
            ("ab 2024", vec![3]),
            ("ab过期", vec![]),
        ] {
            assert_eq!(found(&mut tx, query), rows, "{query}");
        }
    }

    fn words_read_one_by_one_are_found_as_by_the_table(db: TestDb) {
        let mut tx = filled(&db);
        let position = search::position_in(tx.dialect());
        let texts = ["灭火器过期ABC-2024", "疏散通道 灭火 器材", "一楼48号 ﬁ x９", "", "ABCD灭", "①灭②火"];
        for text in texts {
            tx.begin().unwrap();
            search::put(&mut tx, "h_search", 1, text, false).unwrap();
            tx.commit().unwrap();
            let plain = search::plain(text);
            for query in
                ["灭火器", "灭", "器", "abc", "bcd", "2024", "024", "abc-20", "ab-20", "ab 20", "abcd灭", "abc灭", "48", "x9", "过期", "道 灭火", "器材 一楼", "②", "4", "号"]
            {
                let by_table = found(&mut tx, query).contains(&1);
                let by_reading = search::pieces(query).iter().all(|piece| {
                    let sql = format!("SELECT {position}(?1, ?2)");
                    tx.first(&sql, params![&plain, piece], |row| row.int(0)).unwrap() > Some(0)
                });
                assert_eq!(by_reading, by_table, "{query} in {text}");
            }
        }
    }

    fn a_search_is_narrowed_to_the_units_asked_for_and_finds_units_by_their_names(db: TestDb) {
        let mut tx = filled(&db);
        let tag = |unit: u128| search::Tag::of(uuid::Uuid::from_u128(unit));
        tx.begin().unwrap();
        for (row, unit) in [(1, 10), (2, 10), (3, 20), (4, 20)] {
            let text = TEXTS[usize::try_from(row - 1).unwrap()];
            search::put_tagged(&mut tx, "h_search", row, text, &[tag(unit)], false).unwrap();
        }
        tx.commit().unwrap();
        let mut asked = |terms: &[search::Term], tags: &[search::Tag]| {
            let (condition, value) =
                search::matching_terms(tx.dialect(), "h_search", 1, terms, tags).unwrap();
            let sql = format!("SELECT rowid FROM h_search WHERE {condition} ORDER BY rowid");
            tx.query(&sql, params![&value], |row| row.int(0)).unwrap()
        };
        let word = |words: &str, units: &[u128]| search::Term {
            words: words.to_owned(),
            tags: units.iter().map(|unit| tag(*unit)).collect(),
        };
        assert_eq!(asked(&[word("灭火器", &[])], &[tag(10)]), [1]);
        assert_eq!(asked(&[word("灭火器", &[])], &[tag(10), tag(20)]), [1, 4]);
        assert_eq!(asked(&[word("灭火器", &[])], &[tag(30)]), [0; 0]);
        // A word that names a unit finds what is there, with the other words or without.
        assert_eq!(asked(&[word("第二小学", &[20])], &[]), [3, 4]);
        assert_eq!(asked(&[word("第二小学", &[20]), word("过期", &[])], &[]), [3]);
        assert_eq!(asked(&[word("第二小学", &[20])], &[tag(10)]), [0; 0]);
    }

    fn changed_and_removed_texts_are_not_found_any_more(db: TestDb) {
        let mut tx = filled(&db);
        tx.begin().unwrap();
        search::put(&mut tx, "h_search", 1, "配电箱未上锁", false).unwrap();
        search::remove(&mut tx, "h_search", 4).unwrap();
        tx.commit().unwrap();
        assert_eq!(found(&mut tx, "灭火器"), [0; 0]);
        assert_eq!(found(&mut tx, "配电箱"), [1]);
        tx.begin().unwrap();
        search::put(&mut tx, "h_search", 5, "灭火器", false).unwrap();
        tx.rollback().unwrap();
        assert_eq!(found(&mut tx, "灭火器"), [0; 0]);
    }

    fn no_text_and_no_query_is_an_error(db: TestDb) {
        let mut tx = filled(&db);
        let odd = "Ⅷ①²½ किताब ก็ مَكتَب e\u{301}te\u{301} İstanbul ǅ ﬁ 𝟘 \u{1f9ef}\u{200d} \u{fe0f} \u{10ffff} \u{2fa1d}\u{31350}";
        let long = ["灭火器", "abc", "x", "' OR 1=1 --", odd].map(|s| s.repeat(3_000));
        let mut queries: Vec<String> = [
            "'", "\"", "\"\"\"", "*", "**", "灭*", "AND", "OR NOT", "a AND", "NEAR(", "NEAR/2", "a:b", "grams:灭", "-x", "^x", "(",
            ")", "&", "|", "!", "<->", ":*", "a & !b", "\\", "\\'", "'; DROP TABLE h; --", "?1", "$1", "%", "\0", "灭\0火",
            "{a b}", "+", ",", "  ", "\u{3000}", odd,
        ]
        .map(str::to_owned)
        .to_vec();
        queries.extend(odd.split(' ').map(str::to_owned));
        queries.extend(long.iter().cloned());
        for query in &queries {
            found(&mut tx, query);
        }
        tx.begin().unwrap();
        for (row, text) in (100_i64..).zip(&queries) {
            tx.write("INSERT INTO h (row) VALUES (?1)", params![row]).unwrap();
            search::put(&mut tx, "h_search", row, text, true).unwrap();
        }
        tx.commit().unwrap();
        // What was put in as odd as it is comes out by its own words.
        for (row, query) in (100_i64..).zip(&queries) {
            let rows = found(&mut tx, query);
            assert!(rows == [-1] || rows.contains(&row), "{query:?}: {rows:?}");
        }
    }
}

#[test]
fn a_long_text_is_searchable_from_its_beginning() {
    let text: String = (0..2_000).filter_map(|n| char::from_u32(0x9fff - n)).collect();
    let start: String = text.chars().take(3).collect();
    let tokens = search::tokens(&text);
    assert!(tokens.len() <= 600);
    assert!(
        start.chars().collect::<Vec<_>>().windows(2).all(|p| tokens.contains(&p.iter().collect::<String>()))
    );
}
