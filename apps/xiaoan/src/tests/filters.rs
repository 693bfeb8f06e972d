//! A value of a filter that means nothing is named where the list is shown, and refused where a file is asked for.

use axum::http::StatusCode;

use super::support::County;

/// Who looks, the list, its file, and a field with a value that is none.
const NONSENSE: [(&str, &str, &str, &[&str]); 16] = [
    (
        "office",
        "/hazards",
        "/hazards/export",
        &[
            "stage=soon",
            "level=huge",
            "category=H98",
            "source=rumour",
            "town=somewhere",
            "unit=0",
            "repeat=often",
            "from=2026-02-30",
            "to=today",
            "q=%3F%3F",
            "sort=up",
            "turn=mayor",
            "kind=castle",
            "due_to=soon",
            "timely=perhaps",
            "closed_from=2026-02-30",
            "closed_to=x",
        ],
    ),
    ("office", "/supervisions", "/supervisions/export", &["stage=soon"]),
    (
        "office",
        "/transfers",
        "/transfers/export",
        &["stage=soon", "kind=postcard", "department=somewhere", "unit=0", "year=soon", "q=%3F%3F"],
    ),
    ("office", "/departments", "/departments/export", &["kind=castle", "state=asleep", "q=%3F"]),
    ("office", "/places", "/places/export", &["unit=0", "kind=castle", "state=asleep", "q=%3F"]),
    (
        "office",
        "/reports",
        "/reports/export",
        &["stage=soon", "unit=0", "category=H98", "late=2", "year=soon", "q=%3F"],
    ),
    ("office", "/accountability", "/accountability/export", &["stage=soon", "unit=0", "year=last"]),
    ("office", "/clarifications", "/clarifications/export", &["stage=soon", "unit=0", "year=last"]),
    (
        "office",
        "/guards",
        "/guards/export",
        &["view=soon", "township=somewhere", "kind=castle", "boarding=perhaps", "kit=perhaps", "q=%3F"],
    ),
    ("office", "/cockpit/schools", "/cockpit/schools/export", &["view=soon", "town=somewhere"]),
    ("office", "/guards/roster", "/guards/roster/export", &["view=soonest", "unit=0"]),
    ("system", "/units", "/units/export", &["kind=castle", "township=somewhere", "closed=2"]),
    ("system", "/accounts", "/accounts/export", &["unit=somewhere", "role=king", "state=asleep"]),
    ("audit", "/audit", "/audit/export", &["kind=weather", "from=30.2.2026", "to=2026-13-01"]),
    ("audit", "/audit/sign-ins", "/audit/sign-ins/export", &["result=perhaps", "from=2026-02-30", "to=x"]),
    ("office", "/sent", "/sent/export", &["channel=somewhere", "outcome=perhaps", "from=2026-02-30", "to=x"]),
];

#[test]
fn a_value_that_is_none_is_named_and_narrows_nothing() {
    let county = County::new();
    for (login, list, _, fields) in NONSENSE {
        let browser = county.browser(login);
        let (whole, english) = (browser.get(list).text, browser.get_in("en", list).text);
        assert!(!whole.contains("认不出") && !english.contains("was not understood"), "{list}");
        for field in fields {
            let path = format!("{list}?{field}");
            let page = browser.get(&path);
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let told = language::plain(&page.text).matches("认不出，没有用它筛选").count();
            assert_eq!(told, 1, "{path}: {}", page.text);
            let page = browser.get_in("en", &path);
            assert!(
                page.text.contains("was not understood, and the list is not narrowed by it"),
                "{path}: {}",
                page.text
            );
        }
        let both = browser.get(&format!("{list}?{}", fields.join("&"))).text;
        assert_eq!(language::plain(&both).matches("认不出").count(), fields.len(), "each of them: {list}");
        assert_eq!(both.matches("<tr").count(), whole.matches("<tr").count(), "nothing is left out: {list}");
    }
}

#[test]
fn no_file_is_made_by_a_filter_that_was_not_understood() {
    let county = County::new();
    for (login, _, file, fields) in NONSENSE {
        let browser = county.browser(login);
        assert_eq!(browser.get(file).status, StatusCode::OK, "{file}");
        for field in fields {
            let path = format!("{file}?{field}");
            let page = browser.get(&path);
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}: {}", page.text);
            assert!(language::plain(&page.text).contains("认不出，没有导出"), "{path}: {}", page.text);
            let english = browser.get_in("en", &path).text;
            assert!(english.contains("so nothing was exported"), "{path}: {english}");
        }
    }
}
