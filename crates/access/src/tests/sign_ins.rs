use kernel::{Actor, ActorId, Clock, Timestamp};
use storage::params;
use test_support::both_databases;

use super::{
    GOOD, House,
    secrets::{current, enrolled, office, sign_in, typed},
};
use crate::{
    AccessLogHead, AccountCommand, Outcome, Role, SessionLimits, SignInEntry, SignInFilter, SignInResult,
    SuspendReason, flush_last_seen, record_passed_over, revoke_session, sign_in_log_head, sign_ins_counted,
    sign_ins_listed, sweep_sessions, sweep_sign_in_log, totp_code, verify_sign_in_log,
};

fn everywhere() -> (String, Vec<storage::Param<'static>>) {
    ("TRUE".to_owned(), Vec::new())
}

/// Oldest first.
fn rows(house: &House) -> Vec<SignInEntry> {
    let listed =
        sign_ins_listed(&mut house.reader(), &everywhere(), &SignInFilter::default(), 0, 10_000).unwrap();
    listed.into_iter().rev().map(|(_, row)| row).collect()
}

fn results(house: &House) -> Vec<&'static str> {
    rows(house).iter().map(|row| row.result.name()).collect()
}

fn teacher(house: &House) -> ActorId {
    let account = house.account("teacher", house.tree.junior, &[(Role::Head, house.tree.junior)]);
    house.set_password(account, GOOD, false);
    account
}

both_databases! {
    fn every_way_a_sign_in_can_go_leaves_a_row(db: TestDb) {
        let house = House::new(db);
        let (desk, account) = (house.desk(), teacher(&house));
        let tries = |password: &str| sign_in(&house, &desk, &typed("teacher", password, None));
        assert_eq!(tries("wrong"), Outcome::Wrong);
        let Outcome::Ok(token) = tries(GOOD) else { panic!("signed in") };
        let session = current(&house, &token);
        desk.sign_out(&session).unwrap();
        desk.sign_out(&session).unwrap();
        assert_eq!(results(&house), ["wrong_password", "signed_in", "signed_out"], "signing out twice is once");
        let told = rows(&house);
        assert!(told.iter().all(|row| row.account == Some(account) && row.unit == Some(house.tree.junior)));
        assert!(told.iter().all(|row| row.address == "10.0.0.1" && row.passed_over == 0));

        for _ in 0..5 {
            tries("wrong");
        }
        assert!(matches!(tries(GOOD), Outcome::Locked { .. }));
        assert_eq!(results(&house)[3..], [vec!["wrong_password"; 5], vec!["locked"]].concat());
        house.clock.advance_ms(Timestamp::HOUR_MS);
        let suspend = AccountCommand::Suspend { reason: SuspendReason::Left };
        house.ask(Actor::SYSTEM, account, suspend).unwrap();
        assert_eq!(tries(GOOD), Outcome::Wrong);
        assert_eq!(results(&house)[9..], ["suspended"]);
    }
}

both_databases! {
    fn a_login_that_nobody_has_is_told_without_what_was_typed(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        for _ in 0..7 {
            sign_in(&house, &desk, &typed("My-Secret-99", "x", None));
        }
        let told = rows(&house);
        assert_eq!(told.len(), 7, "tries while the name is locked too");
        assert!(told.iter().all(|row| row.result == SignInResult::UnknownLogin));
        assert!(told.iter().all(|row| (row.account, row.unit) == (None, None)));
        let everything = format!("{told:?}").to_lowercase();
        assert!(!everything.contains("secret") && everything.contains("10.0.0.1"));
        // It is at no unit, and still in the list of whoever reads this log.
        let mut tx = house.reader();
        let nowhere = ("unit_id = ?1".to_owned(), vec![storage::Param::from(house.tree.far)]);
        assert_eq!(sign_ins_counted(&mut tx, &nowhere, &SignInFilter::default(), 100).unwrap(), 7);
    }
}

both_databases! {
    fn the_second_factor_is_told_and_so_is_a_password_without_it(db: TestDb) {
        let house = House::new(db);
        let (desk, account) = (house.desk(), office(&house));
        let (secret, _, token) = enrolled(&house, &desk, "office");
        assert_eq!(results(&house), ["unfinished", "signed_in"]);
        house.clock.advance_ms(60_000);
        let Outcome::NeedsSecondFactor(half) = sign_in(&house, &desk, &typed("office", GOOD, None)) else {
            panic!("it has one")
        };
        let half = current(&house, &half);
        let from = crate::Origin { address: "10.9.9.9".to_owned(), device: None };
        assert_eq!(desk.second_factor(&half, "000000", &from).unwrap(), Outcome::Wrong);
        let code = totp_code(&secret, house.clock.now()).unwrap();
        let Outcome::Ok(second) = desk.second_factor(&half, &code, &from).unwrap() else { panic!("right") };
        assert_eq!(results(&house)[2..], ["unfinished", "wrong_code", "signed_in"]);
        assert_eq!(rows(&house)[4].address, "10.9.9.9", "from where the step came that finished it");
        // Somebody ends the other one.
        let (digest, now) = (token.digest(), house.clock.now());
        house.write(move |tx| revoke_session(tx, account, &digest, now));
        assert_eq!(results(&house)[5..], ["ended"]);
        assert!(crate::session(&mut house.reader(), &second.digest()).unwrap().is_some());
    }
}

both_databases! {
    fn whoever_is_away_too_long_is_told_and_whoever_works_is_not(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        teacher(&house);
        let Outcome::Ok(away) = sign_in(&house, &desk, &typed("teacher", GOOD, None)) else { panic!() };
        let Outcome::Ok(works) = sign_in(&house, &desk, &typed("teacher", GOOD, None)) else { panic!() };
        let start = house.clock.now();
        let now = start.plus_ms(40 * Timestamp::MINUTE_MS);
        // The table stays a little behind what the memory knows.
        let seen = [(works.digest(), start.plus_ms(8 * Timestamp::MINUTE_MS))];
        house.write(move |tx| flush_last_seen(tx, &seen));
        let sweep = |now| house.write(move |tx| sweep_sessions(tx, &SessionLimits::default(), now));
        sweep(now);
        sweep(now);
        assert_eq!(results(&house)[2..], ["timed_out"], "once");
        assert!(crate::session(&mut house.reader(), &away.digest()).unwrap().is_none());
        assert!(crate::session(&mut house.reader(), &works.digest()).unwrap().is_some());
        sweep(start.plus_ms(13 * Timestamp::HOUR_MS));
        assert_eq!(results(&house)[2..], ["timed_out", "timed_out"]);
    }
}

both_databases! {
    fn a_flood_of_tries_is_counted_and_not_written_out(db: TestDb) {
        let house = House::new(db);
        let desk = house.desk();
        teacher(&house);
        // Another name each time, slowly enough for every bucket but that of the log.
        for n in 0..200 {
            sign_in(&house, &desk, &typed(&format!("nobody{n}"), "x", None));
            house.clock.advance_ms(Timestamp::SECOND_MS);
        }
        let written = rows(&house).len();
        assert!((60..=85).contains(&written), "{written}");
        house.clock.advance_ms(Timestamp::MINUTE_MS);
        sign_in(&house, &desk, &typed("nobody", "x", None));
        let told: i64 = rows(&house).iter().map(|row| 1 + row.passed_over).sum();
        assert_eq!(told, 201, "none is lost");
        // Those of accounts that exist have room of their own, and what no row tells of is told once a minute.
        for n in 0..20 {
            sign_in(&house, &desk, &typed(&format!("nobody{n}"), "x", None));
        }
        let before = rows(&house).len();
        sign_in(&house, &desk, &typed("teacher", "wrong", None));
        let row = rows(&house).last().unwrap().clone();
        assert_eq!((rows(&house).len(), row.result), (before + 1, SignInResult::WrongPassword));
        sign_in(&house, &desk, &typed("nobody", "x", None));
        let (left, now) = (desk.take_passed_over(), house.clock.now());
        house.write(move |tx| record_passed_over(tx, left, now));
        house.write(move |tx| record_passed_over(tx, 0, now));
        assert_eq!(rows(&house).last().map(|row| (row.result, row.passed_over > 0)), Some((SignInResult::PassedOver, true)));
        let told: i64 = rows(&house).iter().map(|row| row.passed_over).sum();
        let own = rows(&house).iter().filter(|row| row.result != SignInResult::PassedOver).count();
        assert_eq!((told + i64::try_from(own).unwrap(), desk.take_passed_over()), (223, 0), "none is lost");
        // Who signs in is always told, however full the room for failures is.
        let Outcome::Ok(_) = sign_in(&house, &desk, &typed("teacher", GOOD, None)) else { panic!() };
        assert_eq!(rows(&house).last().unwrap().result, SignInResult::SignedIn);
    }
}

both_databases! {
    fn what_was_done_to_the_log_shows_and_old_rows_go(db: TestDb) {
        let house = House::new(db);
        let (desk, account) = (house.desk(), teacher(&house));
        let start = house.clock.now();
        for day in [0, 1, 800, 801, 802] {
            let at = start.plus_ms(day * Timestamp::DAY_MS);
            house.clock.advance_ms(at.since_ms(house.clock.now()));
            sign_in(&house, &desk, &typed("teacher", GOOD, None));
        }
        let now = house.clock.now();
        let verify = |known| verify_sign_in_log(&mut house.reader(), known, now).unwrap();
        let head = sign_in_log_head(&mut house.reader()).unwrap();
        assert_eq!((head.number, verify(None).head, verify(Some(head)).is_sound()), (5, head, true));
        let filter = SignInFilter {
            account: Some(account),
            result: Some(SignInResult::SignedIn),
            from: Some(start.plus_ms(Timestamp::DAY_MS)),
            to: Some(start.plus_ms(801 * Timestamp::DAY_MS)),
        };
        assert_eq!(sign_ins_counted(&mut house.reader(), &everywhere(), &filter, 10).unwrap(), 3);
        assert_eq!(sign_ins_listed(&mut house.reader(), &everywhere(), &filter, 0, 2).unwrap()[0].0, 4);

        // The newest of the old ones stays: the chain goes on from it.
        assert_eq!(house.write(move |tx| sweep_sign_in_log(tx, now)), 1);
        assert_eq!(house.write(move |tx| sweep_sign_in_log(tx, now)), 0);
        assert!(verify(Some(head)).is_sound() && verify(None).head.number == 5);

        // A beginning that is cut off although it is young shows; so does what was altered.
        house.write(|tx| tx.write("DELETE FROM sign_in_log WHERE number <= 2", params![]));
        assert_eq!(verify(None).broken_at, Some(3));
        house.write(|tx| tx.write("DELETE FROM sign_in_log", params![]));
        assert_eq!(verify(None).head, AccessLogHead::START);
        sign_in(&house, &desk, &typed("teacher", GOOD, None));
        sign_in(&house, &desk, &typed("teacher", "wrong", None));
        assert!(verify(None).is_sound());
        house.write(|tx| tx.write("UPDATE sign_in_log SET result = 'nothing' WHERE number = 2", params![]));
        assert_eq!(verify(None).broken_at, Some(2));
        house.write(|tx| tx.write("UPDATE sign_in_log SET address = '' WHERE number = 1", params![]));
        assert_eq!(verify(None).broken_at, Some(1));
    }
}
