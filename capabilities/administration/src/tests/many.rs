//! Accounts for many: two steps of two administrators.

use access::{Role, account_by_login, account_state};
use axum::http::StatusCode;
use kernel::{Actor, PersonId};
use organisation::{Contact, Person, PersonCommand, Post};

use super::county::{County, block, hidden};

/// As an import leaves them: a head and an officer of the central school, a teacher nobody has a post for.
fn imported(county: &mut County) {
    for (key, name, unit, posts) in [
        ("head_c", "高志远", "central", vec![Post::Head]),
        ("officer_c", "高志远", "central", vec![Post::SafetyOfficer]),
        ("law", "何律", "central", vec![Post::LawViceHead]),
    ] {
        let contact = Contact { name: name.to_owned(), phone: String::new(), identity: String::new() };
        let id: PersonId = county.new_id();
        let enter = PersonCommand::Enter { unit: county.units[unit], contact, posts };
        county.ask::<Person>(Actor::SYSTEM, id, enter);
        county.people.insert(key, id);
    }
}

/// What the boxes of a form send, all ticked.
fn ticked(page: &str) -> Vec<String> {
    let boxes = page.split("name=\"who\" value=\"").skip(1);
    boxes.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

fn whose<'v>(values: &'v [String], county: &County, key: &str) -> &'v str {
    values.iter().find(|value| value.starts_with(&county.people[key].to_string())).unwrap()
}

#[test]
fn many_are_opened_by_one_and_granted_with_slips_by_another() {
    let mut county = County::new();
    imported(&mut county);
    block(async {
        let (system, path) = (county.cookie("system"), "/accounts/many");
        let page = county.get(&system, path).await;
        for words in ["高志远 · 丹凤中心学校", "gaozhiyuan2", "中心学校、校长、书记", "钱老师", "qianlaoshi"]
        {
            assert!(language::plain(&page.body).contains(words), "{words}: {}", page.body);
        }
        let values = ticked(&page.body);
        assert_eq!(values.len(), 3, "who has an account or no such post is not there");
        assert!(!page.body.contains("/accounts/many/slips"), "he grants nothing");
        assert!(!page.body.contains("class=\"optional\""), "somebody has to be ticked: {}", page.body);
        let all: Vec<(&str, &str)> = values.iter().map(|value| ("who", value.as_str())).collect();
        assert_eq!(county.post(&system, (path, path), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = county.post(&system, (path, path), &all).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        let id = county.read(|tx| account_by_login(tx, "gaozhiyuan").unwrap().unwrap().id);
        let again = county.post(&system, (path, path), &all).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody gets a second account");

        let security = county.cookie("security");
        let page = county.get(&security, &format!("{path}?unit={}", county.units["town"].0.simple())).await;
        let values = ticked(&page.body);
        assert_eq!(values.len(), 3, "{}", page.body);
        let officer = whose(&values, &county, "officer_c");
        let two = [("who", whose(&values, &county, "head_c")), ("who", officer)];
        let slips = county.post(&security, (path, "/accounts/many/slips"), &two).await;
        assert_eq!(slips.status, StatusCode::OK, "{}", slips.body);
        assert_eq!(slips.body.matches("slip-code\">").count(), 2);
        let state = county.read(move |tx| account_state(tx, id).unwrap().unwrap().0);
        let roles: Vec<Role> = state.grants.iter().map(|held| held.role).collect();
        assert_eq!(roles, [Role::CentralSchool, Role::Head]);
        let events = county.read(move |tx| journal::events_of_stream(tx, id.into(), None).unwrap());
        let kinds: Vec<&str> = events.iter().map(|e| e.header.event_type.as_str()).collect();
        assert_eq!(kinds, ["account.opened", "account.granted", "account.granted", "account.password_set"]);
        let again = county.post(&security, (path, "/accounts/many/slips"), &two).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "no second slips");
        assert_eq!(ticked(&county.get(&security, path).await.body).len(), 1);
    });
}

#[test]
fn only_the_same_people_as_one_by_one_and_never_too_many() {
    let mut county = County::new();
    imported(&mut county);
    block(async {
        let (system, path) = (county.cookie("system"), "/accounts/many");
        for login in ["office", "head_a", "guard_a", "audit"] {
            let cookie = county.cookie(login);
            assert_eq!(county.get(&cookie, path).await.status, StatusCode::FORBIDDEN, "{login}");
            let forced = county.post(&cookie, ("/me", path), &[("who", "x")]).await;
            assert_eq!(forced.status, StatusCode::FORBIDDEN, "{login}");
        }
        let security = county.cookie("security");
        let forced = county.post(&security, (path, path), &[("who", "x")]).await;
        assert_eq!(forced.status, StatusCode::FORBIDDEN, "who grants opens nothing");
        let narrowed = county.get(&system, "/accounts/many?role=head").await;
        assert_eq!(ticked(&narrowed.body).len(), 1);
        let value = ticked(&narrowed.body).pop().unwrap();
        let command = hidden(&narrowed.body, "_command");
        // Somebody who is not on the list, and a login that is taken, open nobody.
        let stranger = value.replace(&county.people["head_c"].to_string(), &county.people["law"].to_string());
        let taken = value.replace("gaozhiyuan", "head_a");
        for (wrong, words) in [(stranger, "刚刚变了"), (taken, "登录名 head_a 已经有人用")] {
            let fields = [("who", wrong.as_str()), ("_command", command.as_str())];
            let refused = county.post(&system, (path, path), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(language::plain(&refused.body).contains(words), "{words}: {}", refused.body);
            assert!(refused.body.contains("id=\"who-error\""), "{}", refused.body);
        }
        let many: Vec<(&str, &str)> = (0..301).map(|_| ("who", value.as_str())).collect();
        let refused = county.post(&system, (path, path), &many).await;
        assert!(language::plain(&refused.body).contains("一次最多 300 个"), "{}", refused.body);
        assert!(county.read(|tx| account_by_login(tx, "gaozhiyuan").unwrap().is_none()));
    });
}
