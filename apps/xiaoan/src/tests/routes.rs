//! Every route as every role: who may call it, and what strangers see.

use access::{Account, AccountCommand, Role};
use axum::http::StatusCode;
use organisation::{Unassigned, Unit, UnitCommand};

use super::{
    story::register,
    support::{County, NOW},
};
use crate::router::route_rules;

/// A path with its parameters filled in with things that do not exist.
fn filled(path: &str) -> String {
    let nothing = "01a00000-0000-7000-8000-000000000000";
    path.replace("{id}", nothing)
        .replace("{act}", "grade")
        .replace("{hash}", &"a".repeat(64))
        .split('/')
        .map(|part| if part.starts_with('{') { nothing } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn strangers_are_sent_to_sign_in_and_see_nothing() {
    let county = County::new();
    let stranger = county.stranger();
    for rule in route_rules().iter().filter(|rule| !rule.public) {
        let page = match rule.method {
            "GET" => stranger.get(&filled(rule.path)),
            _ => stranger.post_with("none", &filled(rule.path), &[]),
        };
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{} {}", rule.method, rule.path);
        assert!(page.to.starts_with("/sign-in"), "{} {} leads to {}", rule.method, rule.path, page.to);
        assert!(page.text.is_empty(), "{} {} shows a stranger something", rule.method, rule.path);
    }
}

#[test]
fn every_get_answers_each_role_as_its_rule_says() {
    let county = County::new();
    for login in county.accounts.keys() {
        let browser = county.browser(login);
        let viewer = county.viewer(login);
        for rule in route_rules().iter().filter(|rule| rule.method == "GET" && !rule.public) {
            let page = browser.get(&filled(rule.path));
            let allowed = rule.permissions.is_empty() || rule.permissions.iter().any(|p| viewer.may(p));
            let denied = matches!(page.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            assert!(allowed || denied, "{login} may not call {} but was answered {}", rule.path, page.status);
            assert!(!page.status.is_server_error(), "{login} {}: {}", rule.path, page.status);
            if allowed && !rule.path.contains('{') && rule.path != "/" {
                // A page for whoever needs it sends everybody else on.
                let sent_on = rule.permissions.is_empty() && page.status == StatusCode::SEE_OTHER;
                assert!(sent_on || page.status == StatusCode::OK, "{login} {}: {}", rule.path, page.status);
            }
        }
    }
}

#[test]
fn the_address_of_a_form_opened_again_leads_to_what_it_belongs_to() {
    let county = County::new();
    let head = county.browser("head");
    let page = head.get("/hazards/01a21748f68870e98224966515c12077/take-on");
    assert_eq!(
        (page.status, page.to.as_str()),
        (StatusCode::SEE_OTHER, "/hazards/01a21748f68870e98224966515c12077")
    );
    assert_eq!(head.get("/sign-out").to, "/");
}

#[test]
fn a_form_without_its_token_is_refused() {
    let county = County::new();
    let head = county.browser("head");
    for rule in route_rules().iter().filter(|rule| rule.method == "POST" && !rule.public) {
        let page = head.post_with("forged", &filled(rule.path), &[]);
        // Where the head may not go at all, that is said first.
        let refused = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN].contains(&page.status);
        assert!(refused, "{} answered {}", rule.path, page.status);
    }
}

#[test]
fn a_central_school_does_not_see_the_junior_school_next_door() {
    let county = County::new();
    let unit = county.units["junior"].0.to_string();
    let neighbour = county.browser("neighbour");
    let fields =
        [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝七号")];
    let done = neighbour.post("/hazards/new?category=H02", "/hazards", &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let seen = |login: &'static str| {
        let (browser, record) = (county.browser(login), done.to.clone());
        let list = browser.get("/hazards?stage=all");
        (list.text.contains("围墙裂缝七号"), browser.get(&record).status)
    };
    assert_eq!(seen("neighbour"), (true, StatusCode::OK));
    assert_eq!(seen("office"), (true, StatusCode::OK));
    assert_eq!(seen("officer"), (true, StatusCode::OK));
    assert_eq!(seen("central"), (false, StatusCode::NOT_FOUND));
    assert_eq!(seen("head"), (false, StatusCode::NOT_FOUND));
    assert_eq!(seen("guard"), (false, StatusCode::NOT_FOUND));
    for (login, status) in [("system", StatusCode::FORBIDDEN), ("audit", StatusCode::FORBIDDEN)] {
        assert_eq!(county.browser(login).get("/hazards").status, status, "{login}");
        assert_eq!(county.browser(login).get(&done.to).status, StatusCode::NOT_FOUND, "{login}");
    }
}

#[test]
fn a_school_cannot_register_for_another() {
    let county = County::new();
    let unit = county.units["junior"].0.to_string();
    let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝")];
    let done = county.browser("head").post("/hazards/new?category=H02", "/hazards", &fields);
    assert_eq!(done.status, StatusCode::NOT_FOUND, "{}", done.text);
}

#[test]
fn who_comes_by_an_assignment_sees_and_registers_at_those_schools_while_it_lasts() {
    let county = County::new();
    let (primary, junior) = (county.units["primary"], county.units["junior"]);
    let of_primary = register(&county.browser("head"), "H09", &primary.0.to_string());
    let of_junior = register(&county.browser("neighbour"), "H09", &junior.0.to_string());
    let seen = |login: &'static str| {
        let browser = county.browser(login);
        let (list, units) = (browser.get("/hazards?stage=all").text, browser.get("/units").text);
        [(&of_primary, "示例小学"), (&of_junior, "示例初级中学")].map(|(record, name)| {
            let status = browser.get(record).status;
            assert_eq!(
                (list.contains(record), units.contains(name)),
                (status == StatusCode::OK, status == StatusCode::OK)
            );
            status
        })
    };
    let only = |at| {
        if at == 0 {
            [StatusCode::OK, StatusCode::NOT_FOUND]
        } else {
            [StatusCode::NOT_FOUND, StatusCode::OK]
        }
    };
    assert_eq!((seen("liaison"), seen("inspector")), (only(0), only(1)));
    for (login, own, other) in [("liaison", primary, junior), ("inspector", junior, primary)] {
        let browser = county.browser(login);
        assert!(register(&browser, "H02", &own.0.to_string()).starts_with("/hazards/"), "{login}");
        let unit = other.0.to_string();
        let fields =
            [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝")];
        let done = browser.post("/hazards/new?category=H02", "/hazards", &fields);
        assert_eq!(done.status, StatusCode::NOT_FOUND, "{login}: {}", done.text);
    }
    let over = UnitCommand::Unassign(Unassigned { to: county.units["fire"], on: NOW.local_date() });
    county.ask(|work| work.ask::<Unit>(primary, over));
    assert_eq!((seen("liaison"), seen("inspector")), ([StatusCode::NOT_FOUND; 2], only(1)));
}

#[test]
fn a_guard_who_went_to_another_school_lists_no_more_than_he_may_open() {
    let county = County::new();
    let (primary, junior) = (county.units["primary"], county.units["junior"]);
    let left = register(&county.browser("guard"), "H09", &primary.0.to_string());
    let seen = || {
        let guard = county.browser("guard");
        let list = guard.get("/hazards?stage=all");
        (list.text.contains(&left), guard.get(&left).status)
    };
    assert_eq!(seen(), (true, StatusCode::OK));
    let account = county.accounts["guard"];
    county.ask(|w| w.ask::<Account>(account, AccountCommand::Grant { role: Role::Guard, unit: junior }));
    county.ask(|w| w.ask::<Account>(account, AccountCommand::Revoke { role: Role::Guard, unit: primary }));
    assert_eq!(seen(), (false, StatusCode::NOT_FOUND));
}
