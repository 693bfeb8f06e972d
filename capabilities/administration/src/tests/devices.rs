//! A guard's telephone: bound once, asked for its number after lying idle.

use access::{Account, AccountCommand, Role};
use axum::http::{StatusCode, header};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, PersonId, Timestamp};
use organisation::{Contact, Person, PersonCommand};

use super::county::{County, block};

pub(super) async fn link(county: &County, head: &str) -> String {
    let path = county.unit_path("a", "/devices");
    let guard = county.accounts["guard_a"].to_string();
    let made = county.post(head, (&path, &path), &[("account", &guard)]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let start = made.body.find("https://xiaoan.example.cn/bind/").unwrap();
    made.body[start + "https://xiaoan.example.cn".len()..].split('<').next().unwrap().to_owned()
}

pub(super) fn session(answer: &super::county::Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
    set.filter_map(|v| v.split(';').next()).find(|v| v.starts_with("xa_session=")).unwrap().to_owned()
}

#[test]
fn a_telephone_is_bound_once_and_asks_for_its_number_after_half_an_hour() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let path = link(&county, &head).await;
        let page = county.get("", &path).await;
        assert!(page.body.contains("张＊＊") && !page.body.contains("张大山"));
        for (pin, again) in [("123456", "123456"), ("12", "12"), ("111111", "111111"), ("730518", "730519")] {
            let body = format!("me=1&pin={pin}&again={again}");
            assert_eq!(
                county.post_raw("", &path, body).await.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{pin}"
            );
        }
        let bound = county.post_raw("", &path, "me=1&pin=730518&again=730518".to_owned()).await;
        assert_eq!(bound.status, StatusCode::SEE_OTHER, "{}", bound.body);
        let cookie = session(&bound);
        assert_eq!(county.get(&cookie, "/me").await.status, StatusCode::OK);
        let again = county.post_raw("", &path, "me=1&pin=730518&again=730518".to_owned()).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "once only");
        county.clock.advance_ms(31 * Timestamp::MINUTE_MS);
        let asked = county.get(&cookie, "/me").await;
        assert_eq!(asked.location(), "/device/pin?to=%2Fme");
        let pin = "/device/pin?to=%2Fme";
        let wrong = county.post(&cookie, (pin, pin), &[("pin", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = county.post(&cookie, (pin, pin), &[("pin", "730518")]).await;
        assert_eq!(right.location(), "/me");
        assert_eq!(county.get(&cookie, "/me").await.status, StatusCode::OK);
        // Signing out locks it; a guard has no password to come back with.
        let locked = county.post(&cookie, ("/me", "/sign-out"), &[]).await;
        assert_eq!(locked.location(), "/device/pin");
        assert_eq!(county.get(&cookie, "/me").await.location(), "/device/pin?to=%2Fme");
        let right = county.post(&cookie, (pin, pin), &[("pin", "730518")]).await;
        assert_eq!(right.location(), "/me", "it is still bound");
        let what: Vec<String> = county
            .read(|tx| access::reads_after(tx, 0, 9).unwrap())
            .into_iter()
            .map(|(_, r)| r.what)
            .collect();
        assert_eq!(what, ["account.device_link", "account.device_bound"]);
        let everywhere = ("TRUE".to_owned(), Vec::new());
        let told = county.read(move |tx| {
            access::sign_ins_listed(tx, &everywhere, &access::SignInFilter::default(), 0, 9).unwrap()
        });
        let results: Vec<&str> = told.iter().rev().map(|(_, row)| row.result.name()).collect();
        assert_eq!(
            results,
            ["phone_bound", "wrong_pin", "phone_unlocked", "signed_out", "phone_unlocked"],
            "locking a locked one is nothing"
        );
        assert!(told.iter().all(|(_, row)| row.account == Some(county.accounts["guard_a"])));
    });
}

#[test]
fn old_links_do_nothing_and_a_binding_is_ended_by_the_school_or_by_guessing() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let path = link(&county, &head).await;
        county.clock.advance_ms(16 * Timestamp::MINUTE_MS);
        assert_eq!(county.get("", &path).await.status, StatusCode::NOT_FOUND);
        let path = link(&county, &head).await;
        let bound = county.post_raw("", &path, "me=1&pin=730518&again=730518".to_owned()).await;
        let cookie = session(&bound);
        county.clock.advance_ms(31 * Timestamp::MINUTE_MS);
        for _ in 0..4 {
            let wrong = county.post(&cookie, ("/device/pin", "/device/pin"), &[("pin", "000000")]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let ended = county.post(&cookie, ("/device/pin", "/device/pin"), &[("pin", "000000")]).await;
        assert_eq!(ended.location(), "/sign-in");
        assert!(county.get(&cookie, "/me").await.location().starts_with("/sign-in"));
        let head = county.cookie("head_a");
        let path = link(&county, &head).await;
        let bound = county.post_raw("", &path, "me=1&pin=730518&again=730518".to_owned()).await;
        let cookie = session(&bound);
        let devices = county.unit_path("a", "/devices");
        let page = county.get(&head, &devices).await;
        let digest = super::county::hidden(&page.body, "session");
        let guard = county.accounts["guard_a"].to_string();
        let fields = [("account", guard.as_str()), ("session", digest.as_str())];
        let gone = county.post(&head, (&devices, &format!("{devices}/revoke")), &fields).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        assert!(county.get(&cookie, "/me").await.location().starts_with("/sign-in"));
        let other = county.unit_path("b", "/devices");
        assert_eq!(county.get(&head, &other).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_guard_is_offered_behind_more_accounts_than_a_list_shows() {
    let county = County::new();
    let unit = county.units["a"];
    let work = UnitOfWork::new(Actor::SYSTEM, county.new_id());
    let many = (0..210).fold(work, |work, number| {
        let (person, account): (PersonId, ActorId) = (county.new_id(), county.new_id());
        let contact = Contact { name: format!("教师{number}"), ..Contact::default() };
        work.ask::<Person>(person, PersonCommand::Enter { unit, contact, posts: Vec::new() }).ask::<Account>(
            account,
            AccountCommand::Open { person, login: format!("a{number:03}"), home: unit },
        )
    });
    county.handle.execute_blocking(WorkLane::Interactive, many).unwrap();
    block(async {
        let path = link(&county, &county.cookie("head_a")).await;
        assert_eq!(county.get("", &path).await.status, StatusCode::OK);
    });
}

#[test]
fn a_telephone_is_silent_while_its_account_is_more_than_a_guards_and_never_touches_the_password() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let path = link(&county, &head).await;
        let bound = county.post_raw("", &path, "me=1&pin=730518&again=730518".to_owned()).await;
        let cookie = session(&bound);
        assert_eq!(county.get(&cookie, "/me").await.status, StatusCode::OK);
        assert_eq!(county.get(&cookie, "/me/second-factor").await.status, StatusCode::FORBIDDEN);
        let password = [("old", "x"), ("password", "Other-lantern-19"), ("again", "Other-lantern-19")];
        let changed = county.post(&cookie, ("/me", "/me/password"), &password).await;
        assert_eq!(changed.status, StatusCode::FORBIDDEN);
        let (guard, unit, role) = (county.accounts["guard_a"], county.units["a"], Role::Teacher);
        let ask = |command| {
            tokio::task::block_in_place(|| county.ask::<Account>(Actor::SYSTEM, guard, command));
        };
        ask(AccountCommand::Grant { role, unit });
        assert!(county.get(&cookie, "/me").await.location().starts_with("/sign-in"));
        ask(AccountCommand::Revoke { role, unit });
        assert_eq!(county.get(&cookie, "/me").await.status, StatusCode::OK);
    });
}
