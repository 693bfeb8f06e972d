//! The large-type edition is a guard's first screen, and nobody else's, until somebody chooses.

use axum::http::StatusCode;

use super::support::County;

const LARGE: &str = "class=\"large\"";

#[test]
fn a_guards_pages_are_in_large_type_until_he_chooses_otherwise() {
    let county = County::new();
    let guard = county.browser("guard");
    for path in ["/", "/me", "/today", "/hazards", "/hazards/new?category=H02"] {
        let page = guard.get(path);
        let page = if page.status == StatusCode::SEE_OTHER { guard.get(&page.to) } else { page };
        assert!(page.text.contains(LARGE), "{path}: {}", page.text);
        assert!(page.text.contains("name=\"large\" value=\"0\""), "the way back is offered on {path}");
    }
    assert!(guard.get("/no-such-page").text.contains(LARGE), "what goes wrong is told in large type too");
    let chosen = guard.post("/me", "/preferences", &[("large", "0"), ("back", "/me")]);
    assert_eq!((chosen.status, chosen.to.as_str()), (StatusCode::SEE_OTHER, "/me"));
    let normal = guard.choosing("large=0");
    assert!(!normal.get("/me").text.contains(LARGE), "he chose");
    assert!(normal.get("/me").text.contains("name=\"large\" value=\"1\""));
    for login in ["teacher", "head", "office"] {
        let browser = county.browser(login);
        assert!(!browser.get("/me").text.contains(LARGE), "{login}");
        assert!(browser.choosing("large=1").get("/me").text.contains(LARGE), "{login}");
    }
}
