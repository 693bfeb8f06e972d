use kernel::{Actor, Clock, Timestamp};

use test_support::both_databases;

use super::{
    GOOD, House, START,
    secrets::{sign_in, typed},
};
use crate::{
    AccountCommand, Binding, ComparedPin, Lookup, NewSession, Outcome, Password, PinCheck, Role,
    SessionCache, SessionKind, SessionLimits, SessionStage, SessionToken, SuspendReason, Throttle,
    bind_device, flush_last_seen, hash_password, issue_device_link, limits, names, open_session,
    revoke_sessions, session, sessions_of, settle_device_pin, stored_device_pin, sweep_sessions,
};

fn signed_in(house: &House, login: &str) -> SessionToken {
    let outcome = sign_in(house, &house.desk(), &typed(login, GOOD, None));
    let Outcome::Ok(token) = outcome else { panic!("{outcome:?}") };
    token
}

fn teacher(house: &House) -> (kernel::ActorId, SessionToken) {
    let account = house.account("teacher", house.tree.junior, &[(Role::Teacher, house.tree.junior)]);
    house.set_password(account, GOOD, false);
    (account, signed_in(house, "teacher"))
}

both_databases! {
    fn sessions_end_when_idle_and_after_half_a_day(db: TestDb) {
        let house = House::new(db);
        let (account, token) = teacher(&house);
        let cache = SessionCache::new(SessionLimits::default());
        let seen = |minutes: i64| {
            let now = START.plus_ms(minutes * Timestamp::MINUTE_MS);
            match cache.cached(&token, now) {
                Lookup::Hit(_) => true,
                Lookup::Expired => false,
                Lookup::Miss => cache.load(&mut house.reader(), &token, now).unwrap().is_some(),
            }
        };
        assert!(seen(0) && seen(29) && seen(58));
        assert!(!seen(88));
        // What was not yet written is read back after the flush alone.
        assert!(!seen(59));
        let token = signed_in(&house, "teacher");
        let mut now = START;
        while now.since_ms(START) < 12 * Timestamp::HOUR_MS {
            let found = cache.load(&mut house.reader(), &token, now).unwrap();
            assert!(found.is_some(), "{now:?}");
            now = now.plus_ms(20 * Timestamp::MINUTE_MS);
        }
        assert!(matches!(cache.cached(&token, now), Lookup::Expired));
        assert!(cache.load(&mut house.reader(), &token, now).unwrap().is_none());
        assert!(sessions_of(&mut house.reader(), account, &SessionLimits::default(), now).unwrap().is_empty());
        let swept = house.write(move |tx| sweep_sessions(tx, &SessionLimits::default(), now.plus_ms(1)));
        assert_eq!(swept, 2);
    }
}

both_databases! {
    fn an_unfinished_sign_in_opens_no_page_and_ends_soon(db: TestDb) {
        let house = House::new(db);
        let county = house.tree.county;
        let office = house.account("office", county, &[(Role::CountySafetyOffice, county)]);
        house.set_password(office, GOOD, false);
        let Outcome::NeedsEnrolment(token) = sign_in(&house, &house.desk(), &typed("office", GOOD, None)) else {
            panic!("must enrol")
        };
        let cache = SessionCache::new(SessionLimits::default());
        let found = cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        assert!(found.viewer().is_none() && found.login() == "office");
        let later = START.plus_ms(15 * Timestamp::MINUTE_MS);
        assert!(cache.load(&mut house.reader(), &token, later).unwrap().is_none());
    }
}

both_databases! {
    fn a_page_needs_no_query_until_something_changes(db: TestDb) {
        let house = House::new(db);
        let (account, token) = teacher(&house);
        let cache = SessionCache::new(SessionLimits::default());
        assert!(matches!(cache.cached(&token, START), Lookup::Miss));
        let loaded = cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        assert!(loaded.session.csrf_is(&loaded.session.csrf) && !loaded.session.csrf_is(b"no"));
        let Lookup::Hit(hit) = cache.cached(&token, START) else { panic!("not remembered") };
        assert!(hit.viewer().unwrap().may(names::HAZARD_REGISTER));
        house
            .ask(Actor::SYSTEM, account, AccountCommand::Revoke { role: Role::Teacher, unit: house.tree.junior })
            .unwrap();
        cache.bump();
        assert!(matches!(cache.cached(&token, START), Lookup::Miss));
        let loaded = cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        assert!(!loaded.viewer().unwrap().may(names::HAZARD_REGISTER));
        house.ask(Actor::SYSTEM, account, AccountCommand::Suspend { reason: SuspendReason::Lost }).unwrap();
        cache.bump();
        assert!(cache.load(&mut house.reader(), &token, START).unwrap().is_none());
        assert!(cache.is_empty());
    }
}

both_databases! {
    fn a_higher_role_asks_a_running_session_for_a_second_factor(db: TestDb) {
        let house = House::new(db);
        let county = house.tree.county;
        let (account, token) = teacher(&house);
        let cache = SessionCache::new(SessionLimits::default());
        let grant = AccountCommand::Grant { role: Role::CountyLeader, unit: county };
        house.ask(Actor::SYSTEM, account, grant).unwrap();
        let found = cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        assert_eq!(found.session.stage, SessionStage::Enrol);
        assert!(found.viewer().is_none());
    }
}

both_databases! {
    fn revoked_sessions_are_gone_after_a_bump(db: TestDb) {
        let house = House::new(db);
        let (account, token) = teacher(&house);
        let other = signed_in(&house, "teacher");
        let cache = SessionCache::new(SessionLimits::default());
        cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        let spared = other.digest();
        let ended = house.write(move |tx| revoke_sessions(tx, account, Some(&spared), START));
        assert_eq!(ended, 1);
        cache.bump();
        assert!(cache.load(&mut house.reader(), &token, START).unwrap().is_none());
        let found = cache.load(&mut house.reader(), &other, START).unwrap().unwrap();
        house.desk().sign_out(&found.session).unwrap();
        cache.forget(&found.session.digest);
        assert!(cache.load(&mut house.reader(), &other, START).unwrap().is_none());
    }
}

both_databases! {
    fn last_seen_is_written_once_a_minute_and_memory_is_bounded(db: TestDb) {
        let house = House::new(db);
        let (account, token) = teacher(&house);
        let cache = SessionCache::bounded(SessionLimits::default(), 4);
        cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        cache.cached(&token, START.plus_ms(59_999));
        assert!(cache.due().is_empty());
        let seen = START.plus_ms(60_000);
        cache.cached(&token, seen);
        let due = cache.due();
        assert_eq!(due, [(token.digest(), seen)]);
        assert!(cache.due().is_empty());
        house.write(move |tx| flush_last_seen(tx, &due));
        assert_eq!(session(&mut house.reader(), &token.digest()).unwrap().unwrap().last_seen, seen);
        for _ in 0..9 {
            let token = signed_in(&house, "teacher");
            cache.load(&mut house.reader(), &token, START).unwrap().unwrap();
        }
        assert!(cache.len() <= 4);
        let ids = house.ids.clone();
        house.write(move |tx| {
            for _ in 0..30 {
                let new = NewSession {
                    account,
                    kind: SessionKind::Ordinary,
                    stage: SessionStage::Full,
                    second_factor: false,
                    agent: "\u{7}浏览器".repeat(500),
                    address: String::new(),
                };
                open_session(tx, &ids, &new, START.plus_ms(1))?;
            }
            Ok(())
        });
        let open =
            sessions_of(&mut house.reader(), account, &SessionLimits::default(), house.clock.now()).unwrap();
        assert_eq!(open.len(), limits::SESSIONS_PER_ACCOUNT);
        assert_eq!(open[0].agent.chars().count(), limits::AGENT_CHARS);
    }
}

both_databases! {
    fn many_numbers_at_once_give_a_telephone_no_more_tries(db: TestDb) {
        let house = House::new(db);
        let account = house.account("guard", house.tree.junior, &[(Role::Guard, house.tree.junior)]);
        let bind = |pin: &str| {
            let hash = hash_password(&Password::new(pin), &house.ids).unwrap();
            let (vault, ids) = (house.vault.clone(), house.ids.clone());
            let bound = house.write(move |tx| {
                let link = issue_device_link(tx, &vault, &ids, account, account, START)?;
                bind_device(tx, (&vault, &ids), &link, &hash, ("phone", "10.0.0.7"), START)
            });
            let Binding::Bound(token, _) = bound else { panic!("{bound:?}") };
            token.digest()
        };
        let compare = |digest, pin: &str| {
            stored_device_pin(&mut house.reader(), &digest).unwrap().compare(&Password::new(pin))
        };
        let settle = |digest, compared| {
            house.write(move |tx| settle_device_pin(tx, account, (&digest, "10.0.0.7"), &compared, START))
        };
        let (one, other) = (bind("730518"), bind("846027"));
        // What fitted another hash does not fit this one.
        assert_eq!(settle(one, compare(other, "846027")), PinCheck::Wrong(4));
        assert_eq!(settle(one, compare(one, "730518")), PinCheck::Right);
        let at_once: Vec<ComparedPin> =
            ["1", "2", "3", "4", "5", "730518"].into_iter().map(|pin| compare(one, pin)).collect();
        let told: Vec<PinCheck> = at_once.into_iter().map(|compared| settle(one, compared)).collect();
        let wrong = [4, 3, 2, 1].map(PinCheck::Wrong);
        assert_eq!(told, [&wrong[..], &[PinCheck::Ended, PinCheck::Ended]].concat());
        assert!(session(&mut house.reader(), &one).unwrap().is_none());
        assert_eq!(settle(other, compare(other, "846027")), PinCheck::Right);
    }
}

both_databases! {
    fn tokens_look_like_tokens_and_show_themselves_nowhere(db: TestDb) {
        let house = House::new(db);
        let (_, token) = teacher(&house);
        assert_eq!(SessionToken::from_cookie(token.as_cookie()).as_ref(), Some(&token));
        assert!(SessionToken::from_cookie("../etc").is_none());
        assert!(SessionToken::from_cookie(&"G".repeat(64)).is_none());
        assert_eq!(format!("{token:?}"), "SessionToken(..)");
        let stored = house
            .reader()
            .count("SELECT count(*) FROM session WHERE agent LIKE ?1", &[token.as_cookie().into()])
            .unwrap();
        assert_eq!(stored, 0);
    }
}

#[test]
fn a_throttle_fills_again() {
    let throttle = Throttle::new(2, 1_000);
    assert!(throttle.allow("a", START) && throttle.allow("a", START) && !throttle.allow("a", START));
    assert!(throttle.allow("b", START));
    assert!(!throttle.allow("a", START.plus_ms(999)));
    assert!(throttle.allow("a", START.plus_ms(2_000)));
}
