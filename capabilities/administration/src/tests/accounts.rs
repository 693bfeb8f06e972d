//! Accounts: opening, granting, slips, one's own password, the notice.

use access::{Outcome, Password, Role, SignIn, account_by_login, account_state};
use axum::http::{StatusCode, header};

use super::county::{County, PASSWORD, block};

pub(super) fn sign_in(county: &County, login: &str, password: &str) -> Outcome {
    let request = SignIn {
        login: login.to_owned(),
        password: Password::new(password),
        totp: None,
        from: access::Origin { address: "10.0.0.9".to_owned(), device: None },
        agent: String::new(),
    };
    // The writer is waited for, which a thread of the runtime may not.
    let (desk, database) = (county.desk.clone(), county.db.database().clone());
    let trying =
        std::thread::spawn(move || desk.sign_in.sign_in(&mut database.reader().unwrap(), &request).unwrap());
    trying.join().unwrap()
}

/// The one-time passwords on a page of slips.
pub(super) fn codes(page: &str) -> Vec<String> {
    page.split("slip-code\">").skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[test]
fn an_account_is_opened_granted_and_its_slip_signs_in() {
    let county = County::new();
    block(async {
        let system = county.cookie("system");
        let form = format!("/accounts/new?unit={}", county.units["a"]);
        let person = county.people["free_a"].to_string();
        let bad = county.post(&system, (&form, &form), &[("person", &person), ("login", "钱")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.body.contains("id=\"login-error\""));
        let opened = county.post(&system, (&form, &form), &[("person", &person), ("login", "qian.ls")]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        let path = opened.location().to_owned();
        let security = county.cookie("security");
        let page = county.get(&security, &path).await;
        assert!(page.body.contains("value=\"teacher\"") && !page.body.contains("value=\"county_leader\""));
        let grant = format!("{path}/grant?at={}", county.units["a"].0.simple());
        let granted = county.post(&security, (&path, &grant), &[("role", "teacher")]).await;
        assert_eq!(granted.status, StatusCode::SEE_OTHER, "{}", granted.body);
        let slip = county.post(&security, (&path, &format!("{path}/reset")), &[]).await;
        assert_eq!(slip.status, StatusCode::OK);
        assert_eq!(slip.headers[header::CACHE_CONTROL], "no-store");
        let code = codes(&slip.body).pop().unwrap();
        assert!(matches!(sign_in(&county, "qian.ls", &code), Outcome::MustChangePassword(_)));
        let account = county.read(|tx| account_by_login(tx, "qian.ls").unwrap().unwrap().id);
        let events = county.read(move |tx| journal::events_of_stream(tx, account.into(), None).unwrap());
        let kinds: Vec<&str> = events.iter().map(|e| e.header.event_type.as_str()).collect();
        assert_eq!(kinds, ["account.opened", "account.granted", "account.password_set"]);
    });
}

#[test]
fn slips_of_a_unit_are_made_once_and_leave_higher_ranks_alone() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let form = county.unit_path("a", "/slips");
        let page = county.get(&head, &form).await;
        assert!(page.body.contains("guard_a") && !page.body.contains("head_a ·"));
        let none = county.post(&head, (&form, &form), &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let guard = county.accounts["guard_a"].to_string();
        let command = super::county::hidden(&page.body, "_command");
        let fields = [("account", guard.as_str()), ("_command", command.as_str())];
        let slips = county.post(&head, (&form, &form), &fields).await;
        let made = codes(&slips.body);
        assert_eq!(made.len(), 1, "{}", slips.body);
        assert!(matches!(sign_in(&county, "guard_a", PASSWORD), Outcome::Wrong));
        assert!(matches!(sign_in(&county, "guard_a", &made[0]), Outcome::MustChangePassword(_)));
        let again = county.post(&head, (&form, &form), &fields).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "sending twice makes no second slip");
        assert!(matches!(sign_in(&county, "guard_a", &made[0]), Outcome::MustChangePassword(_)));
    });
}

#[test]
fn a_slip_that_waits_to_be_used_is_told_and_not_made_again_by_default() {
    let county = County::new();
    block(async {
        let system = county.cookie("system");
        let new = format!("/accounts/new?unit={}", county.units["a"]);
        let person = county.people["free_a"].to_string();
        let opened = county.post(&system, (&new, &new), &[("person", &person), ("login", "qian.ls")]).await;
        let path = opened.location().to_owned();
        let security = county.cookie("security");
        let form = county.unit_path("a", "/slips");
        let ticked = |page: &str| {
            page.split("<input").any(|field| field.contains("value=\"") && field.contains("checked"))
        };
        let page = county.get(&security, &form).await;
        assert!(page.body.contains("还没有密码") && ticked(&page.body), "{}", page.body);
        let slip = county.post(&security, (&path, &format!("{path}/reset")), &[]).await;
        let code = codes(&slip.body).pop().unwrap();
        let page = county.get(&security, &form).await;
        assert!(page.body.contains("已打印密码单，尚未使用（到"), "{}", page.body);
        assert!(!page.body.contains("<small>还没有密码") && !ticked(&page.body), "{}", page.body);
        let page = county.get(&security, &path).await;
        assert!(page.body.contains("已打印密码单，尚未使用（到") && page.body.contains("原来那张马上作废"));
        assert!(matches!(sign_in(&county, "qian.ls", &code), Outcome::MustChangePassword(_)));
        // Once it is too late to use it, there is none.
        county.clock.advance_ms(access::limits::PRINTED_CODE_MS + 1);
        let security = county.cookie("security");
        let page = county.get(&security, &form).await;
        assert!(!page.body.contains("尚未使用") && ticked(&page.body), "{}", page.body);
    });
}

#[test]
fn nobody_grants_himself_and_the_table_is_kept() {
    let county = County::new();
    block(async {
        let security = county.cookie("security");
        let own = county.account_path("security", "");
        let act = format!("{own}/grant");
        let refused = county.post(&security, (&own, &act), &[("role", "county_leader")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let other = county.account_path("system", "");
        let page = county.get(&security, &other).await;
        assert!(!page.body.contains("value=\"audit_administrator\""), "excluded roles are not offered");
        assert!(page.body.contains("记录警示"), "a role with a warning says so");
        let act = format!("{other}/grant");
        let warned = county.post(&security, (&other, &act), &[("role", "county_safety_office")]).await;
        assert_eq!(warned.status, StatusCode::SEE_OTHER, "{}", warned.body);
        let page = county.get(&security, &other).await;
        assert!(page.body.contains("兼任警示"));
        let system = county.cookie("system");
        let path = county.account_path("guard_a", "");
        let unit = county.units["a"].to_string();
        let revoke = [("role", "guard"), ("unit", unit.as_str())];
        let refused = county.post(&system, (&path, &format!("{path}/revoke")), &revoke).await;
        assert_eq!(
            refused.status,
            StatusCode::FORBIDDEN,
            "the system administrator grants and withdraws nothing"
        );
        let suspended =
            county.post(&system, (&path, &format!("{path}/suspend")), &[("reason", "lost")]).await;
        assert_eq!(suspended.status, StatusCode::SEE_OTHER);
        let resumed = county.post(&security, (&path, &format!("{path}/resume")), &[]).await;
        assert_eq!(resumed.status, StatusCode::SEE_OTHER);
        let guard = county.accounts["guard_a"];
        let state = county.read(move |tx| account_state(tx, guard).unwrap().unwrap().0);
        assert!(state.suspended.is_none() && state.grants.iter().any(|held| held.role == Role::Guard));
    });
}

#[test]
fn a_password_does_not_wait_for_an_export() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("head_a");
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (end, ends) = std::sync::mpsc::channel::<()>();
        let readers = county.desk.readers.clone();
        let export = tokio::spawn(async move {
            let long = move |_: &mut storage::Tx| {
                begun.send(()).unwrap();
                ends.recv().unwrap();
            };
            readers.read(storage::Lane::Long, long).await
        });
        has_begun.await.unwrap();
        let fields = [("old", PASSWORD), ("password", "Harbour-58-cloud"), ("again", "Harbour-58-cloud")];
        let change = county.post(&cookie, ("/me", "/me/password"), &fields);
        let changed = tokio::time::timeout(std::time::Duration::from_secs(60), change).await;
        end.send(()).unwrap();
        assert_eq!(changed.expect("it waits for the long reader").status, StatusCode::SEE_OTHER);
        export.await.unwrap().unwrap();
    });
}

#[test]
fn ones_own_password_and_sessions() {
    let county = County::new();
    block(async {
        let (here, there) = (county.cookie("head_a"), county.cookie("head_a"));
        let wrong = [("old", "Wrong-one-7"), ("password", "Harbour-58-cloud"), ("again", "Harbour-58-cloud")];
        let refused = county.post(&here, ("/me", "/me/password"), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"old-error\"") && !refused.body.contains("Harbour-58-cloud"));
        let right = [("old", PASSWORD), ("password", "Harbour-58-cloud"), ("again", "Harbour-58-cloud")];
        let changed = county.post(&here, ("/me", "/me/password"), &right).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        let set = changed.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        let fresh =
            set.filter_map(|v| v.split(';').next()).find(|v| v.starts_with("xa_session")).unwrap().to_owned();
        assert_eq!(county.get(&fresh, "/me").await.status, StatusCode::OK);
        assert_eq!(county.get(&there, "/me").await.status, StatusCode::SEE_OTHER, "other sessions ended");
        let other = county.cookie("head_a");
        let page = county.get(&fresh, "/me").await;
        let session = super::county::hidden(&page.body, "session");
        assert_eq!(
            county.post(&fresh, ("/me", "/me/sessions"), &[("session", &session)]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(county.get(&other, "/me").await.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_lock_that_comes_of_guessing_at_an_open_screen_is_recorded() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("head_a");
        let wrong = [("old", "Wrong-one-7"), ("password", "Harbour-58-cloud"), ("again", "Harbour-58-cloud")];
        for _ in 0..5 {
            county.post(&cookie, ("/me", "/me/password"), &wrong).await;
        }
        let locked = county.post(&cookie, ("/me", "/me/password"), &wrong).await;
        assert_eq!(locked.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sql = "SELECT count(*) FROM event WHERE event_type = 'account.locked'";
        assert_eq!(county.read(move |tx| tx.count(sql, &[]).unwrap()), 1, "once");
    });
}

#[test]
fn a_lock_is_lifted_by_whoever_may_give_a_new_password() {
    let county = County::new();
    block(async {
        let guard = format!("/accounts/{}", county.accounts["guard_a"].0.simple());
        let lift = format!("{guard}/unlock");
        let head = county.cookie("head_a");
        assert!(!county.get(&head, &guard).await.body.contains(&lift), "nothing to lift");
        for _ in 0..5 {
            sign_in(&county, "guard_a", "Wrong-one-7");
        }
        assert!(matches!(sign_in(&county, "guard_a", PASSWORD), Outcome::Locked { .. }));
        let page = county.get(&head, &guard).await;
        assert!(page.body.contains("解除锁定") && page.body.contains(&lift), "{}", page.body);
        // Nobody of another school, and nobody below.
        assert_eq!(
            county.post(&county.cookie("head_b"), ("/me", &lift), &[]).await.status,
            StatusCode::NOT_FOUND
        );
        let lifted = county.post(&head, (&guard, &lift), &[]).await;
        assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.body);
        assert!(!matches!(sign_in(&county, "guard_a", PASSWORD), Outcome::Locked { .. } | Outcome::Wrong));
        let sql = "SELECT count(*) FROM event WHERE event_type = 'account.unlocked'";
        assert_eq!(county.read(move |tx| tx.count(sql, &[]).unwrap()), 1);
        let above = format!("/accounts/{}/unlock", county.accounts["office"].0.simple());
        assert_eq!(county.post(&head, ("/me", &above), &[]).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn nobody_works_before_agreeing_to_the_notice() {
    let mut county = County::new();
    block(async {
        let form = format!("/accounts/new?unit={}", county.units["a"]);
        let person = county.people["free_a"].to_string();
        let system = county.cookie("system");
        let opened = county.post(&system, (&form, &form), &[("person", &person), ("login", "qian.ls")]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        let id = county.read(|tx| account_by_login(tx, "qian.ls").unwrap().unwrap().id);
        county.accounts.insert("free_a", id);
        let cookie = county.cookie("free_a");
        let sent = county.get(&cookie, "/me?x=1").await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/notice?to=%2Fme%3Fx%3D1"));
        let notice = sent.location().to_owned();
        let without = county.post(&cookie, (&notice, &notice), &[]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let agreed = county.post(&cookie, (&notice, &notice), &[("agree", "1")]).await;
        assert_eq!((agreed.status, agreed.location()), (StatusCode::SEE_OTHER, "/me?x=1"));
        assert_eq!(county.get(&cookie, "/me").await.status, StatusCode::OK);
    });
}
