//! A channel from adding to removing, through pages alone; and the records, each for whose units they are.

use axum::http::StatusCode;
use kernel::Timestamp;
use language::Lang;
use notify::{Outcome, SentFilter, sent_listed};
use storage::params;

use super::county::{Answer, County, block};

const ADDRESS: &str =
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";

fn fields(extra: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("kind", "wecom"),
        ("label", "安全工作群"),
        ("address", ADDRESS),
        ("topics", "overdue"),
        ("topics", "climb"),
        ("daily_hour", "8"),
    ];
    for (name, value) in extra {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    fields
}

async fn add(county: &County, cookie: &str, unit: &str, extra: &[(&'static str, &'static str)]) -> Answer {
    let new = county.unit_path(unit, "/channels/new");
    county.post(cookie, (&new, &new), &fields(extra)).await
}

#[test]
fn a_head_adds_tries_stops_and_removes_a_channel() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let added = add(&county, &head, "a", &[]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let page = added.location().split('?').next().unwrap().to_owned();
        let seen = county.get(&head, &page).await;
        assert!(
            seen.body.contains("安全工作群") && seen.body.contains("qyapi.weixin.qq.com"),
            "{}",
            seen.body
        );
        assert!(seen.body.contains("…5aaa") && !seen.body.contains("0ec2sifa"), "only its end is shown");
        for lang in Lang::ALL {
            let words = county.get_in(lang, &head, &page).await.body;
            let words = words.split("<main").nth(1).unwrap();
            assert!(!words.contains(">topic-") && !words.contains(">channel-"), "{words}");
            assert!(lang == Lang::ZhCn || !words.contains("测试消息"), "{words}");
        }
        let unsure = county.post(&head, (&page, &format!("{page}/test")), &[]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tested = county.post(&head, (&page, &format!("{page}/test")), &[("sure_test", "1")]).await;
        assert_eq!(tested.status, StatusCode::SEE_OTHER, "{}", tested.body);
        let waiting = county.read(|tx| tx.count("SELECT count(*) FROM notify_outbox", &[]).unwrap());
        assert_eq!(waiting, 1);
        let list = county.get(&head, &county.unit_path("a", "/channels")).await;
        assert!(list.body.contains("等待发送") && list.body.contains("安全工作群"), "{}", list.body);
        let change = [("label", "值班群"), ("topics", "daily"), ("daily_hour", "7")];
        let changed = county.post(&head, (&page, &page), &change).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        let seen = county.get(&head, &page).await;
        assert!(seen.body.contains("值班群") && seen.body.contains("…5aaa"), "the address stays");
        for (act, sure) in [("stop", "sure_stop"), ("resume", ""), ("remove", "sure_remove")] {
            let done = county.post(&head, (&page, &format!("{page}/{act}")), &[(sure, "1")]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.body);
        }
        assert_eq!(county.get(&head, &page).await.status, StatusCode::NOT_FOUND);
        assert_eq!(county.read(|tx| tx.count("SELECT count(*) FROM channel_secret", &[]).unwrap()), 0);
        let audit = county.cookie("audit");
        let trail = county.get(&audit, "/audit?kind=channel").await;
        for said in [
            "新增外发通道“安全工作群”",
            "修改外发通道“值班群”",
            "发送测试消息",
            "停用外发通道",
            "删除外发通道",
        ] {
            assert!(language::plain(&trail.body).contains(said), "{said}: {}", trail.body);
        }
        assert!(!trail.body.contains("0ec2sifa"));
    });
}

#[test]
fn a_form_comes_back_with_what_is_wrong() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        for (extra, said) in [
            ([("address", "")].as_slice(), "请填写机器人地址"),
            (&[("address", "https://evil.example/x")], "不在允许名单内"),
            (&[("address", "http://qyapi.weixin.qq.com:443/x")], "https://"),
            (&[("address", "qyapi")], "完整的机器人地址"),
            (&[("label", "")], "请填写这一项"),
            (&[("topics", "")], "请选择一项"),
            (&[("signing", "SEC1")], "只有钉钉机器人用加签密钥"),
            (&[("kind", "mail")], "至少一个公务邮箱"),
            (&[("kind", "mail"), ("mailboxes", "office")], "不是邮箱地址"),
        ] {
            let back = add(&county, &head, "a", extra).await;
            assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{extra:?}");
            assert!(back.body.contains(said), "{extra:?}: {}", back.body);
        }
        assert_eq!(county.read(|tx| tx.count("SELECT count(*) FROM channel", &[]).unwrap()), 0);
        let ding = [
            ("kind", "dingtalk"),
            ("address", "https://oapi.dingtalk.com/robot/send?access_token=abcd"),
            ("signing", "SEC1"),
        ];
        assert_eq!(add(&county, &head, "a", &ding).await.status, StatusCode::SEE_OTHER);
        let mail = [("kind", "mail"), ("mailboxes", "office@shizong.example.cn，safety@shizong.example.cn")];
        let mail = add(&county, &head, "a", &mail).await;
        let page = county.get(&head, mail.location().split('?').next().unwrap()).await;
        assert!(page.body.contains("safety@shizong.example.cn"), "{}", page.body);
    });
}

#[test]
fn everybody_keeps_to_his_own_units() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let added = add(&county, &head, "a", &[]).await;
        let page = added.location().split('?').next().unwrap().to_owned();
        let other = county.cookie("head_b");
        assert_eq!(county.get(&other, &page).await.status, StatusCode::NOT_FOUND);
        let own = county.unit_path("b", "/channels/new");
        let foreign = county.unit_path("a", "/channels/new");
        let refused = county.post(&other, (&own, &foreign), &fields(&[])).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let through = page
            .replace(&county.units["a"].0.simple().to_string(), &county.units["b"].0.simple().to_string());
        assert_eq!(
            county.get(&other, &through).await.status,
            StatusCode::NOT_FOUND,
            "a channel of another unit"
        );
        for login in ["office", "system"] {
            assert_eq!(county.get(&county.cookie(login), &page).await.status, StatusCode::OK, "{login}");
        }
        for login in ["guard_a", "security", "audit"] {
            let status = county.get(&county.cookie(login), &page).await.status;
            assert_eq!(status, StatusCode::FORBIDDEN, "{login}");
        }
    });
}

/// Records of both schools, as the courier writes them.
fn records(county: &County) {
    let rows =
        [("a", 60, "sent", "", "甲校 2026-0001"), ("b", 1, "given-up", "wecom-93000", "乙校 2026-0002")];
    for (unit, count, outcome, code, text) in rows {
        let unit = county.units[unit];
        let (ids, now) = (county.ids.clone(), county.desk.clock.now());
        access::operate(&county.handle, move |tx| {
            for number in 0..count {
                let at = Timestamp(now.0 - number * 1_000);
                tx.write(
                    "INSERT INTO notify_sent (id, at, channel_id, unit_id, label, kind, host, topics, items, body,
                        outcome, code, tries)
                     VALUES (?1, ?2, ?3, ?4, '工作群', 'wecom', 'qyapi.weixin.qq.com', 'overdue,climb', 2, ?5, ?6, ?7, 1)",
                    params![ids.uuid(at), at, unit.0, unit, text, outcome, code],
                )?;
            }
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn records_are_paged_filtered_and_exported_each_for_whose_they_are() {
    let county = County::new();
    records(&county);
    block(async {
        let head = county.cookie("head_a");
        let first = county.get(&head, "/sent").await;
        assert!(first.body.contains("甲校") && !first.body.contains("乙校"), "{}", first.body);
        let next = first.body.split("before=").nth(1).unwrap().split('"').next().unwrap();
        let second = county.get(&head, &format!("/sent?before={next}")).await;
        assert_eq!(second.body.matches("甲校 2026-0001").count(), 10);
        let office = county.cookie("office");
        let failed = county.get(&office, "/sent?outcome=given-up").await;
        assert!(failed.body.contains("机器人地址无效") && !failed.body.contains("甲校"), "{}", failed.body);
        let other = county.get(&office, "/sent?unit=2153000003").await;
        assert!(other.body.contains("乙校") && !other.body.contains("甲校"));
        let none = county.get(&office, "/sent?to=2020-01-01").await;
        assert!(none.body.contains("没有符合条件的外发记录"));
        let csv = county.get(&head, "/sent/export").await;
        assert_eq!(csv.body.lines().filter(|line| line.contains("甲校")).count(), 60, "{}", csv.body);
        assert!(!csv.body.contains("乙校"));
        let workbook = county.get(&head, "/sent/export?format=xlsx").await;
        assert_eq!(workbook.status, StatusCode::OK);
        assert!(workbook.body.starts_with("PK"));
        let system = county.get(&county.cookie("system"), "/sent").await;
        assert!(system.body.contains("qyapi") || system.body.contains("工作群"));
        assert!(!system.body.contains("2026-0001"), "who sees no hazards sees no text about them");
    });
    let scope = ("TRUE".to_owned(), Vec::new());
    let filter = SentFilter { outcome: Some(Outcome::Sent), ..SentFilter::default() };
    let found = county.read(move |tx| sent_listed(tx, &scope, &filter, 100).unwrap().len());
    assert_eq!(found, 60);
}
