//! The audit trail.

use axum::http::StatusCode;

use super::county::{County, block};

#[test]
fn the_journal_reads_as_sentences_and_never_shows_names_of_people() {
    let county = County::new();
    block(async {
        let audit = county.cookie("audit");
        let list = county.get(&audit, "/audit?kind=person").await;
        assert_eq!(list.status, StatusCode::OK);
        assert!(list.body.contains("录入一名人员：保安") && !list.body.contains("张大山"));
        let one = county.get(&audit, "/audit?unit=2153000002&kind=unit").await;
        assert!(one.body.contains("录入单位“丹凤第一小学”") && !one.body.contains("第二小学"));
        let nobody = county.get(&audit, "/audit?who=nobody").await;
        assert!(nobody.body.contains("没有符合条件的记录"));
        let position = county.read(|tx| {
            let sql =
                "SELECT position FROM event WHERE event_type = 'person.entered' ORDER BY position LIMIT 1";
            tx.count(sql, &[]).unwrap()
        });
        let event = county.get(&audit, &format!("/audit/{position}")).await;
        assert_eq!(event.status, StatusCode::OK);
        assert!(event.body.contains("这里不显示") && !event.body.contains("13812345678"));
        assert_eq!(county.get(&audit, "/audit/999999").await.status, StatusCode::NOT_FOUND);
        assert_eq!(county.get(&audit, "/audit/0").await.status, StatusCode::NOT_FOUND);
        let csv = county.get(&audit, "/audit/export?kind=account").await;
        assert!(csv.body.starts_with('\u{feff}') && csv.body.lines().count() > 14, "{}", csv.body);
        assert!(!csv.body.contains("13812345678"));
    });
}

#[test]
fn a_row_that_was_altered_shows() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let page = county.person_path("guard_a", "");
        let act = county.person_path("guard_a", "/phone");
        county.post(&head, (&page, &act), &[("why", "联系")]).await;
        county.post(&head, (&page, &act), &[("why", "再联系")]).await;
        county
            .handle
            .housekeep(|tx| tx.write("UPDATE access_log SET why = '无' WHERE number = 1", &[]))
            .await
            .unwrap();
        let audit = county.cookie("audit");
        let log = county.get(&audit, "/audit/reads").await;
        assert!(log.body.contains("notice red") && log.body.contains("与前面的记录对不上"), "{}", log.body);
    });
}
