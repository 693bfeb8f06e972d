//! Pages of what went wrong: with the navigation for whoever is signed in, and a way back or in for everybody.

use axum::http::StatusCode;

use super::county::{Answer, County, POSTS, block};

fn has_navigation(answer: &Answer) -> bool {
    let page = &answer.body;
    page.contains("data-failed-page")
        && page.contains("data-key=\"units\"")
        && page.contains("action=\"/sign-out\"")
}

#[test]
fn whoever_is_signed_in_keeps_the_navigation_and_finds_back() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let from = "https://xiaoan.test/units?q=1";
        for (path, status) in [
            ("/nowhere", StatusCode::NOT_FOUND),
            ("/units/nonsense", StatusCode::NOT_FOUND),
            ("/audit", StatusCode::FORBIDDEN),
        ] {
            let page = county.get_from(&head, from, path).await;
            assert_eq!(page.status, status, "{path}");
            assert!(has_navigation(&page), "{path}: {}", page.body);
            assert!(page.body.contains("href=\"/units?q=1\">返回上一页"), "{path}: {}", page.body);
            assert!(page.body.contains("href=\"/\">回到首页") && !page.body.contains("/sign-in?to="));
        }
        // Another site's page is no way back.
        let foreign = county.get_from(&head, "https://evil.cn/units", "/nowhere").await;
        assert!(has_navigation(&foreign) && !foreign.body.contains("返回上一页"), "{}", foreign.body);
        let expired = county.post_raw(&head, "/me/password", "_csrf=forged".to_owned()).await;
        assert_eq!(expired.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(has_navigation(&expired) && expired.body.contains("form-expired"), "{}", expired.body);
        let account = county.accounts["head_a"];
        while county.desk.count_post(account).is_ok() {}
        let busy = county.post_raw(&head, "/me/password", String::new()).await;
        assert_eq!(busy.status, StatusCode::TOO_MANY_REQUESTS, "after {POSTS}");
        assert!(has_navigation(&busy) && busy.body.contains("一分钟内提交得太多"), "{}", busy.body);
    });
}

#[test]
fn a_fault_has_a_way_on_too() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        county.handle.housekeep(|tx| tx.write("DROP TABLE unit_placement", &[])).await.unwrap();
        county.handle.housekeep(|tx| tx.write("DROP TABLE person_post", &[])).await.unwrap();
        let broken = county.get(&head, &county.unit_path("a", "")).await;
        assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(has_navigation(&broken) && !broken.body.contains("person_post"), "{}", broken.body);
    });
}

#[test]
fn a_stranger_is_shown_where_to_sign_in() {
    let county = County::new();
    block(async {
        let page = county.get_from("", "", "/nowhere?x=1").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("href=\"/sign-in?to=%2Fnowhere%3Fx%3D1\">去登录"), "{}", page.body);
        assert!(!page.body.contains("data-key=\"units\"") && !page.body.contains("action=\"/sign-out\""));
        let sent = county.post_raw("", "/sign-in", "login=a".to_owned()).await;
        assert!(sent.body.contains("form-expired") && sent.body.contains("href=\"/sign-in?to=%2F\""));
    });
}

#[test]
fn a_stranger_sends_a_few_words_and_no_file() {
    let county = County::new();
    block(async {
        for path in [
            "/bind/nobody",
            "/preferences",
            "/sign-in",
            "/sign-in/code",
            "/sign-in/password",
            "/sign-in/enrol",
            "/sign-out",
        ] {
            assert_eq!(county.post_file(path, 1).await.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
            let long = format!("back=%2F&me={}", "x".repeat(64 * 1024));
            assert_eq!(county.post_raw("", path, long).await.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        }
    });
}
