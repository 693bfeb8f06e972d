//! The link after a second factor was bound leads into the platform, whatever the form said.

use access::{NewSession, SessionKind, SessionStage, open_session, operate, totp_code};
use axum::http::StatusCode;

use super::county::{County, block, hidden};
use web::SESSION_COOKIE;

/// A sign-in that waits for its second factor to be bound.
fn enrolling(county: &County) -> String {
    let new = NewSession {
        account: county.accounts["office"],
        kind: SessionKind::Ordinary,
        stage: SessionStage::Enrol,
        second_factor: false,
        agent: String::new(),
        address: String::new(),
    };
    let (ids, now, handle) = (county.ids.clone(), county.desk.clock.now(), county.handle.clone());
    // The writer is waited for, which a thread of the runtime may not.
    let opening =
        std::thread::spawn(move || operate(&handle, move |tx| open_session(tx, &ids, &new, now)).unwrap());
    format!("{SESSION_COOKIE}={}", opening.join().unwrap().as_cookie())
}

#[test]
fn after_enrolment_no_link_leads_to_a_foreign_address() {
    for (to, link) in [
        ("https://evil.cn/", "href=\"/\""),
        ("//evil.cn/units", "href=\"/\""),
        ("/\\evil.cn", "href=\"/\""),
        ("javascript:alert(1)", "href=\"/\""),
        ("/units?q=1", "href=\"/units?q=1\""),
    ] {
        let county = County::new();
        block(async {
            let cookie = enrolling(&county);
            let page = county.get(&cookie, "/sign-in").await;
            let secret = page.body.split("<code>").nth(1).and_then(|part| part.split('<').next());
            let secret = secret.unwrap_or_else(|| panic!("{}", page.body)).replace(' ', "");
            let code = totp_code(&secret, county.desk.clock.now()).unwrap();
            let body = format!("_csrf={}&code={code}&to={}", hidden(&page.body, "_csrf"), web::encoded(to));
            let bound = county.post_raw(&cookie, "/sign-in/enrol", body).await;
            assert_eq!(bound.status, StatusCode::OK, "{to}: {}", bound.body);
            let go = bound.body.split("<a class=\"button\"").nth(1).and_then(|part| part.split('>').next());
            assert!(go.is_some_and(|go| go.contains(link)), "{to}: {go:?} {}", bound.body);
            assert!(!bound.body.contains("evil.cn") && !bound.body.contains("javascript:"), "{to}");
        });
    }
}
