//! Every page in both languages, and who may open it.

use axum::http::StatusCode;
use language::Lang;

use super::county::{County, block};
use crate::pages::ROUTE_RULES;

fn pages(county: &County) -> Vec<(&'static str, String)> {
    vec![
        ("system", "/units".to_owned()),
        ("system", "/units?kind=primary&q=%E4%B8%B9%E5%87%A4".to_owned()),
        ("system", "/units?closed=1".to_owned()),
        ("office", county.unit_path("a", "")),
        ("system", county.unit_path("county", "")),
        ("system", "/units/new".to_owned()),
        ("head_a", county.unit_path("a", "/describe")),
        ("system", county.unit_path("a", "/rename")),
        ("system", county.unit_path("a", "/recode")),
        ("system", county.unit_path("a", "/rekind")),
        ("system", county.unit_path("a", "/assign")),
        ("system", county.unit_path("a", "/unassign")),
        ("system", county.unit_path("a", "/reopen")),
        ("system", county.unit_path("a", "/move")),
        ("system", county.unit_path("a", "/close")),
        ("head_a", county.unit_path("a", "/people/new")),
        ("head_a", county.unit_path("a", "/people/new?post=guard")),
        ("head_a", county.unit_path("a", "/slips")),
        ("head_a", county.unit_path("a", "/devices")),
        ("head_a", county.person_path("guard_a", "")),
        ("head_a", county.person_path("guard_a", "/contact")),
        ("system", county.person_path("guard_a", "/move")),
        ("head_a", county.person_path("guard_a", "/leave")),
        ("system", "/accounts".to_owned()),
        ("security", "/accounts?role=head".to_owned()),
        ("system", "/accounts/new".to_owned()),
        ("system", "/accounts/many".to_owned()),
        ("security", "/accounts/many?role=head".to_owned()),
        ("system", format!("/accounts/new?unit={}", county.units["a"])),
        ("security", county.account_path("head_a", "")),
        ("system", county.account_path("system", "")),
        ("guard_a", "/me".to_owned()),
        ("guard_a", "/me/second-factor".to_owned()),
        ("guard_a", "/notice".to_owned()),
        ("head_a", county.unit_path("a", "/channels")),
        ("head_a", county.unit_path("a", "/channels/new")),
        ("office", county.unit_path("county", "/channels")),
        ("head_a", "/sent".to_owned()),
        ("system", "/sent?outcome=given-up&unit=2153000002&from=2026-01-01".to_owned()),
        ("audit", "/audit".to_owned()),
        ("audit", "/audit?who=head_a&kind=account&from=2026-01-01".to_owned()),
        ("audit", "/audit/3".to_owned()),
        ("audit", "/audit/reads".to_owned()),
        ("audit", "/audit/reads?verify=1".to_owned()),
    ]
}

#[test]
fn every_page_in_both_languages() {
    let county = County::new();
    let pages = pages(&county);
    block(async {
        for (login, path) in pages {
            let cookie = county.cookie(login);
            for lang in Lang::ALL {
                let page = county.get_in(lang, &cookie, &path).await;
                assert_eq!(page.status, StatusCode::OK, "{login} {path}: {}", page.body);
                assert!(page.body.contains(&format!("lang=\"{}\"", lang.tag())), "{path}");
                let words = page.body.split("<main").nth(1).unwrap();
                for gone in ["{ $", "role-", "unit-kind-", "post-", "suspend-", "line-"] {
                    // Anchors and names of classes are no words.
                    assert!(!words.contains(&format!(">{gone}")), "{path} shows {gone}");
                }
                if lang == Lang::En {
                    for chinese in ["可以办理", "岗位", "请选择"] {
                        assert!(!words.contains(chinese), "{path} in English says {chinese}");
                    }
                }
            }
        }
    });
}

#[test]
fn who_may_not_finds_nothing_or_is_told() {
    let county = County::new();
    block(async {
        let guard = county.cookie("guard_a");
        for path in [
            "/accounts",
            "/audit",
            "/audit/reads",
            "/audit/1",
            "/units/new",
            "/accounts/new",
            "/sent",
            "/sent/export",
        ] {
            assert_eq!(county.get(&guard, path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let head = county.cookie("head_a");
        for path in [
            county.unit_path("b", ""),
            county.unit_path("b", "/slips"),
            county.unit_path("b", "/people/new"),
            county.unit_path("b", "/channels"),
            county.unit_path("b", "/channels/new"),
            county.person_path("head_b", ""),
            county.account_path("head_b", ""),
            format!("/accounts?unit={}", county.units["b"]),
        ] {
            assert_eq!(county.get(&head, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let own = county.get(&head, "/accounts").await;
        assert!(
            own.body.contains("guard_a") && !own.body.contains("head_b") && !own.body.contains(">security<")
        );
        let audit = county.cookie("audit");
        assert_eq!(county.get(&audit, "/audit").await.status, StatusCode::OK);
        assert_eq!(county.get(&audit, "/units").await.status, StatusCode::FORBIDDEN);
        assert_eq!(county.get(&audit, &county.unit_path("a", "")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(county.get(&audit, &county.person_path("head_a", "")).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_stranger_is_sent_to_sign_in_everywhere() {
    let county = County::new();
    let id = county.units["a"].to_string();
    block(async {
        for rule in ROUTE_RULES.iter().filter(|rule| !rule.public) {
            let path = rule.path.replace("{id}", &id).replace("{channel}", &id);
            let path = path.replace("{act}", "grant").replace("{position}", "1");
            let answer = match rule.method {
                "GET" => county.get("", &path).await,
                _ => county.post_raw("", &path, String::new()).await,
            };
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {path}", rule.method);
            assert!(answer.location().starts_with("/sign-in"), "{path}: {}", answer.location());
        }
    });
}

#[test]
fn a_form_without_its_token_is_refused() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        for path in [
            "/units/new".to_owned(),
            county.unit_path("a", "/close"),
            county.account_path("head_a", "/suspend"),
            county.person_path("head_a", "/phone"),
            "/me/sessions".to_owned(),
        ] {
            let answer =
                county.post_raw(&cookie, &path, "on=2026-10-12&sure=1&reason=left&why=x".to_owned()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(answer.body.contains("form-expired"), "{path}");
        }
    });
}
