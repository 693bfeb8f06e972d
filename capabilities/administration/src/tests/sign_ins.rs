//! The log of sign-ins as the audit administrator reads it.

use access::{Origin, Outcome, Password, SignIn};
use axum::http::StatusCode;

use super::county::{County, PASSWORD, block};

/// Tries to sign in away from the runtime, which may not wait for the writer.
fn tried(county: &County, login: &str, password: &str) -> Outcome {
    let request = SignIn {
        login: login.to_owned(),
        password: Password::new(password),
        totp: None,
        from: Origin { address: "203.0.113.9".to_owned(), device: None },
        agent: "test".to_owned(),
    };
    let (desk, database) = (county.desk.clone(), county.db.database().clone());
    let trying =
        std::thread::spawn(move || desk.sign_in.sign_in(&mut database.reader().unwrap(), &request).unwrap());
    trying.join().unwrap()
}

#[test]
fn who_signed_in_and_who_could_not_is_on_a_page_of_its_own() {
    let county = County::new();
    block(async {
        let audit = county.cookie("audit");
        let page = "/audit/sign-ins";
        let empty = county.get(&audit, page).await;
        assert!(empty.status == StatusCode::OK && empty.body.contains("还没有人登录过"), "{}", empty.body);
        assert!(matches!(tried(&county, "head_a", PASSWORD), Outcome::Ok(_)));
        tried(&county, "head_a", "wrong");
        tried(&county, "MyPassword-1", "wrong");
        let all = county.get(&audit, page).await.body;
        for words in [
            "李校长",
            "登录成功",
            "密码错误",
            "没有这个登录名",
            "203.0.113.9",
            "丹凤第一小学",
            "登录记录完整",
        ] {
            assert!(all.contains(words), "{words}: {all}");
        }
        assert!(!all.to_lowercase().contains("mypassword-1"), "what was typed is not kept");
        let list = |query: &'static str| {
            let (county, audit) = (&county, &audit);
            async move { county.get(audit, &format!("/audit/sign-ins/export?{query}")).await.body }
        };
        let rows = |csv: &str| csv.lines().count() - 1;
        for (query, found) in [
            ("", 3),
            ("who=head_a", 2),
            ("who=nobody", 0),
            ("result=wrong_password", 1),
            ("result=unknown_login&who=head_a", 0),
            ("from=2000-01-01&to=2000-01-02", 0),
            ("from=2000-01-01", 3),
        ] {
            let csv = list(query).await;
            assert_eq!(rows(&csv), found, "{query}: {csv}");
        }
        let none = county.get(&audit, "/audit/sign-ins?who=nobody").await.body;
        assert!(none.contains("没有符合条件的记录") && !none.contains("还没有人登录过"));
        let english = county.get_in(language::Lang::En, &audit, page).await.body;
        assert!(english.contains("wrong password") && english.contains("no such login"), "{english}");
        let reads = county.get(&audit, "/audit/reads").await.body;
        assert!(reads.contains("导出登录记录"), "that it was taken out is told: {reads}");
        for login in ["system", "security", "office", "head_a"] {
            assert_eq!(county.get(&county.cookie(login), page).await.status, StatusCode::FORBIDDEN);
        }
    });
}

#[test]
fn a_sign_in_that_was_altered_shows() {
    let county = County::new();
    block(async {
        tried(&county, "head_a", "wrong");
        let audit = county.cookie("audit");
        let sql = "UPDATE sign_in_log SET result = 'signed_in' WHERE number = 1";
        county.handle.housekeep(move |tx| tx.write(sql, &[])).await.unwrap();
        let log = county.get(&audit, "/audit/sign-ins?verify=1").await.body;
        assert!(log.contains("notice red") && log.contains("与前面的记录对不上"), "{log}");
    });
}

#[test]
fn who_audits_this_platform_sees_accounts_from_above_too() {
    let mut county = County::new();
    county.city_inspector("inspector");
    block(async {
        assert!(matches!(tried(&county, "inspector", PASSWORD), Outcome::Ok(_)));
        let audit = county.cookie("audit");
        let log = county.get(&audit, "/audit/sign-ins").await.body;
        assert!(log.contains("何督学") && log.contains("曲靖市教育体育局"), "{log}");
        let csv = county.get(&audit, "/audit/sign-ins/export").await.body;
        assert_eq!(csv.lines().count(), 2, "{csv}");
    });
}

#[test]
fn reads_are_narrowed_as_sign_ins_are() {
    let county = County::new();
    block(async {
        let audit = county.cookie("audit");
        for _ in 0..2 {
            assert_eq!(county.get(&audit, "/audit/sign-ins/export").await.status, StatusCode::OK);
        }
        let all = county.get(&audit, "/audit/reads").await.body;
        assert!(all.contains("name=\"who\"") && all.contains("name=\"from\""), "{all}");
        let rows = |csv: &str| csv.lines().count() - 1;
        // Each file that is taken out is a read itself, and stands in the file.
        let asked = [
            ("", true),
            ("who=audit", true),
            ("who=head_a", false),
            ("to=2000-01-02", false),
            ("from=2000-01-01", true),
        ];
        for (taken, (query, all)) in (3..).zip(asked) {
            let csv = county.get(&audit, &format!("/audit/reads/export?{query}")).await.body;
            assert!(rows(&csv) == if all { taken } else { 0 }, "{query}, {taken}: {csv}");
        }
        let none = county.get(&audit, "/audit/reads?who=nobody").await.body;
        assert!(none.contains("没有符合条件的记录") && none.contains("class=\"chips\""), "{none}");
        let unread = county.get(&audit, "/audit/reads?from=2026-02-30").await;
        assert!(unread.status == StatusCode::OK && unread.body.contains("2026-02-30"), "{}", unread.body);
        let unread = county.get(&audit, "/audit/reads/export?from=2026-02-30").await;
        assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn an_address_that_means_two_things_or_none_is_refused() {
    let county = County::new();
    block(async {
        let audit = county.cookie("audit");
        for list in ["/audit/export", "/audit/reads/export", "/audit/sign-ins/export"] {
            let pdf = county.get(&audit, &format!("{list}?format=pdf")).await;
            assert_eq!(pdf.status, StatusCode::NOT_FOUND, "{list}");
        }
        let twice = county.get(&audit, "/audit/sign-ins?who=a&result=locked&who=b").await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{}", twice.body);
        assert!(twice.body.contains("who") && twice.body.contains("写了两次"), "{}", twice.body);
    });
}

#[test]
fn the_notice_tells_of_this_log() {
    let county = County::new();
    block(async {
        let notice = county.get(&county.cookie("head_a"), "/notice").await.body;
        assert!(notice.contains("登录记录") && notice.contains("IP"), "{notice}");
        let years = access::limits::SIGN_IN_LOG_KEPT_MS / (365 * kernel::Timestamp::DAY_MS);
        assert!(years == 2 && notice.contains("保存两年"), "the notice says how long: {years}");
    });
}
