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

#[test]
fn the_head_is_shown_whole_and_an_event_in_words() {
    let county = County::new();
    block(async {
        let audit = county.cookie("audit");
        let identity = county.handle.identity();
        let head = county.read(move |tx| journal::ChainHead::load(tx, identity).unwrap());
        let digits: String = head.local.iter().map(|byte| format!("{byte:02x}")).collect();
        let groups: Vec<&str> = (0..8).map(|at| &digits[at * 8..at * 8 + 8]).collect();
        let list = county.get(&audit, "/audit").await;
        assert!(list.body.contains(&groups.join(" ")), "all 64 digits: {}", list.body);
        let unit = county.units["a"];
        let position = county.read(move |tx| {
            let found = journal::events_of_stream(tx, unit.into(), None).unwrap();
            found.into_iter().next().unwrap().position
        });
        let page = county.get(&audit, &format!("/audit/{position}")).await.body;
        let (shown, raw) = page.split_once("<details class=\"card folded raw\">").unwrap();
        for (label, value) in [
            ("名称", "丹凤第一小学"),
            ("类别", "小学"),
            ("基本情况 › 在校生", "620"),
            ("隶属 1 › 上级", "丹凤中心学校"),
            ("隶属 1 › 隶属线", "管理线"),
        ] {
            assert!(shown.contains(label) && shown.contains(value), "{label}: {value}: {shown}");
        }
        assert!(
            !shown.contains("{&") && !shown.contains("placements"),
            "no JSON before the raw form: {shown}"
        );
        assert!(raw.contains("placements"), "{raw}");
        let english = county.get_in(language::Lang::En, &audit, &format!("/audit/{position}")).await.body;
        assert!(english.contains("Facts › Pupils"), "{english}");
    });
}

#[test]
fn why_a_list_was_taken_out_is_no_address() {
    for (kept, told) in [
        ("联系家长", "联系家长"),
        ("/units/0/people/export?format=xlsx&post=", "导出名单，没有筛选"),
        ("/accounts/export?q=%E7%8E%8B&state=open&after=7", "导出名单，筛选：搜索=王、状态=open"),
        ("/exports/77/file · 师宗县 · 全部状态", "师宗县 · 全部状态"),
    ] {
        assert_eq!(crate::words::why(language::Lang::ZhCn, kept), told);
    }
}
