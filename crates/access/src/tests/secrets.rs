use kernel::{ActorId, Clock, Timestamp};

use test_support::both_databases;

use super::{GOOD, House, START};
use crate::{
    Origin, Outcome, Password, Role, SessionStage, SessionToken, SignIn, SignInDesk, check_password,
    clear_second_factor, issue_printed_code, secret_status, session, sessions_of, sweep_enrolments,
    totp_code, verify_password,
};

fn here() -> Origin {
    Origin { address: "10.0.0.1".to_owned(), device: None }
}

pub(super) fn typed(login: &str, password: &str, totp: Option<&str>) -> SignIn {
    SignIn {
        login: login.to_owned(),
        password: Password::new(password),
        totp: totp.map(str::to_owned),
        from: here(),
        agent: "test".to_owned(),
    }
}

pub(super) fn sign_in(house: &House, desk: &SignInDesk, request: &SignIn) -> Outcome {
    desk.sign_in(&mut house.reader(), request).unwrap()
}

fn change_password(
    house: &House,
    desk: &SignInDesk,
    session: &crate::Session,
    old: Option<&Password>,
    new: &Password,
) -> Result<Outcome, kernel::Problem> {
    let change = desk.look_up_change(&mut house.reader(), session)?;
    desk.change_password(change, old, new)
}

pub(super) fn current(house: &House, token: &SessionToken) -> crate::Session {
    session(&mut house.reader(), &token.digest()).unwrap().unwrap()
}

/// Signs in, enrols, and comes out with the secret, the recovery codes and the finished session.
pub(super) fn enrolled(house: &House, desk: &SignInDesk, login: &str) -> (String, Vec<String>, SessionToken) {
    let Outcome::NeedsEnrolment(token) = sign_in(house, desk, &typed(login, GOOD, None)) else {
        panic!("a role with a second factor must enrol first")
    };
    let session = current(house, &token);
    assert_eq!(session.stage, SessionStage::Enrol);
    let enrolment = desk.begin_enrolment(&session, login).unwrap();
    assert!(enrolment.url.starts_with("otpauth://totp/%E6%A0%A1%E5%AE%89:office?secret="));
    assert!(desk.confirm_enrolment(&session, "000000").is_err());
    let code = totp_code(&enrolment.secret, house.clock.now()).unwrap();
    let (outcome, codes) = desk.confirm_enrolment(&session, &code).unwrap();
    let Outcome::Ok(token) = outcome else { panic!("{outcome:?}") };
    (enrolment.secret, codes, token)
}

pub(super) fn office(house: &House) -> ActorId {
    let county = house.tree.county;
    let account = house.account("office", county, &[(Role::CountySafetyOffice, county)]);
    house.set_password(account, GOOD, false);
    account
}

both_databases! {
    fn another_telephone_takes_the_place_of_the_bound_one(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        office(&house);
        let (secret, codes, token) = enrolled(&house, &desk, "office");
        let session = current(&house, &token);
        let new = desk.begin_enrolment(&session, "office").unwrap();
        assert_ne!(new.secret, secret);
        house.clock.advance_ms(60_000);
        let code = |secret: &str| totp_code(secret, house.clock.now()).unwrap();
        // Neither alone: a right first code without the old one, the old one with a wrong first code.
        let (outcome, none) = desk.replace_second_factor(&session, "000000", &code(&new.secret)).unwrap();
        assert!(matches!(outcome, Outcome::Wrong) && none.is_empty());
        assert!(desk.replace_second_factor(&session, &code(&secret), "000000").is_err());
        let (outcome, fresh) = desk.replace_second_factor(&session, &codes[0], &code(&new.secret)).unwrap();
        let Outcome::Ok(token) = outcome else { panic!("{outcome:?}") };
        assert!(fresh.len() == codes.len() && !fresh.contains(&codes[1]));
        assert!(current(&house, &token).second_factor);
        house.clock.advance_ms(60_000);
        let with = |totp: &str| sign_in(&house, &desk, &typed("office", GOOD, Some(totp)));
        assert!(!matches!(with(&code(&secret)), Outcome::Ok(_)), "the old telephone is worth nothing");
        assert!(!matches!(with(&codes[1]), Outcome::Ok(_)), "nor the old recovery codes");
        assert!(matches!(with(&code(&new.secret)), Outcome::Ok(_)));
    }
}

both_databases! {
    fn whoever_finds_a_screen_left_open_may_not_guess_for_long(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        office(&house);
        let (_, _, token) = enrolled(&house, &desk, "office");
        let session = current(&house, &token);
        let new = desk.begin_enrolment(&session, "office").unwrap();
        house.clock.advance_ms(60_000);
        let code = totp_code(&new.secret, house.clock.now()).unwrap();
        let tries = (0..20).map(|_| desk.replace_second_factor(&session, "000000", &code).unwrap().0);
        assert!(tries.into_iter().any(|outcome| matches!(outcome, Outcome::Locked { .. })));
    }
}

#[test]
fn passwords_follow_the_rules() {
    let check = |text: &str| match check_password("zhang.san", &Password::new(text)) {
        Ok(()) => "ok",
        Err(refusal) => refusal.code,
    };
    let over = "Ab1-".repeat(65);
    let cases = [
        ("Ab1-xyz", "password-too-short"),
        (over.as_str(), "password-too-long"),
        ("lantern73river", "password-too-few-kinds"),
        ("Zhang.San-73x", "password-contains-login"),
        ("Xx7-nas.gnahz", "password-contains-login"),
        ("Password123!", "password-common"),
        ("P@ssw0rd2024!", "password-common"),
        ("Luoping@2019", "password-common"),
        ("Admin#2026", "password-common"),
        ("Lfx@19870512", "password-common"),
        ("1qaz@WSX", "password-common"),
        ("Aa1Aa1Aa1Aa1", "password-common"),
        (GOOD, "ok"),
        ("春眠不觉晓Ab73", "ok"),
        ("tR7$kkmq", "ok"),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text), expected, "{text}");
    }
    let hash = crate::hash_password(&Password::new(GOOD), &kernel::IdSource::seeded(1)).unwrap();
    assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(verify_password(Some(hash.as_str()), &Password::new(GOOD)));
    assert!(!verify_password(Some(hash.as_str()), &Password::new("Lantern-73-rivers")));
    assert!(!verify_password(None, &Password::new("nobody")));
    assert!(!format!("{hash:?} {:?}", Password::new(GOOD)).contains("antern"));
}

both_databases! {
    fn five_failures_lock_for_half_an_hour_whoever_it_is(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let teacher = house.account("teacher", house.tree.junior, &[(Role::Teacher, house.tree.junior)]);
        house.set_password(teacher, GOOD, false);
        let until = START.plus_ms(30 * Timestamp::MINUTE_MS);
        for (login, newly) in [("teacher", Some(teacher)), ("nobody", None)] {
            for _ in 0..4 {
                assert_eq!(sign_in(&house, &desk, &typed(login, "wrong", None)), Outcome::Wrong);
            }
            assert_eq!(sign_in(&house, &desk, &typed(login, "wrong", None)), Outcome::Locked { until, newly });
            let locked = Outcome::Locked { until, newly: None };
            assert_eq!(sign_in(&house, &desk, &typed(login, GOOD, None)), locked);
        }
        house.clock.set(until);
        assert!(matches!(sign_in(&house, &desk, &typed("Teacher", GOOD, None)), Outcome::Ok(_)));
        assert_eq!(sign_in(&house, &desk, &typed("nobody", GOOD, None)), Outcome::Wrong);
        // Success starts the count afresh.
        for _ in 0..4 {
            assert_eq!(sign_in(&house, &desk, &typed("teacher", "wrong", None)), Outcome::Wrong);
        }
    }
}

both_databases! {
    fn strangers_lock_themselves_out_and_not_whoever_signed_in_before(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let teacher = house.account("teacher", house.tree.junior, &[(Role::Teacher, house.tree.junior)]);
        house.set_password(teacher, GOOD, false);
        let from = |address: &str, device: Option<&str>, password: &str| {
            let origin = Origin { address: address.to_owned(), device: device.map(str::to_owned) };
            sign_in(&house, &desk, &SignIn { from: origin, ..typed("teacher", password, None) })
        };
        let Outcome::Ok(token) = from("10.0.0.1", None, GOOD) else { panic!("signs in") };
        let old = desk.know_device(&token, None).unwrap().unwrap();
        let known = desk.know_device(&token, Some(&old)).unwrap().unwrap();
        // One address locks itself out and no other, its whole network of version 6 with it.
        for _ in 0..5 {
            from("2001:db8:0:1::1", None, "wrong");
        }
        assert!(matches!(from("2001:db8:0:1::2", None, GOOD), Outcome::Locked { .. }));
        assert!(matches!(from("10.0.0.1", None, GOOD), Outcome::Ok(_)));
        // Many together lock out every stranger, but not the browser that signed in before, not even from the worst
        // address.
        for n in 0..13 {
            for _ in 0..4 {
                from(&format!("10.1.0.{n}"), None, "wrong");
            }
        }
        assert!(matches!(from("10.0.0.1", None, GOOD), Outcome::Locked { .. }));
        assert!(matches!(from("10.0.0.1", Some(&old), GOOD), Outcome::Locked { .. }), "given up for a new one");
        assert!(matches!(from("2001:db8:0:1::1", Some(&known), GOOD), Outcome::Ok(_)));
        assert!(matches!(from("10.0.0.1", None, GOOD), Outcome::Locked { .. }), "it lifts nobody else's lock");
        let status = |house: &House| secret_status(&mut house.reader(), teacher, house.clock.now()).unwrap();
        assert!(status(&house).locked_until.is_some());
        // Whoever guesses there is locked out as everywhere.
        for _ in 0..5 {
            from("10.0.0.1", Some(&known), "wrong");
        }
        house.clock.advance_ms(Timestamp::MINUTE_MS);
        assert!(matches!(from("10.0.0.1", Some(&known), GOOD), Outcome::Locked { .. }));
        house.write(move |tx| crate::unlock(tx, teacher));
        assert_eq!(status(&house).locked_until, None);
        assert!(matches!(from("10.0.0.1", None, GOOD), Outcome::Ok(_)));
        // After a reset no browser is known.
        let (vault, ids, now) = (house.vault.clone(), house.ids.clone(), house.clock.now());
        house.write(move |tx| issue_printed_code(tx, &vault, &ids, teacher, now));
        let left = house.reader().count("SELECT count(*) FROM known_device", &[]).unwrap();
        assert_eq!(left, 0);
    }
}

both_databases! {
    fn signing_in_oneself_gives_no_more_tries_at_a_colleagues_account(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        for login in ["teacher", "colleague"] {
            let account = house.account(login, house.tree.junior, &[(Role::Teacher, house.tree.junior)]);
            house.set_password(account, GOOD, false);
        }
        let mut cookie = None;
        let mut at_the_office = |login: &str, password: &str| {
            let origin = Origin { address: "10.0.0.1".to_owned(), device: cookie.clone() };
            let outcome = sign_in(&house, &desk, &SignIn { from: origin, ..typed(login, password, None) });
            if let Outcome::Ok(token) = &outcome {
                cookie = Some(desk.know_device(token, cookie.as_deref()).unwrap().unwrap());
            }
            outcome
        };
        assert!(matches!(at_the_office("teacher", GOOD), Outcome::Ok(_)));
        assert!(matches!(at_the_office("colleague", GOOD), Outcome::Ok(_)));
        for _ in 0..4 {
            assert_eq!(at_the_office("teacher", "wrong"), Outcome::Wrong);
        }
        assert!(matches!(at_the_office("colleague", GOOD), Outcome::Ok(_)), "a new cookie");
        assert!(matches!(at_the_office("teacher", "wrong"), Outcome::Locked { .. }), "the fifth is the fifth");
    }
}

both_databases! {
    fn whoever_knows_the_password_gets_five_tries_at_the_code_from_everywhere_together(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        office(&house);
        enrolled(&house, &desk, "office");
        let mut last = Outcome::Wrong;
        for n in 0..5 {
            let from = Origin { address: format!("10.1.0.{n}"), device: None };
            last = sign_in(&house, &desk, &SignIn { from, ..typed("office", GOOD, Some("000000")) });
        }
        assert!(matches!(last, Outcome::Locked { .. }), "{last:?}");
    }
}

both_databases! {
    fn a_flood_of_tries_is_not_even_checked(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let answers: Vec<Outcome> =
            (0..12).map(|_| sign_in(&house, &desk, &typed("nobody", "wrong", None))).collect();
        assert_eq!(answers.last(), Some(&Outcome::TooOften));
        assert_eq!(answers.iter().filter(|a| **a == Outcome::TooOften).count(), 2);
    }
}

both_databases! {
    fn a_code_of_the_second_factor_works_once(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let account = office(&house);
        let (secret, codes, token) = enrolled(&house, &desk, "office");
        assert_eq!(codes.len(), 10);
        assert!(current(&house, &token).second_factor);
        // Another one only with a code of this one.
        let bound = current(&house, &token);
        let other = desk.begin_enrolment(&bound, "office").unwrap();
        let code = totp_code(&other.secret, house.clock.now()).unwrap();
        assert!(desk.confirm_enrolment(&bound, &code).is_err());
        // The code of the enrolment is used up, and so is every earlier one.
        let used = totp_code(&secret, house.clock.now()).unwrap();
        assert_eq!(sign_in(&house, &desk, &typed("office", GOOD, Some(&used))), Outcome::Wrong);
        house.clock.advance_ms(30_000);
        let fresh = totp_code(&secret, house.clock.now()).unwrap();
        assert!(matches!(sign_in(&house, &desk, &typed("office", GOOD, Some(&fresh))), Outcome::Ok(_)));
        assert_eq!(sign_in(&house, &desk, &typed("office", GOOD, Some(&fresh))), Outcome::Wrong);
        // On a page of its own.
        let Outcome::NeedsSecondFactor(waiting) = sign_in(&house, &desk, &typed("office", GOOD, None)) else {
            panic!("the code was not asked for")
        };
        let waiting = current(&house, &waiting);
        assert_eq!(desk.second_factor(&waiting, &fresh, &here()).unwrap(), Outcome::Wrong);
        let new = Password::new("Another-84-brook");
        assert!(change_password(&house, &desk, &waiting, None, &new).is_err());
        // One step early is fine; two are not.
        let early = totp_code(&secret, house.clock.now().plus_ms(60_000)).unwrap();
        assert_eq!(desk.second_factor(&waiting, &early, &here()).unwrap(), Outcome::Wrong);
        let next = totp_code(&secret, house.clock.now().plus_ms(30_000)).unwrap();
        assert!(matches!(desk.second_factor(&waiting, &next, &here()).unwrap(), Outcome::Ok(_)));
        assert!(session(&mut house.reader(), &waiting.digest).unwrap().is_none());
        assert!(secret_status(&mut house.reader(), account, house.clock.now()).unwrap().second_factor);
    }
}

both_databases! {
    fn a_mistyped_first_code_does_not_ask_for_another_scan(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        office(&house);
        let enrolling = || {
            let outcome = sign_in(&house, &desk, &typed("office", GOOD, None));
            let Outcome::NeedsEnrolment(token) = outcome else { panic!("{outcome:?}") };
            current(&house, &token)
        };
        let (here, elsewhere) = (enrolling(), enrolling());
        let shown = desk.begin_enrolment(&here, "office").unwrap();
        assert!(desk.confirm_enrolment(&here, "000000").is_err());
        assert_eq!(desk.begin_enrolment(&here, "office").unwrap(), shown);
        // Another session sets up another one, and neither confirms the other's.
        let other = desk.begin_enrolment(&elsewhere, "office").unwrap();
        assert_ne!(other, shown);
        assert_eq!(desk.begin_enrolment(&here, "office").unwrap(), shown);
        let code = totp_code(&shown.secret, house.clock.now()).unwrap();
        assert!(desk.confirm_enrolment(&elsewhere, &code).is_err());
        // Left lying too long it lapses.
        house.clock.advance_ms(crate::limits::ENROLMENT_MS);
        let code = totp_code(&shown.secret, house.clock.now()).unwrap();
        assert!(desk.confirm_enrolment(&here, &code).is_err());
        let again = desk.begin_enrolment(&here, "office").unwrap();
        assert_ne!(again, shown);
        let now = house.clock.now();
        assert_eq!(house.write(move |tx| sweep_enrolments(tx, now)), 1);
        let code = totp_code(&again.secret, now).unwrap();
        assert!(desk.confirm_enrolment(&here, &code).is_ok());
        let other = totp_code(&other.secret, now).unwrap();
        assert!(desk.confirm_enrolment(&elsewhere, &other).is_err());
    }
}

both_databases! {
    fn a_recovery_code_works_once_and_guessing_locks(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let account = office(&house);
        let (_, codes, _) = enrolled(&house, &desk, "office");
        let code = codes[3].to_lowercase();
        assert_eq!(code.len(), 11);
        assert!(matches!(sign_in(&house, &desk, &typed("office", GOOD, Some(&code))), Outcome::Ok(_)));
        assert_eq!(sign_in(&house, &desk, &typed("office", GOOD, Some(&code))), Outcome::Wrong);
        let left = secret_status(&mut house.reader(), account, house.clock.now()).unwrap().recovery_codes;
        assert_eq!(left, 9);
        let Outcome::NeedsSecondFactor(waiting) = sign_in(&house, &desk, &typed("office", GOOD, None)) else {
            panic!("the code was not asked for")
        };
        let waiting = current(&house, &waiting);
        for _ in 0..3 {
            assert_eq!(desk.second_factor(&waiting, "123456", &here()).unwrap(), Outcome::Wrong);
        }
        assert!(matches!(desk.second_factor(&waiting, "123456", &here()).unwrap(), Outcome::Locked { .. }));
        assert!(matches!(desk.second_factor(&waiting, &codes[5], &here()).unwrap(), Outcome::Locked { .. }));
        let now = house.clock.now();
        house.write(move |tx| clear_second_factor(tx, account, now));
        let limits = crate::SessionLimits::default();
        assert!(sessions_of(&mut house.reader(), account, &limits, now).unwrap().is_empty());
    }
}

both_databases! {
    fn a_printed_code_opens_only_the_page_for_a_password(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let teacher = house.account("teacher", house.tree.junior, &[(Role::Teacher, house.tree.junior)]);
        house.set_password(teacher, GOOD, false);
        let (vault, ids, now) = (house.vault.clone(), house.ids.clone(), house.clock.now());
        let code = house.write(move |tx| issue_printed_code(tx, &vault, &ids, teacher, now));
        assert_eq!(sign_in(&house, &desk, &typed("teacher", GOOD, None)), Outcome::Wrong);
        let Outcome::MustChangePassword(token) = sign_in(&house, &desk, &typed("teacher", &code, None)) else {
            panic!("a printed code opens the page for a password")
        };
        let first = current(&house, &token);
        assert!(desk.begin_enrolment(&first, "teacher").is_err());
        let change = |session: &crate::Session, old: Option<&str>, new: &str| {
            let old = old.map(Password::new);
            change_password(&house, &desk, session, old.as_ref(), &Password::new(new))
        };
        assert_eq!(change(&first, None, "short").unwrap_err().code(), "password-too-short");
        // Whoever has the slip would have the account for good.
        for kept in [code.clone(), code.replace('-', " "), format!("{code} ")] {
            assert_eq!(change(&first, None, &kept).unwrap_err().code(), "password-is-slip", "{kept}");
        }
        let Outcome::Ok(token) = change(&first, None, GOOD).unwrap() else { panic!("signed in by now") };
        assert_eq!(sign_in(&house, &desk, &typed("teacher", &code, None)), Outcome::Wrong);
        // Changing it later needs the old one, and a new one.
        let full = current(&house, &token);
        assert_eq!(change(&full, None, "Another-84-brook").unwrap(), Outcome::Wrong);
        assert_eq!(change(&full, Some("nonsense"), "Another-84-brook").unwrap(), Outcome::Wrong);
        assert_eq!(change(&full, Some(GOOD), GOOD).unwrap_err().code(), "password-unchanged");
        assert!(matches!(change(&full, Some(GOOD), "Another-84-brook").unwrap(), Outcome::Ok(_)));
        assert!(session(&mut house.reader(), &full.digest).unwrap().is_none());
        // The session that changed it is gone, so it cannot change it again.
        assert_eq!(change(&full, Some("Another-84-brook"), "Third-95-meadow").unwrap(), Outcome::Wrong);
        assert!(matches!(sign_in(&house, &desk, &typed("teacher", "Another-84-brook", None)), Outcome::Ok(_)));
    }
}

both_databases! {
    fn a_password_set_for_somebody_must_be_changed(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        let account = office(&house);
        house.set_password(account, GOOD, true);
        let outcome = sign_in(&house, &desk, &typed("office", GOOD, None));
        let Outcome::MustChangePassword(token) = outcome else { panic!("{outcome:?}") };
        let new = Password::new("Another-84-brook");
        let session = current(&house, &token);
        let outcome = change_password(&house, &desk, &session, None, &new).unwrap();
        // And then the second factor.
        assert!(matches!(outcome, Outcome::NeedsEnrolment(_)));
    }
}
