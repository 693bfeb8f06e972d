//! Somebody moves to another school: his account goes along, and the old school can do nothing more with it.

use std::sync::Arc;

use access::{Account, AccountCommand, Outcome, Role, account_state};
use axum::http::StatusCode;
use kernel::{Actor, Clock, FixedClock};
use language::Lang;
use test_support::both_databases;

use super::{
    accounts::{codes, sign_in},
    county::{County, START, block},
    devices::{link, session},
};

fn county_on(db: test_support::TestDb) -> County {
    let clock = Arc::new(FixedClock::new(START));
    County::with_clock(db, Arc::clone(&clock) as Arc<dyn Clock>, clock)
}

async fn moved(county: &County, by: &str, whom: &str, to: &str) -> super::county::Answer {
    let form = county.person_path(whom, "/move");
    let unit = county.units[to].to_string();
    county.post(by, (&form, &form), &[("unit", &unit)]).await
}

/// The newest events of somebody's account, the newest first.
fn newest(county: &County, account: &str, n: usize) -> Vec<String> {
    let id = county.accounts[account];
    let events = county.read(move |tx| journal::events_of_stream(tx, id.into(), None).unwrap());
    events.iter().rev().take(n).map(|event| event.header.event_type.clone()).collect()
}

both_databases! {
    fn whoever_was_over_the_old_school_can_do_nothing_with_the_account_of_a_guard_who_moved(db: TestDb) {
        let county = county_on(db);
        block(async {
            let (head_a, office) = (county.cookie("head_a"), county.cookie("office"));
            let account = county.account_path("guard_a", "");
            let slip = county.post(&head_a, (&account, &format!("{account}/reset")), &[]).await;
            let code = codes(&slip.body).pop().unwrap();
            let bound = link(&county, &head_a).await;
            let bound = county.post_raw("", &bound, "me=1&pin=730518&again=730518".to_owned()).await;
            let (phone, desk) = (session(&bound), county.cookie("guard_a"));
            let unused = link(&county, &head_a).await;
            let asked = county.get(&office, &county.person_path("guard_a", "/move")).await;
            let told = language::plain(&asked.body);
            assert!(told.contains("账号 guard_a 随人转到新单位"), "{told}");
            assert!(told.contains("收回（保安、食堂 · 丹凤第一小学）"), "{told}");
            let done = moved(&county, &office, "guard_a", "b").await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
            let (id, b) = (county.accounts["guard_a"], county.units["b"]);
            let (state, _) = county.read(move |tx| account_state(tx, id).unwrap().unwrap());
            assert_eq!((state.home, state.grants.len()), (b, 0));
            assert_eq!(newest(&county, "guard_a", 2), ["account.rehomed", "account.revoked"]);
            for ended in [&phone, &desk] {
                assert!(county.get(ended, "/me").await.location().starts_with("/sign-in"));
            }
            assert_eq!(county.get("", &unused).await.status, StatusCode::NOT_FOUND, "a link of the old school");
            assert!(matches!(sign_in(&county, "guard_a", &code), Outcome::Wrong), "a slip of the old school");
            // The old school's head: no account, no reset, no slip, no phone.
            assert_eq!(county.get(&head_a, &account).await.status, StatusCode::NOT_FOUND);
            let reset = county.post(&head_a, ("/me", &format!("{account}/reset")), &[]).await;
            assert_eq!(reset.status, StatusCode::NOT_FOUND);
            let devices = county.unit_path("a", "/devices");
            let bind = county.post(&head_a, ("/me", &devices), &[("account", &id.to_string())]).await;
            assert_eq!(bind.status, StatusCode::UNPROCESSABLE_ENTITY);
            for page in ["/slips", "/devices"] {
                let page = county.get(&head_a, &county.unit_path("a", page)).await;
                assert!(!page.body.contains("guard_a"), "{}", page.body);
            }
        });
    }
}

both_databases! {
    fn the_new_school_has_the_rights_the_old_one_lost(db: TestDb) {
        let county = county_on(db);
        block(async {
            let (head_b, office) = (county.cookie("head_b"), county.cookie("office"));
            let account = county.account_path("guard_a", "");
            assert_eq!(county.get(&head_b, &account).await.status, StatusCode::NOT_FOUND);
            assert_eq!(moved(&county, &office, "guard_a", "b").await.status, StatusCode::SEE_OTHER);
            let security = county.cookie("security");
            let grant = format!("{account}/grant?at={}", county.units["b"].0.simple());
            let granted = county.post(&security, (&account, &grant), &[("role", "guard")]).await;
            assert_eq!(granted.status, StatusCode::SEE_OTHER, "{}", granted.body);
            let slip = county.post(&head_b, (&account, &format!("{account}/reset")), &[]).await;
            assert_eq!(codes(&slip.body).len(), 1, "{}", slip.body);
            let devices = county.unit_path("b", "/devices");
            let guard = county.accounts["guard_a"].to_string();
            let made = county.post(&head_b, (&devices, &devices), &[("account", &guard)]).await;
            assert!(made.body.contains("https://xiaoan.example.cn/bind/"), "{}", made.body);
            let listed = format!("/accounts?unit={}", county.units["b"].0.simple());
            assert!(county.get(&head_b, &listed).await.body.contains("guard_a"));
            let audit = county.cookie("audit");
            for (lang, did) in [
                (Lang::ZhCn, "将账号 guard_a 随人转到丹凤第二小学"),
                (Lang::En, "let the account guard_a follow its person to 丹凤第二小学"),
            ] {
                let page = county.get_in(lang, &audit, "/audit?kind=account").await.body;
                assert!(language::plain(&page).contains(did), "{page}");
            }
        });
    }
}

both_databases! {
    fn nobody_takes_a_role_away_by_moving_somebody_of_his_rank(db: TestDb) {
        let county = county_on(db);
        block(async {
            let office = county.cookie("office");
            let (leader, unit) = (Role::CountyLeader, county.units["county"]);
            tokio::task::block_in_place(|| {
                let grant = AccountCommand::Grant { role: leader, unit };
                county.ask::<Account>(Actor::SYSTEM, county.accounts["head_b"], grant);
            });
            for (whom, said) in [
                ("office", "不能给自己办理"),
                ("head_b", "级别不低于您"),
                ("security", "最后一名能用的管理员"),
            ] {
                let refused = moved(&county, &office, whom, "a").await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{whom}");
                assert!(refused.body.contains(said), "{whom}: {}", refused.body);
            }
            // Over one end only.
            let head_a = county.cookie("head_a");
            let refused = moved(&county, &head_a, "guard_a", "b").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(newest(&county, "guard_a", 1), ["account.notice_agreed"]);
            let free = moved(&county, &office, "free_a", "b").await;
            assert_eq!(free.status, StatusCode::SEE_OTHER, "without an account: {}", free.body);
            let head = moved(&county, &office, "head_a", "b").await;
            assert_eq!(head.status, StatusCode::SEE_OTHER, "{}", head.body);
            assert!(county.get(&head_a, "/me").await.location().starts_with("/sign-in"));
        });
    }
}
